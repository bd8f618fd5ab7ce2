//! Finds earlier occurrences: tables of the last place of each hash, and for each place the one before it.

/// Matches reach back less than this.
pub(super) const WINDOW: usize = 1 << 15;
const HASH: u32 = 15;
const HASH3: u32 = 15;
/// How far back a match of three bytes pays.
const NEAR: usize = 1 << 14;

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Match {
    pub(super) length: usize,
    pub(super) distance: usize,
}

pub(super) struct Chains {
    /// Where the first byte of all is, or what is left of those before.
    low: usize,
    /// The bytes of a word that are hashed, four at least.
    mask: u64,
    /// Whether matches of three bytes are looked for too.
    three: bool,
    heads: Box<[u32; 1 << HASH]>,
    heads3: Box<[u32; 1 << HASH3]>,
    before: Box<[u32; WINDOW]>,
}

fn zeros<const N: usize>() -> Box<[u32; N]> {
    vec![0; N].try_into().expect("as many as were made")
}

#[inline(always)]
pub(super) fn load4(data: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(*data[at..at + 4].first_chunk().expect("four bytes"))
}

#[inline(always)]
pub(super) fn load8(data: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(*data[at..at + 8].first_chunk().expect("eight bytes"))
}

/// How many bytes at `a` and `b` are the same, up to `most`. `b` is the later one.
#[inline(always)]
pub(super) fn common(data: &[u8], a: usize, b: usize, most: usize) -> usize {
    let mut same = 0;
    while same + 8 <= most {
        let difference = load8(data, a + same) ^ load8(data, b + same);
        if difference != 0 {
            return same + (difference.trailing_zeros() / 8) as usize;
        }
        same += 8;
    }
    while same < most && data[a + same] == data[b + same] {
        same += 1;
    }
    same
}

impl Chains {
    pub(super) fn new() -> Self {
        Chains {
            low: WINDOW,
            mask: !0,
            three: true,
            heads: zeros(),
            heads3: zeros(),
            before: zeros(),
        }
    }

    /// Bytes that it takes.
    pub(super) const SIZE: usize = 4 * ((1 << HASH) + (1 << HASH3) + WINDOW);

    /// Whether there is a byte so far before a place, within reach.
    #[inline(always)]
    pub(super) fn reaches(&self, at: usize, distance: usize) -> bool {
        distance < WINDOW && at >= self.low + distance
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.low = WINDOW;
        self.heads.fill(0);
        self.heads3.fill(0);
    }

    /// Sets how many bytes, 3 to 8, are the same at least: the more, the fewer places are looked at in vain.
    pub(super) fn hash(&mut self, bytes: usize) {
        self.three = bytes < 4;
        self.mask = !0 >> (64 - 8 * bytes.clamp(4, 8));
    }

    /// Remembers a place, and returns the last one that may be like it.
    #[inline(always)]
    fn insert(&mut self, word: u64, at: usize) -> usize {
        let hash = (word & self.mask).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - HASH);
        let head = &mut self.heads[hash as usize];
        let last = std::mem::replace(head, at as u32);
        self.before[at % WINDOW] = last;
        last as usize
    }

    #[inline(always)]
    fn insert3(&mut self, word: u32, at: usize) -> usize {
        let head = &mut self.heads3[((word << 8).wrapping_mul(0x9e37_79b1) >> (32 - HASH3)) as usize];
        std::mem::replace(head, at as u32) as usize
    }

    /// Remembers the place `at`, and finds the longest match longer than `than` that starts there, of at most `most`
    /// bytes; looks at no more than `depth` places, and no further after `nice` bytes.
    #[inline(always)]
    pub(super) fn longest(
        &mut self,
        data: &[u8],
        at: usize,
        most: usize,
        than: Match,
        depth: u32,
        nice: usize,
    ) -> Match {
        let word = load8(data, at);
        let mut candidate = self.insert(word, at);
        let word = word as u32;
        let near = if self.three { self.insert3(word, at) } else { 0 };
        let mut best = than;
        if most < 4 || best.length >= most {
            return best;
        }
        if best.length < 3 && at - near < NEAR && (load4(data, near) ^ word) << 8 == 0 {
            best = Match {
                length: 3,
                distance: at - near,
            };
        }
        // The last bytes of a longer match, which are compared first.
        let mut reach = best.length.max(3) - 3;
        let mut tail = load4(data, at + reach);
        for _ in 0..depth {
            if at - candidate >= WINDOW {
                break;
            }
            if load4(data, candidate + reach) == tail && load4(data, candidate) == word {
                let length = common(data, candidate, at, most);
                if length > best.length {
                    best = Match {
                        length,
                        distance: at - candidate,
                    };
                    if length >= nice || length >= most {
                        break;
                    }
                    reach = length - 3;
                    tail = load4(data, at + reach);
                }
            }
            candidate = self.before[candidate % WINDOW] as usize;
        }
        best
    }

    /// Remembers the place `at`, and collects matches that start there, each longer and further away than the one
    /// before it.
    #[inline(always)]
    pub(super) fn all(
        &mut self,
        data: &[u8],
        at: usize,
        most: usize,
        hints: [usize; 2],
        (depth, nice): (u32, usize),
        found: &mut Vec<(u16, u16)>,
    ) {
        let word = load8(data, at);
        let mut candidate = self.insert(word, at);
        let word = word as u32;
        let near = if self.three { self.insert3(word, at) } else { 0 };
        if most < 4 {
            return;
        }
        let mut longest = 3;
        if at - near < NEAR && (load4(data, near) ^ word) << 8 == 0 {
            found.push((3, (at - near) as u16));
        }
        for distance in hints {
            if self.reaches(at, distance) && load4(data, at - distance) == word {
                let length = common(data, at - distance, at, most);
                if length > longest {
                    found.push((length as u16, distance as u16));
                    longest = length;
                }
            }
        }
        if longest >= nice || longest >= most {
            return;
        }
        for _ in 0..depth {
            if at - candidate >= WINDOW {
                break;
            }
            let tail = longest - 3;
            if load4(data, candidate + tail) == load4(data, at + tail) && load4(data, candidate) == word {
                let length = common(data, candidate, at, most);
                if length > longest {
                    found.push((length as u16, (at - candidate) as u16));
                    longest = length;
                    if length >= nice || length >= most {
                        break;
                    }
                }
            }
            candidate = self.before[candidate % WINDOW] as usize;
        }
    }

    /// Remembers places.
    #[inline(always)]
    pub(super) fn pass(&mut self, data: &[u8], from: usize, to: usize) {
        if from >= to {
            return;
        }
        for (at, bytes) in (from..).zip(data[from..to + 7].windows(8)) {
            let word = load8(bytes, 0);
            self.insert(word, at);
            if self.three {
                self.insert3(word as u32, at);
            }
        }
    }

    /// Everything moves down by `by`; what would be before the start is forgotten.
    pub(super) fn shift(&mut self, by: usize) {
        self.low = self.low.saturating_sub(by);
        let down = |place: &mut u32| *place = place.saturating_sub(by as u32);
        self.heads.iter_mut().for_each(down);
        self.heads3.iter_mut().for_each(down);
        self.before.iter_mut().for_each(down);
    }
}

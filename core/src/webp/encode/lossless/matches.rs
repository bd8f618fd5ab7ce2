//! Earlier occurrences of pixels: for each place the best one, by chains of places that are alike.

use crate::budget::{Budget, Buffer};
use crate::error::Result;
use crate::webp::near::NEAR;

/// The longest copy; one more would be possible, but takes a bit more.
pub(super) const LONGEST: usize = 4095;
/// How far back copies reach, with what the codes of near ones take away.
const FARTHEST: usize = (1 << 20) - 120;

/// Pixels of a long hash.
const FAR: usize = 16;
const TURN: u64 = 0x9e37_79b9_7f4a_7c15;
/// What the first of those pixels is multiplied by.
const FIRST: u64 = TURN.wrapping_pow(FAR as u32 - 1);

/// How thoroughly places are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// Places per pixel.
    pub(super) depth: u32,
    /// A copy so long is good enough.
    pub(super) nice: usize,
    /// Places within a copy so long are not looked at.
    pub(super) good: usize,
}

/// A copy of earlier pixels: how many, and from how far before. Packed, since there is one for each pixel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Match(pub(super) u32);

impl Match {
    #[inline(always)]
    pub(super) fn new(length: usize, distance: usize) -> Self {
        Match((length as u32) << 20 | distance as u32)
    }

    #[inline(always)]
    pub(super) fn length(self) -> usize {
        (self.0 >> 20) as usize
    }

    #[inline(always)]
    pub(super) fn distance(self) -> usize {
        (self.0 & 0xf_ffff) as usize
    }
}

/// Codes of distances.
#[derive(Debug)]
pub(super) struct Distances {
    width: usize,
    /// For each row above, for each pixel from eight to the right to eight to the left.
    near: [[u8; 17]; 9],
}

impl Distances {
    pub(super) fn new(width: usize) -> Self {
        let mut near = [[0; 17]; 9];
        for (code, &(left, up)) in (1..).zip(&NEAR) {
            near[usize::from(up)][(i16::from(left) + 8) as usize] = code;
        }
        Distances { width, near }
    }

    /// RFC 9649, 3.6.2: the code of a distance in pixels.
    #[inline(always)]
    pub(super) fn code(&self, distance: usize) -> u32 {
        let far = distance as u32 + NEAR.len() as u32;
        if distance > 8 * self.width + 8 {
            return far;
        }
        let (up, left) = (distance / self.width, distance % self.width);
        let code = if left <= 8 && up < 8 {
            self.near[up][left + 8]
        } else if left + 8 >= self.width && up < 7 {
            self.near[up + 1][left + 8 - self.width]
        } else {
            0
        };
        if code > 0 { code.into() } else { far }
    }
}

/// Finds the best match of each place, one after the other.
pub(super) struct Finder<'a> {
    pixels: &'a [u32],
    width: usize,
    search: Search,
    /// The last place of each hash, and for each place the one before it; places count from 1.
    heads: Buffer<u32>,
    before: Buffer<u32>,
    shift: u32,
    /// The last place of each hash of more pixels, and the hash of those from the next place on.
    far: Buffer<u32>,
    rolling: u64,
    /// Bits that a pixel takes without a copy, in quarters.
    literal: i32,
    /// What comes next, and the match that the last place had.
    next: usize,
    last: Match,
    /// Where the run of pixels alike ends that the last place was in.
    run_end: usize,
    /// Where the pixels end that are as those above.
    above_end: usize,
    /// Pixels that are the same at least: the more, the fewer places are looked at in vain.
    hashed: usize,
}

/// How many pixels at `a` and `b` are the same, up to `most`.
#[inline(always)]
pub(super) fn common(pixels: &[u32], a: usize, b: usize, most: usize) -> usize {
    let (a, b) = (&pixels[a..a + most], &pixels[b..b + most]);
    let mut same = 0;
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        if a != b {
            break;
        }
        same += 8;
    }
    while same < most && a[same] == b[same] {
        same += 1;
    }
    same
}

impl<'a> Finder<'a> {
    pub(super) fn new(
        pixels: &'a [u32],
        width: usize,
        search: Search,
        literal_bits: f32,
        budget: &Budget,
    ) -> Result<Self> {
        let window = pixels.len().clamp(2, 1 << 20).next_power_of_two();
        let bits = window.ilog2().clamp(8, 18);
        // Where pixels cost much, short copies are all there is.
        let far = if literal_bits > 5.0 || pixels.len() < 4 * FAR {
            0
        } else {
            1 << bits
        };
        let first = pixels.iter().take(FAR);
        Ok(Finder {
            far: budget.zeroed(far, "places of pixels")?,
            rolling: first.fold(0, |hash: u64, &pixel| {
                hash.wrapping_mul(TURN).wrapping_add(pixel.into())
            }),
            pixels,
            width,
            search,
            heads: budget.zeroed(1 << bits, "places of pixels")?,
            before: budget.zeroed(window, "places of pixels")?,
            shift: 64 - bits,
            literal: (literal_bits * 4.0) as i32,
            next: 0,
            last: Match::default(),
            run_end: 0,
            above_end: 0,
            hashed: if literal_bits > 5.0 {
                3
            } else {
                (10.0 / literal_bits) as usize
            }
            .clamp(2, 6),
        })
    }

    /// About what a match saves, in quarters of bits.
    #[inline(always)]
    fn worth(&self, length: usize, distance: usize) -> i32 {
        length as i32 * self.literal - 3 * (distance | 1).ilog2() as i32
    }

    /// Finds the best matches of the next places.
    pub(super) fn fill(&mut self, found: &mut [u32]) {
        for (at, found) in (self.next..).zip(&mut *found) {
            self.last = self.look(at);
            *found = self.last.0;
        }
        self.next += found.len();
    }

    #[inline(always)]
    fn look(&mut self, at: usize) -> Match {
        let pixels = self.pixels;
        let most = (pixels.len() - at).min(LONGEST);
        if most < 2 {
            return Match::default();
        }
        // Within a run, what counts is how long it still is.
        if at >= self.run_end {
            self.run_end = at + 1;
            if pixels[at] == pixels[at + 1] {
                self.run_end += common(pixels, at, at + 1, (pixels.len() - at - 1).min(1 << 16));
            }
        }
        let run = self.run_end - at;
        let mut key = u64::from(pixels[at]);
        if run > 1 {
            // And which pixel follows it.
            let next = pixels.get(self.run_end).copied().unwrap_or_default();
            key = (key << 32 | u64::from(next)).wrapping_mul(0xff51_afd7_ed55_8ccd) ^ run.min(LONGEST) as u64;
        } else {
            for &pixel in &pixels[at + 1..at + self.hashed.min(most)] {
                key = key.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ u64::from(pixel);
            }
        };
        let head = &mut self.heads[(key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize];
        let mask = self.before.len() - 1;
        let mut candidate = std::mem::replace(head, at as u32 + 1) as usize;
        self.before[at & mask] = candidate as u32;

        let mut far = 0;
        if !self.far.is_empty() && at + FAR < pixels.len() {
            let place = self.rolling.wrapping_mul(0xff51_afd7_ed55_8ccd) >> self.shift;
            far = std::mem::replace(&mut self.far[place as usize], at as u32 + 1) as usize;
            let rest = self.rolling.wrapping_sub(u64::from(pixels[at]).wrapping_mul(FIRST));
            self.rolling = rest.wrapping_mul(TURN).wrapping_add(pixels[at + FAR].into());
        }

        // The match of the place before goes on here.
        let mut best = (0, 0);
        let mut value = 0;
        let mut depth = self.search.depth;
        if self.last.length() > 1 {
            best = (self.last.length() - 1, self.last.distance());
            // If it was cut, one more pixel may be the same.
            let end = at + LONGEST - 1;
            if self.last.length() == LONGEST && end < pixels.len() && pixels[end] == pixels[end - best.1] {
                best.0 += 1;
            }
            if best.0 >= self.search.good.min(most) {
                return Match::new(best.0, best.1);
            }
            depth = depth.div_ceil(2);
            value = self.worth(best.0, best.1);
        }
        // The pixel before and the one above have the shortest codes.
        if at > 0 && pixels[at - 1] == pixels[at] {
            let worth = run.min(most) as i32 * self.literal;
            if worth > value {
                (best, value) = ((run.min(most), 1), worth);
            }
        }
        if at >= self.width && pixels[at - self.width] == pixels[at] {
            if at >= self.above_end {
                self.above_end = at + common(pixels, at - self.width, at, pixels.len().min(at + (1 << 16)) - at);
            }
            let length = (self.above_end - at).min(most);
            let worth = length as i32 * self.literal;
            if worth > value {
                (best, value) = ((length, self.width), worth);
            }
        }
        if best.0 >= self.search.nice.min(most) {
            return Match::new(best.0, best.1);
        }
        let reach = at.min(FARTHEST).min(mask);
        if far > 0 && at + 1 - far <= reach {
            let length = common(pixels, far - 1, at, most);
            let worth = self.worth(length, at + 1 - far);
            if worth > value && length > 1 {
                (best, value) = ((length, at + 1 - far), worth);
            }
            if best.0 >= self.search.nice.min(most) {
                return Match::new(best.0, best.1);
            }
        }
        for _ in 0..depth {
            if candidate == 0 || at + 1 - candidate > reach {
                break;
            }
            let place = candidate - 1;
            // The last pixel of a longer match is compared first.
            let tail = best.0.min(most - 1);
            if pixels[place + tail] == pixels[at + tail] && pixels[place] == pixels[at] {
                let length = common(pixels, place, at, most);
                let worth = self.worth(length, at - place);
                if worth > value && length > 1 {
                    (best, value) = ((length, at - place), worth);
                    if length >= self.search.nice {
                        break;
                    }
                }
            }
            candidate = self.before[place & mask] as usize;
        }
        Match::new(best.0, best.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_for_their_distances() {
        for width in [1, 2, 5, 8, 9, 16, 17, 100] {
            let distances = Distances::new(width);
            for distance in 1..width * 10 + 20 {
                let code = distances.code(distance) as usize;
                let back = match NEAR.get(code - 1) {
                    Some(&(left, up)) => (usize::from(up) * width).saturating_add_signed(left.into()).max(1),
                    None => code - NEAR.len(),
                };
                assert_eq!(back, distance, "{width}");
            }
        }
    }
}

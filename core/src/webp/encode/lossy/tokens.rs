//! Coefficients as tokens (RFC 6386, 13): kept until their statistics are known, then written.

use fearless_simd::{Level, Simd, dispatch};

use super::bits::Bools;
use super::costs::{BANDS, CATEGORIES, bit, category};
use crate::budget::{Budget, Buffer};
use crate::error::Result;
use crate::webp::tables::{COEFFICIENTS_STAY, Coefficients, DEFAULT_COEFFICIENTS};

/// The levels that have a token of their own, the categories, and the end.
const TOKENS: usize = 12;
const END: u16 = 0xffff;

/// Tokens in a piece of memory.
const PIECE: usize = 1 << 15;

/// What was said, where, and how often each thing was said.
#[derive(Debug)]
pub(super) struct Tokens {
    pieces: Vec<Buffer<[u16; 2]>>,
    /// In the last piece.
    used: usize,
    counts: Box<[[u32; TOKENS]; 96]>,
    /// After a zero there can't be an end.
    after_zero: [u32; 96],
}

/// In the place of a token: a level is negative, and comes after a zero.
const NEGATIVE: u16 = 1 << 8;
const AFTER_ZERO: u16 = 1 << 9;

impl Tokens {
    pub(super) fn new() -> Self {
        Tokens {
            pieces: Vec::new(),
            used: PIECE,
            counts: Box::new([[0; TOKENS]; 96]),
            after_zero: [0; 96],
        }
    }

    /// Makes sure that there is room for a macroblock.
    pub(super) fn prepare(&mut self, budget: &Budget) -> Result<()> {
        if self.used + 25 * 17 > PIECE {
            if let Some(last) = self.pieces.last_mut() {
                // The rest is no token.
                last[self.used..].fill([0, u16::MAX]);
            }
            self.pieces.push(budget.zeroed(PIECE, "WebP tokens")?);
            self.used = 0;
        }
        Ok(())
    }

    /// Adds a block in the order of the scan; `count` is the place after its last level that isn't 0.
    #[inline(always)]
    pub(super) fn block(&mut self, kind: usize, levels: &[i16; 16], first: usize, count: usize, context: usize) {
        let Some(piece) = self.pieces.last_mut() else { return };
        let place_of = |place: usize, context: usize| kind * 24 + usize::from(BANDS[place & 31]) * 3 + context;
        let mut context = context;
        let mut flags = 0;
        let mut used = self.used;
        for (place, &level) in levels.iter().enumerate().take(count).skip(first) {
            let at = place_of(place, context);
            let size = level.unsigned_abs();
            let token = if size < 5 {
                usize::from(size)
            } else {
                5 + category(size)
            };
            self.counts[at][token] += 1;
            self.after_zero[at] += u32::from(flags != 0);
            let sign = if level < 0 { NEGATIVE } else { 0 };
            piece[used] = [size, at as u16 | flags | sign];
            used += 1;
            flags = if size == 0 { AFTER_ZERO } else { 0 };
            context = usize::from(size.min(2));
        }
        if count < 16 {
            let at = place_of(count.max(first), context);
            self.counts[at][TOKENS - 1] += 1;
            piece[used] = [END, at as u16];
            used += 1;
        }
        self.used = used;
    }

    /// For each node of the tree: how often it was passed, and how often the answer was yes.
    fn nodes(&self, at: usize) -> [(u32, u32); 11] {
        let counts = &self.counts[at];
        let sum = |range: std::ops::Range<usize>| counts[range].iter().sum::<u32>();
        let (all, end) = (sum(0..TOKENS), counts[TOKENS - 1]);
        [
            (all - self.after_zero[at], all - self.after_zero[at] - end),
            (all - end, all - end - counts[0]),
            (sum(1..11), sum(2..11)),
            (sum(2..11), sum(5..11)),
            (sum(2..5), sum(3..5)),
            (sum(3..5), counts[4]),
            (sum(5..11), sum(7..11)),
            (sum(5..7), counts[6]),
            (sum(7..11), sum(9..11)),
            (sum(7..9), counts[8]),
            (sum(9..11), counts[10]),
        ]
    }

    /// The chances that fit what was said, where saying so pays.
    pub(super) fn chances(&self) -> Coefficients {
        let mut chances = DEFAULT_COEFFICIENTS;
        let all = chances.as_flattened_mut().as_flattened_mut().iter_mut();
        for ((at, chances), stays) in all.enumerate().zip(COEFFICIENTS_STAY.as_flattened().as_flattened()) {
            for (((total, yes), chance), &stay) in self.nodes(at).into_iter().zip(chances).zip(stays) {
                if yes > total || total == 0 {
                    continue;
                }
                let better = (255 - u64::from(yes) * 255 / u64::from(total)).max(1) as u8;
                let cost = |chance: u8| {
                    u64::from(yes) * u64::from(bit(true, chance))
                        + u64::from(total - yes) * u64::from(bit(false, chance))
                };
                let old = cost(*chance) + u64::from(bit(false, stay));
                if cost(better) + u64::from(bit(true, stay)) + 8 * 256 < old {
                    *chance = better;
                }
            }
        }
        chances
    }

    /// Writes the tokens.
    pub(super) fn write(&self, chances: &Coefficients, budget: &Budget) -> Result<Vec<u8>> {
        let level = Level::new();
        let mut bools = Bools::new();
        let chances = chances.as_flattened().as_flattened();
        for (n, piece) in self.pieces.iter().enumerate() {
            budget.check()?;
            let end = if n + 1 == self.pieces.len() { self.used } else { PIECE };
            dispatch!(level, simd => of_piece(simd, &mut bools, &piece[..end], chances));
        }
        Ok(bools.finish())
    }
}

#[inline(always)]
fn of_piece<S: Simd>(simd: S, bools: &mut Bools, piece: &[[u16; 2]], chances: &[[u8; 11]]) {
    // There is nothing for vectors here, but shifts are cheaper on newer processors.
    simd.vectorize(
        #[inline(always)]
        || {
            for &[level, place] in piece {
                if place == u16::MAX {
                    break;
                }
                put(bools, level, place, &chances[usize::from(place & 0x7f) % 96]);
            }
        },
    );
}

#[inline(always)]
fn put(bools: &mut Bools, level: u16, place: u16, chances: &[u8; 11]) {
    if place & AFTER_ZERO == 0 {
        bools.put(level != END, chances[0]);
        if level == END {
            return;
        }
    }
    bools.put(level > 0, chances[1]);
    if level == 0 {
        return;
    }
    bools.put(level > 1, chances[2]);
    if level > 1 {
        bools.put(level > 4, chances[3]);
        if level <= 4 {
            bools.put(level > 2, chances[4]);
            if level > 2 {
                bools.put(level > 3, chances[5]);
            }
        } else {
            let category = category(level);
            bools.put(category > 1, chances[6]);
            if category <= 1 {
                bools.put(category > 0, chances[7]);
            } else {
                bools.put(category > 3, chances[8]);
                bools.put(category % 2 == 1, chances[9 + usize::from(category > 3)]);
            }
            let (first, extra) = CATEGORIES[category];
            let offset = level - first;
            for (place, &chance) in extra.iter().enumerate() {
                bools.put(offset >> (extra.len() - 1 - place) & 1 != 0, chance);
            }
        }
    }
    bools.flag(place & NEGATIVE != 0);
}

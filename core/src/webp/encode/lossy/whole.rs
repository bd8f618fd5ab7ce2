//! Luma with one mode for the macroblock.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x16};

use super::costs::Costs;
use super::lanes::{self, Block, Stored};
use super::modes;
use super::quant::{Quantiser, Segment};
use super::trellis;
use crate::webp::tables::ZIGZAG;
use crate::webp::vp8::transform;

/// The types of blocks that chances are given for.
pub(super) const LUMA_WITHOUT_DC: usize = 0;
pub(super) const SECOND: usize = 1;
pub(super) const CHROMA: usize = 2;
pub(super) const LUMA: usize = 3;

/// Which of the blocks beside have coefficients.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside {
    pub(super) luma: [bool; 4],
    pub(super) chroma: [[bool; 2]; 2],
    pub(super) second: bool,
}

/// A block in the order of the scan, and the place after its last level that isn't 0.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Levels {
    pub(super) levels: [i16; 16],
    pub(super) count: usize,
}

impl Levels {
    /// One of sixteen blocks.
    #[inline(always)]
    pub(super) fn of(stored: &Stored, lane: usize, mask: u16) -> Self {
        let mut levels = [0; 16];
        if mask != 0 {
            for (level, stored) in levels.iter_mut().zip(stored) {
                *level = stored[lane & 15];
            }
        }
        Levels {
            levels,
            count: 16 - mask.leading_zeros() as usize,
        }
    }
}

/// How good a choice is: squares of differences and bits in 1/256.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Score {
    pub(super) difference: u64,
    pub(super) texture: u64,
    pub(super) header: u64,
    pub(super) rate: u64,
}

impl Score {
    #[inline(always)]
    pub(super) fn with(&self, lambda: u32) -> u64 {
        (self.rate + self.header) * u64::from(lambda) + 256 * (self.difference + self.texture)
    }

    #[inline(always)]
    pub(super) fn add(&mut self, other: &Score) {
        self.difference += other.difference;
        self.texture += other.texture;
        self.header += other.header;
        self.rate += other.rate;
    }
}

/// Luma as it will be.
pub(super) struct Luma {
    /// All the same if there is one for the macroblock.
    pub(super) modes: [u8; 16],
    /// If there is one mode for the macroblock.
    pub(super) second: Option<Levels>,
    pub(super) blocks: [Levels; 16],
}

/// The pixels around a block, or what stands for them outside the picture.
pub(super) struct Around<const N: usize> {
    pub(super) above: [u8; N],
    pub(super) left: [u8; N],
    pub(super) corner: u8,
    pub(super) inside: (bool, bool),
}

impl<const N: usize> Around<N> {
    /// What a mode predicts: for each column and for each row a number, the sum of which is clamped.
    #[inline(always)]
    pub(super) fn predict(&self, mode: usize) -> ([i16; N], [i16; N]) {
        let (above, left) = (self.above.map(i16::from), self.left.map(i16::from));
        match mode {
            0 => ([self.mean(); N], [0; N]),
            1 => (above, left.map(|pixel| pixel - i16::from(self.corner))),
            2 => (above, [0; N]),
            _ => ([0; N], left),
        }
    }

    #[inline(always)]
    fn mean(&self) -> i16 {
        let sum = |edge: &[u8; N]| edge.iter().map(|&v| i16::from(v)).sum::<i16>();
        let count = N as i16;
        match self.inside {
            (true, true) => (sum(&self.above) + sum(&self.left) + count) / (2 * count),
            (true, false) => (sum(&self.above) + count / 2) / count,
            (false, true) => (sum(&self.left) + count / 2) / count,
            (false, false) => 128,
        }
    }
}

/// The sixteen blocks of a macroblock, from what stands in its columns and rows.
#[inline(always)]
pub(super) fn spread<S: Simd>(simd: S, columns: &[i16; 16], rows: &[i16; 16]) -> Block<S> {
    let mut block = [i16x16::splat(simd, 0); 16];
    let (least, most) = (i16x16::splat(simd, 0), i16x16::splat(simd, 255));
    let mut across = [i16x16::splat(simd, 0); 4];
    for (x, across) in across.iter_mut().enumerate() {
        let four = [columns[x], columns[4 + x], columns[8 + x], columns[12 + x]];
        let mut lanes = [0; 16];
        lanes.as_chunks_mut::<4>().0.fill(four);
        *across = lanes.simd_into(simd);
    }
    for y in 0..4 {
        let mut lanes = [0; 16];
        for (lanes, &row) in lanes.as_chunks_mut::<4>().0.iter_mut().zip(rows[y..].iter().step_by(4)) {
            *lanes = [row; 4];
        }
        let down: i16x16<S> = lanes.simd_into(simd);
        for (x, &across) in across.iter().enumerate() {
            block[4 * y + x] = (across + down).max(least).min(most);
        }
    }
    block
}

/// What is left between pixels and prediction.
#[inline(always)]
pub(super) fn subtract<S: Simd>(simd: S, pixels: &Block<S>, predicted: &Block<S>) -> Block<S> {
    let mut rest = [i16x16::splat(simd, 0); 16];
    for ((rest, &pixels), &predicted) in rest.iter_mut().zip(pixels).zip(predicted) {
        *rest = pixels - predicted;
    }
    rest
}

/// The first coefficients of sixteen blocks, transformed once more.
#[inline(always)]
fn second_order(firsts: &[i16]) -> [i16; 16] {
    let at = |place: usize| i32::from(firsts[place]);
    let mut rows = [0; 16];
    for y in [0, 4, 8, 12] {
        let (a, b) = (at(y) + at(y + 2), at(y + 1) + at(y + 3));
        let (c, d) = (at(y + 1) - at(y + 3), at(y) - at(y + 2));
        rows[y..y + 4].copy_from_slice(&[a + b, d + c, d - c, a - b]);
    }
    let mut out = [0; 16];
    for x in 0..4 {
        let (a, b) = (rows[x] + rows[8 + x], rows[4 + x] + rows[12 + x]);
        let (c, d) = (rows[4 + x] - rows[12 + x], rows[x] - rows[8 + x]);
        for (y, sum) in [a + b, d + c, d - c, a - b].into_iter().enumerate() {
            out[4 * y + x] = (sum >> 1) as i16;
        }
    }
    out
}

/// Quantises the second-order block; returns the first coefficients that result.
#[inline(always)]
fn quantise_second(block: &[i16; 16], quantiser: &Quantiser) -> (Levels, [i16; 16]) {
    let mut coefficients = [0; 16];
    let mut levels = Levels::default();
    for (n, &place) in ZIGZAG.iter().enumerate() {
        let place = usize::from(place);
        (levels.levels[n], coefficients[place]) = quantiser.one(block[place], place);
        if levels.levels[n] != 0 {
            levels.count = n + 1;
        }
    }
    (levels, transform::walsh_hadamard(&coefficients))
}

/// Room for the modes that are tried.
#[derive(Debug)]
pub(super) struct Scratch {
    levels: [Stored; 4],
    coefficients: [Stored; 4],
    pixels: [Stored; 4],
}

impl Scratch {
    pub(super) fn new() -> Box<Self> {
        let empty = [[[0; 16]; 16]; 4];
        Box::new(Scratch {
            levels: empty,
            coefficients: empty,
            pixels: empty,
        })
    }
}

/// A mode that was tried.
#[derive(Clone, Copy, Default)]
pub(super) struct Tried {
    mode: usize,
    /// The score with a guess of the bits.
    guess: u64,
    score: Score,
    second: Levels,
    masks: [u16; 16],
    firsts: [i16; 16],
}

/// The best mode for all of luma.
pub(super) struct Whole {
    tried: Tried,
    pub(super) score: Score,
}

impl Whole {
    /// How many levels aren't 0, beside the first ones of the blocks.
    #[inline(always)]
    pub(super) fn levels(&self) -> u32 {
        self.tried.masks.iter().map(|mask| mask.count_ones()).sum()
    }
}

/// The mode after which the smallest coefficients are left.
#[inline(always)]
fn least_left<S: Simd>(simd: S, source: &Block<S>, around: &Around<16>) -> usize {
    let mut best = (u32::MAX, 0);
    for mode in 0..4 {
        let (columns, rows) = around.predict(mode);
        let mut block = subtract(simd, source, &spread(simd, &columns, &rows));
        lanes::forward(simd, &mut block);
        let mut sum = i16x16::splat(simd, 0);
        for values in &block[1..] {
            sum += values.abs() >> 3;
        }
        // Most of the first ones are taken by the second transform.
        sum += block[0].abs() >> 5;
        let sum: u32 = sum.as_slice().iter().map(|&sum| u32::from(sum as u16)).sum();
        best = best.min((sum, mode));
    }
    best.1
}

/// How the modes for all of luma are tried.
pub(super) struct Choosing<'a> {
    pub(super) segment: &'a Segment,
    pub(super) costs: &'a Costs,
    pub(super) above: &'a Beside,
    pub(super) left: &'a Beside,
    /// So many at most have their bits counted. If none, one mode only is tried: that which leaves least.
    pub(super) exact: usize,
    pub(super) trellis: bool,
}

impl Choosing<'_> {
    /// The best mode for all of luma, of pixels with a `texture`.
    #[inline(always)]
    pub(super) fn whole<S: Simd>(
        &self,
        simd: S,
        source: &Block<S>,
        texture: i16x16<S>,
        around: &Around<16>,
        scratch: &mut Scratch,
    ) -> Whole {
        let segment = self.segment;
        let first = source[0].as_slice()[0];
        let flat = source.iter().all(|pixels| *pixels.as_slice() == [first; 16]);
        let lambda = segment.lambda.whole;
        let only = (self.exact == 0).then(|| least_left(simd, source, around));
        let mut tried = [Tried::default(); 4];
        for (mode, tried) in tried.iter_mut().enumerate() {
            if only.is_some_and(|only| only != mode) {
                tried.guess = u64::MAX;
                continue;
            }
            let (columns, rows) = around.predict(mode);
            let predicted = spread(simd, &columns, &rows);
            let mut block = subtract(simd, source, &predicted);
            lanes::forward(simd, &mut block);
            let mut firsts = [0; 16];
            firsts.copy_from_slice(block[0].as_slice());
            (tried.second, tried.firsts) = quantise_second(&second_order(&firsts), &segment.second);
            block[0] = i16x16::splat(simd, 0);
            if self.trellis {
                lanes::store(&block, &mut scratch.coefficients[mode]);
            }
            let found = lanes::quantise(simd, &mut block, &segment.luma, &mut scratch.levels[mode]);
            block[0] = tried.firsts.simd_into(simd);
            lanes::inverse(simd, &mut block);
            lanes::add(simd, &mut block, &predicted);
            tried.mode = mode;
            tried.masks = found.masks;
            lanes::store(&block, &mut scratch.pixels[mode]);
            let guess = found.rates.iter().map(|&rate| rate as u64).sum::<u64>() * 8;
            let second = tried.second.levels.iter();
            let second: u64 = second.map(|level| 600 * u64::from(level.unsigned_abs().min(4))).sum();
            tried.score = Score {
                difference: lanes::square(simd, source, &block).into(),
                texture: texture_cost(simd, texture, &block, segment),
                header: modes::whole_cost(mode).into(),
                rate: guess + second,
            };
            if flat && tried.masks == [0; 16] {
                tried.score.difference *= 2;
                tried.score.texture *= 2;
            }
            tried.guess = tried.score.with(lambda);
        }
        tried.sort_unstable_by_key(|tried| (tried.guess, tried.mode));
        let mut best = (u64::MAX, 0);
        for (n, tried) in tried.iter_mut().enumerate().take(self.exact) {
            tried.score.rate = self.rate(tried, scratch).into();
            best = best.min((tried.score.with(lambda), n));
        }
        let tried = tried[best.1];
        Whole {
            tried,
            score: tried.score,
        }
    }

    /// Luma with the mode that was chosen.
    #[inline(always)]
    pub(super) fn finish<S: Simd>(
        &self,
        simd: S,
        whole: &Whole,
        around: &Around<16>,
        scratch: &Scratch,
    ) -> (Luma, [[u8; 16]; 16]) {
        let tried = &whole.tried;
        let mut luma = Luma {
            modes: [tried.mode as u8; 16],
            second: Some(tried.second),
            blocks: [Levels::default(); 16],
        };
        let pixels = if self.trellis {
            let restored = self.refine(tried, &scratch.coefficients[tried.mode], &mut luma);
            let (columns, rows) = around.predict(tried.mode);
            let mut block = lanes::load(simd, &restored);
            lanes::inverse(simd, &mut block);
            lanes::add(simd, &mut block, &spread(simd, &columns, &rows));
            block
        } else {
            for (lane, (block, &mask)) in luma.blocks.iter_mut().zip(&tried.masks).enumerate() {
                *block = Levels::of(&scratch.levels[tried.mode], lane, mask);
            }
            lanes::load(simd, &scratch.pixels[tried.mode])
        };
        (luma, lanes::join(simd, &pixels))
    }

    #[inline(always)]
    fn rate(&self, tried: &Tried, scratch: &Scratch) -> u32 {
        let context = usize::from(self.above.second) + usize::from(self.left.second);
        let second = &tried.second;
        let mut rate = self
            .costs
            .of(SECOND)
            .block(|n| second.levels[n], 0, second.count, context);
        let kind = self.costs.of(LUMA_WITHOUT_DC);
        let mut beside = self.above.luma;
        for (y, &left) in self.left.luma.iter().enumerate() {
            let mut left = left;
            for (x, above) in beside.iter_mut().enumerate() {
                let lane = 4 * y + x;
                let count = 16 - tried.masks[lane].leading_zeros() as usize;
                let context = usize::from(*above) + usize::from(left);
                rate += kind.block(|n| scratch.levels[tried.mode][n & 15][lane], 1, count, context);
                (*above, left) = (count > 1, count > 1);
            }
        }
        rate
    }

    /// Quantises the mode that was chosen more carefully; returns what its coefficients stand for.
    #[inline(always)]
    fn refine(&self, tried: &Tried, coefficients: &Stored, luma: &mut Luma) -> Stored {
        let segment = self.segment;
        let mut restored = [[0; 16]; 16];
        restored[0] = tried.firsts;
        let mut beside = self.above.luma;
        let kind = self.costs.of(LUMA_WITHOUT_DC);
        for (y, &left) in self.left.luma.iter().enumerate() {
            let mut left = left;
            for (x, above) in beside.iter_mut().enumerate() {
                let lane = 4 * y + x;
                let context = usize::from(*above) + usize::from(left);
                let block = ZIGZAG.map(|place| coefficients[usize::from(place)][lane]);
                let lambda = segment.lambda.trellis_whole;
                let levels = trellis::quantise(&block, 1, context, &kind, &segment.luma, lambda);
                if levels.count > 1 {
                    for (&level, &place) in levels.levels.iter().zip(&ZIGZAG).skip(1) {
                        restored[usize::from(place)][lane] = level * segment.luma.steps[1];
                    }
                }
                (*above, left) = (levels.count > 1, levels.count > 1);
                luma.blocks[lane] = levels;
            }
        }
        restored
    }
}

/// What the change of texture counts as.
#[inline(always)]
pub(super) fn texture_cost<S: Simd>(simd: S, texture: i16x16<S>, pixels: &Block<S>, segment: &Segment) -> u64 {
    if segment.lambda.texture == 0 {
        return 0;
    }
    let change = (lanes::texture(simd, pixels) - texture).abs();
    let sum: u64 = change.as_slice().iter().map(|&change| change as u64).sum();
    (sum * u64::from(segment.lambda.texture)) >> 6
}

//! Chroma: both planes with one mode, two modes at a time.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x16};

use super::costs::Costs;
use super::lanes::{self, Block, Stored};
use super::modes;
use super::quant::{Quantiser, Segment};
use super::whole::{Around, Beside, CHROMA, Levels, Score, subtract};

/// The errors of first coefficients that blocks leave to those below and to the right, halved: two of each plane.
pub(super) type Errors = [[i16; 2]; 2];

/// Chroma as it will be: Cb in the first eight columns, Cr in the others.
pub(super) struct Chroma {
    pub(super) score: Score,
    pub(super) mode: usize,
    pub(super) blocks: [Levels; 8],
    pub(super) pixels: [[u8; 16]; 8],
    /// For the macroblock below and the one to the right.
    pub(super) errors: [Errors; 2],
}

/// Four blocks of Cb, four of Cr, and the same again.
#[inline(always)]
pub(super) fn split<S: Simd>(simd: S, rows: &[[u8; 16]; 8]) -> Block<S> {
    let mut block = [i16x16::splat(simd, 0); 16];
    for y in 0..4 {
        let mut pixels = [0; 64];
        for half in [0, 32] {
            let pixels = &mut pixels[half..half + 32];
            pixels[..8].copy_from_slice(&rows[y][..8]);
            pixels[8..16].copy_from_slice(&rows[4 + y][..8]);
            pixels[16..24].copy_from_slice(&rows[y][8..]);
            pixels[24..].copy_from_slice(&rows[4 + y][8..]);
        }
        for (x, column) in simd.load_four_interleaved_u8x16(&pixels).into_iter().enumerate() {
            block[4 * y + x] = lanes::widen(simd, column);
        }
    }
    block
}

/// What two modes predict.
#[inline(always)]
pub(super) fn spread<S: Simd>(simd: S, planes: &[Around<8>; 2], pair: [usize; 2]) -> Block<S> {
    let [first, second] = pair;
    let parts = [
        [planes[0].predict(first), planes[1].predict(first)],
        [planes[0].predict(second), planes[1].predict(second)],
    ];
    let (least, most) = (i16x16::splat(simd, 0), i16x16::splat(simd, 255));
    let mut across = [i16x16::splat(simd, 0); 4];
    for (x, across) in across.iter_mut().enumerate() {
        let mut lanes = [0; 16];
        for (lanes, (columns, _)) in lanes.as_chunks_mut::<4>().0.iter_mut().zip(parts.as_flattened()) {
            *lanes = [columns[x], columns[4 + x], columns[x], columns[4 + x]];
        }
        *across = lanes.simd_into(simd);
    }
    let mut block = [i16x16::splat(simd, 0); 16];
    for y in 0..4 {
        let mut lanes = [0; 16];
        for (lanes, (_, rows)) in lanes.as_chunks_mut::<4>().0.iter_mut().zip(parts.as_flattened()) {
            *lanes = [rows[y], rows[y], rows[4 + y], rows[4 + y]];
        }
        let down: i16x16<S> = lanes.simd_into(simd);
        for (x, &across) in across.iter().enumerate() {
            block[4 * y + x] = (across + down).max(least).min(most);
        }
    }
    block
}

/// Passes on what quantisation takes from first coefficients, so that flat areas keep their colour.
#[inline(always)]
fn diffuse(firsts: &mut [i16], quantiser: &Quantiser, above: &Errors, left: &Errors) -> [Errors; 2] {
    let (mut below, mut right) = (Errors::default(), Errors::default());
    for (plane, firsts) in firsts.as_chunks_mut::<4>().0.iter_mut().enumerate().take(2) {
        let mut correct = |n: usize, from_above: i16, from_left: i16| {
            firsts[n] += (7 * from_above + 8 * from_left) >> 3;
            (firsts[n] - quantiser.one(firsts[n], 0).1) >> 1
        };
        let (above, left) = (above[plane], left[plane]);
        let first = correct(0, above[0], left[0]);
        let second = correct(1, above[1], first);
        let third = correct(2, first, left[1]);
        let fourth = correct(3, second, third);
        right[plane] = [second, (3 * fourth) >> 2];
        below[plane] = [third, fourth - right[plane][1]];
    }
    [below, right]
}

/// At most this many levels but the first of all blocks, and a mode other than the mean costs a little more.
const FLAT: u32 = 2;
const FLAT_PENALTY: u64 = 140 * 8;

/// The best mode for chroma.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "all of it is needed")]
pub(super) fn choose<S: Simd>(
    simd: S,
    source: &Block<S>,
    planes: &[Around<8>; 2],
    segment: &Segment,
    costs: &Costs,
    (above, left): (&Beside, &Beside),
    errors: Option<(&Errors, &Errors)>,
    pairs: &[[usize; 2]],
) -> Chroma {
    let mut best: Option<(u64, Chroma)> = None;
    for &pair in pairs {
        let predicted = spread(simd, planes, pair);
        let mut block = subtract(simd, source, &predicted);
        lanes::forward(simd, &mut block);
        let mut passed = [[Errors::default(); 2]; 2];
        if let Some((above, left)) = errors {
            let mut firsts = [0; 16];
            firsts.copy_from_slice(block[0].as_slice());
            for (firsts, passed) in firsts.as_chunks_mut::<8>().0.iter_mut().zip(&mut passed) {
                *passed = diffuse(firsts, &segment.chroma, above, left);
            }
            block[0] = firsts.simd_into(simd);
        }
        let (mut levels, mut results) = ([[0; 16]; 16], [[0; 16]; 16]);
        let masks = lanes::quantise(simd, &mut block, &segment.chroma, &mut levels).masks;
        lanes::inverse(simd, &mut block);
        lanes::add(simd, &mut block, &predicted);
        let squares = lanes::squares(simd, source, &block);
        lanes::store(&block, &mut results);
        for (half, &mode) in pair.iter().enumerate() {
            let lanes = 8 * half..8 * half + 8;
            let mut score = Score {
                difference: squares[lanes.clone()].iter().map(|&square| u64::from(square)).sum(),
                header: modes::chroma_cost(mode).into(),
                ..Score::default()
            };
            let beyond = || {
                masks[lanes.clone()]
                    .iter()
                    .map(|mask| (mask >> 1).count_ones())
                    .sum::<u32>()
            };
            if mode > 0 && beyond() <= FLAT {
                score.rate = FLAT_PENALTY;
            }
            if best
                .as_ref()
                .is_some_and(|(best, _)| score.with(segment.lambda.chroma) >= *best)
            {
                continue;
            }
            let (blocks, rate) = count(&levels, &masks, 8 * half, costs, above, left);
            score.rate += u64::from(rate);
            let sum = score.with(segment.lambda.chroma);
            if best.as_ref().is_none_or(|(best, _)| sum < *best) {
                best = Some((
                    sum,
                    Chroma {
                        score,
                        mode,
                        blocks,
                        pixels: join(&results, 8 * half),
                        errors: passed[half],
                    },
                ));
            }
        }
    }
    match best {
        Some((_, chroma)) => chroma,
        None => unreachable!("there are modes to try"),
    }
}

/// The levels of eight blocks, and what they cost.
#[inline(always)]
fn count(
    stored: &Stored,
    masks: &[u16; 16],
    first: usize,
    costs: &Costs,
    above: &Beside,
    left: &Beside,
) -> ([Levels; 8], u32) {
    let mut blocks = [Levels::default(); 8];
    let mut rate = 0;
    let kind = costs.of(CHROMA);
    for (plane, blocks) in blocks.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let mut above = above.chroma[plane];
        let left = left.chroma[plane];
        for (y, mut left) in left.into_iter().enumerate() {
            for (x, above) in above.iter_mut().enumerate() {
                let lane = first + 4 * plane + 2 * y + x;
                let levels = Levels::of(stored, lane, masks[lane]);
                let context = usize::from(*above) + usize::from(left);
                rate += kind.block(|n| levels.levels[n & 15], 0, levels.count, context);
                (*above, left) = (levels.count > 0, levels.count > 0);
                blocks[2 * y + x] = levels;
            }
        }
    }
    (blocks, rate)
}

#[inline(always)]
fn join(stored: &Stored, first: usize) -> [[u8; 16]; 8] {
    let mut rows = [[0; 16]; 8];
    for (place, values) in stored.iter().enumerate() {
        for (lane, &value) in values[first..first + 8].iter().enumerate() {
            rows[lane / 2 % 2 * 4 + place / 4][lane / 4 * 8 + lane % 2 * 4 + place % 4] = value as u8;
        }
    }
    rows
}

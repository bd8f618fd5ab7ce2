//! Sixteen blocks of 4×4 at a time: each of the sixteen vectors has the same pixel, or coefficient, of every block.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x16, u8x16, u16x16};

use super::costs::MOST;
use super::quant::Quantiser;
use crate::webp::tables::ZIGZAG;
pub(super) use crate::webp::vp8::lanes::{Block, Stored, high, inverse, load, narrow, store, widen};

/// The sixteen blocks of sixteen rows of pixels.
#[inline(always)]
pub(super) fn split<S: Simd>(simd: S, rows: &[[u8; 16]; 16]) -> Block<S> {
    let mut block = [i16x16::splat(simd, 0); 16];
    for y in 0..4 {
        let mut pixels = [0; 64];
        for (k, four) in pixels.as_chunks_mut::<16>().0.iter_mut().enumerate() {
            *four = rows[4 * k + y];
        }
        let columns = simd.load_four_interleaved_u8x16(&pixels);
        for (x, column) in columns.into_iter().enumerate() {
            block[4 * y + x] = widen(simd, column);
        }
    }
    block
}

/// Back to rows, of pixels that are within 0 to 255.
#[inline(always)]
pub(super) fn join<S: Simd>(simd: S, block: &Block<S>) -> [[u8; 16]; 16] {
    let mut rows = [[0; 16]; 16];
    for y in 0..4 {
        let mut columns = [u8x16::splat(simd, 0); 4];
        for (x, column) in columns.iter_mut().enumerate() {
            *column = narrow(simd, block[4 * y + x]);
        }
        let mut pixels = [0; 64];
        simd.store_four_interleaved_u8x16(columns, &mut pixels);
        for (k, four) in pixels.as_chunks::<16>().0.iter().enumerate() {
            rows[4 * k + y] = *four;
        }
    }
    rows
}

/// `√2 · cos(π/8)` and `√2 · sin(π/8)`, halved, with 13 fraction bits.
const COS: i16 = 10703;
const SIN: i16 = 4433;

/// The forward transform (that of RFC 6386, 14.4, turned round).
#[inline(always)]
pub(super) fn forward<S: Simd>(simd: S, block: &mut Block<S>) {
    for y in [0, 4, 8, 12] {
        let [d0, d1, d2, d3] = [block[y], block[y + 1], block[y + 2], block[y + 3]];
        let (outer, inner) = (d0 + d3, d1 + d2);
        let (far, near) = ((d0 - d3) << 6, (d1 - d2) << 6);
        block[y] = (outer + inner) << 3;
        block[y + 1] = high(simd, near, SIN) + high(simd, far, COS);
        block[y + 2] = (outer - inner) << 3;
        block[y + 3] = high(simd, far, SIN) - high(simd, near, COS);
    }
    for x in 0..4 {
        let [d0, d1, d2, d3] = [block[x], block[4 + x], block[8 + x], block[12 + x]];
        let (outer, inner) = (d0 + d3, d1 + d2);
        let (far, near) = ((d0 - d3) << 1, (d1 - d2) << 1);
        block[x] = (outer + inner + 7) >> 4;
        block[4 + x] = (high(simd, near, SIN) + high(simd, far, COS) + 3) >> 2;
        block[8 + x] = (outer - inner + 7) >> 4;
        block[12 + x] = (high(simd, far, SIN) - high(simd, near, COS) + 2) >> 2;
    }
}

/// What quantisation has found, block by block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Which levels aren't 0: bit `n` for the place `n` of the scan.
    pub(super) masks: [u16; 16],
    /// About what the levels cost in bits, in 1/32.
    pub(super) rates: [i16; 16],
}

/// Turns coefficients into levels, in the order of the scan, and into what those stand for.
#[inline(always)]
pub(super) fn quantise<S: Simd>(simd: S, block: &mut Block<S>, quantiser: &Quantiser, levels: &mut Stored) -> Found {
    let zero = i16x16::splat(simd, 0);
    let (mut masks, mut rates, mut last) = (zero, zero, zero);
    for (n, (&place, levels)) in ZIGZAG.iter().zip(levels).enumerate() {
        let place = usize::from(place);
        let value = block[place];
        let sign = value >> 15;
        let size = value.abs() + quantiser.offsets[place];
        let level = high(simd, size, quantiser.reciprocals[place]).min(i16x16::splat(simd, MOST));
        block[place] = ((level * quantiser.steps[place]) ^ sign) - sign;
        levels.copy_from_slice(((level ^ sign) - sign).as_slice());
        let some: i16x16<S> = level.simd_gt(zero).select(i16x16::splat(simd, -1), zero);
        masks |= some & i16x16::splat(simd, (1u16 << n) as i16);
        rates += (some & i16x16::splat(simd, 60)) + level.min(i16x16::splat(simd, 8)) * 26;
        last = last.max(some & i16x16::splat(simd, 14 * (n as i16 + 1)));
    }
    let mut found = Found {
        masks: [0; 16],
        rates: [0; 16],
    };
    found.masks.copy_from_slice(masks.bitcast::<u16x16<S>>().as_slice());
    found.rates.copy_from_slice((rates + last).as_slice());
    found
}

/// Adds what is predicted.
#[inline(always)]
pub(super) fn add<S: Simd>(simd: S, block: &mut Block<S>, predicted: &Block<S>) {
    let (least, most) = (i16x16::splat(simd, 0), i16x16::splat(simd, 255));
    for (pixels, &predicted) in block.iter_mut().zip(predicted) {
        *pixels = (*pixels + predicted).max(least).min(most);
    }
}

/// Block by block, the sum of the squares of the differences.
#[inline(always)]
pub(super) fn squares<S: Simd>(simd: S, a: &Block<S>, b: &Block<S>) -> [u32; 16] {
    let zero = fearless_simd::u32x8::splat(simd, 0);
    let (mut low, mut high) = (zero, zero);
    for (&a, &b) in a.iter().zip(b) {
        let difference = a - b;
        let square: u16x16<S> = (difference * difference).bitcast();
        let (first, second) = simd.widen_u16x16(square);
        low += first;
        high += second;
    }
    let mut out = [0; 16];
    out[..8].copy_from_slice(low.as_slice());
    out[8..].copy_from_slice(high.as_slice());
    out
}

/// The sum of the squares of the differences of all blocks.
#[inline(always)]
pub(super) fn square<S: Simd>(simd: S, a: &Block<S>, b: &Block<S>) -> u32 {
    let mut sum = fearless_simd::i32x8::splat(simd, 0);
    for (&a, &b) in a.iter().zip(b) {
        let difference = a - b;
        sum += simd.pairwise_dot_product_i16x16(difference, difference);
    }
    sum.as_slice().iter().sum::<i32>() as u32
}

/// How the eye weighs frequencies, in 1/512.
const WEIGHTS: [i16; 16] = [
    38 << 7,
    32 << 7,
    20 << 7,
    9 << 7,
    32 << 7,
    28 << 7,
    17 << 7,
    7 << 7,
    20 << 7,
    17 << 7,
    10 << 7,
    4 << 7,
    9 << 7,
    7 << 7,
    4 << 7,
    2 << 7,
];

/// The Hadamard transform of four numbers.
#[inline(always)]
fn butterfly<S: Simd>([a, b, c, d]: [i16x16<S>; 4]) -> [i16x16<S>; 4] {
    let (sum, difference, other_sum, other) = (a + c, a - c, b + d, b - d);
    [sum + other_sum, difference + other, difference - other, sum - other_sum]
}

/// How much texture a block has: a weighted sum of the sizes of its Hadamard transform, in units of 128.
#[inline(always)]
pub(super) fn texture<S: Simd>(simd: S, block: &Block<S>) -> i16x16<S> {
    let mut rows = [i16x16::splat(simd, 0); 16];
    for y in [0, 4, 8, 12] {
        let row = butterfly([block[y], block[y + 1], block[y + 2], block[y + 3]]);
        rows[y..y + 4].copy_from_slice(&row);
    }
    let mut sum = i16x16::splat(simd, 0);
    for x in 0..4 {
        let column = butterfly([rows[x], rows[4 + x], rows[8 + x], rows[12 + x]]);
        for (y, value) in column.into_iter().enumerate() {
            sum += high(simd, value.abs() << 2, WEIGHTS[4 * y + x]);
        }
    }
    sum
}

//! Luma with a mode for each subblock of 4×4: all ten are tried at once, each in a lane.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x16, u8x16};

use super::costs::Costs;
use super::lanes::{self, Block};
use super::modes::{SUBBLOCK_COSTS, SUBBLOCKS_COST};
use super::quant::Segment;
use super::trellis;
use super::whole::{Beside, LUMA, Levels, Luma, Score, subtract};
use crate::webp::tables::ZIGZAG;
use crate::webp::vp8::Mode;
use crate::webp::vp8::predict::{CORNER, Edge};
use crate::webp::vp8::transform;
use crate::webp::vp8::work::{AT, Pixels};

/// Where the two tables of [`predictions`] have what isn't a mean of two or three neighbours.
const MEAN: usize = 12;
const LOWEST: usize = 13;
const LAST: usize = 14;
/// Means of two begin here, means of three at 0.
const TWO: usize = 16;

/// For each mode, where each pixel's prediction is: below 16 in the table of means of three, from 16 on in that of
/// means of two.
static PLACES: [[u8; 16]; 10] = {
    let mut places = [[0; 16]; 10];
    let (mut y, l, e) = (0, (TWO + LOWEST) as u8, (TWO + LAST) as u8);
    // RFC 6386, 12.3, in terms of the edge from the lowest pixel at the left to the last above.
    let right = [[20, 21, 22, 23], [3, 4, 5, 6], [2, 20, 21, 22], [1, 3, 4, 5]];
    let left = [[21, 22, 23, 24], [5, 6, 7, 8], [22, 23, 24, 9], [6, 7, 8, 10]];
    let down = [[19, 3, 4, 5], [18, 2, 19, 3], [17, 1, 18, 2], [16, 0, 17, 1]];
    let up = [[18, 1, 17, 0], [17, 0, 16, l], [16, l, e, e], [e, e, e, e]];
    let across = [2, 1, 0, l];
    while y < 4 {
        let mut x = 0;
        while x < 4 {
            let (row, column) = (y as u8, x as u8);
            let of_modes = [
                (TWO + MEAN) as u8,
                // Nothing of this kind.
                0,
                4 + column,
                across[y],
                3 - row + column,
                right[y][x],
                5 + row + column,
                left[y][x],
                down[y][x],
                up[y][x],
            ];
            let mut mode = 0;
            while mode < 10 {
                places[mode][4 * y + x] = of_modes[mode];
                mode += 1;
            }
            x += 1;
        }
        y += 1;
    }
    places
};

/// What each of ten modes predicts, row by row.
#[inline(always)]
pub(super) fn predictions<S: Simd>(simd: S, edge: &Edge) -> [u8x16<S>; 16] {
    let (mut two, mut three) = ([0; 16], [0; 16]);
    for i in 0..16 {
        let (a, b, c) = (u16::from(edge[i]), u16::from(edge[i + 1]), u16::from(edge[i + 2]));
        two[i] = ((a + b + 1) >> 1) as u8;
        three[i] = ((a + 2 * b + c + 2) >> 2) as u8;
    }
    let sum: u16 = edge[..4].iter().chain(&edge[5..9]).map(|&v| u16::from(v)).sum();
    two[MEAN] = ((sum + 4) >> 3) as u8;
    two[LOWEST] = ((3 * u16::from(edge[0]) + u16::from(edge[1]) + 2) >> 2) as u8;
    two[LAST] = edge[0];
    let (two, three): (u8x16<S>, u8x16<S>) = (two.simd_into(simd), three.simd_into(simd));
    let mut rows = [u8x16::splat(simd, 0); 16];
    for (row, places) in rows.iter_mut().zip(&PLACES) {
        *row = simd.concat_swizzle_dyn_u8x16(three, two, u8x16::from_slice(simd, places));
    }
    let (mut across, mut down) = ([0; 16], [0; 16]);
    for (n, (across, down)) in across.iter_mut().zip(&mut down).enumerate() {
        *across = i16::from(edge[CORNER + 1 + n % 4]);
        *down = i16::from(edge[3 - n / 4]) - i16::from(edge[CORNER]);
    }
    let (across, down): (i16x16<S>, i16x16<S>) = (across.simd_into(simd), down.simd_into(simd));
    let sum = across + down;
    let (low, high) = simd.split_i16x16(sum.max(i16x16::splat(simd, 0)).min(i16x16::splat(simd, 255)));
    rows[Mode::TrueMotion as usize] = simd.narrow_u16x8(low.bitcast(), high.bitcast());
    rows
}

/// Sixteen rows become lanes.
#[inline(always)]
pub(super) fn transpose<S: Simd>(simd: S, rows: &[u8x16<S>; 16]) -> Block<S> {
    let mut rows = *rows;
    for _ in 0..4 {
        let from = rows;
        for n in 0..8 {
            rows[2 * n] = simd.zip_low_u8x16(from[n], from[n + 8]);
            rows[2 * n + 1] = simd.zip_high_u8x16(from[n], from[n + 8]);
        }
    }
    let mut block = [i16x16::splat(simd, 0); 16];
    for (block, row) in block.iter_mut().zip(rows) {
        *block = lanes::widen(simd, row);
    }
    block
}

/// What is around a subblock: `x` is its first column in `rows`.
#[inline(always)]
fn edge_of(rows: &[[u8; 32]; 5], x: usize) -> Edge {
    let mut edge: Edge = [0; 18];
    edge[CORNER..][..9].copy_from_slice(&rows[0][x - 1..][..9]);
    edge[13] = edge[12];
    for k in 0..4 {
        edge[k] = rows[4 - k][x - 1];
    }
    edge
}

/// How thoroughly modes are tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Modes of which the bits are counted.
    pub(super) exact: usize,
    /// Bits that all modes together may have, in 1/256.
    pub(super) header: u64,
    pub(super) trellis: bool,
}

/// The best modes for the subblocks, unless they score no better than `limit`. `pixels` gets what results.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "all of it is needed")]
pub(super) fn choose<S: Simd>(
    simd: S,
    source: &[[u8; 16]; 16],
    texture: &[i16; 16],
    pixels: &mut Pixels,
    segment: &Segment,
    costs: &Costs,
    (above_modes, left_modes): (&[u8; 4], &[u8; 4]),
    (above, left): (&Beside, &Beside),
    limit: u64,
    effort: Effort,
) -> Option<(Luma, Score)> {
    let mut total = Score {
        header: SUBBLOCKS_COST.into(),
        ..Score::default()
    };
    let mut luma = Luma {
        modes: [0; 16],
        second: None,
        blocks: [Levels::default(); 16],
    };
    let (mut above_modes, mut above) = (*above_modes, above.luma);
    let kind = costs.of(LUMA);
    for y in 0..4 {
        let (mut left_mode, mut left) = (left_modes[y], left.luma[y]);
        for x in 0..4 {
            let n = 4 * y + x;
            let costs = &SUBBLOCK_COSTS[usize::from(above_modes[x] % 10)][usize::from(left_mode % 10)];
            let context = usize::from(above[x]) + usize::from(left);
            let Some(rows) = pixels[4 * y..].first_chunk_mut::<5>() else {
                unreachable!("there are seventeen rows");
            };
            let edge = edge_of(rows, AT + 4 * x);
            let mut wanted = [[0; 4]; 4];
            for (wanted, row) in wanted.iter_mut().zip(&source[4 * y..]) {
                wanted.copy_from_slice(&row[4 * x..][..4]);
            }
            let one = subblock(simd, &wanted, &edge, segment, &kind, costs, texture[n], context, effort);
            total.add(&one.score);
            if total.with(segment.lambda.mode) >= limit || total.header > effort.header {
                return None;
            }
            for (row, values) in rows[1..].iter_mut().zip(&one.pixels) {
                row[AT + 4 * x..][..4].copy_from_slice(values);
            }
            let any = one.levels.count > 0;
            (above[x], left) = (any, any);
            (above_modes[x], left_mode) = (one.mode, one.mode);
            luma.modes[n] = one.mode;
            luma.blocks[n] = one.levels;
        }
    }
    Some((luma, total))
}

struct Subblock {
    score: Score,
    mode: u8,
    levels: Levels,
    pixels: [[u8; 4]; 4],
}

/// At most three levels but the first, and a mode other than the mean costs a little more.
const FLAT_PENALTY: u16 = 140;

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "all of it is needed")]
fn subblock<S: Simd>(
    simd: S,
    wanted: &[[u8; 4]; 4],
    edge: &Edge,
    segment: &Segment,
    kind: &super::costs::Kind<'_>,
    costs: &[u16; 10],
    texture: i16,
    context: usize,
    effort: Effort,
) -> Subblock {
    let mut source = [i16x16::splat(simd, 0); 16];
    for (lanes, &pixel) in source.iter_mut().zip(wanted.as_flattened()) {
        *lanes = i16x16::splat(simd, pixel.into());
    }
    let rows = predictions(simd, edge);
    let predicted = transpose(simd, &rows);
    let mut block = subtract(simd, &source, &predicted);
    lanes::forward(simd, &mut block);
    let (mut coefficients, mut stored) = ([[0; 16]; 16], [[0; 16]; 16]);
    if effort.trellis {
        lanes::store(&block, &mut coefficients);
    }
    let lanes::Found { masks, rates } = lanes::quantise(simd, &mut block, &segment.luma, &mut stored);
    lanes::inverse(simd, &mut block);
    lanes::add(simd, &mut block, &predicted);
    let squares = lanes::squares(simd, &source, &block);
    let changes = (lanes::texture(simd, &block) - texture).abs();
    let lambda = segment.lambda.subblock;
    // Those with few levels but the first.
    let penalties = masks.map(|mask| {
        let without = |mask: u16| mask & mask.wrapping_sub(1);
        if without(without(without(mask >> 1))) == 0 {
            FLAT_PENALTY
        } else {
            0
        }
    });
    let score = |mode: usize| Score {
        difference: squares[mode].into(),
        texture: (changes.as_slice()[mode] as u64 * u64::from(segment.lambda.texture)) >> 6,
        header: costs[mode].into(),
        rate: if mode > 0 { penalties[mode].into() } else { 0 },
    };
    // The best by a guess of the bits, in the higher bits; then the modes.
    let mut guesses = [0; 10];
    for (mode, guess) in guesses.iter_mut().enumerate() {
        let penalty = if mode > 0 { penalties[mode] } else { 0 };
        let rate = u32::from(penalty + costs[mode]) + 8 * rates[mode] as u32;
        let texture = (changes.as_slice()[mode] as u32 * segment.lambda.texture) >> 6;
        let difference = u64::from(squares[mode] + texture);
        *guess = (u64::from(rate) * u64::from(lambda) + 256 * difference) << 4 | mode as u64;
    }
    let mut best = (u64::MAX, 0, Score::default());
    for _ in 0..effort.exact {
        let least = guesses.iter().fold(u64::MAX, |least, &guess| least.min(guess));
        if least == u64::MAX {
            break;
        }
        let mode = (least & 15) as usize;
        guesses[mode % 10] = u64::MAX;
        let mut score = score(mode);
        if score.with(lambda) >= best.0 {
            continue;
        }
        let count = 16 - masks[mode].leading_zeros() as usize;
        let rate = kind.block(|n| stored[n & 15][mode], 0, count, context);
        score.rate += u64::from(rate);
        let sum = score.with(lambda);
        if sum < best.0 {
            best = (sum, mode, score);
        }
    }
    let (_, mode, score) = best;
    let mut result = [[0; 4]; 4];
    let levels = if effort.trellis {
        let raw = ZIGZAG.map(|place| coefficients[usize::from(place)][mode]);
        let levels = trellis::quantise(&raw, 0, context, kind, &segment.luma, segment.lambda.trellis_subblock);
        let predicted = rows[mode].as_slice().as_chunks::<4>().0;
        let mut more = [[0; 4]; 4];
        if levels.count > 0 {
            let mut restored = [0; 16];
            for ((&place, &level), &step) in ZIGZAG.iter().zip(&levels.levels).zip(&segment.luma.steps) {
                restored[usize::from(place)] = level * step;
            }
            more = transform::inverse(&restored);
        }
        for ((result, predicted), more) in result.iter_mut().zip(predicted).zip(&more) {
            for ((pixel, &predicted), &more) in result.iter_mut().zip(predicted).zip(more) {
                *pixel = (i16::from(predicted) + more).clamp(0, 255) as u8;
            }
        }
        levels
    } else {
        for (pixel, lanes) in result.as_flattened_mut().iter_mut().zip(&block) {
            *pixel = lanes.as_slice()[mode] as u8;
        }
        Levels::of(&stored, mode, masks[mode])
    };
    Subblock {
        score,
        mode: mode as u8,
        levels,
        pixels: result,
    }
}

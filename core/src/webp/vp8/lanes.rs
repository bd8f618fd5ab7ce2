//! Sixteen blocks of 4×4 at a time: each of the sixteen vectors has the same pixel, or coefficient, of every block.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x16, u8x16};

/// Row by row; a vector's lanes are the blocks.
pub(in crate::webp) type Block<S> = [i16x16<S>; 16];

/// The same in memory.
pub(in crate::webp) type Stored = [[i16; 16]; 16];

/// The upper halves of the products.
#[inline(always)]
pub(in crate::webp) fn high<S: Simd>(simd: S, a: i16x16<S>, factor: i16) -> i16x16<S> {
    let mut out = [0; 16];
    for (out, &a) in out.iter_mut().zip(a.as_slice()) {
        *out = ((i32::from(a) * i32::from(factor)) >> 16) as i16;
    }
    out.simd_into(simd)
}

#[inline(always)]
pub(in crate::webp) fn store<S: Simd>(block: &Block<S>, stored: &mut Stored) {
    for (stored, values) in stored.iter_mut().zip(block) {
        stored.copy_from_slice(values.as_slice());
    }
}

#[inline(always)]
pub(in crate::webp) fn load<S: Simd>(simd: S, stored: &Stored) -> Block<S> {
    let mut block = [i16x16::splat(simd, 0); 16];
    for (block, &stored) in block.iter_mut().zip(stored) {
        *block = stored.simd_into(simd);
    }
    block
}

/// Sixteen bytes as sixteen numbers.
#[inline(always)]
pub(in crate::webp) fn widen<S: Simd>(simd: S, bytes: u8x16<S>) -> i16x16<S> {
    let (low, high) = simd.widen_u8x16(bytes);
    simd.combine_u16x8(low, high).bitcast()
}

/// Sixteen numbers from 0 to 255 as bytes.
#[inline(always)]
pub(in crate::webp) fn narrow<S: Simd>(simd: S, numbers: i16x16<S>) -> u8x16<S> {
    let (low, high) = simd.split_i16x16(numbers);
    simd.narrow_u16x8(low.bitcast(), high.bitcast())
}

/// √2 cos(π/8) less one, and √2 sin(π/8) less one, with 16 fraction bits.
const TURN_COS: i16 = 20091;
const TURN_SIN: i16 = -30068;

#[inline(always)]
fn turn<S: Simd>(simd: S, [a, b, c, d]: [i16x16<S>; 4], bias: i16) -> [i16x16<S>; 4] {
    let a = a + bias;
    let (sum, difference) = (a + c, a - c);
    let turned = (b + high(simd, b, TURN_SIN)) - (d + high(simd, d, TURN_COS));
    let other = (b + high(simd, b, TURN_COS)) + (d + high(simd, d, TURN_SIN));
    [sum + other, difference + turned, difference - turned, sum - other]
}

/// What coefficients add to a prediction, as decoders have it.
#[inline(always)]
pub(in crate::webp) fn inverse<S: Simd>(simd: S, block: &mut Block<S>) {
    for x in 0..4 {
        let column = turn(simd, [block[x], block[4 + x], block[8 + x], block[12 + x]], 0);
        for (y, value) in column.into_iter().enumerate() {
            block[4 * y + x] = value;
        }
    }
    for y in [0, 4, 8, 12] {
        let row = turn(simd, [block[y], block[y + 1], block[y + 2], block[y + 3]], 4);
        for (x, value) in row.into_iter().enumerate() {
            block[y + x] = value >> 3;
        }
    }
}

/// Whether the inverse transform of one of these blocks may need more than 16 bits: each of the two passes makes
/// coefficients larger by a factor of less than 4.
#[inline(always)]
pub(in crate::webp) fn are_large<S: Simd>(simd: S, block: &Block<S>) -> bool {
    let bits = block
        .iter()
        .fold(i16x16::splat(simd, 0), |bits, &value| bits | (value ^ (value >> 15)));
    bits.simd_ge(i16x16::splat(simd, 1 << 11)).any_true()
}

/// The blocks as rows of pixels, four blocks beside each other: four rows for the first four blocks, and so on.
#[inline(always)]
pub(in crate::webp) fn rows<S: Simd>(simd: S, block: &Block<S>, rows: &mut [[i16; 16]]) {
    for y in 0..4 {
        let columns = [0, 1, 2, 3].map(|x| simd.split_i16x16(block[4 * y + x]));
        let halves = [columns.map(|(first, _)| first), columns.map(|(_, second)| second)];
        for (rows, columns) in rows.chunks_mut(8).zip(halves) {
            let mut pixels = [0; 32];
            simd.store_four_interleaved_i16x8(columns, &mut pixels);
            for (k, four) in pixels.as_chunks::<16>().0.iter().enumerate() {
                rows[4 * k + y] = *four;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;
    use crate::webp::vp8::transform;

    fn residual<S: Simd>(simd: S, stored: &Stored) -> (bool, [[i16; 16]; 16]) {
        let mut block = load(simd, stored);
        let large = are_large(simd, &block);
        inverse(simd, &mut block);
        let mut out = [[0; 16]; 16];
        rows(simd, &block, &mut out);
        (large, out)
    }

    #[test]
    fn sixteen_blocks_are_what_they_are_one_by_one() {
        let mut seed = 5u32;
        for round in 0..500 {
            let mut stored: Stored = [[0; 16]; 16];
            for value in stored.as_flattened_mut() {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *value = (seed >> 20) as i16 - 2048;
            }
            if round % 4 == 0 {
                stored[round % 16][seed as usize >> 28] = [2048, -2049, i16::MAX, i16::MIN][round / 4 % 4];
            }
            for level in [Level::new(), Level::baseline()] {
                let (large, rows) = dispatch!(level, simd => residual(simd, &stored));
                assert_eq!(large, round % 4 == 0);
                for lane in 0..16 {
                    let expected = transform::inverse(&stored.map(|lanes| lanes[lane]));
                    for (y, expected) in expected.iter().enumerate() {
                        assert_eq!(rows[lane / 4 * 4 + y][lane % 4 * 4..][..4], *expected);
                    }
                }
            }
        }
    }
}

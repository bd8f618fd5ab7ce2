//! The forward DCT with AVX2: two neighbouring blocks at once, one in each half of the registers.
//!
//! A register holds a row of both blocks. The passes add and multiply whole registers, and the transpose
//! between them never crosses the halves. The arithmetic is that of [`super::fdct::forward`], bit for bit.

use core::arch::x86_64::*;

use fearless_simd::prelude::*;
use fearless_simd::{i16x8, u8x16, x86::Avx2};

use super::fdct::{EVEN, ODD};
use super::quant::Quantiser;
use super::zigzag::Block;

/// Two 16-bit constants as `pmaddwd` expects them: the first is multiplied with the even lanes.
const fn pair(even: i16, odd: i16) -> i32 {
    (even as u16 as i32) | ((odd as i32) << 16)
}

/// One 32-bit dot product of interleaved lanes with constants, rounded, shifted, and packed to 16 bits again.
macro_rules! rounded {
    ($shift:literal, $low:expr, $high:expr) => {{
        let half = _mm256_set1_epi32(1 << ($shift - 1));
        let low = _mm256_srai_epi32::<$shift>(_mm256_add_epi32($low, half));
        let high = _mm256_srai_epi32::<$shift>(_mm256_add_epi32($high, half));
        _mm256_packs_epi32(low, high)
    }};
}

/// An even coefficient other than 0 and 4, from two interleaved inputs.
macro_rules! even {
    ($shift:literal, $constants:expr, $low:ident, $high:ident) => {{
        let constants = _mm256_set1_epi32($constants);
        rounded!(
            $shift,
            _mm256_madd_epi16($low, constants),
            _mm256_madd_epi16($high, constants)
        )
    }};
}

/// An odd coefficient, from two pairs of interleaved inputs.
macro_rules! odd {
    ($shift:literal, $k:literal, $low01:ident, $high01:ident, $low23:ident, $high23:ident) => {{
        let first = _mm256_set1_epi32(pair(ODD[$k][0], ODD[$k][1]));
        let second = _mm256_set1_epi32(pair(ODD[$k][2], ODD[$k][3]));
        rounded!(
            $shift,
            _mm256_add_epi32(_mm256_madd_epi16($low01, first), _mm256_madd_epi16($low23, second)),
            _mm256_add_epi32(_mm256_madd_epi16($high01, first), _mm256_madd_epi16($high23, second))
        )
    }};
}

/// Coefficients 0 and 4 after the first pass: at the scale of the others.
macro_rules! scaled_up {
    ($sum:expr) => {
        _mm256_slli_epi16::<2>($sum)
    };
}

/// Coefficients 0 and 4 after the second pass.
macro_rules! scaled_down {
    ($sum:expr) => {
        _mm256_srai_epi16::<2>(_mm256_add_epi16($sum, _mm256_set1_epi16(2)))
    };
}

/// A row of samples of two blocks, centred on 0.
macro_rules! samples {
    ($avx2:expr, $row:expr, $x:expr) => {{
        let bytes: __m128i = u8x16::from_slice($avx2, &$row[$x..$x + 16]).into();
        _mm256_sub_epi16(_mm256_cvtepu8_epi16(bytes), _mm256_set1_epi16(128))
    }};
}

/// Eight values of a table, for both blocks.
macro_rules! both {
    ($avx2:expr, $table:expr, $i:expr) => {{
        let half: __m128i = i16x8::from_slice($avx2, &$table[8 * $i..8 * $i + 8]).into();
        _mm256_broadcastsi128_si256(half)
    }};
}

/// A one-dimensional transform down each of the 16 columns.
macro_rules! pass {
    ($shift:literal, $dc:ident, $r:expr) => {{
        let r: [__m256i; 8] = $r;
        let s0 = _mm256_add_epi16(r[0], r[7]);
        let s1 = _mm256_add_epi16(r[1], r[6]);
        let s2 = _mm256_add_epi16(r[2], r[5]);
        let s3 = _mm256_add_epi16(r[3], r[4]);
        let d0 = _mm256_sub_epi16(r[0], r[7]);
        let d1 = _mm256_sub_epi16(r[1], r[6]);
        let d2 = _mm256_sub_epi16(r[2], r[5]);
        let d3 = _mm256_sub_epi16(r[3], r[4]);
        let (a, b) = (_mm256_add_epi16(s0, s3), _mm256_add_epi16(s1, s2));
        let (c, d) = (_mm256_sub_epi16(s0, s3), _mm256_sub_epi16(s1, s2));
        let (cd_low, cd_high) = (_mm256_unpacklo_epi16(c, d), _mm256_unpackhi_epi16(c, d));
        let (low01, high01) = (_mm256_unpacklo_epi16(d0, d1), _mm256_unpackhi_epi16(d0, d1));
        let (low23, high23) = (_mm256_unpacklo_epi16(d2, d3), _mm256_unpackhi_epi16(d2, d3));
        [
            $dc!(_mm256_add_epi16(a, b)),
            odd!($shift, 0, low01, high01, low23, high23),
            even!($shift, pair(EVEN[0], EVEN[1]), cd_low, cd_high),
            odd!($shift, 1, low01, high01, low23, high23),
            $dc!(_mm256_sub_epi16(a, b)),
            odd!($shift, 2, low01, high01, low23, high23),
            even!($shift, pair(EVEN[1], -EVEN[0]), cd_low, cd_high),
            odd!($shift, 3, low01, high01, low23, high23),
        ]
    }};
}

/// Transposes the 8×8 block in each half.
macro_rules! transposed {
    ($r:expr) => {{
        let r: [__m256i; 8] = $r;
        let a0 = _mm256_unpacklo_epi16(r[0], r[1]);
        let a1 = _mm256_unpackhi_epi16(r[0], r[1]);
        let a2 = _mm256_unpacklo_epi16(r[2], r[3]);
        let a3 = _mm256_unpackhi_epi16(r[2], r[3]);
        let a4 = _mm256_unpacklo_epi16(r[4], r[5]);
        let a5 = _mm256_unpackhi_epi16(r[4], r[5]);
        let a6 = _mm256_unpacklo_epi16(r[6], r[7]);
        let a7 = _mm256_unpackhi_epi16(r[6], r[7]);
        let b0 = _mm256_unpacklo_epi32(a0, a2);
        let b1 = _mm256_unpackhi_epi32(a0, a2);
        let b2 = _mm256_unpacklo_epi32(a1, a3);
        let b3 = _mm256_unpackhi_epi32(a1, a3);
        let b4 = _mm256_unpacklo_epi32(a4, a6);
        let b5 = _mm256_unpackhi_epi32(a4, a6);
        let b6 = _mm256_unpacklo_epi32(a5, a7);
        let b7 = _mm256_unpackhi_epi32(a5, a7);
        [
            _mm256_unpacklo_epi64(b0, b4),
            _mm256_unpackhi_epi64(b0, b4),
            _mm256_unpacklo_epi64(b1, b5),
            _mm256_unpackhi_epi64(b1, b5),
            _mm256_unpacklo_epi64(b2, b6),
            _mm256_unpackhi_epi64(b2, b6),
            _mm256_unpacklo_epi64(b3, b7),
            _mm256_unpackhi_epi64(b3, b7),
        ]
    }};
}

/// Loads two blocks and transforms them.
macro_rules! two_blocks {
    ($avx2:expr, $rows:expr, $x:expr) => {{
        let [r0, r1, r2, r3, r4, r5, r6, r7] = *$rows;
        let samples = [
            samples!($avx2, r0, $x),
            samples!($avx2, r1, $x),
            samples!($avx2, r2, $x),
            samples!($avx2, r3, $x),
            samples!($avx2, r4, $x),
            samples!($avx2, r5, $x),
            samples!($avx2, r6, $x),
            samples!($avx2, r7, $x),
        ];
        let columns = pass!(11, scaled_up, samples);
        pass!(15, scaled_down, transposed!(columns))
    }};
}

/// Stores two blocks, and one bit for each nonzero coefficient.
macro_rules! store {
    ($avx2:expr, $lines:expr, $blocks:expr, $masks:expr) => {{
        let lines: [__m256i; 8] = $lines;
        let (mut first, mut second) = (0u64, 0u64);
        for i in 0..8 {
            let low: i16x8<Avx2> = _mm256_castsi256_si128(lines[i]).simd_into($avx2);
            let high: i16x8<Avx2> = _mm256_extracti128_si256::<1>(lines[i]).simd_into($avx2);
            low.store_slice(&mut $blocks[0][8 * i..8 * i + 8]);
            high.store_slice(&mut $blocks[1][8 * i..8 * i + 8]);
        }
        for i in 0..4 {
            let bytes = _mm256_packs_epi16(lines[2 * i], lines[2 * i + 1]);
            let zero = _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256())) as u32;
            first |= u64::from(!zero & 0xffff) << (16 * i);
            second |= u64::from(!zero >> 16) << (16 * i);
        }
        $masks[0] = first;
        $masks[1] = second;
    }};
}

fearless_simd::kernel!(
    /// Transforms and quantises pairs of blocks; leaves an odd one at the end. `masks` get one bit for each
    /// nonzero coefficient, in the order of the block.
    pub(super) fn transform_quantise(
        avx2: Avx2,
        rows: &[&[u8]; 8],
        quantiser: &Quantiser,
        blocks: &mut [Block],
        masks: &mut [u64],
    ) {
        let pairs = blocks.chunks_exact_mut(2).zip(masks.chunks_exact_mut(2));
        for (index, (blocks, masks)) in pairs.enumerate() {
            let lines = two_blocks!(avx2, rows, 16 * index);
            let mut quantised = lines;
            for i in 0..8 {
                let sum = _mm256_add_epi16(_mm256_abs_epi16(lines[i]), both!(avx2, quantiser.bias, i));
                let product = _mm256_mulhi_epu16(sum, both!(avx2, quantiser.reciprocal, i));
                let magnitude = _mm256_mulhi_epu16(product, both!(avx2, quantiser.scale, i));
                quantised[i] = _mm256_sign_epi16(magnitude, lines[i]);
            }
            store!(avx2, quantised, blocks, masks);
        }
    }
);

fearless_simd::kernel!(
    /// Transforms pairs of blocks; leaves an odd one at the end. `masks` as in [`transform_quantise`].
    pub(super) fn transform(avx2: Avx2, rows: &[&[u8]; 8], blocks: &mut [Block], masks: &mut [u64]) {
        let pairs = blocks.chunks_exact_mut(2).zip(masks.chunks_exact_mut(2));
        for (index, (blocks, masks)) in pairs.enumerate() {
            let lines = two_blocks!(avx2, rows, 16 * index);
            store!(avx2, lines, blocks, masks);
        }
    }
);

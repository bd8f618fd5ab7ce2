//! Blocks of 2×2 samples with SSE: eight at once.

use super::scalar;

fearless_simd::kernel!(
    /// Blocks lie side by side, four coefficients each.
    pub(super) fn twos(
        sse: Sse4_2,
        coefficients: &[i16],
        quant: &[i16; 64],
        count: usize,
        out: &mut [u8],
        out_stride: usize,
    ) {
        use core::arch::x86_64::{
            __m128i, _mm_adds_epi16 as add, _mm_hadds_epi16 as sums, _mm_hsubs_epi16 as differences,
            _mm_mullo_epi16 as mul, _mm_packs_epi16 as pack, _mm_set1_epi8 as set8, _mm_set1_epi16 as set16,
            _mm_shuffle_epi8 as shuffle, _mm_srai_epi16 as sra, _mm_xor_si128 as xor,
        };
        let [a, b, c, d, ..] = *quant;
        let steps: __m128i = bytemuck::cast([a, b, c, d, a, b, c, d]);
        let turns: __m128i = bytemuck::cast(TURNS);
        let (half, middle) = (set16(4), set8(-128));
        let whole = count / 8;
        let (top, bottom) = out.split_at_mut(out_stride);
        let rows = top[..16 * whole]
            .as_chunks_mut::<16>()
            .0
            .iter_mut()
            .zip(bottom[..16 * whole].as_chunks_mut::<16>().0);
        for ((top, bottom), blocks) in rows.zip(coefficients.as_chunks::<32>().0) {
            let [x0, x1, x2, x3] = bytemuck::cast::<[i16; 32], [__m128i; 4]>(*blocks);
            let (x0, x1, x2, x3) = (mul(x0, steps), mul(x1, steps), mul(x2, steps), mul(x3, steps));
            // Left and right columns, of upper and lower frequencies in turn; then upper and lower rows.
            let left = (sums(x0, x1), sums(x2, x3));
            let right = (differences(x0, x1), differences(x2, x3));
            let upper = (sums(left.0, left.1), sums(right.0, right.1));
            let lower = (differences(left.0, left.1), differences(right.0, right.1));
            let upper = pack(sra::<3>(add(upper.0, half)), sra::<3>(add(upper.1, half)));
            let lower = pack(sra::<3>(add(lower.0, half)), sra::<3>(add(lower.1, half)));
            *top = bytemuck::cast(xor(shuffle(upper, turns), middle));
            *bottom = bytemuck::cast(xor(shuffle(lower, turns), middle));
        }
        if !count.is_multiple_of(8) {
            let (rest, out) = (&coefficients[32 * whole..], &mut out[16 * whole..]);
            scalar::twos(rest, 4, quant, count % 8, out, out_stride);
        }
    }
);

/// Interleaves eight left and eight right samples.
const TURNS: [u8; 16] = [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15];

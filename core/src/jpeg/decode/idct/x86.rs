//! The inverse DCT with SSE and AVX2: one body for both, because AVX2 does the same on twice the width.
//!
//! A 128-bit lane holds a block: row `r` of it in register `r`. Pairs of rows go through `pmaddwd`, which keeps
//! 32 bits of the sums.

use core::arch::x86_64::__m128i;

use super::CORNER;
use super::scalar::{C1, C2, C3, C5, C6, C7, FIRST_ROUND, FIRST_SHIFT, ONE, SECOND_ROUND, SECOND_SHIFT, flat};

/// Two factors for `pmaddwd`, side by side.
const fn pair(a: i32, b: i32) -> i32 {
    (a as u16 as u32 | (b as u16 as u32) << 16) as i32
}

/// Half the columns of a one-dimensional pass: eight numbers with 32 bits each.
/// Takes rows that are interleaved in pairs: (0, 4), (2, 6), (1, 3), (5, 7).
macro_rules! half8 {
    ($p04:expr, $p26:expr, $p13:expr, $p57:expr, $round:expr, $shift:ident) => {{
        let (p04, p26, p13, p57) = ($p04, $p26, $p13, $p57);
        let sum = add32(madd(p04, set32(pair(ONE, ONE))), $round);
        let difference = add32(madd(p04, set32(pair(ONE, -ONE))), $round);
        let (outer, inner) = (madd(p26, set32(pair(C2, C6))), madd(p26, set32(pair(C6, -C2))));
        let even = [
            add32(sum, outer),
            add32(difference, inner),
            sub32(difference, inner),
            sub32(sum, outer),
        ];
        let odd = [
            add32(madd(p13, set32(pair(C1, C3))), madd(p57, set32(pair(C5, C7)))),
            add32(madd(p13, set32(pair(C3, -C7))), madd(p57, set32(pair(-C1, -C5)))),
            add32(madd(p13, set32(pair(C5, -C1))), madd(p57, set32(pair(C7, C3)))),
            add32(madd(p13, set32(pair(C7, -C5))), madd(p57, set32(pair(C3, -C1)))),
        ];
        butterfly8!(even, odd, $shift)
    }};
}

/// The same where rows 4 to 7 are zero. Takes the pairs (0, 2) and (1, 3).
macro_rules! half8_corner {
    ($p02:expr, $p13:expr, $round:expr, $shift:ident) => {{
        let (p02, p13) = ($p02, $p13);
        let even = [
            add32(madd(p02, set32(pair(ONE, C2))), $round),
            add32(madd(p02, set32(pair(ONE, C6))), $round),
            add32(madd(p02, set32(pair(ONE, -C6))), $round),
            add32(madd(p02, set32(pair(ONE, -C2))), $round),
        ];
        let odd = [
            madd(p13, set32(pair(C1, C3))),
            madd(p13, set32(pair(C3, -C7))),
            madd(p13, set32(pair(C5, -C1))),
            madd(p13, set32(pair(C7, -C5))),
        ];
        butterfly8!(even, odd, $shift)
    }};
}

macro_rules! butterfly8 {
    ($even:ident, $odd:ident, $shift:ident) => {
        [
            sra32::<$shift>(add32($even[0], $odd[0])),
            sra32::<$shift>(add32($even[1], $odd[1])),
            sra32::<$shift>(add32($even[2], $odd[2])),
            sra32::<$shift>(add32($even[3], $odd[3])),
            sra32::<$shift>(sub32($even[3], $odd[3])),
            sra32::<$shift>(sub32($even[2], $odd[2])),
            sra32::<$shift>(sub32($even[1], $odd[1])),
            sra32::<$shift>(sub32($even[0], $odd[0])),
        ]
    };
}

macro_rules! pass8 {
    ($x:expr, $round:expr, $shift:ident) => {{
        let x = $x;
        let low = half8!(
            unpacklo16(x[0], x[4]),
            unpacklo16(x[2], x[6]),
            unpacklo16(x[1], x[3]),
            unpacklo16(x[5], x[7]),
            $round,
            $shift
        );
        let high = half8!(
            unpackhi16(x[0], x[4]),
            unpackhi16(x[2], x[6]),
            unpackhi16(x[1], x[3]),
            unpackhi16(x[5], x[7]),
            $round,
            $shift
        );
        pack8!(low, high)
    }};
}

macro_rules! pack8 {
    ($low:ident, $high:ident) => {
        [
            packs32($low[0], $high[0]),
            packs32($low[1], $high[1]),
            packs32($low[2], $high[2]),
            packs32($low[3], $high[3]),
            packs32($low[4], $high[4]),
            packs32($low[5], $high[5]),
            packs32($low[6], $high[6]),
            packs32($low[7], $high[7]),
        ]
    };
}

/// Transposes 8×8 numbers.
macro_rules! transpose8 {
    ($x:expr) => {{
        let x = $x;
        let a = [
            unpacklo16(x[0], x[1]),
            unpacklo16(x[2], x[3]),
            unpacklo16(x[4], x[5]),
            unpacklo16(x[6], x[7]),
            unpackhi16(x[0], x[1]),
            unpackhi16(x[2], x[3]),
            unpackhi16(x[4], x[5]),
            unpackhi16(x[6], x[7]),
        ];
        let b = [
            unpacklo32(a[0], a[1]),
            unpackhi32(a[0], a[1]),
            unpacklo32(a[2], a[3]),
            unpackhi32(a[2], a[3]),
            unpacklo32(a[4], a[5]),
            unpackhi32(a[4], a[5]),
            unpacklo32(a[6], a[7]),
            unpackhi32(a[6], a[7]),
        ];
        [
            unpacklo64(b[0], b[2]),
            unpackhi64(b[0], b[2]),
            unpacklo64(b[1], b[3]),
            unpackhi64(b[1], b[3]),
            unpacklo64(b[4], b[6]),
            unpackhi64(b[4], b[6]),
            unpacklo64(b[5], b[7]),
            unpackhi64(b[5], b[7]),
        ]
    }};
}

/// Both passes over a block whose rows are `$x`; returns its rows as bytes, two per register.
macro_rules! block8 {
    ($x:expr) => {{
        let (first, second) = (set32(FIRST_ROUND), set32(SECOND_ROUND));
        let between = transpose8!(pass8!($x, first, FIRST_SHIFT));
        bytes8!(pass8!(between, second, SECOND_SHIFT))
    }};
}

/// The same if only the four lowest coefficients of the four lowest rows may be nonzero.
macro_rules! block8_corner {
    ($x:expr) => {{
        let x = $x;
        let (first, second) = (set32(FIRST_ROUND), set32(SECOND_ROUND));
        let y = half8_corner!(unpacklo16(x[0], x[2]), unpacklo16(x[1], x[3]), first, FIRST_SHIFT);
        // Columns 0 to 3 of the rows (0, 4), (1, 5), (2, 6), (3, 7), four numbers each.
        let y = [
            packs32(y[0], y[4]),
            packs32(y[1], y[5]),
            packs32(y[2], y[6]),
            packs32(y[3], y[7]),
        ];
        let a = [
            unpacklo16(y[0], y[1]),
            unpacklo16(y[2], y[3]),
            unpackhi16(y[0], y[1]),
            unpackhi16(y[2], y[3]),
        ];
        // Columns (0, 1) and (2, 3) of the upper rows, then of the lower ones.
        let b = [
            unpacklo32(a[0], a[1]),
            unpackhi32(a[0], a[1]),
            unpacklo32(a[2], a[3]),
            unpackhi32(a[2], a[3]),
        ];
        let low = half8_corner!(unpacklo16(b[0], b[1]), unpackhi16(b[0], b[1]), second, SECOND_SHIFT);
        let high = half8_corner!(unpacklo16(b[2], b[3]), unpackhi16(b[2], b[3]), second, SECOND_SHIFT);
        bytes8!(pack8!(low, high))
    }};
}

/// Turns columns of 16-bit numbers into rows of bytes, two rows per register.
macro_rules! bytes8 {
    ($x:expr) => {{
        let x = $x;
        let (a02, a13) = (packus16(x[0], x[2]), packus16(x[1], x[3]));
        let (a46, a57) = (packus16(x[4], x[6]), packus16(x[5], x[7]));
        let (b01, b23) = (unpacklo8(a02, a13), unpackhi8(a02, a13));
        let (b45, b67) = (unpacklo8(a46, a57), unpackhi8(a46, a57));
        let (left_top, left_bottom) = (unpacklo16(b01, b23), unpackhi16(b01, b23));
        let (right_top, right_bottom) = (unpacklo16(b45, b67), unpackhi16(b45, b67));
        [
            unpacklo32(left_top, right_top),
            unpackhi32(left_top, right_top),
            unpacklo32(left_bottom, right_bottom),
            unpackhi32(left_bottom, right_bottom),
        ]
    }};
}

/// Both passes over 4×4 blocks, two per lane: register `r` has row `r` of both.
/// Each register of the result has one block, as bytes, row by row.
macro_rules! block4 {
    ($x:expr, $by_rows:expr) => {{
        let x = $x;
        let (first, second) = (set32(FIRST_ROUND), set32(SECOND_ROUND));
        let one = half4!(unpacklo16(x[0], x[2]), unpacklo16(x[1], x[3]), first, FIRST_SHIFT);
        let two = half4!(unpackhi16(x[0], x[2]), unpackhi16(x[1], x[3]), first, FIRST_SHIFT);
        [rows4!(one, second, $by_rows), rows4!(two, second, $by_rows)]
    }};
}

macro_rules! half4 {
    ($p02:expr, $p13:expr, $round:expr, $shift:ident) => {{
        let (p02, p13) = ($p02, $p13);
        let sum = add32(madd(p02, set32(pair(ONE, ONE))), $round);
        let difference = add32(madd(p02, set32(pair(ONE, -ONE))), $round);
        let (outer, inner) = (madd(p13, set32(pair(C2, C6))), madd(p13, set32(pair(C6, -C2))));
        [
            sra32::<$shift>(add32(sum, outer)),
            sra32::<$shift>(add32(difference, inner)),
            sra32::<$shift>(sub32(difference, inner)),
            sra32::<$shift>(sub32(sum, outer)),
        ]
    }};
}

/// The second pass over one block, and its samples in order.
macro_rules! rows4 {
    ($y:ident, $round:expr, $by_rows:expr) => {{
        let (upper, lower) = (packs32($y[0], $y[1]), packs32($y[2], $y[3]));
        // The numbers of rows 0 and 2, and of 1 and 3, then of all: columns 0, 1 and columns 2, 3.
        let (even, odd) = (unpacklo16(upper, lower), unpackhi16(upper, lower));
        let (left, right) = (unpacklo16(even, odd), unpackhi16(even, odd));
        let z = half4!(unpacklo16(left, right), unpackhi16(left, right), $round, SECOND_SHIFT);
        let columns = packus16(packs32(z[0], z[1]), packs32(z[2], z[3]));
        shuffle8(columns, $by_rows)
    }};
}

fearless_simd::kernel!(
    pub(super) fn eight_avx2(
        avx2: Avx2,
        coefficients: &[i16],
        stride: usize,
        quant: &[i16; 64],
        lasts: &[u8],
        out: &mut [u8],
        out_stride: usize,
    ) {
        use core::arch::x86_64::{
            __m256i, _mm256_add_epi32 as add32, _mm256_broadcastsi128_si256 as both, _mm256_madd_epi16 as madd,
            _mm256_mullo_epi16 as mul16, _mm256_packs_epi32 as packs32, _mm256_packus_epi16 as packus16,
            _mm256_permute4x64_epi64 as permute64, _mm256_set_m128i as lanes, _mm256_set1_epi32 as set32,
            _mm256_srai_epi32 as sra32, _mm256_sub_epi32 as sub32, _mm256_unpackhi_epi8 as unpackhi8,
            _mm256_unpackhi_epi16 as unpackhi16, _mm256_unpackhi_epi32 as unpackhi32,
            _mm256_unpackhi_epi64 as unpackhi64, _mm256_unpacklo_epi8 as unpacklo8,
            _mm256_unpacklo_epi16 as unpacklo16, _mm256_unpacklo_epi32 as unpacklo32,
            _mm256_unpacklo_epi64 as unpacklo64,
        };
        let [r0, r1, r2, r3, r4, r5, r6, r7] = rows::<8>(out, out_stride, 8 * lasts.len());
        let mut rows = [r0, r1, r2, r3, r4, r5, r6, r7].map(|row| row.as_chunks_mut::<16>());
        for (index, lasts) in lasts.chunks(2).enumerate() {
            let a = eight_rows(&coefficients[2 * index * stride..]);
            // A block without a neighbour is paired with itself.
            let b = if lasts.len() == 2 {
                eight_rows(&coefficients[(2 * index + 1) * stride..])
            } else {
                a
            };
            let most = if let &[a, b] = lasts { a.max(b) } else { lasts[0] };
            let samples: [[u8; 16]; 8] = if most == 0 {
                let mut row = [flat(a[0][0], quant[0]); 16];
                row[8..].fill(flat(b[0][0], quant[0]));
                [row; 8]
            } else {
                let row = |row: usize| -> __m256i {
                    let quant = both(bytemuck::cast(eight_rows(quant)[row]));
                    mul16(lanes(bytemuck::cast(b[row]), bytemuck::cast(a[row])), quant)
                };
                let [r01, r23, r45, r67] = if most <= CORNER {
                    block8_corner!([row(0), row(1), row(2), row(3)])
                } else {
                    block8!([row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7)])
                };
                bytemuck::cast([
                    permute64::<0b11_01_10_00>(r01),
                    permute64::<0b11_01_10_00>(r23),
                    permute64::<0b11_01_10_00>(r45),
                    permute64::<0b11_01_10_00>(r67),
                ])
            };
            for ((pairs, rest), samples) in rows.iter_mut().zip(&samples) {
                match pairs.get_mut(index) {
                    Some(pair) => *pair = *samples,
                    None => rest.copy_from_slice(&samples[..rest.len()]),
                }
            }
        }
    }
);

fearless_simd::kernel!(
    pub(super) fn eight_sse(
        sse: Sse4_2,
        coefficients: &[i16],
        stride: usize,
        quant: &[i16; 64],
        lasts: &[u8],
        out: &mut [u8],
        out_stride: usize,
    ) {
        use core::arch::x86_64::{
            _mm_add_epi32 as add32, _mm_madd_epi16 as madd, _mm_mullo_epi16 as mul16, _mm_packs_epi32 as packs32,
            _mm_packus_epi16 as packus16, _mm_set1_epi32 as set32, _mm_srai_epi32 as sra32, _mm_sub_epi32 as sub32,
            _mm_unpackhi_epi8 as unpackhi8, _mm_unpackhi_epi16 as unpackhi16, _mm_unpackhi_epi32 as unpackhi32,
            _mm_unpackhi_epi64 as unpackhi64, _mm_unpacklo_epi8 as unpacklo8, _mm_unpacklo_epi16 as unpacklo16,
            _mm_unpacklo_epi32 as unpacklo32, _mm_unpacklo_epi64 as unpacklo64,
        };
        for (index, &last) in lasts.iter().enumerate() {
            let block = eight_rows(&coefficients[index * stride..]);
            let out = &mut out[8 * index..];
            if last == 0 {
                let sample = flat(block[0][0], quant[0]);
                for row in 0..8 {
                    out[row * out_stride..][..8].fill(sample);
                }
                continue;
            }
            let row =
                |row: usize| -> __m128i { mul16(bytemuck::cast(block[row]), bytemuck::cast(eight_rows(quant)[row])) };
            let rows = if last <= CORNER {
                block8_corner!([row(0), row(1), row(2), row(3)])
            } else {
                block8!([row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7)])
            };
            for (two, rows) in rows.into_iter().enumerate() {
                let rows: [[u8; 8]; 2] = bytemuck::cast(rows);
                out[2 * two * out_stride..][..8].copy_from_slice(&rows[0]);
                out[(2 * two + 1) * out_stride..][..8].copy_from_slice(&rows[1]);
            }
        }
    }
);

fearless_simd::kernel!(
    pub(super) fn four_avx2(
        avx2: Avx2,
        coefficients: &[i16],
        stride: usize,
        quant: &[i16; 64],
        lasts: &[u8],
        out: &mut [u8],
        out_stride: usize,
    ) {
        use core::arch::x86_64::{
            __m256i, _mm256_add_epi32 as add32, _mm256_broadcastsi128_si256 as both, _mm256_madd_epi16 as madd,
            _mm256_mullo_epi16 as mul16, _mm256_packs_epi32 as packs32, _mm256_packus_epi16 as packus16,
            _mm256_permute4x64_epi64 as permute64, _mm256_set_m128i as lanes, _mm256_set1_epi32 as set32,
            _mm256_shuffle_epi8 as shuffle8, _mm256_srai_epi32 as sra32, _mm256_sub_epi32 as sub32,
            _mm256_unpackhi_epi16 as unpackhi16, _mm256_unpackhi_epi32 as unpackhi32,
            _mm256_unpackhi_epi64 as unpackhi64, _mm256_unpacklo_epi16 as unpacklo16,
            _mm256_unpacklo_epi32 as unpacklo32, _mm256_unpacklo_epi64 as unpacklo64,
        };
        let by_rows = both(bytemuck::cast(BY_ROWS));
        let upper_quant: __m256i = both(bytemuck::cast::<[i16; 8], __m128i>(*four_rows(quant)[0]));
        let lower_quant: __m256i = both(bytemuck::cast::<[i16; 8], __m128i>(*four_rows(quant)[1]));
        let mut rows = rows::<4>(out, out_stride, 4 * lasts.len()).map(|row| row.as_chunks_mut::<16>());
        for index in 0..lasts.len().div_ceil(4) {
            let block = |place: usize| -> [__m128i; 2] {
                // Zeros stand in for missing blocks.
                let [upper, lower] = four_rows(coefficients.get((4 * index + place) * stride..).unwrap_or(&[]));
                [bytemuck::cast(*upper), bytemuck::cast(*lower)]
            };
            let (a, b, c, d) = (block(0), block(1), block(2), block(3));
            let (a_upper, a_lower) = (
                mul16(lanes(c[0], a[0]), upper_quant),
                mul16(lanes(c[1], a[1]), lower_quant),
            );
            let (b_upper, b_lower) = (
                mul16(lanes(d[0], b[0]), upper_quant),
                mul16(lanes(d[1], b[1]), lower_quant),
            );
            let [ac, bd] = block4!(
                [
                    unpacklo64(a_upper, b_upper),
                    unpackhi64(a_upper, b_upper),
                    unpacklo64(a_lower, b_lower),
                    unpackhi64(a_lower, b_lower),
                ],
                by_rows
            );
            let samples: [[u8; 16]; 4] = bytemuck::cast([
                permute64::<0b11_01_10_00>(unpacklo32(ac, bd)),
                permute64::<0b11_01_10_00>(unpackhi32(ac, bd)),
            ]);
            for ((fours, rest), samples) in rows.iter_mut().zip(&samples) {
                match fours.get_mut(index) {
                    Some(four) => *four = *samples,
                    None => rest.copy_from_slice(&samples[..rest.len()]),
                }
            }
        }
    }
);

fearless_simd::kernel!(
    pub(super) fn four_sse(
        sse: Sse4_2,
        coefficients: &[i16],
        stride: usize,
        quant: &[i16; 64],
        lasts: &[u8],
        out: &mut [u8],
        out_stride: usize,
    ) {
        use core::arch::x86_64::{
            _mm_add_epi32 as add32, _mm_madd_epi16 as madd, _mm_mullo_epi16 as mul16, _mm_packs_epi32 as packs32,
            _mm_packus_epi16 as packus16, _mm_set1_epi32 as set32, _mm_shuffle_epi8 as shuffle8,
            _mm_srai_epi32 as sra32, _mm_sub_epi32 as sub32, _mm_unpackhi_epi16 as unpackhi16,
            _mm_unpackhi_epi32 as unpackhi32, _mm_unpackhi_epi64 as unpackhi64, _mm_unpacklo_epi16 as unpacklo16,
            _mm_unpacklo_epi32 as unpacklo32, _mm_unpacklo_epi64 as unpacklo64,
        };
        let by_rows: __m128i = bytemuck::cast(BY_ROWS);
        let upper_quant: __m128i = bytemuck::cast(*four_rows(quant)[0]);
        let lower_quant: __m128i = bytemuck::cast(*four_rows(quant)[1]);
        for (index, lasts) in lasts.chunks(2).enumerate() {
            let block = |place: usize| -> [__m128i; 2] {
                let block = 2 * index + place.min(lasts.len() - 1);
                let [upper, lower] = four_rows(&coefficients[block * stride..]);
                [
                    mul16(bytemuck::cast(*upper), upper_quant),
                    mul16(bytemuck::cast(*lower), lower_quant),
                ]
            };
            let (a, b) = (block(0), block(1));
            let [a, b] = block4!(
                [
                    unpacklo64(a[0], b[0]),
                    unpackhi64(a[0], b[0]),
                    unpacklo64(a[1], b[1]),
                    unpackhi64(a[1], b[1]),
                ],
                by_rows
            );
            let width = 4 * lasts.len();
            for (two, rows) in [unpacklo32(a, b), unpackhi32(a, b)].into_iter().enumerate() {
                let rows: [[u8; 8]; 2] = bytemuck::cast(rows);
                for (row, bytes) in rows.iter().enumerate() {
                    let out = &mut out[(2 * two + row) * out_stride + 8 * index..];
                    out[..width].copy_from_slice(&bytes[..width]);
                }
            }
        }
    }
);

/// Reorders 4×4 samples from column-major to row-major.
const BY_ROWS: [u8; 16] = [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15];

/// The first `N` rows of samples, `width` of each.
#[inline(always)]
fn rows<const N: usize>(out: &mut [u8], stride: usize, width: usize) -> [&mut [u8]; N] {
    let mut rest = out;
    std::array::from_fn(|_| {
        let at = stride.min(rest.len());
        let (row, behind) = std::mem::take(&mut rest).split_at_mut(at);
        rest = behind;
        &mut row[..width]
    })
}

#[inline(always)]
fn eight_rows(block: &[i16]) -> &[[i16; 8]; 8] {
    bytemuck::cast_ref::<[i16; 64], [[i16; 8]; 8]>(block.first_chunk().unwrap_or(&[0; 64]))
}

#[inline(always)]
fn four_rows(block: &[i16]) -> [&[i16; 8]; 2] {
    let block = block.first_chunk::<16>().unwrap_or(&[0; 16]);
    let [upper, lower] = bytemuck::cast_ref::<[i16; 16], [[i16; 8]; 2]>(block);
    [upper, lower]
}

//! The inverse DCT in plain integers: what the vector kernels compute, number by number.
//!
//! Columns first, then rows. The cosines have 13 fractional bits, the numbers between the two passes 2, and are
//! held in 16 bits: the accuracy of libjpeg's default transform.

use crate::jpeg::decode::frame::Size;

/// √2·cos(n·π/16) with 13 fractional bits.
pub(super) const C1: i32 = 11363;
pub(super) const C2: i32 = 10703;
pub(super) const C3: i32 = 9633;
pub(super) const C5: i32 = 6436;
pub(super) const C6: i32 = 4433;
pub(super) const C7: i32 = 2260;
pub(super) const ONE: i32 = 8192;
/// 13 fractional bits to 2.
pub(super) const FIRST_SHIFT: i32 = 11;
/// 15 fractional bits to none, and the 8 by which the two-dimensional sum is too large.
pub(super) const SECOND_SHIFT: i32 = 18;
pub(super) const FIRST_ROUND: i32 = 1 << (FIRST_SHIFT - 1);
/// Rounding, and the level shift (T.81 A.3.1).
pub(super) const SECOND_ROUND: i32 = (1 << (SECOND_SHIFT - 1)) + (128 << SECOND_SHIFT);

/// The sample value of a block that has only its mean.
pub(super) fn flat(dc: i16, quant: i16) -> u8 {
    (((i32::from(dc.wrapping_mul(quant)) + 4) >> 3) + 128).clamp(0, 255) as u8
}

/// Adjacent blocks of one sample each, in 16 bits: the same as `flat`, for eight of them at once.
pub(super) fn ones(coefficients: &[i16], quant: i16, out: &mut [u8]) {
    for (sample, &dc) in out.iter_mut().zip(coefficients) {
        *sample = ((dc.wrapping_mul(quant).saturating_add(4) >> 3) + 128).clamp(0, 255) as u8;
    }
}

/// Blocks of 2×2 samples: √2·cos(π/4) is 1, so nothing needs multiplying.
pub(super) fn twos(
    coefficients: &[i16],
    stride: usize,
    quant: &[i16; 64],
    count: usize,
    out: &mut [u8],
    out_stride: usize,
) {
    let (top, bottom) = out.split_at_mut(out_stride);
    let pairs = top[..2 * count]
        .as_chunks_mut::<2>()
        .0
        .iter_mut()
        .zip(bottom[..2 * count].as_chunks_mut::<2>().0);
    for ((top, bottom), block) in pairs.zip(coefficients.chunks(stride)) {
        let c: [i32; 4] = std::array::from_fn(|i| i32::from(block[i].wrapping_mul(quant[i])));
        let (left, right, down_left, down_right) = (c[0] + c[1], c[0] - c[1], c[2] + c[3], c[2] - c[3]);
        let sums = [
            left + down_left,
            right + down_right,
            left - down_left,
            right - down_right,
        ];
        let samples = sums.map(|sum| (((sum + 4) >> 3) + 128).clamp(0, 255) as u8);
        *top = [samples[0], samples[1]];
        *bottom = [samples[2], samples[3]];
    }
}

/// A block of any size.
pub(super) fn block(
    coefficients: &[i16],
    side: usize,
    size: Size,
    quant: &[i16; 64],
    out: &mut [u8],
    out_stride: usize,
) {
    let mut between = [[0; 8]; 8];
    for x in 0..size.x {
        let mut column = [0; 8];
        for (y, value) in column[..size.y].iter_mut().enumerate() {
            *value = i32::from(coefficients[y * side + x].wrapping_mul(quant[y * side + x]));
        }
        for (row, value) in between.iter_mut().zip(wave(column, size.y)) {
            row[x] = saturate(value.wrapping_add(FIRST_ROUND) >> FIRST_SHIFT);
        }
    }
    for (row, out) in between[..size.y].iter().zip(out.chunks_mut(out_stride)) {
        for (sample, value) in out[..size.x].iter_mut().zip(wave(*row, size.x)) {
            *sample = (value.wrapping_add(SECOND_ROUND) >> SECOND_SHIFT).clamp(0, 255) as u8;
        }
    }
}

fn saturate(value: i32) -> i32 {
    value.clamp(i16::MIN.into(), i16::MAX.into())
}

/// A one-dimensional inverse DCT of `n` values, √n times too large, with 13 more fractional bits.
fn wave(x: [i32; 8], n: usize) -> [i32; 8] {
    let dot = |pairs: &[(i32, i32)]| {
        pairs
            .iter()
            .fold(0i32, |sum, &(a, b)| sum.wrapping_add(a.wrapping_mul(b)))
    };
    let [x0, x1, x2, x3, x4, x5, x6, x7] = x;
    match n {
        1 => [x0 * ONE, 0, 0, 0, 0, 0, 0, 0],
        2 => [(x0 + x1) * ONE, (x0 - x1) * ONE, 0, 0, 0, 0, 0, 0],
        4 => {
            let even = [dot(&[(x0, ONE), (x2, ONE)]), dot(&[(x0, ONE), (x2, -ONE)])];
            let odd = [dot(&[(x1, C2), (x3, C6)]), dot(&[(x1, C6), (x3, -C2)])];
            [
                even[0].wrapping_add(odd[0]),
                even[1].wrapping_add(odd[1]),
                even[1].wrapping_sub(odd[1]),
                even[0].wrapping_sub(odd[0]),
                0,
                0,
                0,
                0,
            ]
        }
        _ => {
            let even = [
                dot(&[(x0, ONE), (x4, ONE), (x2, C2), (x6, C6)]),
                dot(&[(x0, ONE), (x4, -ONE), (x2, C6), (x6, -C2)]),
                dot(&[(x0, ONE), (x4, -ONE), (x2, -C6), (x6, C2)]),
                dot(&[(x0, ONE), (x4, ONE), (x2, -C2), (x6, -C6)]),
            ];
            let odd = [
                dot(&[(x1, C1), (x3, C3), (x5, C5), (x7, C7)]),
                dot(&[(x1, C3), (x3, -C7), (x5, -C1), (x7, -C5)]),
                dot(&[(x1, C5), (x3, -C1), (x5, C7), (x7, C3)]),
                dot(&[(x1, C7), (x3, -C5), (x5, C3), (x7, -C1)]),
            ];
            std::array::from_fn(|i| match i {
                0..4 => even[i].wrapping_add(odd[i]),
                _ => even[7 - i].wrapping_sub(odd[7 - i]),
            })
        }
    }
}

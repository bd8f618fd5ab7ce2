//! The colours of VP8 (RFC 6386, 9.2): Y'CbCr of BT.601 in its limited range, chroma centred between four pixels.

use fearless_simd::Simd;

use crate::planar::interleave;

/// Luma from 16–235 to 0–255: 36/219 is added, with 15 fraction bits. No value is near enough to a half to be rounded
/// the wrong way.
#[inline(always)]
pub(super) fn luma<S: Simd>(simd: S, row: &[u8], out: &mut [u8]) {
    stretch(simd, row, out, 16, 0, 5387);
}

/// Chroma from 16–240 to 0.5–255.5, by 31/224.
#[inline(always)]
pub(super) fn chroma<S: Simd>(simd: S, row: &[u8], out: &mut [u8]) {
    stretch(simd, row, out, 128, 128, 4535);
}

#[inline(always)]
fn stretch<S: Simd>(simd: S, row: &[u8], out: &mut [u8], zero: i16, base: i16, factor: i16) {
    simd.vectorize(
        #[inline(always)]
        || {
            for (out, &sample) in out.iter_mut().zip(row) {
                let value = i16::from(sample) - zero;
                let more = (i32::from(value) * i32::from(factor) + (1 << 14)) >> 15;
                *out = (value + more as i16 + base).clamp(0, 255) as u8;
            }
        },
    );
}

/// Chroma of a row of pixels, from the nearer row of samples and the one beyond: 9/16, twice 3/16 and 1/16 of the four
/// samples around each, rounded as libwebp rounds it.
#[inline(always)]
pub(super) fn upsample<S: Simd>(simd: S, near: &[u8], far: &[u8], out: &mut [u8]) {
    simd.vectorize(
        #[inline(always)]
        || {
            let sum = |at: usize| 3 * u16::from(near[at]) + u16::from(far[at]);
            let last = near.len() - 1;
            out[0] = ((4 * sum(0) + 8) >> 4) as u8;
            if let Some(out) = out.get_mut(2 * last + 1) {
                *out = ((4 * sum(last) + 8) >> 4) as u8;
            }
            let pairs = near.windows(2).zip(far.windows(2)).zip(out[1..].as_chunks_mut::<2>().0);
            for ((near, far), pair) in pairs {
                let left = 3 * u16::from(near[0]) + u16::from(far[0]);
                let right = 3 * u16::from(near[1]) + u16::from(far[1]);
                *pair = [((3 * left + right + 8) >> 4) as u8, ((left + 3 * right + 8) >> 4) as u8];
            }
        },
    );
}

/// A row of RGB, from a row of each component.
#[inline(always)]
pub(super) fn rgb<S: Simd>(simd: S, luma: &[u8], blue: &[u8], red: &[u8], out: &mut [u8]) {
    interleave(simd, [luma, blue, red], out, pixel);
}

/// As libwebp converts: factors with 14 fraction bits, of which products lose eight before they are added up.
#[inline(always)]
fn pixel(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let times = |value: u8, factor: i32| (i32::from(value) * factor) >> 8;
    let byte = |value: i32| (value >> 6).clamp(0, 255) as u8;
    let y = times(y, 19077);
    [
        byte(y + times(cr, 26149) - 14234),
        byte(y - times(cb, 6419) - times(cr, 13320) + 8708),
        byte(y + times(cb, 33050) - 17685),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    fn row(len: usize, seed: usize) -> Vec<u8> {
        (0..len).map(|i| (i * i * 31 + seed * 77 + i) as u8).collect()
    }

    #[test]
    fn ranges_stretch_to_the_nearest() {
        let level = Level::new();
        let all: Vec<u8> = (0..=255).collect();
        let mut out = [vec![0; 256], vec![0; 256]];
        let [luma_out, chroma_out] = &mut out;
        dispatch!(level, simd => luma(simd, &all, luma_out));
        dispatch!(level, simd => chroma(simd, &all, chroma_out));
        let [luma_out, chroma_out] = out;
        for (v, (luma, chroma)) in luma_out.into_iter().zip(chroma_out).enumerate() {
            let exact = |low: f64, base: f64, span: f64| ((v as f64 - low) * 255.0 / span + base).clamp(0.0, 255.0);
            assert!((f64::from(luma) - exact(16.0, 0.0, 219.0)).abs() <= 0.5);
            assert!((f64::from(chroma) - exact(128.0, 128.0, 224.0)).abs() <= 0.5);
        }
    }

    #[test]
    fn chroma_is_upsampled_from_the_four_samples_around() {
        let level = Level::new();
        for width in 1..40 {
            let (near, far) = (row(usize::div_ceil(width, 2), 1), row(usize::div_ceil(width, 2), 2));
            let mut out = vec![0; width];
            dispatch!(level, simd => upsample(simd, &near, &far, &mut out));
            for (x, &got) in out.iter().enumerate() {
                let beside = if x % 2 == 0 {
                    (x / 2).saturating_sub(1)
                } else {
                    (x / 2 + 1).min(near.len() - 1)
                };
                let sum = |at: usize| 3 * u32::from(near[at]) + u32::from(far[at]);
                assert_eq!(u32::from(got), (3 * sum(x / 2) + sum(beside) + 8) >> 4);
            }
        }
    }

    #[test]
    fn colours_are_those_of_bt_601() {
        for y in (0..=255).step_by(5) {
            for cb in (0..=255).step_by(5) {
                for cr in (0..=255).step_by(5) {
                    let luma = (f64::from(y) - 16.0) * 255.0 / 219.0;
                    let [blue, red] = [cb, cr].map(|v| (f64::from(v) - 128.0) * 255.0 / 224.0);
                    let exact = [
                        luma + 1.402 * red,
                        luma - 0.344136 * blue - 0.714136 * red,
                        luma + 1.772 * blue,
                    ];
                    for (got, exact) in pixel(y, cb, cr).into_iter().zip(exact) {
                        assert!((f64::from(got) - exact.clamp(0.0, 255.0)).abs() < 1.1);
                    }
                }
            }
        }
    }

    #[test]
    fn rows_are_converted_pixel_by_pixel() {
        let level = Level::new();
        for width in [1, 63, 64, 200] {
            let [y, cb, cr] = [1, 2, 3].map(|seed| row(width, seed));
            let mut out = vec![0; width * 3];
            dispatch!(level, simd => rgb(simd, &y, &cb, &cr, &mut out));
            for (i, got) in out.as_chunks::<3>().0.iter().enumerate() {
                assert_eq!(*got, pixel(y[i], cb[i], cr[i]));
            }
        }
    }
}

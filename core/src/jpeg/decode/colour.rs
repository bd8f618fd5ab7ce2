//! Rows of components to rows of pixels (JFIF 1.02; T.871 clause 7).

use fearless_simd::{Level, Simd, dispatch};

use super::header::Colour;

/// Interleaves and converts: three components to RGB, four to CMYK with 0 for no ink.
pub(super) fn mix(colour: Colour, [a, b, c, d]: [&[u8]; 4], pixels: &mut [u8]) {
    let level = Level::new();
    match colour {
        Colour::Grey | Colour::Rgb => {
            for (((pixel, &a), &b), &c) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(a).zip(b).zip(c) {
                *pixel = [a, b, c];
            }
        }
        Colour::YCbCr => dispatch!(level, simd => ycc_to_rgb(simd, a, b, c, pixels)),
        Colour::Cmyk { inverted } => {
            let mask = if inverted { 255 } else { 0 };
            let samples = a.iter().zip(b).zip(c).zip(d);
            for (pixel, (((&a, &b), &c), &d)) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(samples) {
                *pixel = [a ^ mask, b ^ mask, c ^ mask, d ^ mask];
            }
        }
        Colour::Ycck { inverted } => {
            // Y'CbCr stands for the complement of CMY; black comes as it is.
            let mask = if inverted { 255 } else { 0 };
            let samples = a.iter().zip(b).zip(c).zip(d);
            for (pixel, (((&a, &b), &c), &d)) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(samples) {
                let [red, green, blue] = rgb(a, b, c);
                *pixel = [!red ^ mask, !green ^ mask, !blue ^ mask, d ^ mask];
            }
        }
    }
}

#[inline(always)]
fn ycc_to_rgb<S: Simd>(_: S, y: &[u8], cb: &[u8], cr: &[u8], pixels: &mut [u8]) {
    const BLOCK: usize = 32;
    let (blocks, rest) = pixels.as_chunks_mut::<{ 3 * BLOCK }>();
    let ((y_blocks, y_rest), (cb_blocks, cb_rest), (cr_blocks, cr_rest)) =
        (y.as_chunks::<BLOCK>(), cb.as_chunks::<BLOCK>(), cr.as_chunks::<BLOCK>());
    for (((pixels, y), cb), cr) in blocks.iter_mut().zip(y_blocks).zip(cb_blocks).zip(cr_blocks) {
        // Separate loops: arithmetic is vectorised, and so is interleaving, but not both at once.
        let mut planes = [[0u8; BLOCK]; 3];
        for i in 0..BLOCK {
            let [red, green, blue] = rgb(y[i], cb[i], cr[i]);
            (planes[0][i], planes[1][i], planes[2][i]) = (red, green, blue);
        }
        for (i, pixel) in pixels.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            *pixel = [planes[0][i], planes[1][i], planes[2][i]];
        }
    }
    for (((pixel, &y), &cb), &cr) in rest
        .as_chunks_mut::<3>()
        .0
        .iter_mut()
        .zip(y_rest)
        .zip(cb_rest)
        .zip(cr_rest)
    {
        *pixel = rgb(y, cb, cr);
    }
}

/// One pixel, with 16 fractional bits: R = Y + 1.402 Cr, G = Y − 0.344136 Cb − 0.714136 Cr, B = Y + 1.772 Cb.
#[inline(always)]
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let clamp = |value: i32| value.clamp(0, 255) as u8;
    [
        clamp(y + ((91881 * cr + HALF) >> 16)),
        clamp(y + ((HALF - 22554 * cb - 46802 * cr) >> 16)),
        clamp(y + ((116130 * cb + HALF) >> 16)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_jfif() {
        let values: Vec<u8> = (0..=255).step_by(5).chain([1, 127, 128, 129, 254]).collect();
        for &y in &values {
            for &cb in &values {
                for &cr in &values {
                    let (luma, blue, red) = (f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0);
                    let exact = [
                        luma + 1.402 * red,
                        luma - 0.344136 * blue - 0.714136 * red,
                        luma + 1.772 * blue,
                    ];
                    for (exact, got) in exact.into_iter().zip(rgb(y, cb, cr)) {
                        assert!((exact.clamp(0.0, 255.0) - f64::from(got)).abs() <= 0.51);
                    }
                }
            }
        }
    }

    #[test]
    fn rows_are_mixed_pixel_by_pixel() {
        let row = |factor: usize| (0..101).map(|i| (i * factor % 256) as u8).collect::<Vec<u8>>();
        let (y, cb, cr) = (row(7), row(13), row(29));
        let mut pixels = vec![0; 303];
        mix(Colour::YCbCr, [&y, &cb, &cr, &[]], &mut pixels);
        assert!(
            pixels
                .chunks(3)
                .enumerate()
                .all(|(i, pixel)| pixel == rgb(y[i], cb[i], cr[i]))
        );
        mix(Colour::Rgb, [&y, &cb, &cr, &[]], &mut pixels);
        assert_eq!(pixels[3..6], [7, 13, 29]);
    }

    #[test]
    fn no_ink_is_zero() {
        let mut pixel = [0; 4];
        mix(
            Colour::Cmyk { inverted: true },
            [&[255], &[255], &[0], &[200]],
            &mut pixel,
        );
        assert_eq!(pixel, [0, 0, 255, 55]);
        mix(
            Colour::Cmyk { inverted: false },
            [&[255], &[255], &[0], &[200]],
            &mut pixel,
        );
        assert_eq!(pixel, [255, 255, 0, 200]);
        // White luma with Adobe's inversion: CMY of 0 stored, which is all ink.
        mix(
            Colour::Ycck { inverted: true },
            [&[255], &[128], &[128], &[255]],
            &mut pixel,
        );
        assert_eq!(pixel, [255, 255, 255, 0]);
    }
}

//! Turns rows of components into rows of pixels (JFIF 1.02; T.871 clause 7).

use fearless_simd::Level;

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
        Colour::YCbCr => ycc_to_rgb(level, a, b, c, pixels),
        Colour::Cmyk => {
            let samples = a.iter().zip(b).zip(c).zip(d);
            for (pixel, (((&a, &b), &c), &d)) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(samples) {
                *pixel = [!a, !b, !c, !d];
            }
        }
        Colour::Ycck => {
            // Y'CbCr encodes the complement of what is stored as CMY, which is the ink; black is stored as in CMYK.
            let samples = a.iter().zip(b).zip(c).zip(d);
            for (pixel, (((&a, &b), &c), &d)) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(samples) {
                let [cyan, magenta, yellow] = rgb(a, b, c);
                *pixel = [cyan, magenta, yellow, !d];
            }
        }
    }
}

fn ycc_to_rgb(level: Level, y: &[u8], cb: &[u8], cr: &[u8], pixels: &mut [u8]) {
    let done = ycc_to_rgb_groups(level, y, cb, cr, pixels);
    let rest = y[done..].iter().zip(&cb[done..]).zip(&cr[done..]);
    for (pixel, ((&y, &cb), &cr)) in pixels[3 * done..].as_chunks_mut::<3>().0.iter_mut().zip(rest) {
        *pixel = rgb(y, cb, cr);
    }
}

/// Does as many pixels as this machine's kernels can; returns how many.
#[cfg(target_arch = "x86_64")]
fn ycc_to_rgb_groups(level: Level, y: &[u8], cb: &[u8], cr: &[u8], pixels: &mut [u8]) -> usize {
    let kernel = |sse| super::colour_x86::ycc_to_rgb(sse, y, cb, cr, pixels);
    level.as_sse4_2().map_or(0, kernel)
}

#[cfg(not(target_arch = "x86_64"))]
fn ycc_to_rgb_groups(_: Level, _: &[u8], _: &[u8], _: &[u8], _: &mut [u8]) -> usize {
    0
}

/// R = Y + 1.402 Cr, of which 0.402 with 15 fractional bits.
pub(super) const RED: i16 = 13173;
/// B = Y + 1.772 Cb, which is 2 less 0.228.
pub(super) const BLUE: i16 = 7471;
/// G = Y − 0.344136 Cb − 0.714136 Cr: the latter is 1 less 0.285864, with 16 fractional bits.
pub(super) const GREEN_CB: i16 = -22554;
pub(super) const GREEN_CR: i16 = 18734;
pub(super) const HALF: i32 = 1 << 15;

/// One pixel.
#[inline(always)]
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let part = |value: i32, factor: i16| (value * i32::from(factor) + (1 << 14)) >> 15;
    let green = (HALF + i32::from(GREEN_CB) * cb + i32::from(GREEN_CR) * cr) >> 16;
    let clamp = |value: i32| value.clamp(0, 255) as u8;
    [
        clamp(y + cr + part(cr, RED)),
        clamp(y - cr + green),
        clamp(y + 2 * cb - part(cb, BLUE)),
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
        mix(Colour::Cmyk, [&[255], &[255], &[0], &[200]], &mut pixel);
        assert_eq!(pixel, [0, 0, 255, 55]);
        // White luma: CMY of 0 stored, which is all ink.
        mix(Colour::Ycck, [&[255], &[128], &[128], &[255]], &mut pixel);
        assert_eq!(pixel, [255, 255, 255, 0]);
    }
}

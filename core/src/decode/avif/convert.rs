//! Converts samples to rows: any depth to 8 bits, Y'CbCr to RGB, alpha (ITU-T H.273, 8.3).

use super::frames::{Samples, Shape};
use super::meta::Nclx;
use crate::budget::{Budget, Buffer};
use crate::error::{Error, Result};

/// How three planes become colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Matrix {
    /// Weights of red and blue in luma.
    Luma { red: f64, blue: f64 },
    /// The planes are green, blue and red.
    Identity,
    /// Luma, orange-blue, green-magenta.
    YCgCo,
}

impl Matrix {
    /// The matrix of code points. Unspecified means BT.601, as in JPEG and in libavif.
    pub(super) fn of(nclx: Nclx) -> Result<Self> {
        let luma = |red, blue| Ok(Matrix::Luma { red, blue });
        match nclx.matrix {
            0 => Ok(Matrix::Identity),
            1 => luma(0.2126, 0.0722),
            2 | 3 | 5 | 6 => luma(0.299, 0.114),
            4 => luma(0.30, 0.11),
            7 => luma(0.212, 0.087),
            8 => Ok(Matrix::YCgCo),
            9 => luma(0.2627, 0.0593),
            // Derived from the primaries.
            12 => match nclx.primaries {
                9 => luma(0.2627, 0.0593),
                11 | 12 => luma(0.22897, 0.07929),
                5..=7 => luma(0.299, 0.114),
                _ => luma(0.2126, 0.0722),
            },
            other => Err(Error::unsupported(format!("AVIF with the matrix coefficients {other}"))),
        }
    }

    /// Whether this is the Y'CbCr of JPEG.
    pub(super) fn is_bt601(self) -> bool {
        self == Matrix::Luma {
            red: 0.299,
            blue: 0.114,
        }
    }
}

/// Samples of any depth and range to 8 bits of full range, as a table.
pub(super) struct Levels(Vec<u8>);

impl Levels {
    /// For luma, grey, alpha, red, green and blue.
    pub(super) fn luma(bits: u8, full_range: bool) -> Self {
        let scale = f64::from(1u32 << (bits - 8));
        let (low, span) = if full_range {
            (0.0, top(bits))
        } else {
            (16.0 * scale, 219.0 * scale)
        };
        Levels::new(bits, |sample| (sample - low) * 255.0 / span)
    }

    /// For Cb and Cr, whose middle becomes 128.
    pub(super) fn chroma(bits: u8, full_range: bool) -> Self {
        let scale = f64::from(1u32 << (bits - 8));
        let span = if full_range { top(bits) } else { 224.0 * scale };
        Levels::new(bits, |sample| (sample - 128.0 * scale) * 255.0 / span + 128.0)
    }

    fn new(bits: u8, level: impl Fn(f64) -> f64) -> Self {
        Levels(
            (0..1u32 << bits)
                .map(|sample| level(f64::from(sample)).round().clamp(0.0, 255.0) as u8)
                .collect(),
        )
    }

    pub(super) fn map(&self, samples: &[u16], levels: &mut [u8]) {
        for (level, &sample) in levels.iter_mut().zip(samples) {
            *level = self.0.get(usize::from(sample)).copied().unwrap_or(255);
        }
    }
}

fn top(bits: u8) -> f64 {
    f64::from((1u32 << bits) - 1)
}

/// Fraction bits of interpolated chroma: weights are quarters in each direction.
const CHROMA: u32 = 4;

/// Turns rows of Y'CbCr samples into rows of RGB.
pub(super) struct Rgb {
    shape: Shape,
    matrix: Matrix,
    coefficients: Coefficients,
    luma: Buffer<u16>,
    chroma: [Buffer<u16>; 2],
    near: Buffer<u16>,
    far: Buffer<u16>,
}

/// Fixed-point with 16 fractional bits.
struct Coefficients {
    low: i32,
    middle: i32,
    luma: i32,
    red: i32,
    green: [i32; 2],
    blue: i32,
}

impl Rgb {
    pub(super) fn new(shape: Shape, matrix: Matrix, full_range: bool, budget: &Budget) -> Result<Self> {
        if matrix == Matrix::Identity && (shape.half_width || shape.half_height) {
            return Err(Error::unsupported(
                "AVIF of red, green and blue planes with halved planes",
            ));
        }
        let row = |width: usize| budget.zeroed(width, "rows of colours");
        let half = shape.plane(1).0;
        Ok(Rgb {
            shape,
            matrix,
            coefficients: Coefficients::new(matrix, shape.bits, full_range),
            luma: row(shape.width)?,
            chroma: [row(shape.width)?, row(shape.width)?],
            near: row(half)?,
            far: row(half)?,
        })
    }

    /// Row `y` into interleaved pixels of `channels` samples; anything after RGB is left alone.
    pub(super) fn row(&mut self, samples: &Samples, y: usize, pixels: &mut [u8], channels: usize) {
        samples.copy_row(0, y, &mut self.luma);
        for plane in 0..2 {
            self.upsample(samples, plane, y);
        }
        let c = &self.coefficients;
        let [cb, cr] = &self.chroma;
        let rows = self.luma.iter().zip(cb.iter().zip(cr.iter()));
        let pixels = pixels.chunks_exact_mut(channels);
        const HALF: i32 = 1 << 15;
        let level = |sum: i32| (sum >> 16).clamp(0, 255) as u8;
        match self.matrix {
            Matrix::Luma { .. } => {
                for (pixel, (&luma, (&cb, &cr))) in pixels.zip(rows) {
                    let luma = (i32::from(luma) - c.low) * c.luma + HALF;
                    let (cb, cr) = (i32::from(cb) - c.middle, i32::from(cr) - c.middle);
                    pixel[0] = level(luma + ((cr * c.red) >> CHROMA));
                    pixel[1] = level(luma + ((cb * c.green[0] + cr * c.green[1]) >> CHROMA));
                    pixel[2] = level(luma + ((cb * c.blue) >> CHROMA));
                }
            }
            Matrix::Identity => {
                for (pixel, (&green, (&blue, &red))) in pixels.zip(rows) {
                    let scaled = |sample: i32| level((sample - c.low) * c.luma + HALF);
                    pixel[0] = scaled(i32::from(red >> CHROMA));
                    pixel[1] = scaled(i32::from(green));
                    pixel[2] = scaled(i32::from(blue >> CHROMA));
                }
            }
            Matrix::YCgCo => {
                for (pixel, (&luma, (&cg, &co))) in pixels.zip(rows) {
                    let luma = (i32::from(luma) - c.low) * c.luma + HALF;
                    let (cg, co) = (i32::from(cg) - c.middle, i32::from(co) - c.middle);
                    let (cg, co) = ((cg * c.red) >> CHROMA, (co * c.red) >> CHROMA);
                    pixel[0] = level(luma - cg + co);
                    pixel[1] = level(luma + cg);
                    pixel[2] = level(luma - cg - co);
                }
            }
        }
    }

    /// A chroma row at full width, times 16: samples sit in the middle of what they span, so that each pixel takes
    /// three quarters of the nearest and one quarter of the next, in both directions.
    fn upsample(&mut self, samples: &Samples, plane: usize, y: usize) {
        let Shape {
            half_width,
            half_height,
            ..
        } = self.shape;
        let Self { chroma, near, far, .. } = self;
        let out = &mut chroma[plane][..];
        let rows = samples.shape().plane(1).1;
        if half_height {
            let at = y / 2;
            let beside = if y.is_multiple_of(2) {
                at.saturating_sub(1)
            } else {
                (at + 1).min(rows - 1)
            };
            samples.copy_row(plane + 1, at, near);
            samples.copy_row(plane + 1, beside, far);
            near.iter_mut()
                .zip(far.iter())
                .for_each(|(near, &far)| *near = 3 * *near + far);
        } else {
            samples.copy_row(plane + 1, y, near);
            near.iter_mut().for_each(|near| *near *= 4);
        }
        if !half_width {
            out.iter_mut()
                .zip(near.iter())
                .for_each(|(out, &sample)| *out = sample * 4);
            return;
        }
        let (Some(&first), Some(&last)) = (near.first(), near.last()) else {
            return;
        };
        // Each pair of neighbours makes the two pixels between their centres.
        if let Some(out) = out.first_mut() {
            *out = 4 * first;
        }
        let between = out.get_mut(1..).unwrap_or_default();
        for (pair, both) in between.chunks_exact_mut(2).zip(near.windows(2)) {
            pair[0] = 3 * both[0] + both[1];
            pair[1] = both[0] + 3 * both[1];
        }
        if out.len() % 2 == 0
            && let Some(out) = out.last_mut()
        {
            *out = 4 * last;
        }
    }
}

impl Coefficients {
    fn new(matrix: Matrix, bits: u8, full_range: bool) -> Self {
        let scale = f64::from(1u32 << (bits - 8));
        let (low, luma, chroma) = match full_range {
            true => (0.0, top(bits), top(bits)),
            false => (16.0 * scale, 219.0 * scale, 224.0 * scale),
        };
        let fixed = |factor: f64, span: f64| (factor * 255.0 / span * 65536.0).round() as i32;
        let (red, green, blue) = match matrix {
            Matrix::Luma { red, blue } => {
                let green = 1.0 - red - blue;
                let (cr, cb) = (2.0 * (1.0 - red), 2.0 * (1.0 - blue));
                (cr, [-cb * blue / green, -cr * red / green], cb)
            }
            _ => (1.0, [0.0; 2], 1.0),
        };
        Coefficients {
            low: low as i32,
            middle: (128.0 * scale) as i32 * (1 << CHROMA),
            luma: fixed(1.0, luma),
            red: fixed(red, chroma),
            green: green.map(|factor| fixed(factor, chroma)),
            blue: fixed(blue, chroma),
        }
    }
}

/// Divides a pixel's colours by its alpha.
pub(super) fn unpremultiply(pixel: &mut [u8]) {
    let Some((&mut alpha, colours)) = pixel.split_last_mut() else {
        return;
    };
    if alpha == 0 || alpha == 255 {
        return;
    }
    let alpha = u32::from(alpha);
    for colour in colours {
        *colour = ((u32::from(*colour) * 255 + alpha / 2) / alpha).min(255) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_end_at_the_ends() {
        for bits in [8, 10, 12] {
            let full = Levels::luma(bits, true).0;
            assert_eq!((full[0], full[full.len() - 1]), (0, 255));
            let limited = Levels::luma(bits, false).0;
            let scale = 1 << (bits - 8);
            assert_eq!((limited[0], limited[16 * scale], limited[235 * scale]), (0, 0, 255));
            for range in [true, false] {
                assert_eq!(Levels::chroma(bits, range).0[128 * scale], 128);
            }
        }
        assert!(
            Levels::luma(8, true)
                .0
                .iter()
                .zip(0..)
                .all(|(&level, sample)| i32::from(level) == sample)
        );
        let mut levels = [0; 2];
        Levels::luma(8, true).map(&[7, 9999], &mut levels);
        assert_eq!(levels, [7, 255]);
    }

    #[test]
    fn matrices_give_white_for_white_and_grey_for_grey() {
        for matrix in [
            Matrix::Luma {
                red: 0.299,
                blue: 0.114,
            },
            Matrix::Luma {
                red: 0.2126,
                blue: 0.0722,
            },
        ] {
            for bits in [8u8, 10, 12] {
                for full in [true, false] {
                    let c = Coefficients::new(matrix, bits, full);
                    let scale = 1 << (bits - 8);
                    let white = if full { (1 << bits) - 1 } else { 235 * scale };
                    assert_eq!(((white - c.low) * c.luma + (1 << 15)) >> 16, 255);
                    assert_eq!(c.middle, 128 * scale * 16);
                    // The largest sums stay far from overflow.
                    let most =
                        i64::from(c.middle) * i64::from(c.blue.max(c.red).max(c.green[0].abs() + c.green[1].abs()));
                    assert!(most < i64::from(i32::MAX), "{most}");
                }
            }
        }
    }

    #[test]
    fn unpremultiplying_undoes() {
        let mut pixel = [64, 128, 0, 128];
        unpremultiply(&mut pixel);
        assert_eq!(pixel, [128, 255, 0, 128]);
        let mut pixel = [9, 9, 9, 0];
        unpremultiply(&mut pixel);
        assert_eq!(pixel, [9, 9, 9, 0]);
    }
}

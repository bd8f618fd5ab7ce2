//! Turning by any angle.
//!
//! The canvas is the box around the turned picture; samples in between are interpolated linearly, and the
//! background goes into those at the edges. Pixels land where libvips' affine transform puts them: the
//! top left corner of the picture is the origin, and the box is rounded to whole pixels.

use crate::budget::Budget;
use crate::colour::Colour;
use crate::error::{Error, Result};
use crate::image::{Image, Plane};
use crate::options::options;
use crate::orientation::Orientation;

use super::shared::channels;
use super::{Context, EffectOptions, LARGEST};

options! {
    /// Turning by any angle: multiples of 90 move pixels, others resample and enlarge the canvas.
    ///
    /// ```
    /// use keenpix::effect::Rotate;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Rotate::new().with_angle(45.0));
    /// let turned = transform(photo, &plan, &Limits::default())?;
    /// // 64 × 48 on its corner.
    /// assert_eq!((turned.width, turned.height), (79, 79));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Rotate {
        /// Degrees clockwise; may be negative. Default: 0.
        angle (with_angle): f64 = 0.0, -LARGEST..=LARGEST;
        /// The colour of the uncovered corners. Default: the plan's background.
        background (with_background): Colour;
    }
}

impl EffectOptions for Rotate {
    fn size(&self, size: (u32, u32)) -> Result<(u32, u32)> {
        match turn(self.angle) {
            Turn::Quarters(orientation) => Ok(orientation.size(size)),
            Turn::Any { sin, cos } => match canvas(size, sin, cos).1 {
                (width, height) if width.max(height) <= LONGEST => Ok((width as u32, height as u32)),
                _ => Err(Error::out_of_range(
                    "angle",
                    format_args!("a multiple of 90 for an image of {}×{}", size.0, size.1),
                    self.angle,
                )),
            },
        }
    }

    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        match turn(self.angle) {
            Turn::Quarters(orientation) => orientation.apply(image, context.budget),
            Turn::Any { sin, cos } => {
                let background = self.background.unwrap_or(context.background);
                let image = channels::room_for(image, background, context.budget)?;
                resample(&image, sin, cos, background, context.budget)
            }
        }
    }
}

enum Turn {
    Quarters(Orientation),
    Any { sin: f64, cos: f64 },
}

fn turn(angle: f64) -> Turn {
    let positive = angle.rem_euclid(360.0);
    let quarters = |exif| Turn::Quarters(Orientation::from_exif(exif));
    if positive == 0.0 {
        quarters(1)
    } else if positive == 90.0 {
        quarters(6)
    } else if positive == 180.0 {
        quarters(3)
    } else if positive == 270.0 {
        quarters(8)
    } else {
        // As libvips computes it, to the last bit: it decides where a corner falls on a half pixel.
        let (sin, cos) = (angle / 360.0 * 2.0 * std::f64::consts::PI).sin_cos();
        Turn::Any { sin, cos }
    }
}

/// Positions have 32 fraction bits in 64: they stay far from the end.
const LONGEST: i64 = 1 << 28;

/// Left and top edge of the box around the turned picture, and its size.
fn canvas((width, height): (u32, u32), sin: f64, cos: f64) -> ((f64, f64), (i64, i64)) {
    let (width, height) = (f64::from(width), f64::from(height));
    let span = |along: f64, across: f64| {
        let (low, high) = (along.min(0.0) + across.min(0.0), along.max(0.0) + across.max(0.0));
        (low.round(), ((high - low).round() as i64).max(1))
    };
    let (left, across) = span(width * cos, -height * sin);
    let (top, down) = span(width * sin, height * cos);
    ((left, top), (across, down))
}

fn resample(image: &Image, sin: f64, cos: f64, background: Colour, budget: &Budget) -> Result<Image> {
    let ((left, top), (width, height)) = canvas((image.width, image.height), sin, cos);
    let (width, height) = (width as u32, height as u32);
    let mut plane = Plane::new(width, height, image.layout.channels(), budget)?;
    let ink = channels::ink(background, image.layout);
    let fixed = |v: f64| (v * f64::from(1u32 << 16) * f64::from(1u32 << 16)) as i64;
    let step = (fixed(cos), fixed(-sin));
    for y in 0..height {
        budget.check()?;
        let down = f64::from(y) + top;
        let start = (fixed(cos * left + sin * down), fixed(cos * down - sin * left));
        let out = plane.row_mut(y);
        match image.layout.channels() {
            1 => row::<1, false>(&image.planes[0], out, start, step, &ink),
            2 => row::<2, true>(&image.planes[0], out, start, step, &ink),
            3 => row::<3, false>(&image.planes[0], out, start, step, &ink),
            _ => row::<4, true>(&image.planes[0], out, start, step, &ink),
        }
    }
    Ok(Image {
        width,
        height,
        layout: image.layout,
        planes: vec![plane],
    })
}

fn row<const C: usize, const ALPHA: bool>(
    from: &Plane,
    out: &mut [u8],
    start: (i64, i64),
    step: (i64, i64),
    ink: &[u8; 4],
) {
    let mut background = [0; C];
    background.copy_from_slice(&ink[..C]);
    let (width, height) = (i64::from(from.width), i64::from(from.height));
    let stride = from.stride();
    let (mut x, mut y) = start;
    for pixel in out.as_chunks_mut::<C>().0 {
        let (column, line) = (x >> 32, y >> 32);
        *pixel = if column < -1 || column >= width || line < -1 || line >= height {
            background
        } else {
            let weights = weights(x as u32, y as u32);
            let inside = column >= 0 && column + 1 < width && line >= 0 && line + 1 < height;
            let corners = if inside {
                let at = line as usize * stride + column as usize * C;
                let [upper, lower] = [&from.data[at..][..2 * C], &from.data[at + stride..][..2 * C]];
                let [upper, lower] = [upper.as_chunks::<C>().0, lower.as_chunks::<C>().0];
                [upper[0], upper[1], lower[0], lower[1]]
            } else {
                let corner = |x: i64, y: i64| corner::<C>(from, x, y).unwrap_or(background);
                [
                    corner(column, line),
                    corner(column + 1, line),
                    corner(column, line + 1),
                    corner(column + 1, line + 1),
                ]
            };
            mix::<C, ALPHA>(&corners, weights)
        };
        x = x.wrapping_add(step.0);
        y = y.wrapping_add(step.1);
    }
}

fn corner<const C: usize>(from: &Plane, x: i64, y: i64) -> Option<[u8; C]> {
    let (x, y) = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
    if y >= from.height {
        return None;
    }
    from.row(y).as_chunks::<C>().0.get(x as usize).copied()
}

const BITS: u32 = 12;

/// What the four corners count, from the fractions of a position.
#[inline(always)]
fn weights(x: u32, y: u32) -> [u32; 4] {
    let (x, y) = (x >> (32 - BITS), y >> (32 - BITS));
    let lower_right = (x * y) >> BITS;
    let upper_right = (x * ((1 << BITS) - y)) >> BITS;
    [(1 << BITS) - y - upper_right, upper_right, y - lower_right, lower_right]
}

#[inline(always)]
fn mix<const C: usize, const ALPHA: bool>(corners: &[[u8; C]; 4], weights: [u32; 4]) -> [u8; C] {
    const HALF: u32 = 1 << (BITS - 1);
    let sum = |weights: [u32; 4], channel: usize| -> u32 {
        weights
            .iter()
            .zip(corners)
            .map(|(weight, corner)| weight * u32::from(corner[channel]))
            .sum()
    };
    if !ALPHA {
        return std::array::from_fn(|channel| ((sum(weights, channel) + HALF) >> BITS) as u8);
    }
    // 12 bits of weight, 8 of alpha and 8 of colour fit 32.
    let weighted: [u32; 4] = std::array::from_fn(|i| weights[i] * u32::from(corners[i][C - 1]));
    let alpha: u32 = weighted.iter().sum();
    let factor = 1.0 / alpha.max(1) as f32;
    std::array::from_fn(|channel| {
        if channel == C - 1 {
            ((alpha + HALF) >> BITS) as u8
        } else {
            (sum(weighted, channel) as f32 * factor + 0.5) as u8
        }
    })
}

#[cfg(test)]
mod tests;

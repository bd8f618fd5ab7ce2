//! A sharpening of the lightness: libvips' unsharp mask, in CIE L\*a\*b\*.
//!
//! The difference of the lightness to its blur is added again, times a factor: `flat` up to the threshold, `jagged`
//! beyond; `brighten` and `darken` are its ends. Rows of lightness are kept as far as the blur reaches, so that the
//! picture is changed in place.

use fearless_simd::{Level, dispatch};

use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Layout};
use crate::options::options;

use super::shared::lab::{self, BLOCK, Block, Tables};
use super::shared::mask::Mask;
use super::shared::{alpha, neighbours};
use super::{Context, EffectOptions, LARGEST};

options! {
    /// A sharpening of the lightness (unsharp mask), weaker in flat parts than in jagged ones.
    ///
    /// ```
    /// use keenpix::effect::Sharpen;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Sharpen::new().with_sigma(1.0).with_jagged(3.0));
    /// let crisp = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!((crisp.width, crisp.height), (64, 48));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Sharpen {
        /// Standard deviation of the Gaussian, in pixels, up to 10. Default: none, which is a fast, mild 3 × 3
        /// sharpening.
        sigma (with_sigma): f64, 0.000_001..=10.0;
        /// Strength in flat areas. Default: 1.
        flat (with_flat): f64 = 1.0, 0.0..=LARGEST;
        /// Strength in jagged areas. Default: 2.
        jagged (with_jagged): f64 = 2.0, 0.0..=LARGEST;
        /// The difference in lightness from which an area counts as jagged. Default: 2.
        threshold (with_threshold): f64 = 2.0, 0.0..=LARGEST;
        /// Maximum brightening. Default: 10.
        brighten (with_brighten): f64 = 10.0, 0.0..=LARGEST;
        /// Maximum darkening. Default: 20.
        darken (with_darken): f64 = 20.0, 0.0..=LARGEST;
    }
}

impl EffectOptions for Sharpen {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let budget = context.budget;
        alpha::premultiplied(image, budget, |image| match self.sigma {
            None => neighbours::sharpen(image, budget),
            Some(sigma) => sharpen(image, sigma, &Curve::new(self), budget),
        })
    }
}

/// What is added to the lightness, by its difference to the blurred one.
#[derive(Clone, Copy)]
struct Curve {
    flat: f32,
    jagged: f32,
    threshold: f32,
    brighten: f32,
    darken: f32,
}

impl Curve {
    fn new(options: &Sharpen) -> Self {
        Curve {
            flat: options.flat as f32,
            jagged: options.jagged as f32,
            threshold: options.threshold as f32,
            brighten: options.brighten as f32,
            darken: options.darken as f32,
        }
    }

    #[inline(always)]
    fn at(self, difference: f32) -> f32 {
        let near = difference.clamp(-self.threshold, self.threshold);
        (near * self.flat + (difference - near) * self.jagged).clamp(-self.darken, self.brighten)
    }
}

/// Rows of lightness are a multiple of this long: no loop has a tail.
const LANES: usize = 64;

fn sharpen(mut image: Image, sigma: f64, curve: &Curve, budget: &Budget) -> Result<Image> {
    let mask = Mask::gaussian(sigma, 0.1);
    let radius = mask.radius();
    if radius == 0 {
        return Ok(image); // the blur is the picture
    }
    let total = mask.sum() as f32;
    let weights: Vec<f32> = mask.0.iter().map(|&weight| f32::from(weight) / total).collect();
    let (width, height) = (image.width as usize, image.height);
    let stride = width.next_multiple_of(LANES);
    let slots = 2 * radius + 1;
    let mut ring = budget.zeroed::<f32>(slots * stride, "sharpening")?;
    let mut padded = budget.zeroed::<f32>(stride + 2 * radius, "sharpening")?;
    let mut blurred = budget.zeroed::<f32>(stride, "sharpening")?;
    let (tables, level) = (Tables::shared(), Level::new());
    let mut known = 0;
    for y in 0..height {
        budget.check()?;
        while known < height && known as usize <= y as usize + radius {
            let out = &mut ring[known as usize % slots * stride..][..width];
            let row = image.planes[0].row(known);
            match image.layout {
                Layout::Grey => grey_lightness::<1>(tables, row, out),
                Layout::GreyAlpha => grey_lightness::<2>(tables, row, out),
                Layout::Rgb => dispatch!(level, _simd => lightness_row::<3>(tables, row, out)),
                _ => dispatch!(level, _simd => lightness_row::<4>(tables, row, out)),
            }
            known += 1;
        }
        let ring_row = |offset: i64| {
            let row = (i64::from(y) + offset).clamp(0, i64::from(height) - 1) as usize;
            &ring[row % slots * stride..][..stride]
        };
        let rows: Vec<&[f32]> = (-(radius as i64)..=radius as i64).map(ring_row).collect();
        dispatch!(level, _simd => taps(&rows, &weights, &mut padded[radius..radius + stride]));
        let (first, last) = (padded[radius], padded[radius + width - 1]);
        padded[..radius].fill(first);
        padded[radius + width..].fill(last);
        let shifted: Vec<&[f32]> = (0..slots).map(|i| &padded[i..i + stride]).collect();
        dispatch!(level, _simd => taps(&shifted, &weights, &mut blurred));
        let lightness = &ring[y as usize % slots * stride..][..width];
        let row = image.planes[0].row_mut(y);
        match image.layout {
            Layout::Grey => grey_row::<1>(tables, row, lightness, &blurred, *curve),
            Layout::GreyAlpha => grey_row::<2>(tables, row, lightness, &blurred, *curve),
            Layout::Rgb => dispatch!(level, _simd => colour_row::<3>(tables, row, lightness, &blurred, *curve)),
            _ => dispatch!(level, _simd => colour_row::<4>(tables, row, lightness, &blurred, *curve)),
        }
    }
    Ok(image)
}

fn grey_lightness<const C: usize>(tables: &Tables, row: &[u8], out: &mut [f32]) {
    for (out, pixel) in out.iter_mut().zip(row.as_chunks::<C>().0) {
        *out = tables.lightness(pixel[0]);
    }
}

#[inline(always)]
fn lightness_row<const C: usize>(tables: &Tables, row: &[u8], out: &mut [f32]) {
    for (pixels, out) in row.chunks(BLOCK * C).zip(out.chunks_mut(BLOCK)) {
        let mut block = [[0.0; BLOCK]; 3];
        tables.read::<C>(pixels, &mut block);
        lab::to_lab(&mut block);
        out.copy_from_slice(&block[0][..out.len()]);
    }
}

/// The weighted mean of as many rows (or shifts of one row) as the mask has taps.
#[inline(always)]
fn taps(rows: &[&[f32]], weights: &[f32], out: &mut [f32]) {
    let radius = weights.len() - 1;
    for (chunk, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let stretch = |row: usize| -> &[f32; LANES] {
            let start = chunk * LANES;
            rows[row][start..start + LANES].try_into().expect("LANES samples")
        };
        let mut sums = stretch(radius).map(|sample| sample * weights[0]);
        for (i, &weight) in weights.iter().enumerate().skip(1) {
            for (sum, (a, b)) in sums.iter_mut().zip(stretch(radius - i).iter().zip(stretch(radius + i))) {
                *sum += weight * (a + b);
            }
        }
        *out = sums;
    }
}

#[inline(always)]
fn sharpened(lightness: f32, blurred: f32, curve: Curve) -> f32 {
    (lightness + curve.at(lightness - blurred)).clamp(0.0, 100.0)
}

fn grey_row<const C: usize>(tables: &Tables, row: &mut [u8], lightness: &[f32], blurred: &[f32], curve: Curve) {
    for (pixel, (&lightness, &blurred)) in row.as_chunks_mut::<C>().0.iter_mut().zip(lightness.iter().zip(blurred)) {
        pixel[0] = tables.level(lab::light_of(sharpened(lightness, blurred, curve)));
    }
}

#[inline(always)]
fn colour_row<const C: usize>(tables: &Tables, row: &mut [u8], lightness: &[f32], blurred: &[f32], curve: Curve) {
    let blocks = row
        .chunks_mut(BLOCK * C)
        .zip(lightness.chunks(BLOCK).zip(blurred.chunks(BLOCK)));
    for (pixels, (lightness, blurred)) in blocks {
        let mut block: Block = [[0.0; BLOCK]; 3];
        tables.read::<C>(pixels, &mut block);
        lab::to_lab(&mut block);
        for (l, (&lightness, &blurred)) in block[0].iter_mut().zip(lightness.iter().zip(blurred)) {
            *l = sharpened(lightness, blurred, curve);
        }
        lab::from_lab(&mut block);
        tables.write::<C>(&block, pixels);
    }
}

#[cfg(test)]
mod tests;

//! A sharpening of the lightness: libvips' unsharp mask, in CIE L\*a\*b\*.
//!
//! The difference of the lightness to its blur is added again, times a factor: `flat` up to the threshold, `jagged`
//! beyond; `brighten` and `darken` are its ends. Rows of lightness are kept as far as the blur reaches, so that the picture
//! is changed in place.

use fearless_simd::{Level, dispatch};

use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Layout};
use crate::plan::Sharpen;

use super::blur::Mask;
use super::lab::{self, BLOCK, Block, Tables};
use super::{alpha, neighbours};

pub(super) fn apply(image: Image, options: &Sharpen, budget: &Budget) -> Result<Image> {
    alpha::premultiplied(image, budget, |image| match options.sigma {
        None => neighbours::sharpen(image, budget),
        Some(sigma) => sharpen(image, sigma, &Curve::new(options), budget),
    })
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
mod tests {
    use super::super::testing::{LAYOUTS, budget, image, nearest, noise};
    use super::*;

    fn options(sigma: f64) -> Sharpen {
        Sharpen {
            sigma: Some(sigma),
            ..Default::default()
        }
    }

    #[test]
    fn the_curve_by_hand() {
        let curve = Curve::new(&options(1.0));
        for (difference, expected) in [
            (0.0, 0.0),
            (1.0, 1.0),
            (-2.0, -2.0),
            (3.0, 4.0),
            (-5.0, -8.0),
            (20.0, 10.0),
            (-30.0, -20.0),
        ] {
            assert_eq!(curve.at(difference), expected);
        }
    }

    #[test]
    fn nothing_to_sharpen_changes_nothing() {
        for layout in LAYOUTS {
            let flat = vec![200; layout.channels() * 100 * 3];
            let same = apply(image(layout, 100, &flat), &options(2.0), &budget()).unwrap();
            for (same, sample) in same.planes[0].data.iter().zip(flat) {
                // What premultiplied samples lose at this alpha is two levels more.
                let allowed = if layout.has_alpha() { 3 } else { 1 };
                assert!(same.abs_diff(sample) <= allowed, "{layout:?}");
            }
            let narrow = apply(noise(layout, 9, 9, 1), &options(0.1), &budget()).unwrap();
            assert_eq!(narrow.width, 9);
        }
    }

    /// On grey, in double precision, by the definition.
    #[test]
    fn as_the_slow_way() {
        let tables = Tables::shared();
        for (width, height) in [(1, 1), (2, 30), (100, 4), (70, 40)] {
            for sigma in [0.5, 1.0, 3.0, 10.0] {
                let source = noise(Layout::Grey, width, height, 4);
                let fast = apply(noise(Layout::Grey, width, height, 4), &options(sigma), &budget()).unwrap();
                let mask = Mask::gaussian(sigma, 0.1);
                let radius = mask.radius() as i64;
                let weight = |d: i64| f64::from(mask.0[d.unsigned_abs() as usize]) / f64::from(mask.sum());
                for y in 0..i64::from(height) {
                    for x in 0..i64::from(width) {
                        let lightness = |x, y| f64::from(tables.lightness(nearest(&source, x, y, 0)));
                        let mut mean = 0.0;
                        for dy in -radius..=radius {
                            for dx in -radius..=radius {
                                mean += weight(dx) * weight(dy) * lightness(x + dx, y + dy);
                            }
                        }
                        let difference = (lightness(x, y) - mean) as f32;
                        let expected = lightness(x, y) as f32 + Curve::new(&options(1.0)).at(difference);
                        let expected = tables.level(lab::light_of(expected.clamp(0.0, 100.0)));
                        assert!(nearest(&fast, x, y, 0).abs_diff(expected) <= 1);
                    }
                }
            }
        }
    }

    #[test]
    fn grey_in_colour_is_grey() {
        let grey = noise(Layout::Grey, 80, 20, 3);
        let coloured: Vec<u8> = grey.planes[0].data.iter().flat_map(|&v| [v; 3]).collect();
        let coloured = apply(image(Layout::Rgb, 80, &coloured), &options(1.5), &budget()).unwrap();
        let grey = apply(grey, &options(1.5), &budget()).unwrap();
        for (pixel, value) in coloured.planes[0]
            .data
            .as_chunks::<3>()
            .0
            .iter()
            .zip(&grey.planes[0].data[..])
        {
            assert!(pixel.iter().all(|sample| sample.abs_diff(*value) <= 1));
        }
    }
}

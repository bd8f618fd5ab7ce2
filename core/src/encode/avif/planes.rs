//! Converts interleaved pixels to the planes that the encoder takes.

use keenpix_avif_encode as av1;

use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Plane};

/// Planes for the encoder: the image's own, or new ones.
pub(super) enum Planes {
    AsTheyAre,
    Converted(Vec<Plane>),
}

impl Planes {
    pub(super) fn slices<'a>(&'a self, image: &'a Image) -> Vec<av1::Plane<'a>> {
        let planes = match self {
            Planes::AsTheyAre => &image.planes,
            Planes::Converted(planes) => planes,
        };
        let slice = |plane: &'a Plane| av1::Plane {
            samples: &plane.data,
            stride: plane.stride(),
        };
        planes.iter().map(slice).collect()
    }
}

/// The first channel of grey pixels.
pub(super) fn grey(image: &Image, budget: &Budget) -> Result<Planes> {
    if image.layout.channels() == 1 {
        return Ok(Planes::AsTheyAre);
    }
    channel(image, 0, budget)
}

/// The last channel.
pub(super) fn alpha(image: &Image, budget: &Budget) -> Result<Planes> {
    channel(image, image.layout.channels() - 1, budget)
}

/// Green, blue and red: the order of the identity matrix (ITU-T H.273, 8.3).
pub(super) fn gbr(image: &Image, budget: &Budget) -> Result<Planes> {
    let planes = [1, 2, 0].into_iter().map(|index| plane(image, index, budget));
    Ok(Planes::Converted(planes.collect::<Result<_>>()?))
}

fn channel(image: &Image, channel: usize, budget: &Budget) -> Result<Planes> {
    Ok(Planes::Converted(vec![plane(image, channel, budget)?]))
}

fn plane(image: &Image, channel: usize, budget: &Budget) -> Result<Plane> {
    let mut plane = Plane::new(image.width, image.height, 1, budget)?;
    let channels = image.layout.channels();
    for y in 0..image.height {
        let pixels = image.planes[0].row(y).chunks_exact(channels);
        plane
            .row_mut(y)
            .iter_mut()
            .zip(pixels)
            .for_each(|(sample, pixel)| *sample = pixel[channel]);
        if y % 16 == 0 {
            budget.check()?;
        }
    }
    Ok(plane)
}

/// Full-range Y'CbCr (BT.601); a chroma sample is the mean of the pixels it covers.
pub(super) fn ycbcr(image: &Image, chroma: av1::Chroma, budget: &Budget) -> Result<Planes> {
    let (width, height) = (image.width, image.height);
    let (columns, rows) = chroma.size(width, height);
    let mut luma = Plane::new(width, height, 1, budget)?;
    let mut cb = Plane::new(columns, rows, 1, budget)?;
    let mut cr = Plane::new(columns, rows, 1, budget)?;
    let across = if chroma == av1::Chroma::Full { 1 } else { 2 };
    let down = if chroma == av1::Chroma::Half { 2 } else { 1 };
    let channels = image.layout.channels();
    let mut sums = budget.zeroed::<[u16; 3]>(columns as usize, "a row of chroma")?;
    for row in 0..rows {
        sums.fill([0; 3]);
        // At an odd edge the last row or column counts twice, so that every sum has the same number of pixels.
        for y in (row * down..).take(down as usize).map(|y| (y, y.min(height - 1))) {
            let pixels = image.planes[0].row(y.1);
            if y.0 < height {
                let rgb = pixels.chunks_exact(channels);
                luma.row_mut(y.1)
                    .iter_mut()
                    .zip(rgb)
                    .for_each(|(luma, rgb)| *luma = luma_of(rgb));
            }
            let cell = across * channels;
            for (sum, cell) in sums.iter_mut().zip(pixels.chunks(cell)) {
                for at in 0..across {
                    let pixel = cell
                        .get(at * channels..)
                        .filter(|pixel| !pixel.is_empty())
                        .unwrap_or(cell);
                    sum.iter_mut()
                        .zip(pixel)
                        .for_each(|(sum, &sample)| *sum += u16::from(sample));
                }
            }
        }
        let shift = (across as u32 * down).trailing_zeros();
        for ((sum, cb), cr) in sums.iter().zip(cb.row_mut(row)).zip(cr.row_mut(row)) {
            (*cb, *cr) = chroma_of(sum.map(i32::from), shift);
        }
        if row % 16 == 0 {
            budget.check()?;
        }
    }
    Ok(Planes::Converted(vec![luma, cb, cr]))
}

const HALF: i32 = 1 << 15;

pub(super) fn luma_of(rgb: &[u8]) -> u8 {
    let [red, green, blue] = [rgb[0], rgb[1], rgb[2]].map(i32::from);
    // 0.299, 0.587 and 0.114 with 16 fractional bits; they add up to one.
    ((19_595 * red + 38_470 * green + 7_471 * blue + HALF) >> 16) as u8
}

/// Cb of a pixel.
pub(super) fn blue_difference(rgb: &[u8]) -> u8 {
    chroma_of([rgb[0], rgb[1], rgb[2]].map(i32::from), 0).0
}

/// Cb and Cr of the sum of `1 << shift` pixels.
fn chroma_of([red, green, blue]: [i32; 3], shift: u32) -> (u8, u8) {
    let cb = -11_058 * red - 21_710 * green + 32_768 * blue;
    let cr = 32_768 * red - 27_439 * green - 5_329 * blue;
    let level = |sum: i32| (((sum + (HALF << shift)) >> (16 + shift)) + 128).clamp(0, 255) as u8;
    (level(cb), level(cr))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Layout;
    use crate::limits::Limits;

    fn rgb(width: u32, height: u32, budget: &Budget) -> Image {
        let mut plane = Plane::new(width, height, 3, budget).unwrap();
        for (i, sample) in plane.data.iter_mut().enumerate() {
            *sample = (i * 37 % 256) as u8;
        }
        Image {
            width,
            height,
            layout: Layout::Rgb,
            planes: vec![plane],
        }
    }

    #[test]
    fn fixed_point_equals_floating_point() {
        let budget = Budget::new(&Limits::default());
        for (width, height) in [(1, 1), (2, 3), (5, 4), (9, 7)] {
            let image = rgb(width, height, &budget);
            for chroma in [av1::Chroma::Full, av1::Chroma::HalfWidth, av1::Chroma::Half] {
                let Planes::Converted(planes) = ycbcr(&image, chroma, &budget).unwrap() else {
                    panic!()
                };
                let pixel = |x: u32, y: u32| {
                    let at = x.min(width - 1) as usize * 3;
                    let pixel = &image.planes[0].row(y.min(height - 1))[at..at + 3];
                    [pixel[0], pixel[1], pixel[2]].map(f64::from)
                };
                for y in 0..height {
                    for x in 0..width {
                        let [r, g, b] = pixel(x, y);
                        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
                        assert!((f64::from(planes[0].row(y)[x as usize]) - luma).abs() < 0.51);
                    }
                }
                let across = if chroma == av1::Chroma::Full { 1 } else { 2 };
                let down = if chroma == av1::Chroma::Half { 2 } else { 1 };
                for y in 0..planes[1].height {
                    for x in 0..planes[1].width {
                        let mut mean = [0.0; 3];
                        for (dx, dy) in (0..across).flat_map(|dx| (0..down).map(move |dy| (dx, dy))) {
                            let pixel = pixel(x * across + dx, y * down + dy);
                            (0..3).for_each(|i| mean[i] += pixel[i] / f64::from(across * down));
                        }
                        let luma = 0.299 * mean[0] + 0.587 * mean[1] + 0.114 * mean[2];
                        let cb = ((mean[2] - luma) / 1.772 + 128.0).clamp(0.0, 255.0);
                        let cr = ((mean[0] - luma) / 1.402 + 128.0).clamp(0.0, 255.0);
                        assert!((f64::from(planes[1].row(y)[x as usize]) - cb).abs() < 0.52);
                        assert!((f64::from(planes[2].row(y)[x as usize]) - cr).abs() < 0.52);
                    }
                }
            }
        }
    }
}

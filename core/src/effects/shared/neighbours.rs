//! The two fast effects that look at the 3 × 3 pixels around each one: the mean, and a mild sharpening.

use fearless_simd::{Level, dispatch};

use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Plane};

/// The mean of nine pixels.
pub(crate) fn average(image: Image, budget: &Budget) -> Result<Image> {
    filter(&image, budget, |sum, _| divide::<9>(sum + 4))
}

/// 32 times the pixel less its eight neighbours, over 24.
pub(crate) fn sharpen(image: Image, budget: &Budget) -> Result<Image> {
    filter(&image, budget, |sum, centre| {
        divide::<24>((33 * centre - sum + 12).max(0))
    })
}

/// Exact for the sums that can be: `value` up to 6,132, and cut at 255 beyond.
#[inline(always)]
fn divide<const BY: u32>(value: i16) -> u8 {
    (((value as u32) * (65_536 / BY + 1)) >> 16).min(255) as u8
}

/// `pixel` gets the sum of nine samples, and the one in the middle.
fn filter(image: &Image, budget: &Budget, pixel: impl Fn(i16, i16) -> u8 + Copy) -> Result<Image> {
    let from = &image.planes[0];
    let mut plane = Plane::new(image.width, image.height, from.channels, budget)?;
    let (stride, channels) = (from.stride(), from.channels);
    // The sums of three rows, with the edge pixels once more on either side.
    let mut sums = budget.zeroed::<i16>(stride + 2 * channels, "blur rows")?;
    let level = Level::new();
    for y in 0..image.height {
        budget.check()?;
        let rows = [
            from.row(y.saturating_sub(1)),
            from.row(y),
            from.row((y + 1).min(image.height - 1)),
        ];
        dispatch!(level, _simd => add(rows, &mut sums[channels..channels + stride]));
        sums.copy_within(channels..2 * channels, 0);
        sums.copy_within(stride..stride + channels, stride + channels);
        dispatch!(level, _simd => finish(&sums, rows[1], channels, plane.row_mut(y), pixel));
    }
    Ok(Image {
        planes: vec![plane],
        ..*image
    })
}

#[inline(always)]
fn add([above, middle, below]: [&[u8]; 3], sums: &mut [i16]) {
    for (sum, ((&a, &b), &c)) in sums.iter_mut().zip(above.iter().zip(middle).zip(below)) {
        *sum = i16::from(a) + i16::from(b) + i16::from(c);
    }
}

#[inline(always)]
fn finish(sums: &[i16], centres: &[u8], channels: usize, out: &mut [u8], pixel: impl Fn(i16, i16) -> u8) {
    let middle = &sums[channels..];
    let right = &sums[2 * channels..];
    let sums = sums.iter().zip(middle).zip(right);
    for ((out, &centre), ((&a, &b), &c)) in out.iter_mut().zip(centres).zip(sums) {
        *out = pixel(a + b + c, i16::from(centre));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::testing::{LAYOUTS, budget, nearest, noise};

    #[test]
    fn as_the_slow_way() {
        for layout in LAYOUTS {
            for (width, height) in [(1, 1), (2, 1), (1, 3), (40, 9)] {
                let source = noise(layout, width, height, 5);
                let mean = average(noise(layout, width, height, 5), &budget()).unwrap();
                let sharp = sharpen(noise(layout, width, height, 5), &budget()).unwrap();
                for y in 0..i64::from(height) {
                    for x in 0..i64::from(width) {
                        for c in 0..layout.channels() {
                            let sum: i32 = (0..9)
                                .map(|i| i32::from(nearest(&source, x + i % 3 - 1, y + i / 3 - 1, c)))
                                .sum();
                            let centre = i32::from(nearest(&source, x, y, c));
                            assert_eq!(i32::from(nearest(&mean, x, y, c)), (sum + 4) / 9);
                            let expected = ((33 * centre - sum + 12) / 24).clamp(0, 255);
                            assert_eq!(i32::from(nearest(&sharp, x, y, c)), expected);
                        }
                    }
                }
            }
        }
    }
}

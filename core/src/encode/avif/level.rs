//! libaom's level for a quality: that at which a picture scores as in sharp at the same quality.
//!
//! Sharp's libaom (`tune=iq`) quantises blocks full of detail and noise more than flat ones; ours has one level for all
//! of a picture. So the level depends on how much detail there is.

use super::planes::{blue_difference, luma_of};
use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Layout};

/// What a picture is like, in sixteenths of octaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detail {
    /// The number of pixels.
    size: i32,
    /// The variance of luma in blocks of 4 × 4, which a tenth of them exceed.
    texture: i32,
    /// The variance of Cb in blocks of 8 × 8, which all but a tenth of them exceed: noise.
    noise: i32,
}

/// The level for a quality of 1 to 100.
pub(super) fn of(quality: u8, detail: Detail) -> u8 {
    let quality = i32::from(quality.clamp(1, 100));
    let next = FITTED.partition_point(|&(at, _)| at < quality).max(1);
    let ((low, from), (high, to)) = (FITTED[next - 1], FITTED[next]);
    let between = |of: usize| from[of] + (to[of] - from[of]) * (quality - low) / (high - low);
    let typical = Detail::TYPICAL;
    let size = detail.size.clamp(176, typical.size) - typical.size;
    let texture = detail.texture - typical.texture;
    let noise = detail.noise.min(96) - typical.noise;
    let hundredths = between(0) + (between(1) * size + between(2) * texture + between(3) * noise) / 16;
    ((hundredths.clamp(0, 6300) + 50) / 100) as u8
}

/// By quality, in hundredths of levels: the level of a typical picture, and what an octave of size, texture and noise
/// adds. Fitted to the levels at which 13 photographs and 5 graphics score as in sharp (SSIMULACRA2, effort 4), at 64,
/// 320 and 1024 pixels. Pictures left out of the fit are within two levels.
const FITTED: [(i32, [i32; 4]); 8] = [
    (1, [5770, 49, 91, 207]),
    (10, [5370, 49, 91, 207]),
    (30, [4420, -8, 93, 197]),
    (50, [3290, -45, 109, 231]),
    (65, [2455, -100, 75, 272]),
    (80, [1430, -151, 29, 239]),
    (90, [790, -153, 8, 176]),
    (100, [0, 0, 0, 0]),
];

/// Rows of blocks that are looked at, at most twice as many.
const BANDS: u32 = 64;

impl Detail {
    /// A photograph of medium size.
    pub(super) const TYPICAL: Self = Detail {
        size: 256,
        texture: 140,
        noise: 9,
    };

    pub(super) fn of(image: &Image, budget: &Budget) -> Result<Self> {
        let channels = image.layout.channels();
        let plane = &image.planes[0];
        let (width, height) = (image.width, image.height);
        let (texture, noise) = match image.layout {
            Layout::YCbCr => {
                let cb = &image.planes[1];
                let noise = spread((cb.width, cb.height), 8, 10, budget, |y, row| {
                    row.copy_from_slice(&cb.row(y)[..row.len()]);
                })?;
                let texture = spread((width, height), 4, 90, budget, |y, row| {
                    row.copy_from_slice(&plane.row(y)[..row.len()]);
                })?;
                (texture, noise)
            }
            Layout::Rgb | Layout::Rgba => {
                let pixels = |y| plane.row(y).chunks_exact(channels);
                let noise = spread((width, height), 8, 10, budget, |y, row| {
                    let pixels = row.iter_mut().zip(pixels(y));
                    pixels.for_each(|(cb, rgb)| *cb = blue_difference(rgb));
                })?;
                let texture = spread((width, height), 4, 90, budget, |y, row| {
                    let pixels = row.iter_mut().zip(pixels(y));
                    pixels.for_each(|(luma, rgb)| *luma = luma_of(rgb));
                })?;
                (texture, noise)
            }
            Layout::Grey | Layout::GreyAlpha | Layout::Cmyk => {
                let texture = spread((width, height), 4, 90, budget, |y, row| {
                    let pixels = plane.row(y).chunks_exact(channels);
                    row.iter_mut().zip(pixels).for_each(|(luma, pixel)| *luma = pixel[0]);
                })?;
                (texture, Some(0))
            }
        };
        Ok(Detail {
            size: octaves(u64::from(width) * u64::from(height)),
            texture: texture.unwrap_or(Self::TYPICAL.texture),
            noise: noise.unwrap_or(Self::TYPICAL.noise),
        })
    }
}

/// The variance that so many of a hundred blocks don't exceed. `None` if the plane has not one block.
fn spread(
    (width, height): (u32, u32),
    side: usize,
    percent: u64,
    budget: &Budget,
    mut read: impl FnMut(u32, &mut [u8]),
) -> Result<Option<i32>> {
    let bands = height / side as u32;
    let mut rows = budget.zeroed::<u8>(width as usize * side, "rows of blocks")?;
    // An 8-bit variance is below 2^14.
    let mut counts = [0u64; 14 * 16 + 1];
    let count = (side * side) as u64;
    for band in (0..bands).step_by((bands / BANDS).max(1) as usize) {
        for (row, y) in rows.chunks_exact_mut(width as usize).zip(band * side as u32..) {
            read(y, row);
        }
        for left in (0..width as usize / side).map(|block| block * side) {
            let (mut sum, mut squares) = (0, 0);
            for row in rows.chunks_exact(width as usize) {
                for &sample in &row[left..left + side] {
                    sum += u64::from(sample);
                    squares += u64::from(sample) * u64::from(sample);
                }
            }
            let variance = octaves(count * count + count * squares - sum * sum) - octaves(count * count);
            counts[variance as usize] += 1;
        }
        budget.check()?;
    }
    let total: u64 = counts.iter().sum();
    let Some(last) = total.checked_sub(1) else {
        return Ok(None);
    };
    let mut left = last * percent / 100;
    let variance = counts.iter().position(|&count| match left.checked_sub(count) {
        Some(more) => {
            left = more;
            false
        }
        None => true,
    });
    Ok(variance.map(|variance| variance as i32))
}

/// Sixteenths of octaves, linear within each.
fn octaves(number: u64) -> i32 {
    let number = number.max(1);
    let whole = number.ilog2();
    let part = (u128::from(number) * 16) >> whole;
    whole as i32 * 16 + part as i32 - 16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::testing::{budget, image};

    fn picture(width: u32, height: u32, layout: Layout, level: impl Fn(u32, u32) -> u8) -> Image {
        let plane = || image(width, height, layout, |x, y, _| level(x, y));
        let mut picture = plane();
        if layout == Layout::YCbCr {
            picture
                .planes
                .extend([plane(), plane()].into_iter().flat_map(|image| image.planes));
        }
        picture
    }

    fn detail(image: &Image) -> Detail {
        Detail::of(image, &budget()).unwrap()
    }

    #[test]
    fn better_quality_is_never_a_coarser_level() {
        for size in [0, 176, 200, 256, 500] {
            for texture in [0, 60, 140, 224] {
                for noise in [0, 9, 50, 224] {
                    let detail = Detail { size, texture, noise };
                    let levels: Vec<u8> = (1..=100).map(|quality| of(quality, detail)).collect();
                    assert!(
                        levels.is_sorted_by(|before, after| before >= after),
                        "{detail:?} {levels:?}"
                    );
                    assert!(levels[0] <= 63 && levels[99] == 0);
                }
            }
        }
        assert_eq!(of(50, Detail::TYPICAL), 33);
    }

    #[test]
    fn detail_is_measured_in_octaves() {
        assert_eq!([1, 2, 3, 4, 1024].map(octaves), [0, 16, 24, 32, 160]);
        for layout in [
            Layout::Grey,
            Layout::GreyAlpha,
            Layout::Rgb,
            Layout::Rgba,
            Layout::YCbCr,
        ] {
            let flat = detail(&picture(100, 70, layout, |_, _| 200));
            assert_eq!((flat.texture, flat.noise), (0, 0));
            // A variance of 3² where the columns differ by 6.
            let striped = detail(&picture(100, 70, layout, |x, _| 100 + x as u8 % 2 * 6));
            assert_eq!(striped.texture, octaves(10));
            assert_eq!(striped.noise, if layout == Layout::YCbCr { octaves(10) } else { 0 });
            // Less than a tenth of it.
            let corner = detail(&picture(100, 70, layout, |x, y| {
                if x < 8 && y < 8 { (x * y) as u8 } else { 9 }
            }));
            assert_eq!(corner.texture, 0);
            let tiny = detail(&picture(3, 1, layout, |_, _| 9));
            assert_eq!(tiny.texture, Detail::TYPICAL.texture);
        }
    }

    #[test]
    fn noise_is_coarser_than_flatness() {
        let noise = |x: u32, y: u32| ((x * 7919 + y * 104_729).wrapping_mul(2_654_435_761) >> 24) as u8;
        let flat = detail(&picture(300, 200, Layout::Rgb, |_, _| 90));
        let noisy = detail(&picture(300, 200, Layout::Rgb, noise));
        assert!(of(50, noisy) > of(50, flat) + 8);
    }
}

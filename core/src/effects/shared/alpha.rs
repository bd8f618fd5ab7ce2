//! Work on colours that are multiplied by their alpha, so that what can't be seen does not bleed into what can.
//!
//! Both ways samples are cut to whole numbers, not rounded, as libvips does: where alpha is low, a level more or less
//! is many in the colour that comes out.

use crate::budget::Budget;
use crate::error::Result;
use crate::image::Image;

/// Does `work` on the picture, premultiplied if it has alpha. Pixels whose alpha is 0 afterwards are black.
pub(crate) fn premultiplied(
    mut image: Image,
    budget: &Budget,
    work: impl FnOnce(Image) -> Result<Image>,
) -> Result<Image> {
    if !image.layout.has_alpha() {
        return work(image);
    }
    each_row(&mut image, budget, multiply::<2>, multiply::<4>)?;
    let mut image = work(image)?;
    each_row(&mut image, budget, divide::<2>, divide::<4>)?;
    Ok(image)
}

fn each_row(image: &mut Image, budget: &Budget, two: fn(&mut [u8]), four: fn(&mut [u8])) -> Result<()> {
    for y in 0..image.height {
        budget.check()?;
        let row = image.planes[0].row_mut(y);
        if image.layout.channels() == 2 {
            two(row)
        } else {
            four(row)
        }
    }
    Ok(())
}

fn multiply<const C: usize>(row: &mut [u8]) {
    for pixel in row.as_chunks_mut::<C>().0 {
        let alpha = f32::from(pixel[C - 1]) / 255.0;
        for sample in &mut pixel[..C - 1] {
            *sample = (f32::from(*sample) * alpha) as u8;
        }
    }
}

fn divide<const C: usize>(row: &mut [u8]) {
    for pixel in row.as_chunks_mut::<C>().0 {
        let alpha = pixel[C - 1];
        if alpha == 255 {
            continue;
        }
        let factor = if alpha == 0 { 0.0 } else { 255.0 / f32::from(alpha) };
        for sample in &mut pixel[..C - 1] {
            *sample = (factor * f32::from(*sample)) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::testing::{budget, image, noise};
    use crate::image::Layout;

    #[test]
    fn there_and_back_is_as_fine_as_alpha() {
        for layout in [Layout::GreyAlpha, Layout::Rgba] {
            let channels = layout.channels();
            let original = noise(layout, 64, 64, 8);
            let same = premultiplied(noise(layout, 64, 64, 8), &budget(), Ok).unwrap();
            let pixels = original.planes[0]
                .data
                .chunks(channels)
                .zip(same.planes[0].data.chunks(channels));
            for (a, b) in pixels {
                let alpha = f64::from(a[channels - 1]);
                assert_eq!(a[channels - 1], b[channels - 1]);
                for (a, b) in a[..channels - 1].iter().zip(b) {
                    let allowed = if alpha == 0.0 {
                        f64::from(*a)
                    } else {
                        255.0 / alpha + 1.0
                    };
                    assert!((f64::from(*a) - f64::from(*b)).abs() <= allowed, "{a} {b} {alpha}");
                }
            }
        }
    }

    #[test]
    fn pictures_without_alpha_are_left_alone() {
        let same = premultiplied(image(Layout::Rgb, 1, &[1, 2, 3]), &budget(), Ok).unwrap();
        assert_eq!(same.planes[0].data[..], [1, 2, 3]);
    }
}

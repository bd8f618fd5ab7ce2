//! Converts JFIF's Y'CbCr planes to interleaved RGB.

use fearless_simd::{Level, dispatch};

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::image::{Image, Layout, Plane};
use crate::planar::interleave;

/// Converts planes of the same size (chroma already upsampled) with the matrix of JFIF 1.02: BT.601,
/// full range, rounded to the nearest.
pub(crate) fn ycbcr_to_rgb(image: Image, budget: &Budget) -> Result<Image> {
    let size = (image.width, image.height);
    let [luma, blue, red] = &image.planes[..] else {
        return Err(wrong(&image));
    };
    if image.layout != Layout::YCbCr || [luma, blue, red].iter().any(|p| (p.width, p.height) != size) {
        return Err(wrong(&image));
    }
    let level = Level::new();
    let mut plane = Plane::new(image.width, image.height, 3, budget)?;
    for y in 0..image.height {
        budget.check()?;
        let (luma, blue, red, out) = (luma.row(y), blue.row(y), red.row(y), plane.row_mut(y));
        dispatch!(level, simd => interleave(simd, [luma, blue, red], out, pixel));
    }
    Ok(Image {
        width: image.width,
        height: image.height,
        layout: Layout::Rgb,
        planes: vec![plane],
    })
}

fn wrong(image: &Image) -> Error {
    Error::internal(
        "converting Y'CbCr to RGB",
        format!(
            "{:?} with {} planes, not all of full size",
            image.layout,
            image.planes.len()
        ),
    )
}

/// Fraction bits: with 20, no sum is off by enough to round the wrong way, and all fit in 32 bits.
const BITS: u32 = 20;

const fn fixed(factor: f64) -> i32 {
    (factor * (1 << BITS) as f64 + 0.5) as i32
}

#[inline(always)]
fn pixel(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let y = (i32::from(y) << BITS) + (1 << (BITS - 1));
    let (cb, cr) = (i32::from(cb) - 128, i32::from(cr) - 128);
    let byte = |v: i32| (v >> BITS).clamp(0, 255) as u8;
    [
        byte(y + fixed(1.402) * cr),
        byte(y - fixed(0.114 * 1.772 / 0.587) * cb - fixed(0.299 * 1.402 / 0.587) * cr),
        byte(y + fixed(1.772) * cb),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    /// JFIF 1.02, in real numbers.
    fn exact(y: u8, cb: u8, cr: u8) -> [f64; 3] {
        let [y, cb, cr] = [f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0];
        let (r, b) = (y + 1.402 * cr, y + 1.772 * cb);
        [r, (y - 0.299 * r - 0.114 * b) / 0.587, b].map(|v| v.clamp(0.0, 255.0))
    }

    #[test]
    fn every_triple_rounds_to_the_nearest() {
        for y in 0..=255 {
            for cb in 0..=255 {
                for cr in 0..=255 {
                    for (got, exact) in pixel(y, cb, cr).iter().zip(exact(y, cb, cr)) {
                        assert!(
                            (f64::from(*got) - exact).abs() < 0.5001,
                            "{y} {cb} {cr}: {got}, not {exact}"
                        );
                    }
                }
            }
        }
    }

    fn planes(sizes: [(u32, u32); 3]) -> Image {
        let budget = Budget::new(&Limits::default());
        let mut seed = 1u32;
        let planes = sizes.map(|(width, height)| {
            let mut plane = Plane::new(width, height, 1, &budget).unwrap();
            for value in plane.data.iter_mut() {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *value = (seed >> 24) as u8;
            }
            plane
        });
        let (width, height) = sizes[0];
        Image {
            width,
            height,
            layout: Layout::YCbCr,
            planes: planes.into(),
        }
    }

    #[test]
    fn rows_of_every_length_match_the_single_pixel() {
        let budget = Budget::new(&Limits::default());
        for width in [1, 2, 63, 64, 65, 127, 128, 200] {
            let image = planes([(width, 3); 3]);
            let samples = |plane: usize| image.planes[plane].data.to_vec();
            let (luma, blue, red) = (samples(0), samples(1), samples(2));
            let rgb = ycbcr_to_rgb(image, &budget).unwrap();
            assert_eq!(rgb.layout, Layout::Rgb);
            for (i, got) in rgb.planes[0].data.as_chunks::<3>().0.iter().enumerate() {
                assert_eq!(*got, pixel(luma[i], blue[i], red[i]));
            }
        }
    }

    #[test]
    fn refuses_subsampled_planes() {
        let budget = Budget::new(&Limits::default());
        let error = ycbcr_to_rgb(planes([(4, 4), (2, 2), (2, 2)]), &budget).unwrap_err();
        assert_eq!(error.code(), "INTERNAL");
    }
}

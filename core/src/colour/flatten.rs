//! Flattens alpha onto a background.

use crate::budget::Budget;
use crate::colour::Colour;
use crate::error::Result;
use crate::image::{Image, Layout, Plane};

/// Puts an image with alpha onto an opaque background; the background's own alpha is ignored. An image
/// without alpha is returned unchanged. Grey stays grey on a grey background, and becomes RGB on a coloured one.
pub(crate) fn flatten(image: Image, background: Colour, budget: &Budget) -> Result<Image> {
    let Colour { red, green, blue, .. } = background;
    match image.layout {
        Layout::Rgba => convert(&image, Layout::Rgb, budget, |[r, g, b, a]: [u8; 4]| {
            [over(r, red, a), over(g, green, a), over(b, blue, a)]
        }),
        Layout::GreyAlpha if red == green && green == blue => {
            convert(&image, Layout::Grey, budget, |[v, a]: [u8; 2]| [over(v, red, a)])
        }
        Layout::GreyAlpha => convert(&image, Layout::Rgb, budget, |[v, a]: [u8; 2]| {
            [over(v, red, a), over(v, green, a), over(v, blue, a)]
        }),
        Layout::Grey | Layout::Rgb | Layout::YCbCr | Layout::Cmyk => Ok(image),
    }
}

/// `(value × alpha + background × (255 - alpha)) / 255`, rounded to the nearest.
#[inline(always)]
fn over(value: u8, background: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    let sum = u32::from(value) * alpha + u32::from(background) * (255 - alpha) + 128;
    // Divides by 255 without a division; exact up to 255² + 128.
    ((sum + (sum >> 8)) >> 8) as u8
}

/// Converts an interleaved image to another layout, pixel by pixel.
pub(crate) fn convert<const FROM: usize, const TO: usize>(
    image: &Image,
    layout: Layout,
    budget: &Budget,
    pixel: impl Fn([u8; FROM]) -> [u8; TO],
) -> Result<Image> {
    let source = &image.planes[0];
    let mut plane = Plane::new(source.width, source.height, TO, budget)?;
    for y in 0..source.height {
        budget.check()?;
        let from = source.row(y).as_chunks::<FROM>().0;
        for (from, to) in from.iter().zip(plane.row_mut(y).as_chunks_mut::<TO>().0) {
            *to = pixel(*from);
        }
    }
    Ok(Image {
        width: image.width,
        height: image.height,
        layout,
        planes: vec![plane],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn rounds_to_the_nearest() {
        for alpha in 0..=255 {
            for value in 0..=255 {
                for background in [0, 1, 100, 127, 128, 254, 255] {
                    let (v, b, a) = (f64::from(value), f64::from(background), f64::from(alpha));
                    let exact = (v * a + b * (255.0 - a)) / 255.0;
                    assert_eq!(over(value, background, alpha), exact.round() as u8);
                }
            }
        }
    }

    fn flattened(layout: Layout, pixels: &[u8], background: &str) -> (Layout, Vec<u8>) {
        let budget = Budget::new(&Limits::default());
        let width = (pixels.len() / layout.channels()) as u32;
        let mut plane = Plane::new(width, 1, layout.channels(), &budget).unwrap();
        plane.row_mut(0).copy_from_slice(pixels);
        let image = Image {
            width,
            height: 1,
            layout,
            planes: vec![plane],
        };
        let image = flatten(image, background.parse().unwrap(), &budget).unwrap();
        (image.layout, image.planes[0].data.to_vec())
    }

    #[test]
    fn drops_alpha_only_where_there_is_some() {
        let rgba = [10, 20, 30, 255, 10, 20, 30, 0, 10, 20, 30, 128];
        let expected = vec![10, 20, 30, 255, 0, 128, 132, 10, 79];
        assert_eq!(flattened(Layout::Rgba, &rgba, "#ff0080"), (Layout::Rgb, expected));
        assert_eq!(
            flattened(Layout::GreyAlpha, &[9, 0, 9, 255], "#808080"),
            (Layout::Grey, vec![128, 9])
        );
        assert_eq!(
            flattened(Layout::GreyAlpha, &[9, 0], "#ff0080"),
            (Layout::Rgb, vec![255, 0, 128])
        );
        assert_eq!(flattened(Layout::Rgb, &[1, 2, 3], "#fff"), (Layout::Rgb, vec![1, 2, 3]));
        assert_eq!(flattened(Layout::Grey, &[1], "#fff"), (Layout::Grey, vec![1]));
    }
}

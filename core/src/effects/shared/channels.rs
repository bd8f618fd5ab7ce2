//! Channels that come and go: grey, RGB, alpha.

use crate::budget::Budget;
use crate::colour::Colour;
use crate::colour::convert;
use crate::error::Result;
use crate::image::{Image, Layout};

use super::lab::Tables;

/// One colour channel: the luminance, in the curve of sRGB. Alpha stays.
pub(crate) fn grey(image: Image, budget: &Budget) -> Result<Image> {
    let tables = Tables::shared();
    match image.layout {
        Layout::Rgb => convert(
            &image,
            Layout::Grey,
            budget,
            |[r, g, b]: [u8; 3]| [tables.grey(r, g, b)],
        ),
        Layout::Rgba => convert(&image, Layout::GreyAlpha, budget, |[r, g, b, a]: [u8; 4]| {
            [tables.grey(r, g, b), a]
        }),
        _ => Ok(image),
    }
}

/// Three colour channels. Alpha stays.
pub(crate) fn rgb(image: Image, budget: &Budget) -> Result<Image> {
    match image.layout {
        Layout::Grey => convert(&image, Layout::Rgb, budget, |[v]: [u8; 1]| [v; 3]),
        Layout::GreyAlpha => convert(&image, Layout::Rgba, budget, |[v, a]: [u8; 2]| [v, v, v, a]),
        _ => Ok(image),
    }
}

/// An alpha channel of one value, unless there is one already.
pub(crate) fn with_alpha(image: Image, alpha: u8, budget: &Budget) -> Result<Image> {
    match image.layout {
        Layout::Grey => convert(&image, Layout::GreyAlpha, budget, |[v]: [u8; 1]| [v, alpha]),
        Layout::Rgb => convert(&image, Layout::Rgba, budget, |[r, g, b]: [u8; 3]| [r, g, b, alpha]),
        _ => Ok(image),
    }
}

/// The picture with an alpha channel, if the colour needs one.
pub(crate) fn room_for(image: Image, colour: Colour, budget: &Budget) -> Result<Image> {
    if colour.alpha == 255 || image.layout.has_alpha() {
        return Ok(image);
    }
    with_alpha(image, 255, budget)
}

/// Drops the alpha channel; colours stay.
pub(crate) fn without_alpha(image: Image, budget: &Budget) -> Result<Image> {
    match image.layout {
        Layout::GreyAlpha => convert(&image, Layout::Grey, budget, |[v, _]: [u8; 2]| [v]),
        Layout::Rgba => convert(&image, Layout::Rgb, budget, |[r, g, b, _]: [u8; 4]| [r, g, b]),
        _ => Ok(image),
    }
}

/// A colour as the pixel of a layout, in its first samples; on grey it counts by its luma.
pub(crate) fn ink(colour: Colour, layout: Layout) -> [u8; 4] {
    let Colour {
        red,
        green,
        blue,
        alpha,
    } = colour;
    let luma = 0.2126 * f64::from(red) + 0.7152 * f64::from(green) + 0.0722 * f64::from(blue);
    match layout {
        // Slightly more, so that grey stays the same grey.
        Layout::Grey | Layout::GreyAlpha => [(luma + 1e-6) as u8, alpha, 0, 0],
        _ => [red, green, blue, alpha],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::testing::{budget, image, noise};

    #[test]
    fn channels_come_and_go() {
        let rgb = image(Layout::Rgb, 1, &[10, 200, 90]);
        let rgba = with_alpha(rgb, 7, &budget()).unwrap();
        assert_eq!(
            (rgba.layout, &rgba.planes[0].data[..]),
            (Layout::Rgba, &[10, 200, 90, 7][..])
        );
        let same = with_alpha(rgba, 255, &budget()).unwrap();
        assert_eq!(same.planes[0].data[3], 7);
        let grey = grey(same, &budget()).unwrap();
        assert_eq!((grey.layout, grey.planes[0].data[1]), (Layout::GreyAlpha, 7));
        let plain = without_alpha(grey, &budget()).unwrap();
        let value = plain.planes[0].data[0];
        let back = super::rgb(plain, &budget()).unwrap();
        assert_eq!((back.layout, &back.planes[0].data[..]), (Layout::Rgb, &[value; 3][..]));
    }

    #[test]
    fn grey_is_luminance() {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        let noise = noise(Layout::Rgb, 50, 40, 3);
        let slow: Vec<f64> = noise.planes[0]
            .data
            .as_chunks::<3>()
            .0
            .iter()
            .map(|&[r, g, b]| {
                let y = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
                255.0
                    * if y <= 0.003_130_8 {
                        12.92 * y
                    } else {
                        1.055 * y.powf(1.0 / 2.4) - 0.055
                    }
            })
            .collect();
        let fast = grey(noise, &budget()).unwrap();
        for (fast, slow) in fast.planes[0].data.iter().zip(slow) {
            assert!((f64::from(*fast) - slow).abs() < 1.1, "{fast} {slow}");
        }
        for v in 0..=255 {
            let same = grey(image(Layout::Rgb, 1, &[v; 3]), &budget()).unwrap();
            assert_eq!(same.planes[0].data[..], [v]);
        }
    }

    #[test]
    fn ink_on_grey_is_luma() {
        let orange: Colour = "#ff800080".parse().unwrap();
        assert_eq!(ink(orange, Layout::Rgba), [255, 128, 0, 128]);
        assert_eq!(ink(orange, Layout::GreyAlpha)[..2], [145, 128]);
        for v in 0..=255 {
            let grey = Colour {
                red: v,
                green: v,
                blue: v,
                alpha: 255,
            };
            assert_eq!(ink(grey, Layout::Grey)[0], v);
        }
    }
}

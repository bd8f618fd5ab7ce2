//! Crops an image, and places an image on a canvas.

use crate::budget::Budget;
use crate::colour::Colour;
use crate::error::Result;
use crate::image::{Image, Layout, Plane};

/// The part of an interleaved image that starts at `left`, `top`; it must lie within the image.
pub(crate) fn cut(
    image: Image,
    (left, top): (u32, u32),
    (width, height): (u32, u32),
    budget: &Budget,
) -> Result<Image> {
    if (width, height) == (image.width, image.height) {
        return Ok(image);
    }
    let from = &image.planes[0];
    let mut to = Plane::new(width, height, from.channels, budget)?;
    let start = left as usize * from.channels;
    for y in 0..height {
        let stride = to.stride();
        to.row_mut(y).copy_from_slice(&from.row(top + y)[start..start + stride]);
    }
    Ok(Image {
        width,
        height,
        layout: image.layout,
        planes: vec![to],
    })
}

/// An interleaved image on a canvas of one colour. The canvas gets alpha if the colour needs it, and colour if a
/// grey image's background isn't grey.
pub(crate) fn place(
    image: Image,
    (left, top): (u32, u32),
    (width, height): (u32, u32),
    background: Colour,
    budget: &Budget,
) -> Result<Image> {
    let layout = canvas_layout(image.layout, background);
    let mut canvas = Plane::new(width, height, layout.channels(), budget)?;
    let Colour {
        red,
        green,
        blue,
        alpha,
    } = background;
    match layout {
        Layout::Grey => canvas.data.fill(red),
        Layout::GreyAlpha => fill(&mut canvas, [red, alpha]),
        Layout::Rgb => fill(&mut canvas, [red, green, blue]),
        _ => fill(&mut canvas, [red, green, blue, alpha]),
    }
    let channels = layout.channels();
    let start = left as usize * channels;
    for y in 0..image.height {
        budget.check()?;
        let target = &mut canvas.row_mut(top + y)[start..start + image.width as usize * channels];
        let source = image.planes[0].row(y);
        match (image.layout, layout) {
            (from, to) if from == to => target.copy_from_slice(source),
            (Layout::Grey, Layout::GreyAlpha) => convert(source, target, |[v]| [v, 255]),
            (Layout::Grey, Layout::Rgb) => convert(source, target, |[v]| [v; 3]),
            (Layout::Grey, _) => convert(source, target, |[v]| [v, v, v, 255]),
            (Layout::GreyAlpha, _) => convert(source, target, |[v, a]| [v, v, v, a]),
            _ => convert(source, target, |[r, g, b]| [r, g, b, 255]),
        }
    }
    Ok(Image {
        width,
        height,
        layout,
        planes: vec![canvas],
    })
}

fn canvas_layout(picture: Layout, background: Colour) -> Layout {
    let grey = matches!(picture, Layout::Grey | Layout::GreyAlpha)
        && background.red == background.green
        && background.green == background.blue;
    match (grey, picture.has_alpha() || background.alpha < 255) {
        (true, false) => Layout::Grey,
        (true, true) => Layout::GreyAlpha,
        (false, false) => Layout::Rgb,
        (false, true) => Layout::Rgba,
    }
}

fn fill<const N: usize>(plane: &mut Plane, pixel: [u8; N]) {
    plane.data.as_chunks_mut::<N>().0.fill(pixel);
}

fn convert<const N: usize, const M: usize>(from: &[u8], to: &mut [u8], pixel: impl Fn([u8; N]) -> [u8; M]) {
    for (from, to) in from.as_chunks::<N>().0.iter().zip(to.as_chunks_mut::<M>().0) {
        *to = pixel(*from);
    }
}

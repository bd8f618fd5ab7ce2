//! Pixels to bytes: one adapter for each format.

#[cfg(feature = "gif")]
pub(crate) mod gif;
#[cfg(any(feature = "gif", feature = "png"))]
mod palette;
#[cfg(feature = "png")]
pub(crate) mod png;
#[cfg(feature = "webp")]
pub(crate) mod webp;

#[cfg(any(feature = "gif", feature = "png", feature = "webp"))]
use crate::{
    error::{Error, Result},
    image::{Image, Layout, Picture, PictureFrame},
};

/// Row `y` of an interleaved image as RGBA, into `out`.
#[cfg(any(feature = "gif", feature = "png", feature = "webp"))]
fn rgba_row(image: &Image, y: u32, out: &mut [u8]) {
    let row = image.planes[0].row(y);
    let pixels = out.as_chunks_mut::<4>().0.iter_mut();
    match image.layout {
        Layout::Grey => pixels.zip(row).for_each(|(out, &v)| *out = [v, v, v, 255]),
        Layout::GreyAlpha => {
            pixels
                .zip(row.as_chunks::<2>().0)
                .for_each(|(out, &[v, a])| *out = [v, v, v, a]);
        }
        Layout::Rgb => pixels
            .zip(row.as_chunks::<3>().0)
            .for_each(|(out, &[r, g, b])| *out = [r, g, b, 255]),
        _ => pixels
            .zip(row.as_chunks::<4>().0)
            .for_each(|(out, pixel)| *out = *pixel),
    }
}

/// Refuses layouts that the pipeline has to convert first, and pictures without a frame.
#[cfg(any(feature = "gif", feature = "png", feature = "webp"))]
fn first_frame<'a>(picture: &'a Picture, accepted: &[Layout]) -> Result<&'a PictureFrame> {
    let internal = |reason: String| Error::Internal {
        stage: "encoding",
        reason,
    };
    let first = picture
        .frames
        .first()
        .ok_or_else(|| internal("a picture without a frame".to_owned()))?;
    match picture
        .frames
        .iter()
        .find(|frame| !accepted.contains(&frame.image.layout))
    {
        Some(frame) => Err(internal(format!("pixels in the layout {:?}", frame.image.layout))),
        None => Ok(first),
    }
}

#[cfg(test)]
pub(crate) mod testing;

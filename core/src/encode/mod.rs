//! Encodes an image: one adapter for each format, and what each format can hold.

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Layout, Picture, PictureFrame};
use crate::metadata::MetadataBlocks;

#[cfg(feature = "avif")]
pub(crate) mod avif;
#[cfg(any(feature = "gif", feature = "png", feature = "webp"))]
mod changes;
#[cfg(feature = "gif")]
mod gif;
#[cfg(feature = "jpeg")]
mod jpeg;
mod options;
#[cfg(any(feature = "gif", feature = "png"))]
mod palette;
#[cfg(feature = "png")]
mod png;
mod raw;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(feature = "webp")]
mod webp;

pub use options::{Avif, Chroma, Encode, Gif, Jpeg, Png, Preset, RawPixels, Webp};

/// Writes an image with the metadata blocks that are kept.
pub(crate) fn encode(
    picture: &Picture,
    options: &Encode,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    budget.check()?;
    match options {
        #[cfg(feature = "jpeg")]
        Encode::Jpeg(options) => jpeg::encode(picture, options, metadata, budget),
        #[cfg(feature = "png")]
        Encode::Png(options) => png::encode(picture, options, metadata, budget),
        #[cfg(feature = "webp")]
        Encode::Webp(options) => webp::encode(picture, options, metadata, budget),
        #[cfg(feature = "gif")]
        Encode::Gif(options) => gif::encode(picture, options, metadata, budget),
        #[cfg(feature = "avif")]
        Encode::Avif(options) => avif::encode(picture, options, metadata, budget),
        Encode::Raw(_) => raw::encode(picture),
        #[allow(unreachable_patterns, reason = "with all features on, nothing is left")]
        other => Err(Error::not_written(other.format())),
    }
}

/// The options with which a picture of this size can be written. Refuses a size that the format can't hold.
pub(crate) fn for_size(options: Encode, (width, height): (u32, u32)) -> Result<Encode> {
    let side = can(&options).side;
    if width > side || height > side {
        return Err(too_large(options.format(), (width, height), side));
    }
    Ok(match options {
        #[cfg(feature = "avif")]
        Encode::Avif(options) => Encode::Avif(avif::for_size(options, (width, height))),
        other => other,
    })
}

fn too_large(format: Format, (width, height): (u32, u32), side: u32) -> Error {
    let expected = format_args!("a format for {width}×{height} pixels: {format} holds at most {side}×{side}");
    Error::out_of_range("encode.format", expected, format)
}

/// What a format can hold, with these options.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Can {
    /// An alpha channel.
    pub(crate) alpha: bool,
    /// More than one frame.
    pub(crate) frames: bool,
    /// A colour space other than sRGB. Raw pixels don't say which they are in; it is the requested one.
    pub(crate) space: bool,
    /// A density outside EXIF.
    pub(crate) density: bool,
    /// Y'CbCr planes as they are, and so many columns and rows of pixels to a chroma sample.
    pub(crate) chroma: Option<(u32, u32)>,
    /// Most pixels across and down.
    pub(crate) side: u32,
}

pub(crate) fn can(options: &Encode) -> Can {
    let file = Can {
        alpha: true,
        frames: false,
        space: true,
        density: false,
        chroma: None,
        side: 65_535,
    };
    match options {
        Encode::Jpeg(options) => Can {
            alpha: false,
            density: true,
            chroma: Some(options.chroma.cell()),
            ..file
        },
        Encode::Png(_) => Can {
            frames: true,
            density: true,
            side: u32::MAX,
            ..file
        },
        Encode::Webp(options) => Can {
            frames: true,
            chroma: (!options.lossless && !options.sharp).then_some(Chroma::Half.cell()),
            side: 16_383, // 14 bits, in VP8 and VP8L alike
            ..file
        },
        Encode::Gif(_) => Can {
            frames: true,
            space: false,
            ..file
        },
        Encode::Avif(options) => Can {
            chroma: (!options.lossless).then_some(options.chroma.cell()),
            ..file
        },
        Encode::Raw(_) => Can { side: u32::MAX, ..file },
    }
}

/// How many times the options want an animation to play, and how long each frame is shown.
pub(crate) fn timing(options: &Encode) -> (Option<u16>, Option<u16>) {
    match options {
        Encode::Png(options) => (options.loops, options.delay),
        Encode::Webp(options) => (options.loops, options.delay),
        Encode::Gif(options) => (options.loops, options.delay),
        _ => (None, None),
    }
}

/// How long a frame is shown, in milliseconds: browsers take 10 and less, which many GIFs say, for a mistake.
#[cfg(any(feature = "gif", feature = "png", feature = "webp"))]
fn shown_ms(delay_ms: u32) -> u32 {
    if delay_ms <= 10 { 100 } else { delay_ms }
}

/// Refuses layouts that the pipeline must convert first, and images without a frame.
fn first_frame<'a>(picture: &'a Picture, accepted: &[Layout]) -> Result<&'a PictureFrame> {
    let internal = |reason: String| Error::internal("encoding", reason);
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

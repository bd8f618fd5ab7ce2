//! A picture to bytes: one adapter for each format, and what each format can hold.

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Layout, Picture, PictureFrame};
use crate::metadata::MetadataBlocks;

#[cfg(feature = "avif")]
pub(crate) mod avif;
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

/// Writes a picture, with the metadata blocks that are kept.
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
        other => Err(missing_feature(other.format())),
    }
}

fn missing_feature(format: Format) -> Error {
    Error::unsupported(format_args!(
        "{format} output: keenpix was built without the feature `{format}`"
    ))
}

/// Refuses options that are out of range, and sizes that the format can't hold: before any work is done.
pub(crate) fn check(options: &Encode, (width, height): (u32, u32)) -> Result<()> {
    let format = options.format();
    let available = match format {
        Format::Jpeg => cfg!(feature = "jpeg"),
        Format::Png => cfg!(feature = "png"),
        Format::Webp => cfg!(feature = "webp"),
        Format::Gif => cfg!(feature = "gif"),
        Format::Avif => cfg!(feature = "avif"),
        Format::Raw => true,
        Format::Bmp | Format::Ico | Format::Svg => false,
    };
    if !available {
        return Err(missing_feature(format));
    }
    options.check().map_err(|error| error.at("encode"))?;
    let side = match format {
        Format::Webp => 16_383, // 14 bits each, VP8 and VP8L alike
        Format::Jpeg | Format::Gif | Format::Avif => 65_535,
        _ => u32::MAX,
    };
    if width > side || height > side {
        return Err(Error::bad_plan(format_args!(
            "an output of {width}×{height} does not fit {format}, which holds {side}×{side}"
        )));
    }
    Ok(())
}

/// Whether the output can have an alpha channel.
pub(crate) fn keeps_alpha(options: &Encode) -> bool {
    !matches!(options, Encode::Jpeg(_))
}

/// How often the options want an animation played, and how long a frame shown.
pub(crate) fn timing(options: &Encode) -> (Option<u16>, Option<u16>) {
    match options {
        Encode::Webp(options) => (options.loops, options.delay),
        Encode::Gif(options) => (options.loops, options.delay),
        _ => (None, None),
    }
}

/// Whether the output has places for profiles and EXIF that readers know.
pub(crate) fn keeps_metadata(options: &Encode) -> bool {
    !matches!(options, Encode::Gif(_) | Encode::Raw(_))
}

/// Whether the format says a density without EXIF.
pub(crate) fn has_density(options: &Encode) -> bool {
    matches!(options, Encode::Jpeg(_) | Encode::Png(_))
}

/// Whether the output can have more than one frame.
pub(crate) fn can_animate(options: &Encode) -> bool {
    matches!(options, Encode::Gif(_) | Encode::Webp(_))
}

/// Columns and rows of pixels that share a chroma sample, for encoders that take Y'CbCr planes.
pub(crate) fn chroma_cell(options: &Encode) -> Option<(u32, u32)> {
    let chroma = match options {
        Encode::Jpeg(options) => options.chroma,
        Encode::Avif(options) if !options.lossless => options.chroma,
        Encode::Webp(options) if !options.lossless && !options.sharp => Chroma::Half,
        _ => return None,
    };
    Some(match chroma {
        Chroma::Half => (2, 2),
        Chroma::HalfWidth => (2, 1),
        Chroma::Full => (1, 1),
    })
}

/// Refuses layouts that the pipeline has to convert first, and pictures without a frame.
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

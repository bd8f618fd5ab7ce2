//! Bytes to rows: one adapter for each format.

#[cfg(feature = "avif")]
pub(crate) mod avif;
#[cfg(feature = "bmp")]
mod bmp;
#[cfg(feature = "gif")]
pub(crate) mod gif;
#[cfg(feature = "bmp")]
mod ico;
#[cfg(feature = "jpeg")]
mod jpeg;
#[cfg(feature = "png")]
pub(crate) mod png;
mod raw;
mod sniff;
#[cfg(feature = "svg")]
mod svg;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(feature = "webp")]
pub(crate) mod webp;

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::info::{ColourModel, Info, whole_dpi};
use crate::input::Input;
use crate::metadata::{MetadataBlocks, exif};
use crate::request::{DENSITY, Request};
use crate::rows::RowSink;
use sniff::sniff;

/// Reads the header of whatever image the bytes are, or takes it from the plan's words for what has none.
pub(crate) fn header(bytes: &[u8], input: &Input) -> Result<Header> {
    header_at(bytes, input, DENSITY)
}

/// Reads the header; a drawing's size follows the density, in dots per inch.
pub(crate) fn header_at(bytes: &[u8], input: &Input, density: f64) -> Result<Header> {
    let mut header = match input {
        Input::File => file_header(bytes, density),
        Input::Raw(pixels) => raw::raw(bytes, pixels),
        Input::Create(picture) => raw::create(bytes, picture),
    }?;
    let info = &mut header.info;
    info.channels = u8::from(info.alpha)
        + match info.colour {
            ColourModel::Grey => 1,
            ColourModel::Cmyk => 4,
            ColourModel::Rgb | ColourModel::Ycbcr | ColourModel::Palette => 3,
        };
    Ok(header)
}

#[cfg_attr(
    not(feature = "svg"),
    allow(unused_variables, reason = "only drawings have a density")
)]
fn file_header(bytes: &[u8], density: f64) -> Result<Header> {
    let mut header: Header = match sniff(bytes)? {
        #[cfg(feature = "jpeg")]
        Format::Jpeg => jpeg::probe(bytes),
        #[cfg(feature = "png")]
        Format::Png => png::probe(bytes),
        #[cfg(feature = "webp")]
        Format::Webp => webp::probe(bytes),
        #[cfg(feature = "gif")]
        Format::Gif => gif::probe(bytes),
        #[cfg(feature = "bmp")]
        Format::Bmp => bmp::probe(bytes),
        #[cfg(feature = "bmp")]
        Format::Ico => ico::probe(bytes),
        #[cfg(feature = "avif")]
        Format::Avif => avif::probe(bytes),
        #[cfg(feature = "svg")]
        Format::Svg => svg::probe(bytes, density),
        #[allow(unreachable_patterns, reason = "with all features on, nothing is left")]
        other => Err(missing_feature(other)),
    }?;
    let MetadataBlocks { icc, exif, xmp, .. } = &header.metadata;
    let length = |block: &Option<Vec<u8>>| block.as_ref().map_or(0, Vec::len);
    (header.info.icc, header.info.exif, header.info.xmp) = (length(icc), length(exif), length(xmp));
    if let Some(density) = exif.as_deref().and_then(exif::density).and_then(whole_dpi) {
        header.info.density = Some(density);
    }
    // An AVIF says its orientation in boxes of its own; what EXIF says there has been applied (MIAF, 7.3.10).
    if let Some(exif) = exif
        && header.info.format != Format::Avif
    {
        header.info.orientation = exif::orientation(exif);
    }
    Ok(header)
}

/// Decodes the frames that are asked for into `sink`, row by row; what was wrong with the file and was tolerated
/// goes to `warnings`.
#[allow(clippy::ptr_arg, reason = "without any codec nothing is pushed")]
pub(crate) fn decode(
    bytes: &[u8],
    input: &Input,
    request: &Request,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    match input {
        Input::File => {}
        Input::Raw(pixels) => return raw::decode_raw(bytes, pixels, budget, sink),
        Input::Create(picture) => return raw::decode_create(picture, budget, sink),
    }
    match sniff(bytes)? {
        #[cfg(feature = "jpeg")]
        Format::Jpeg => jpeg::decode(bytes, request, budget, sink, warnings),
        #[cfg(feature = "png")]
        Format::Png => png::decode(bytes, request, budget, sink, warnings),
        #[cfg(feature = "webp")]
        Format::Webp => webp::decode(bytes, request, budget, sink, warnings),
        #[cfg(feature = "gif")]
        Format::Gif => gif::decode(bytes, request, budget, sink, warnings),
        #[cfg(feature = "bmp")]
        Format::Bmp => bmp::decode(bytes, request, budget, sink, warnings),
        #[cfg(feature = "bmp")]
        Format::Ico => ico::decode(bytes, request, budget, sink, warnings),
        #[cfg(feature = "avif")]
        Format::Avif => avif::decode(bytes, request, budget, sink, warnings),
        #[cfg(feature = "svg")]
        Format::Svg => svg::decode(bytes, request, budget, sink, warnings),
        #[allow(unreachable_patterns, reason = "with all features on, nothing is left")]
        other => Err(missing_feature(other)),
    }
}

fn missing_feature(format: Format) -> Error {
    let feature = if format == Format::Ico { Format::Bmp } else { format };
    Error::unsupported(format_args!(
        "{format} input: keenpix was built without the feature `{feature}`"
    ))
}

/// What a format's header holds: told without decoding a pixel.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) info: Info,
    pub(crate) metadata: MetadataBlocks,
}

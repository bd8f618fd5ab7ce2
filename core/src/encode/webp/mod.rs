//! Writes WebP: pictures become planes or pixels here, `crate::webp::encode` makes chunks of them, and the container
//! holds those.

mod animation;
mod container;
mod difference;
mod lossless;
mod lossy;
mod part;
mod planes;
mod sharp;
mod transparent;

use super::first_frame;
use crate::budget::Budget;
use crate::encode::options;
use crate::error::Result;
use crate::format::Format;
use crate::image::{Layout, Picture};
use crate::metadata::MetadataBlocks;

/// The largest width and height that the format has.
const MAX_EDGE: u32 = 16_383;

/// Writes a still, or an animation if there are several frames.
pub(crate) fn encode(
    picture: &Picture,
    options: &options::Webp,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let animated = picture.frames.len() > 1;
    let interleaved = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba];
    let planar = [
        Layout::Grey,
        Layout::GreyAlpha,
        Layout::Rgb,
        Layout::Rgba,
        Layout::YCbCr,
    ];
    let first = first_frame(
        picture,
        if animated || options.lossless || options.sharp {
            &interleaved
        } else {
            &planar
        },
    )?;
    let (width, height) = (first.image.width, first.image.height);
    if width > MAX_EDGE || height > MAX_EDGE {
        return Err(super::too_large(Format::Webp, (width, height), MAX_EDGE));
    }
    if animated {
        return animation::encode(picture, options, metadata, budget);
    }
    if options.lossless {
        return lossless::still(&first.image, options, metadata, budget);
    }
    lossy::still(&first.image, options, metadata, budget)
}

#[cfg(test)]
mod tests;

//! Where a layer's pixels come from.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

use crate::blob::Base64;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::input::Create;

/// Where a layer's pixels come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Source {
    /// An image file: `{"file": "<base64>"}`.
    File(Base64),
    /// A drawing, with the feature `svg`: `{"svg": "<svg …>"}`.
    Svg(String),
    /// Raw pixels.
    Raw {
        /// Width, in pixels.
        width: u32,
        /// Height, in pixels.
        height: u32,
        /// Channels, 1 to 4: grey or RGB, with or without alpha.
        channels: u8,
        /// The pixels.
        pixels: Base64,
    },
    /// One colour.
    Create(Create),
}

impl Source {
    /// Refuses impossible pixels.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Source::File(_) => Ok(()),
            Source::Svg(_) if cfg!(feature = "svg") => Ok(()),
            Source::Svg(_) => Err(Error::not_read(Format::Svg, Some("a layer that is a drawing"))),
            Source::Raw {
                width,
                height,
                channels,
                pixels,
            } => {
                let bytes = (u64::from(*width) * u64::from(*height)).saturating_mul((*channels).into());
                range("raw.width", "at least 1", *width, *width > 0)?;
                range("raw.height", "at least 1", *height, *height > 0)?;
                range("raw.channels", "1 to 4", *channels, layout(*channels).is_some())?;
                let expected = format_args!("{bytes} bytes: {width}×{height} pixels of {channels}");
                let got = format_args!("{} bytes", pixels.len());
                range("raw.pixels", expected, got, pixels.len() as u64 == bytes)
            }
            Source::Create(create) => {
                range("create.width", "at least 1", create.width, create.width > 0)?;
                range("create.height", "at least 1", create.height, create.height > 0)?;
                range(
                    "create.channels",
                    "3 or 4",
                    create.channels,
                    (3..=4).contains(&create.channels),
                )
            }
        }
    }

    /// The size of the pixels, where the plan says it: that of a file is in the file.
    pub(super) fn size(&self) -> Option<(u32, u32)> {
        match self {
            Source::Raw { width, height, .. } => Some((*width, *height)),
            Source::Create(create) => Some((create.width, create.height)),
            Source::File(_) | Source::Svg(_) => None,
        }
    }
}

fn range(place: &str, expected: impl Display, got: impl Display, within: bool) -> Result<()> {
    if within {
        return Ok(());
    }
    Err(Error::out_of_range(place, expected, got))
}

/// How `channels` interleaved samples lie.
pub(super) fn layout(channels: u8) -> Option<Layout> {
    match channels {
        1 => Some(Layout::Grey),
        2 => Some(Layout::GreyAlpha),
        3 => Some(Layout::Rgb),
        4 => Some(Layout::Rgba),
        _ => None,
    }
}

//! Where pixels come from, other than from the file that a call is given.

use serde::{Deserialize, Serialize};

use super::Base64;
use crate::colour::Colour;

/// What the bytes of a call are. Default: `"file"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Input {
    /// An image file, its format told by content.
    #[default]
    File,
    /// Pixels without a header, as many bytes as width × height × channels:
    /// `{"raw": {"width": 2, "height": 1, "channels": 3}}`.
    Raw(Raw),
    /// Nothing: the picture is one colour; no bytes are given.
    Create(Create),
}

/// How raw pixels lie: rows from the top, pixels from the left, channels interleaved, 8 bits each, nothing in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Raw {
    /// Width, in pixels.
    pub width: u32,
    /// Height, in pixels.
    pub height: u32,
    /// 1 (grey), 2 (grey, alpha), 3 (sRGB) or 4 (sRGB, alpha); alpha is not premultiplied.
    pub channels: u8,
}

/// A picture of one colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Create {
    /// Width, in pixels.
    pub width: u32,
    /// Height, in pixels.
    pub height: u32,
    /// 3 (sRGB) or 4 (sRGB, alpha).
    pub channels: u8,
    /// The colour.
    pub background: Colour,
}

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
        /// As in [`Raw::channels`].
        channels: u8,
        /// The pixels.
        pixels: Base64,
    },
    /// One colour.
    Create(Create),
}

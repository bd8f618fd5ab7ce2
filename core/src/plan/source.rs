//! Where a layer's pixels come from.

use serde::{Deserialize, Serialize};

use crate::blob::Base64;
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
        /// As in [`Raw::channels`](crate::input::Raw::channels).
        channels: u8,
        /// The pixels.
        pixels: Base64,
    },
    /// One colour.
    Create(Create),
}

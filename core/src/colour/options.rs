//! The colours of an output: plain data.

use serde::{Deserialize, Serialize};

use crate::blob::Base64;

/// The colour channels of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Model {
    /// Grey stays grey, colours stay colours.
    #[default]
    Auto,
    /// Three channels, even if all are grey.
    Rgb,
    /// One channel.
    Grey,
}

/// The colour space of an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Profile {
    /// sRGB.
    Srgb,
    /// Display P3. The colours are the same as in sRGB, in different numbers.
    P3,
    /// The RGB space of an ICC profile with primaries and curves: `{"icc": "<base64>"}`. Grey images become RGB.
    Icc(Base64),
}

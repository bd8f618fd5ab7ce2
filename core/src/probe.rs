//! Bytes to [`Info`]: header only, no pixels.

use serde::Serialize;

use crate::format::Format;

/// What an image's header says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Info {
    /// The format, by content.
    pub format: Format,
    /// Width as stored, before the orientation is applied, in pixels.
    pub width: u32,
    /// Height as stored, in pixels.
    pub height: u32,
    /// The EXIF orientation, 1 (upright) to 8. With 5 to 8, width and height change places when shown.
    pub orientation: u8,
    /// How colours are stored.
    pub colour: ColourModel,
    /// Whether the image has an alpha channel, or a transparent colour.
    pub alpha: bool,
    /// Bits of a sample (of a palette's index for palette images).
    pub bits: u8,
    /// How many frames an animation has; 1 for a still.
    pub frames: u32,
    /// Whether the picture is stored in passes: a progressive JPEG, an interlaced PNG or GIF.
    pub progressive: bool,
    /// Length of the embedded ICC profile in bytes; 0 if there is none.
    pub icc: usize,
    /// Length of the EXIF block in bytes; 0 if there is none.
    pub exif: usize,
    /// Length of the XMP block in bytes; 0 if there is none.
    pub xmp: usize,
}

impl Info {
    /// An upright still without alpha or metadata, of 8 bits: what the formats then say more of. The lengths of the
    /// metadata blocks are filled in for all of them in `decode::header`.
    pub(crate) fn still(format: Format, width: u32, height: u32, colour: ColourModel) -> Self {
        Info {
            format,
            width,
            height,
            orientation: 1,
            colour,
            alpha: false,
            bits: 8,
            frames: 1,
            progressive: false,
            icc: 0,
            exif: 0,
            xmp: 0,
        }
    }
}

/// How an image stores its colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ColourModel {
    /// Grey.
    Grey,
    /// Red, green, blue.
    Rgb,
    /// Luma and two chroma channels.
    Ycbcr,
    /// Cyan, magenta, yellow, black.
    Cmyk,
    /// Indices into a palette of RGB colours.
    Palette,
}

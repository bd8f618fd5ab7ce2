//! What an image's header says.

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
    /// Channels of a pixel when decoded, alpha included: 1 to 4; a palette's colours have 3 or 4.
    pub channels: u8,
    /// Chroma subsampling of a JPEG: `4:2:0`, `4:2:2`, `4:4:4`, …; with black, `4:4:4:4`.
    pub chroma: Option<String>,
    /// Dots per inch across, as JFIF, PNG or EXIF says it, rounded; `None` if the file says nothing.
    pub density: Option<u32>,
    /// The background colour that a GIF or a PNG suggests, in red, green and blue.
    pub background: Option<[u8; 3]>,
    /// How many frames an animation has; 1 for a still.
    pub frames: u32,
    /// How often an animation plays, 0 for ever; `None` for a format or a file without animation.
    pub loops: Option<u32>,
    /// How long each frame is shown, in milliseconds; empty for a format or a file without animation.
    pub delays: Vec<u32>,
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
    /// Width and height of the picture as it is shown, turned as its orientation says.
    pub fn upright_size(&self) -> (u32, u32) {
        match self.orientation {
            5..=8 => (self.height, self.width),
            _ => (self.width, self.height),
        }
    }

    /// An upright still without alpha or metadata, of 8 bits: what the formats then say more of. Channels and the
    /// lengths of the metadata blocks are filled in for all of them in `decode::header`.
    pub(crate) fn still(format: Format, width: u32, height: u32, colour: ColourModel) -> Self {
        Info {
            format,
            width,
            height,
            orientation: 1,
            colour,
            alpha: false,
            bits: 8,
            channels: 0,
            chroma: None,
            density: None,
            background: None,
            frames: 1,
            loops: None,
            delays: Vec::new(),
            progressive: false,
            icc: 0,
            exif: 0,
            xmp: 0,
        }
    }
}

/// Whole dots per inch, if that makes sense.
pub(crate) fn whole_dpi(density: f64) -> Option<u32> {
    (0.5..4e9).contains(&density).then(|| density.round() as u32)
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

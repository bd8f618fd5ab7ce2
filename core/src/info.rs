//! What an image's header says.

use serde::Serialize;

use crate::format::Format;

/// What an image's header says.
///
/// ```
/// use keenpix::{Format, probe};
///
/// let info = probe(include_bytes!("../tests/images/orientation-6.jpg"))?;
/// assert_eq!((info.format, info.orientation), (Format::Jpeg, 6));
/// assert_eq!(info.upright_size(), (info.height, info.width)); // shown turned by a quarter
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Info {
    /// The format, detected from the content.
    pub format: Format,
    /// Width as stored, before the orientation is applied, in pixels.
    pub width: u32,
    /// Height as stored, in pixels.
    pub height: u32,
    /// The EXIF orientation, 1 (upright) to 8. With 5 to 8, width and height swap when shown.
    pub orientation: u8,
    /// How colours are stored.
    pub colour: ColourModel,
    /// Whether the image has an alpha channel or a transparent colour.
    pub alpha: bool,
    /// Bits per sample (per index for palette images).
    pub bits: u8,
    /// Channels per decoded pixel, alpha included: 1 to 4; 3 or 4 for palette images.
    pub channels: u8,
    /// Chroma subsampling of a JPEG: `4:2:0`, `4:2:2`, `4:4:4`, …; `4:4:4:4` with a black channel.
    pub chroma: Option<String>,
    /// Horizontal dots per inch from JFIF, PNG or EXIF, rounded; `None` if the file doesn't say.
    pub density: Option<u32>,
    /// The background colour that a GIF or PNG suggests: red, green, blue.
    pub background: Option<[u8; 3]>,
    /// Number of frames; 1 for a still image.
    pub frames: u32,
    /// How many times an animation plays, 0 for forever; `None` without animation.
    pub loops: Option<u32>,
    /// How long each frame is shown, in milliseconds; empty without animation.
    pub delays: Vec<u32>,
    /// Whether the image is stored in passes: a progressive JPEG, an interlaced PNG or GIF.
    pub progressive: bool,
    /// Length of the embedded ICC profile in bytes; 0 if there is none.
    pub icc: usize,
    /// Length of the EXIF block in bytes; 0 if there is none.
    pub exif: usize,
    /// Length of the XMP block in bytes; 0 if there is none.
    pub xmp: usize,
}

impl Info {
    /// Width and height of the image as shown, with its orientation applied.
    pub fn upright_size(&self) -> (u32, u32) {
        match self.orientation {
            5..=8 => (self.height, self.width),
            _ => (self.width, self.height),
        }
    }

    /// An upright 8-bit still image without alpha or metadata, which the formats then refine. Channels and the
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

/// Rounds dots per inch, if the value makes sense.
pub(crate) fn whole_dpi(density: f64) -> Option<u32> {
    (0.5..4e9).contains(&density).then(|| density.round() as u32)
}

/// How an image stores its colours.
///
/// ```
/// use keenpix::{ColourModel, probe};
///
/// let info = probe(include_bytes!("../tests/images/orientation-6.jpg"))?;
/// assert_eq!(info.colour, ColourModel::Ycbcr);
/// # Ok::<(), keenpix::Error>(())
/// ```
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

//! What a transform gives.

use serde::Serialize;

use crate::format::Format;

/// A finished image.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Output {
    /// The file. Left out where an output is serialised: what is written then is a report.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// Its width, in pixels.
    pub width: u32,
    /// Its height, in pixels.
    pub height: u32,
    /// How many frames it has; 1 for a still.
    pub frames: u32,
    /// Channels of a pixel, alpha included: how [`Encode::Raw`](crate::encode::Encode::Raw) lies. A file may have fewer, as PNG
    /// leaves out what is grey or opaque everywhere.
    pub channels: u8,
    /// Whether it has an alpha channel.
    pub alpha: bool,
    /// Where a search (`entropy`, `attention`) put the cut: pixels from the left and from the top of the resized picture.
    pub crop: Option<(u32, u32)>,
    /// What `attention` found to draw the eye most, in pixels of the resized picture before the cut.
    pub focus: Option<(u32, u32)>,
    /// What a [`Trim`](crate::Trim) took away at the left and at the top, in pixels of the upright input; none if it found
    /// nothing to cut off.
    pub trim: Option<(u32, u32)>,
    /// What was wrong with the input, or could not be kept, in words.
    pub warnings: Vec<String>,
}

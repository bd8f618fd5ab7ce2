//! What a transform gives.

use serde::Serialize;

use crate::format::Format;

/// A finished image.
///
/// ```
/// use keenpix::{Limits, Plan, Resize, transform};
///
/// let plan = Plan::new().with_resize(Resize::new().with_width(32));
/// let output = transform(include_bytes!("../tests/images/rgb.png"), &plan, &Limits::default())?;
/// assert_eq!((output.width, output.height, output.frames), (32, 24, 1));
/// assert_eq!(output.format.media_type(), "image/png");
/// assert!(output.warnings.is_empty());
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Output {
    /// The file. Omitted when an output is serialised, because that makes a report.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// Its width, in pixels.
    pub width: u32,
    /// Its height, in pixels.
    pub height: u32,
    /// Number of frames; 1 for a still image. A file may have fewer, because equal frames are joined.
    pub frames: u32,
    /// Channels per pixel, alpha included, as laid out by [`Encode::Raw`](crate::encode::Encode::Raw). A file may have
    /// fewer: a PNG that is all grey or opaque is stored with fewer.
    pub channels: u8,
    /// Whether it has an alpha channel.
    pub alpha: bool,
    /// Where `entropy` or `attention` placed the crop: pixels from the left and top of the resized image.
    pub crop: Option<(u32, u32)>,
    /// The most eye-catching point that `attention` found, in pixels of the resized image before the crop.
    pub focus: Option<(u32, u32)>,
    /// What a [`Trim`](crate::plan::Trim) removed on the left and at the top, in pixels of the upright input. `None` if
    /// it found nothing to remove.
    pub trim: Option<(u32, u32)>,
    /// What was wrong with the input, or could not be kept, in words.
    pub warnings: Vec<String>,
}

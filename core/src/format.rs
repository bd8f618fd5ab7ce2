//! The file formats that keenpix knows.

use serde::{Deserialize, Serialize};

/// A file format, told by content and never by name.
///
/// ```
/// use keenpix::{Format, probe};
///
/// let format = probe(include_bytes!("../tests/images/rgb.png"))?.format;
/// assert_eq!(format, Format::Png);
/// assert_eq!((format.name(), format.media_type()), ("png", "image/png"));
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// JPEG, ITU-T T.81.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// AVIF: AV1 in HEIF.
    Avif,
    /// Windows bitmap; read only.
    Bmp,
    /// Windows icon; read only.
    Ico,
    /// SVG, a drawing; read only.
    Svg,
    /// Pixels without a header: never told by content, see [`Input::Raw`](crate::input::Input::Raw).
    Raw,
}

impl Format {
    /// The name, as in a plan: `jpeg`, `png`, `webp`, `gif`, `avif`, `bmp`, `ico`, `svg`, `raw`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Jpeg => "jpeg",
            Format::Png => "png",
            Format::Webp => "webp",
            Format::Gif => "gif",
            Format::Avif => "avif",
            Format::Bmp => "bmp",
            Format::Ico => "ico",
            Format::Svg => "svg",
            Format::Raw => "raw",
        }
    }

    /// The media type, for a `Content-Type` header.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::Webp => "image/webp",
            Format::Gif => "image/gif",
            Format::Avif => "image/avif",
            Format::Bmp => "image/bmp",
            Format::Ico => "image/x-icon",
            Format::Svg => "image/svg+xml",
            Format::Raw => "application/octet-stream",
        }
    }

    /// The usual file name extension, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            other => other.name(),
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

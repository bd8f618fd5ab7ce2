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

    /// The name as people write it: `WebP`.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Format::Jpeg => "JPEG",
            Format::Png => "PNG",
            Format::Webp => "WebP",
            Format::Gif => "GIF",
            Format::Avif => "AVIF",
            Format::Bmp => "BMP",
            Format::Ico => "ICO",
            Format::Svg => "SVG",
            Format::Raw => "raw pixels",
        }
    }

    /// Whether this build has it.
    fn is_built(self) -> bool {
        match self {
            Format::Jpeg => cfg!(feature = "jpeg"),
            Format::Png => cfg!(feature = "png"),
            Format::Webp => cfg!(feature = "webp"),
            Format::Gif => cfg!(feature = "gif"),
            Format::Avif => cfg!(feature = "avif"),
            Format::Bmp | Format::Ico => cfg!(feature = "bmp"),
            Format::Svg => cfg!(feature = "svg"),
            Format::Raw => true,
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

/// The formats of files, in the order in which people think of them, and whether they can be written.
const FILES: [(Format, bool); 8] = [
    (Format::Jpeg, true),
    (Format::Png, true),
    (Format::Webp, true),
    (Format::Gif, true),
    (Format::Avif, true),
    (Format::Bmp, false),
    (Format::Ico, false),
    (Format::Svg, false),
];

/// What this build reads: `JPEG, PNG and GIF`.
pub(crate) fn read() -> String {
    listed(false)
}

/// What it writes.
pub(crate) fn written() -> String {
    listed(true)
}

fn listed(written: bool) -> String {
    let built = FILES
        .iter()
        .filter(|(format, writes)| format.is_built() && *writes >= written);
    let names: Vec<_> = built.map(|(format, _)| format.title()).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => "no files".to_owned(),
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_what_this_build_has() {
        for (format, writes) in FILES {
            assert_eq!(read().contains(format.title()), format.is_built(), "{}", read());
            assert_eq!(
                written().contains(format.title()),
                writes && format.is_built(),
                "{}",
                written()
            );
        }
        if cfg!(all(feature = "jpeg", feature = "bmp", not(feature = "svg"))) {
            assert!(
                read().starts_with("JPEG") && read().ends_with("BMP and ICO"),
                "{}",
                read()
            );
        }
    }
}

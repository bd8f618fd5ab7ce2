//! Metadata of an image file: the blocks that are carried over, and the tags in them that count.

pub(crate) mod exif;
pub(crate) mod iptc;
pub(crate) mod xmp;

/// Metadata blocks as they are in the file, without the format's own wrapping.
#[derive(Debug, Clone, Default)]
pub(crate) struct MetadataBlocks {
    /// The ICC profile.
    pub(crate) icc: Option<Vec<u8>>,
    /// What the pixels' numbers mean.
    pub(crate) space: Space,
    /// EXIF: a TIFF structure, from its byte order mark on.
    pub(crate) exif: Option<Vec<u8>>,
    /// XMP: an XML packet.
    pub(crate) xmp: Option<Vec<u8>>,
    /// Photoshop's image resources, which hold IPTC's fields: from `Photoshop 3.0` on.
    pub(crate) iptc: Option<Vec<u8>>,
    /// Dots per inch to write outside EXIF, where the format has a place for it.
    pub(crate) density: Option<f64>,
}

impl MetadataBlocks {
    /// The profile of the pixels, embedded or made; `None` for sRGB, and where no profile can say it.
    pub(crate) fn profile(&self) -> Option<&[u8]> {
        match &self.space {
            Space::Embedded => self.icc.as_deref(),
            Space::Made(profile) => Some(profile),
            Space::Srgb | Space::Hdr(_) => None,
        }
    }
}

/// How a file says what the numbers of its pixels mean.
#[derive(Debug, Clone, Default)]
#[cfg_attr(
    not(any(feature = "avif", feature = "png")),
    allow(dead_code, reason = "other formats have ICC profiles only")
)]
pub(crate) enum Space {
    /// With its ICC profile; without one they are sRGB.
    #[default]
    Embedded,
    /// As sRGB, whatever its ICC profile says.
    Srgb,
    /// In another way, of which this profile was made; it comes before the ICC profile.
    Made(Vec<u8>),
    /// As light that is brighter than a screen's white.
    Hdr(Hdr),
}

/// A space of high dynamic range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hdr {
    pub(crate) transfer: Transfer,
    /// The code point of its primaries (ITU-T H.273, 8.1).
    pub(crate) primaries: u16,
    /// The brightest light, in nits.
    pub(crate) peak: f32,
}

/// Functions from stored values to light (ITU-R BT.2100).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(any(feature = "avif", feature = "png")), allow(dead_code, reason = "as above"))]
pub(crate) enum Transfer {
    Pq,
    Hlg,
}

/// A text in a PNG.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// What it is: `Title`, `Author`, `Software`, …
    pub keyword: String,
    /// The text itself.
    pub text: String,
}

//! Metadata of an image file: the blocks that are carried over, and the tags in them that count.

pub(crate) mod exif;
pub(crate) mod iptc;
pub(crate) mod xmp;

/// Metadata blocks as they are in the file, without the format's own wrapping.
#[derive(Debug, Clone, Default)]
pub(crate) struct MetadataBlocks {
    /// The ICC profile.
    pub(crate) icc: Option<Vec<u8>>,
    /// EXIF: a TIFF structure, from its byte order mark on.
    pub(crate) exif: Option<Vec<u8>>,
    /// XMP: an XML packet.
    pub(crate) xmp: Option<Vec<u8>>,
    /// Photoshop's image resources, which hold IPTC's fields: from `Photoshop 3.0` on.
    pub(crate) iptc: Option<Vec<u8>>,
    /// Dots per inch to write outside EXIF, where the format has a place for it.
    pub(crate) density: Option<f64>,
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

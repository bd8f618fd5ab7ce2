//! Bytes to rows: one adapter for each format.

#[cfg(feature = "avif")]
pub(crate) mod avif;
#[cfg(feature = "png")]
pub(crate) mod png;
pub(crate) mod rows;
#[cfg(test)]
pub(crate) mod testing;

use crate::probe::Info;

/// What a format's header holds: told without decoding a pixel.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) info: Info,
    pub(crate) metadata: Blocks,
}

/// Metadata blocks as they are in the file, without the format's own wrapping.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blocks {
    /// The ICC profile.
    pub(crate) icc: Option<Vec<u8>>,
    /// EXIF: a TIFF structure, from its byte order mark on.
    pub(crate) exif: Option<Vec<u8>>,
    /// XMP: an XML packet.
    pub(crate) xmp: Option<Vec<u8>>,
}

/// What the pipeline needs from a decoder; it may deliver more (finer, never coarser).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    /// Source pixels that one sample of the output's luma (or of interleaved pixels) spans: the smaller of the
    /// two directions. A decoder that can shrink picks the coarsest `step` that is not above this.
    pub(crate) luma_step: f64,
    /// The same for the output's chroma planes: twice `luma_step` for a 4:2:0 output, equal to it for RGB.
    pub(crate) chroma_step: f64,
    /// Whether Y'CbCr planes are welcome. If not: interleaved pixels, or grey.
    pub(crate) planar: bool,
    /// Whether every frame of an animation is wanted, or only the first.
    pub(crate) animated: bool,
    pub(crate) tolerate: crate::plan::Tolerate,
}

//! Bytes to rows: one adapter for each format.

pub(crate) mod jpeg;
pub(crate) mod rows;

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

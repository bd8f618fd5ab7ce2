//! What a decoder is asked for.

use serde::{Deserialize, Serialize};

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
    pub(crate) tolerate: Tolerate,
}

impl Request {
    /// Every pixel of a still, interleaved.
    pub(crate) fn whole(tolerate: Tolerate) -> Self {
        Request {
            luma_step: 1.0,
            chroma_step: 1.0,
            planar: false,
            animated: false,
            tolerate,
        }
    }
}

/// How much damage in the input is accepted: from the strictest to the most lenient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tolerate {
    /// Any damage is an error.
    None,
    /// A file that ends too early gives the part that arrived, with a warning.
    #[default]
    Truncated,
    /// Whatever can be decoded is, with a warning for each fault.
    Errors,
}

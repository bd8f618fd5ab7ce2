//! What readers and writers of VP8 (RFC 6386) share: prediction, quantisation, inverse transforms, macroblocks.

pub(super) mod lanes;
pub(super) mod predict;
mod quant;
pub(super) mod transform;
pub(super) mod work;

pub(super) use quant::Steps;

/// Prediction of a subblock of 4×4; the first four of a whole block, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(in crate::webp) enum Mode {
    /// The mean of what stands above and to the left.
    #[default]
    Dc,
    /// Above plus left less the corner.
    TrueMotion,
    Vertical,
    Horizontal,
    RightDown,
    VerticalRight,
    LeftDown,
    VerticalLeft,
    HorizontalDown,
    HorizontalUp,
}

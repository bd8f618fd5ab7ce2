//! The one interface between decoders and the rest: rows, from top to bottom.

use crate::error::Result;
use crate::image::Layout;

/// What a decoder is about to deliver: announced before a frame's first row.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) layout: Layout,
    /// One for each plane of the layout.
    pub(crate) planes: Vec<PlaneShape>,
    /// How long an animation shows this frame, in milliseconds; 0 for a still.
    pub(crate) delay_ms: u32,
    /// How often an animation plays; 0 is for ever, and what a still says.
    pub(crate) loops: u32,
}

/// The size of a plane, and how its samples lie over the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlaneShape {
    /// Samples in a row.
    pub(crate) width: u32,
    /// Rows.
    pub(crate) height: u32,
    /// Source pixels that one sample spans, across and down: 1 at full size, 2 after a shrink by two or for
    /// subsampled chroma. The samples are centred on what they span, so that `width × step_x` may pass the
    /// picture's width by less than a step.
    pub(crate) step_x: f64,
    pub(crate) step_y: f64,
}

/// Takes a decoder's rows. The decoder calls `begin`, then `row` for every row of every plane, each plane's
/// rows from top to bottom; planes may take turns in any rhythm. An error from here ends the decoding.
pub(crate) trait RowSink {
    fn begin(&mut self, frame: &Frame) -> Result<()>;

    /// `row` has `width × channels` bytes of plane number `plane`.
    fn row(&mut self, plane: usize, row: &[u8]) -> Result<()>;
}

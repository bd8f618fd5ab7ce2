//! The only interface between decoders and the rest: rows, from top to bottom.

use crate::error::Result;
use crate::image::Layout;

/// What a decoder is about to deliver: announced before a frame's first row.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) layout: Layout,
    /// One for each plane of the layout.
    pub(crate) planes: Vec<PlaneShape>,
    /// How long an animation shows this frame, in milliseconds; 0 for a still image.
    pub(crate) delay_ms: u32,
    /// How many times an animation plays; 0 means forever, and is also used for a still image.
    pub(crate) loops: u32,
}

/// The size of a plane, and how its samples map to the image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlaneShape {
    /// Samples in a row.
    pub(crate) width: u32,
    /// Rows.
    pub(crate) height: u32,
    /// Source pixels that one sample spans, across and down: 1 at full size, 2 after a shrink by two or for
    /// subsampled chroma. The samples are centred on what they span, so `width × step_x` may exceed the
    /// image's width by less than a step.
    pub(crate) step_x: f64,
    pub(crate) step_y: f64,
}

/// Takes a decoder's rows. The decoder calls `begin`, then `row` for every row of every plane, each plane's
/// rows from top to bottom; planes may be interleaved in any way. An error from here ends the decode.
pub(crate) trait RowSink {
    fn begin(&mut self, frame: &Frame) -> Result<()>;

    /// `row` has `width × channels` bytes of plane number `plane`.
    fn row(&mut self, plane: usize, row: &[u8]) -> Result<()>;
}

impl Frame {
    /// A still of one interleaved plane at full size.
    pub(crate) fn still(layout: Layout, width: u32, height: u32) -> Self {
        Frame {
            layout,
            planes: vec![PlaneShape {
                width,
                height,
                step_x: 1.0,
                step_y: 1.0,
            }],
            delay_ms: 0,
            loops: 0,
        }
    }
}

#[cfg(test)]
pub(crate) mod collect {
    //! A sink that keeps everything and checks the contract.

    use super::{Frame, RowSink};
    use crate::error::Result;

    /// One frame as it was delivered: what was announced, and the rows of each plane, end to end.
    #[derive(Debug, Clone)]
    pub(crate) struct Collected {
        pub(crate) frame: Frame,
        pub(crate) planes: Vec<Vec<u8>>,
    }

    #[derive(Debug, Default)]
    pub(crate) struct Collect {
        pub(crate) frames: Vec<Collected>,
    }

    impl Collect {
        /// The samples of an interleaved still.
        pub(crate) fn pixels(&self) -> &[u8] {
            assert_eq!(self.frames.len(), 1);
            &self.frames[0].planes[0]
        }

        /// Panics unless every frame got all its rows.
        pub(crate) fn assert_complete(&self) {
            for Collected { frame, planes } in &self.frames {
                for (shape, data) in frame.planes.iter().zip(planes) {
                    let channels = frame.layout.channels();
                    assert_eq!(data.len(), shape.width as usize * shape.height as usize * channels);
                }
            }
        }
    }

    impl RowSink for Collect {
        fn begin(&mut self, frame: &Frame) -> Result<()> {
            assert_eq!(frame.planes.len(), frame.layout.planes());
            self.frames.push(Collected {
                frame: frame.clone(),
                planes: vec![Vec::new(); frame.planes.len()],
            });
            Ok(())
        }

        fn row(&mut self, plane: usize, row: &[u8]) -> Result<()> {
            let Collected { frame, planes } = self.frames.last_mut().expect("`begin` comes first");
            let shape = frame.planes[plane];
            assert_eq!(row.len(), shape.width as usize * frame.layout.channels());
            planes[plane].extend_from_slice(row);
            assert!(
                planes[plane].len() <= row.len() * shape.height as usize,
                "too many rows"
            );
            Ok(())
        }
    }
}

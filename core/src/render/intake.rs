//! Rows come in: each frame that the plan wants gets a resampler for each of its planes.

use super::Rendering;
use crate::error::Result;
use crate::geometry::Geometry;
use crate::image::{Image, Layout};
use crate::rect::Rect;
use crate::resize::{Kernel, Resampler, Spec};
use crate::rows::{Frame, PlaneShape};

/// A frame whose rows are coming in.
pub(super) struct Intake {
    layout: Layout,
    delay_ms: u32,
    planes: Vec<Resampler>,
}

impl Intake {
    pub(super) fn row(&mut self, plane: usize, row: &[u8]) -> Result<()> {
        match self.planes.get_mut(plane) {
            Some(resampler) => resampler.row(row),
            None => Ok(()),
        }
    }

    /// The resized frame, still as it is stored, and how long it is shown.
    pub(super) fn finish(self, (width, height): (u32, u32)) -> Result<(Image, u32)> {
        let planes = self.planes.into_iter().map(Resampler::finish).collect::<Result<_>>()?;
        let image = Image {
            width,
            height,
            layout: self.layout,
            planes,
        };
        Ok((image, self.delay_ms))
    }
}

impl Rendering<'_> {
    pub(super) fn begin(&mut self, frame: &Frame) -> Result<()> {
        self.finish_frame()?;
        self.begun += 1;
        if !self.selection.holds(self.begun - 1) {
            return Ok(()); // another rendering wants it, or it has to be decoded for the next one
        }
        self.picture.loops = frame.loops;
        let planes = frame
            .planes
            .iter()
            .enumerate()
            .map(|(i, shape)| self.resampler(frame, i, shape))
            .collect::<Result<_>>()?;
        self.current = Some(Intake {
            layout: frame.layout,
            delay_ms: frame.delay_ms,
            planes,
        });
        Ok(())
    }

    fn resampler(&self, frame: &Frame, index: usize, shape: &PlaneShape) -> Result<Resampler> {
        let chroma = index > 0;
        let (mut window, mut size) = (self.geometry.window, self.geometry.scaled);
        if chroma {
            (window, size) = chroma_window(&self.geometry, self.chroma_cell().unwrap_or((1, 1)));
        }
        let crop = to_samples(window, shape);
        // Chroma that is finer in the output than in the file: libjpeg's triangle filter, which is what the
        // encoder's box averaging is made for; sharper kernels ring here.
        let enlarged = chroma && (f64::from(size.0) > crop.width || f64::from(size.1) > crop.height);
        Resampler::new(
            &Spec {
                channels: frame.layout.channels(),
                alpha: frame.layout.has_alpha(),
                light: self.resize.light,
                source: (shape.width, shape.height),
                bounds: to_samples(self.geometry.bounds, shape),
                crop,
                size,
                kernel: if enlarged { Kernel::Linear } else { self.resize.kernel },
            },
            self.budget,
        )
    }
}

/// A part of the picture, in a plane's samples.
fn to_samples(rect: Rect, shape: &PlaneShape) -> Rect {
    Rect {
        left: rect.left / shape.step_x,
        top: rect.top / shape.step_y,
        width: rect.width / shape.step_x,
        height: rect.height / shape.step_y,
    }
}

/// The window and the size of a chroma plane whose samples cover `cell` pixels of the upright output. Where the
/// output's size is odd, the last cell hangs over the edge, and so does the window: at the end that becomes the
/// output's right and bottom.
fn chroma_window(geometry: &Geometry, cell: (u32, u32)) -> (Rect, (u32, u32)) {
    let orientation = geometry.orientation;
    let cell = orientation.size(cell);
    let size = (geometry.scaled.0.div_ceil(cell.0), geometry.scaled.1.div_ceil(cell.1));
    let (mirrored_y, mirrored_x) = {
        let (x, y) = orientation.size((orientation.flop, orientation.flip));
        (y, x)
    };
    let over = |length: f64, samples: u32, cell: u32, scaled: u32| {
        length * (f64::from(samples * cell) / f64::from(scaled) - 1.0)
    };
    let mut window = geometry.window;
    let over_x = over(window.width, size.0, cell.0, geometry.scaled.0);
    let over_y = over(window.height, size.1, cell.1, geometry.scaled.1);
    window.left -= if mirrored_x { over_x } else { 0.0 };
    window.top -= if mirrored_y { over_y } else { 0.0 };
    window.width += over_x;
    window.height += over_y;
    (window, size)
}

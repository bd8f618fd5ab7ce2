//! The renderings of one call, which share a decoding.

use super::Rendering;
use crate::budget::Budget;
use crate::decode::Opened;
use crate::error::Result;
use crate::output::Output;
use crate::request::{Request, Tolerate};
use crate::resize::{Kernel, Light};
use crate::rows::{Frame, RowSink};
use crate::trim::Trimmed;

/// The renderings of one call: every row goes to each.
pub(crate) struct Renderings<'a>(pub(super) Vec<Rendering<'a>>);

impl<'a> Renderings<'a> {
    pub(crate) fn new(opened: &'a Opened<'a>, plans: &'a [Trimmed<'a>], budget: &'a Budget) -> Result<Self> {
        let renderings = plans.iter().enumerate().map(|(index, trimmed)| {
            let rendering =
                Rendering::new(opened, &trimmed.plan, budget).map_err(|error| error.in_plan(index, plans.len()))?;
            Ok(Rendering {
                trim: trimmed.offset,
                ..rendering
            })
        });
        renderings.collect::<Result<_>>().map(Renderings)
    }

    /// What the decoder has to deliver so that every rendering can be made from it.
    pub(crate) fn request(&self) -> Request {
        let mut request = Request {
            luma_step: f64::INFINITY,
            chroma_step: f64::INFINITY,
            planar: true,
            animated: false,
            tolerate: Tolerate::Errors,
        };
        for rendering in &self.0 {
            // The nearest sample has to be one of the picture's own.
            let step = if rendering.resize.kernel == Kernel::Nearest {
                1.0
            } else {
                rendering.geometry.step()
            };
            let cell = rendering.chroma_cell().map_or(1, |(across, down)| across.min(down));
            request.luma_step = request.luma_step.min(step);
            request.chroma_step = request.chroma_step.min(step * f64::from(cell));
            request.planar &= rendering.resize.light == Light::Encoded;
            request.animated |= rendering.selection.beyond_first();
            request.tolerate = request.tolerate.and(rendering.plan.tolerate);
        }
        request
    }

    /// Encodes them, in the order of the plans. `damage` is what the decoder had to say.
    pub(crate) fn finish(self, damage: &[String]) -> Result<Vec<Output>> {
        let of = self.0.len();
        let finished = self.0.into_iter().enumerate();
        finished
            .map(|(index, rendering)| rendering.finish(damage).map_err(|error| error.in_plan(index, of)))
            .collect()
    }
}

impl RowSink for Renderings<'_> {
    fn begin(&mut self, frame: &Frame) -> Result<()> {
        self.0.iter_mut().try_for_each(|rendering| rendering.begin(frame))
    }

    fn row(&mut self, plane: usize, row: &[u8]) -> Result<()> {
        let mut frames = self.0.iter_mut().filter_map(|rendering| rendering.current.as_mut());
        frames.try_for_each(|frame| frame.row(plane, row))
    }
}

//! A layer's pixels: handed over decoded, or taken from the plan.

use crate::error::{Error, Result};
use crate::image::{Image, Layout};

use super::Layer;
use super::source::{self, Source};

/// The pixels of a layer, with or without alpha.
pub(super) struct Pixels<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    layout: Layout,
    samples: Samples<'a>,
}

enum Samples<'a> {
    /// Rows of the plan's own.
    Plan(&'a [u8]),
    Decoded(&'a Image),
    /// One colour.
    Colour([u8; 4]),
}

impl<'a> Pixels<'a> {
    pub(super) fn of(layer: &'a Layer, decoded: Option<&'a Image>) -> Result<Self> {
        if let Some(image) = decoded {
            return Ok(Pixels {
                width: image.width,
                height: image.height,
                layout: image.layout,
                samples: Samples::Decoded(image),
            });
        }
        match &layer.source {
            Source::Raw {
                width,
                height,
                channels,
                pixels,
            } => {
                let layout = source::layout(*channels)
                    .ok_or_else(|| Error::out_of_range("source.raw.channels", "1 to 4", channels))?;
                Ok(Pixels {
                    width: *width,
                    height: *height,
                    layout,
                    samples: Samples::Plan(pixels),
                })
            }
            Source::Create(create) => {
                let colour = create.background;
                let alpha = if create.channels == 3 { 255 } else { colour.alpha };
                Ok(Pixels {
                    width: create.width,
                    height: create.height,
                    layout: Layout::Rgba,
                    samples: Samples::Colour([colour.red, colour.green, colour.blue, alpha]),
                })
            }
            Source::File(_) | Source::Svg(_) => Err(Error::internal("reading a layer", "a file without pixels")),
        }
    }

    /// Pixels of row `y`, from column `x` on, as many as `out` takes. They have to be within the layer.
    pub(super) fn copy(&self, y: u32, x: usize, out: &mut [[u8; 4]]) {
        let stride = self.width as usize * self.layout.channels();
        let row = match &self.samples {
            Samples::Colour(colour) => return out.fill(*colour),
            Samples::Decoded(image) => image.planes[0].row(y),
            Samples::Plan(samples) => &samples[y as usize * stride..][..stride],
        };
        self.layout.widen(&row[x * self.layout.channels()..], out);
    }
}

//! One picture, row by row: planes where they are welcome, else pixels.

use super::riff::Bitstream;
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::request::Request;
use crate::rows::{Frame, PlaneShape, RowSink};
use crate::webp::decode::lossy::Edges;
use crate::webp::decode::{alpha, lossless, lossy};

/// Pixels of the picture for one of the output from which on only the edges of macroblocks are smoothed. SSIMULACRA2
/// beside the whole filter, over 15 photographs of up to 1600 pixels in qualities of 40, 60, 80 and 90: +0.2 on average
/// at 2 pixels, +0.2 at 3, 0.0 at 4, -0.2 at 8; the worst picture -0.6, -0.1, -1.3, -1.4.
const OUTER_EDGES_FROM: f64 = 2.0;

/// Decodes a still. What did not arrive is white or transparent, with a warning, if the request tolerates that.
pub(super) fn still(
    picture: &Bitstream<'_>,
    request: &Request,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    let mut rows = Rows {
        frame: frame(picture, request),
        sink,
        begun: false,
    };
    let arrived = if is_planar(picture, request) {
        let edges = match request.luma_step >= OUTER_EDGES_FROM {
            true => Edges::Outer,
            false => Edges::All,
        };
        lossy::planes(
            picture.data,
            picture.width as usize,
            edges,
            budget,
            &mut |plane, row| rows.put(plane, row),
        )?
    } else {
        pixels(picture, budget, &mut |row| rows.put(0, row))?
    };
    if arrived == picture.height as usize && picture.complete {
        return Ok(());
    }
    let error = truncated(arrived, picture);
    if arrived == 0 || !request.tolerate.truncation() {
        return Err(error);
    }
    warnings.push(error.to_string());
    rows.fill(arrived, budget)
}

pub(super) fn truncated(arrived: usize, picture: &Bitstream<'_>) -> Error {
    Error::truncated(
        Format::Webp,
        format_args!(
            "the file ends before the pixels do; {arrived} of {} rows arrived",
            picture.height
        ),
    )
}

pub(super) fn layout(picture: &Bitstream<'_>) -> Layout {
    if picture.alpha { Layout::Rgba } else { Layout::Rgb }
}

/// Decodes to rows of RGB, or of RGBA if the picture has alpha. Returns how many arrived.
pub(super) fn pixels(
    picture: &Bitstream<'_>,
    budget: &Budget,
    put: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<usize> {
    let size = (picture.width as usize, picture.height as usize);
    let mut row = vec![0; size.0 * layout(picture).channels()];
    if picture.lossless {
        // A signature and the size come first.
        let data = picture.data.get(5..).unwrap_or_default();
        return lossless::decode(data, size, budget, &mut |pixels| {
            if picture.alpha {
                for (out, pixel) in row.as_chunks_mut::<4>().0.iter_mut().zip(pixels) {
                    let [blue, green, red, alpha] = pixel.to_le_bytes();
                    *out = [red, green, blue, alpha];
                }
            } else {
                for (out, pixel) in row.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
                    let [blue, green, red, _] = pixel.to_le_bytes();
                    *out = [red, green, blue];
                }
            }
            put(&row)
        });
    }
    let Some(alpha) = picture.alpha_data else {
        return lossy::pixels(picture.data, size.0, budget, put);
    };
    let plane = alpha::decode(alpha, size, budget)?;
    let mut alpha = plane.chunks_exact(size.0);
    lossy::pixels(picture.data, size.0, budget, &mut |pixels| {
        let alpha = alpha.next().unwrap_or_default();
        let pixels = pixels.as_chunks::<3>().0.iter().zip(alpha);
        for (out, (&[red, green, blue], &alpha)) in row.as_chunks_mut::<4>().0.iter_mut().zip(pixels) {
            *out = [red, green, blue, alpha];
        }
        put(&row)
    })
}

/// Lossy pictures without alpha come as planes, unless the output needs pixels and has as many of them as the picture,
/// or more: those come from the decoder as every other decoder has them.
fn is_planar(picture: &Bitstream<'_>, request: &Request) -> bool {
    let shrinks = request.luma_step > 1.0 || request.chroma_step > request.luma_step;
    !picture.lossless && !picture.alpha && request.planar && shrinks
}

fn frame(picture: &Bitstream<'_>, request: &Request) -> Frame {
    let (width, height) = (picture.width, picture.height);
    if !is_planar(picture, request) {
        return Frame::still(layout(picture), width, height);
    }
    let plane = |step: u32| PlaneShape {
        width: width.div_ceil(step),
        height: height.div_ceil(step),
        step_x: f64::from(step),
        step_y: f64::from(step),
    };
    Frame {
        planes: vec![plane(1), plane(2), plane(2)],
        ..Frame::still(Layout::YCbCr, width, height)
    }
}

/// Announces the frame when its first row comes.
struct Rows<'s> {
    frame: Frame,
    sink: &'s mut dyn RowSink,
    begun: bool,
}

impl Rows<'_> {
    fn put(&mut self, plane: usize, row: &[u8]) -> Result<()> {
        if !self.begun {
            self.sink.begin(&self.frame)?;
            self.begun = true;
        }
        self.sink.row(plane, row)
    }

    /// White or transparent rows in place of those from number `arrived` on.
    fn fill(&mut self, arrived: usize, budget: &Budget) -> Result<()> {
        let layout = self.frame.layout;
        for (plane, shape) in self.frame.planes.iter().enumerate() {
            let value = match plane {
                0 if layout.has_alpha() => 0,
                0 => 255,
                _ => 128,
            };
            let row = vec![value; shape.width as usize * layout.channels()];
            for _ in arrived.div_ceil(shape.step_y as usize)..shape.height as usize {
                budget.check()?;
                self.sink.row(plane, &row)?;
            }
        }
        Ok(())
    }
}

//! Lossy stills without alpha, row by row: planes where they are welcome, else pixels.

use super::riff::Bitstream;
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::request::Request;
use crate::rows::{Frame, PlaneShape, RowSink};
use crate::webp::decode as engine;

/// Decodes the picture. What did not arrive is white, with a warning, if the request tolerates that.
pub(super) fn still(
    picture: &Bitstream<'_>,
    request: &Request,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    let (width, height) = (picture.width, picture.height);
    let mut rows = Rows {
        frame: frame(request, width, height),
        sink,
        begun: false,
    };
    let put = &mut |plane, row: &[u8]| rows.put(plane, row);
    let (planar, across) = (planar(request), width as usize);
    let arrived = match planar {
        true => engine::planes(picture.data, across, budget, put)?,
        false => engine::pixels(picture.data, across, budget, &mut |row| put(0, row))?,
    };
    if arrived == height as usize {
        return Ok(());
    }
    let error = Error::truncated(
        Format::Webp,
        format_args!("the file ends before the pixels do; {arrived} of {height} rows arrived"),
    );
    if arrived == 0 || !request.tolerate.truncation() {
        return Err(error);
    }
    warnings.push(error.to_string());
    rows.fill(arrived, budget)
}

/// Planes, unless the output needs pixels and has as many of them as the picture, or more: those come from the
/// decoder as every other decoder has them.
fn planar(request: &Request) -> bool {
    request.planar && (request.luma_step > 1.0 || request.chroma_step > request.luma_step)
}

fn frame(request: &Request, width: u32, height: u32) -> Frame {
    if !planar(request) {
        return Frame::still(Layout::Rgb, width, height);
    }
    let plane = |step: u32| PlaneShape {
        width: width.div_ceil(step),
        height: height.div_ceil(step),
        step_x: f64::from(step),
        step_y: f64::from(step),
    };
    Frame {
        layout: Layout::YCbCr,
        planes: vec![plane(1), plane(2), plane(2)],
        delay_ms: 0,
        loops: 0,
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

    /// White in place of the rows from number `arrived` on.
    fn fill(&mut self, arrived: usize, budget: &Budget) -> Result<()> {
        for (plane, shape) in self.frame.planes.iter().enumerate() {
            let (value, channels) = if plane > 0 {
                (128, 1)
            } else {
                (255, self.frame.layout.channels())
            };
            let row = vec![value; shape.width as usize * channels];
            for _ in arrived.div_ceil(shape.step_y as usize)..shape.height as usize {
                budget.check()?;
                self.sink.row(plane, &row)?;
            }
        }
        Ok(())
    }
}

//! Turns samples into rows for the sink: planes as they are, or components upsampled to one size and interleaved.

use super::colour;
use super::frame::Frame;
use super::header::Colour;
use super::upsample::Upsampler;
use crate::budget::{Budget, Buffer};
use crate::error::Result;
use crate::image::Layout;
use crate::rows::{self, PlaneShape, RowSink};

/// The samples of one MCU row of a component, and the last row of the MCU row before.
#[derive(Debug)]
pub(super) struct Stripe {
    data: Buffer<u8>,
    pub(super) stride: usize,
    rows: usize,
}

impl Stripe {
    fn new(stride: usize, rows: usize, budget: &Budget) -> Result<Self> {
        Ok(Stripe {
            data: budget.zeroed(stride * (rows + 1), "rows of samples")?,
            stride,
            rows,
        })
    }

    /// Where the next MCU row goes.
    pub(super) fn samples(&mut self) -> &mut [u8] {
        &mut self.data[self.stride..]
    }

    /// Row number `wanted` of the component, where `first` is the first one of this MCU row.
    fn row(&self, wanted: usize, first: usize, width: usize) -> &[u8] {
        &self.data[(wanted + 1).saturating_sub(first) * self.stride..][..width]
    }

    /// Keeps the last row for its neighbours below.
    fn carry(&mut self) {
        let last = self.rows * self.stride;
        self.data.copy_within(last..last + self.stride, 0);
    }
}

/// What to do with the components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mix {
    /// This many components, from the first, are delivered as planes.
    Planes(usize),
    /// Interleaved, after upsampling.
    Pixels(Colour),
}

/// Receives MCU rows of samples and passes rows to the sink.
pub(super) struct Output<'s> {
    sink: &'s mut dyn RowSink,
    mix: Mix,
    pub(super) stripes: Vec<Stripe>,
    components: Vec<Part>,
    /// Rows of the picture that an MCU row has, and all rows.
    mcu_rows: usize,
    height: usize,
    width: usize,
    /// The next row to pass on.
    next: usize,
    /// How many rows wait for the MCU row below because they are blended with it.
    lag: usize,
    pixels: Buffer<u8>,
}

#[derive(Debug)]
struct Part {
    width: usize,
    height: usize,
    /// Rows in an MCU row.
    rows: usize,
    upsampler: Upsampler,
    /// A row at full width.
    row: Buffer<u8>,
}

impl<'s> Output<'s> {
    /// Announces the frame to the sink.
    pub(super) fn new(
        frame: &Frame,
        colour: Colour,
        planar: bool,
        sink: &'s mut dyn RowSink,
        budget: &Budget,
    ) -> Result<Self> {
        let mix = match colour {
            Colour::Grey => Mix::Planes(1),
            Colour::YCbCr if planar => Mix::Planes(3),
            _ => Mix::Pixels(colour),
        };
        let mut stripes = Vec::with_capacity(4);
        for component in &frame.components {
            let stride = component.padded_x(frame) * component.size.x;
            stripes.push(Stripe::new(stride, component.v * component.size.y, budget)?);
        }
        let columns = |component: &super::frame::Component| component.h * component.size.x;
        let rows = |component: &super::frame::Component| component.v * component.size.y;
        let (mut finest_x, mut finest_y) = (&frame.components[0], &frame.components[0]);
        for component in &frame.components {
            if columns(component) > columns(finest_x) {
                finest_x = component;
            }
            if rows(component) > rows(finest_y) {
                finest_y = component;
            }
        }
        let (width, height, mcu_rows) = (finest_x.width, finest_y.height, rows(finest_y));
        let mut components = Vec::with_capacity(4);
        let mut lag = 0;
        for component in &frame.components {
            let ratio_x = (columns(finest_x), columns(component));
            let ratio_y = (rows(finest_y), rows(component));
            let upsampler = Upsampler::new(ratio_x, ratio_y, component.width);
            lag = lag.max(usize::from(upsampler.blends_rows()));
            let row = match mix {
                Mix::Planes(_) => 0,
                Mix::Pixels(_) if upsampler.is_needless() => 0,
                Mix::Pixels(_) => upsampler.row_len(component.width, width),
            };
            components.push(Part {
                width: component.width,
                height: component.height,
                rows: rows(component),
                upsampler,
                row: budget.zeroed(row, "an upsampled row")?,
            });
        }
        let channels = match mix {
            Mix::Planes(_) => 0,
            Mix::Pixels(Colour::Cmyk | Colour::Ycck) => 4,
            Mix::Pixels(_) => 3,
        };
        let shape = |index: usize| {
            let component = &frame.components[index];
            PlaneShape {
                width: component.width as u32,
                height: component.height as u32,
                step_x: component.step_x,
                step_y: component.step_y,
            }
        };
        let (layout, planes) = match mix {
            Mix::Planes(1) => (Layout::Grey, vec![shape(0)]),
            Mix::Planes(count) => (Layout::YCbCr, (0..count).map(shape).collect()),
            Mix::Pixels(_) => {
                let layout = if channels == 4 { Layout::Cmyk } else { Layout::Rgb };
                let whole = PlaneShape {
                    width: width as u32,
                    height: height as u32,
                    step_x: finest_x.step_x,
                    step_y: finest_y.step_y,
                };
                (layout, vec![whole])
            }
        };
        sink.begin(&rows::Frame {
            layout,
            planes,
            delay_ms: 0,
            loops: 0,
        })?;
        Ok(Output {
            sink,
            mix,
            stripes,
            components,
            mcu_rows,
            height,
            width,
            next: 0,
            lag,
            pixels: budget.zeroed(width * channels, "a row of pixels")?,
        })
    }

    /// Whether the component's samples are used.
    pub(super) fn wants(&self, index: usize) -> bool {
        match self.mix {
            Mix::Planes(count) => index < count,
            Mix::Pixels(_) => true,
        }
    }

    /// The stripes hold MCU row number `mcu_row`: passes the rows that are ready to the sink.
    pub(super) fn push(&mut self, mcu_row: usize) -> Result<()> {
        match self.mix {
            Mix::Planes(count) => self.push_planes(mcu_row, count),
            Mix::Pixels(colour) => self.push_pixels(mcu_row, colour),
        }
    }

    fn push_planes(&mut self, mcu_row: usize, count: usize) -> Result<()> {
        for (index, (stripe, part)) in self.stripes.iter().zip(&self.components).take(count).enumerate() {
            let rows = part.rows.min(part.height.saturating_sub(mcu_row * part.rows));
            for row in 0..rows {
                self.sink
                    .row(index, &stripe.data[(row + 1) * stripe.stride..][..part.width])?;
            }
        }
        Ok(())
    }

    fn push_pixels(&mut self, mcu_row: usize, colour: Colour) -> Result<()> {
        let above = (mcu_row + 1) * self.mcu_rows;
        let end = if above >= self.height {
            self.height
        } else {
            above - self.lag
        };
        let Output {
            sink,
            stripes,
            components,
            pixels,
            ..
        } = self;
        while self.next < end {
            let y = self.next;
            for (stripe, part) in stripes.iter().zip(&mut *components) {
                let (source, first) = (y * part.rows / self.mcu_rows, mcu_row * part.rows);
                let neighbour = if y.is_multiple_of(2) {
                    source.saturating_sub(1)
                } else {
                    source + 1
                };
                let row = |wanted: usize| stripe.row(wanted.min(part.height - 1), first, part.width);
                part.upsampler.row(row(source), || row(neighbour), y, &mut part.row);
            }
            let rows: [&[u8]; 4] = std::array::from_fn(|index| match (stripes.get(index), components.get(index)) {
                (Some(stripe), Some(part)) if part.upsampler.is_needless() => {
                    let source = (y * part.rows / self.mcu_rows).min(part.height - 1);
                    stripe.row(source, mcu_row * part.rows, part.width)
                }
                (_, Some(part)) => &part.row[..self.width],
                _ => &[],
            });
            colour::mix(colour, rows, pixels);
            sink.row(0, pixels)?;
            self.next += 1;
        }
        self.stripes.iter_mut().for_each(Stripe::carry);
        Ok(())
    }
}

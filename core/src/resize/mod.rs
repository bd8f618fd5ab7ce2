//! Crops and resizes row by row: needs memory for a few rows and the output, never for the source.
//!
//! 8-bit rows are widened to 16 bits (`light`), go through the `vertical` and then the `horizontal` filter without
//! clamping in between, and are narrowed again. A `table` holds, for each direction, the weights of `filter`'s
//! kernels. A direction that only picks samples (same size, or nearest neighbour) skips its pass.

mod filter;
mod horizontal;
mod light;
mod options;
mod table;
#[cfg(test)]
mod tests;
mod vertical;

use fearless_simd::Level;

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::image::Plane;
use crate::rect::Rect;

use horizontal::Horizontal;
use light::Widener;
pub use options::{Kernel, Light};
use table::Table;
use vertical::Vertical;

/// What to make of one plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spec {
    /// Interleaved 8-bit samples per pixel: 1 to 4.
    pub(crate) channels: usize,
    /// The last of 2 or 4 channels is alpha, not premultiplied: invisible colour does not bleed into its surroundings.
    pub(crate) alpha: bool,
    /// What of the colour channels is averaged.
    pub(crate) light: Light,
    /// Pixels in a source row, and rows.
    pub(crate) source: (u32, u32),
    /// The part of the source that may be read; fractions are widened to whole samples.
    pub(crate) bounds: Rect,
    /// The part of the source that fills the output. Samples around it contribute if the kernel reaches them; where
    /// it reaches beyond the bounds, the samples inside share the weight.
    pub(crate) crop: Rect,
    /// Width and height of the output.
    pub(crate) size: (u32, u32),
    pub(crate) kernel: Kernel,
}

/// Resamples one plane whose rows arrive one by one.
pub(crate) struct Resampler {
    budget: Budget,
    level: Level,
    light: Widener,
    kernel: Path,
    horizontal: Horizontal,
    /// The source columns and rows that the output depends on; the others are ignored.
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
    stride: usize,
    /// Rows that have been fed.
    fed: usize,
    /// Output rows that have been passed on to the horizontal direction.
    passed: usize,
    target: ResizedRows,
}

/// What the vertical direction needs.
enum Path {
    /// Source rows are copied; the horizontal direction picks samples too.
    Copy(Table),
    /// Source rows are widened for the horizontal pass.
    Pass(Table),
    /// Source rows are weighted and summed for the horizontal pass.
    Blend(Box<Vertical>),
}

/// The output.
struct ResizedRows {
    plane: Plane,
    /// The next row.
    next: u32,
}

impl Resampler {
    pub(crate) fn new(spec: &Spec, budget: &Budget) -> Result<Self> {
        Self::with_level(spec, budget, Level::new())
    }

    fn with_level(spec: &Spec, budget: &Budget, level: Level) -> Result<Self> {
        check(spec)?;
        let channels = spec.channels;
        let (width, height) = (spec.size.0 as usize, spec.size.1 as usize);
        let bound_columns = whole(spec.bounds.left, spec.bounds.width, spec.source.0);
        let bound_rows = whole(spec.bounds.top, spec.bounds.height, spec.source.1);
        let across = (spec.crop.left - bound_columns.start as f64, spec.crop.width);
        let down = (spec.crop.top - bound_rows.start as f64, spec.crop.height);
        let mut horizontal = Table::new(spec.kernel, bound_columns.len(), across, width, budget)?;
        let mut vertical = Table::new(spec.kernel, bound_rows.len(), down, height, budget)?;
        let (columns, rows) = (horizontal.reach(), vertical.reach());
        horizontal.rebase(columns.start);
        vertical.rebase(rows.start);

        let used = columns.len() * channels;
        let padded = used.next_multiple_of(vertical::LANES);
        // Picking in both directions needs no 16-bit samples.
        let count = if vertical.pick && horizontal.pick { 0 } else { height };
        let horizontal = Horizontal::new(level, horizontal, channels, padded, count, budget)?;
        let light = Widener::new(channels, spec.alpha, spec.light);
        let kernel = match (vertical.pick, count) {
            (true, 0) => Path::Copy(vertical),
            (true, _) => Path::Pass(vertical),
            (false, _) => Path::Blend(Box::new(Vertical::new(level, light.clone(), vertical, padded, budget)?)),
        };
        Ok(Resampler {
            budget: budget.clone(),
            level,
            light,
            kernel,
            horizontal,
            columns: shifted(columns, bound_columns.start),
            rows: shifted(rows, bound_rows.start),
            stride: spec.source.0 as usize * channels,
            fed: 0,
            passed: 0,
            target: ResizedRows {
                plane: Plane::new(spec.size.0, spec.size.1, channels, budget)?,
                next: 0,
            },
        })
    }

    /// Whether the output is finished and needs no more rows.
    pub(crate) fn complete(&self) -> bool {
        self.fed >= self.rows.end
    }

    /// Takes the next source row: `width × channels` samples.
    pub(crate) fn row(&mut self, row: &[u8]) -> Result<()> {
        if row.len() != self.stride {
            return Err(internal(format!(
                "a row of {} samples where {} were announced",
                row.len(),
                self.stride
            )));
        }
        let y = self.fed;
        self.fed += 1;
        if !self.rows.contains(&y) {
            return Ok(());
        }
        if y.is_multiple_of(16) {
            self.budget.check()?;
        }
        let channels = self.light.channels;
        let row = &row[self.columns.start * channels..self.columns.end * channels];
        let y = y - self.rows.start;
        let (light, level, horizontal, target) = (&self.light, self.level, &mut self.horizontal, &mut self.target);
        match &mut self.kernel {
            Path::Copy(table) => target.repeat(table, y, |out| horizontal.pick(row, out)),
            Path::Pass(table) => {
                while self.passed < table.len && table.window(self.passed).start == y {
                    self.passed += 1;
                    light.widen(level, row, &mut horizontal.next_row()[..row.len()]);
                    horizontal.advance(|out| target.take(light, level, out));
                }
            }
            Path::Blend(vertical) => {
                vertical.advance(row, horizontal, |out| target.take(light, level, out));
            }
        }
        Ok(())
    }

    /// The output. All rows must have been fed, or enough for [`Resampler::complete`].
    pub(crate) fn finish(self) -> Result<Plane> {
        if !self.complete() {
            return Err(internal(format!(
                "{} rows came where {} are needed",
                self.fed, self.rows.end
            )));
        }
        Ok(self.target.plane)
    }
}

impl ResizedRows {
    /// Narrows the next output row.
    fn take(&mut self, light: &Widener, level: Level, row: &[i16]) {
        light.narrow(level, row, self.plane.row_mut(self.next));
        self.next += 1;
    }

    /// Makes the output rows that source row `y` is picked for: the first with `make`, the others by copying it.
    fn repeat(&mut self, table: &Table, y: usize, mut make: impl FnMut(&mut [u8])) {
        let first = self.next;
        while (self.next as usize) < table.len && table.window(self.next as usize).start == y {
            if self.next == first {
                make(self.plane.row_mut(first));
            } else {
                let stride = self.plane.stride();
                let from = first as usize * stride;
                self.plane
                    .data
                    .copy_within(from..from + stride, self.next as usize * stride);
            }
            self.next += 1;
        }
    }
}

/// The whole samples, at least one, that a part of an axis touches.
fn whole(start: f64, length: f64, source: u32) -> std::ops::Range<usize> {
    let source = source as usize;
    let first = (start.floor().max(0.0) as usize).min(source - 1);
    let end = ((start + length).ceil().max(0.0) as usize).min(source);
    first..end.max(first + 1)
}

fn shifted(range: std::ops::Range<usize>, by: usize) -> std::ops::Range<usize> {
    range.start + by..range.end + by
}

fn check(spec: &Spec) -> Result<()> {
    let Spec {
        channels,
        alpha,
        source,
        crop,
        size,
        ..
    } = *spec;
    if !(1..=4).contains(&channels) || (alpha && channels % 2 != 0) {
        return Err(internal(format!("{channels} channels, alpha {alpha}")));
    }
    if source.0 == 0 || source.1 == 0 {
        return Err(internal(format!("a source of {} × {}", source.0, source.1)));
    }
    if size.0 == 0 || size.1 == 0 {
        return Err(Error::out_of_range(
            "resize",
            "at least 1×1",
            format_args!("{}×{}", size.0, size.1),
        ));
    }
    let Rect {
        left,
        top,
        width,
        height,
    } = crop;
    if ![left, top, width, height].iter().all(|v| v.is_finite()) || width <= 0.0 || height <= 0.0 {
        return Err(Error::out_of_range(
            "crop",
            "a width and a height above 0",
            format_args!("{width}×{height} at {left},{top}"),
        ));
    }
    Ok(())
}

fn internal(reason: String) -> Error {
    Error::internal("resizing", reason)
}

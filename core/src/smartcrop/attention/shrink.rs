//! Squeezes a plane into cells: block averages first, then a Lanczos filter.

use super::{CELLS, Cells};
use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Layout, Plane};

/// Minimum samples per cell after averaging: enough for the filter to place edges well.
const GAP: usize = 2;

/// One array of cells for each colour channel; alpha is multiplied in and then dropped.
pub(super) fn shrink(plane: &Plane, layout: Layout, budget: &Budget) -> Result<Vec<Cells>> {
    let blocks = BlockMeans::average(plane, layout.has_alpha(), budget)?;
    let colours = plane.channels - usize::from(layout.has_alpha());
    let across = Taps::new(plane.width, blocks.step.0, blocks.width);
    let down = Taps::new(plane.height, blocks.step.1, blocks.height);
    Ok((0..colours)
        .map(|channel| blocks.filter(channel, &across, &down))
        .collect())
}

/// A plane of block averages.
struct BlockMeans {
    width: usize,
    height: usize,
    channels: usize,
    /// Samples that a block spans, across and down.
    step: (usize, usize),
    values: Vec<f32>,
}

impl BlockMeans {
    fn average(plane: &Plane, alpha: bool, budget: &Budget) -> Result<Self> {
        let (width, height, channels) = (plane.width as usize, plane.height as usize, plane.channels);
        let step = ((width / CELLS / GAP).max(1), (height / CELLS / GAP).max(1));
        let (across, down) = (width.div_ceil(step.0), height.div_ceil(step.1));
        let mut sums = budget.zeroed::<u32>(width * channels, "a row of the crop search")?;
        let mut values = Vec::with_capacity(across * down * channels);
        for first in (0..height).step_by(step.1) {
            budget.check()?;
            sums.fill(0);
            let last = (first + step.1).min(height);
            for y in first..last {
                add(plane.row(y as u32), channels, alpha, &mut sums);
            }
            for block in sums.chunks(step.0 * channels) {
                let count = (block.len() / channels * (last - first)) as f32;
                for channel in 0..channels {
                    let sum: u64 = block[channel..].iter().step_by(channels).map(|&v| u64::from(v)).sum();
                    values.push(sum as f32 / count);
                }
            }
        }
        Ok(BlockMeans {
            width: across,
            height: down,
            channels,
            step,
            values,
        })
    }

    fn filter(&self, channel: usize, across: &Taps, down: &Taps) -> Cells {
        let mut narrow = vec![0.0; self.height * CELLS];
        for (row, to) in self
            .values
            .chunks(self.width * self.channels)
            .zip(narrow.chunks_mut(CELLS))
        {
            across.apply(|x| row[x * self.channels + channel], to.iter_mut());
        }
        let mut cells = [0.0; CELLS * CELLS];
        for x in 0..CELLS {
            down.apply(|y| narrow[y * CELLS + x], cells[x..].iter_mut().step_by(CELLS));
        }
        cells
    }
}

/// Adds a row to column sums, colours multiplied by alpha. A sum of 2²⁴ rows still fits.
fn add(row: &[u8], channels: usize, alpha: bool, sums: &mut [u32]) {
    if !alpha {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += u32::from(value);
        }
        return;
    }
    for (sums, pixel) in sums.chunks_exact_mut(channels).zip(row.chunks_exact(channels)) {
        let alpha = u32::from(pixel[channels - 1]);
        for (sum, &value) in sums.iter_mut().zip(pixel) {
            *sum += (u32::from(value) * alpha + 127) / 255;
        }
    }
}

/// A Lanczos filter with three lobes, from blocks to cells.
struct Taps {
    blocks: usize,
    /// The first block under each cell (it may lie before the edge), and the weights from there on.
    cells: Vec<(isize, Vec<f32>)>,
}

impl Taps {
    fn new(samples: u32, step: usize, blocks: usize) -> Self {
        let span = f64::from(samples) / step as f64 / CELLS as f64;
        let scale = span.max(1.0);
        let cells = (0..CELLS)
            .map(|cell| {
                let centre = (cell as f64 + 0.5) * span - 0.5;
                let first = (centre - 3.0 * scale).ceil() as isize;
                let last = (centre + 3.0 * scale).floor() as isize;
                let weights: Vec<f64> = (first..=last)
                    .map(|at| lanczos3((at as f64 - centre) / scale))
                    .collect();
                let sum: f64 = weights.iter().sum();
                (first, weights.iter().map(|weight| (weight / sum) as f32).collect())
            })
            .collect();
        Taps { blocks, cells }
    }

    fn apply<'a>(&self, value: impl Fn(usize) -> f32, cells: impl Iterator<Item = &'a mut f32>) {
        for ((first, weights), cell) in self.cells.iter().zip(cells) {
            let tap = |(offset, weight): (usize, &f32)| {
                let at = (first + offset as isize).clamp(0, self.blocks as isize - 1);
                weight * value(at as usize)
            };
            let sum: f32 = weights.iter().enumerate().map(tap).sum();
            *cell = sum.clamp(0.0, 255.0);
        }
    }
}

fn lanczos3(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let angle = std::f64::consts::PI * x;
    if x.abs() < 3.0 {
        3.0 * angle.sin() * (angle / 3.0).sin() / (angle * angle)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn keeps_a_ramp_in_place() {
        let budget = Budget::new(&Limits::default());
        for (width, height) in [(7, 3), (32, 32), (100, 80), (517, 1031)] {
            let mut plane = Plane::new(width, height, 1, &budget).unwrap();
            for y in 0..height {
                for (x, value) in plane.row_mut(y).iter_mut().enumerate() {
                    *value = (255.0 * (x as f64 + 0.5) / f64::from(width)).round() as u8;
                }
            }
            let cells = &shrink(&plane, Layout::Grey, &budget).unwrap()[0];
            // The filter bends the ramp only at the edges.
            for (at, value) in cells
                .iter()
                .enumerate()
                .filter(|(at, _)| (4..28).contains(&(at % CELLS)))
            {
                let expected = 255.0 * ((at % CELLS) as f32 + 0.5) / CELLS as f32;
                assert!(
                    (value - expected).abs() < 6.0,
                    "{width}×{height} at {at}: {value}, not {expected}"
                );
            }
        }
    }
}

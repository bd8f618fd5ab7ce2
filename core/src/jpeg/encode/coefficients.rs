//! Transformed blocks: a row of MCUs of them, or all.

use fearless_simd::Level;

use super::fdct::transform_row;
use super::frame::{Component, Frame};
use super::quant::Quantiser;
use super::sequential::BlockRows;
use super::source::Source;
use super::zigzag::Block;
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// The blocks of each component that have samples, row by row.
pub(super) struct Coefficients {
    pub(super) planes: Vec<BlockPlane>,
    whole: bool,
}

/// The blocks of one component.
pub(super) struct BlockPlane {
    pub(super) blocks: Buffer<Block>,
    /// Places of the nonzero coefficients in the zig-zag sequence.
    pub(super) masks: Buffer<u64>,
    /// Blocks in a row.
    pub(super) across: usize,
}

impl Coefficients {
    /// Room for one row of MCUs.
    pub(super) fn one_row(frame: &Frame, budget: &Budget) -> Result<Self> {
        Self::with_rows(frame, budget, false, |component| usize::from(component.v))
    }

    /// Room for the whole frame.
    pub(super) fn whole(frame: &Frame, budget: &Budget) -> Result<Self> {
        Self::with_rows(frame, budget, true, |component| component.down)
    }

    fn with_rows(frame: &Frame, budget: &Budget, whole: bool, rows: impl Fn(&Component) -> usize) -> Result<Self> {
        let planes = frame.components.iter().map(|component| {
            let len = component.across * rows(component);
            Ok(BlockPlane {
                blocks: budget.zeroed(len, "coefficients")?,
                masks: budget.zeroed(len, "coefficients")?,
                across: component.across,
            })
        });
        Ok(Coefficients {
            planes: planes.collect::<Result<_>>()?,
            whole,
        })
    }

    /// Transforms MCU row number `mcu_row` into its place, or over the previous one.
    pub(super) fn fill(
        &mut self,
        frame: &Frame,
        source: &mut Source,
        level: Level,
        quantisers: Option<&[Quantiser; 2]>,
        mcu_row: usize,
    ) {
        source.advance(mcu_row);
        for (index, (component, plane)) in frame.components.iter().zip(&mut self.planes).enumerate() {
            let quantiser = quantisers.map(|both| &both[usize::from(component.slot)]);
            let rows = component.rows_of(mcu_row);
            let base = if self.whole { 0 } else { rows.start };
            for row in rows {
                let samples = source.rows(index, row, mcu_row);
                let at = (row - base) * plane.across..(row - base + 1) * plane.across;
                let (blocks, masks) = (&mut plane.blocks[at.clone()], &mut plane.masks[at]);
                transform_row(level, &samples, quantiser, blocks, masks);
            }
        }
    }

    /// The blocks of MCU row number `mcu_row`, which has been transformed.
    pub(super) fn mcu_row(&self, frame: &Frame, mcu_row: usize) -> Vec<BlockRows<'_>> {
        let rows = frame.components.iter().zip(&self.planes);
        rows.map(|(component, plane)| {
            let rows = component.rows_of(mcu_row);
            let base = if self.whole { 0 } else { rows.start };
            let at = (rows.start - base) * plane.across..(rows.end - base) * plane.across;
            BlockRows {
                blocks: &plane.blocks[at.clone()],
                masks: &plane.masks[at],
                across: plane.across,
            }
        })
        .collect()
    }
}

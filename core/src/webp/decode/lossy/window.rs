//! The rows of macroblocks that are being worked on: decoded, filtered, handed over.

use fearless_simd::Simd;

use super::deblock::{self, Deblock};
use super::header::Filter;
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// Rows of luma that wait for the filter of the macroblocks below; half as many of chroma.
const LAG: usize = 8;

/// One row of macroblocks, and what lags behind of the row above.
#[derive(Debug)]
pub(super) struct Window {
    stride: usize,
    luma: Buffer<u8>,
    /// For each macroblock eight pixels of Cb, then eight of Cr.
    chroma: Buffer<u8>,
}

/// Rows that are done.
#[derive(Debug)]
pub(super) struct Band<'w> {
    window: &'w Window,
    /// How many there are; of chroma, half as many.
    pub(super) rows: usize,
    skip: usize,
}

impl Band<'_> {
    /// Row number `row` of the band, `width` pixels at least.
    pub(super) fn luma(&self, row: usize) -> &[u8] {
        &self.window.luma[(self.skip + row) * self.window.stride..][..self.window.stride]
    }

    /// Row number `row` of the band's chroma.
    pub(super) fn chroma(&self, row: usize, blue: &mut [u8], red: &mut [u8]) {
        let start = (self.skip / 2 + row) * self.window.stride;
        let pairs = self.window.chroma[start..][..self.window.stride].as_chunks::<16>().0;
        for ((pair, blue), red) in pairs.iter().zip(blue.chunks_mut(8)).zip(red.chunks_mut(8)) {
            blue.copy_from_slice(&pair[..blue.len()]);
            red.copy_from_slice(&pair[8..][..red.len()]);
        }
    }
}

impl Window {
    pub(super) fn new(columns: usize, budget: &Budget) -> Result<Self> {
        let stride = columns * 16;
        Ok(Window {
            stride,
            luma: budget.zeroed(stride * (LAG + 16), "rows of samples")?,
            chroma: budget.zeroed(stride * (LAG / 2 + 8), "rows of samples")?,
        })
    }

    /// Takes a macroblock of the current row.
    #[inline(always)]
    pub(super) fn put(&mut self, column: usize, luma: &[[u8; 32]; 17], chroma: &[[u8; 32]; 9]) {
        for (row, from) in luma[1..].iter().enumerate() {
            self.luma[(LAG + row) * self.stride + column * 16..][..16].copy_from_slice(&from[8..24]);
        }
        for (row, from) in chroma[1..].iter().enumerate() {
            let to = &mut self.chroma[(LAG / 2 + row) * self.stride + column * 16..][..16];
            to[..8].copy_from_slice(&from[8..16]);
            to[8..].copy_from_slice(&from[24..]);
        }
    }

    /// Filters the current row of macroblocks, number `row` of the picture.
    #[inline(always)]
    pub(super) fn filter<S: Simd>(&mut self, simd: S, filter: Filter, row: usize, blocks: &[Deblock]) {
        let planes = (&mut *self.luma, &mut *self.chroma);
        deblock::row(simd, filter, blocks, planes, self.stride, LAG, row == 0);
    }

    /// What is done after row `row` of macroblocks of `height` rows of pixels: all, if it is the `last`.
    pub(super) fn done(&self, row: usize, height: usize, last: bool) -> Band<'_> {
        let top = (row * 16).saturating_sub(LAG);
        let end = if last { (row + 1) * 16 } else { (row + 1) * 16 - LAG };
        Band {
            window: self,
            rows: end.min(height).saturating_sub(top),
            skip: LAG + top - row * 16,
        }
    }

    /// Makes room for the next row of macroblocks.
    pub(super) fn advance(&mut self) {
        self.luma.copy_within(16 * self.stride.., 0);
        self.chroma.copy_within(8 * self.stride.., 0);
    }
}

//! The loop filter of a row of macroblocks (RFC 6386, 15.1): for each of them the edge to the left, the upright edges
//! within, the edge above, the level ones within.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x16};

use super::filter::{self, Across, Limits};
use super::header::{Filter, Strength};

/// How a macroblock is to be filtered: how strongly, and whether within, too.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Deblock {
    pub(super) strength: Strength,
    pub(super) inside: bool,
}

/// Filters macroblocks, of which there are none above if `top`. Their pixels begin in the first column after `above`
/// rows of luma, and half as many of chroma.
#[inline(always)]
pub(super) fn row<S: Simd>(
    simd: S,
    filter: Filter,
    blocks: &[Deblock],
    (luma, chroma): (&mut [u8], &mut [u8]),
    stride: usize,
    above: usize,
    top: bool,
) {
    for (column, block) in blocks.iter().enumerate() {
        if block.strength.limit == 0 {
            continue;
        }
        let edges = Edges {
            simd,
            simple: filter.simple,
            outer: Limits::outer(block.strength),
            inner: block.inside.then_some(Limits::inner(block.strength)),
            left: column > 0,
            above: !top,
        };
        edges.luma(luma, above * stride + column * 16, stride);
        if !filter.simple {
            edges.chroma(chroma, above / 2 * stride + column * 16, stride);
        }
    }
}

/// A macroblock's edges.
struct Edges<S> {
    simd: S,
    simple: bool,
    outer: Limits,
    /// If there is something to filter inside.
    inner: Option<Limits>,
    left: bool,
    above: bool,
}

impl<S: Simd> Edges<S> {
    #[inline(always)]
    fn luma(&self, plane: &mut [u8], start: usize, stride: usize) {
        let simd = self.simd;
        if self.left {
            let start = start - 4;
            let mut pairs = [u8x16::splat(simd, 0); 8];
            for (k, pixels) in pairs.iter_mut().enumerate() {
                let mut pair = [0; 16];
                pair[..8].copy_from_slice(&plane[start + 2 * k * stride..][..8]);
                pair[8..].copy_from_slice(&plane[start + (2 * k + 1) * stride..][..8]);
                *pixels = pair.simd_into(simd);
            }
            let mut across = shuffles::<S, 8, 4>(simd, pairs);
            self.outer(&mut across);
            let pairs = shuffles::<S, 8, 3>(simd, across);
            for (k, pixels) in pairs.iter().enumerate() {
                let pair = pixels.as_slice();
                plane[start + 2 * k * stride..][..8].copy_from_slice(&pair[..8]);
                plane[start + (2 * k + 1) * stride..][..8].copy_from_slice(&pair[8..]);
            }
        }
        let Some(inner) = self.inner else {
            return self.above(plane, start, stride);
        };
        let mut rows = load::<S, 16>(simd, plane, start, stride);
        let mut columns = shuffles::<S, 16, 4>(simd, rows);
        self.inner(&mut columns, inner);
        rows = shuffles::<S, 16, 4>(simd, columns);
        if self.above {
            let above = start - 4 * stride;
            let [a, b, c, d] = load::<S, 4>(simd, plane, above, stride);
            let mut across = [a, b, c, d, rows[0], rows[1], rows[2], rows[3]];
            self.outer(&mut across);
            store(plane, above + stride, stride, &across[1..4]);
            rows[..4].copy_from_slice(&across[4..]);
        }
        self.inner(&mut rows, inner);
        store(plane, start, stride, &rows);
    }

    /// Both planes at once: eight pixels of each lie side by side.
    #[inline(always)]
    fn chroma(&self, plane: &mut [u8], start: usize, stride: usize) {
        let simd = self.simd;
        if self.left {
            // Four pixels of the macroblock before and four of this one, of either plane.
            let quarters = [start - 12, start, start - 4, start + 8];
            let mut rows = [u8x16::splat(simd, 0); 8];
            for (row, vector) in rows.iter_mut().enumerate() {
                let mut pixels = [0; 16];
                for (quarter, at) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(quarters) {
                    quarter.copy_from_slice(&plane[at + row * stride..][..4]);
                }
                *vector = pixels.simd_into(simd);
            }
            let mut across = shuffles::<S, 8, 4>(simd, rows);
            filter::normal(simd, &mut across, self.outer, true);
            rows = shuffles::<S, 8, 3>(simd, across);
            for (row, vector) in rows.iter().enumerate() {
                for (quarter, at) in vector.as_slice().as_chunks::<4>().0.iter().zip(quarters) {
                    plane[at + row * stride..][..4].copy_from_slice(quarter);
                }
            }
        }
        let Some(inner) = self.inner else {
            return self.above(plane, start, stride);
        };
        let rows = load::<S, 8>(simd, plane, start, stride);
        let mut across = shuffles::<S, 8, 4>(simd, rows);
        filter::normal(simd, &mut across, inner, false);
        let mut rows = shuffles::<S, 8, 3>(simd, across);
        if self.above {
            let above = start - 4 * stride;
            let [a, b, c, d] = load::<S, 4>(simd, plane, above, stride);
            let mut across = [a, b, c, d, rows[0], rows[1], rows[2], rows[3]];
            filter::normal(simd, &mut across, self.outer, true);
            store(plane, above + stride, stride, &across[1..4]);
            rows[..4].copy_from_slice(&across[4..]);
        }
        filter::normal(simd, &mut rows, inner, false);
        store(plane, start, stride, &rows);
    }

    /// The edge above, alone.
    #[inline(always)]
    fn above(&self, plane: &mut [u8], start: usize, stride: usize) {
        if !self.above {
            return;
        }
        let above = start - 4 * stride;
        let mut across = load::<S, 8>(self.simd, plane, above, stride);
        self.outer(&mut across);
        store(plane, above + stride, stride, &across[1..7]);
    }

    #[inline(always)]
    fn outer(&self, across: &mut Across<S>) {
        match self.simple {
            true => filter::simple(self.simd, across, self.outer),
            false => filter::normal(self.simd, across, self.outer, true),
        }
    }

    /// The three edges within sixteen rows or columns of luma.
    #[inline(always)]
    fn inner(&self, lines: &mut [u8x16<S>; 16], limits: Limits) {
        for edge in [4, 8, 12] {
            let mut across = *lines[edge - 4..].first_chunk::<8>().unwrap_or(&[lines[0]; 8]);
            match self.simple {
                true => filter::simple(self.simd, &mut across, limits),
                false => filter::normal(self.simd, &mut across, limits, false),
            }
            lines[edge - 2..edge + 2].copy_from_slice(&across[2..6]);
        }
    }
}

/// `N` rows of sixteen pixels.
#[inline(always)]
fn load<S: Simd, const N: usize>(simd: S, plane: &[u8], start: usize, stride: usize) -> [u8x16<S>; N] {
    let mut rows = [u8x16::splat(simd, 0); N];
    for (row, pixels) in rows.iter_mut().enumerate() {
        *pixels = u8x16::from_slice(simd, &plane[start + row * stride..][..16]);
    }
    rows
}

#[inline(always)]
fn store<S: Simd>(plane: &mut [u8], start: usize, stride: usize, rows: &[u8x16<S>]) {
    for (row, pixels) in rows.iter().enumerate() {
        plane[start + row * stride..][..16].copy_from_slice(pixels.as_slice());
    }
}

/// Shuffles the pixels of `N` vectors perfectly, `TIMES` times. Each time the highest bit of a pixel's number becomes
/// the lowest: four times transpose sixteen rows of sixteen, or of eight, and three times turn the latter back. Eight
/// rows of two times eight become columns, in which the pixels of the two planes take turns.
#[inline(always)]
fn shuffles<S: Simd, const N: usize, const TIMES: usize>(simd: S, mut vectors: [u8x16<S>; N]) -> [u8x16<S>; N] {
    for _ in 0..TIMES {
        let before = vectors;
        let (low, high) = before.split_at(N / 2);
        for ((pair, &low), &high) in vectors.as_chunks_mut::<2>().0.iter_mut().zip(low).zip(high) {
            *pair = [simd.zip_low_u8x16(low, high), simd.zip_high_u8x16(low, high)];
        }
    }
    vectors
}

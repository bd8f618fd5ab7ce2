//! The inverse DCT (T.81 A.3.3), at four scales, with dequantisation (T.81 A.3.4).
//!
//! A block of N×N samples is the N×N inverse DCT of the N×N lowest coefficients, for N of 1, 2, 4 and 8: the
//! others are detail that an image of that size can't show. Each direction has its own N. All kernels compute the
//! same integers: see [`scalar`].

mod scalar;
#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(target_arch = "x86_64")]
mod x86_small;

use fearless_simd::Level;

use super::frame::Size;
use crate::jpeg::ZIGZAG;

/// The last coefficient, in zigzag order, of those with row + column below 4: the ones of small blocks.
#[cfg(target_arch = "x86_64")]
const CORNER: u8 = 9;

/// How the coefficients of a block are stored: the lowest `side` × `side` of them, row by row. Blocks that are
/// scaled differently in the two directions keep all 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) side: usize,
}

impl Grid {
    pub(super) fn of(size: Size) -> Self {
        Grid {
            side: if size.x == size.y { size.x } else { 8 },
        }
    }

    /// Coefficients of a block.
    pub(super) fn len(self) -> usize {
        self.side * self.side
    }

    /// The place in the block of each coefficient in zigzag order; `len()` for those that are not kept.
    pub(super) fn places(self) -> [u8; 64] {
        ZIGZAG.map(|natural| {
            let (row, column) = (usize::from(natural) / 8, usize::from(natural) % 8);
            match row < self.side && column < self.side {
                true => (row * self.side + column) as u8,
                false => self.len() as u8,
            }
        })
    }
}

/// Turns the blocks of one component into samples.
#[derive(Debug)]
pub(super) struct Idct {
    size: Size,
    grid: Grid,
    quant: [i16; 64],
    level: Level,
}

impl Idct {
    /// `quant` is in row-by-row order. Steps above 32,767 wrap, as everywhere where 16 bits are multiplied.
    pub(super) fn new(size: Size, quant: &[u16; 64], level: Level) -> Self {
        let grid = Grid::of(size);
        let mut kept = [0; 64];
        for row in 0..grid.side {
            for column in 0..grid.side {
                kept[row * grid.side + column] = quant[row * 8 + column] as i16;
            }
        }
        Idct {
            size,
            grid,
            quant: kept,
            level,
        }
    }

    /// Transforms `lasts.len()` blocks, `stride` coefficients apart, into adjacent samples. `lasts` has for each
    /// block the last coefficient in zigzag order that may not be zero.
    pub(super) fn run(&self, coefficients: &[i16], stride: usize, lasts: &[u8], out: &mut [u8], out_stride: usize) {
        #[cfg(target_arch = "x86_64")]
        {
            match (self.size, self.level.as_avx2(), self.level.as_sse4_2()) {
                (Size { x: 8, y: 8 }, Some(avx2), _) => {
                    return x86::eight_avx2(avx2, coefficients, stride, &self.quant, lasts, out, out_stride);
                }
                (Size { x: 8, y: 8 }, _, Some(sse)) => {
                    return x86::eight_sse(sse, coefficients, stride, &self.quant, lasts, out, out_stride);
                }
                (Size { x: 4, y: 4 }, Some(avx2), _) => {
                    return x86::four_avx2(avx2, coefficients, stride, &self.quant, lasts, out, out_stride);
                }
                (Size { x: 4, y: 4 }, _, Some(sse)) => {
                    return x86::four_sse(sse, coefficients, stride, &self.quant, lasts, out, out_stride);
                }
                (Size { x: 2, y: 2 }, _, Some(sse)) if stride == 4 => {
                    return x86_small::twos(sse, coefficients, &self.quant, lasts.len(), out, out_stride);
                }
                _ => {}
            }
        }
        let _ = self.level;
        match self.size {
            Size { x: 1, y: 1 } if stride == 1 => scalar::ones(coefficients, self.quant[0], &mut out[..lasts.len()]),
            Size { x: 2, y: 2 } => scalar::twos(coefficients, stride, &self.quant, lasts.len(), out, out_stride),
            _ => self.run_scalar(coefficients, stride, lasts, out, out_stride),
        }
    }

    /// The obvious twin of `run`.
    fn run_scalar(&self, coefficients: &[i16], stride: usize, lasts: &[u8], out: &mut [u8], out_stride: usize) {
        let Size { x, y } = self.size;
        for (index, &last) in lasts.iter().enumerate() {
            let block = &coefficients[index * stride..][..self.grid.len()];
            let out = &mut out[index * x..];
            if last == 0 {
                let sample = scalar::flat(block[0], self.quant[0]);
                for row in 0..y {
                    out[row * out_stride..][..x].fill(sample);
                }
            } else {
                scalar::block(block, self.grid.side, self.size, &self.quant, out, out_stride);
            }
        }
    }
}

#[cfg(test)]
mod tests;

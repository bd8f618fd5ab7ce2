//! The inverse DCT (T.81 A.3.3), at four scales, with dequantisation (T.81 A.3.4).
//!
//! A block of N×N samples is the N×N inverse DCT of the N×N lowest coefficients, for N of 1, 2, 4 and 8: what is
//! left out is what a picture of that size can't show. Both directions have their own N. All kernels calculate the
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

/// How the coefficients of a block are kept: the lowest `side` × `side` of them, row by row. Blocks that are
/// scaled differently in the two directions keep all.
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

    /// For each coefficient in zigzag order its place in the block; `len()` for those that are not kept.
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

    /// Transforms `lasts.len()` blocks, `stride` coefficients apart, into samples side by side. `lasts` has for each
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
mod tests {
    use super::*;

    /// Blocks with as many coefficients as `lasts` says, in the grid's layout.
    fn blocks(grid: Grid, lasts: &[u8], seed: u32, reach: i32) -> Vec<i16> {
        let mut state = seed;
        let mut next = move || {
            state = state.wrapping_mul(1664525).wrapping_add(1013904223);
            (state >> 16) as i32
        };
        let mut all = vec![0; grid.len() * lasts.len()];
        for (block, &last) in all.chunks_exact_mut(grid.len()).zip(lasts) {
            for k in 0..=usize::from(last) {
                let reach = if k == 0 { reach * 8 } else { reach / (1 + k as i32 / 4) };
                if let Some(slot) = block.get_mut(usize::from(grid.places()[k])) {
                    *slot = (next() % (2 * reach + 1) - reach) as i16;
                }
            }
        }
        all
    }

    fn quant() -> [u16; 64] {
        std::array::from_fn(|i| 1 + (i / 8 + i % 8) as u16)
    }

    /// The definition, in floating point.
    fn reference(block: &[i16], side: usize, size: Size, quant: &[u16; 64]) -> Vec<f64> {
        let scale = |k: usize| if k == 0 { 1.0 } else { std::f64::consts::SQRT_2 };
        let wave = |n: usize, at: usize, k: usize| {
            scale(k) * ((2 * at + 1) as f64 * k as f64 * std::f64::consts::PI / (2 * n) as f64).cos()
        };
        let mut samples = Vec::new();
        for y in 0..size.y {
            for x in 0..size.x {
                let mut sum = 0.0;
                for v in 0..size.y {
                    for u in 0..size.x {
                        let coefficient = f64::from(block[v * side + u]) * f64::from(quant[v * 8 + u]);
                        sum += coefficient * wave(size.y, y, v) * wave(size.x, x, u);
                    }
                }
                samples.push((sum / 8.0 + 128.0).clamp(0.0, 255.0));
            }
        }
        samples
    }

    const LASTS: [u8; 11] = [63, 0, 0, 5, 63, 9, 1, 63, 0, 30, 9];

    fn sizes() -> impl Iterator<Item = Size> {
        let sides = [1, 2, 4, 8];
        sides.into_iter().flat_map(move |x| sides.map(|y| Size { x, y }))
    }

    #[test]
    fn samples_are_those_of_the_definition() {
        for size in sizes() {
            let idct = Idct::new(size, &quant(), Level::new());
            let len = idct.grid.len();
            let stride = LASTS.len() * size.x;
            for seed in 0..40 {
                let coefficients = blocks(idct.grid, &LASTS, seed, 1 + 12 * (seed as i32 % 5));
                let mut out = vec![0; stride * size.y];
                idct.run(&coefficients, len, &LASTS, &mut out, stride);
                for (index, block) in coefficients.chunks_exact(len).enumerate() {
                    let expected = reference(block, idct.grid.side, size, &quant());
                    for (at, expected) in expected.into_iter().enumerate() {
                        let sample = out[at / size.x * stride + index * size.x + at % size.x];
                        assert!(
                            (f64::from(sample) - expected).abs() <= 1.0,
                            "{size:?}: {sample} for {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn all_kernels_agree() {
        let levels = [
            #[cfg(target_arch = "x86_64")]
            Level::new().as_sse4_2().map(fearless_simd::Simd::level),
            Some(Level::new()),
        ];
        for (size, level) in sizes().flat_map(|size| levels.into_iter().flatten().map(move |level| (size, level))) {
            let idct = Idct::new(size, &quant(), level);
            let len = idct.grid.len();
            for count in 0..=LASTS.len() {
                let lasts = &LASTS[..count];
                let stride = count * size.x + 3;
                for seed in 0..20 {
                    // Kernels for 2×2 saturate later: nothing that a picture can have.
                    let reach = [5, 60, 300, if size.x == 2 { 400 } else { 3000 }][seed as usize % 4];
                    let coefficients = blocks(idct.grid, lasts, seed, reach);
                    let (mut fast, mut slow) = (vec![7; stride * size.y], vec![7; stride * size.y]);
                    idct.run(&coefficients, len, lasts, &mut fast, stride);
                    idct.run_scalar(&coefficients, len, lasts, &mut slow, stride);
                    assert!(fast == slow, "{size:?} {level:?} {count} {seed}");
                }
            }
        }
    }

    #[test]
    fn grids_keep_the_lowest_coefficients() {
        assert_eq!(Grid { side: 2 }.places()[..6], [0, 1, 2, 4, 3, 4]);
        for (side, last) in [(1, 0), (2, 4), (4, 24), (8, 63)] {
            let grid = Grid { side };
            let kept = grid.places().iter().rposition(|&place| usize::from(place) < grid.len());
            assert_eq!(kept, Some(last));
        }
    }
}

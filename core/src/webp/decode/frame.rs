//! Decodes a frame, row of macroblocks by row of macroblocks.

use super::deblock::Deblock;
use super::header::Header;
use super::modes::{Luma, Macroblock, Mode};
use super::predict::{self, CORNER, Edge};
use super::residual::{Beside, Residual};
use super::window::{Band, Window};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// Where the pixels of a macroblock begin in a row of [`Work`], and those of Cr.
const AT: usize = 8;
const RED: usize = 24;

/// A macroblock, with the pixels above and to the left that it is predicted from: in the first row, and just before
/// `AT` and `RED`.
struct Work {
    luma: [[u8; 32]; 17],
    chroma: [[u8; 32]; 9],
}

/// What the macroblocks of a row leave for those below.
struct Above {
    modes: Vec<[Mode; 4]>,
    beside: Vec<Beside>,
    /// Sixteen pixels of luma, then eight of each chroma, before the filter.
    pixels: Buffer<[u8; 32]>,
}

/// Decodes `data` and hands over bands of rows from top to bottom. Returns how many rows there were: fewer than the
/// picture has if the data ends before.
pub(super) fn decode(data: &[u8], budget: &Budget, put: &mut dyn FnMut(&Band<'_>) -> Result<()>) -> Result<usize> {
    let mut header = Header::read(data)?;
    let (columns, rows) = (header.width.div_ceil(16), header.height.div_ceil(16));
    let mut window = Window::new(columns, budget)?;
    let mut above = Above {
        modes: vec![[Mode::Dc; 4]; columns],
        beside: vec![Beside::default(); columns],
        pixels: budget.zeroed(columns, "rows of samples")?,
    };
    above.pixels.fill([127; 32]);
    let mut macroblocks = Vec::with_capacity(columns);
    let mut deblocks = vec![Deblock::default(); columns];
    let mut residual = Residual::new();
    let mut work = Work {
        luma: [[127; 32]; 17],
        chroma: [[127; 32]; 9],
    };
    for row in 0..rows {
        budget.check()?;
        let mut modes = header.modes;
        let mut left = [Mode::Dc; 4];
        macroblocks.clear();
        for above in &mut above.modes {
            macroblocks.push(Macroblock::read(&mut modes, &header, above, &mut left));
        }
        header.modes = modes;
        let partition = row % header.partitions.len();
        let mut tokens = header.partitions[partition];
        let mut left = Beside::default();
        work.begin(row);
        for (column, macroblock) in macroblocks.iter().enumerate() {
            let whole = matches!(macroblock.luma, Luma::Whole(_));
            let segment = usize::from(macroblock.segment);
            let beside = &mut above.beside[column];
            let mut any = false;
            if macroblock.skip {
                beside.skip(whole);
                left.skip(whole);
            } else {
                let steps = &header.steps[segment];
                any = residual.read(&mut tokens, &header.chances, steps, whole, beside, &mut left);
            }
            if let Some(filter) = header.filter {
                deblocks[column] = Deblock {
                    strength: filter.strengths[segment][usize::from(!whole)],
                    inside: any || !whole,
                };
            }
            let right = above
                .pixels
                .get(column + 1)
                .map(|pixels| [pixels[0], pixels[1], pixels[2], pixels[3]]);
            let pixels = &mut above.pixels[column];
            work.reconstruct(
                macroblock,
                any.then_some(&residual),
                pixels,
                right,
                (row > 0, column > 0),
            );
            window.put(column, &work.luma, &work.chroma);
        }
        if tokens.ended() || header.modes.ended() {
            // What is left of the row above is complete, but for the filter.
            if row > 0 {
                let band = window.done(row, row * 16, true);
                put(&band)?;
            }
            return Ok(row * 16);
        }
        header.partitions[partition] = tokens;
        if let Some(filter) = header.filter {
            window.filter(filter, row, &deblocks);
        }
        put(&window.done(row, header.height, row + 1 == rows))?;
        window.advance();
    }
    Ok(header.height)
}

impl Work {
    /// What stands to the left of a row of macroblocks.
    fn begin(&mut self, row: usize) {
        // The macroblock's last pixels become those to the left of the next.
        for (y, row_of) in self.luma.iter_mut().enumerate() {
            row_of[AT + 15] = if y == 0 && row == 0 { 127 } else { 129 };
        }
        for (y, row_of) in self.chroma.iter_mut().enumerate() {
            let pixel = if y == 0 && row == 0 { 127 } else { 129 };
            (row_of[AT + 7], row_of[RED + 7]) = (pixel, pixel);
        }
    }

    /// Predicts a macroblock, adds its residual, and leaves its last row in `above`.
    #[inline(always)]
    fn reconstruct(
        &mut self,
        macroblock: &Macroblock,
        residual: Option<&Residual>,
        above: &mut [u8; 32],
        right: Option<[u8; 4]>,
        inside: (bool, bool),
    ) {
        for row in &mut self.luma {
            row[AT - 1] = row[AT + 15];
        }
        for row in &mut self.chroma {
            (row[AT - 1], row[RED - 1]) = (row[AT + 7], row[RED + 7]);
        }
        self.luma[0][AT..AT + 16].copy_from_slice(&above[..16]);
        self.chroma[0][AT..AT + 8].copy_from_slice(&above[16..24]);
        self.chroma[0][RED..].copy_from_slice(&above[24..]);
        match &macroblock.luma {
            Luma::Whole(mode) => {
                square::<16>(&mut self.luma, *mode, AT, inside);
                if let Some(residual) = residual {
                    for (n, rows) in self.luma[1..].as_chunks_mut::<4>().0.iter_mut().enumerate() {
                        residual.add::<4, 16, _>(4 * n, rows, AT);
                    }
                }
            }
            Luma::Subblocks(modes) => {
                // Blocks at the right take what is above the next macroblock, all four of them.
                let right = right.unwrap_or([above[15]; 4]);
                for row in [0, 4, 8, 12] {
                    self.luma[row][AT + 16..][..4].copy_from_slice(&right);
                }
                for (y, modes) in modes.as_chunks::<4>().0.iter().enumerate() {
                    for (x, mode) in modes.iter().enumerate() {
                        self.subblock(*mode, 4 * y, AT + 4 * x, residual, 4 * y + x);
                    }
                }
            }
        }
        for (plane, start) in [AT, RED].into_iter().enumerate() {
            square::<8>(&mut self.chroma, macroblock.chroma, start, inside);
            if let Some(residual) = residual {
                for (n, rows) in self.chroma[1..].as_chunks_mut::<4>().0.iter_mut().enumerate() {
                    residual.add::<2, 8, _>(16 + 4 * plane + 2 * n, rows, start);
                }
            }
        }
        above[..16].copy_from_slice(&self.luma[16][AT..AT + 16]);
        above[16..24].copy_from_slice(&self.chroma[8][AT..AT + 8]);
        above[24..].copy_from_slice(&self.chroma[8][RED..]);
    }

    /// Block number `n`, below row `y`.
    #[inline(always)]
    fn subblock(&mut self, mode: Mode, y: usize, x: usize, residual: Option<&Residual>, n: usize) {
        let Some(rows) = self.luma[y..].first_chunk_mut::<5>() else {
            return;
        };
        let mut edge: Edge = [0; 18];
        edge[CORNER..][..9].copy_from_slice(&rows[0][x - 1..][..9]);
        edge[13] = edge[12];
        for k in 0..4 {
            edge[k] = rows[4 - k][x - 1];
        }
        let mut pixels = predict::subblock(mode, &edge);
        if let Some(residual) = residual {
            residual.add::<1, 4, _>(n, &mut pixels, 0);
        }
        for (row, pixels) in rows[1..].iter_mut().zip(&pixels) {
            row[x..][..4].copy_from_slice(pixels);
        }
    }
}

/// Predicts a block with one mode: luma if `N` is 16, else chroma.
#[inline(always)]
fn square<const N: usize>(rows: &mut [[u8; 32]], mode: Mode, start: usize, inside: (bool, bool)) {
    let Some(above) = rows[0][start..].first_chunk::<N>() else {
        return;
    };
    let mut left = [0; N];
    for (left, row) in left.iter_mut().zip(&rows[1..]) {
        *left = row[start - 1];
    }
    let pixels = predict::square(mode, above, &left, rows[0][start - 1], inside);
    for (row, pixels) in rows[1..].iter_mut().zip(&pixels) {
        row[start..][..N].copy_from_slice(pixels);
    }
}

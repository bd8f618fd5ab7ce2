//! Decodes a frame, row of macroblocks by row of macroblocks.

use fearless_simd::{Level, Simd, dispatch};

use super::deblock::Deblock;
use super::header::Header;
use super::modes::{Luma, Macroblock};
use super::residual::{Beside, Residual, add};
use super::window::{Band, Window};
use crate::budget::{Budget, Buffer};
use crate::error::Result;
use crate::webp::vp8::Mode;
use crate::webp::vp8::predict::{self, CORNER, Edge};
use crate::webp::vp8::work::{AT, RED, Work};

/// What the macroblocks of a row leave for those below.
struct Above {
    modes: Vec<[Mode; 4]>,
    beside: Vec<Beside>,
    /// Sixteen pixels of luma, then eight of each chroma, before the filter.
    pixels: Buffer<[u8; 32]>,
}

/// A frame that is being decoded.
struct Decoder<'a> {
    header: Header<'a>,
    above: Above,
    macroblocks: Vec<Macroblock>,
    deblocks: Vec<Deblock>,
    residual: Residual,
    work: Work,
    window: Window,
    edges: Edges,
}

/// Which edges the loop filter smooths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edges {
    /// All that the file says.
    All,
    /// Those between macroblocks, for pictures that are made smaller: the others hardly show.
    Outer,
    /// None, to see what was predicted.
    #[cfg(test)]
    None,
}

/// Decodes `data` and hands over bands of rows from top to bottom. Returns how many rows there were: fewer than the
/// picture has if the data ends before.
pub(super) fn decode(
    data: &[u8],
    edges: Edges,
    budget: &Budget,
    put: &mut dyn FnMut(&Band<'_>) -> Result<()>,
) -> Result<usize> {
    let header = Header::read(data)?;
    #[cfg(test)]
    let header = match edges {
        Edges::None => Header { filter: None, ..header },
        _ => header,
    };
    let (columns, rows, height) = (header.width.div_ceil(16), header.height.div_ceil(16), header.height);
    let mut decoder = Decoder {
        header,
        above: Above {
            modes: vec![[Mode::Dc; 4]; columns],
            beside: vec![Beside::default(); columns],
            pixels: budget.zeroed(columns, "rows of samples")?,
        },
        macroblocks: Vec::with_capacity(columns),
        deblocks: vec![Deblock::default(); columns],
        residual: Residual::new(),
        work: Work::new(),
        window: Window::new(columns, budget)?,
        edges,
    };
    decoder.above.pixels.fill([127; 32]);
    let level = Level::new();
    for row in 0..rows {
        budget.check()?;
        // The arithmetic of the boolean decoder gains from a processor's newer instructions, too.
        if !dispatch!(level, simd => decoder.row(simd, row)) {
            // What is left of the row above is complete, but for the filter.
            if row > 0 {
                put(&decoder.window.done(row, row * 16, true))?;
            }
            return Ok(row * 16);
        }
        put(&decoder.window.done(row, height, row + 1 == rows))?;
        decoder.window.advance();
    }
    Ok(height)
}

impl Decoder<'_> {
    /// Decodes and filters a row of macroblocks, unless the data ends before.
    #[inline(always)]
    fn row<S: Simd>(&mut self, simd: S, row: usize) -> bool {
        simd.vectorize(
            #[inline(always)]
            || {
                self.read_modes();
                self.reconstruct(simd, row) && {
                    if let Some(filter) = self.header.filter {
                        self.window.filter(simd, filter, row, &self.deblocks);
                    }
                    true
                }
            },
        )
    }

    #[inline(always)]
    fn read_modes(&mut self) {
        let mut modes = self.header.modes;
        let mut left = [Mode::Dc; 4];
        self.macroblocks.clear();
        for above in &mut self.above.modes {
            self.macroblocks
                .push(Macroblock::read(&mut modes, &self.header, above, &mut left));
        }
        self.header.modes = modes;
    }

    #[inline(always)]
    fn reconstruct<S: Simd>(&mut self, simd: S, row: usize) -> bool {
        let (header, above) = (&mut self.header, &mut self.above);
        let partition = row % header.partitions.len();
        let mut tokens = header.partitions[partition];
        let mut left = Beside::default();
        self.work.begin(row);
        let columns = self.macroblocks.iter().zip(&mut self.deblocks).zip(&mut above.beside);
        for (column, ((macroblock, deblock), beside)) in columns.enumerate() {
            let whole = matches!(macroblock.luma, Luma::Whole(_));
            let segment = usize::from(macroblock.segment & 3);
            let mut any = false;
            if macroblock.skip {
                beside.skip(whole);
                left.skip(whole);
            } else {
                let steps = &header.steps[segment];
                any = self
                    .residual
                    .read(simd, &mut tokens, &header.chances, steps, whole, (beside, &mut left));
            }
            if let Some(filter) = header.filter {
                *deblock = Deblock {
                    strength: filter.strengths[segment][usize::from(!whole)],
                    inside: (any || !whole) && self.edges == Edges::All,
                };
            }
            let right = above.pixels.get(column + 1);
            let right = right.map(|pixels| [pixels[0], pixels[1], pixels[2], pixels[3]]);
            let (pixels, residual) = (&mut above.pixels[column], any.then_some(&self.residual));
            self.work
                .reconstruct(simd, macroblock, residual, pixels, right, (row > 0, column > 0));
            self.window.put(column, &self.work.luma, &self.work.chroma);
        }
        let ended = tokens.ended() || header.modes.ended();
        header.partitions[partition] = tokens;
        !ended
    }
}

impl Work {
    /// Predicts a macroblock, adds its residual, and leaves its last row in `above`.
    #[inline(always)]
    fn reconstruct<S: Simd>(
        &mut self,
        simd: S,
        macroblock: &Macroblock,
        residual: Option<&Residual>,
        above: &mut [u8; 32],
        right: Option<[u8; 4]>,
        inside: (bool, bool),
    ) {
        self.enter(above);
        let luma = residual
            .filter(|residual| residual.any[0])
            .map(|residual| &residual.luma);
        let chroma = residual
            .filter(|residual| residual.any[1])
            .map(|residual| &residual.chroma);
        match &macroblock.luma {
            Luma::Whole(mode) => {
                square::<16>(&mut self.luma, *mode, AT, inside);
                if let Some(residual) = luma {
                    for (row, &more) in self.luma[1..].iter_mut().zip(residual) {
                        if let Some(pixels) = row[AT..].first_chunk_mut() {
                            *pixels = add(simd, *pixels, more);
                        }
                    }
                }
            }
            Luma::Subblocks(modes) => {
                self.set_right(right.unwrap_or([above[15]; 4]));
                for (y, modes) in modes.as_chunks::<4>().0.iter().enumerate() {
                    for (x, mode) in modes.iter().enumerate() {
                        let more = luma.map(|rows| [0, 1, 2, 3].map(|row| four(&rows[4 * y + row], 4 * x)));
                        self.subblock(simd, *mode, 4 * y, AT + 4 * x, more);
                    }
                }
            }
        }
        for start in [AT, RED] {
            square::<8>(&mut self.chroma, macroblock.chroma, start, inside);
        }
        for (row, &more) in self.chroma[1..].iter_mut().zip(chroma.into_iter().flatten()) {
            let mut pixels = [0; 16];
            pixels[..8].copy_from_slice(&row[AT..AT + 8]);
            pixels[8..].copy_from_slice(&row[RED..]);
            let sums = add(simd, pixels, more);
            row[AT..AT + 8].copy_from_slice(&sums[..8]);
            row[RED..].copy_from_slice(&sums[8..]);
        }
        self.leave(above);
    }

    /// The block below row `y`, from column `x` on.
    #[inline(always)]
    fn subblock<S: Simd>(&mut self, simd: S, mode: Mode, y: usize, x: usize, more: Option<[[i16; 4]; 4]>) {
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
        if let Some(more) = more {
            let (mut flat, mut sums) = ([0; 16], [0; 16]);
            flat.copy_from_slice(pixels.as_flattened());
            sums.copy_from_slice(more.as_flattened());
            pixels.as_flattened_mut().copy_from_slice(&add(simd, flat, sums));
        }
        for (row, pixels) in rows[1..].iter_mut().zip(&pixels) {
            row[x..][..4].copy_from_slice(pixels);
        }
    }
}

/// The four values from `x` on.
#[inline(always)]
fn four(row: &[i16; 16], x: usize) -> [i16; 4] {
    [row[x], row[x + 1], row[x + 2], row[x + 3]]
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

//! The rows of a file: those of the image, or of seven passes over it from coarse to fine (PNG 8.2, Adam7). A pass is
//! an image of its own: there is no row above its first.

use std::ops::Range;

use super::indexed::pack;
use crate::budget::Budget;
use crate::error::Result;

/// An image's interleaved samples, a byte each, even if the file stores them in fewer bits.
#[derive(Clone, Copy)]
pub(super) struct Samples<'a> {
    pub(super) data: &'a [u8],
    pub(super) width: usize,
    pub(super) height: usize,
    /// Bits per sample in the file. Fewer than eight are for images of one channel.
    pub(super) bits: u8,
    pub(super) channels: usize,
    pub(super) interlaced: bool,
}

impl<'a> Samples<'a> {
    /// The same picture's rows in this range, in one pass.
    pub(super) fn band(self, rows: Range<usize>) -> Self {
        let stride = self.width * self.channels;
        Samples {
            data: &self.data[rows.start * stride..rows.end * stride],
            height: rows.len(),
            interlaced: false,
            ..self
        }
    }

    fn passes(&self) -> &'static [Pass] {
        if self.interlaced { &PASSES } else { &WHOLE }
    }

    /// Bytes of the longest row.
    pub(super) fn longest(&self) -> usize {
        (self.width * self.channels * usize::from(self.bits)).div_ceil(8)
    }

    /// Bytes before compression, with one for each row's filter.
    pub(super) fn len(&self) -> usize {
        self.passes().iter().map(|pass| pass.len(self)).sum()
    }

    /// Hands on each row as it is stored, and the one above it.
    pub(super) fn rows(&self, budget: &Budget, mut each: impl FnMut(&[u8], &[u8])) -> Result<()> {
        let stride = self.width * self.channels;
        let whole = |y: usize| &self.data[y * stride..][..stride];
        let zeros = budget.zeroed::<u8>(stride, "a row")?;
        if !self.interlaced && self.bits == 8 {
            for y in 0..self.height {
                budget.check()?;
                each(whole(y), if y == 0 { &zeros } else { whole(y - 1) });
            }
            return Ok(());
        }
        let buffer = || budget.zeroed::<u8>(stride, "a row of a pass");
        let (mut row, mut above, mut indices) = (buffer()?, buffer()?, buffer()?);
        for pass in self.passes() {
            let bytes = pass.bytes(self);
            if bytes == 0 {
                continue;
            }
            above.fill(0);
            for y in (pass.top..self.height).step_by(pass.down) {
                budget.check()?;
                if self.bits == 8 {
                    pass.gather(whole(y), self.channels, &mut row);
                } else {
                    pass.gather(whole(y), 1, &mut indices);
                    pack(&indices[..pass.columns(self)], self.bits, &mut row);
                }
                each(&row[..bytes], &above[..bytes]);
                std::mem::swap(&mut row, &mut above);
            }
        }
        Ok(())
    }
}

/// The pixels of a pass: its first, and the steps to the next ones.
struct Pass {
    left: usize,
    top: usize,
    across: usize,
    down: usize,
}

const WHOLE: [Pass; 1] = [Pass::new(0, 0, 1, 1)];
const PASSES: [Pass; 7] = [
    Pass::new(0, 0, 8, 8),
    Pass::new(4, 0, 8, 8),
    Pass::new(0, 4, 4, 8),
    Pass::new(2, 0, 4, 4),
    Pass::new(0, 2, 2, 4),
    Pass::new(1, 0, 2, 2),
    Pass::new(0, 1, 1, 2),
];

impl Pass {
    const fn new(left: usize, top: usize, across: usize, down: usize) -> Self {
        Pass {
            left,
            top,
            across,
            down,
        }
    }

    fn columns(&self, samples: &Samples<'_>) -> usize {
        samples.width.saturating_sub(self.left).div_ceil(self.across)
    }

    /// Bytes of a row. A pass without columns has no rows and no filter bytes.
    fn bytes(&self, samples: &Samples<'_>) -> usize {
        (self.columns(samples) * samples.channels * usize::from(samples.bits)).div_ceil(8)
    }

    /// Bytes before compression.
    fn len(&self, samples: &Samples<'_>) -> usize {
        let rows = samples.height.saturating_sub(self.top).div_ceil(self.down);
        match self.bytes(samples) {
            0 => 0,
            bytes => rows * (bytes + 1),
        }
    }

    fn gather(&self, row: &[u8], channels: usize, out: &mut [u8]) {
        let pixels = row.chunks_exact(channels).skip(self.left).step_by(self.across);
        for (out, pixel) in out.chunks_exact_mut(channels).zip(pixels) {
            out.copy_from_slice(pixel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::testing::budget;

    #[test]
    fn every_pixel_is_in_one_pass() {
        for (width, height) in (1..10).flat_map(|width| (1..10).map(move |height| (width, height))) {
            let data: Vec<u8> = (0..width * height).map(|i| i as u8).collect();
            let samples = Samples {
                data: &data,
                width,
                height,
                bits: 8,
                channels: 1,
                interlaced: true,
            };
            let mut rows: Vec<u8> = Vec::new();
            let mut count = 0;
            samples
                .rows(&budget(), |row, _| {
                    count += 1;
                    rows.extend(row);
                })
                .unwrap();
            assert_eq!(rows.len() + count, samples.len());
            let mut rest = &rows[..];
            let mut back = vec![None; width * height];
            for pass in PASSES.iter().filter(|pass| pass.bytes(&samples) > 0) {
                for y in (pass.top..height).step_by(pass.down) {
                    let (row, after) = rest.split_at(pass.bytes(&samples));
                    rest = after;
                    for (x, &sample) in (pass.left..width).step_by(pass.across).zip(row) {
                        assert_eq!(back[y * width + x].replace(sample), None);
                    }
                }
            }
            let back: Option<Vec<u8>> = back.into_iter().collect();
            assert_eq!(back.unwrap(), data);
        }
    }
}

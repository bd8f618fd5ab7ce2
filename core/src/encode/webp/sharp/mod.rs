//! Y'CbCr with care for edges between colours.
//!
//! Halved chroma is spread over several pixels again by viewers, so a pixel beside one of another colour gets some of
//! that. Here, luma and chroma are corrected, again and again, by what would be seen of them: each pixel has the
//! brightness that it should have, each block of 2×2 the mean colour. Both are measured in linear light, where a
//! sample stands for its square, which is near enough.
//!
//! Samples are numbers from 0 to 255. Luma has four planes, one for each place in the blocks of 2×2, so that all are
//! as large as chroma's.

mod kernels;
#[cfg(test)]
mod tests;

use fearless_simd::{Level, dispatch};

use self::kernels::LANES;
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// How often luma and chroma are corrected.
const ROUNDS: usize = 4;

/// Rows of chroma that are made at a time.
const ROWS: usize = 32;

/// Rows of chroma above and below that those depend on: each round, and the last one for luma, looks one row further.
const AROUND: usize = ROUNDS + 1;

/// What of the primaries is in luma (BT.601).
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// What a step of `Cb` and `Cr` in studio swing adds to the difference of blue, and of red, from luma.
const BLUE_STEP: f32 = 255.0 / 224.0 * 2.0 * (1.0 - LUMA[2]);
const RED_STEP: f32 = 255.0 / 224.0 * 2.0 * (1.0 - LUMA[0]);

/// Y'CbCr in studio swing, chroma halved, of pixels of `N` bytes that begin with red, green and blue.
pub(super) fn planes<const N: usize>(pixels: &[[u8; N]], width: usize, budget: &Budget) -> Result<[Buffer<u8>; 3]> {
    planes_by(pixels, width, ROWS, Level::new(), budget)
}

fn planes_by<const N: usize>(
    pixels: &[[u8; N]],
    width: usize,
    rows: usize,
    level: Level,
    budget: &Budget,
) -> Result<[Buffer<u8>; 3]> {
    let height = pixels.len() / width;
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let mut luma = budget.zeroed::<u8>(pixels.len(), "Y'CbCr planes")?;
    let mut blue = budget.zeroed::<u8>(across * down, "Y'CbCr planes")?;
    let mut red = budget.zeroed::<u8>(across * down, "Y'CbCr planes")?;
    let most = (rows + 2 * AROUND).min(down);
    let mut stripe = Stripe::new(across, most, budget)?;
    for start in (0..down).step_by(rows) {
        let end = (start + rows).min(down);
        let first = start.saturating_sub(AROUND);
        stripe.count = (end + AROUND).min(down) - first;
        for row in 0..stripe.count {
            budget.check()?;
            let line = |y: usize| &pixels[y.min(height - 1) * width..][..width];
            let y = 2 * (first + row);
            stripe.begin(level, row, [line(y), line(y + 1)]);
        }
        for _ in 0..ROUNDS {
            budget.check()?;
            stripe.round(level, true);
        }
        for row in 0..stripe.count {
            stripe.round_chroma(row);
        }
        budget.check()?;
        stripe.round(level, false);
        for row in start..end {
            let chroma = row * across..(row + 1) * across;
            let [of_blue, of_red] = stripe.samples(row - first);
            for (plane, samples) in [(&mut blue, of_blue), (&mut red, of_red)] {
                for (out, sample) in plane[chroma.clone()].iter_mut().zip(samples) {
                    *out = sample as u8;
                }
            }
            for (half, line) in luma[2 * row * width..].chunks_mut(width).take(2).enumerate() {
                stripe.luma(row - first, half, line);
            }
        }
    }
    Ok([luma, blue, red])
}

/// Some rows of blocks.
struct Stripe {
    across: usize,
    /// What a row of a plane has, with neighbours that aren't in the picture at both ends.
    stride: usize,
    count: usize,
    /// Luma at the four places, and the difference of blue and of red from it.
    luma: [Buffer<f32>; 4],
    chroma: [Buffer<f32>; 2],
    /// What is wanted: brightness at the four places, and the same differences.
    bright: [Buffer<f32>; 4],
    wanted: [Buffer<f32>; 2],
    /// Rows of chroma as they were: that above and that which is being changed.
    before: [[Buffer<f32>; 2]; 2],
}

impl Stripe {
    fn new(across: usize, rows: usize, budget: &Budget) -> Result<Self> {
        let stride = across.next_multiple_of(LANES) + 2 * LANES;
        let plane = |rows: usize| budget.zeroed::<f32>(stride * rows, "chroma of sharp edges");
        let two = |rows| -> Result<_> { Ok([plane(rows)?, plane(rows)?]) };
        let four = |rows| -> Result<_> { Ok([plane(rows)?, plane(rows)?, plane(rows)?, plane(rows)?]) };
        Ok(Stripe {
            across,
            stride,
            count: 0,
            luma: four(rows)?,
            chroma: two(rows)?,
            bright: four(rows)?,
            wanted: two(rows)?,
            before: [two(1)?, two(1)?],
        })
    }

    /// Takes two lines of pixels as a row.
    fn begin<const N: usize>(&mut self, level: Level, row: usize, lines: [&[[u8; N]]; 2]) {
        let at = row * self.stride..(row + 1) * self.stride;
        let bright = self.bright.each_mut().map(|plane| &mut plane[at.clone()]);
        let luma = self.luma.each_mut().map(|plane| &mut plane[at.clone()]);
        let wanted = self.wanted.each_mut().map(|plane| &mut plane[at.clone()]);
        dispatch!(level, simd => kernels::begin(simd, lines, luma, bright, wanted));
        for (chroma, wanted) in self.chroma.iter_mut().zip(&self.wanted) {
            chroma[at.clone()].copy_from_slice(&wanted[at.clone()]);
            pad(&mut chroma[at.clone()], self.across);
        }
    }

    /// Corrects luma, and `chroma` too.
    fn round(&mut self, level: Level, chroma: bool) {
        let stride = self.stride;
        for row in 0..self.count {
            let at = row * stride..(row + 1) * stride;
            self.before.swap(0, 1);
            for (before, plane) in self.before[1].iter_mut().zip(&self.chroma) {
                before.copy_from_slice(&plane[at.clone()]);
            }
            let here = self.before[1].each_ref().map(|row| &row[..]);
            let above = match row {
                0 => here,
                _ => self.before[0].each_ref().map(|row| &row[..]),
            };
            let [first, second] = &mut self.chroma;
            let parts = [first, second].map(|plane| plane[at.start..].split_at_mut(stride));
            let last = row + 1 == self.count;
            let mut below = here;
            let [(one, after_one), (other, after_other)] = parts;
            if !last {
                below = [&after_one[..stride], &after_other[..stride]];
            }
            let luma = self.luma.each_mut().map(|plane| &mut plane[at.clone()]);
            let bright = self.bright.each_ref().map(|plane| &plane[at.clone()]);
            let around = [above, here, below];
            if chroma {
                let wanted = self.wanted.each_ref().map(|plane| &plane[at.clone()]);
                let chroma = [&mut *one, &mut *other];
                dispatch!(level, simd => kernels::correct(simd, around, luma, bright, Some((chroma, wanted))));
                pad(one, self.across);
                pad(other, self.across);
            } else {
                dispatch!(level, simd => kernels::correct(simd, around, luma, bright, None));
            }
        }
    }

    /// Chroma as it will be in the file.
    fn samples(&self, row: usize) -> [impl Iterator<Item = f32>; 2] {
        let at = row * self.stride + LANES;
        [(&self.chroma[0], BLUE_STEP), (&self.chroma[1], RED_STEP)].map(|(plane, step)| {
            let row = &plane[at..at + self.across];
            row.iter()
                .map(move |value| (value / step + 128.5).floor().clamp(0.0, 255.0))
        })
    }

    /// Leaves in chroma what its samples stand for, for luma to make up for it.
    fn round_chroma(&mut self, row: usize) {
        let at = row * self.stride..(row + 1) * self.stride;
        for (plane, step) in self.chroma.iter_mut().zip([BLUE_STEP, RED_STEP]) {
            for value in &mut plane[at.clone()] {
                *value = ((*value / step + 128.5).floor().clamp(0.0, 255.0) - 128.0) * step;
            }
        }
    }

    /// A line of luma as it will be in the file.
    fn luma(&self, row: usize, half: usize, line: &mut [u8]) {
        let at = row * self.stride + LANES;
        let places = [2 * half, 2 * half + 1].map(|place| &self.luma[place][at..at + self.across]);
        for ((pair, first), second) in line.chunks_mut(2).zip(places[0]).zip(places[1]) {
            for (out, luma) in pair.iter_mut().zip([first, second]) {
                *out = (luma * (219.0 / 255.0) + 16.5) as u8;
            }
        }
    }
}

/// Puts the neighbours at both ends of a row that the picture doesn't have.
fn pad(row: &mut [f32], across: usize) {
    row[LANES - 1] = row[LANES];
    row[LANES + across] = row[LANES + across - 1];
}

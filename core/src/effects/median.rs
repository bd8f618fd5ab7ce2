//! The median of a square around each sample, each channel by itself.
//!
//! 3 × 3 is a network of comparisons, many samples at once. Larger squares keep a histogram of each column of the
//! square's height: to the next pixel, the square's histogram gains one column and loses one, so that the cost does not
//! grow with the square (Perreault and Hébert, "Median filtering in constant time", 2007).

use fearless_simd::{Level, dispatch};

use crate::budget::{Budget, Buffer};
use crate::error::Result;
use crate::image::{Image, Plane};
use crate::options::options;

use super::{Context, EffectOptions};

options! {
    /// The median of a square around each pixel.
    ///
    /// ```
    /// use keenpix::effect::Median;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Median::new().with_size(5));
    /// let clean = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!((clean.width, clean.height), (64, 48));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Median {
        /// The square's side, in pixels, 1 to 1000. Default: 3.
        size (with_size): u32 = 3, 1..=1000;
    }
}

impl EffectOptions for Median {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let (size, budget) = (self.size as usize, context.budget);
        if size <= 1 {
            return Ok(image);
        }
        let from = &image.planes[0];
        let mut plane = Plane::new(image.width, image.height, from.channels, budget)?;
        if size == 3 {
            three_by_three(from, &mut plane, budget)?;
        } else {
            for channel in 0..from.channels {
                Columns::new(from, channel, size, budget)?.run(&mut plane, budget)?;
            }
        }
        Ok(Image {
            planes: vec![plane],
            ..image
        })
    }
}

fn three_by_three(from: &Plane, to: &mut Plane, budget: &Budget) -> Result<()> {
    let (stride, channels) = (from.stride(), from.channels);
    // Three rows, each with its edge pixels once more on either side.
    let padded = stride + 2 * channels;
    let mut rows = budget.zeroed::<u8>(3 * padded, "median rows")?;
    let level = Level::new();
    for y in 0..from.height {
        budget.check()?;
        for (i, padded) in rows.chunks_exact_mut(padded).enumerate() {
            let row = from.row((y + i as u32).saturating_sub(1).min(from.height - 1));
            padded[channels..channels + stride].copy_from_slice(row);
            padded[..channels].copy_from_slice(&row[..channels]);
            padded[channels + stride..].copy_from_slice(&row[stride - channels..]);
        }
        let nine: [&[u8]; 9] = std::array::from_fn(|i| &rows[i / 3 * padded + i % 3 * channels..][..stride]);
        dispatch!(level, _simd => of_nine(&nine, to.row_mut(y)));
    }
    Ok(())
}

#[inline(always)]
fn of_nine(nine: &[&[u8]; 9], out: &mut [u8]) {
    const LANES: usize = 64;
    let len = out.len();
    let mut start = 0;
    while start < len {
        let count = LANES.min(len - start);
        let mut samples = [[0u8; LANES]; 9];
        for (samples, row) in samples.iter_mut().zip(nine) {
            samples[..count].copy_from_slice(&row[start..start + count]);
        }
        let [a, b, c, d, e, f, g, h, i] = &samples;
        let mut medians = [0; LANES];
        for (n, median) in medians.iter_mut().enumerate() {
            *median = median_of_nine([a[n], b[n], c[n], d[n], e[n], f[n], g[n], h[n], i[n]]);
        }
        out[start..start + count].copy_from_slice(&medians[..count]);
        start += count;
    }
}

/// Paeth's: sort the columns; the median of the highest lows, the middle middles and the lowest highs is the median.
#[inline(always)]
fn median_of_nine([a, b, c, d, e, f, g, h, i]: [u8; 9]) -> u8 {
    let sort = |a: u8, b: u8, c: u8| {
        let (low, high) = (a.min(b), a.max(b));
        (low.min(c), low.max(high.min(c)), high.max(c))
    };
    let (first, second, third) = (sort(a, d, g), sort(b, e, h), sort(c, f, i));
    let low = first.0.max(second.0).max(third.0);
    let (_, middle, _) = sort(first.1, second.1, third.1);
    let high = first.2.min(second.2).min(third.2);
    sort(low, middle, high).1
}

/// Histograms of one channel: one for each column, of as many rows as the square has.
struct Columns<'a> {
    from: &'a Plane,
    channel: usize,
    size: usize,
    /// Fine counts of column `x` from `256 x` on.
    fine: Buffer<u16>,
    /// The same by their upper four bits, from `16 x` on.
    coarse: Buffer<u16>,
}

impl<'a> Columns<'a> {
    fn new(from: &'a Plane, channel: usize, size: usize, budget: &Budget) -> Result<Self> {
        let width = from.width as usize;
        Ok(Columns {
            from,
            channel,
            size,
            fine: budget.zeroed(width * 256, "median histograms")?,
            coarse: budget.zeroed(width * 16, "median histograms")?,
        })
    }

    fn run(mut self, to: &mut Plane, budget: &Budget) -> Result<()> {
        let before = (self.size / 2) as i64;
        let after = self.size as i64 - 1 - before;
        let level = Level::new();
        for y in -before..=after {
            budget.check()?;
            self.count(y, 1);
        }
        for y in 0..self.from.height {
            budget.check()?;
            dispatch!(level, _simd => self.slide(to.row_mut(y)));
            self.count(i64::from(y) - before, 1u16.wrapping_neg());
            self.count(i64::from(y) + 1 + after, 1);
        }
        Ok(())
    }

    /// Counts a row, or the nearest one there is; `by` is 1, or -1 to forget it.
    fn count(&mut self, y: i64, by: u16) {
        let row = self.from.row(y.clamp(0, i64::from(self.from.height) - 1) as u32);
        let samples = row.iter().skip(self.channel).step_by(self.from.channels);
        let columns = self
            .fine
            .as_chunks_mut::<256>()
            .0
            .iter_mut()
            .zip(self.coarse.as_chunks_mut::<16>().0);
        for (&sample, (fine, coarse)) in samples.zip(columns) {
            let fine = &mut fine[usize::from(sample)];
            *fine = fine.wrapping_add(by);
            let coarse = &mut coarse[usize::from(sample >> 4)];
            *coarse = coarse.wrapping_add(by);
        }
    }

    /// One output row.
    #[inline(always)]
    fn slide(&self, out: &mut [u8]) {
        let fine = self.fine.as_chunks::<256>().0;
        let coarse = self.coarse.as_chunks::<16>().0;
        let last = fine.len() - 1;
        let before = self.size / 2;
        let nearest = |x: usize| x.saturating_sub(before).min(last); // `x` counts from `before` left of the edge
        let rank = (self.size * self.size / 2) as u32;
        let mut square = Square::default();
        (0..self.size).for_each(|x| square.add(&coarse[nearest(x)]));
        for (x, out) in out
            .iter_mut()
            .skip(self.channel)
            .step_by(self.from.channels)
            .enumerate()
        {
            *out = square.median(rank, x, self.size, |x| &fine[nearest(x)]);
            square.add(&coarse[nearest(x + self.size)]);
            square.subtract(&coarse[nearest(x)]);
        }
    }
}

/// The histogram of a square. Its fine counts are brought up to date only for the sixteenth that the median is in.
#[derive(Default)]
struct Square {
    coarse: [u32; 16],
    fine: [[u32; 16]; 16],
    /// The position that each sixteenth of the fine counts is for; none yet.
    position: [Option<usize>; 16],
}

impl Square {
    #[inline(always)]
    fn add(&mut self, column: &[u16; 16]) {
        add(&mut self.coarse, column);
    }

    #[inline(always)]
    fn subtract(&mut self, column: &[u16; 16]) {
        subtract(&mut self.coarse, column);
    }

    /// The sample with `rank` others below it, for the square whose first column is `x`.
    #[inline(always)]
    fn median<'a>(&mut self, rank: u32, x: usize, size: usize, column: impl Fn(usize) -> &'a [u16; 256]) -> u8 {
        let (part, below) = reach(&self.coarse, rank, 0);
        let sixteenth = |x: usize| &column(x).as_chunks::<16>().0[part];
        let fine = &mut self.fine[part];
        match self.position[part] {
            // Fewer columns have come and gone than are in the square.
            Some(old) if 2 * (x - old) < size => {
                for x in old..x {
                    add(fine, sixteenth(x + size));
                    subtract(fine, sixteenth(x));
                }
            }
            _ => {
                *fine = [0; 16];
                (x..x + size).for_each(|x| add(fine, sixteenth(x)));
            }
        }
        self.position[part] = Some(x);
        let (low, _) = reach(fine, rank, below);
        (part * 16 + low) as u8
    }
}

/// The first count with which the sum passes `rank`, and the sum before it.
#[inline(always)]
fn reach(counts: &[u32; 16], rank: u32, below: u32) -> (usize, u32) {
    let mut sum = below;
    for (i, &count) in counts.iter().enumerate() {
        if sum + count > rank {
            return (i, sum);
        }
        sum += count;
    }
    (15, sum)
}

#[inline(always)]
fn add(sums: &mut [u32; 16], counts: &[u16; 16]) {
    for (sum, &count) in sums.iter_mut().zip(counts) {
        *sum += u32::from(count);
    }
}

#[inline(always)]
fn subtract(sums: &mut [u32; 16], counts: &[u16; 16]) {
    for (sum, &count) in sums.iter_mut().zip(counts) {
        *sum = sum.wrapping_sub(u32::from(count));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LAYOUTS, applied, nearest, noise};
    use super::*;

    #[test]
    fn as_the_slow_way() {
        for layout in LAYOUTS {
            for (width, height) in [(1, 1), (5, 4), (70, 9)] {
                for size in [1, 2, 3, 4, 5, 8, 11, 30] {
                    let source = noise(layout, width, height, size);
                    let fast = applied(noise(layout, width, height, size), &Median::new().with_size(size));
                    let side = i64::from(size);
                    for y in 0..i64::from(height) {
                        for x in 0..i64::from(width) {
                            for c in 0..layout.channels() {
                                let mut square: Vec<u8> = (0..side * side)
                                    .map(|i| nearest(&source, x - side / 2 + i % side, y - side / 2 + i / side, c))
                                    .collect();
                                square.sort_unstable();
                                assert_eq!(nearest(&fast, x, y, c), square[square.len() / 2], "{layout:?} {size}");
                            }
                        }
                    }
                }
            }
        }
    }
}

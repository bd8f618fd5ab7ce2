//! The `entropy` position: cuts plain strips off the sides until only the window's size is left.

use super::{Found, samples::Samples};
use crate::budget::Budget;
use crate::error::Result;

/// The direction with the most to cut is cut in this many steps, as in libvips: finer steps follow
/// small details, coarser ones place the window less precisely.
const STEPS: u32 = 8;

/// In each round, the strips at the two ends of a direction are compared, and the one whose values are more
/// predictable is cut off.
pub(super) fn find(samples: &Samples, width: u32, height: u32, budget: &Budget) -> Result<Found> {
    let (full_width, full_height) = samples.size();
    let mut across = Extent {
        start: 0,
        len: full_width,
    };
    let mut down = Extent {
        start: 0,
        len: full_height,
    };
    let strip = (across.len - width).max(down.len - height).div_ceil(STEPS);
    let mut histogram = Histogram::new(samples.bands(), full_width, budget)?;

    while across.len > width || down.len > height {
        let strip_width = strip.min(across.len - width);
        if strip_width > 0 {
            let (first, last) = across.ends(strip_width);
            let keep_last =
                histogram.entropy(samples, first, down, budget)? < histogram.entropy(samples, last, down, budget)?;
            across = across.without(strip_width, keep_last);
        }
        let strip_height = strip.min(down.len - height);
        if strip_height > 0 {
            let (first, last) = down.ends(strip_height);
            let keep_last = histogram.entropy(samples, across, first, budget)?
                < histogram.entropy(samples, across, last, budget)?;
            down = down.without(strip_height, keep_last);
        }
    }
    Ok(Found {
        left: across.start,
        top: down.start,
        focus: None,
    })
}

/// A range of columns or rows.
#[derive(Clone, Copy)]
struct Extent {
    start: u32,
    len: u32,
}

impl Extent {
    /// The strips of `len` at both ends.
    fn ends(self, len: u32) -> (Extent, Extent) {
        let last = self.start + self.len - len;
        (Extent { start: self.start, len }, Extent { start: last, len })
    }

    /// The remainder without a strip of `len` at the start, or at the end.
    fn without(self, len: u32, at_start: bool) -> Extent {
        Extent {
            start: if at_start { self.start + len } else { self.start },
            len: self.len - len,
        }
    }
}

/// How often each value occurs in each band.
struct Histogram {
    bands: usize,
    row: crate::budget::Buffer<u8>,
    counts: Vec<[u64; 256]>,
}

impl Histogram {
    fn new(bands: usize, width: u32, budget: &Budget) -> Result<Self> {
        Ok(Histogram {
            bands,
            row: budget.zeroed(width as usize * bands, "a row of the crop search")?,
            counts: vec![[0; 256]; bands],
        })
    }

    /// Shannon's entropy over the values of all bands together, in bits.
    fn entropy(&mut self, samples: &Samples, across: Extent, down: Extent, budget: &Budget) -> Result<f64> {
        self.counts.fill([0; 256]);
        let row = &mut self.row[..across.len as usize * self.bands];
        for y in down.start..down.start + down.len {
            budget.check()?;
            samples.read(y, across.start, row);
            for pixel in row.chunks_exact(self.bands) {
                for (counts, &value) in self.counts.iter_mut().zip(pixel) {
                    counts[usize::from(value)] += 1;
                }
            }
        }
        let total = (u64::from(across.len) * u64::from(down.len)) as f64 * self.bands as f64;
        let bits = |&count: &u64| {
            let share = count as f64 / total;
            if count == 0 { 0.0 } else { -share * share.log2() }
        };
        Ok(self.counts.iter().flatten().map(bits).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Image, Layout, Plane};
    use crate::limits::Limits;

    #[test]
    fn measures_bits() {
        let budget = Budget::new(&Limits::default());
        let mut plane = Plane::new(16, 2, 1, &budget).unwrap();
        for (index, value) in plane.row_mut(1).iter_mut().enumerate() {
            *value = index as u8;
        }
        let image = Image {
            width: 16,
            height: 2,
            layout: Layout::Grey,
            planes: vec![plane],
        };
        let samples = Samples::new(&image);
        let mut histogram = Histogram::new(1, 16, &budget).unwrap();
        let mut entropy = |x, width, y, height| {
            let (across, down) = (Extent { start: x, len: width }, Extent { start: y, len: height });
            histogram.entropy(&samples, across, down, &budget).unwrap()
        };
        assert_eq!(entropy(0, 16, 0, 1), 0.0);
        assert_eq!(entropy(0, 16, 1, 1), 4.0);
        assert_eq!(entropy(8, 4, 1, 1), 2.0);
    }
}

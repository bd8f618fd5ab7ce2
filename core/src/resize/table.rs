//! The source samples that make up an output sample, and their weights in fixed point.

use super::Kernel;
use crate::budget::{Budget, Buffer};
use crate::error::Result;

use super::filter::{support, weigh};

/// Fraction bits of a weight. A weight can reach 1.0, and a little more next to an edge, so 14 is the most that 16
/// bits allow.
pub(super) const WEIGHT_BITS: u32 = 14;

const ONE: i32 = 1 << WEIGHT_BITS;

/// One direction of a resample: output samples along an axis, each a window of source samples.
#[derive(Debug)]
pub(super) struct Table {
    /// Number of output samples.
    pub(super) len: usize,
    /// Whether every output sample is one source sample, unchanged: the weights don't matter then.
    pub(super) pick: bool,
    /// The longest window, in samples.
    pub(super) longest: usize,
    /// Weights from one window to the next; shorter windows are padded with zeros.
    stride: usize,
    starts: Buffer<u32>,
    ends: Buffer<u32>,
    weights: Buffer<i16>,
}

impl Table {
    /// `source` samples along the axis, of which `crop` (start, length) becomes `len` output samples.
    pub(super) fn new(kernel: Kernel, source: usize, crop: (f64, f64), len: usize, budget: &Budget) -> Result<Self> {
        let scale = crop.1 / len as f64;
        // Averaging over an area needs exactly the area; the other kernels are stretched only when reducing.
        let stretch = if kernel == Kernel::Box { scale } else { scale.max(1.0) };
        let radius = support(kernel) * stretch;
        let longest = (2.0 * radius + 2.0).min(source as f64) as usize;
        let stride = longest;
        let mut table = Table {
            len,
            pick: true,
            longest: 1,
            stride,
            starts: budget.zeroed(len, "resize table")?,
            ends: budget.zeroed(len, "resize table")?,
            weights: budget.zeroed(if kernel == Kernel::Nearest { 0 } else { len * stride }, "resize table")?,
        };
        let mut exact = budget.zeroed::<f64>(longest, "resize table")?;
        for i in 0..len {
            // There are no samples beyond the edge, so a centre must not be there.
            let centre = (crop.0 + (i as f64 + 0.5) * scale).clamp(0.0, source as f64);
            let nearest = (centre as usize).min(source - 1);
            if kernel == Kernel::Nearest {
                table.starts[i] = nearest as u32;
                table.ends[i] = nearest as u32 + 1;
                continue;
            }
            let (start, end) = window(kernel, centre, radius, source);
            // Rounding may lose a window that is barely wider than one sample, or make one longer.
            let (start, end) = if start < end {
                (start, end.min(start + longest))
            } else {
                (nearest, nearest + 1)
            };
            let exact = &mut exact[..end - start];
            weigh(kernel, (start as f64 + 0.5 - centre) / stretch, 1.0 / stretch, exact);
            let weights = &mut table.weights[i * stride..][..end - start];
            let single = quantise(exact, nearest - start, weights);
            table.pick &= single;
            table.starts[i] = start as u32;
            table.ends[i] = end as u32;
            table.longest = table.longest.max(end - start);
        }
        if table.pick && kernel != Kernel::Nearest {
            for i in 0..len {
                let weights = &table.weights[i * stride..][..stride];
                let at = weights.iter().position(|&w| w != 0).unwrap_or(0) as u32;
                table.starts[i] += at;
                table.ends[i] = table.starts[i] + 1;
            }
        }
        Ok(table)
    }

    /// The source samples of output sample `i`: neither start nor end ever decreases as `i` grows.
    pub(super) fn window(&self, i: usize) -> std::ops::Range<usize> {
        self.starts[i] as usize..self.ends[i] as usize
    }

    pub(super) fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// The weight of source sample `at` in output sample `i`; 0 outside the window.
    pub(super) fn weight(&self, i: usize, at: usize) -> i16 {
        let window = self.window(i);
        if window.contains(&at) {
            self.weights[i * self.stride + at - window.start]
        } else {
            0
        }
    }

    /// The weights of samples `2 * pair` and `2 * pair + 1` in output sample `i`, the even one's in the lower half.
    pub(super) fn pair(&self, i: usize, pair: usize) -> i32 {
        let [even, odd] = [0, 1].map(|odd| self.weight(i, 2 * pair + odd));
        i32::from(odd) << 16 | i32::from(even as u16)
    }

    /// Just the windows.
    pub(super) fn without_weights(mut self, budget: &Budget) -> Result<Self> {
        self.weights = budget.zeroed(0, "resize table")?;
        Ok(self)
    }

    /// The source samples that any output sample needs.
    pub(super) fn reach(&self) -> std::ops::Range<usize> {
        self.window(0).start..self.window(self.len - 1).end
    }

    /// Counts the source samples from `origin` on.
    pub(super) fn rebase(&mut self, origin: usize) {
        for i in 0..self.len {
            self.starts[i] -= origin as u32;
            self.ends[i] -= origin as u32;
        }
    }
}

/// The samples that lie within `radius` of the centre: by their own centres, or by any part of them for an area.
fn window(kernel: Kernel, centre: f64, radius: f64, source: usize) -> (usize, usize) {
    let (start, end) = if kernel == Kernel::Box {
        ((centre - radius).floor(), (centre + radius).ceil())
    } else {
        ((centre - radius - 0.5).ceil(), (centre + radius - 0.5).floor() + 1.0)
    };
    (start.max(0.0) as usize, (end as usize).min(source))
}

/// Normalises and rounds the weights so that they add up to exactly one. Returns whether a single one is nonzero.
///
/// The running sum is rounded, not each weight: a window of a thousand samples, each weighing a few units, is then
/// right on average over any part of it.
fn quantise(exact: &[f64], nearest: usize, weights: &mut [i16]) -> bool {
    let sum: f64 = exact.iter().sum();
    if sum.abs() < 1e-6 {
        weights.fill(0);
        weights[nearest.min(weights.len() - 1)] = ONE as i16;
        return true;
    }
    let factor = f64::from(ONE) / sum;
    let (mut running, mut given, mut single) = (0.0, 0, false);
    // Truncation rounds towards zero, and a running sum may be negative: shift it up first.
    const UP: i32 = 8 * ONE;
    for (w, &e) in weights.iter_mut().zip(exact) {
        running += e * factor;
        let next = (running + (f64::from(UP) + 0.5)) as i32 - UP;
        *w = (next - given) as i16;
        single |= next - given == ONE;
        given = next;
    }
    single && weights.iter().filter(|&&w| w != 0).count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn windows_sum_to_one_and_move_forward() {
        let budget = Budget::new(&Limits::default());
        for kernel in [
            Kernel::Box,
            Kernel::Linear,
            Kernel::Cubic,
            Kernel::Mitchell,
            Kernel::Lanczos2,
            Kernel::Lanczos3,
        ] {
            for (source, crop, len) in [
                (100, (0.0, 100.0), 37),
                (100, (0.0, 100.0), 1),
                (1, (0.0, 1.0), 100),
                (1000, (0.3, 999.1), 5),
                (50, (-10.0, 70.0), 33),
                (50, (60.0, 7.0), 33),
                (50, (3.7, 0.01), 9),
                (65_535, (0.0, 65_535.0), 2),
            ] {
                let table = Table::new(kernel, source, crop, len, &budget).unwrap();
                let mut last = 0..0;
                for i in 0..len {
                    let window = table.window(i);
                    assert!(!window.is_empty() && window.end <= source);
                    assert!(
                        window.start >= last.start && window.end >= last.end,
                        "{kernel:?} {window:?}"
                    );
                    let weights = &table.weights[i * table.stride..][..table.stride];
                    assert_eq!(
                        weights.iter().map(|&w| i32::from(w)).sum::<i32>(),
                        ONE,
                        "{kernel:?} {window:?}"
                    );
                    assert!(weights[window.len()..].iter().all(|&w| w == 0) || table.pick);
                    // The passes' 16-bit samples rely on this.
                    let above: i32 = weights.iter().map(|&w| i32::from(w.max(0))).sum();
                    assert!(above < ONE * 3 / 2, "{kernel:?} {above}");
                    last = window;
                }
            }
        }
    }

    #[test]
    fn an_integer_shift_is_a_pick() {
        let budget = Budget::new(&Limits::default());
        for kernel in [
            Kernel::Nearest,
            Kernel::Box,
            Kernel::Linear,
            Kernel::Cubic,
            Kernel::Lanczos2,
            Kernel::Lanczos3,
        ] {
            let table = Table::new(kernel, 100, (13.0, 50.0), 50, &budget).unwrap();
            assert!(table.pick, "{kernel:?}");
            assert!((0..50).all(|i| table.window(i) == (i + 13..i + 14)), "{kernel:?}");
        }
        assert!(
            !Table::new(Kernel::Mitchell, 100, (13.0, 50.0), 50, &budget)
                .unwrap()
                .pick
        );
    }
}

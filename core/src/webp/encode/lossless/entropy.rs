//! Estimates of bits.

use fearless_simd::{Level, Simd, dispatch};

/// log₂ n, within a ten-thousandth, some finite number for 0.
#[inline(always)]
pub(super) fn log2(n: u32) -> f32 {
    let bits = (n as f32).to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let m = f32::from_bits(bits & 0x007f_ffff | 0x3f80_0000);
    // Exact at 1 and at 2, so that powers of two are.
    let inner = 0.907_403_75 + m * (-0.705_266_3 + m * (0.285_155_06 - m * 0.044_873_955));
    let log = (m - 1.0) * (1.0 + (2.0 - m) * inner);
    log + exponent as f32
}

/// n log₂ n.
#[inline(always)]
pub(super) fn times_log2(n: u32) -> f32 {
    n as f32 * log2(n)
}

/// How often symbols occur, put together.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    /// All of n log₂ n.
    inner: f32,
    sum: u32,
    most: u32,
    used: u32,
}

impl Sums {
    #[inline(always)]
    fn of(counts: &[u32]) -> Self {
        dispatch!(Level::new(), simd => sums_with(simd, counts))
    }

    fn entropy(self) -> f32 {
        times_log2(self.sum) - self.inner
    }
}

const LANES: usize = 16;

#[inline(always)]
fn sums_with<S: Simd>(simd: S, counts: &[u32]) -> Sums {
    simd.vectorize(
        #[inline(always)]
        || {
            let (mut inner, mut sum, mut most, mut used) = ([0f32; LANES], [0; LANES], [0; LANES], [0; LANES]);
            let mut add = |counts: &[u32; LANES]| {
                for i in 0..LANES {
                    inner[i] += times_log2(counts[i]);
                    sum[i] += counts[i];
                    most[i] = counts[i].max(most[i]);
                    used[i] += u32::from(counts[i] > 0);
                }
            };
            let (lanes, rest) = counts.as_chunks::<LANES>();
            lanes.iter().for_each(&mut add);
            if !rest.is_empty() {
                let mut last = [0; LANES];
                last[..rest.len()].copy_from_slice(rest);
                add(&last);
            }
            Sums {
                inner: inner.iter().sum(),
                sum: sum.iter().sum(),
                most: most.iter().copied().max().unwrap_or(0),
                used: used.iter().sum(),
            }
        },
    )
}

/// Bits of symbols with ideal codes.
pub(in crate::webp::encode) fn bits(counts: &[u32]) -> f32 {
    Sums::of(counts).entropy()
}

/// Bits of symbols with codes of their own: no code has less than a bit, and the codes have to be told.
pub(super) fn with_header(counts: &[u32]) -> f32 {
    let sums = Sums::of(counts);
    if sums.used < 3 {
        return if sums.used == 2 { sums.sum as f32 + 17.0 } else { 8.0 };
    }
    let pairs = counts.iter().zip(&counts[1..]);
    let changes: u32 = pairs.map(|(&a, &b)| u32::from((a > 0) != (b > 0))).sum();
    let entropy = sums.entropy();
    // The most frequent symbol takes a bit, whatever its share is.
    let least = 2.0 * sums.sum as f32 - sums.most as f32;
    entropy.max(least * 0.95 + entropy * 0.05) + 45.0 + 3.2 * sums.used as f32 + 2.0 * changes as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_near() {
        for n in (1..5000).chain([100_000, 1 << 30, u32::MAX]) {
            assert!((log2(n) - (n as f32).log2()).abs() < 1e-4, "{n}: {}", log2(n));
        }
        assert!(times_log2(0) == 0.0);
        assert!((bits(&[1, 1, 2, 0, 4]) - 14.0).abs() < 0.1);
    }
}

//! Upsamples chroma to the size of luma: a triangle filter for a ratio of two, as in libjpeg, else repetition.

use fearless_simd::{Level, Simd, dispatch};

/// How a component's rows are upsampled to the size of the image.
#[derive(Debug)]
pub(super) struct Upsampler {
    horizontal: Horizontal,
    blends_rows: bool,
    level: Level,
    /// Sums of two rows, before horizontal upsampling.
    sums: Vec<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Horizontal {
    Same,
    /// Twice as many, each ¾ of the nearer one and ¼ of the other.
    Triangle,
    /// `finest` for `own` samples.
    Repeat {
        finest: usize,
        own: usize,
    },
}

impl Upsampler {
    /// Ratios are (finest, own): samples of the finest component for samples of this one. `width` is the component's.
    pub(super) fn new(ratio_x: (usize, usize), ratio_y: (usize, usize), width: usize) -> Self {
        let horizontal = match ratio_x {
            (finest, own) if finest == own => Horizontal::Same,
            (finest, own) if finest == 2 * own && width > 2 && ratio_y.0 <= 2 * ratio_y.1 => Horizontal::Triangle,
            (finest, own) => Horizontal::Repeat { finest, own },
        };
        let blends_rows = ratio_y.0 == 2 * ratio_y.1 && !matches!(horizontal, Horizontal::Repeat { .. });
        let sums = if blends_rows && horizontal == Horizontal::Triangle {
            width
        } else {
            0
        };
        Upsampler {
            horizontal,
            blends_rows,
            level: Level::new(),
            sums: vec![0; sums],
        }
    }

    /// Whether a row also depends on a neighbouring component row.
    pub(super) fn blends_rows(&self) -> bool {
        self.blends_rows
    }

    /// Whether the component's rows are used unchanged; `row` does nothing then.
    pub(super) fn is_needless(&self) -> bool {
        self.horizontal == Horizontal::Same && !self.blends_rows
    }

    /// The size of buffer that `row` needs for an image of `whole` samples across.
    pub(super) fn row_len(&self, own: usize, whole: usize) -> usize {
        match self.horizontal {
            Horizontal::Triangle => whole.max(2 * own),
            _ => whole,
        }
    }

    /// Makes row number `y` of the image from the component's row there and its neighbour.
    pub(super) fn row<'r>(&mut self, near: &[u8], far: impl FnOnce() -> &'r [u8], y: usize, out: &mut [u8]) {
        let level = self.level;
        match (self.horizontal, self.blends_rows) {
            (Horizontal::Same, false) => {}
            (Horizontal::Same, true) => {
                let bias = 1 + (y % 2) as u16;
                dispatch!(level, simd => blend(simd, near, far(), bias, out));
            }
            (Horizontal::Triangle, false) => dispatch!(level, simd => spread(simd, near, out)),
            (Horizontal::Triangle, true) => {
                let sums = &mut self.sums;
                dispatch!(level, simd => spread_blended(simd, near, far(), sums, out));
            }
            (Horizontal::Repeat { finest, own }, _) => {
                for (x, sample) in out.iter_mut().enumerate() {
                    *sample = near[(x * own / finest).min(near.len() - 1)];
                }
            }
        }
    }
}

/// ¾ of a row and ¼ of another. Rounding alternates between down and up, so that errors do not accumulate.
#[inline(always)]
fn blend<S: Simd>(_: S, near: &[u8], far: &[u8], bias: u16, out: &mut [u8]) {
    for ((out, &near), &far) in out.iter_mut().zip(near).zip(far) {
        *out = ((3 * u16::from(near) + u16::from(far) + bias) >> 2) as u8;
    }
}

/// A row of twice the width.
#[inline(always)]
fn spread<S: Simd>(_: S, row: &[u8], out: &mut [u8]) {
    let last = row.len() - 1;
    let pairs = out.as_chunks_mut::<2>().0;
    let inner = row.windows(3).zip(&mut pairs[1..last]);
    for (three, pair) in inner {
        let &[left, here, right] = three else { continue };
        let here = 3 * u16::from(here);
        *pair = [
            ((here + u16::from(left) + 1) >> 2) as u8,
            ((here + u16::from(right) + 2) >> 2) as u8,
        ];
    }
    let side = |here: u8, inside: u8, bias: u16| ((3 * u16::from(here) + u16::from(inside) + bias) >> 2) as u8;
    pairs[0] = [row[0], side(row[0], row[1], 2)];
    pairs[last] = [side(row[last], row[last - 1], 1), row[last]];
}

/// A row of twice the width, from two rows.
#[inline(always)]
fn spread_blended<S: Simd>(_: S, near: &[u8], far: &[u8], sums: &mut [u16], out: &mut [u8]) {
    for ((sum, &near), &far) in sums.iter_mut().zip(near).zip(far) {
        *sum = 3 * u16::from(near) + u16::from(far);
    }
    let last = sums.len() - 1;
    let pairs = out.as_chunks_mut::<2>().0;
    for (three, pair) in sums.windows(3).zip(&mut pairs[1..last]) {
        let &[left, here, right] = three else { continue };
        *pair = [((3 * here + left + 8) >> 4) as u8, ((3 * here + right + 7) >> 4) as u8];
    }
    pairs[0] = [((4 * sums[0] + 8) >> 4) as u8, ((3 * sums[0] + sums[1] + 7) >> 4) as u8];
    pairs[last] = [
        ((3 * sums[last] + sums[last - 1] + 8) >> 4) as u8,
        ((4 * sums[last] + 7) >> 4) as u8,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upsample(mut upsampler: Upsampler, near: &[u8], far: &[u8], y: usize, width: usize) -> Vec<u8> {
        let mut out = vec![0; upsampler.row_len(near.len(), width)];
        upsampler.row(near, || far, y, &mut out);
        out.truncate(width);
        out
    }

    fn ramp(len: usize, factor: usize) -> Vec<u8> {
        (0..len).map(|i| (i * factor % 251) as u8).collect()
    }

    #[test]
    fn triangle_across() {
        for own in 3..70 {
            let row = ramp(own, 77);
            let out = upsample(Upsampler::new((2, 1), (1, 1), own), &row, &[], 0, 2 * own);
            for (x, &sample) in out.iter().enumerate() {
                let here = i32::from(row[x / 2]);
                let beside = if x % 2 == 0 {
                    row[(x / 2).saturating_sub(1)]
                } else {
                    row[(x / 2 + 1).min(own - 1)]
                };
                let expected = (3 * here + i32::from(beside) + 1 + x as i32 % 2) >> 2;
                assert_eq!(i32::from(sample), expected);
            }
        }
    }

    #[test]
    fn triangle_both_ways() {
        for own in 3..70 {
            let (near, far) = (ramp(own, 77), ramp(own, 113));
            let out = upsample(Upsampler::new((2, 1), (2, 1), own), &near, &far, 1, 2 * own);
            let sum = |x: usize| 3 * i32::from(near[x]) + i32::from(far[x]);
            for (x, &sample) in out.iter().enumerate() {
                let beside = if x % 2 == 0 {
                    (x / 2).saturating_sub(1)
                } else {
                    (x / 2 + 1).min(own - 1)
                };
                let expected = (3 * sum(x / 2) + sum(beside) + 8 - x as i32 % 2) >> 4;
                assert_eq!(i32::from(sample), expected);
            }
        }
    }

    #[test]
    fn triangle_down() {
        let (near, far) = (ramp(40, 77), ramp(40, 113));
        for y in 0..2 {
            let out = upsample(Upsampler::new((1, 1), (2, 1), 40), &near, &far, y, 40);
            let expected = |x: usize| (3 * u16::from(near[x]) + u16::from(far[x]) + 1 + y as u16) >> 2;
            assert!(
                out.iter()
                    .enumerate()
                    .all(|(x, &sample)| u16::from(sample) == expected(x))
            );
        }
    }

    #[test]
    fn odd_ratios_repeat() {
        let out = upsample(Upsampler::new((3, 2), (1, 1), 4), &[1, 2, 3, 4], &[], 0, 6);
        assert_eq!(out, [1, 1, 2, 3, 3, 4]);
        let out = upsample(Upsampler::new((4, 1), (2, 1), 2), &[1, 2], &[9, 9], 0, 7);
        assert_eq!(out, [1, 1, 1, 1, 2, 2, 2]);
        let out = upsample(Upsampler::new((2, 1), (1, 1), 2), &[1, 2], &[], 0, 3);
        assert_eq!(out, [1, 1, 2]);
    }
}

//! How hard macroblocks are to compress, and their segments: where there is much going on, errors are seen less, and
//! steps may be larger.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch};

use super::chroma;
use super::lanes::{self, Block};
use super::source::Planes;
use super::whole::{Around, spread, subtract};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// What is known about a picture before it is encoded.
#[derive(Debug)]
pub(super) struct Analysis {
    /// The segment of each macroblock.
    pub(super) segments: Buffer<u8>,
    /// For each segment that is there: how much more than others it can take, −127 to 127, and how calm it is, 0 to
    /// 255.
    pub(super) centres: Vec<(i32, i32)>,
    /// How much chroma can take; 64 is usual.
    pub(super) chroma: i32,
}

/// Looks at the whole picture.
pub(super) fn analyse(planes: &Planes<'_>, segments: usize, budget: &Budget) -> Result<Analysis> {
    let (columns, rows) = (planes.columns(), planes.rows());
    let mut map = budget.zeroed::<u8>(columns * rows, "WebP segments")?;
    let mut counts = [0u32; 256];
    let mut sum = 0u64;
    let level = Level::new();
    for (row, map) in map.chunks_exact_mut(columns).enumerate() {
        budget.check()?;
        sum += dispatch!(level, simd => of_row(simd, planes, row, map));
        map.iter().for_each(|&ease| counts[usize::from(ease)] += 1);
    }
    let (segment_of, centres) = cluster(&counts, segments);
    map.iter_mut().for_each(|ease| *ease = segment_of[usize::from(*ease)]);
    Ok(Analysis {
        segments: map,
        centres,
        chroma: (sum / (columns * rows) as u64) as i32,
    })
}

/// How easy the macroblocks of a row are, 0 to 255; returns the sum of that of chroma alone.
#[inline(always)]
fn of_row<S: Simd>(simd: S, planes: &Planes<'_>, row: usize, out: &mut [u8]) -> u64 {
    simd.vectorize(
        #[inline(always)]
        || {
            let mut sum = 0;
            for (column, out) in out.iter_mut().enumerate() {
                let luma = luma(simd, planes, row, column);
                let chroma = chroma(simd, planes, row, column);
                sum += chroma as u64;
                let mixed = (3 * luma + chroma + 2) >> 2;
                *out = (255 - mixed).clamp(0, 255) as u8;
            }
            sum
        },
    )
}

/// The pixels around a macroblock in the picture itself.
fn around<const N: usize>(plane: &[u8], (width, height): (usize, usize), row: usize, column: usize) -> Around<N> {
    let inside = (row > 0, column > 0);
    let mut above = [127; N];
    if inside.0 {
        let line = &plane[(row * N - 1) * width..][column * N..width];
        let count = line.len().min(N);
        above[..count].copy_from_slice(&line[..count]);
        above[count..].fill(line[count - 1]);
    }
    let mut left = [129; N];
    if inside.1 {
        left = std::array::from_fn(|y| plane[(row * N + y).min(height - 1) * width + column * N - 1]);
    }
    let corner = match inside {
        (true, true) => plane[(row * N - 1) * width + column * N - 1],
        (true, false) => 129,
        (false, _) => 127,
    };
    Around {
        above,
        left,
        corner,
        inside,
    }
}

#[inline(always)]
fn luma<S: Simd>(simd: S, planes: &Planes<'_>, row: usize, column: usize) -> i32 {
    let source = lanes::split(simd, &planes.luma(row, column));
    let around = around::<16>(planes.luma, (planes.width, planes.height), row, column);
    let mut most = 0;
    for mode in 0..2 {
        let (columns, rows) = around.predict(mode);
        let mut block = subtract(simd, &source, &spread(simd, &columns, &rows));
        lanes::forward(simd, &mut block);
        most = most.max(activity(simd, &block, 0..16));
    }
    most
}

#[inline(always)]
fn chroma<S: Simd>(simd: S, planes: &Planes<'_>, row: usize, column: usize) -> i32 {
    let source = chroma::split(simd, &planes.chroma(row, column));
    let size = (planes.width.div_ceil(2), planes.height.div_ceil(2));
    let around = planes.chroma.map(|plane| around::<8>(plane, size, row, column));
    let predicted = chroma::spread(simd, &around, [0, 1]);
    let mut block = subtract(simd, &source, &predicted);
    lanes::forward(simd, &mut block);
    activity(simd, &block, 0..8).max(activity(simd, &block, 8..16))
}

/// How far coefficients reach, compared with how many are alike: large for noise and texture.
#[inline(always)]
fn activity<S: Simd>(simd: S, coefficients: &Block<S>, lanes: std::ops::Range<usize>) -> i32 {
    let mut counts = [[0u8; 32]; 4];
    for (n, values) in coefficients.iter().enumerate() {
        let sizes = (values.abs() >> 3).min(fearless_simd::i16x16::splat(simd, 31));
        let mut sizes_of = [0; 16];
        sizes_of.copy_from_slice(sizes.as_slice());
        for &size in &sizes_of[lanes.clone()] {
            counts[n % 4][usize::from(size as u16 & 31)] += 1;
        }
    }
    let (mut most, mut last) = (0, 1);
    for size in 0..32 {
        let count: i32 = counts.iter().map(|counts| i32::from(counts[size])).sum();
        if count > 0 {
            most = most.max(count);
            last = size.max(1) as i32;
        }
    }
    if most > 1 { 510 * last / most } else { 0 }
}

/// k-means in one dimension: the segment of each value, and of each segment what [`Analysis::centres`] says.
fn cluster(counts: &[u32; 256], segments: usize) -> ([u8; 256], Vec<(i32, i32)>) {
    let least = counts.iter().position(|&count| count > 0).unwrap_or(0) as i32;
    let most = counts.iter().rposition(|&count| count > 0).unwrap_or(0) as i32;
    let mut centres: Vec<i32> = (0..segments as i32)
        .map(|n| least + (2 * n + 1) * (most - least) / (2 * segments as i32))
        .collect();
    let mut segment_of = [0; 256];
    let mut mean = 0;
    for _ in 0..6 {
        let mut sums = vec![(0i64, 0i64); segments];
        let mut nearest = 0;
        for value in least..=most {
            let count = i64::from(counts[value as usize]);
            if count > 0 {
                while nearest + 1 < segments && (value - centres[nearest + 1]).abs() < (value - centres[nearest]).abs()
                {
                    nearest += 1;
                }
                segment_of[value as usize] = nearest as u8;
                sums[nearest].0 += i64::from(value) * count;
                sums[nearest].1 += count;
            }
        }
        let (mut moved, mut sum, mut total) = (0, 0, 0);
        for (centre, &(values, count)) in centres.iter_mut().zip(&sums) {
            if count > 0 {
                let new = ((values + count / 2) / count) as i32;
                moved += (new - *centre).abs();
                *centre = new;
                sum += i64::from(new) * count;
                total += count;
            }
        }
        mean = ((sum + total / 2) / total.max(1)) as i32;
        if moved < 5 {
            break;
        }
    }
    let low = centres.iter().copied().min().unwrap_or(0);
    let range = centres.iter().copied().max().unwrap_or(0).max(low + 1) - low;
    let centres = centres.iter().map(|&centre| {
        let ease = (255 * (centre - mean) / range).clamp(-127, 127);
        (ease, (255 * (centre - low) / range).clamp(0, 255))
    });
    (segment_of, centres.collect())
}

//! The horizontal pass: one row of the vertical pass's result to one row of output samples.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, i16x8, i32x4};

use super::table::{Table, WEIGHT_BITS};

/// What [`Table`]'s windows are a multiple of, in samples and in number: 8 samples are a vector, and 4 windows
/// are summed at once.
pub(super) const ROUND: usize = 8;

/// Samples that have to follow the last one of a source row and of an output row. They may hold anything.
pub(super) const SLACK: usize = 64;

/// Resamples one row. `row` has [`SLACK`] samples more than the table reaches, `out` [`SLACK`] more than it has
/// windows.
pub(super) fn resample(level: Level, table: &Table, channels: usize, row: &[i16], out: &mut [i16]) {
    if table.pick {
        return pick(table, channels, row, out);
    }
    match channels {
        1 => dispatch!(level, simd => single(simd, table, row, out)),
        2 => dispatch!(level, simd => interleaved::<_, 2>(simd, table, row, out)),
        3 => dispatch!(level, simd => interleaved::<_, 3>(simd, table, row, out)),
        _ => dispatch!(level, simd => interleaved::<_, 4>(simd, table, row, out)),
    }
}

/// Copies the samples that the table names.
pub(super) fn pick<T: Copy>(table: &Table, channels: usize, row: &[T], out: &mut [T]) {
    let starts = &table.starts()[..table.len];
    let (first, last) = (starts[0] as usize, starts[table.len - 1] as usize);
    if last - first + 1 == table.len && starts.windows(2).all(|pair| pair[0] < pair[1]) {
        let len = table.len * channels;
        return out[..len].copy_from_slice(&row[first * channels..][..len]);
    }
    for (out, &start) in out.chunks_exact_mut(channels).zip(starts) {
        out.copy_from_slice(&row[start as usize * channels..][..channels]);
    }
}

/// One channel: a dot product along the row, four windows at a time so that their sums can share vectors.
#[inline(always)]
fn single<S: Simd>(simd: S, table: &Table, row: &[i16], out: &mut [i16]) {
    let windows = table
        .weights()
        .chunks_exact(4 * table.stride)
        .zip(table.starts().as_chunks::<4>().0);
    for ((weights, starts), out) in windows.zip(out.as_chunks_mut::<4>().0) {
        // The usual lengths are known to the compiler, and have no loop.
        let sums = match table.stride {
            8 => four::<_, 1>(simd, starts, weights, row),
            16 => four::<_, 2>(simd, starts, weights, row),
            24 => four::<_, 3>(simd, starts, weights, row),
            _ => four_long(simd, starts, weights, row),
        };
        let half = i32x4::splat(simd, 1 << (WEIGHT_BITS - 1));
        let [a, b, c, d] = sums;
        let low = a.unzip_low(b) + a.unzip_high(b);
        let high = c.unzip_low(d) + c.unzip_high(d);
        let sum = (low.unzip_low(high) + low.unzip_high(high) + half) >> WEIGHT_BITS;
        let sum = sum.saturating_narrow(sum);
        out.copy_from_slice(&sum.as_slice()[..4]);
    }
}

/// Four windows of `K` vectors. No closures in here: they would be compiled without the vector instructions.
#[inline(always)]
fn four<S: Simd, const K: usize>(simd: S, starts: &[u32; 4], weights: &[i16], row: &[i16]) -> [i32x4<S>; 4] {
    let mut sums = [i32x4::splat(simd, 0); 4];
    let weights = &weights.as_chunks::<8>().0[..4 * K];
    for (k, (sum, &start)) in sums.iter_mut().zip(starts).enumerate() {
        let samples = &row[start as usize..][..8 * K];
        for j in 0..K {
            let samples = i16x8::from_slice(simd, &samples[8 * j..][..8]);
            *sum += samples.pairwise_dot_product(i16x8::from_slice(simd, &weights[k * K + j]));
        }
    }
    sums
}

#[inline(always)]
fn four_long<S: Simd>(simd: S, starts: &[u32; 4], weights: &[i16], row: &[i16]) -> [i32x4<S>; 4] {
    let mut sums = [i32x4::splat(simd, 0); 4];
    let stride = weights.len() / 4;
    for ((sum, &start), weights) in sums.iter_mut().zip(starts).zip(weights.chunks_exact(stride)) {
        let samples = &row[start as usize..][..stride];
        for (s, w) in samples.as_chunks::<8>().0.iter().zip(weights.as_chunks::<8>().0) {
            *sum += i16x8::from_slice(simd, s).pairwise_dot_product(i16x8::from_slice(simd, w));
        }
    }
    sums
}

/// Several channels: two neighbouring pixels are interleaved and weighed at once.
#[inline(always)]
fn interleaved<S: Simd, const C: usize>(simd: S, table: &Table, row: &[i16], out: &mut [i16]) {
    let half = i32x4::splat(simd, 1 << (WEIGHT_BITS - 1));
    let windows = table
        .weights()
        .chunks_exact(table.stride)
        .zip(table.starts())
        .take(table.len);
    for (x, (weights, &start)) in windows.enumerate() {
        let mut pixels = &row[start as usize * C..];
        let mut sum = half;
        for w in &weights.as_chunks::<2>().0[..table.longest.div_ceil(2)] {
            let Some(pair) = pixels.first_chunk::<16>() else { break };
            let even = i16x8::from_slice(simd, &pair[..8]);
            let odd = i16x8::from_slice(simd, &pair[C..][..8]);
            let w: i16x8<S> = i32x4::splat(simd, i32::from(w[1]) << 16 | i32::from(w[0] as u16)).bitcast();
            sum += even.zip_low(odd).pairwise_dot_product(w);
            pixels = &pixels[2 * C..];
        }
        let sum = sum >> WEIGHT_BITS;
        // The lanes above C are overwritten by the next pixel, or fall into the slack.
        sum.saturating_narrow(sum).store_slice(&mut out[x * C..][..8]);
    }
}

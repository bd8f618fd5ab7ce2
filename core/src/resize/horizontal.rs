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
    let half = i32x4::splat(simd, 1 << (WEIGHT_BITS - 1));
    let windows = table
        .weights()
        .chunks_exact(4 * table.stride)
        .zip(table.starts().chunks_exact(4));
    for ((weights, starts), out) in windows.zip(out.chunks_mut(4)) {
        let [a, b, c, d] = [0, 1, 2, 3].map(|k| {
            let samples = &row[starts[k] as usize..][..table.stride];
            let weights = &weights[k * table.stride..][..table.stride];
            let mut sum = i32x4::splat(simd, 0);
            for (s, w) in samples.chunks_exact(8).zip(weights.chunks_exact(8)) {
                sum += i16x8::from_slice(simd, s).pairwise_dot_product(i16x8::from_slice(simd, w));
            }
            sum
        });
        let low = a.unzip_low(b) + a.unzip_high(b);
        let high = c.unzip_low(d) + c.unzip_high(d);
        let sum = (low.unzip_low(high) + low.unzip_high(high) + half) >> WEIGHT_BITS;
        let sum = sum.saturating_narrow(sum);
        out.copy_from_slice(&sum.as_slice()[..4]);
    }
}

/// Several channels: two neighbouring pixels are interleaved and weighed at once.
#[inline(always)]
fn interleaved<S: Simd, const C: usize>(simd: S, table: &Table, row: &[i16], out: &mut [i16]) {
    let half = i32x4::splat(simd, 1 << (WEIGHT_BITS - 1));
    for x in 0..table.len {
        let window = table.window(x);
        let weights = &table.weights()[x * table.stride..][..window.len().next_multiple_of(2)];
        let pixels = &row[window.start * C..][..weights.len() * C + 8];
        let mut sum = half;
        for (k, w) in weights.chunks_exact(2).enumerate() {
            let pair = &pixels[k * 2 * C..][..C + 8];
            let even = i16x8::from_slice(simd, &pair[..8]);
            let odd = i16x8::from_slice(simd, &pair[C..]);
            let w: i16x8<S> = i32x4::splat(simd, i32::from(w[1]) << 16 | i32::from(w[0] as u16)).bitcast();
            sum += even.zip_low(odd).pairwise_dot_product(w);
        }
        let sum = sum >> WEIGHT_BITS;
        // The lanes above C are overwritten by the next pixel, or fall into the slack.
        sum.saturating_narrow(sum).store_slice(&mut out[x * C..][..8]);
    }
}

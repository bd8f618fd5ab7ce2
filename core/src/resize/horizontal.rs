//! The horizontal pass: turns rows from the vertical pass into rows of output samples.
//!
//! Rows are taken [`ROWS`] at a time and transposed, so that a vector holds one column. What remains is
//! multiplying and adding, the same for any number of channels, with no sums across a vector. Two neighbouring
//! pixels are adjacent in a column, as the multiply-and-add-neighbours instruction (`pmaddwd`) needs them.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, i16x8, i16x16, i32x4, i32x8};

use crate::budget::{Budget, Buffer};
use crate::error::Result;

use super::table::{Table, WEIGHT_BITS};

/// Rows that are resampled together.
const ROWS: usize = 8;
/// Samples of a column: two pixels of each row.
const COLUMN: usize = 2 * ROWS;
/// Output pixels that are computed from one tile of transposed columns, which then stays in the L1 cache.
const TILE: usize = 32;
/// The same for windows that are [`LONG`], where memory matters more.
const TILE_OF_LONG: usize = 8;
const LONG: usize = 64;
/// Samples that may be read beyond the end of a row: a vector that starts at the last pair.
const SLACK: usize = 16;

pub(super) struct Horizontal {
    level: Level,
    table: Table,
    channels: usize,
    /// The first sample picked, if the table picks consecutive ones. Rows are copied from there.
    run: Option<usize>,
    /// Rows still to come.
    left: usize,
    /// The rows collected so far, `stride` samples each.
    rows: Buffer<i16>,
    stride: usize,
    held: usize,
    turned: Turned,
    /// Output rows.
    out: Buffer<i16>,
    out_stride: usize,
}

/// The weights by pairs of pixels, and what a tile needs.
struct Turned {
    /// Pairs in a window; a window starts at an even pixel.
    pairs: usize,
    /// The two weights of each pair, the even pixel's in the lower half.
    weights: Buffer<i32>,
    /// Source columns, by pair and channel.
    tile: Buffer<i16>,
    /// Output columns.
    columns: Buffer<i16>,
    /// Output pixels in a tile.
    width: usize,
}

impl Horizontal {
    /// For `count` rows of `width` samples, of which the table may reach all.
    pub(super) fn new(
        level: Level,
        table: Table,
        channels: usize,
        width: usize,
        count: usize,
        budget: &Budget,
    ) -> Result<Self> {
        let starts = &table.starts()[..table.len];
        let neighbours = table.pick && starts.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        let band = ROWS.min(count);
        let (stride, out_stride) = (width + SLACK, (table.len * channels).next_multiple_of(8));
        let (run, turned) = (
            neighbours.then_some(starts[0] as usize),
            Turned::new(&table, channels, budget)?,
        );
        Ok(Horizontal {
            level,
            table: table.without_weights(budget)?,
            channels,
            run,
            left: count,
            // The vectors process all rows of a band, present or not.
            rows: budget.zeroed(if band == 0 { 0 } else { ROWS * stride }, "resize rows")?,
            stride,
            held: 0,
            turned,
            out: budget.zeroed(if band == 0 { 0 } else { ROWS * out_stride }, "resize rows")?,
            out_stride,
        })
    }

    /// Where the next row is to be written, before [`Horizontal::advance`] takes it.
    pub(super) fn next_row(&mut self) -> &mut [i16] {
        &mut self.rows[self.held * self.stride..][..self.stride]
    }

    /// Takes the row, and passes on the output rows that are done: none, or a band of them.
    pub(super) fn advance(&mut self, mut emit: impl FnMut(&[i16])) {
        self.held += 1;
        self.left -= 1;
        if self.held < ROWS && self.left > 0 {
            return;
        }
        if self.table.pick {
            for y in 0..self.held {
                let (row, out) = (y * self.stride, y * self.out_stride);
                pick(
                    &self.table,
                    self.run,
                    self.channels,
                    &self.rows[row..],
                    &mut self.out[out..],
                );
            }
        } else {
            match self.channels {
                1 => dispatch!(self.level, simd => band::<_, 1>(simd, self)),
                2 => dispatch!(self.level, simd => band::<_, 2>(simd, self)),
                3 => dispatch!(self.level, simd => band::<_, 3>(simd, self)),
                _ => dispatch!(self.level, simd => band::<_, 4>(simd, self)),
            }
        }
        for out in self.out.chunks_exact(self.out_stride).take(self.held) {
            emit(&out[..self.table.len * self.channels]);
        }
        self.held = 0;
    }

    /// Copies the samples that the table picks, without collecting rows.
    pub(super) fn pick(&self, row: &[u8], out: &mut [u8]) {
        pick(&self.table, self.run, self.channels, row, out);
    }
}

impl Turned {
    fn new(table: &Table, channels: usize, budget: &Budget) -> Result<Self> {
        let pairs = if table.pick { 0 } else { table.longest / 2 + 1 };
        let width = if table.longest > LONG { TILE_OF_LONG } else { TILE };
        let mut weights = budget.zeroed(pairs * table.len, "resize table")?;
        let (mut first, mut widest) = (0, 0);
        for x in 0..table.len * usize::from(!table.pick) {
            let pair = table.window(x).start / 2;
            for (k, weight) in weights[x * pairs..][..pairs].iter_mut().enumerate() {
                *weight = table.pair(x, pair + k);
            }
            if x.is_multiple_of(width) {
                first = pair;
            }
            widest = widest.max(pair + pairs - first);
        }
        let samples = if table.pick { 0 } else { width * channels };
        Ok(Turned {
            pairs,
            weights,
            // Four pairs are transposed at once.
            tile: budget.zeroed(widest.next_multiple_of(4) * channels * COLUMN, "resize columns")?,
            columns: budget.zeroed(samples * ROWS + ROWS, "resize columns")?,
            width,
        })
    }
}

/// Copies the samples that the table picks; a run of consecutive ones is copied as a whole.
fn pick<T: Copy>(table: &Table, run: Option<usize>, channels: usize, row: &[T], out: &mut [T]) {
    if let Some(first) = run {
        let len = table.len * channels;
        return out[..len].copy_from_slice(&row[first * channels..][..len]);
    }
    match channels {
        1 => pick_each::<T, 1>(table, row, out),
        2 => pick_each::<T, 2>(table, row, out),
        3 => pick_each::<T, 3>(table, row, out),
        _ => pick_each::<T, 4>(table, row, out),
    }
}

fn pick_each<T: Copy, const C: usize>(table: &Table, row: &[T], out: &mut [T]) {
    let row = row.as_chunks::<C>().0;
    for (out, &start) in out.as_chunks_mut::<C>().0.iter_mut().zip(&table.starts()[..table.len]) {
        *out = row[start as usize];
    }
}

/// Resamples the collected rows, a tile at a time. No closures here and below: they would be compiled
/// without the vector instructions.
#[inline(always)]
fn band<S: Simd, const C: usize>(simd: S, across: &mut Horizontal) {
    let Turned {
        pairs,
        weights,
        tile,
        columns,
        width,
    } = &mut across.turned;
    let starts = &across.table.starts()[..across.table.len];
    for (t, starts) in starts.chunks(*width).enumerate() {
        let first = starts[0] as usize / 2;
        let end = starts[starts.len() - 1] as usize / 2 + *pairs;
        turn::<S, C>(simd, &across.rows, across.stride, first, end - first, tile);
        for (x, &start) in starts.iter().enumerate() {
            let weights = &weights[(t * *width + x) * *pairs..][..*pairs];
            let source = &tile[(start as usize / 2 - first) * C * COLUMN..];
            let out = &mut columns[x * C * ROWS..];
            weigh::<S, C>(simd, weights, source, out);
        }
        turn_back(
            simd,
            columns,
            starts.len() * C,
            &mut across.out[t * *width * C..],
            across.out_stride,
        );
    }
}

/// One output pixel of each row: `C` columns.
#[inline(always)]
fn weigh<S: Simd, const C: usize>(simd: S, weights: &[i32], source: &[i16], out: &mut [i16]) {
    let mut sums = [i32x8::splat(simd, 1 << (WEIGHT_BITS - 1)); 4];
    for (&weights, pair) in weights.iter().zip(source.chunks_exact(C * COLUMN)) {
        let weights: i16x16<S> = i32x8::splat(simd, weights).bitcast();
        for (sum, column) in sums.iter_mut().zip(pair.as_chunks::<COLUMN>().0) {
            *sum += i16x16::from_slice(simd, column).pairwise_dot_product(weights);
        }
    }
    // With an odd number of channels the last column is written twice; the next pixel overwrites the second copy.
    for c in (0..C).step_by(2) {
        let (even, odd) = (sums[c] >> WEIGHT_BITS, sums[c + 1] >> WEIGHT_BITS);
        even.saturating_narrow(odd)
            .store_slice(&mut out[c * ROWS..][..2 * ROWS]);
    }
}

/// Fills the tile: pixel pairs from `first` on, each `C` columns.
#[inline(always)]
fn turn<S: Simd, const C: usize>(simd: S, rows: &[i16], stride: usize, first: usize, pairs: usize, tile: &mut [i16]) {
    // One channel: a vector is four pairs. More: it is one pair, after its pixels have been interleaved.
    let at_once = if C == 1 { 4 } else { 1 };
    // The last windows may be shorter than the others, and samples beyond the row have no weight.
    let pairs = pairs.min((stride - 2 * first * C - SLACK).div_ceil(2 * C));
    for (half, rows) in rows.chunks_exact(4 * stride).enumerate() {
        let (a, rest) = rows[2 * first * C..].split_at(stride);
        let (b, rest) = rest.split_at(stride);
        let (c, d) = rest.split_at(stride);
        for p in (0..pairs).step_by(at_once) {
            let at = 2 * p * C;
            let turned = transpose([
                load::<S, C>(simd, &a[at..]),
                load::<S, C>(simd, &b[at..]),
                load::<S, C>(simd, &c[at..]),
                load::<S, C>(simd, &d[at..]),
            ]);
            let tile = &mut tile[p * C * COLUMN..][..at_once * C * COLUMN];
            for (pairs, column) in turned.into_iter().zip(tile.as_chunks_mut::<COLUMN>().0) {
                let pairs: i16x8<S> = pairs.bitcast();
                pairs.store_slice(&mut column[half * 8..][..8]);
            }
        }
    }
}

/// Interleaves the samples of two pixels, channel by channel.
#[inline(always)]
fn load<S: Simd, const C: usize>(simd: S, row: &[i16]) -> i32x4<S> {
    let even = i16x8::from_slice(simd, &row[..8]);
    if C == 1 {
        even.bitcast()
    } else {
        even.zip_low(i16x8::from_slice(simd, &row[C..][..8])).bitcast()
    }
}

#[inline(always)]
fn transpose<S: Simd>([a, b, c, d]: [i32x4<S>; 4]) -> [i32x4<S>; 4] {
    let (ac_low, ac_high) = a.interleave(c);
    let (bd_low, bd_high) = b.interleave(d);
    let (first, second) = ac_low.interleave(bd_low);
    let (third, fourth) = ac_high.interleave(bd_high);
    [first, second, third, fourth]
}

/// Transposes output columns into output rows, eight by eight.
#[inline(always)]
fn turn_back<S: Simd>(simd: S, columns: &[i16], count: usize, out: &mut [i16], stride: usize) {
    for (i, block) in columns
        .as_chunks::<{ 8 * ROWS }>()
        .0
        .iter()
        .take(count.div_ceil(8))
        .enumerate()
    {
        let mut v = [i16x8::splat(simd, 0); 8];
        for (v, column) in v.iter_mut().zip(block.as_chunks::<ROWS>().0) {
            *v = i16x8::from_slice(simd, column);
        }
        // Three times: interleave the first half with the second.
        for _ in 0..3 {
            let ((a, b), (c, d)) = (v[0].interleave(v[4]), v[1].interleave(v[5]));
            let ((e, f), (g, h)) = (v[2].interleave(v[6]), v[3].interleave(v[7]));
            v = [a, b, c, d, e, f, g, h];
        }
        for (k, row) in v.into_iter().enumerate() {
            row.store_slice(&mut out[k * stride + i * 8..][..8]);
        }
    }
}

//! The vertical pass: takes rows, and produces each output row as soon as its last source row has arrived.
//!
//! It runs before the horizontal one because it treats every column alike, whatever the channels, and leaves
//! fewer rows for the pass that has to deal with pixels. Rows are kept in pairs, interleaved sample by sample, as
//! the multiply-and-add-neighbours instruction (`pmaddwd`) needs them: interleaved once and used many times.
//!
//! If an output row needs few source rows, they are kept until used (*gather*). Many would be most of the
//! image: then each block of rows is added to every output row that it belongs to (*scatter*). Both need memory
//! for fewer than 40 rows, whatever the reduction.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch};

use crate::budget::{Budget, Buffer};
use crate::error::Result;

use super::horizontal::Horizontal;
use super::light::{FRACTION_BITS, Widener};
use super::table::{Table, WEIGHT_BITS};

/// The most source rows per output row that are kept; from here on, running sums take less memory.
const GATHER: usize = 32;
/// Pairs in a block that is scattered.
const BLOCK: usize = 4;
/// Row lengths are a multiple of this, so that no kernel needs a tail.
pub(super) const LANES: usize = 64;

pub(super) struct Vertical {
    level: Level,
    table: Table,
    /// Samples in a row, a multiple of [`LANES`].
    width: usize,
    light: Widener,
    /// The even row of the current pair, and its odd row while it is widened. Plain rows are widened as
    /// they are interleaved: then `bytes` holds the even one.
    even: Buffer<i16>,
    odd: Buffer<i16>,
    bytes: Buffer<u8>,
    /// Interleaved rows, two each; pair `p` is in slot `p % slots`.
    pairs: Buffer<i16>,
    slots: usize,
    /// One running sum for each output row in flight, row `y` in slot `y % in_flight`. None when gathering.
    sums: Buffer<i32>,
    in_flight: usize,
    /// Source rows taken so far.
    taken: usize,
    /// The next output row.
    next: usize,
    /// Rows that are interleaved but not scattered yet.
    unscattered: usize,
}

impl Vertical {
    /// `table` must count rows from the first one that it reaches; `width` is a multiple of [`LANES`].
    pub(super) fn new(level: Level, light: Widener, table: Table, width: usize, budget: &Budget) -> Result<Self> {
        debug_assert!(width.is_multiple_of(LANES) && table.window(0).start == 0);
        let gather = table.longest <= GATHER;
        let slots = if gather { table.longest / 2 + 2 } else { BLOCK };
        let in_flight = if gather { 0 } else { overlap(&table) };
        Ok(Vertical {
            level,
            table,
            width,
            even: budget.zeroed(if light.plain() { 0 } else { width }, "resize rows")?,
            odd: budget.zeroed(if light.plain() { 0 } else { width }, "resize rows")?,
            bytes: budget.zeroed(if light.plain() { width } else { 0 }, "resize rows")?,
            light,
            pairs: budget.zeroed(slots * 2 * width, "resize rows")?,
            slots,
            sums: budget.zeroed(in_flight * width, "resize sums")?,
            in_flight,
            taken: 0,
            next: 0,
            unscattered: 0,
        })
    }

    /// Takes the next row within reach, and passes the rows that it completes to the horizontal direction, from top to
    /// bottom.
    pub(super) fn advance(&mut self, row: &[u8], across: &mut Horizontal, mut emit: impl FnMut(&[i16])) {
        let pair = self.taken / 2;
        let odd = !self.taken.is_multiple_of(2);
        self.taken += 1;
        let last = self.taken == self.table.reach().end;
        if self.light.plain() {
            if !odd {
                self.bytes[..row.len()].copy_from_slice(row);
            }
        } else {
            let wide = if odd { &mut self.odd } else { &mut self.even };
            self.light.widen(self.level, row, &mut wide[..row.len()]);
        }
        if !odd && !last {
            return;
        }
        // If the last row has no odd partner, any other row stands in for it, with weight 0.
        let pair = &mut self.pairs[pair % self.slots * 2 * self.width..][..2 * self.width];
        if self.light.plain() {
            dispatch!(self.level, simd => widen_and_interleave(simd, &self.bytes, row, pair));
        } else {
            dispatch!(self.level, simd => interleave(simd, &self.even, &self.odd, pair));
        }
        if self.in_flight == 0 {
            self.gather(across, &mut emit)
        } else {
            self.scatter(last, across, &mut emit)
        }
    }

    fn gather(&mut self, across: &mut Horizontal, emit: &mut impl FnMut(&[i16])) {
        while self.next < self.table.len && self.table.window(self.next).end <= self.taken {
            let window = self.table.window(self.next);
            let (first, end) = (window.start / 2, window.end.div_ceil(2));
            let mut terms = [(0, &self.pairs[..0]); GATHER / 2 + 1];
            for (term, pair) in terms.iter_mut().zip(first..end) {
                *term = (
                    self.table.pair(self.next, pair),
                    slot(&self.pairs, self.width, pair % self.slots),
                );
            }
            let terms = &terms[..end - first];
            let out = &mut across.next_row()[..self.width];
            dispatch!(self.level, simd => weigh(simd, terms, out));
            self.next += 1;
            across.advance(&mut *emit);
        }
    }

    fn scatter(&mut self, last: bool, across: &mut Horizontal, emit: &mut impl FnMut(&[i16])) {
        self.unscattered += 1;
        if self.unscattered < BLOCK && !last {
            return;
        }
        let end = self.taken.div_ceil(2);
        let first = end - self.unscattered;
        self.unscattered = 0;
        for y in self.next..self.table.len {
            if self.table.window(y).start >= self.taken {
                break;
            }
            let mut terms = [(0, &self.pairs[..0]); BLOCK];
            for (term, pair) in terms.iter_mut().zip(first..end) {
                *term = (
                    self.table.pair(y, pair),
                    slot(&self.pairs, self.width, pair % self.slots),
                );
            }
            let terms = &terms[..end - first];
            let sums = &mut self.sums[y % self.in_flight * self.width..][..self.width];
            dispatch!(self.level, simd => accumulate(simd, terms, sums));
            if self.table.window(y).end <= self.taken {
                let out = &mut across.next_row()[..self.width];
                dispatch!(self.level, simd => settle(simd, sums, out));
                self.next += 1;
                across.advance(&mut *emit);
            }
        }
    }
}

fn slot(pairs: &[i16], width: usize, slot: usize) -> &[i16] {
    &pairs[slot * 2 * width..][..2 * width]
}

/// The maximum number of output rows that need a source row and are not complete before it.
fn overlap(table: &Table) -> usize {
    let (mut most, mut first) = (1, 0);
    for y in 0..table.len {
        while table.window(first).end <= table.window(y).start {
            first += 1;
        }
        most = most.max(y - first + 1);
    }
    most
}

/// The same as [`Widener::widen`] and then [`interleave`], in one step. `odd` ends where the row does.
#[inline(always)]
fn widen_and_interleave<S: Simd>(simd: S, even: &[u8], odd: &[u8], pair: &mut [i16]) {
    let rows = even.as_chunks::<LANES>().0.iter().zip(odd.chunks(LANES));
    for ((even, odd), pair) in rows.zip(pair.as_chunks_mut::<{ 2 * LANES }>().0) {
        if let Ok(odd) = odd.try_into() {
            widen_and_interleave_chunk(simd, even, odd, pair);
        } else {
            let mut padded = [0; LANES];
            padded[..odd.len()].copy_from_slice(odd);
            widen_and_interleave_chunk(simd, even, &padded, pair);
        }
    }
}

#[inline(always)]
fn widen_and_interleave_chunk<S: Simd>(simd: S, even: &[u8; LANES], odd: &[u8; LANES], pair: &mut [i16; 2 * LANES]) {
    let n = S::u8s::LEN;
    let rows = even.chunks_exact(n).zip(odd.chunks_exact(n));
    for ((even, odd), pair) in rows.zip(pair.chunks_exact_mut(2 * n)) {
        let (low, high) = S::u8s::from_slice(simd, even).interleave(S::u8s::from_slice(simd, odd));
        let ((a, b), (c, d)) = (low.widen(), high.widen());
        for (quarter, pair) in [a, b, c, d].into_iter().zip(pair.chunks_exact_mut(n / 2)) {
            let samples: S::i16s = (quarter << FRACTION_BITS).bitcast();
            samples.store_slice(pair);
        }
    }
}

#[inline(always)]
fn interleave<S: Simd>(simd: S, even: &[i16], odd: &[i16], pair: &mut [i16]) {
    let n = S::i16s::LEN;
    let rows = even.chunks_exact(n).zip(odd.chunks_exact(n));
    for ((even, odd), pair) in rows.zip(pair.chunks_exact_mut(2 * n)) {
        let (low, high) = S::i16s::from_slice(simd, even).interleave(S::i16s::from_slice(simd, odd));
        low.store_slice(&mut pair[..n]);
        high.store_slice(&mut pair[n..]);
    }
}

/// One output row as the sum of its weighted pairs.
#[inline(always)]
fn weigh<S: Simd>(simd: S, terms: &[(i32, &[i16])], out: &mut [i16]) {
    let n = S::i16s::LEN;
    let half = S::i32s::splat(simd, 1 << (WEIGHT_BITS - 1));
    for (i, out) in out.chunks_exact_mut(2 * n).enumerate() {
        let mut sums = [half; 4];
        for &(weights, pair) in terms {
            let weights: S::i16s = S::i32s::splat(simd, weights).bitcast();
            let pair = &pair[i * 4 * n..][..4 * n];
            for (k, sum) in sums.iter_mut().enumerate() {
                *sum += S::i16s::from_slice(simd, &pair[k * n..][..n]).pairwise_dot_product(weights);
            }
        }
        let [a, b, c, d] = sums;
        (a >> WEIGHT_BITS)
            .saturating_narrow(b >> WEIGHT_BITS)
            .store_slice(&mut out[..n]);
        (c >> WEIGHT_BITS)
            .saturating_narrow(d >> WEIGHT_BITS)
            .store_slice(&mut out[n..]);
    }
}

/// Adds a block of weighted pairs to an output row's sums.
#[inline(always)]
fn accumulate<S: Simd>(simd: S, terms: &[(i32, &[i16])], sums: &mut [i32]) {
    let n = S::i16s::LEN;
    for (i, sums) in sums.chunks_exact_mut(n).enumerate() {
        let (low, high) = sums.split_at_mut(n / 2);
        let mut a = S::i32s::from_slice(simd, low);
        let mut b = S::i32s::from_slice(simd, high);
        for &(weights, pair) in terms {
            let weights: S::i16s = S::i32s::splat(simd, weights).bitcast();
            let pair = &pair[i * 2 * n..][..2 * n];
            a += S::i16s::from_slice(simd, &pair[..n]).pairwise_dot_product(weights);
            b += S::i16s::from_slice(simd, &pair[n..]).pairwise_dot_product(weights);
        }
        a.store_slice(low);
        b.store_slice(high);
    }
}

/// Rounds an output row's sums, and clears them for the next row in their slot.
#[inline(always)]
fn settle<S: Simd>(simd: S, sums: &mut [i32], out: &mut [i16]) {
    let n = S::i16s::LEN;
    let half = S::i32s::splat(simd, 1 << (WEIGHT_BITS - 1));
    for (sums, out) in sums.chunks_exact_mut(n).zip(out.chunks_exact_mut(n)) {
        let (low, high) = sums.split_at(n / 2);
        let a = (S::i32s::from_slice(simd, low) + half) >> WEIGHT_BITS;
        let b = (S::i32s::from_slice(simd, high) + half) >> WEIGHT_BITS;
        a.saturating_narrow(b).store_slice(out);
        sums.fill(0);
    }
}

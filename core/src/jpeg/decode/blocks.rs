//! Blocks of sequential scans (T.81 F.2.2): all coefficients of them, the lowest ones, or only the mean.

use super::bits::{Bits, Window};
use super::huffman::{AcTable, DcTable, SkipTable};

/// Where a block ends in zigzag order.
const END: usize = 63;

/// Room for a block: any byte is a place in it, so that no store needs a check. What is not kept of a block has a
/// place behind what is. An odd number of cache lines: with a power of two all blocks would compete for a few of them.
pub(super) type Block = [i16; BLOCK];
pub(super) const BLOCK: usize = 288;

/// Decodes AC coefficients into `block`, at `places[k]`, until number `stop` is passed or the block ends. Returns the
/// number of the last coefficient; 64 more where the block has ended by a code. Needs 46 bits in the buffer.
#[inline(always)]
fn coefficients(
    bits: &mut Bits,
    window: &Window,
    table: &AcTable,
    places: &[u8; 64],
    stop: usize,
    block: &mut Block,
) -> usize {
    let mut k = 0;
    'refilled: loop {
        // Four look-ups of 11 bits between two refills, one after the other: a loop costs more than they do.
        macro_rules! look_up {
            () => {
                let entry = table.look_up(bits);
                let last_at = k + entry.last_at();
                if last_at >= END {
                    if entry.is_end() {
                        bits.skip(entry.length());
                        return k + 64;
                    }
                    let (run, value);
                    (*bits, run, value) = one(*bits, window, table);
                    if run >= 64 {
                        return k + 64;
                    }
                    k += run;
                    // A run too long for the block leads to its last place, as in libjpeg-turbo.
                    if value != 0 {
                        block[usize::from(places[k.min(END)])] = value as i16;
                    }
                    if k >= stop {
                        return k.min(END);
                    }
                    bits.refill(window);
                    continue 'refilled;
                }
                bits.skip(entry.length());
                // The order matters: where there is only one coefficient, it is the first.
                block[usize::from(places[last_at & 63])] = entry.last();
                block[usize::from(places[(k + entry.first_at()) & 63])] = entry.first();
                k += entry.step();
                if k >= stop {
                    return k;
                }
            };
        }
        look_up!();
        look_up!();
        look_up!();
        look_up!();
        bits.refill(window);
    }
}

/// One symbol: how far to go, and the coefficient there, or 0; 64 at the end of the block. The bits come and go by
/// value: a buffer whose address is known could not stay in registers.
#[inline(never)]
fn one(mut bits: Bits, window: &Window, table: &AcTable) -> (Bits, usize, i32) {
    bits.refill(window);
    let symbol = table.codes.symbol(&mut bits);
    let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
    match (run, size) {
        (15, 0) => (bits, 16, 0),
        (_, 0) => (bits, 64, 0),
        _ => {
            let value = bits.take_signed(size);
            (bits, run + 1, value)
        }
    }
}

/// Passes over the AC coefficients behind number `k`. Needs 46 bits in the buffer.
#[inline(always)]
fn skip(bits: &mut Bits, window: &Window, fast: &SkipTable, table: &AcTable, mut k: usize) {
    'refilled: loop {
        macro_rules! look_up {
            () => {
                let (length, step) = fast.look_up(bits);
                if k + (step & 63) >= END {
                    // The block may end without a code for it, and what follows in the entry is the next block's.
                    let run;
                    (*bits, run, _) = one(*bits, window, table);
                    k += run;
                    if k >= END {
                        return;
                    }
                    bits.refill(window);
                    continue 'refilled;
                }
                bits.skip(length);
                k += step;
                if k >= END {
                    return;
                }
            };
        }
        look_up!();
        look_up!();
        bits.refill(window);
    }
}

/// A block whose coefficients all count. Returns the number of the last one.
#[inline(always)]
pub(super) fn whole(
    bits: &mut Bits,
    window: &Window,
    (dc, ac): (&DcTable, &AcTable),
    places: &[u8; 64],
    prediction: &mut i32,
    block: &mut Block,
    len: usize,
) -> u8 {
    bits.refill(window);
    *prediction = prediction.wrapping_add(dc.difference(bits, window));
    block[..len].fill(0);
    block[0] = *prediction as i16;
    let k = coefficients(bits, window, ac, places, END, block);
    (k & 63) as u8
}

/// A block of which 2×2 coefficients count: those up to number 4.
#[inline(always)]
pub(super) fn low(
    bits: &mut Bits,
    window: &Window,
    (dc, ac, fast): (&DcTable, &AcTable, &SkipTable),
    places: &[u8; 64],
    prediction: &mut i32,
    block: &mut Block,
) -> u8 {
    bits.refill(window);
    *prediction = prediction.wrapping_add(dc.difference(bits, window));
    block[..4].fill(0);
    block[0] = *prediction as i16;
    let k = coefficients(bits, window, ac, places, 4, block);
    if k < END {
        bits.refill(window);
        skip(bits, window, fast, ac, k);
    }
    (k & 63) as u8
}

/// A block of which the mean counts.
#[inline(always)]
pub(super) fn mean(
    bits: &mut Bits,
    window: &Window,
    (dc, ac, fast): (&DcTable, &AcTable, &SkipTable),
    prediction: &mut i32,
) -> i16 {
    bits.refill(window);
    *prediction = prediction.wrapping_add(dc.difference(bits, window));
    skip(bits, window, fast, ac, 0);
    *prediction as i16
}

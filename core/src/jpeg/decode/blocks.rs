//! Blocks of sequential scans (T.81 F.2.2): all coefficients of them, the lowest ones, or only the mean.

use super::bits::Bits;
use super::huffman::{AcEntry, AcTable, DcTable, SkipTable};

/// Where a block ends in zigzag order.
const END: usize = 63;

/// Decodes AC coefficients up to number `end` into `block`, at `places[k] % N`, each shifted up by `low` bits.
/// `k` is the number of the last coefficient before. Returns the number of the last coefficient, and more than `END`
/// added to it where the block has come to its end before `end`. Needs 22 bits in the buffer.
///
/// A look-up takes at most 11 bits, a symbol with its extra bits at most 31.
#[inline(always)]
pub(super) fn coefficients<const N: usize>(
    bits: &mut Bits,
    data: &[u8],
    table: &AcTable,
    places: &[u8; 64],
    mut k: usize,
    end: usize,
    low: u32,
    block: &mut [i16; N],
) -> usize {
    loop {
        for _ in 0..2 {
            let entry = table.look_up(bits);
            let last_at = k + entry.last_at();
            if last_at >= end {
                if entry.is_end() {
                    bits.skip(entry.length());
                    return k + 64;
                }
                let (run, value) = one(bits, data, table);
                if run >= 64 {
                    return k + 64;
                }
                k += run;
                if value != 0 && k <= END {
                    block[usize::from(places[k & 63]) & (N - 1)] = (value << low) as i16;
                }
                if k >= end {
                    return k.min(END);
                }
                continue;
            }
            bits.skip(entry.length());
            // The order matters: where there is only one coefficient, it is the first.
            block[usize::from(places[last_at & 63]) & (N - 1)] = entry.last() << low;
            block[usize::from(places[(k + entry.first_at()) & 63]) & (N - 1)] = entry.first() << low;
            k += entry.step();
            if k >= end {
                return k;
            }
        }
        bits.refill(data);
    }
}

/// One symbol: how far to go, and the coefficient there, or 0; 64 at the end of the block.
#[inline(never)]
fn one(bits: &mut Bits, data: &[u8], table: &AcTable) -> (usize, i32) {
    bits.refill(data);
    let symbol = table.codes.symbol(bits);
    let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
    match (run, size) {
        (15, 0) => (16, 0),
        (_, 0) => (64, 0),
        _ => (run + 1, bits.take_signed(size)),
    }
}

/// Passes over the AC coefficients behind number `k`. Needs 46 bits in the buffer.
#[inline(always)]
pub(super) fn skip(bits: &mut Bits, data: &[u8], fast: &SkipTable, table: &AcTable, mut k: usize) {
    loop {
        for _ in 0..2 {
            let (length, step) = fast.look_up(bits);
            if length == 0 || k + (step & 63) >= END {
                // The block may end without a code for it, and what follows in the entry is the next block's.
                k += one(bits, data, table).0;
                bits.refill(data);
            } else {
                bits.skip(length);
                k += step;
            }
            if k >= END {
                return;
            }
        }
        bits.refill(data);
    }
}

/// A block whose coefficients all count. Returns the number of the last one.
#[inline(always)]
pub(super) fn whole<const N: usize>(
    bits: &mut Bits,
    data: &[u8],
    (dc, ac): (&DcTable, &AcTable),
    places: &[u8; 64],
    prediction: &mut i32,
    block: &mut [i16; N],
) -> u8 {
    bits.refill(data);
    *prediction = prediction.wrapping_add(dc.difference(bits, data));
    *block = [0; N];
    block[0] = *prediction as i16;
    let k = coefficients(bits, data, ac, places, 0, END, 0, block);
    (k & 63) as u8
}

/// A block of which 2×2 coefficients count: those up to number 4.
#[inline(always)]
pub(super) fn low(
    bits: &mut Bits,
    data: &[u8],
    (dc, ac, fast): (&DcTable, &AcTable, &SkipTable),
    places: &[u8; 64],
    prediction: &mut i32,
    block: &mut [i16; 8],
) -> u8 {
    bits.refill(data);
    *prediction = prediction.wrapping_add(dc.difference(bits, data));
    *block = [0; 8];
    block[0] = *prediction as i16;
    let k = coefficients(bits, data, ac, places, 0, 4, 0, block);
    if k < END {
        bits.refill(data);
        skip(bits, data, fast, ac, k);
    }
    (k & 63) as u8
}

/// A block of which the mean counts.
#[inline(always)]
pub(super) fn mean(
    bits: &mut Bits,
    data: &[u8],
    (dc, ac, fast): (&DcTable, &AcTable, &SkipTable),
    prediction: &mut i32,
) -> i16 {
    bits.refill(data);
    *prediction = prediction.wrapping_add(dc.difference(bits, data));
    skip(bits, data, fast, ac, 0);
    *prediction as i16
}

const _: () = assert!(std::mem::size_of::<AcEntry>() == 8);

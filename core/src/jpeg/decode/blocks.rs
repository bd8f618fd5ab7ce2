//! Blocks of sequential scans (T.81 F.2.2): all of their coefficients, the lowest ones, or only the mean.

use super::bits::{Bits, Window};
use super::huffman::{AcTable, DcTable, SkipTable};

/// Where a block ends in zigzag order.
const END: usize = 63;

/// A block and the space after it: any byte is a valid place, so no store needs a check. Coefficients that are not
/// kept go to the place right after the block, which belongs to the next one and is cleared before that is decoded.
pub(super) type Room = [i16; ROOM];
pub(super) const ROOM: usize = 256;

/// Decodes AC coefficients into `block`, at `places[k]`, until number `stop` is passed or the block ends. Returns the
/// number of the last coefficient; 64 more where the block has ended by a code. Needs 46 bits in the buffer.
#[inline(always)]
fn coefficients(
    bits: &mut Bits,
    window: &Window,
    table: &AcTable,
    places: &[u8; 64],
    stop: usize,
    block: &mut Room,
) -> usize {
    let mut k = 0;
    'block: loop {
        'long: {
            // Four look-ups of 11 bits between two refills, unrolled: a loop would cost more than they do.
            macro_rules! look_up {
                () => {
                    let entry = table.look_up(bits);
                    let last_at = k + entry.last_at();
                    if last_at >= END {
                        if entry.is_end() {
                            bits.skip(entry.length());
                            return k + 64;
                        }
                        break 'long;
                    }
                    bits.skip(entry.length());
                    // In this order: a lone coefficient is the first, and both stores go to its place.
                    block[usize::from(places[last_at])] = entry.last();
                    block[usize::from(places[(k + entry.first_at()) & 63])] = entry.first();
                    if entry.ends() {
                        return last_at + 64;
                    }
                    k = last_at;
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
            continue 'block;
        }
        let (run, value) = one(bits, window, table);
        if run >= 64 {
            return k + 64;
        }
        k += run;
        if value != 0 {
            // A damaged file's coefficients past the end of the block go to its last place, as in libjpeg.
            block[usize::from(places[k.min(END)])] = value as i16;
        }
        if k >= stop {
            return k.min(END);
        }
        bits.refill(window);
    }
}

/// One symbol: how far to go, and the coefficient there, or 0; 64 at the end of the block.
#[inline(always)]
fn one(bits: &mut Bits, window: &Window, table: &AcTable) -> (usize, i32) {
    bits.refill(window);
    let symbol = table.codes.symbol(bits);
    let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
    match (run, size) {
        (15, 0) => (16, 0),
        (_, 0) => (64, 0),
        _ => (run + 1, bits.take_signed(size)),
    }
}

/// Skips the AC coefficients after number `k`. Needs 56 bits in the buffer.
#[inline(always)]
fn skip(bits: &mut Bits, window: &Window, fast: &SkipTable, table: &AcTable, k: usize) {
    const ENDED: u32 = (END as u32) << 8;
    // The number of the coefficient << 8 | bits that have left the buffer: adding an entry updates both at once.
    let mut at = (k as u32) << 8;
    'block: loop {
        'long: {
            macro_rules! look_up {
                () => {
                    let entry = fast.look_up(bits);
                    let next = at + entry;
                    if next >= ENDED {
                        // The block may end without a code for it; the rest of the entry is then the next block's.
                        if at + (entry & 0x3FFF) < ENDED {
                            bits.shift_out(entry);
                            bits.account(next & 0xFF);
                            return;
                        }
                        break 'long;
                    }
                    bits.shift_out(entry);
                    at = next;
                };
            }
            look_up!();
            look_up!();
            look_up!();
            bits.account(at & 0xFF);
            at &= !0xFF;
            bits.refill(window);
            continue 'block;
        }
        bits.account(at & 0xFF);
        let (run, _) = one(bits, window, table);
        at = (at & !0xFF) + ((run as u32) << 8);
        if at >= ENDED {
            return;
        }
        bits.refill(window);
    }
}

/// A block of which all coefficients are needed. Returns the number of the last one.
#[inline(always)]
pub(super) fn whole(
    bits: &mut Bits,
    window: &Window,
    (dc, ac): (&DcTable, &AcTable),
    places: &[u8; 64],
    prediction: &mut i32,
    block: &mut Room,
    len: usize,
) -> u8 {
    bits.refill(window);
    *prediction = prediction.wrapping_add(dc.difference(bits, window));
    block[..len].fill(0);
    block[0] = *prediction as i16;
    let k = coefficients(bits, window, ac, places, END, block);
    (k & 63) as u8
}

/// A block of which 2×2 coefficients are needed: those up to number 4.
#[inline(always)]
pub(super) fn low(
    bits: &mut Bits,
    window: &Window,
    (dc, ac, fast): (&DcTable, &AcTable, &SkipTable),
    places: &[u8; 64],
    prediction: &mut i32,
    block: &mut Room,
) {
    bits.refill(window);
    *prediction = prediction.wrapping_add(dc.difference(bits, window));
    block[..4].fill(0);
    block[0] = *prediction as i16;
    let k = coefficients(bits, window, ac, places, 4, block);
    if k < END {
        bits.refill(window);
        skip(bits, window, fast, ac, k);
    }
}

/// A block of which only the mean is needed.
#[inline(always)]
pub(super) fn mean(
    bits: &mut Bits,
    window: &Window,
    (dc, ac, fast): (&DcTable, &AcTable, &SkipTable),
    prediction: &mut i32,
) -> i16 {
    bits.refill(window);
    *prediction = prediction.wrapping_add(dc.difference(bits, window));
    bits.refill(window);
    skip(bits, window, fast, ac, 0);
    *prediction as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::decode::bits::WINDOW;
    use crate::jpeg::decode::frame::Size;
    use crate::jpeg::decode::idct::Grid;
    use crate::jpeg::decode::tables::Spec;

    /// A table with one code, a zero.
    fn single(symbol: u8) -> Spec {
        let mut spec = Spec {
            counts: [0; 16],
            values: [0; 256],
        };
        (spec.counts[0], spec.values[0]) = (1, symbol);
        spec
    }

    #[test]
    fn what_lies_behind_a_block_is_its_last_coefficient() {
        let (dc, ac) = (
            DcTable::new(&single(0), DcTable::MOST_BITS).unwrap(),
            AcTable::new(&single(0xF1), true).unwrap(),
        );
        let mut window: Box<Window> = Box::new([0; WINDOW + 8]);
        // No difference, and four times fifteen zeros and a one: number 64.
        window[..2].copy_from_slice(&[0b0010_1010, 0b1000_0000]);
        let places = Grid::of(Size { x: 8, y: 8 }).places();
        let (mut bits, mut block) = (Bits::default(), [7; ROOM]);
        let last = whole(&mut bits, &window, (&dc, &ac), &places, &mut 0, &mut block, 64);
        assert_eq!((last, bits.consumed()), (63, 9));
        let ones: Vec<usize> = (0..64).filter(|&place| block[place] != 0).collect();
        let mut expected = [16, 32, 48, 63].map(|k| usize::from(places[k]));
        expected.sort_unstable();
        assert_eq!(ones, expected);
    }
}

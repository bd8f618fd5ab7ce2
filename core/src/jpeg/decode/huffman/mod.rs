//! Look-up tables for Huffman codes (T.81 F.2.2) that decode more than a code at a time.
//!
//! - [`DcTable`]: code and extra bits together give the difference, if both fit into ten bits.
//! - [`AcTable`]: two coefficients and the end of the block, if all of it fits into eleven bits.
//! - [`SkipTable`]: how far the next twelve bits lead, when the values do not matter.
//!
//! Anything longer goes through [`Codes`]: nine bits at once, then length by length.

use super::bits::{Bits, Window, extend};
use super::tables::Spec;
use crate::error::{Error, Result};
use crate::format::Format;

/// The symbol 15/0: sixteen zeros (T.81 F.1.2.2.1).
const ZRL: u8 = 0xF0;
const FIRST_LEVEL: u32 = 9;
const DC_BITS: u32 = 10;
const AC_BITS: u32 = 11;
const SKIP_BITS: u32 = 12;

/// One symbol at a time.
#[derive(Debug)]
pub(super) struct Codes {
    /// By the next nine bits: code length << 8 | symbol; 0 if the code is longer.
    first: [u16; 1 << FIRST_LEVEL],
    /// The first 16-bit value that is above all codes of this length and shorter ones.
    above: [u32; 17],
    /// What to add to a code of this length, to get its place in `values`.
    offset: [i32; 17],
    values: [u8; 256],
}

/// A symbol, its index among all codes, and its code's length.
#[derive(Debug, Clone, Copy)]
struct Code {
    code: u32,
    length: u32,
    symbol: u8,
}

impl Codes {
    /// Fails if there are more codes of a length than can exist (T.81 C.2; all ones is not a valid code).
    pub(super) fn new(spec: &Spec) -> Result<Self> {
        let mut codes = Codes {
            first: [0; 1 << FIRST_LEVEL],
            above: [0; 17],
            offset: [0; 17],
            values: spec.values,
        };
        let (mut code, mut index) = (0u32, 0i32);
        for (length, &count) in (1u32..).zip(&spec.counts) {
            code <<= 1;
            codes.offset[length as usize] = index - code as i32;
            for _ in 0..count {
                if length <= FIRST_LEVEL {
                    let entry = (length << 8) as u16 | u16::from(spec.values[index as usize & 255]);
                    let start = (code << (FIRST_LEVEL - length)) as usize;
                    let Some(range) = codes.first.get_mut(start..start + (1 << (FIRST_LEVEL - length))) else {
                        return Err(oversubscribed(length));
                    };
                    range.fill(entry);
                }
                code += 1;
                index += 1;
            }
            if count > 0 && code >= 1 << length {
                return Err(oversubscribed(length));
            }
            codes.above[length as usize] = code << (16 - length);
        }
        Ok(codes)
    }

    /// Takes the symbol at the front of the buffer. Needs 17 bits. A code that is in no table gives 0, the
    /// least harmful symbol, as in libjpeg.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits) -> u8 {
        let entry = self.first[bits.peek(FIRST_LEVEL)];
        if entry != 0 {
            bits.skip(u32::from(entry >> 8));
            return entry as u8;
        }
        let symbol;
        (*bits, symbol) = self.long_symbol(*bits);
        symbol
    }

    #[inline(never)]
    fn long_symbol(&self, mut bits: Bits) -> (Bits, u8) {
        let next = bits.peek(16) as u32;
        for length in FIRST_LEVEL + 1..=16 {
            if next < self.above[length as usize] {
                bits.skip(length);
                let index = (next >> (16 - length)) as i32 + self.offset[length as usize];
                return (bits, self.values[index as usize & 255]);
            }
        }
        bits.skip(17);
        bits.bad_code = true;
        (bits, 0)
    }
}

fn oversubscribed(length: u32) -> Error {
    let reason = format_args!("Huffman table with more codes of {length} bits than there are");
    Error::bad_input(Format::Jpeg, reason)
}

/// All codes of a table in order (T.81 C.2). `Codes::new` has checked that they fit.
fn list(spec: &Spec) -> impl Iterator<Item = Code> + '_ {
    let mut code = 0;
    let mut values = spec.values.iter();
    (1u32..).zip(&spec.counts).flat_map(move |(length, &count)| {
        code <<= 1;
        let first = code;
        code += u32::from(count);
        let symbols: Vec<u8> = values.by_ref().take(usize::from(count)).copied().collect();
        (first..)
            .zip(symbols)
            .map(move |(code, symbol)| Code { code, length, symbol })
    })
}

/// Differences of DC coefficients.
#[derive(Debug)]
pub(super) struct DcTable {
    /// By the next bits: difference << 8 | bits to take; 0 if they do not suffice.
    fast: [i32; 1 << DC_BITS],
    codes: Codes,
}

impl DcTable {
    /// Bits that a difference of means may have.
    pub(super) const MOST_BITS: u8 = 15;

    /// Differences have at most `most` bits.
    pub(super) fn new(spec: &Spec, most: u8) -> Result<Box<Self>> {
        let mut table = Box::new(DcTable {
            fast: [0; 1 << DC_BITS],
            codes: Codes::new(spec)?,
        });
        for Code { code, length, symbol } in list(spec) {
            if symbol > most {
                let reason = format_args!("DC Huffman table with symbol {symbol}, at most {most} expected");
                return Err(Error::bad_input(Format::Jpeg, reason));
            }
            each_value::<DC_BITS>(code, length, u32::from(symbol), |range, value| {
                table.fast[range].fill(value << 8 | (length + u32::from(symbol)) as i32);
            });
        }
        Ok(table)
    }

    /// Takes a difference (T.81 F.2.2.1). Needs 56 bits, leaves 46.
    #[inline(always)]
    pub(super) fn difference(&self, bits: &mut Bits, window: &Window) -> i32 {
        let entry = self.fast[bits.peek(DC_BITS)];
        if entry != 0 {
            bits.skip((entry & 0xFF) as u32);
            return entry >> 8;
        }
        let difference;
        (*bits, difference) = self.long_difference(*bits, window);
        difference
    }

    /// Takes the buffer by value, so that it can stay in registers elsewhere.
    #[inline(never)]
    fn long_difference(&self, mut bits: Bits, window: &Window) -> (Bits, i32) {
        let size = u32::from(self.codes.symbol(&mut bits));
        let difference = match size {
            // Only lossless scans have it: the one difference that needs no sign (T.81 H.1.2.2).
            16.. => 1 << 15,
            _ => bits.take_signed(size),
        };
        bits.refill(window);
        (bits, difference)
    }
}

/// Calls `fill` for each value that `size` extra bits behind a code can have, with the entries that begin so.
fn each_value<const BITS: u32>(code: u32, length: u32, size: u32, mut fill: impl FnMut(std::ops::Range<usize>, i32)) {
    let Some(free) = BITS.checked_sub(length + size) else {
        return;
    };
    for extra in 0..1 << size {
        let start = ((code << size | extra) << free) as usize;
        fill(start..start + (1 << free), extend(extra, size));
    }
}

/// AC coefficients: up to two and the end of the block per look-up.
#[derive(Debug)]
pub(super) struct AcTable {
    fast: [u64; 1 << AC_BITS],
    pub(super) codes: Codes,
}

/// The result of one look-up in an [`AcTable`]. Places are relative to the previous coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AcEntry(u64);

impl AcEntry {
    /// Not decided by these bits: decode one symbol the slow way.
    const LONG: AcEntry = AcEntry::new(0, 0, 255, 0, 0, 0);

    const fn new(length: u32, first_at: u32, last_at: u32, step: u32, first: i32, last: i32) -> Self {
        AcEntry(
            length as u64
                | (first_at as u64) << 8
                | (last_at as u64) << 16
                | (step as u64) << 24
                | (first as u16 as u64) << 32
                | (last as u16 as u64) << 48,
        )
    }

    /// Bits to take.
    #[inline(always)]
    pub(super) fn length(self) -> u32 {
        self.0 as u32 & 0xFF
    }

    #[inline(always)]
    pub(super) fn first_at(self) -> usize {
        (self.0 >> 8) as usize & 0xFF
    }

    /// Where the last coefficient goes: the same as `first_at` if there is only one, at least 128 if there is none.
    #[inline(always)]
    pub(super) fn last_at(self) -> usize {
        (self.0 >> 16) as usize & 0xFF
    }

    /// How far to advance: to the last coefficient, if there is one; 64 more at the end of the block.
    #[inline(always)]
    pub(super) fn step(self) -> usize {
        (self.0 >> 24) as usize & 0xFF
    }

    #[inline(always)]
    pub(super) fn first(self) -> i16 {
        (self.0 >> 32) as i16
    }

    #[inline(always)]
    pub(super) fn last(self) -> i16 {
        (self.0 >> 48) as i16
    }

    /// Whether the block ends here.
    #[inline(always)]
    pub(super) fn ends(self) -> bool {
        self.0 & 64 << 24 != 0
    }

    /// The end of the block, with no coefficient before it.
    #[inline(always)]
    pub(super) fn is_end(self) -> bool {
        self.step() == 64
    }

    /// Merges this entry with the next one, if possible.
    fn then(self, next: AcEntry) -> Option<AcEntry> {
        let length = self.length() + next.length();
        let step = self.step() + next.step();
        let two = self.first_at() != self.last_at();
        let none = self.last_at() >= 128;
        if next == AcEntry::LONG || self.step() >= 64 || step >= 128 {
            return None;
        }
        let at = self.step() + next.first_at();
        match next.last_at() {
            // The end of the block. Sixteen zeros never end an entry that has coefficients.
            128.. if next.is_end() && !none => {
                Some(AcEntry(self.0 & !0xFF00_00FF | u64::from(length) | (step as u64) << 24))
            }
            128.. => None,
            _ if two => None,
            _ if none => Some(AcEntry::new(
                length,
                at as u32,
                at as u32,
                step as u32,
                next.first().into(),
                next.first().into(),
            )),
            _ => Some(AcEntry::new(
                length,
                self.first_at() as u32,
                at as u32,
                step as u32,
                self.first().into(),
                next.first().into(),
            )),
        }
    }
}

impl AcTable {
    /// `several` symbols per look-up pay off after a few thousand blocks.
    pub(super) fn new(spec: &Spec, several: bool) -> Result<Box<Self>> {
        let mut table = Box::new(AcTable {
            fast: [AcEntry::LONG.0; 1 << AC_BITS],
            codes: Codes::new(spec)?,
        });
        for Code { code, length, symbol } in list(spec) {
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                let step = match symbol {
                    0 => 64,
                    ZRL => 16,
                    // Runs of blocks without coefficients, in progressive scans (T.81 G.1.2.2).
                    _ => continue,
                };
                each_value::<AC_BITS>(code, length, 0, |range, _| {
                    table.fast[range].fill(AcEntry::new(length, 128, 128, step, 0, 0).0);
                });
            } else {
                each_value::<AC_BITS>(code, length, size, |range, value| {
                    table.fast[range].fill(AcEntry::new(length + size, run + 1, run + 1, run + 1, value, value).0);
                });
            }
        }
        if several {
            table.combine();
        }
        Ok(table)
    }

    #[inline(always)]
    pub(super) fn look_up(&self, bits: &Bits) -> AcEntry {
        AcEntry(self.fast[bits.peek(AC_BITS)])
    }

    fn combine(&mut self) {
        let single = self.fast;
        for (index, slot) in self.fast.iter_mut().enumerate() {
            let mut entry = AcEntry(single[index]);
            while entry != AcEntry::LONG && entry.length() < AC_BITS {
                let rest = (index << entry.length()) & ((1 << AC_BITS) - 1);
                let next = AcEntry(single[rest]);
                if entry.length() + next.length() > AC_BITS {
                    break;
                }
                let Some(both) = entry.then(next) else { break };
                entry = both;
            }
            *slot = entry.0;
        }
    }
}

/// How far several symbols lead, without their values.
#[derive(Debug)]
pub(super) struct SkipTable {
    /// By the next bits: step << 8 | bits to take (the last extra bits need not be visible); `LONG` if not decided.
    fast: [u16; 1 << SKIP_BITS],
}

impl SkipTable {
    /// Maximum bits that a look-up takes: three look-ups must fit between two refills.
    const LONGEST: u32 = 18;

    /// A single symbol must be decoded, for example if an entry might lead past the end of a block.
    const LONG: u16 = 63 << 8;

    /// `_checked` was made from the same `spec`, which proves that its codes fit.
    pub(super) fn new(spec: &Spec, _checked: &Codes) -> Box<Self> {
        // Code length << 16 | step << 8 | bits to take.
        let mut single = [0u32; 1 << SKIP_BITS];
        for Code { code, length, symbol } in list(spec) {
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            let step = match (symbol, size) {
                (0, _) => 64,
                (ZRL, _) => 16,
                (_, 0) => continue,
                _ => run + 1,
            };
            each_value::<SKIP_BITS>(code, length, 0, |range, _| {
                single[range].fill(length << 16 | step << 8 | (length + size));
            });
        }
        let mut table = Box::new(SkipTable {
            fast: [Self::LONG; 1 << SKIP_BITS],
        });
        for (index, slot) in table.fast.iter_mut().enumerate() {
            let (mut step, mut taken) = (single[index] >> 8 & 0xFF, single[index] & 0xFF);
            while taken > 0 && taken < SKIP_BITS && step < 64 {
                let next = single[index << taken & ((1 << SKIP_BITS) - 1)];
                let (code_length, ahead) = (next >> 16, next >> 8 & 0xFF);
                let together = taken + (next & 0xFF);
                // Codes are prefix-free: a code that fits into the remaining bits is the right one.
                if next == 0
                    || code_length > SKIP_BITS - taken
                    || step + (ahead & 63) > 62
                    || together > SkipTable::LONGEST
                {
                    break;
                }
                step += ahead;
                taken = together;
            }
            if taken > 0 && taken <= SkipTable::LONGEST {
                *slot = (step << 8 | taken) as u16;
            }
        }
        table
    }

    /// Step << 8 | bits to take, with 64 more steps at the end of the block; (63, 0) if one symbol must be decoded.
    #[inline(always)]
    pub(super) fn look_up(&self, bits: &Bits) -> u32 {
        self.fast[bits.peek(SKIP_BITS)].into()
    }
}

#[cfg(test)]
mod tests;

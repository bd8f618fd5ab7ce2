//! Prefix codes (RFC 9649, 3.7.2).

use super::bits::Bits;

/// The longest code.
const LONGEST: usize = 15;
/// Bits that the first table of a code is looked up with, at most.
const ROOT: u32 = 8;
/// Entries beyond which a place doesn't fit in an entry; pictures have a hundredth of that.
const MOST: usize = 1 << 24;
/// Set in an entry that leads to a second table.
const MORE: u32 = 0x80;

/// Tables of prefix codes, end to end. In an entry, the lowest seven bits are the length of a code, and those from the
/// ninth on its symbol, or the place of a second table and the bits that it is looked up with.
#[derive(Debug, Default)]
pub(super) struct Tables(Vec<u32>);

/// A code's place in the tables.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Code {
    start: u32,
    mask: u32,
}

impl Tables {
    pub(super) fn bytes(&self) -> u64 {
        size_of_val(&self.0[..]) as u64
    }

    /// Decodes a symbol of up to 15 bits, which have to be available.
    #[inline(always)]
    pub(super) fn symbol(&self, code: Code, bits: &mut Bits<'_>) -> u32 {
        let next = bits.peek();
        let mut entry = self.at(code.start + (next & code.mask));
        if entry & MORE != 0 {
            let width = entry & 0x7f;
            entry = self.at((entry >> 8) + ((next >> ROOT) & ((1 << width) - 1)));
        }
        bits.skip(entry & 0x7f);
        entry >> 8
    }

    #[inline(always)]
    fn at(&self, place: u32) -> u32 {
        self.0.get(place as usize).copied().unwrap_or_default()
    }

    /// Adds the canonical code with these lengths, one for each symbol; nothing if it is not complete. A single symbol
    /// takes no bits.
    pub(super) fn add(&mut self, lengths: &[u8]) -> Option<Code> {
        let mut counts = [0u32; LONGEST + 1];
        lengths.iter().for_each(|&length| counts[usize::from(length)] += 1);
        counts[0] = 0;
        if self.0.len() + (1 << LONGEST) > MOST {
            return None;
        }
        let start = self.0.len() as u32;
        if counts.iter().sum::<u32>() == 1 {
            let symbol = lengths.iter().position(|&length| length > 0)?;
            self.0.push((symbol as u32) << 8);
            return Some(Code { start, mask: 0 });
        }
        // The first code of each length; a complete code uses up all there are.
        let mut next = [0u32; LONGEST + 1];
        let mut code = 0;
        for length in 1..=LONGEST {
            next[length] = code;
            code = (code + counts[length]) << 1;
        }
        if code != 2 << LONGEST {
            return None;
        }
        let longest = counts.iter().rposition(|&count| count > 0)? as u32;
        let root = longest.min(ROOT);
        self.0.resize(self.0.len() + (1 << root), 0);
        let mut codes = Vec::with_capacity(lengths.len());
        // How many bits of codes follow the first table's.
        let mut widths = [0u32; 1 << ROOT];
        for (symbol, &length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            let code = &mut next[usize::from(length)];
            let length = u32::from(length);
            let reversed = code.reverse_bits() >> (32 - length);
            *code += 1;
            codes.push((symbol as u32, length, reversed));
            if length > root {
                let width = &mut widths[(reversed & ((1 << root) - 1)) as usize];
                *width = (*width).max(length - root);
            }
        }
        for (prefix, &width) in widths.iter().enumerate().filter(|(_, width)| **width > 0) {
            self.0[start as usize + prefix] = (self.0.len() as u32) << 8 | MORE | width;
            self.0.resize(self.0.len() + (1 << width), 0);
        }
        for (symbol, length, reversed) in codes {
            let entry = symbol << 8 | length;
            let (first, end, step) = if length <= root {
                (start + reversed, start + (1 << root), 1 << length)
            } else {
                let second = self.0[(start + (reversed & ((1 << root) - 1))) as usize];
                let (place, width) = (second >> 8, second & 0x7f);
                (place + (reversed >> root), place + (1 << width), 1 << (length - root))
            };
            for place in (first..end).step_by(step) {
                self.0[place as usize] = entry;
            }
        }
        Some(Code {
            start,
            mask: (1 << root) - 1,
        })
    }

    /// Reads a code for `symbols` symbols (3.7.2.1); nothing if it makes no sense.
    pub(super) fn read(&mut self, bits: &mut Bits<'_>, symbols: usize) -> Option<Code> {
        let mut lengths = vec![0; symbols];
        if bits.flag() {
            let two = bits.flag();
            let first = if bits.flag() { 8 } else { 1 };
            *lengths.get_mut(bits.number(first) as usize)? = 1;
            if two {
                *lengths.get_mut(bits.number(8) as usize)? = 1;
            }
            return self.add(&lengths);
        }
        const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        let mut own = [0; 19];
        let count = bits.number(4) as usize + 4;
        for &place in &ORDER[..count] {
            own[place] = bits.number(3) as u8;
        }
        let mut tables = Tables::default();
        let code = tables.add(&own)?;
        let mut left = match bits.flag() {
            true => {
                let width = 2 + 2 * bits.number(3);
                2 + bits.number(width) as usize
            }
            false => symbols,
        };
        let (mut at, mut previous) = (0, 8);
        while at < symbols && left > 0 {
            left -= 1;
            bits.refill();
            let (length, times) = match tables.symbol(code, bits) {
                16 => (previous, 3 + bits.take(2) as usize),
                17 => (0, 3 + bits.take(3) as usize),
                18 => (0, 11 + bits.take(7) as usize),
                length => (length as u8, 1),
            };
            if length > 0 {
                previous = length;
            }
            lengths.get_mut(at..at + times)?.fill(length);
            at += times;
        }
        self.add(&lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_all_lengths_are_found() {
        // One code of each length from 1 to 14, and two of 15.
        let lengths: Vec<u8> = (1..=15).chain([15]).collect();
        let mut tables = Tables::default();
        let code = tables.add(&lengths).unwrap();
        for (symbol, &length) in lengths.iter().enumerate() {
            // As many ones as there are shorter codes, from the first bit on.
            let ones = (symbol as u32).min(15);
            let data = ((1u64 << ones) - 1).to_le_bytes();
            let mut bits = Bits::new(&data);
            bits.refill();
            assert_eq!(tables.symbol(code, &mut bits), symbol as u32);
            assert_eq!(bits.peek(), 0, "{length} bits");
        }
        assert!(tables.add(&[1, 2]).is_none() && tables.add(&[1, 1, 1]).is_none() && tables.add(&[0, 0]).is_none());
        let one = tables.add(&[0, 0, 9]).unwrap();
        assert_eq!(tables.symbol(one, &mut Bits::new(&[])), 2);
    }
}

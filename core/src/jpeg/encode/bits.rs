//! The entropy-coded bit stream: big-endian bits with byte stuffing (T.81 F.1.2.3).

/// Appends bits to a file.
pub(super) struct BitWriter<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) word: Word,
}

/// The bits that have not been written yet.
///
/// They collect in 64 bits that are written when full, so that the check for 0xFF (which needs a zero
/// byte after it) is made once per eight bytes. Kept apart from the file so that loops can hold it in registers.
#[derive(Clone, Copy)]
pub(super) struct Word {
    bits: u64,
    /// Free bits: 1 to 64.
    free: u32,
}

impl Word {
    const EMPTY: Word = Word { bits: 0, free: 64 };

    /// Appends the low `len` bits of `bits`; the others are 0, and `len` is at most 32.
    #[inline(always)]
    pub(super) fn put(&mut self, out: &mut Vec<u8>, bits: u32, len: u32) {
        let bits = u64::from(bits);
        if len < self.free {
            self.bits = (self.bits << len) | bits;
            self.free -= len;
        } else {
            // Here `free` is at most 32. Whatever is above the new bits is shifted out later.
            let over = len - self.free;
            let full = (self.bits << self.free) | (bits >> over);
            self.bits = bits;
            self.free = 64 - over;
            write(out, full);
        }
    }
}

impl<'a> BitWriter<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        BitWriter { out, word: Word::EMPTY }
    }

    /// Fills the last byte with 1 bits and writes it, as before a marker.
    pub(super) fn align(&mut self) {
        let padding = self.word.free % 8;
        self.word.put(self.out, (1 << padding) - 1, padding);
        for i in (0..(64 - self.word.free) / 8).rev() {
            push_stuffed(self.out, (self.word.bits >> (8 * i)) as u8);
        }
        self.word = Word::EMPTY;
    }

    /// Ends the interval and writes restart marker number `index` modulo 8 (T.81 B.1.1.3).
    pub(super) fn restart(&mut self, index: usize) {
        self.align();
        self.out.extend_from_slice(&[0xff, 0xd0 | (index & 7) as u8]);
    }
}

#[inline(always)]
fn write(out: &mut Vec<u8>, full: u64) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // A byte of 0xFF has its top bit set and loses it when one is added. If no byte does, none is 0xFF.
    if full & (ONES << 7) & !full.wrapping_add(ONES) == 0 {
        out.extend_from_slice(&full.to_be_bytes());
    } else {
        write_stuffed(out, full);
    }
}

#[inline(never)]
fn write_stuffed(out: &mut Vec<u8>, full: u64) {
    for byte in full.to_be_bytes() {
        push_stuffed(out, byte);
    }
}

fn push_stuffed(out: &mut Vec<u8>, byte: u8) {
    out.push(byte);
    if byte == 0xff {
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One bit after another, as in the standard's flow charts.
    fn slow(codes: &[(u32, u32)]) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        for &(value, len) in codes {
            bits.extend((0..len).rev().map(|i| (value >> i) & 1 == 1));
        }
        while !bits.len().is_multiple_of(8) {
            bits.push(true);
        }
        let mut out = Vec::new();
        for byte in bits.chunks(8) {
            push_stuffed(&mut out, byte.iter().fold(0, |byte, &bit| (byte << 1) | u8::from(bit)));
        }
        out
    }

    proptest! {
        #[test]
        fn writes_what_single_bits_would_give(
            codes in prop::collection::vec((any::<u32>(), 0..=32u32, any::<bool>()), 0..200),
        ) {
            // Half of the codes are all ones, so that stuffing happens.
            let codes: Vec<_> = codes
                .into_iter()
                .map(|(value, len, ones)| {
                    let mask = (((1u64 << len) - 1) & 0xffff_ffff) as u32;
                    (if ones { mask } else { value & mask }, len)
                })
                .collect();
            let mut out = Vec::new();
            let mut writer = BitWriter::new(&mut out);
            for &(value, len) in &codes {
                writer.word.put(writer.out, value, len);
            }
            writer.align();
            prop_assert_eq!(out, slow(&codes));
        }
    }
}

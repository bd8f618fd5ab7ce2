//! The entropy-coded bit stream: big-endian bits with byte stuffing (T.81 F.1.2.3).

/// Appends bits to a file.
///
/// Bits collect in a 64-bit word that is written when it is full, so that the check for 0xFF (which needs a
/// zero byte behind it) is made once for eight bytes.
pub(super) struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    word: u64,
    /// Bits of `word` that are still free: 1 to 64.
    free: u32,
}

impl<'a> BitWriter<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        BitWriter { out, word: 0, free: 64 }
    }

    /// Appends the low `len` bits of `bits`; the others are 0, and `len` is at most 32.
    #[inline(always)]
    pub(super) fn put(&mut self, bits: u32, len: u32) {
        let bits = u64::from(bits);
        if len < self.free {
            self.word = (self.word << len) | bits;
            self.free -= len;
        } else {
            // Here `free` is at most 32. What is left of `word` above the new bits falls out at its next shift.
            let over = len - self.free;
            let full = (self.word << self.free) | (bits >> over);
            self.word = bits;
            self.free = 64 - over;
            self.write(full);
        }
    }

    /// Fills the last byte with 1 bits and writes it, as before a marker.
    pub(super) fn align(&mut self) {
        let used = 64 - self.free;
        let padding = used.wrapping_neg() & 7;
        self.put((1 << padding) - 1, padding);
        let bytes = (64 - self.free) / 8;
        for i in (0..bytes).rev() {
            push_stuffed(self.out, (self.word >> (8 * i)) as u8);
        }
        self.word = 0;
        self.free = 64;
    }

    /// Ends the interval and writes restart marker number `index` modulo 8 (T.81 B.1.1.3).
    pub(super) fn restart(&mut self, index: usize) {
        self.align();
        self.out.extend_from_slice(&[0xff, 0xd0 | (index & 7) as u8]);
    }

    /// What was written so far.
    pub(super) fn written(&mut self) -> &mut Vec<u8> {
        self.out
    }

    #[inline(always)]
    fn write(&mut self, full: u64) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        // A byte of 0xFF has its top bit set and loses it when one is added; no such byte, no candidate.
        if full & (ONES << 7) & !full.wrapping_add(ONES) == 0 {
            self.out.extend_from_slice(&full.to_be_bytes());
        } else {
            self.write_stuffed(full);
        }
    }

    #[inline(never)]
    fn write_stuffed(&mut self, full: u64) {
        for byte in full.to_be_bytes() {
            push_stuffed(self.out, byte);
        }
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

    /// One bit after another, as the standard's flow charts have it.
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
        fn writes_what_single_bits_would_give(codes in prop::collection::vec((any::<u32>(), 0..=32u32, any::<bool>()), 0..200)) {
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
                writer.put(value, len);
            }
            writer.align();
            prop_assert_eq!(out, slow(&codes));
        }
    }
}

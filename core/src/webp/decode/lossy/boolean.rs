//! The boolean decoder (RFC 6386, 7): an arithmetic decoder for bits whose chances are known.

/// Reads booleans from a partition, with up to 64 bits at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bools<'a> {
    /// What is not in `value` yet.
    data: &'a [u8],
    /// The bits at hand: the `bits + 8` lowest count.
    value: u64,
    /// Below zero, bytes have to be loaded before the next boolean.
    bits: i32,
    /// The range less one: 127 to 254 between two calls.
    range: u32,
    ended: bool,
}

impl<'a> Bools<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        let mut bools = Bools {
            data,
            value: 0,
            bits: -8,
            range: 254,
            ended: false,
        };
        bools.load();
        bools
    }

    /// Whether more was read than there is. What was read last may be wrong then.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// A boolean that is false with a chance of `chance` in 256.
    #[inline(always)]
    pub(super) fn get(&mut self, chance: u8) -> bool {
        if self.bits < 0 {
            self.load();
        }
        let split = (self.range * u32::from(chance)) >> 8;
        let bit = self.value.wrapping_shr(self.bits as u32) as u32 > split;
        let range = if bit {
            self.value = self
                .value
                .wrapping_sub(u64::from(split + 1).wrapping_shl(self.bits as u32));
            self.range - split
        } else {
            split + 1
        };
        // Back to the range from 128 on: `range` is at most 255 here.
        let shift = range.leading_zeros() - 24;
        self.range = (range << shift) - 1;
        self.bits -= shift as i32;
        bit
    }

    /// A boolean whose chances are even.
    #[inline(always)]
    pub(super) fn flag(&mut self) -> bool {
        self.get(128)
    }

    /// `value` or `-value`, with even chances.
    #[inline(always)]
    pub(super) fn signed(&mut self, value: i32) -> i32 {
        if self.bits < 0 {
            self.load();
        }
        let split = self.range >> 1;
        // As libwebp compares, also where a partition begins with 255, which no encoder writes.
        let mask = split.wrapping_sub(self.value.wrapping_shr(self.bits as u32) as u32) as i32 >> 31;
        let taken = u64::from((split + 1) & mask as u32);
        self.value = self.value.wrapping_sub(taken.wrapping_shl(self.bits as u32));
        self.bits -= 1;
        self.range = self.range.wrapping_add_signed(mask) | 1;
        (value ^ mask) - mask
    }

    /// An unsigned number of `count` bits.
    pub(super) fn number(&mut self, count: u32) -> u32 {
        (0..count).fold(0, |number, _| number << 1 | u32::from(self.flag()))
    }

    /// A number of `count` bits and a sign.
    pub(super) fn signed_number(&mut self, count: u32) -> i32 {
        let number = self.number(count) as i32;
        if self.flag() { -number } else { number }
    }

    /// A flag, and a signed number if it is set; else 0.
    pub(super) fn optional(&mut self, count: u32) -> i32 {
        if self.flag() { self.signed_number(count) } else { 0 }
    }

    /// Takes seven bytes, or one towards the end.
    #[inline(always)]
    fn load(&mut self) {
        match self.data.first_chunk::<8>() {
            Some(eight) => {
                self.value = self.value << 56 | u64::from_be_bytes(*eight) >> 8;
                self.bits += 56;
                self.data = &self.data[7..];
            }
            None => self.load_last(),
        }
    }

    /// The last bytes one by one, and then zeros.
    #[cold]
    fn load_last(&mut self) {
        let byte = match self.data.split_first() {
            Some((byte, rest)) => {
                self.data = rest;
                *byte
            }
            None => {
                self.ended = true;
                0
            }
        };
        self.value = self.value << 8 | u64::from(byte);
        self.bits += 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6386, 7.3, as it stands there.
    struct Encoder {
        out: Vec<u8>,
        range: u32,
        bottom: u32,
        left: i32,
    }

    impl Encoder {
        fn put(&mut self, chance: u8, bit: bool) {
            let split = 1 + (((self.range - 1) * u32::from(chance)) >> 8);
            if bit {
                self.carry(split);
                self.range -= split;
            } else {
                self.range = split;
            }
            while self.range < 128 {
                self.range <<= 1;
                if self.bottom & 1 << 31 != 0 {
                    self.increment();
                }
                self.bottom <<= 1;
                self.left -= 1;
                if self.left == 0 {
                    self.out.push((self.bottom >> 24) as u8);
                    self.bottom &= (1 << 24) - 1;
                    self.left = 8;
                }
            }
        }

        fn carry(&mut self, split: u32) {
            let (sum, over) = self.bottom.overflowing_add(split);
            assert!(!over);
            self.bottom = sum;
        }

        fn increment(&mut self) {
            for byte in self.out.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }

        fn finish(mut self) -> Vec<u8> {
            for _ in 0..32 {
                self.put(128, false);
            }
            self.out
        }
    }

    #[test]
    fn what_was_put_in_comes_out() {
        let mut seed = 7u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 16
        };
        let bits: Vec<(u8, bool)> = (0..5000)
            .map(|_| {
                let chance = next() as u8;
                (chance.max(1), next() as u8 >= chance)
            })
            .collect();
        let mut encoder = Encoder {
            out: Vec::new(),
            range: 255,
            bottom: 0,
            left: 24,
        };
        bits.iter().for_each(|&(chance, bit)| encoder.put(chance, bit));
        [5, -5].iter().for_each(|value| encoder.put(128, *value < 0));
        let data = encoder.finish();
        let mut bools = Bools::new(&data);
        assert!(bits.iter().all(|&(chance, bit)| bools.get(chance) == bit));
        assert_eq!((bools.signed(5), bools.signed(5)), (5, -5));
        assert!(!bools.ended());
        for _ in 0..64 {
            bools.flag();
        }
        assert!(bools.ended());
    }
}

//! Reading bits, least significant first (RFC 9649, 3.1).

#[derive(Debug, Clone)]
pub(super) struct Bits<'a> {
    /// What is not in `value` yet.
    data: &'a [u8],
    value: u64,
    /// How many bits of `value` count.
    count: u32,
    /// How many of them, and of those before, are zeros that follow the end.
    padding: u64,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Bits {
            data,
            value: 0,
            count: 0,
            padding: 0,
        }
    }

    /// Whether more was taken than there is.
    pub(super) fn ended(&self) -> bool {
        u64::from(self.count) < self.padding
    }

    /// Makes at least 56 bits available.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        match self.data.first_chunk::<8>() {
            Some(eight) => {
                self.value |= u64::from_le_bytes(*eight) << self.count;
                let bytes = (63 - self.count) >> 3;
                self.data = &self.data[bytes as usize..];
                self.count += bytes * 8;
            }
            None => self.refill_last(),
        }
    }

    #[cold]
    fn refill_last(&mut self) {
        while self.count < 56 {
            match self.data.split_first() {
                Some((&byte, rest)) => {
                    self.value |= u64::from(byte) << self.count;
                    self.data = rest;
                }
                None => self.padding += 8,
            }
            self.count += 8;
        }
    }

    /// The next bits, from the lowest.
    #[inline(always)]
    pub(super) fn peek(&self) -> u32 {
        self.value as u32
    }

    /// Drops up to 32 bits that are available.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.value >>= count;
        self.count -= count;
    }

    /// Takes up to 24 bits that are available.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        let bits = self.peek() & ((1 << count) - 1);
        self.skip(count);
        bits
    }

    /// Takes up to 24 bits.
    pub(super) fn number(&mut self, count: u32) -> u32 {
        self.refill();
        self.take(count)
    }

    pub(super) fn flag(&mut self) -> bool {
        self.number(1) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_out_in_order_and_the_end_is_noticed() {
        let data: Vec<u8> = (1..=19).map(|v| v * 13).collect();
        let mut bits = Bits::new(&data);
        for at in 0..19 * 8 {
            assert_eq!(bits.flag(), data[at / 8] >> (at % 8) & 1 == 1);
        }
        assert!(!bits.ended());
        assert!(!bits.flag() && bits.ended());
    }
}

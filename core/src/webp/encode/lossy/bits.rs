//! The boolean encoder (RFC 6386, 7): an arithmetic coder for bits whose chances are known.

/// Writes booleans.
#[derive(Debug)]
pub(super) struct Bools {
    out: Vec<u8>,
    /// The low end of the interval: its `pending + 8` lowest bits are still open, and one above them is a carry.
    low: u64,
    /// 128 to 255 between two calls.
    range: u32,
    pending: u32,
}

impl Bools {
    pub(super) fn new() -> Self {
        Bools {
            out: Vec::new(),
            low: 0,
            range: 255,
            pending: 0,
        }
    }

    /// A boolean that is false with a chance of `chance` in 256.
    #[inline(always)]
    pub(super) fn put(&mut self, bit: bool, chance: u8) {
        let split = 1 + (((self.range - 1) * u32::from(chance)) >> 8);
        let taken = if bit { split } else { 0 };
        let range = if bit { self.range - split } else { split };
        self.low += u64::from(taken);
        let shift = range.leading_zeros() - 24;
        self.range = range << shift;
        self.low <<= shift;
        self.pending += shift;
        if self.pending >= 40 {
            self.flush(5);
        }
    }

    /// A boolean whose chances are even.
    #[inline(always)]
    pub(super) fn flag(&mut self, bit: bool) {
        self.put(bit, 128);
    }

    /// An unsigned number of `count` bits.
    pub(super) fn number(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            self.flag(value >> bit & 1 != 0);
        }
    }

    /// Whether a number is there, and if so its `count` bits and its sign.
    pub(super) fn optional(&mut self, value: i32, count: u32) {
        self.flag(value != 0);
        if value != 0 {
            self.signed(value, count);
        }
    }

    /// `count` bits and a sign.
    pub(super) fn signed(&mut self, value: i32, count: u32) {
        self.number(value.unsigned_abs(), count);
        self.flag(value < 0);
    }

    #[inline(never)]
    fn flush(&mut self, bytes: u32) {
        let keep = self.pending + 8 - 8 * bytes;
        let top = self.low >> keep;
        self.low &= (1 << keep) - 1;
        self.pending -= 8 * bytes;
        if top >> (8 * bytes) != 0 {
            for byte in self.out.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
        self.out.extend_from_slice(&top.to_be_bytes()[8 - bytes as usize..]);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        // The open bits, filled up to whole bytes.
        let fill = (8 - self.pending % 8) % 8;
        self.low <<= fill;
        self.pending += fill;
        let bytes = self.pending / 8 + 1;
        self.low <<= 8;
        self.pending += 8;
        self.flush(bytes);
        self.out
    }
}

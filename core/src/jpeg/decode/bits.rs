//! Reading bits, most significant first (T.81 F.2.2.5), from bytes whose stuffing has been removed.

/// A 64-bit buffer over a slice that the caller holds, so that the slice stays in registers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bits {
    /// The next bits, from the top. Below the `left` valid ones there may be more that are valid as well.
    buffer: u64,
    left: u32,
    /// The next byte of the slice to go into the buffer.
    pos: usize,
    /// Raised by a code that is in no table.
    pub(super) bad_code: bool,
}

impl Bits {
    /// Makes at least 56 bits valid. Behind the end of the data come zeros, as many as are asked for.
    ///
    /// No branch but the one for the end: the buffer takes eight bytes, of which only the whole ones that fit are
    /// counted; the others are read again next time, and are the same.
    #[inline(always)]
    pub(super) fn refill(&mut self, data: &[u8]) {
        let next = match data.get(self.pos..).and_then(|rest| rest.first_chunk::<8>()) {
            Some(&eight) => u64::from_be_bytes(eight),
            None => last_bytes(data, self.pos),
        };
        self.buffer |= next >> self.left;
        self.pos += ((63 - self.left) >> 3) as usize;
        self.left |= 56;
    }

    /// The next `count` bits (1 to 32) without taking them.
    #[inline(always)]
    pub(super) fn peek(&self, count: u32) -> usize {
        (self.buffer >> (64 - count)) as usize
    }

    /// Drops `count` bits that are in the buffer.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.buffer <<= count & 63;
        self.left = self.left.wrapping_sub(count);
    }

    /// Takes `count` bits (0 to 16) that are in the buffer.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        let value = ((self.buffer >> 1) >> (63 - count)) as u32;
        self.skip(count);
        value
    }

    /// Takes `size` bits and extends their sign (T.81 F.2.2.1, EXTEND).
    #[inline(always)]
    pub(super) fn take_signed(&mut self, size: u32) -> i32 {
        extend(self.take(size), size)
    }

    /// Bits taken since the start of the slice.
    #[inline(always)]
    pub(super) fn consumed(&self) -> usize {
        (self.pos * 8).saturating_sub(self.left as usize)
    }

    /// The first byte that is not in the buffer.
    #[inline(always)]
    pub(super) fn position(&self) -> usize {
        self.pos
    }

    /// The slice has lost its first `bytes` bytes.
    pub(super) fn shift(&mut self, bytes: usize) {
        self.pos -= bytes;
    }
}

/// The value that `size` extra bits stand for (T.81 F.2.2.1 and table F.1).
#[inline(always)]
pub(super) fn extend(value: u32, size: u32) -> i32 {
    let value = value as i32;
    let limit = (1i32 << size) >> 1;
    if value < limit { value - (1 << size) + 1 } else { value }
}

#[cold]
#[inline(never)]
fn last_bytes(data: &[u8], pos: usize) -> u64 {
    let rest = data.get(pos..).unwrap_or(&[]);
    let mut eight = [0; 8];
    eight[..rest.len()].copy_from_slice(rest);
    u64::from_be_bytes(eight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_out_in_order_and_zeros_follow() {
        let data: Vec<u8> = (1..=19).collect();
        let expected: Vec<u8> = data
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
            .chain([0; 64])
            .collect();
        for width in 1..=16 {
            let mut bits = Bits::default();
            for group in expected.chunks_exact(width) {
                bits.refill(&data);
                let value = group.iter().fold(0, |sum, &bit| sum << 1 | u32::from(bit));
                assert_eq!(bits.peek(width as u32), value as usize);
                assert_eq!(bits.take(width as u32), value);
            }
            assert_eq!(bits.consumed(), expected.len() / width * width);
        }
    }

    #[test]
    fn extra_bits_extend_as_in_table_f1() {
        assert_eq!(extend(0, 0), 0);
        assert_eq!([extend(0, 1), extend(1, 1)], [-1, 1]);
        assert_eq!([extend(0, 3), extend(3, 3), extend(4, 3), extend(7, 3)], [-7, -4, 4, 7]);
    }
}

//! Reading bits, most significant first (T.81 F.2.2.5), from bytes whose stuffing has been removed.

/// Size of the window on an entropy-coded segment, in bytes: a power of two.
pub(super) const WINDOW: usize = 16 << 10;

/// The bytes, and eight more, so that eight bytes can be read at any place below `WINDOW` without a check.
pub(super) type Window = [u8; WINDOW + 8];

/// A 64-bit buffer over a window that the caller owns.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bits {
    /// The next bits, from the top. Below the `left` bits that count there may be more valid ones.
    buffer: u64,
    left: u32,
    /// The next byte of the window to go into the buffer.
    pos: usize,
    /// Set by a code that is in no table.
    pub(super) bad_code: bool,
}

impl Bits {
    /// Makes at least 56 bits valid. The window has zeros after its last byte.
    ///
    /// There is no branch: the buffer takes eight bytes, of which only the whole ones that fit are counted; the others
    /// are read again next time, and are the same.
    #[inline(always)]
    pub(super) fn refill(&mut self, window: &Window) {
        let next = window[self.pos & (WINDOW - 1)..]
            .first_chunk::<8>()
            .map_or(0, |&eight| u64::from_be_bytes(eight));
        self.buffer |= next >> self.left;
        self.pos += ((63 - self.left) >> 3) as usize;
        self.left |= 56;
    }

    /// Peeks at the next `count` bits (1 to 32).
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

    /// The first half of `skip`: drops as many bits as the lowest six bits of `entry` say. `account` must follow,
    /// at the latest before the next refill; one call may cover several.
    #[inline(always)]
    pub(super) fn shift_out(&mut self, entry: u32) {
        self.buffer <<= entry & 63;
    }

    /// The second half of `skip`.
    #[inline(always)]
    pub(super) fn account(&mut self, count: u32) {
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

    /// Takes the byte at `position`, instead of bits.
    #[inline(always)]
    pub(super) fn byte(&mut self, window: &Window) -> u8 {
        let byte = window[self.pos & (WINDOW - 1)];
        self.pos += 1;
        byte
    }

    /// Bits taken since the start of the window.
    #[inline(always)]
    pub(super) fn consumed(&self) -> usize {
        (self.pos * 8).saturating_sub(self.left as usize)
    }

    /// The first byte that is not in the buffer yet.
    #[inline(always)]
    pub(super) fn position(&self) -> usize {
        self.pos
    }

    /// The window has lost its first `bytes` bytes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_out_in_order_and_zeros_follow() {
        let data: Vec<u8> = (1..=19).collect();
        let mut window: Window = [0; WINDOW + 8];
        window[..19].copy_from_slice(&data);
        let expected: Vec<u8> = data
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
            .chain([0; 64])
            .collect();
        for width in 1..=16 {
            let mut bits = Bits::default();
            for group in expected.chunks_exact(width) {
                bits.refill(&window);
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

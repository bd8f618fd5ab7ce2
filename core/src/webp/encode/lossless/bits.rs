//! Writing bits, least significant first (RFC 9649, 3.1).

use crate::budget::{Budget, Reserved};
use crate::error::{Error, Result};
use crate::format::Format;

/// Sizes have 32 bits.
const LARGEST: u64 = u32::MAX as u64 - (1 << 16);

/// Appends bits to bytes, in room that is booked before.
pub(super) struct Bits<'a> {
    out: &'a mut Vec<u8>,
    value: u64,
    count: u32,
    booked: Vec<Reserved>,
}

impl<'a> Bits<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Bits {
            out,
            value: 0,
            count: 0,
            booked: Vec::new(),
        }
    }

    /// Makes room for this many bits.
    pub(super) fn room(&mut self, bits: u64, budget: &Budget) -> Result<()> {
        let bytes = bits / 8 + 16;
        if self.out.len() as u64 + bytes > LARGEST {
            return Err(Error::encoder(Format::Webp, "the file would pass the format's limits"));
        }
        let bytes = bytes as usize;
        if self.out.capacity() - self.out.len() < bytes {
            self.booked.push(budget.reserve(bytes as u64)?);
            let what = "a lossless WebP file";
            let full = |_| Error::OutOfMemory {
                bytes: bytes as u64,
                what,
            };
            self.out.try_reserve(bytes).map_err(full)?;
        }
        Ok(())
    }

    /// Adds up to 32 bits.
    #[inline(always)]
    pub(super) fn put(&mut self, bits: u32, count: u32) {
        self.value |= u64::from(bits) << self.count;
        self.count += count;
        if self.count >= 32 {
            self.out.extend_from_slice(&(self.value as u32).to_le_bytes());
            self.value >>= 32;
            self.count -= 32;
        }
    }

    /// Zeros to the end of the byte. What was booked stays so until the last of `self` is dropped.
    pub(super) fn finish(self) -> Vec<Reserved> {
        let bytes = self.count.div_ceil(8) as usize;
        self.out.extend_from_slice(&self.value.to_le_bytes()[..bytes]);
        self.booked
    }
}

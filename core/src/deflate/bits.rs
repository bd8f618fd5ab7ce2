//! Bits, the first in the lowest place of a byte (RFC 1951, 3.1.1).

/// Writes into room that was made before.
pub(super) struct Writer<'a> {
    out: &'a mut [u8],
    at: usize,
    pending: Pending,
}

/// Bits that don't fill a byte yet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pending {
    bits: u64,
    count: u32,
}

/// Appends what `write` writes, at most `bits` bits, after those that are pending.
pub(super) fn append(out: &mut Vec<u8>, pending: &mut Pending, bits: u64, write: impl FnOnce(&mut Writer<'_>)) {
    let start = out.len();
    out.resize(start + (bits / 8) as usize + 16, 0);
    let mut writer = Writer {
        out: &mut out[start..],
        at: 0,
        pending: *pending,
    };
    write(&mut writer);
    writer.flush();
    let end = start + writer.at;
    *pending = writer.pending;
    out.truncate(end);
}

impl Writer<'_> {
    /// Adds up to 56 bits, all calls since the last flush together.
    #[inline(always)]
    pub(super) fn put(&mut self, bits: u64, count: u32) {
        self.pending.bits |= bits << self.pending.count;
        self.pending.count += count;
    }

    #[inline(always)]
    pub(super) fn flush(&mut self) {
        self.out[self.at..][..8].copy_from_slice(&self.pending.bits.to_le_bytes());
        let bytes = self.pending.count / 8;
        self.at += bytes as usize;
        self.pending.bits >>= bytes * 8;
        self.pending.count %= 8;
    }

    /// Zeros to the end of the byte.
    pub(super) fn align(&mut self) {
        self.pending.count = self.pending.count.next_multiple_of(8);
        self.flush();
    }

    /// Whole bytes, where a byte begins.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.flush();
        self.out[self.at..][..bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len();
    }
}

//! The box structure of ISO/IEC 14496-12: a checked cursor over big-endian numbers, and boxes inside it.

use crate::error::{Error, Result};
use crate::format::Format;

/// A box's or an item's type.
pub(super) type Kind = [u8; 4];

/// A cursor that never leaves its slice: missing data is an error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

/// A box: its type and contents.
#[derive(Debug, Clone, Copy)]
pub(super) struct Atom<'a> {
    pub(super) kind: Kind,
    pub(super) body: Reader<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bytes(&mut self, len: usize) -> Result<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(len).ok_or_else(|| {
            let left = self.0.len();
            bad(format!(
                "a box ends after {left} bytes where a field of {len} was expected"
            ))
        })?;
        self.0 = tail;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(N)?);
        Ok(array)
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    /// An unsigned number of 0 to 8 bytes.
    pub(super) fn uint(&mut self, len: usize) -> Result<u64> {
        let bytes = self.bytes(len.min(8))?;
        Ok(bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    /// A number whose size depends on a flag, as for most item ids and counts.
    pub(super) fn u16_or_u32(&mut self, wide: bool) -> Result<u32> {
        if wide { self.u32() } else { self.u16().map(u32::from) }
    }

    /// Text up to its zero, or to the end of the box.
    pub(super) fn text(&mut self) -> &'a [u8] {
        let end = memchr::memchr(0, self.0).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.get(1..).unwrap_or_default();
        text
    }

    /// The version and the flags that a full box starts with.
    pub(super) fn version_flags(&mut self) -> Result<(u8, u32)> {
        let word = self.u32()?;
        Ok(((word >> 24) as u8, word & 0x00ff_ffff))
    }

    /// The next box, or `None` at the end. A box that claims more than its parent has is an error.
    pub(super) fn next_box(&mut self) -> Result<Option<Atom<'a>>> {
        self.box_up_to(false)
    }

    /// Like [`Reader::next_box`] for the file's own boxes: one that goes past the end is truncated, because a file that
    /// was cut off inside `mdat` still tells its size.
    pub(super) fn next_file_box(&mut self) -> Result<Option<Atom<'a>>> {
        self.box_up_to(true)
    }

    fn box_up_to(&mut self, cut: bool) -> Result<Option<Atom<'a>>> {
        if self.is_empty() {
            return Ok(None);
        }
        let before = self.0.len();
        if cut && before < 8 {
            return Err(Error::truncated(Format::Avif, "the file ends inside a box header"));
        }
        let short = self.u32()?;
        let kind = self.array()?;
        let size = match short {
            // Up to the end of the file; older writers do so inside boxes too.
            0 => before as u64,
            1 => self.u64()?,
            _ => u64::from(short),
        };
        if kind == *b"uuid" {
            self.bytes(16)?;
        }
        let header = (before - self.0.len()) as u64;
        let len = size
            .checked_sub(header)
            .ok_or_else(|| bad(format!("a box {} of {size} bytes", name(kind))))?;
        let available = self.0.len() as u64;
        if len > available && !cut {
            return Err(bad(format!(
                "a box {} of {len} bytes where its parent has {available}",
                name(kind)
            )));
        }
        let body = self.bytes(len.min(available) as usize)?;
        if len > available && kind != *b"mdat" {
            let reason = format!("the box {} has {available} of its {len} bytes", name(kind));
            return Err(Error::truncated(Format::Avif, reason));
        }
        Ok(Some(Atom {
            kind,
            body: Reader(body),
        }))
    }
}

/// A box type as text, for messages.
pub(super) fn name(kind: Kind) -> String {
    kind.escape_ascii().to_string()
}

pub(super) fn bad(reason: impl std::fmt::Display) -> Error {
    Error::bad_input(Format::Avif, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_big_endian_and_end_in_an_error() {
        let mut reader = Reader(&[1, 2, 3, 4, 5, b'a', b'b', 0, 9]);
        assert_eq!(reader.u16().unwrap(), 0x0102);
        assert_eq!(reader.uint(3).unwrap(), 0x030405);
        assert_eq!(reader.uint(0).unwrap(), 0);
        assert_eq!(reader.text(), b"ab");
        assert!(reader.u16().is_err());
        assert_eq!(reader.u8().unwrap(), 9);
        assert!(reader.is_empty());
    }

    #[test]
    fn boxes_of_every_size_form() {
        let mut data = vec![0, 0, 0, 9, b'a', b'b', b'c', b'd', 7];
        data.extend([0, 0, 0, 1, b'l', b'o', b'n', b'g', 0, 0, 0, 0, 0, 0, 0, 17, 8]);
        data.extend([0, 0, 0, 0, b'r', b'e', b's', b't', 9, 9]);
        let mut reader = Reader(&data);
        for (kind, body) in [(b"abcd", &[7][..]), (b"long", &[8]), (b"rest", &[9, 9])] {
            let found = reader.next_box().unwrap().unwrap();
            assert_eq!((found.kind, found.body.0), (*kind, body));
        }
        assert!(reader.next_box().unwrap().is_none());
    }

    #[test]
    fn a_box_larger_than_its_parent_is_refused() {
        for size in [1u8, 7, 11, 255] {
            let data = [0, 0, 0, size, b'a', b'b', b'c', b'd', 0, 0];
            assert!(Reader(&data).next_box().is_err(), "{size}");
        }
        let cut = Reader(&[0, 0, 0, 99, b'm', b'd', b'a', b't', 1])
            .next_file_box()
            .unwrap()
            .unwrap();
        assert_eq!(cut.body.0, [1]);
        let error = Reader(&[0, 0, 0, 99, b'm', b'e', b't', b'a', 1])
            .next_file_box()
            .unwrap_err();
        assert_eq!(error.code(), "TRUNCATED");
    }
}

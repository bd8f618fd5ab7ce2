//! Which chunks count: those that libpng heeds, where it heeds them.

use std::borrow::Cow;

use super::chunks::{Chunk, Ihdr};
use crate::error::{Error, Result};
use crate::format::Format;

/// What the chunks so far have said.
#[derive(Debug, Clone)]
pub(super) struct State<'a> {
    ihdr: Ihdr,
    /// Red, green and blue of each entry that an index can name.
    pub(super) palette: Option<&'a [u8]>,
    /// There is a `tRNS` that counts.
    pub(super) transparency: bool,
    /// The first pixels have come.
    pub(super) pixels: bool,
}

impl<'a> State<'a> {
    pub(super) fn new(ihdr: Ihdr) -> Self {
        State {
            ihdr,
            palette: None,
            transparency: false,
            pixels: false,
        }
    }

    /// Whether neither palette nor pixels have come: most chunks about colours belong there.
    pub(super) fn is_first(&self) -> bool {
        self.palette.is_none() && !self.pixels
    }

    /// Takes a chunk in, and says whether the pixels need it. Of the ancillary ones that is only `tRNS`.
    pub(super) fn counts(&mut self, chunk: &Chunk<'a>) -> Result<bool> {
        match &chunk.kind {
            b"IDAT" => {
                self.pixels = true;
                Ok(!(chunk.complete && chunk.data.is_empty()))
            }
            b"PLTE" if !self.pixels => self.take_palette(chunk),
            b"tRNS" => {
                let counts = !self.transparency && !self.pixels && self.is_transparency(chunk);
                self.transparency |= counts;
                Ok(counts)
            }
            _ => Ok(chunk.is_critical()),
        }
    }

    /// Where pixels are no indices, a palette is a suggestion, of any length.
    fn take_palette(&mut self, chunk: &Chunk<'a>) -> Result<bool> {
        let indexed = self.ihdr.colour == 3;
        let length = chunk.data.len();
        if indexed && chunk.complete && (length == 0 || length > 768 || !length.is_multiple_of(3)) {
            let reason = format_args!("a palette of {length} bytes; 3 each for 1 to 256 entries are legal");
            return Err(Error::bad_input(Format::Png, reason));
        }
        let most = if indexed { 3 << self.ihdr.depth } else { 768 };
        self.palette = self.palette.or(Some(&chunk.data[..length.min(most)]));
        Ok(indexed || !chunk.complete)
    }

    /// 11.3.1.1: after the palette, and no longer than that; or one colour of two bytes a channel.
    fn is_transparency(&self, chunk: &Chunk<'_>) -> bool {
        let fits = match self.ihdr.colour {
            0 => chunk.data.len() == 2,
            2 => chunk.data.len() == 6,
            3 => {
                let entries = self.palette.map_or(0, |palette| palette.len() / 3);
                (1..=entries).contains(&chunk.data.len())
            }
            _ => false,
        };
        fits && chunk.checksum_matches()
    }

    /// The bytes of a chunk; of a palette only the entries that an index can name.
    pub(super) fn fitted(&self, chunk: &Chunk<'a>) -> Cow<'a, [u8]> {
        match self.palette {
            Some(palette) if &chunk.kind == b"PLTE" && palette.len() < chunk.data.len() && chunk.checksum_matches() => {
                let typed = [&b"PLTE"[..], palette].concat();
                let length = (palette.len() as u32).to_be_bytes();
                let checksum = crc32fast::hash(&typed).to_be_bytes();
                [&length[..], &typed, &checksum].concat().into()
            }
            _ => chunk.whole.into(),
        }
    }
}

//! The compressed indices of a GIF image, a row at a time.

use weezl::decode::{Configuration, Decoder};
use weezl::{BitOrder, LzwStatus};

use super::blocks::{Picture, SubBlocks};
use crate::error::{Error, Result};
use crate::format::Format;

/// Why a row could not be filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stop {
    /// The data ended, at its end code or before it.
    Ended,
    /// A code that is not in the table.
    Invalid,
}

pub(super) struct Indices<'a> {
    decoder: Decoder,
    blocks: SubBlocks<'a>,
    block: &'a [u8],
    stop: Option<Stop>,
}

impl<'a> Indices<'a> {
    pub(super) fn new(picture: &Picture<'a>) -> Result<Self> {
        // 22: code sizes of 2 to 8 have a meaning; 1 and up to 11 are written and can be read.
        if !(1..=11).contains(&picture.code_size) {
            return Err(Error::bad_input(
                Format::Gif,
                format_args!("an LZW code size of {}; 2 to 8 are legal", picture.code_size),
            ));
        }
        Ok(Indices {
            decoder: Configuration::new(BitOrder::Lsb, picture.code_size)
                .with_yield_on_full_buffer(true)
                .build(),
            blocks: picture.data.clone(),
            block: &[],
            stop: None,
        })
    }

    /// Fills `row` from its start; tells how far it came, and why no further.
    pub(super) fn fill(&mut self, row: &mut [u8]) -> (usize, Option<Stop>) {
        let mut filled = 0;
        while filled < row.len() && self.stop.is_none() {
            if self.block.is_empty() {
                match self.blocks.next() {
                    Some(block) => self.block = block,
                    None => {
                        // Codes may still wait in the decoder.
                        let last = self.decoder.decode_bytes(&[], &mut row[filled..]);
                        filled += last.consumed_out;
                        if last.consumed_out == 0 {
                            self.stop = Some(Stop::Ended);
                        }
                        continue;
                    }
                }
            }
            let step = self.decoder.decode_bytes(self.block, &mut row[filled..]);
            filled += step.consumed_out;
            self.block = self.block.get(step.consumed_in..).unwrap_or_default();
            match step.status {
                Ok(LzwStatus::Ok) => {}
                Ok(LzwStatus::Done) => self.stop = Some(Stop::Ended),
                // Nothing in, nothing out: only a new block can help.
                Ok(LzwStatus::NoProgress) => self.block = &[],
                Err(_) => self.stop = Some(Stop::Invalid),
            }
        }
        (filled, if filled < row.len() { self.stop } else { None })
    }
}

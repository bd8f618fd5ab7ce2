//! The compressed indices of a GIF image, a row at a time.

use weezl::decode::{Configuration, Decoder};
use weezl::{BitOrder, LzwStatus};

use super::blocks::{GifImage, SubBlocks};
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

/// The decoder reads up to 64 bits ahead, and reports no progress if it finds a three-bit clear code in them.
const IDLE: u32 = 64 / 3 + 1;

pub(super) struct Indices<'a> {
    decoder: Decoder,
    blocks: SubBlocks<'a>,
    block: &'a [u8],
    stop: Option<Stop>,
}

impl<'a> Indices<'a> {
    pub(super) fn new(picture: &GifImage<'a>) -> Result<Self> {
        // 22: code sizes of 2 to 8 make sense; 1 and up to 11 occur and can be read.
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

    /// Fills `row` from its start; returns how far it got, and why it stopped.
    pub(super) fn fill(&mut self, row: &mut [u8]) -> (usize, Option<Stop>) {
        let mut filled = 0;
        let mut idle = 0;
        while filled < row.len() && self.stop.is_none() {
            let exhausted = self.block.is_empty() && {
                self.block = self.blocks.next().unwrap_or_default();
                self.block.is_empty()
            };
            // Without a block, codes may still be pending in the decoder.
            let step = self.decoder.decode_bytes(self.block, &mut row[filled..]);
            filled += step.consumed_out;
            self.block = self.block.get(step.consumed_in..).unwrap_or_default();
            idle = if step.consumed_in == 0 && step.consumed_out == 0 {
                idle + 1
            } else {
                0
            };
            match step.status {
                Ok(LzwStatus::Done) => self.stop = Some(Stop::Ended),
                Ok(_) if idle > IDLE && exhausted => self.stop = Some(Stop::Ended),
                // Nothing in, nothing out: only a new block can help.
                Ok(_) if idle > IDLE => self.block = &[],
                Ok(_) => {}
                Err(_) => self.stop = Some(Stop::Invalid),
            }
        }
        (filled, if filled < row.len() { self.stop } else { None })
    }
}

//! The blocks of a GIF (GIF89a, sections 17 to 27), read from the bytes without copying or decoding.

use crate::error::{Error, Result};
use crate::format::Format;

/// The logical screen descriptor, and where the blocks begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen<'a> {
    pub(super) width: u16,
    pub(super) height: u16,
    /// The colour of the palette's background entry.
    pub(super) background: Option<[u8; 3]>,
    /// Red, green, blue of up to 256 colours; empty if there is no global colour table.
    pub(super) palette: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Screen<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self> {
        if !bytes.starts_with(b"GIF8") {
            return Err(Error::bad_input(Format::Gif, "the signature is missing"));
        }
        let short = || {
            Error::truncated(
                Format::Gif,
                format_args!("{} bytes end before the header does", bytes.len()),
            )
        };
        let (&[w0, w1, h0, h1, flags, background, _aspect], rest) = bytes
            .get(6..)
            .and_then(<[u8]>::split_first_chunk::<7>)
            .ok_or_else(short)?;
        let (palette, rest) = palette(flags, rest).ok_or_else(short)?;
        Ok(Screen {
            width: u16::from_le_bytes([w0, w1]),
            height: u16::from_le_bytes([h0, h1]),
            background: palette.as_chunks::<3>().0.get(usize::from(background)).copied(),
            palette,
            rest,
        })
    }

    pub(super) fn blocks(&self) -> BlockIter<'a> {
        BlockIter {
            rest: self.rest,
            control: Control::default(),
        }
    }
}

/// A colour table: as many entries as the flags say (18, 20), or `None` if the bytes end in it.
fn palette(flags: u8, rest: &[u8]) -> Option<(&[u8], &[u8])> {
    match flags & 0x80 {
        0 => Some((&[], rest)),
        _ => rest.split_at_checked(3 << ((flags & 7) + 1)),
    }
}

/// The graphic control extension (23), for the image that follows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Control {
    pub(super) delay_ms: u32,
    pub(super) transparent: Option<u8>,
    pub(super) disposal: Disposal,
}

/// What holds without the extension. The time is that of browsers and libnsgif.
impl Default for Control {
    fn default() -> Self {
        Control {
            delay_ms: 100,
            transparent: None,
            disposal: Disposal::default(),
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Disposal {
    #[default]
    Keep,
    Background,
    Previous,
}

/// An image descriptor (20) with its colours and its compressed data.
#[derive(Debug, Clone)]
pub(super) struct GifImage<'a> {
    pub(super) left: u16,
    pub(super) top: u16,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) interlaced: bool,
    pub(super) palette: &'a [u8],
    pub(super) code_size: u8,
    pub(super) data: SubBlocks<'a>,
    /// Whether the data is complete, up to its terminator.
    pub(super) complete: bool,
    pub(super) control: Control,
}

/// What iterating over the blocks yields.
#[derive(Debug, Clone)]
pub(super) enum Block<'a> {
    Picture(GifImage<'a>),
    /// How many times the animation plays; 0 means forever.
    Loops(u32),
    Icc(SubBlocks<'a>),
    /// The packet, as stored in the file.
    Xmp(&'a [u8]),
    Trailer,
    /// The bytes end inside a block other than an image, or in an image's header.
    Cut,
    /// A byte that doesn't start any block: nothing after it can be read.
    Unknown(u8),
}

/// Ends after the trailer, after an unknown byte, and where the bytes end.
#[derive(Debug, Clone)]
pub(super) struct BlockIter<'a> {
    rest: &'a [u8],
    control: Control,
}

impl<'a> Iterator for BlockIter<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        loop {
            let (&introducer, rest) = self.rest.split_first()?;
            self.rest = rest;
            let block = match introducer {
                0x2c => self.picture().unwrap_or(Block::Cut),
                0x21 => match self.extension() {
                    Some(Some(block)) => block,
                    Some(None) => continue,
                    None => Block::Cut,
                },
                // An extra terminator is a common, harmless bug in writers.
                0 => continue,
                0x3b => Block::Trailer,
                unknown => Block::Unknown(unknown),
            };
            if matches!(block, Block::Trailer | Block::Cut | Block::Unknown(_)) {
                self.rest = &[];
            }
            return Some(block);
        }
    }
}

impl<'a> BlockIter<'a> {
    fn picture(&mut self) -> Option<Block<'a>> {
        let (&[l0, l1, t0, t1, w0, w1, h0, h1, flags], rest) = self.rest.split_first_chunk::<9>()?;
        let (palette, rest) = palette(flags, rest)?;
        let (&code_size, rest) = rest.split_first()?;
        let data = SubBlocks { rest };
        let (after, complete) = data.clone().skip();
        self.rest = after;
        Some(Block::Picture(GifImage {
            left: u16::from_le_bytes([l0, l1]),
            top: u16::from_le_bytes([t0, t1]),
            width: u16::from_le_bytes([w0, w1]),
            height: u16::from_le_bytes([h0, h1]),
            interlaced: flags & 0x40 != 0,
            palette,
            code_size,
            data,
            complete,
            control: std::mem::take(&mut self.control),
        }))
    }

    /// `None` if the bytes end in it, `Some(None)` for an extension that does not matter here.
    fn extension(&mut self) -> Option<Option<Block<'a>>> {
        let (&label, rest) = self.rest.split_first()?;
        let mut data = SubBlocks { rest };
        let (after, complete) = data.clone().skip();
        self.rest = after;
        if !complete {
            return None;
        }
        let first = data.next();
        Some(match (label, first) {
            (0xf9, Some(&[flags, d0, d1, transparent, ..])) => {
                self.control = Control {
                    delay_ms: u32::from(u16::from_le_bytes([d0, d1])) * 10,
                    transparent: (flags & 1 != 0).then_some(transparent),
                    disposal: match flags >> 2 & 7 {
                        2 => Disposal::Background,
                        // 4 is a common misreading of the bits.
                        3 | 4 => Disposal::Previous,
                        _ => Disposal::Keep,
                    },
                };
                None
            }
            (0xff, Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0")) => match data.next() {
                Some(&[1, n0, n1, ..]) => Some(Block::Loops(plays(u16::from_le_bytes([n0, n1])))),
                _ => None,
            },
            (0xff, Some(b"ICCRGBG1012")) => Some(Block::Icc(data)),
            (0xff, Some(b"XMP DataXMP")) => {
                // The packet is not split into sub-blocks; 256 bytes after it lead any reader to the terminator.
                let length = data.rest.len() - after.len();
                data.rest.get(..length.saturating_sub(258)).map(Block::Xmp)
            }
            _ => None,
        })
    }
}

/// Netscape's extension counts how many times the animation repeats; 0 means forever.
fn plays(again: u16) -> u32 {
    match again {
        0 => 0,
        again => u32::from(again) + 1,
    }
}

/// Sub-blocks (15) up to the terminator (16) or the end of the bytes.
#[derive(Debug, Clone)]
pub(super) struct SubBlocks<'a> {
    rest: &'a [u8],
}

impl<'a> SubBlocks<'a> {
    /// The bytes after the terminator, and whether there is one.
    fn skip(mut self) -> (&'a [u8], bool) {
        while let Some((&length, rest)) = self.rest.split_first() {
            if length == 0 {
                return (rest, true);
            }
            self.rest = rest.get(usize::from(length)..).unwrap_or_default();
        }
        (&[], false)
    }
}

impl<'a> Iterator for SubBlocks<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (&length, rest) = self.rest.split_first().filter(|(length, _)| **length != 0)?;
        let (block, rest) = rest.split_at(usize::from(length).min(rest.len()));
        self.rest = rest;
        Some(block)
    }
}

//! The chunks of a PNG: the header, the metadata, and the bytes that the pixels need.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use super::colours::Colours;
use super::state::State;
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::info::{ColourModel, Info, whole_dpi};
use crate::metadata::MetadataBlocks;

pub(super) const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

/// Maximum size of a compressed metadata block after inflation: a few kB of iCCP can expand to gigabytes.
pub(super) const METADATA_MAX: usize = 8 << 20;

/// The checked contents of IHDR (PNG 3rd edition, 11.2.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Ihdr {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) depth: u8,
    pub(super) colour: u8,
    pub(super) interlaced: bool,
}

impl Ihdr {
    pub(super) fn channels(self) -> u64 {
        match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }
}

/// A chunk: its type, as much of its data as there is, and where it ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk<'a> {
    pub(super) kind: [u8; 4],
    pub(super) data: &'a [u8],
    /// Length, type, data and checksum.
    pub(super) whole: &'a [u8],
    /// Whether the chunk is complete.
    pub(super) complete: bool,
}

impl Chunk<'_> {
    /// Bit 5 of the first letter (5.4): if it is clear, the image can't be shown without the chunk.
    pub(super) fn is_critical(&self) -> bool {
        self.kind[0] & 0x20 == 0
    }

    pub(super) fn checksum_matches(&self) -> bool {
        let Some((_, stored)) = self.whole.split_last_chunk::<4>() else {
            return false;
        };
        let Some(summed) = self.whole.get(4..self.whole.len().saturating_sub(4)) else {
            return false;
        };
        self.complete && crc32fast::hash(summed) == u32::from_be_bytes(*stored)
    }
}

/// The chunks after the signature, to IEND or to the end of the bytes.
#[derive(Debug, Clone)]
pub(super) struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Chunks::from(bytes, SIGNATURE.len())
    }

    /// Those from a place on.
    pub(super) fn from(bytes: &'a [u8], at: usize) -> Self {
        Chunks {
            rest: bytes.get(at..).unwrap_or_default(),
        }
    }

    /// All of them, with their places.
    pub(super) fn placed(bytes: &'a [u8]) -> impl Iterator<Item = (usize, Chunk<'a>)> {
        Chunks::new(bytes).scan(SIGNATURE.len(), |at, chunk| {
            let place = *at;
            *at += chunk.whole.len();
            Some((place, chunk))
        })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (length, after) = self.rest.split_first_chunk::<4>()?;
        let kind = *after.first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let end = length.saturating_add(12);
        let complete = end <= self.rest.len();
        let (whole, rest) = self.rest.split_at(end.min(self.rest.len()));
        let data = &whole[8..whole.len().min(length.saturating_add(8))];
        self.rest = if &kind == b"IEND" { &[] } else { rest };
        Some(Chunk {
            kind,
            data,
            whole,
            complete,
        })
    }
}

fn ihdr(bytes: &[u8]) -> Result<Ihdr> {
    if !bytes.starts_with(SIGNATURE) {
        return Err(Error::bad_input(Format::Png, "the signature is missing"));
    }
    let short = || {
        Error::truncated(
            Format::Png,
            format_args!("{} bytes end before the header does", bytes.len()),
        )
    };
    let first = Chunks::new(bytes).next().ok_or_else(short)?;
    if &first.kind == b"CgBI" {
        return Err(Error::unsupported("PNG in Apple's private CgBI form"));
    }
    if &first.kind != b"IHDR" || first.data.len() > 13 {
        return Err(Error::bad_input(
            Format::Png,
            "the first chunk is not a header of 13 bytes",
        ));
    }
    let &[
        w0,
        w1,
        w2,
        w3,
        h0,
        h1,
        h2,
        h3,
        depth,
        colour,
        compression,
        filter,
        interlace,
    ] = first.data
    else {
        return Err(short());
    };
    let header = Ihdr {
        width: u32::from_be_bytes([w0, w1, w2, w3]),
        height: u32::from_be_bytes([h0, h1, h2, h3]),
        depth,
        colour,
        interlaced: interlace == 1,
    };
    let bad = |reason: std::fmt::Arguments<'_>| Err(Error::bad_input(Format::Png, reason));
    if !(1..1 << 31).contains(&header.width) || !(1..1 << 31).contains(&header.height) {
        return bad(format_args!("a size of {}×{}", header.width, header.height));
    }
    let legal: &[u8] = match colour {
        0 => &[1, 2, 4, 8, 16],
        3 => &[1, 2, 4, 8],
        2 | 4 | 6 => &[8, 16],
        _ => return bad(format_args!("colour type {colour}; 0, 2, 3, 4 and 6 exist")),
    };
    if !legal.contains(&depth) {
        return bad(format_args!(
            "{depth} bits with colour type {colour}; {legal:?} are legal"
        ));
    }
    if compression != 0 || filter != 0 || interlace > 1 {
        return bad(format_args!(
            "compression {compression}, filter {filter}, interlace {interlace}"
        ));
    }
    Ok(header)
}

/// Header and metadata of the default image, but no pixels. Damaged metadata is ignored.
pub(super) fn read(bytes: &[u8]) -> Result<(Ihdr, Info, MetadataBlocks)> {
    let ihdr = ihdr(bytes)?;
    let mut metadata = MetadataBlocks::default();
    let mut state = State::new(ihdr);
    let (mut background, mut density, mut colours) = (None, None, Colours::default());
    for chunk in Chunks::new(bytes).filter(|chunk| chunk.complete) {
        state.counts(&chunk)?;
        match &chunk.kind {
            b"bKGD" if !state.pixels => background = colour(chunk.data, ihdr, state.palette.unwrap_or_default()),
            b"pHYs" if !state.pixels => density = dots_per_inch(chunk.data),
            // 5.6: before the palette and the pixels.
            b"iCCP" if metadata.icc.is_none() && state.is_first() => metadata.icc = icc_profile(chunk.data),
            b"cICP" | b"sRGB" | b"gAMA" | b"cHRM" | b"cLLI" | b"mDCV" if state.is_first() => colours.take(&chunk),
            b"eXIf" if metadata.exif.is_none() => metadata.exif = exif(chunk.data),
            b"iTXt" if metadata.xmp.is_none() => metadata.xmp = xmp(chunk.data),
            _ => {}
        }
    }
    metadata.space = colours.space(matches!(ihdr.colour, 0 | 4), metadata.icc.is_some());
    let info = Info {
        alpha: matches!(ihdr.colour, 4 | 6) || state.transparency,
        bits: ihdr.depth,
        progressive: ihdr.interlaced,
        density,
        background,
        ..Info::still(
            Format::Png,
            ihdr.width,
            ihdr.height,
            match ihdr.colour {
                0 | 4 => ColourModel::Grey,
                3 => ColourModel::Palette,
                _ => ColourModel::Rgb,
            },
        )
    };
    Ok((ihdr, info, metadata))
}

/// 11.3.4.1: an index, a grey sample, or three samples, each of two bytes whatever the depth.
fn colour(data: &[u8], ihdr: Ihdr, palette: &[u8]) -> Option<[u8; 3]> {
    let level = |high: u8, low: u8| match ihdr.depth {
        16 => high,
        depth => (u32::from(low) * 255 / ((1 << depth) - 1)).min(255) as u8,
    };
    match (ihdr.colour, data) {
        (3, &[index]) => palette.as_chunks::<3>().0.get(usize::from(index)).copied(),
        (0 | 4, &[high, low]) => Some([level(high, low); 3]),
        (2 | 6, &[r0, r1, g0, g1, b0, b1]) => Some([level(r0, r1), level(g0, g1), level(b0, b1)]),
        _ => None,
    }
}

/// 11.3.4.3: pixels per metre across and down, if the unit is 1.
fn dots_per_inch(data: &[u8]) -> Option<u32> {
    match *data {
        [x0, x1, x2, x3, _, _, _, _, 1] => whole_dpi(f64::from(u32::from_be_bytes([x0, x1, x2, x3])) * 0.0254),
        _ => None,
    }
}

/// 11.3.2.3: name, 0, compression method 0, zlib stream.
fn icc_profile(data: &[u8]) -> Option<Vec<u8>> {
    let name = data.iter().take(80).position(|&byte| byte == 0)?;
    let (&method, stream) = data.get(name + 1..)?.split_first()?;
    (method == 0).then(|| inflate(stream))?
}

/// 11.3.4.5: the TIFF structure. Some writers put JPEG's `Exif\0\0` in front of it.
fn exif(data: &[u8]) -> Option<Vec<u8>> {
    let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
    (tiff.len() <= METADATA_MAX && (tiff.starts_with(b"II") || tiff.starts_with(b"MM"))).then(|| tiff.to_vec())
}

/// 11.3.3.4: keyword, 0, compressed?, method, language, 0, translated keyword, 0, text.
fn xmp(data: &[u8]) -> Option<Vec<u8>> {
    let rest = data.strip_prefix(b"XML:com.adobe.xmp\0")?;
    let (&[compressed, _method], rest) = rest.split_first_chunk::<2>()?;
    let mut parts = rest.splitn(3, |&byte| byte == 0);
    let (_language, _keyword, text) = (parts.next()?, parts.next()?, parts.next()?);
    match compressed {
        0 => (text.len() <= METADATA_MAX).then(|| text.to_vec()),
        _ => inflate(text),
    }
}

fn inflate(stream: &[u8]) -> Option<Vec<u8>> {
    fdeflate::decompress_to_vec_bounded(stream, METADATA_MAX).ok()
}

/// What the reader below knows when the decoder returns an error.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// All of the pixel data was read.
    pub(super) past_pixels: Cell<bool>,
    /// Why the reader stopped, if it was the budget or a chunk that it can't take.
    pub(super) stopped: RefCell<Option<Error>>,
}

/// The bytes of a PNG that its pixels need: critical chunks and `tRNS`, each as far as it counts. Anything else can
/// neither cost memory nor fail.
pub(super) struct Essence<'a> {
    piece: Cow<'a, [u8]>,
    /// How many bytes of the piece are read.
    read: usize,
    chunks: Chunks<'a>,
    state: State<'a>,
    progress: &'a Progress,
    budget: &'a Budget,
}

impl<'a> Essence<'a> {
    pub(super) fn new(bytes: &'a [u8], ihdr: Ihdr, progress: &'a Progress, budget: &'a Budget) -> Self {
        Essence {
            piece: bytes.get(..SIGNATURE.len()).unwrap_or(bytes).into(),
            read: 0,
            chunks: Chunks::new(bytes),
            state: State::new(ihdr),
            progress,
            budget,
        }
    }

    fn next_piece(&mut self) -> io::Result<()> {
        for (count, chunk) in self.chunks.by_ref().enumerate() {
            // A file may consist of millions of empty chunks.
            let go_on = if count % 1024 == 0 { self.budget.check() } else { Ok(()) };
            if self.state.pixels && &chunk.kind != b"IDAT" && chunk.is_critical() {
                self.progress.past_pixels.set(true);
            }
            match go_on.and_then(|()| self.state.counts(&chunk)) {
                Ok(true) => {
                    (self.piece, self.read) = (self.state.fitted(&chunk), 0);
                    return Ok(());
                }
                Ok(false) => {}
                Err(error) => {
                    *self.progress.stopped.borrow_mut() = Some(error);
                    return Err(io::Error::other("stopped"));
                }
            }
        }
        Ok(())
    }
}

impl BufRead for Essence<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read >= self.piece.len() {
            (self.piece, self.read) = (Cow::Borrowed(&[][..]), 0);
            self.next_piece()?;
        }
        Ok(&self.piece[self.read..])
    }

    fn consume(&mut self, amount: usize) {
        self.read = self.piece.len().min(self.read + amount);
    }
}

impl Read for Essence<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let amount = available.len().min(out.len());
        out[..amount].copy_from_slice(&available[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}

/// The `png` crate requires it, but only reads forward.
impl Seek for Essence<'_> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

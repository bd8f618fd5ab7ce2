//! The device-independent bitmap inside BMP and ICO: its header, its colours and its rows.

use super::runs;
use crate::budget::{Budget, Buffer};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::request::Tolerate;
use crate::rows::Frame;

/// How the pixels are stored: `biCompression` of Windows, OS/2's own values aside.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Storage {
    Plain,
    Rle4,
    Rle8,
}

/// One colour channel of a pixel of 16 or 32 bits.
#[derive(Debug, Clone, Copy, Default)]
struct Field {
    shift: u32,
    /// The largest value; 0 if the channel is missing.
    max: u32,
}

impl Field {
    fn new(mask: u32) -> Self {
        let shift = mask.trailing_zeros() % 32;
        Field {
            shift,
            max: mask >> shift,
        }
    }

    fn read(self, pixel: u32, missing: u8) -> u8 {
        match self.max {
            0 => missing,
            255 => (pixel >> self.shift) as u8,
            max => {
                let value = u64::from(pixel >> self.shift & max);
                ((value * 255 + u64::from(max) / 2) / u64::from(max)) as u8
            }
        }
    }
}

/// A bitmap's checked header, and where its parts are in the bytes.
#[derive(Debug, Clone)]
pub(in crate::decode) struct Dib {
    pub(in crate::decode) width: u32,
    pub(in crate::decode) height: u32,
    pub(in crate::decode) bits: u16,
    pub(in crate::decode) palette_entries: usize,
    palette: [[u8; 4]; 256],
    top_down: bool,
    storage: Storage,
    /// Red, green, blue, alpha.
    fields: [Field; 4],
    /// Where the pixels begin.
    pub(in crate::decode) pixels: usize,
    /// Where they would begin by the file, if that is inside the header.
    misplaced: Option<usize>,
}

impl Dib {
    /// `start` is where the header is, `pixels` where the pixels are, if known; otherwise they follow the colours.
    pub(in crate::decode) fn read(bytes: &[u8], start: usize, pixels: Option<usize>, format: Format) -> Result<Self> {
        let short = || {
            Error::truncated(
                format,
                format_args!("{} bytes end before the bitmap's header does", bytes.len()),
            )
        };
        let bad = |reason: std::fmt::Arguments<'_>| Err(Error::bad_input(format, reason));
        let bytes_from = bytes.get(start..).unwrap_or_default();
        let header = Fields(bytes_from);
        let size = header.u32(0).ok_or_else(short)? as usize;
        let old = size == 12;
        if !old && !(16..=4096).contains(&size) {
            return bad(format_args!(
                "a bitmap header of {size} bytes; 12, 16 to 64, 108 and 124 exist"
            ));
        }
        if bytes_from.len() < size {
            return Err(short());
        }
        // Fields missing from a shorter header are 0.
        let field = |at: usize| if at + 4 <= size { header.u32(at).unwrap_or(0) } else { 0 };
        let (width, height, bits, compression) = if old {
            let size = (header.u16(4).ok_or_else(short)?, header.u16(6).ok_or_else(short)?);
            (
                i64::from(size.0),
                i64::from(size.1),
                header.u16(10).ok_or_else(short)?,
                0,
            )
        } else {
            let bits = header.u16(14).ok_or_else(short)?;
            (i64::from(field(4) as i32), i64::from(field(8) as i32), bits, field(16))
        };
        if width <= 0 || height == 0 || height.unsigned_abs() > i32::MAX as u64 {
            return bad(format_args!("a size of {width}×{height}"));
        }
        let os2 = size == 64 || (size > 12 && size < 40);
        let (storage, masked) = match (compression, bits) {
            (0, 1 | 2 | 4 | 8 | 16 | 24 | 32) => (Storage::Plain, false),
            (1, 8) => (Storage::Rle8, false),
            (2, 4) => (Storage::Rle4, false),
            (3 | 6, 16 | 32) if !os2 => (Storage::Plain, true),
            (3 | 4, _) if os2 => return Err(Error::unsupported("BMP with OS/2's Huffman or RLE24 compression")),
            (4 | 5, _) => return Err(Error::unsupported("BMP with an embedded JPEG or PNG")),
            _ => return bad(format_args!("{bits} bits per pixel with compression {compression}")),
        };
        if storage != Storage::Plain && height < 0 {
            return bad(format_args!("run lengths from the top down"));
        }
        // Masks follow a header of 40 bytes, and are part of a longer one.
        let mask = |number: usize| header.u32(40 + number * 4).unwrap_or(0);
        let extra_masks = match (masked, size, compression) {
            (true, 40, 6) => 16,
            (true, 40, _) => 12,
            _ => 0,
        };
        let fields = match (masked, bits) {
            (true, _) => {
                let alpha = if size >= 56 || extra_masks == 16 { mask(3) } else { 0 };
                [mask(0), mask(1), mask(2), alpha]
            }
            (false, 16) => [0x7c00, 0x03e0, 0x001f, 0],
            _ => [0x00ff_0000, 0x0000_ff00, 0x0000_00ff, 0],
        };
        if fields[..3].iter().all(|&mask| mask == 0) {
            return bad(format_args!("bit fields without a colour"));
        }

        let mut palette = [[0, 0, 0, 255]; 256];
        let mut palette_entries = 0;
        let table = start + size + extra_masks;
        let mut after = table;
        let used = field(32) as usize;
        if bits <= 8 {
            let entry = if old { 3 } else { 4 };
            palette_entries = if old || used == 0 { 1 << bits } else { used.min(256) };
            // Some files omit the rest of the table and start their pixels there.
            let end = pixels.filter(|&pixels| pixels > table).unwrap_or(usize::MAX);
            let available = bytes.get(table..end.min(bytes.len())).unwrap_or_default();
            for (colour, stored) in palette
                .iter_mut()
                .zip(available.chunks_exact(entry).take(palette_entries))
            {
                *colour = [stored[2], stored[1], stored[0], 255];
            }
            after += palette_entries * entry;
        }
        Ok(Dib {
            width: width as u32,
            height: height.unsigned_abs() as u32,
            bits,
            palette_entries,
            palette,
            top_down: height < 0,
            storage,
            fields: fields.map(Field::new),
            pixels: pixels.filter(|&pixels| pixels >= start + size).unwrap_or(after),
            misplaced: pixels.filter(|&pixels| pixels < start + size),
        })
    }

    pub(in crate::decode) fn has_alpha(&self) -> bool {
        self.fields[3].max != 0
    }

    /// Treats the fourth byte of a pixel as alpha, as in icons.
    pub(in crate::decode) fn force_alpha(&mut self) {
        if self.bits == 32 && !self.has_alpha() {
            self.fields[3] = Field::new(0xff00_0000);
        }
    }

    /// Bytes of a stored row: a multiple of four.
    pub(in crate::decode) fn stored_stride(&self) -> usize {
        (self.width as usize * usize::from(self.bits)).div_ceil(32) * 4
    }
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        self.0
            .get(at..)?
            .first_chunk::<2>()
            .map(|field| u16::from_le_bytes(*field))
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.0
            .get(at..)?
            .first_chunk::<4>()
            .map(|field| u32::from_le_bytes(*field))
    }
}

/// The rows of a bitmap from top to bottom, in RGB or RGBA.
#[derive(Debug)]
pub(in crate::decode) struct Rows<'a> {
    dib: Dib,
    format: Format,
    layout: Layout,
    /// Number of rows present in the file.
    data: &'a [u8],
    /// The indices of a run-length bitmap, in stored order, and whether its data is complete.
    unpacked: Option<(Buffer<u8>, bool)>,
}

impl<'a> Rows<'a> {
    pub(in crate::decode) fn new(dib: Dib, bytes: &'a [u8], format: Format, budget: &Budget) -> Result<Self> {
        // A row as stored and a row as delivered.
        drop(budget.reserve(u64::from(dib.width) * 8)?);
        let data = bytes.get(dib.pixels..).unwrap_or_default();
        let unpacked = match dib.storage {
            Storage::Plain => None,
            storage => Some(runs::unpack(
                data,
                dib.width as usize,
                dib.height as usize,
                storage == Storage::Rle4,
                budget,
            )?),
        };
        Ok(Rows {
            layout: if dib.has_alpha() { Layout::Rgba } else { Layout::Rgb },
            dib,
            format,
            data,
            unpacked,
        })
    }

    pub(in crate::decode) fn height(&self) -> u32 {
        self.dib.height
    }

    pub(in crate::decode) fn stride(&self) -> usize {
        self.dib.width as usize * self.layout.channels()
    }

    pub(in crate::decode) fn frame(&self) -> Frame {
        Frame::still(self.layout, self.dib.width, self.dib.height)
    }

    /// Checks that all rows are present, and are where the file says: error, warning or nothing.
    pub(in crate::decode) fn settle(&self, tolerate: Tolerate, warnings: &mut Vec<String>) -> Result<()> {
        if let Some(at) = self.dib.misplaced {
            let error = Error::bad_input(
                self.format,
                format_args!("the pixels begin at byte {at}, inside the header; read from its end on"),
            );
            if tolerate == Tolerate::None {
                return Err(error);
            }
            warnings.push(error.to_string());
        }
        let height = self.dib.height as usize;
        let arrived = match &self.unpacked {
            Some((_, true)) => height,
            Some((_, false)) => usize::from(!self.data.is_empty()).min(height - 1),
            None => (self.data.len() / self.dib.stored_stride()).min(height),
        };
        // Some writers omit the last row's padding.
        let needed = self.dib.stored_stride() * (height - 1)
            + (self.dib.width as usize * usize::from(self.dib.bits)).div_ceil(8);
        if arrived == height || (self.unpacked.is_none() && self.data.len() >= needed) {
            return Ok(());
        }
        let error = Error::truncated(
            self.format,
            match self.unpacked {
                Some(_) => "the run-length data does not reach its end".to_owned(),
                None => format!("{arrived} of {height} rows"),
            },
        );
        if !tolerate.truncation() || (arrived == 0 && self.data.is_empty()) || (arrived == 0 && self.unpacked.is_none())
        {
            return Err(error);
        }
        warnings.push(error.to_string());
        Ok(())
    }

    /// Whether there is an alpha channel that is 0 everywhere: its writer knew of none. Stops at the first row that is
    /// not.
    pub(in crate::decode) fn is_hidden(&self, budget: &Budget) -> Result<bool> {
        if !self.layout.has_alpha() {
            return Ok(false);
        }
        let mut row = vec![0; self.stride()];
        for y in 0..self.height() {
            budget.check()?;
            self.read(y, &mut row);
            if row.as_chunks::<4>().0.iter().any(|pixel| pixel[3] != 0) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Makes all pixels opaque that the file holds.
    pub(in crate::decode) fn show(&mut self) {
        self.dib.fields[3] = Field::default();
    }

    /// Row `y` from the top, in this bitmap's layout.
    pub(in crate::decode) fn read(&self, y: u32, out: &mut [u8]) {
        let stored = if self.dib.top_down { y } else { self.dib.height - 1 - y } as usize;
        let channels = self.layout.channels();
        if let Some((indices, _)) = &self.unpacked {
            let width = self.dib.width as usize;
            let row = &indices[stored * width..][..width];
            for (pixel, &index) in out.chunks_exact_mut(channels).zip(row) {
                pixel.copy_from_slice(&self.dib.palette[usize::from(index)][..channels]);
            }
            return;
        }
        out.fill(if self.layout.has_alpha() { 0 } else { 255 });
        let stride = self.dib.stored_stride();
        let Some(row) = stored.checked_mul(stride).and_then(|at| self.data.get(at..)) else {
            return;
        };
        let row = &row[..row.len().min(stride)];
        let fields = self.dib.fields;
        let colour = |pixel: u32| {
            [
                fields[0].read(pixel, 0),
                fields[1].read(pixel, 0),
                fields[2].read(pixel, 0),
                fields[3].read(pixel, 255),
            ]
        };
        let pixels = out.chunks_exact_mut(channels);
        match self.dib.bits {
            24 => {
                for (pixel, [blue, green, red]) in pixels.zip(row.as_chunks::<3>().0) {
                    pixel.copy_from_slice(&[*red, *green, *blue]);
                }
            }
            32 => {
                for (pixel, stored) in pixels.zip(row.as_chunks::<4>().0) {
                    pixel.copy_from_slice(&colour(u32::from_le_bytes(*stored))[..channels]);
                }
            }
            16 => {
                for (pixel, stored) in pixels.zip(row.as_chunks::<2>().0) {
                    pixel.copy_from_slice(&colour(u16::from_le_bytes(*stored).into())[..channels]);
                }
            }
            bits => {
                let (bits, per_byte) = (usize::from(bits), 8 / usize::from(bits));
                for (x, pixel) in pixels.enumerate() {
                    let Some(&byte) = row.get(x / per_byte) else { return };
                    let index = usize::from(byte) >> (8 - bits - x % per_byte * bits) & ((1 << bits) - 1);
                    pixel.copy_from_slice(&self.dib.palette[index][..channels]);
                }
            }
        }
    }
}

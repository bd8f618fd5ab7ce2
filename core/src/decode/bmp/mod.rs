//! Reads BMP from the bytes row by row: Windows 2 to 5 and OS/2, palettes, bit fields, alpha and run lengths.

mod dib;
mod runs;

use crate::budget::Budget;
use crate::decode::{Decoder, Opened};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::info::{ColourModel, Info};
use crate::metadata::MetadataBlocks;
use crate::request::Request;
use crate::rows::RowSink;

pub(in crate::decode) use dib::{Dib, Rows};

#[derive(Debug)]
struct Bmp<'a> {
    bytes: &'a [u8],
    dib: Dib,
}

/// Reads size and colour, without a pixel.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened<'_>> {
    let dib = read(bytes)?;
    let colour = if dib.palette_entries > 0 {
        ColourModel::Palette
    } else {
        ColourModel::Rgb
    };
    let info = Info {
        alpha: dib.has_alpha(),
        bits: if dib.bits <= 8 { dib.bits as u8 } else { 8 },
        ..Info::still(Format::Bmp, dib.width, dib.height, colour)
    };
    Ok(Opened::new(info, MetadataBlocks::default(), Bmp { bytes, dib }))
}

impl Decoder for Bmp<'_> {
    /// Decodes the image. Missing rows are white, or transparent in an image with alpha. If nothing of the image would
    /// be visible, all of it is, as in browsers.
    fn decode(
        &self,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        let mut rows = Rows::new(self.dib.clone(), self.bytes, Format::Bmp, budget)?;
        rows.settle(request.tolerate, warnings)?;
        if rows.is_hidden(budget)? {
            rows.show();
        }
        sink.begin(&rows.frame())?;
        let mut row = vec![0; rows.stride()];
        for y in 0..rows.height() {
            budget.check()?;
            rows.read(y, &mut row);
            sink.row(0, &row)?;
        }
        Ok(())
    }
}

/// The file header (14 bytes: `BM`, size, reserved, where the pixels begin) and the bitmap's own.
fn read(bytes: &[u8]) -> Result<Dib> {
    if !bytes.starts_with(b"BM") {
        return Err(Error::bad_input(Format::Bmp, "the signature is missing"));
    }
    let pixels = bytes
        .get(10..14)
        .and_then(|field| field.first_chunk::<4>())
        .ok_or_else(|| {
            Error::truncated(
                Format::Bmp,
                format_args!("{} bytes end before the header does", bytes.len()),
            )
        })?;
    Dib::read(bytes, 14, Some(u32::from_le_bytes(*pixels) as usize), Format::Bmp)
}

#[cfg(test)]
mod tests;

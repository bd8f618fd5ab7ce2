//! BMP, read from the bytes row by row: Windows 2 to 5 and OS/2, palettes, bit fields, alpha and run lengths.

mod dib;
mod runs;

use crate::budget::Budget;
use crate::decode::Header;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::info::{ColourModel, Info};
use crate::metadata::MetadataBlocks;
use crate::request::Request;
use crate::rows::RowSink;

pub(in crate::decode) use dib::{Dib, Rows};

/// Reads size and colour, without a pixel.
pub(crate) fn probe(bytes: &[u8]) -> Result<Header> {
    let dib = read(bytes)?;
    Ok(Header {
        info: Info {
            alpha: dib.has_alpha(),
            bits: if dib.bits <= 8 { dib.bits as u8 } else { 8 },
            ..Info::still(
                Format::Bmp,
                dib.width,
                dib.height,
                if dib.palette_entries > 0 {
                    ColourModel::Palette
                } else {
                    ColourModel::Rgb
                },
            )
        },
        metadata: MetadataBlocks::default(),
    })
}

/// Decodes the picture. Rows that did not arrive are white, or transparent in an image with alpha.
pub(crate) fn decode(
    bytes: &[u8],
    request: &Request,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    let dib = read(bytes)?;
    let rows = Rows::new(dib, bytes, Format::Bmp, budget)?;
    rows.settle(request.tolerate, warnings)?;
    sink.begin(&rows.frame())?;
    let mut row = vec![0; rows.stride()];
    for y in 0..rows.height() {
        budget.check()?;
        rows.read(y, &mut row);
        sink.row(0, &row)?;
    }
    Ok(())
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

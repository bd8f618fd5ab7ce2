//! Reads JPEG, with the crate's own decoder, which shrinks while it decodes.

use crate::budget::Budget;
use crate::decode::{Decoder, Opened};
use crate::error::Result;
use crate::format::Format;
use crate::info::{ColourModel, Info, whole_dpi};
use crate::jpeg::decode::{self as engine, Colour, Parsed};
use crate::metadata::MetadataBlocks;
use crate::request::Request;
use crate::rows::RowSink;

/// Reads what stands before the first scan.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened<'_>> {
    let mut file = Parsed::new(bytes)?;
    let header = &mut file.header;
    let info = Info {
        progressive: header.progressive,
        chroma: chroma(header),
        density: header.density.map(f64::from).and_then(whole_dpi),
        ..Info::still(
            Format::Jpeg,
            header.width,
            header.height,
            match header.colour {
                Colour::Grey => ColourModel::Grey,
                Colour::Rgb => ColourModel::Rgb,
                Colour::YCbCr => ColourModel::Ycbcr,
                Colour::Cmyk | Colour::Ycck => ColourModel::Cmyk,
            },
        )
    };
    let metadata = MetadataBlocks {
        icc: header.icc.take().map(|icc| icc.into_owned()),
        exif: header.exif.map(<[u8]>::to_vec),
        xmp: header.xmp.map(<[u8]>::to_vec),
        iptc: header.iptc.map(<[u8]>::to_vec),
        ..MetadataBlocks::default()
    };
    Ok(Opened::new(info, metadata, file))
}

/// Subsampling in the usual notation: of four luma samples in a row, how many have their own chroma in this row and in
/// the one below. Grey and the inks of CMYK count as not subsampled.
fn chroma(header: &engine::Header<'_>) -> Option<String> {
    let &(across, down) = header.sampling.first()?;
    let &(chroma_across, chroma_down) = header.sampling.get(1).unwrap_or(&(across, down));
    let four = |whole: u8, part: u8| 4 * u32::from(part) / u32::from(whole.max(1));
    let first = four(across, chroma_across);
    let second = if chroma_down < down { 0 } else { first };
    let key = if header.sampling.len() > 3 { ":4" } else { "" };
    Some(match (first, down / chroma_down.max(1)) {
        (1, 1) => format!("4:1:1{key}"),
        (1, _) => format!("4:1:0{key}"),
        _ if (first, second) == (4, 0) => format!("4:4:0{key}"),
        _ => format!("4:{first}:{second}{key}"),
    })
}

/// Y'CbCr planes where they are welcome, else grey, RGB or CMYK.
impl Decoder for Parsed<'_> {
    fn decode(
        &self,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        engine::decode(self, request, budget, sink, warnings)
    }
}

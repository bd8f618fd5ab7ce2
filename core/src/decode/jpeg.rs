//! JPEG: the crate's own decoder, which shrinks while it decodes.

use crate::decode::rows::RowSink;
use crate::decode::{Blocks, Header, Request};
use crate::error::Result;
use crate::format::Format;
use crate::jpeg::decode::{self as engine, Colour};
use crate::limits::Budget;
use crate::probe::{ColourModel, Info};

/// What stands before the first scan.
pub(crate) fn probe(bytes: &[u8]) -> Result<Header> {
    let header = engine::Header::parse(bytes)?;
    let info = Info {
        progressive: header.progressive,
        ..Info::still(
            Format::Jpeg,
            header.width,
            header.height,
            match header.colour {
                Colour::Grey => ColourModel::Grey,
                Colour::Rgb => ColourModel::Rgb,
                Colour::YCbCr => ColourModel::Ycbcr,
                Colour::Cmyk { .. } | Colour::Ycck { .. } => ColourModel::Cmyk,
            },
        )
    };
    let metadata = Blocks {
        icc: header.icc.map(|icc| icc.into_owned()),
        exif: header.exif.map(<[u8]>::to_vec),
        xmp: header.xmp.map(<[u8]>::to_vec),
    };
    Ok(Header { info, metadata })
}

/// Gives the rows of a JPEG file to `sink`: Y'CbCr planes where they are welcome, else grey, RGB or CMYK.
pub(crate) fn decode(
    bytes: &[u8],
    request: &Request,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    engine::decode(bytes, request, budget, sink, warnings)
}

//! JPEG: the crate's own decoder, which shrinks while it decodes.

use crate::decode::Request;
use crate::decode::rows::RowSink;
use crate::error::Result;
use crate::limits::Budget;

/// Gives the rows of a JPEG file to `sink`: Y'CbCr planes where they are welcome, else grey, RGB or CMYK.
pub(crate) fn decode(
    bytes: &[u8],
    request: &Request,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    crate::jpeg::decode::decode(bytes, request, budget, sink, warnings)
}

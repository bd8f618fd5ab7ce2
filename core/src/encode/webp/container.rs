//! Metadata in the WebP container (RFC 9649, 2.7).

use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Image;
use crate::metadata::MetadataBlocks;

const ALPHA: u8 = 0x10;
const ANIMATION: u8 = 0x02;

/// The most bytes that a file says it has (2.4).
const LARGEST: u32 = u32::MAX - 9;

/// What a file holds beside metadata.
#[derive(Debug, Clone, Copy)]
pub(super) struct Features {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) alpha: bool,
    pub(super) animation: bool,
    /// Whether there are chunks that only an extended file has.
    pub(super) extended: bool,
}

impl Features {
    /// Those of a still.
    pub(super) fn new(image: &Image, alpha: bool) -> Self {
        Features {
            width: image.width,
            height: image.height,
            alpha,
            animation: false,
            extended: false,
        }
    }
}

/// A file: its header, metadata that comes first, the chunks that `body` appends, the other metadata.
pub(super) fn file(
    features: Features,
    metadata: &MetadataBlocks,
    body: impl FnOnce(&mut Vec<u8>) -> Result<()>,
) -> Result<Vec<u8>> {
    let mut output = b"RIFF\0\0\0\0WEBP".to_vec();
    let blocks = [(&metadata.icc, 0x20), (&metadata.exif, 0x08), (&metadata.xmp, 0x04)];
    let present = blocks.iter().filter(|(block, _)| block.is_some());
    let flags = present.fold(0, |flags, (_, flag)| flags | flag);
    if flags != 0 || features.extended {
        let [w0, w1, w2, _] = (features.width - 1).to_le_bytes();
        let [h0, h1, h2, _] = (features.height - 1).to_le_bytes();
        let flags = flags | if features.alpha { ALPHA } else { 0 } | if features.animation { ANIMATION } else { 0 };
        let header = [flags, 0, 0, 0, w0, w1, w2, h0, h1, h2];
        chunk(&mut output, b"VP8X", |out| {
            out.extend_from_slice(&header);
            Ok(())
        })?;
    }
    let block = |output: &mut Vec<u8>, kind, data: &Option<Vec<u8>>| match data {
        Some(data) => chunk(output, kind, |out| {
            out.extend_from_slice(data);
            Ok(())
        }),
        None => Ok(()),
    };
    block(&mut output, b"ICCP", &metadata.icc)?;
    body(&mut output)?;
    block(&mut output, b"EXIF", &metadata.exif)?;
    block(&mut output, b"XMP ", &metadata.xmp)?;
    let size = length(output.len() - 8)?;
    output[4..8].copy_from_slice(&size);
    Ok(output)
}

/// Says that there are transparent pixels, in an extended file that did not say so.
pub(super) fn set_alpha(file: &mut [u8]) {
    /// Behind the headers of the file and of its first chunk.
    const FLAGS: usize = 20;
    file[FLAGS] |= ALPHA;
}

/// Appends a chunk with the data that `body` appends.
pub(super) fn chunk(output: &mut Vec<u8>, kind: &[u8; 4], body: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<()> {
    output.extend_from_slice(kind);
    output.extend_from_slice(&[0; 4]);
    let start = output.len();
    body(output)?;
    let size = output.len() - start;
    output[start - 4..start].copy_from_slice(&length(size)?);
    if size % 2 == 1 {
        output.push(0);
    }
    Ok(())
}

/// A length as the container has it.
fn length(bytes: usize) -> Result<[u8; 4]> {
    match u32::try_from(bytes) {
        Ok(bytes) if bytes <= LARGEST => Ok(bytes.to_le_bytes()),
        _ => Err(Error::encoder(Format::Webp, "the file would pass the format's limits")),
    }
}

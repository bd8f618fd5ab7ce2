//! Metadata in the WebP container (RFC 9649, 2.7).

use crate::error::Result;
use crate::metadata::MetadataBlocks;

const ALPHA: u8 = 0x10;

/// Adds ICC, EXIF and XMP to a file, turning it into an extended one.
pub(super) fn with_metadata(file: Vec<u8>, metadata: &MetadataBlocks, width: u32, height: u32) -> Vec<u8> {
    let (icc, exif, xmp) = (
        metadata.icc.as_deref(),
        metadata.exif.as_deref(),
        metadata.xmp.as_deref(),
    );
    if icc.is_none() && exif.is_none() && xmp.is_none() {
        return file;
    }
    let body = file.get(12..).unwrap_or_default();
    let (mut extended, images) = match body.split_at_checked(18) {
        Some((header, images)) if header.starts_with(b"VP8X") => (header[8..].to_vec(), images),
        _ => {
            // 3.4: bit 28 after the signature of VP8L says whether there is alpha.
            let alpha = body.starts_with(b"VP8L") && body.get(12).is_some_and(|byte| byte & 0x10 != 0);
            let [w0, w1, w2, _] = (width - 1).to_le_bytes();
            let [h0, h1, h2, _] = (height - 1).to_le_bytes();
            (
                vec![if alpha { ALPHA } else { 0 }, 0, 0, 0, w0, w1, w2, h0, h1, h2],
                body,
            )
        }
    };
    for (block, flag) in [(icc, 0x20), (exif, 0x08), (xmp, 0x04)] {
        extended[0] |= if block.is_some() { flag } else { 0 };
    }
    let mut output = b"RIFF\0\0\0\0WEBP".to_vec();
    chunk(&mut output, b"VP8X", &extended);
    if let Some(icc) = icc {
        chunk(&mut output, b"ICCP", icc);
    }
    output.extend_from_slice(images);
    if let Some(exif) = exif {
        chunk(&mut output, b"EXIF", exif);
    }
    if let Some(xmp) = xmp {
        chunk(&mut output, b"XMP ", xmp);
    }
    let size = (output.len() - 8) as u32;
    output[4..8].copy_from_slice(&size.to_le_bytes());
    output
}

/// A file with one picture: what is before it, what `picture` appends, what is after it.
pub(super) fn still(
    kind: &[u8; 4],
    alpha: bool,
    (width, height): (u32, u32),
    metadata: &MetadataBlocks,
    picture: impl FnOnce(&mut Vec<u8>) -> Result<()>,
) -> Result<Vec<u8>> {
    let mut output = b"RIFF\0\0\0\0WEBP".to_vec();
    let blocks = [(&metadata.icc, 0x20), (&metadata.exif, 0x08), (&metadata.xmp, 0x04)];
    let present = blocks.iter().filter(|(block, _)| block.is_some());
    let flags = present.fold(0, |flags, (_, flag)| flags | flag);
    if flags != 0 {
        let [w0, w1, w2, _] = (width - 1).to_le_bytes();
        let [h0, h1, h2, _] = (height - 1).to_le_bytes();
        let flags = flags | if alpha { ALPHA } else { 0 };
        chunk(&mut output, b"VP8X", &[flags, 0, 0, 0, w0, w1, w2, h0, h1, h2]);
    }
    if let Some(icc) = &metadata.icc {
        chunk(&mut output, b"ICCP", icc);
    }
    output.extend_from_slice(kind);
    output.extend_from_slice(&[0; 4]);
    let start = output.len();
    picture(&mut output)?;
    let size = (output.len() - start) as u32;
    output[start - 4..start].copy_from_slice(&size.to_le_bytes());
    if size % 2 == 1 {
        output.push(0);
    }
    if let Some(exif) = &metadata.exif {
        chunk(&mut output, b"EXIF", exif);
    }
    if let Some(xmp) = &metadata.xmp {
        chunk(&mut output, b"XMP ", xmp);
    }
    let size = (output.len() - 8) as u32;
    output[4..8].copy_from_slice(&size.to_le_bytes());
    Ok(output)
}

fn chunk(output: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    output.extend_from_slice(kind);
    output.extend_from_slice(&(data.len() as u32).to_le_bytes());
    output.extend_from_slice(data);
    if data.len() % 2 == 1 {
        output.push(0);
    }
}

//! Marker segments (T.81 Annex B; JFIF; ICC.1 Annex B; EXIF 4.7.2; XMP part 3).

use super::Metadata;
use super::frame::Frame;
use super::huffman::Spec;
use super::quant::Steps;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::jpeg::ZIGZAG;

/// Maximum bytes in a segment after its marker's length field.
const SEGMENT: usize = 65_533;
const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";
/// Maximum bytes of a profile in a segment: two are taken by the chunk's number and the number of chunks.
const ICC_CHUNK: usize = SEGMENT - ICC.len() - 2;

/// Start of image, JFIF, and the metadata.
pub(super) fn start(out: &mut Vec<u8>, metadata: &Metadata) -> Result<()> {
    out.extend_from_slice(&[0xff, 0xd8]);
    // Version 1.1, unit (none, or inches), density across and down, no thumbnail.
    let (unit, density) = metadata.density.map_or((0, 1), |density| (1, density));
    let density = density.to_be_bytes();
    segment(out, 0xe0, &[b"JFIF\0\x01\x01", &[unit], &density, &density, &[0, 0]])?;
    if let Some(exif) = metadata.exif {
        segment(out, 0xe1, &[EXIF, exif.strip_prefix(EXIF).unwrap_or(exif)])?;
    }
    if let Some(xmp) = metadata.xmp {
        segment(out, 0xe1, &[XMP, xmp])?;
    }
    if let Some(iptc) = metadata.iptc {
        segment(out, 0xed, &[iptc])?;
    }
    let Some(icc) = metadata.icc else { return Ok(()) };
    let chunks = icc.len().div_ceil(ICC_CHUNK);
    if chunks > 255 {
        return Err(too_long("ICC profile", icc.len(), 255 * ICC_CHUNK));
    }
    for (number, chunk) in (1..=255).zip(icc.chunks(ICC_CHUNK)) {
        segment(out, 0xe2, &[ICC, &[number, chunks as u8], chunk])?;
    }
    Ok(())
}

/// Quantisation tables, 8 bits (B.2.4.1).
pub(super) fn quantisation(out: &mut Vec<u8>, tables: &[Steps]) {
    out.extend_from_slice(&[0xff, 0xdb]);
    out.extend_from_slice(&(2 + 65 * tables.len() as u16).to_be_bytes());
    for (number, steps) in (0..).zip(tables) {
        out.push(number);
        out.extend(ZIGZAG.iter().map(|&i| steps[usize::from(i)]));
    }
}

/// The frame header (B.2.2).
pub(super) fn frame(out: &mut Vec<u8>, frame: &Frame, progressive: bool) {
    out.extend_from_slice(&[0xff, if progressive { 0xc2 } else { 0xc0 }]);
    out.extend_from_slice(&(8 + 3 * frame.components.len() as u16).to_be_bytes());
    out.push(8);
    out.extend_from_slice(&frame.height.to_be_bytes());
    out.extend_from_slice(&frame.width.to_be_bytes());
    out.push(frame.components.len() as u8);
    for (id, component) in (1..).zip(&frame.components) {
        out.extend_from_slice(&[id, (component.h << 4) | component.v, component.slot]);
    }
}

/// The restart interval (B.2.4.4), if there is one.
pub(super) fn restart_interval(out: &mut Vec<u8>, interval: u16) {
    if interval > 0 {
        out.extend_from_slice(&[0xff, 0xdd, 0, 4]);
        out.extend_from_slice(&interval.to_be_bytes());
    }
}

/// Huffman tables in one segment (B.2.4.2), each with its class (0 for DC, 1 for AC) and number.
pub(super) fn huffman(out: &mut Vec<u8>, tables: &[(u8, u8, &Spec)]) {
    let length: usize = tables.iter().map(|(_, _, spec)| 17 + spec.symbols.len()).sum();
    if tables.is_empty() {
        return;
    }
    out.extend_from_slice(&[0xff, 0xc4]);
    out.extend_from_slice(&(2 + length as u16).to_be_bytes());
    for (class, number, spec) in tables {
        out.push((class << 4) | number);
        out.extend_from_slice(&spec.counts);
        out.extend_from_slice(&spec.symbols);
    }
}

/// A scan header (B.2.3).
pub(super) fn scan(out: &mut Vec<u8>, frame: &Frame, scan: &super::frame::Scan) {
    out.extend_from_slice(&[0xff, 0xda]);
    out.extend_from_slice(&(6 + 2 * scan.components.len() as u16).to_be_bytes());
    out.push(scan.components.len() as u8);
    for &index in &scan.components {
        let slot = frame.components.get(usize::from(index)).map_or(0, |c| c.slot);
        out.extend_from_slice(&[index + 1, (slot << 4) | slot]);
    }
    out.extend_from_slice(&[scan.first, scan.last, (scan.high << 4) | scan.low]);
}

/// End of image.
pub(super) fn end(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0xff, 0xd9]);
}

fn segment(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) -> Result<()> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    if length > SEGMENT {
        let (name, own) = match parts {
            [XMP, ..] => ("XMP packet", XMP.len()),
            [EXIF, ..] => ("EXIF block", EXIF.len()),
            _ => ("IPTC block", 0),
        };
        return Err(too_long(name, length - own, SEGMENT - own));
    }
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(&(length as u16 + 2).to_be_bytes());
    for part in parts {
        out.extend_from_slice(part);
    }
    Ok(())
}

fn too_long(what: &str, actual: usize, limit: usize) -> Error {
    let reason = format!("{what} has {actual} bytes where a JPEG file has room for {limit}");
    Error::encoder(Format::Jpeg, reason)
}

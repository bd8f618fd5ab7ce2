//! Differential: a PNG that keenpix takes without a warning has the pixels of the crate `png`'s whole-frame decoder;
//! all frames of an animation have the canvas's size. One that is cut short has all its rows, or is refused.
//!
//! Checksums are mended first, so that changed bytes get further than the first chunk.

use keenpix::Format;
use keenpix::input::Tolerate;
use keenpix::plan::Frames;
use png::{BitDepth, ColorType, Transformations};

use crate::shared::{cut, pixels, rgba, same};

/// See above.
pub fn check(bytes: &[u8]) {
    let bytes = &mended(bytes);
    let Ok(info) = keenpix::probe(bytes) else { return };
    if info.format != Format::Png || u64::from(info.width) * u64::from(info.height) > 1 << 18 {
        return;
    }
    cut(bytes);
    pixels(bytes, Tolerate::Errors, Frames::All);
    let Some(ours) = pixels(bytes, Tolerate::None, Frames::First) else {
        return;
    };
    if !ours.warnings.is_empty() {
        return;
    }
    if let Some(theirs) = peer(bytes) {
        same(&rgba(&ours), &theirs);
    }
}

pub(crate) fn peer(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().ok()?;
    let mut samples = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut samples).ok()?;
    samples.truncate(info.buffer_size());
    if info.bit_depth == BitDepth::Sixteen {
        // Rounded.
        let narrow = |&pair: &[u8; 2]| ((u32::from(u16::from_be_bytes(pair)) + 128) / 257) as u8;
        samples = samples.as_chunks().0.iter().map(narrow).collect();
    }
    let channels = match info.color_type {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba | ColorType::Indexed => 4,
    };
    let widen = |pixel: &[u8]| match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, 255],
        _ => [pixel[0], pixel[1], pixel[2], pixel[3]],
    };
    Some(samples.chunks_exact(channels).flat_map(widen).collect())
}

/// With right checksums in all chunks.
fn mended(bytes: &[u8]) -> Vec<u8> {
    let mut file = bytes.to_vec();
    let mut at = 8;
    while let Some(&length) = file.get(at..).and_then(|rest| rest.first_chunk()) {
        let length = u32::from_be_bytes(length) as usize;
        let Some(end) = at.checked_add(8).and_then(|start| start.checked_add(length)) else {
            break;
        };
        let Some(chunk) = file.get(at + 4..end) else { break };
        let checksum = crc32fast::hash(chunk).to_be_bytes();
        let Some(stored) = file.get_mut(end..end + 4) else {
            break;
        };
        stored.copy_from_slice(&checksum);
        at = end + 4;
    }
    file
}

//! Differential: a BMP or ICO that keenpix takes without a warning has the pixels of the crate `image`. A BMP
//! that is cut short has all its rows, or is refused.

use std::io::Cursor;

use image::ImageFormat;
use keenpix::Format;
use keenpix::input::Tolerate;
use keenpix::plan::Frames;

use crate::shared::{cut, pixels, rgba};

/// See above.
pub fn check(bytes: &[u8]) {
    let Ok(info) = keenpix::probe(bytes) else { return };
    let format = match info.format {
        Format::Bmp => ImageFormat::Bmp,
        Format::Ico => ImageFormat::Ico,
        _ => return,
    };
    if u64::from(info.width) * u64::from(info.height) > 1 << 18 {
        return;
    }
    // Where the largest image of an icon is lost, a smaller one is read.
    if format == ImageFormat::Bmp {
        cut(bytes);
    }
    let Some(ours) = pixels(bytes, Tolerate::None, Frames::First) else {
        return;
    };
    assert_eq!((ours.width, ours.height), (info.width, info.height));
    if !ours.warnings.is_empty() {
        return;
    }
    if format == ImageFormat::Bmp && pixels_in_palette(bytes) {
        return;
    }
    // The other decoder may panic.
    let theirs = std::panic::catch_unwind(|| image::load(Cursor::new(bytes), format).ok());
    if let Ok(Some(theirs)) = theirs
        && (theirs.width(), theirs.height()) == (ours.width, ours.height)
    {
        let theirs = theirs.into_rgba8().into_raw();
        let theirs = theirs.as_chunks::<4>().0;
        // Alpha that is nought everywhere is no alpha, as in browsers.
        let unseen = theirs.iter().all(|pixel| pixel[3] == 0);
        // Icons should have none; of the directory's first entry.
        let header = if format == ImageFormat::Bmp {
            14
        } else {
            field(bytes, 18) as usize
        };
        let compression = field(bytes, header.saturating_add(16));
        if format == ImageFormat::Ico && compression != 0 {
            return;
        }
        for (a, b) in rgba(&ours).as_chunks::<4>().0.iter().zip(theirs) {
            // What run lengths skip is the palette's first colour here, and black there.
            let skipped = matches!(compression, 1 | 2) && *b == [0, 0, 0, 255];
            // Fields wider than eight bits are rounded here, and cut off there.
            let allowed = u8::from(matches!(compression, 3 | 6));
            let near = |channel: usize| a[channel].abs_diff(b[channel]) <= allowed;
            // An icon's own alpha wins over its mask here, as in browsers; there, the mask hides the pixel too.
            let masked = format == ImageFormat::Ico && b[3] == 0;
            let same = (0..3).all(near) && (near(3) || unseen || masked);
            assert!(skipped || same, "{a:?} and {b:?}");
        }
    }
}

/// Whether the palette ends where the pixels begin, before it has all its colours. The other decoder takes pixels for
/// the rest of them.
fn pixels_in_palette(bytes: &[u8]) -> bool {
    let field = |at| field(bytes, at);
    let (pixels, header) = (field(10), field(14));
    let (bits, used, entry) = match header {
        12 => (field(24) & 0xffff, 0, 3),
        _ => (field(28) & 0xffff, field(46), 4),
    };
    let entries = if used == 0 { 1 << bits.min(8) } else { used.min(256) };
    bits <= 8 && pixels < 14 + header.min(124) + entries * entry
}

/// Nought where the file has ended.
fn field(bytes: &[u8], at: usize) -> u32 {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.first_chunk().map_or(0, |field| u32::from_le_bytes(*field))
}

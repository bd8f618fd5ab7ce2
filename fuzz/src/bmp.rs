//! Differential: a BMP or ICO that keenpix takes without a warning has the pixels of the crate `image`. One that is cut
//! short has all its rows, or is refused.

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
    cut(bytes);
    let Some(ours) = pixels(bytes, Tolerate::None, Frames::First) else {
        return;
    };
    assert_eq!((ours.width, ours.height), (info.width, info.height));
    if !ours.warnings.is_empty() {
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
        let runs = format == ImageFormat::Bmp && matches!(bytes.get(30), Some(1 | 2));
        for (a, b) in rgba(&ours).as_chunks::<4>().0.iter().zip(theirs) {
            // What run lengths skip is the palette's first colour here, and black there.
            let skipped = runs && *b == [0, 0, 0, 255];
            assert!(skipped || a == b || (unseen && a[..3] == b[..3]), "{a:?} and {b:?}");
        }
    }
}

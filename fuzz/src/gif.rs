//! Differential: a GIF that keenpix takes without a warning has the frames of the crate `image`, composited. One that
//! is cut short has all its rows, or is refused.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, ImageDecoder};
use keenpix::Format;
use keenpix::input::Tolerate;
use keenpix::plan::Frames;

use crate::shared::{cut, pixels, rgba};

/// See above.
pub fn check(bytes: &[u8]) {
    let Ok(info) = keenpix::probe(bytes) else { return };
    if info.format != Format::Gif || u64::from(info.width) * u64::from(info.height) > 1 << 16 {
        return;
    }
    cut(bytes);
    let Some(ours) = pixels(bytes, Tolerate::None, Frames::All) else {
        return;
    };
    assert_eq!((ours.width, ours.height), (info.width, info.height));
    if !ours.warnings.is_empty() {
        return;
    }
    // A graphic control extension with more in it is read by its first block, as in Pillow, or by its last.
    if bytes
        .windows(8)
        .any(|part| part[..3] == [0x21, 0xf9, 4] && part[7] != 0)
    {
        return;
    }
    let Some(theirs) = peer(bytes) else { return };
    let length = ours.width as usize * ours.height as usize * 4;
    for (ours, theirs) in rgba(&ours).chunks_exact(length).zip(&theirs) {
        if theirs.len() != length {
            return;
        }
        for (a, b) in ours.as_chunks::<4>().0.iter().zip(theirs.as_chunks::<4>().0) {
            if [a, b].iter().any(|pixel| pixel[3] == 0) && matches!(a, [0 | 255, 0 | 255, 0 | 255, 255]) {
                // Beyond the palette, keenpix draws black, as sharp and libnsgif, and the other decoder draws nothing.
                return;
            }
            assert!(a == b || (a[3] == 0 && b[3] == 0), "{a:?} and {b:?}");
        }
    }
}

fn peer(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    // The other decoder may panic.
    std::panic::catch_unwind(|| {
        let mut decoder = GifDecoder::new(Cursor::new(bytes)).ok()?;
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(64_000_000);
        decoder.set_limits(limits).ok()?;
        let frames = decoder.into_frames();
        let frames: Result<Vec<_>, _> = frames.take(50).collect();
        Some(
            frames
                .ok()?
                .into_iter()
                .map(|frame| frame.into_buffer().into_raw())
                .collect(),
        )
    })
    .ok()?
}

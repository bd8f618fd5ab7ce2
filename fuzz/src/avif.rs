//! Any bytes as an AVIF: it is decoded in the probed size, all frames of a sequence too, or refused. One that is cut
//! short has all its rows, or is refused.

use keenpix::Format;
use keenpix::input::Tolerate;
use keenpix::plan::Frames;

use crate::shared::{cut, pixels};

/// See above.
pub fn check(bytes: &[u8]) {
    let Ok(info) = keenpix::probe(bytes) else { return };
    if info.format != Format::Avif || u64::from(info.width) * u64::from(info.height) > 1 << 18 {
        return;
    }
    cut(bytes);
    for frames in [Frames::First, Frames::All] {
        if let Some(ours) = pixels(bytes, Tolerate::None, frames) {
            assert_eq!((ours.width, ours.height), (info.width, info.height));
        }
    }
}

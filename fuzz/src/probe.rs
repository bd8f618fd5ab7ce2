//! Any bytes as a header: what `probe` says makes sense, `inspect` says the same, and the decoded image has the probed
//! size and channels.

use keenpix::input::Tolerate;
use keenpix::plan::Frames;
use keenpix::{Error, inspect, probe};

use crate::shared::pixels;

/// See above.
pub fn check(bytes: &[u8]) {
    let info = match probe(bytes) {
        Ok(info) => info,
        Err(error @ Error::Internal { .. }) => panic!("{error}"),
        Err(_) => return,
    };
    assert!(info.width > 0 && info.height > 0 && info.frames > 0 && (1..=8).contains(&info.orientation));
    let found = inspect(bytes).expect("what can be probed can be inspected");
    assert_eq!(found.info, info);
    let length = |block: &Option<Vec<u8>>| block.as_ref().map_or(0, Vec::len);
    assert_eq!(
        (length(&found.exif), length(&found.icc), length(&found.xmp)),
        (info.exif, info.icc, info.xmp)
    );
    if let Some(output) = pixels(bytes, Tolerate::Truncated, Frames::First) {
        assert_eq!((output.width, output.height), (info.width, info.height));
        assert!(info.alpha || !output.alpha, "alpha that the header doesn't have");
    }
}

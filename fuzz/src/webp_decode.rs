//! Differential: a WebP that keenpix takes without a warning, and libwebp too, has the same pixels in both, in all
//! frames. One that is cut short has all its rows, or is refused.

use keenpix::input::Tolerate;
use keenpix::plan::Frames;
use keenpix::{Format, Output};

use crate::libwebp;
use crate::shared::{cut, pixels, rgba, same};

/// See above.
pub fn check(bytes: &[u8]) {
    let Ok(info) = keenpix::probe(bytes) else { return };
    if info.format != Format::Webp || u64::from(info.width) * u64::from(info.height) > 1 << 18 {
        return;
    }
    cut(bytes);
    let Some(ours) = pixels(bytes, Tolerate::None, Frames::All) else {
        return;
    };
    if !ours.warnings.is_empty() {
        return;
    }
    if ours.frames > 1 {
        animated(bytes, &rgba(&ours));
    } else if let Some(theirs) = peer(bytes, &ours) {
        let pixels = rgba(&ours);
        // No encoder writes coefficients so large that libwebp itself has two answers.
        if pixels != theirs && libwebp::plainly(|| peer(bytes, &ours)).as_ref() == Some(&theirs) {
            same(&pixels, &theirs);
        }
    }
}

/// What libwebp makes of a picture of this size.
fn peer(bytes: &[u8], ours: &Output) -> Option<Vec<u8>> {
    let (width, height, mut samples) = libwebp::still(bytes)?;
    if !ours.alpha {
        // The header's flag counts, as in browsers; libwebp gives what is stored all the same.
        samples
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .for_each(|pixel| pixel[3] = 255);
    }
    ((width, height) == (ours.width, ours.height)).then_some(samples)
}

/// Blended colours are rounded differently, and the colours of transparent pixels don't show.
fn animated(bytes: &[u8], ours: &[u8]) {
    let Some(theirs) = libwebp::animation(bytes, 50) else {
        return;
    };
    let Some(length) = theirs.first().map(|(samples, _)| samples.len()) else {
        return;
    };
    assert_eq!(ours.len(), length * theirs.len(), "frames");
    for (ours, (theirs, _)) in ours.chunks_exact(length).zip(&theirs) {
        for (a, b) in ours.as_chunks::<4>().0.iter().zip(theirs.as_chunks::<4>().0) {
            assert!(a[3].abs_diff(b[3]) <= 2, "alpha {} and {}", a[3], b[3]);
            let far = |i: usize| u32::from(a[i].abs_diff(b[i])) * u32::from(a[3]) > 3 * 255;
            assert!(!(0..3).any(far), "{a:?} and {b:?}");
        }
    }
}

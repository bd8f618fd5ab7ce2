//! Differential: a WebP that keenpix takes without a warning, and libwebp too, has the same pixels in both. One that is
//! cut short has all its rows, or is refused.
#![no_main]

use keenpix::encode::RawPixels;
use keenpix::input::Tolerate;
use keenpix::{Error, Limits, Output, Plan, transform};
use libfuzzer_sys::fuzz_target;

fn pixels(bytes: &[u8], tolerate: Tolerate) -> Option<Output> {
    let plan = Plan::new().with_tolerate(tolerate).with_encode(RawPixels::new());
    match transform(bytes, &plan, &Limits::new().with_memory(64_000_000)) {
        Ok(output) => Some(output),
        Err(error @ Error::Internal { .. }) => panic!("{error}"),
        Err(_) => None,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(info) = keenpix::probe(bytes) else { return };
    if u64::from(info.width) * u64::from(info.height) > 1 << 20 || info.frames > 1 || info.icc > 0 {
        return;
    }
    if let Some(cut) = pixels(&bytes[..bytes.len() - bytes.len() / 4], Tolerate::Errors) {
        assert_eq!((cut.width * cut.height) as usize * usize::from(cut.channels), cut.bytes.len());
    }
    let Some(ours) = pixels(bytes, Tolerate::None) else { return };
    // Turned by EXIF, or on a canvas, the picture is another one.
    if let Some(theirs) = webp::Decoder::new(bytes).decode()
        && info.orientation == 1
        && theirs.len() == ours.bytes.len()
    {
        let differ = ours.bytes.iter().zip(theirs.iter()).filter(|(a, b)| a != b).count();
        assert!(differ == 0, "{differ} of {} samples differ", theirs.len());
    }
});

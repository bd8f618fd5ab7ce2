//! Differential: a WebP that keenpix and image-webp take without a warning has the same pixels in both; cut short, it
//! has the same rows from the top as far as they arrived, or is refused.
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

// The other decoder may panic: without libFuzzer's hook, which aborts at once, that can be caught. Our own still ends
// the run.
fuzz_target!(init: drop(std::panic::take_hook()), |bytes: &[u8]| {
    let Ok(info) = keenpix::probe(bytes) else { return };
    if u64::from(info.width) * u64::from(info.height) > 1 << 20 || info.frames > 1 || info.icc > 0 {
        return;
    }
    if let Some(cut) = pixels(&bytes[..bytes.len() - bytes.len() / 4], Tolerate::Errors) {
        assert_eq!((cut.width * cut.height) as usize * usize::from(cut.channels), cut.bytes.len());
    }
    let Some(ours) = pixels(bytes, Tolerate::None) else { return };
    let theirs = std::panic::catch_unwind(|| {
        let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(bytes)).ok()?;
        let mut pixels = vec![0; decoder.output_buffer_size()?];
        decoder.read_image(&mut pixels).ok()?;
        Some(pixels)
    });
    // Turned by EXIF, or on a canvas, the picture is another one.
    if let Ok(Some(theirs)) = theirs
        && info.orientation == 1
        && theirs.len() == ours.bytes.len()
    {
        assert!(ours.bytes == theirs, "{} of {} differ", ours.bytes.iter().zip(&theirs).filter(|(a, b)| a != b).count(), theirs.len());
    }
});

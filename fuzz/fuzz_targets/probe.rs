//! Any bytes as a header: what `probe` says makes sense, and the output of `transform` has the probed size.
#![no_main]

use keenpix::encode::Png;
use keenpix::plan::Orient;
use keenpix::{Error, Limits, Plan, probe, transform};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let info = match probe(bytes) {
        Ok(info) => info,
        Err(error @ Error::Internal { .. }) => panic!("{error}"),
        Err(_) => return,
    };
    assert!(info.width > 0 && info.height > 0 && info.frames > 0 && (1..=8).contains(&info.orientation));
    let limits = Limits::new().with_memory(64_000_000).with_pixels(1 << 20);
    let stored = Plan::new()
        .with_orient(Orient::new().with_auto(false))
        .with_encode(Png::new());
    if let Ok(output) = transform(bytes, &stored, &limits) {
        assert_eq!((output.width, output.height), (info.width, info.height));
    }
});

//! Any bytes through the whole pipeline: the result is an image of the requested size, or an error whose code is not
//! that of a panic; within the memory limit (run with `-rss_limit_mb=512`), in bounded time (`-timeout=10`).
#![no_main]

use keenpix::encode::Png;
use keenpix::input::Tolerate;
use keenpix::plan::{Frames, Light};
use keenpix::{Error, Fit, Limits, Plan, Resize, transform};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else {
        return;
    };
    let tolerate = [Tolerate::None, Tolerate::Truncated, Tolerate::Errors][usize::from(choice) % 3];
    let fit = [Fit::Cover, Fit::Contain, Fit::Inside, Fit::Fill][usize::from(choice >> 2) % 4];
    let plan = Plan::new()
        .with_tolerate(tolerate)
        .with_frames(if choice & 0x80 == 0 { Frames::First } else { Frames::All })
        .with_resize(
            Resize::new()
                .with_width(33)
                .with_height(21)
                .with_fit(fit)
                .with_light(if choice & 0x40 == 0 {
                    Light::Encoded
                } else {
                    Light::Linear
                }),
        )
        .with_encode(Png::new());
    let limits = Limits::new().with_memory(64_000_000).with_frames(50);
    match transform(bytes, &plan, &limits) {
        Ok(output) => {
            assert!(output.width <= 33 && output.height <= 21);
            assert!(fit == Fit::Inside || (output.width, output.height) == (33, 21));
            let info = keenpix::probe(&output.bytes).expect("what was written can be read");
            assert_eq!((info.width, info.height), (output.width, output.height));
        }
        Err(error @ Error::Internal { .. }) => panic!("{error}"),
        Err(error) => assert!(!error.code().is_empty()),
    }
});

//! Parts of a plan that select what counts of an input: frames, its profile, and channels without content.

use keenpix::encode::{Encode, Png, RawPixels, Webp};
use keenpix::plan::{Assume, Frames, Metadata, Model};
use keenpix::{Limits, Output, Plan, Resize, probe, transform};

fn image(name: &str) -> Vec<u8> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/images/");
    let photos = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/photos/");
    std::fs::read(format!("{root}{name}"))
        .or_else(|_| std::fs::read(format!("{photos}{name}")))
        .unwrap()
}

fn run(name: &str, plan: Plan) -> Output {
    transform(&image(name), &plan, &Limits::default()).unwrap()
}

fn raw() -> Plan {
    Plan::new().with_encode(RawPixels::new())
}

#[test]
fn a_range_of_frames() {
    for name in ["animated.gif", "animated.webp"] {
        let range = |start, count| Frames::Range { start, count };
        let still = |frames| run(name, raw().with_frames(frames)).bytes;
        assert_eq!(still(range(0, 1)), still(Frames::First), "{name}");
        assert_ne!(still(range(1, 1)), still(Frames::First), "{name}");
        let animated = |frames| {
            run(
                name,
                Plan::new()
                    .with_frames(frames)
                    .with_encode(Webp::new().with_lossless(true)),
            )
        };
        let middle = animated(range(1, 2));
        assert_eq!(middle.frames, 2, "{name}");
        assert_eq!(animated(range(2, 100)).frames, 2, "{name}");
        // Its first frame is the second of the input, and keeps its delay.
        let first = transform(&middle.bytes, &raw(), &Limits::default()).unwrap();
        assert_eq!(first.bytes.len() / usize::from(first.channels), 96 * 72);
        assert_eq!(probe(&middle.bytes).unwrap().delays, [200, 300]);
        let error = transform(&image(name), &raw().with_frames(range(4, 1)), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "BAD_PLAN");
    }
}

#[test]
fn a_profile_may_be_ignored() {
    let plan = || raw().with_resize(Resize::new().with_width(60));
    let kept = Metadata::new().with_icc(true);
    let name = "fig-adobe-rgb.jpg";
    let ignored = run(name, plan().with_assume(Assume::Srgb));
    assert_eq!(ignored.bytes, run(name, plan().with_metadata(kept.clone())).bytes);
    assert_ne!(ignored.bytes, run(name, plan()).bytes);
    let file = run(
        name,
        plan()
            .with_metadata(kept)
            .with_encode(Png::new())
            .with_assume(Assume::Srgb),
    );
    assert_eq!(probe(&file.bytes).unwrap().icc, 0);
}

#[test]
fn channels_without_content_stay_if_they_are_to() {
    let channels = |reduce| {
        let encode: Encode = Png::new().with_reduce(reduce).into();
        let plan = Plan::new().with_model(Model::Rgb).with_encode(encode);
        probe(&run("grey.png", plan).bytes).unwrap().channels
    };
    assert_eq!((channels(true), channels(false)), (1, 3));
}

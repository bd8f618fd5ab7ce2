//! Inputs that are not files: raw pixels and images of one colour; and the facts about an output.

mod support;

use keenpix::encode::{Jpeg, RawPixels};
use keenpix::input::{Create, Input, Raw};
use keenpix::plan::Anchor;
use keenpix::{Colour, Format, Limits, Plan, Resize, transform, transform_many};
use support::image;

fn raw() -> Input {
    Input::Raw(Raw::new(40, 30, 4))
}

fn pixels() -> Vec<u8> {
    (0..40 * 30u32)
        .flat_map(|i| [(i % 40 * 6) as u8, (i / 40 * 8) as u8, 77, 255 - (i % 7) as u8])
        .collect()
}

#[test]
fn raw_pixels_come_back_as_they_were() {
    let plan = Plan::new().with_input(raw()).with_encode(RawPixels::default());
    let output = transform(&pixels(), &plan, &Limits::default()).unwrap();
    assert_eq!(output.bytes, pixels());
    assert_eq!((output.format, output.channels, output.alpha), (Format::Raw, 4, true));
}

#[test]
fn png_is_the_default_for_what_has_no_format() {
    let raw = Plan::new().with_input(raw());
    assert_eq!(
        transform(&pixels(), &raw, &Limits::default()).unwrap().format,
        Format::Png
    );
    let create = Plan::from_json(
        r##"{"input": {"create": {"width": 8, "height": 4, "channels": 3, "background": "#ff8000"}},
            "resize": {"width": 4}}"##,
    )
    .unwrap();
    let output = transform(&[], &create, &Limits::default()).unwrap();
    assert_eq!(
        (output.format, output.width, output.height, output.channels),
        (Format::Png, 4, 2, 3)
    );
    let decoded = image::load_from_memory(&output.bytes).unwrap().to_rgb8();
    assert!(decoded.pixels().all(|pixel| pixel.0 == [255, 128, 0]));
}

#[test]
fn limits_count_for_pixels_too() {
    let limit = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        limits
    };
    let small = Plan::new().with_input(raw()).with_resize(Resize::new().with_width(4));
    let code = |limits: &Limits| {
        transform(&pixels(), &small, limits)
            .map(|_| ())
            .map_err(|error| error.code())
    };
    assert_eq!(code(&limit(|l| l.pixels = 1_200)), Ok(()));
    assert_eq!(code(&limit(|l| l.pixels = 1_199)), Err("LIMIT_PIXELS"));
    assert_eq!(code(&limit(|l| l.width = 40)), Ok(()));
    assert_eq!(code(&limit(|l| l.width = 39)), Err("LIMIT_WIDTH"));
    assert_eq!(code(&limit(|l| l.input_bytes = 4_800)), Ok(()));
    assert_eq!(code(&limit(|l| l.input_bytes = 4_799)), Err("LIMIT_INPUT_BYTES"));
    // No frame is made for the pixels: only the resampler's rows and the encoder need memory.
    let large = Create::new(10_000, 10_000, 4, Colour::WHITE);
    let plan = Plan::new()
        .with_input(Input::Create(large))
        .with_resize(Resize::new().with_width(10))
        .with_encode(RawPixels::default());
    let code = |limits: &Limits| {
        transform(&[], &plan, limits)
            .map(|output| output.bytes.len())
            .map_err(|error| error.code())
    };
    assert_eq!(code(&limit(|l| l.memory = 10_000_000)), Ok(400));
    assert_eq!(code(&limit(|l| l.memory = 30_000)), Err("LIMIT_MEMORY"));
    assert_eq!(code(&limit(|l| l.pixels = 99_999_999)), Err("LIMIT_PIXELS"));
}

#[test]
fn the_plans_of_a_call_share_an_input() {
    let plan = Plan::new().with_input(raw());
    let both = [plan.clone(), plan.clone().with_encode(Jpeg::new())];
    let set = transform_many(&pixels(), &both, &Limits::default()).unwrap();
    assert_eq!((set[0].format, set[1].format), (Format::Png, Format::Jpeg));
    let error = transform_many(&pixels(), &[plan, Plan::new()], &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "BAD_PLAN");
    assert_eq!(error.place(), Some("plans[1].input"), "{error}");
}

#[test]
fn a_search_says_where_it_cut() {
    let photo = image("scene.png");
    let plan = |position: Anchor| {
        Plan::new().with_resize(Resize::new().with_width(24).with_height(36).with_position(position))
    };
    let made = |position| transform(&photo, &plan(position), &Limits::default()).unwrap();
    let (centre, entropy, attention) = (made(Anchor::Centre), made(Anchor::Entropy), made(Anchor::Attention));
    assert_eq!((centre.crop, centre.focus, centre.trim), (None, None, None));
    assert!(entropy.crop.is_some_and(|(left, top)| left <= 24 && top == 0) && entropy.focus.is_none());
    let ((left, top), (x, y)) = (attention.crop.unwrap(), attention.focus.unwrap());
    assert!(left <= 24 && top == 0 && x < 48 && y < 36);
    // The reported crop is the one made: requesting it by its position gives the same image.
    let whole = Plan::new().with_resize(Resize::new().with_height(36));
    let whole = transform(&photo, &whole.with_encode(RawPixels::default()), &Limits::default()).unwrap();
    let cut = plan(Anchor::Attention).with_encode(RawPixels::default());
    let cut = transform(&photo, &cut, &Limits::default()).unwrap();
    for (whole, cut) in whole.bytes.chunks_exact(48 * 3).zip(cut.bytes.chunks_exact(24 * 3)) {
        assert_eq!(&whole[left as usize * 3..][..24 * 3], cut);
    }
    let report = serde_json::to_value(&attention).unwrap();
    assert_eq!(report["crop"], serde_json::json!([left, top]));
    assert!(report.get("bytes").is_none());
}

//! Every kind of bad input gives an error with a code, or an image with a warning; never a panic, and never more memory
//! than the limit.

mod support;

use keenpix::effect::Flip;
use keenpix::encode::Png;
use keenpix::input::Tolerate;
use keenpix::plan::{Frames, Trim};
use keenpix::{Error, Limits, Output, Plan, Reason, Resize, Result, probe, stats, transform, transform_many};
use support::{Counting, Random, image, images, peak};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn thumbnail(tolerate: Tolerate) -> Plan {
    Plan::new()
        .with_resize(Resize::new().with_width(20))
        .with_encode(Png::new())
        .with_tolerate(tolerate)
}

/// Runs a plan on arbitrary bytes, and checks what must hold for all of them.
fn survives(name: &str, bytes: &[u8], plan: &Plan) -> Result<Output> {
    let limits = Limits::new().with_memory(16_000_000);
    let (result, peak) = peak(|| transform(bytes, plan, &limits));
    assert!(peak <= 16_000_000, "{name}: {peak} bytes in use");
    if let Err(error @ Error::Internal { .. }) = &result {
        panic!("{name}: {error}");
    }
    result
}

#[test]
fn truncated_files_give_what_arrived_or_an_error() {
    for (name, whole) in images() {
        let expected = transform(&whole, &thumbnail(Tolerate::None), &Limits::default())
            .unwrap()
            .bytes;
        for place in 0..20 {
            let cut = &whole[..whole.len() * place / 20];
            for tolerate in [Tolerate::None, Tolerate::Truncated, Tolerate::Damage, Tolerate::Errors] {
                let what = format!("{name}, {} of {} bytes, {tolerate:?}", cut.len(), whole.len());
                match survives(&what, cut, &thumbnail(tolerate)) {
                    // A truncated file may still have everything that matters: the first frame, or all but a checksum.
                    Ok(output) => assert!(
                        output.bytes == expected || (tolerate != Tolerate::None && !output.warnings.is_empty()),
                        "{what}: another picture, warnings {:?}",
                        output.warnings
                    ),
                    Err(error) => assert!(
                        matches!(
                            error.code(),
                            "TRUNCATED" | "BAD_INPUT" | "NOT_AN_IMAGE" | "UNSUPPORTED" | "LIMIT_MEMORY"
                        ),
                        "{what}: {error}"
                    ),
                }
            }
        }
    }
}

#[test]
fn half_a_jpeg_png_or_gif_gives_its_upper_half() {
    for name in ["420.jpg", "progressive.jpg", "scene.png", "interlaced.png", "still.gif"] {
        let whole = image(name);
        let plan = Plan::new().with_encode(Png::new());
        let output = transform(&whole[..whole.len() * 6 / 10], &plan, &Limits::default()).unwrap();
        assert_eq!((output.width, output.height), (96, 72), "{name}");
        assert!(!output.warnings.is_empty(), "{name}");
        let part = ::image::load_from_memory(&output.bytes).unwrap().to_rgb8();
        let reference = transform(&whole, &plan, &Limits::default()).unwrap();
        let reference = ::image::load_from_memory(&reference.bytes).unwrap().to_rgb8();
        // These are stored in passes, so all of the image is there, but coarse.
        if !matches!(name, "progressive.jpg" | "interlaced.png" | "still.gif") {
            for (x, y, pixel) in part.enumerate_pixels().filter(|(_, y, _)| *y < 16) {
                assert_eq!(pixel, reference.get_pixel(x, y), "{name} at {x},{y}");
            }
        }
    }
}

#[test]
fn random_changes_never_panic() {
    let mut random = Random(7);
    for (name, whole) in images() {
        let tries = if cfg!(debug_assertions) { 60 } else { 400 };
        for round in 0..tries {
            let mut bytes = whole.clone();
            for _ in 0..=random.below(8) {
                // Most faults that matter are in headers.
                let reach = if random.below(2) == 0 {
                    bytes.len()
                } else {
                    bytes.len().min(200)
                };
                let at = random.below(reach);
                bytes[at] = [random.next() as u8, 0, 255, bytes[at] ^ 1][random.below(4)];
            }
            let tolerate = [Tolerate::None, Tolerate::Truncated, Tolerate::Errors][random.below(3)];
            let plan = thumbnail(tolerate).with_frames([Frames::First, Frames::All][random.below(2)]);
            let _ = survives(&format!("{name}, round {round}"), &bytes, &plan);
            if let Err(error @ Error::Internal { .. }) = probe(&bytes) {
                panic!("{name}, round {round}: {error}");
            }
        }
    }
}

#[test]
fn every_limit_is_kept_and_just_enough_passes() {
    let plan = Plan::new();
    type Set = fn(&mut Limits, u64);
    let photo = image("scene.png");
    let cases: [(&str, u64, Set); 4] = [
        ("LIMIT_WIDTH", 96, |limits, n| limits.width = n as u32),
        ("LIMIT_HEIGHT", 72, |limits, n| limits.height = n as u32),
        ("LIMIT_PIXELS", 96 * 72, |limits, n| limits.pixels = n),
        ("LIMIT_INPUT_BYTES", photo.len() as u64, |limits, n| {
            limits.input_bytes = n
        }),
    ];
    for (code, enough, set) in cases {
        let mut limits = Limits::default();
        set(&mut limits, enough);
        transform(&photo, &plan, &limits).unwrap_or_else(|error| panic!("{code}: {enough} is enough: {error}"));
        set(&mut limits, enough - 1);
        let error = transform(&photo, &plan, &limits).unwrap_err();
        assert_eq!(error.code(), code);
        let message = error.to_string();
        assert!(
            message.contains(&enough.to_string()) && message.contains(&(enough - 1).to_string()),
            "{message}"
        );
    }
}

#[test]
fn limits_hold_for_what_a_plan_makes_too() {
    let plan = Plan::new().with_resize(Resize::new().with_width(200).with_height(100));
    let limits = Limits::new().with_pixels(20_000);
    transform(&image("scene.png"), &plan, &limits).unwrap();
    let limits = Limits::new().with_pixels(19_999);
    let error = transform(&image("scene.png"), &plan, &limits).unwrap_err();
    assert_eq!(
        (error.code(), error.reason()),
        ("LIMIT_PIXELS", Some(Reason::OutputTooLarge))
    );
    // Here the image's shape requires 300 rows.
    let narrow = Plan::new().with_resize(Resize::new().with_width(400));
    let limits = Limits::new().with_height(299);
    let error = transform(&image("scene.png"), &narrow, &limits).unwrap_err();
    assert_eq!((error.code(), error.reason()), ("LIMIT_HEIGHT", None));
}

#[test]
fn frames_and_scans_are_counted() {
    let all = Plan::new().with_frames(Frames::All);
    for name in ["animated.gif", "animated.webp"] {
        transform(&image(name), &all, &Limits::new().with_frames(4)).unwrap();
        let error = transform(&image(name), &all, &Limits::new().with_frames(3)).unwrap_err();
        assert_eq!(error.code(), "LIMIT_FRAMES", "{name}");
        // One frame is requested, and one is decoded.
        transform(&image(name), &Plan::new(), &Limits::new().with_frames(1)).unwrap();
    }
    let photo = image("progressive.jpg");
    let scans = photo.windows(2).filter(|pair| *pair == [0xff, 0xda]).count() as u32;
    transform(&photo, &Plan::new(), &Limits::new().with_scans(scans)).unwrap();
    let error = transform(&photo, &Plan::new(), &Limits::new().with_scans(scans - 1)).unwrap_err();
    assert_eq!(error.code(), "LIMIT_SCANS");
}

#[test]
fn every_pixel_that_is_decoded_counts() {
    let all = Plan::new().with_frames(Frames::All);
    let trimmed = Plan::new().with_trim(Trim::new());
    let frame = |name| probe(&image(name)).map(|info| u64::from(info.width) * u64::from(info.height));
    let gif = frame("animated.gif").unwrap();
    let webp = frame("animated.webp").unwrap();
    let png = frame("scene.png").unwrap();
    let turned = frame("orientation-6.jpg").unwrap();
    for (name, plan, enough) in [
        ("animated.gif", &all, 4 * gif),
        ("animated.webp", &all, 4 * webp),
        ("animated.gif", &Plan::new(), gif),
        ("scene.png", &Plan::new(), png),
        ("scene.png", &trimmed, 2 * png),
        ("orientation-6.jpg", &trimmed, 3 * turned), // its first pixel is not the first in the file
    ] {
        let attempt = |total| transform(&image(name), plan, &Limits::new().with_total_pixels(total));
        attempt(enough).unwrap_or_else(|error| panic!("{name}: {enough} is enough: {error}"));
        let error = attempt(enough - 1).unwrap_err();
        assert_eq!(error.code(), "LIMIT_TOTAL_PIXELS", "{name}");
        let expected = format!("at most {} pixels", enough - 1);
        assert_eq!(error.expected(), Some(expected), "{name}");
    }
    let plans = [&trimmed, &trimmed, &all].map(Plan::clone);
    let attempt = |total| transform_many(&image("animated.gif"), &plans, &Limits::new().with_total_pixels(total));
    attempt(6 * gif).unwrap();
    assert_eq!(attempt(6 * gif - 1).unwrap_err().code(), "LIMIT_TOTAL_PIXELS");
    let attempt = |total| {
        stats(
            &image("scene.png"),
            Tolerate::None,
            &Limits::new().with_total_pixels(total),
        )
    };
    attempt(png).unwrap();
    assert_eq!(attempt(png - 1).unwrap_err().code(), "LIMIT_TOTAL_PIXELS");
}

#[test]
fn many_large_frames_are_refused_by_the_header() {
    let (width, height) = (4000u16.to_le_bytes(), 4000u16.to_le_bytes());
    let mut gif = [b"GIF89a", &width[..], &height, &[0x80, 0, 0, 0, 0, 0, 255, 255, 255]].concat();
    let frame = [&[0x2c, 0, 0, 0, 0][..], &width, &height, &[0, 2, 2, 0x4c, 0x01, 0]].concat();
    (0..999).for_each(|_| gif.extend(&frame));
    gif.push(0x3b);
    let plan = Plan::new()
        .with_frames(Frames::All)
        .with_resize(Resize::new().with_width(16));
    let (result, peak) = peak(|| transform(&gif, &plan, &Limits::default()));
    let error = result.unwrap_err();
    assert_eq!(error.code(), "LIMIT_TOTAL_PIXELS");
    assert_eq!(
        error.to_string(),
        "total pixels limit exceeded: 15984000000 pixels where 2000000000 are allowed"
    );
    assert!(peak < 1_000_000, "{peak} bytes");
}

#[test]
fn trims_and_statistics_look_at_the_deadline() {
    let photo = image("scene.png");
    let late = || Limits::new().with_deadline(std::time::Duration::ZERO);
    let plan = Plan::new().with_trim(Trim::new());
    assert_eq!(transform(&photo, &plan, &late()).unwrap_err().code(), "DEADLINE");
    assert_eq!(stats(&photo, Tolerate::None, &late()).unwrap_err().code(), "DEADLINE");
}

#[test]
fn plans_of_any_length_cost_little() {
    let flips = |count| format!(r#"{{"effects": [{}]}}"#, vec![r#"{"effect": "flip"}"#; count].join(","));
    Plan::from_json(&flips(100)).unwrap();
    for (text, part) in [
        (flips(101), "effects is a list of 101, expected at most 100 effects"),
        (
            flips(40_000),
            "effects is a list of 40000, expected at most 100 effects",
        ),
        (flips(1_000_000), "the text has more than 100000 values"),
        (
            format!("[{}]", vec!["{}"; 1_000_000].join(",")),
            "the text has more than 100000 values",
        ),
    ] {
        let (result, peak) = peak(|| Plan::from_json(&text));
        let error = result.unwrap_err();
        assert_eq!(
            (error.code(), error.reason()),
            ("BAD_PLAN", Some(Reason::OutOfRange)),
            "{error}"
        );
        assert!(error.to_string().contains(part), "{error}");
        assert!(peak < 64_000_000, "{part}: {peak} bytes");
    }
    let mut plan = Plan::new();
    for _ in 0..101 {
        plan = plan.with_effect(Flip::default());
    }
    let error = plan.check().unwrap_err();
    assert_eq!(
        error.to_string(),
        "bad plan: effects is a list of 101, expected at most 100 effects"
    );
    assert_eq!(error.place(), Some("effects"));
}

#[test]
fn the_memory_limit_is_kept_by_every_decoder() {
    for (name, bytes) in images() {
        let mut enough = None;
        for memory in (0..24).map(|power| 1u64 << power) {
            let limits = Limits::new().with_memory(memory);
            let plan = Plan::new().with_encode(Png::new());
            let (result, peak) = peak(|| transform(&bytes, &plan, &limits));
            match result {
                Ok(_) => enough = enough.or(Some(memory)),
                Err(error) => {
                    assert_eq!(error.code(), "LIMIT_MEMORY", "{name} with {memory} bytes: {error}");
                    assert_eq!(enough, None, "{name}: {memory} bytes fail where less was enough");
                }
            }
            // Small allocations that are the same for every image don't count: tables, codec buffers, the output.
            assert!(
                peak as u64 <= memory + 1_500_000,
                "{name}: {peak} bytes in use where {memory} are allowed"
            );
        }
        assert!(enough.is_some(), "{name} needs more than 8 MB");
    }
}

#[test]
fn a_deadline_and_a_cancel_flag_stop_the_work() {
    let photo = image("scene.png");
    let limits = Limits::new().with_deadline(std::time::Duration::ZERO);
    let error = transform(&photo, &Plan::new(), &limits).unwrap_err();
    assert_eq!((error.code(), error.retryable()), ("DEADLINE", true));
    let cancel = keenpix::Cancel::default();
    cancel.cancel();
    let limits = Limits::new().with_cancel(cancel);
    assert_eq!(
        transform(&photo, &Plan::new(), &limits).unwrap_err().code(),
        "CANCELLED"
    );
}

#[test]
fn what_is_no_image_is_diagnosed() {
    for (bytes, part) in [
        (&b""[..], "empty"),
        (b"<html><body>403 Forbidden", "HTML"),
        (b"{\"error\": \"AccessDenied\"}", "JSON"),
        (b"iVBORw0KGgoAAAANSUhEUg==", "base64"),
    ] {
        let error = transform(bytes, &Plan::new(), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "NOT_AN_IMAGE");
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(probe(bytes).unwrap_err().code(), "NOT_AN_IMAGE");
    }
}

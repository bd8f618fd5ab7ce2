//! A plan that no image can make right is refused before a byte is looked at.

use keenpix::encode::{Gif, Webp};
use keenpix::plan::{Frames, Light, Metadata, Orient};
use keenpix::{Crop, Fit, Limits, Plan, Resize, transform, transform_many};

/// Ten faults, and the place that each error names.
fn wrong() -> Vec<(&'static str, &'static str)> {
    vec![
        (r#"{"encode": {"format": "gif", "change": 99}}"#, "encode.change"),
        (
            r#"{"effects": [{"effect": "composite", "layers": [{"source": {"create":
                {"width": 9, "height": 9, "channels": 4, "background": "white"}}, "left": 3}]}]}"#,
            "effects[0].layers[0].top",
        ),
        (
            r#"{"resize": {"width": 20000}, "encode": {"format": "webp"}}"#,
            "resize.width",
        ),
        (r#"{"encode": {"format": "webp", "near": 50}}"#, "encode.near"),
        (
            r#"{"effects": [{"effect": "flip"}, {"effect": "blur", "sigma": 0}]}"#,
            "effects[1].sigma",
        ),
        (
            r#"{"crop": {"left": 0, "top": 0, "width": 0, "height": 9}}"#,
            "crop.width",
        ),
        (
            r#"{"resize": {"width": 9, "light": {"gamma": 4}}}"#,
            "resize.light.gamma",
        ),
        (r#"{"metadata": {"orientation": 9}}"#, "metadata.orientation"),
        (
            r#"{"frames": {"range": {"start": 0, "count": 0}}}"#,
            "frames.range.count",
        ),
        (r#"{"orient": {"rotate": 45}}"#, "orient.rotate"),
    ]
}

#[test]
fn wrong_plans_are_refused_before_the_bytes_are_looked_at() {
    let huge = Limits::default();
    for (json, place) in wrong() {
        let plan = Plan::from_json(json).unwrap();
        let error = plan.check().unwrap_err();
        assert_eq!((error.code(), error.place()), ("BAD_PLAN", Some(place)), "{error}");
        // These are no image: whoever looked at them would say so.
        let seen = transform(b"no image", &plan, &huge).unwrap_err();
        assert_eq!(seen.to_string(), error.to_string());
        let seen = transform_many(b"no image", &[Plan::new(), plan], &huge).unwrap_err();
        assert_eq!(seen.place(), Some(format!("plans[1].{place}").as_str()), "{seen}");
    }
    assert_eq!(
        transform(b"no image", &Plan::new(), &huge).unwrap_err().code(),
        "NOT_AN_IMAGE"
    );
}

#[test]
fn ranges_hold_in_both_directions() {
    for (format, option, low, high) in [
        ("jpeg", "quality", 1, 100),
        ("jpeg", "effort", 0, 9),
        ("png", "compression", 0, 10),
        ("png", "colours", 2, 256),
        ("png", "quality", 0, 100),
        ("png", "dither", 0, 100),
        ("webp", "quality", 0, 100),
        ("webp", "effort", 0, 6),
        ("webp", "alpha", 0, 100),
        ("gif", "colours", 2, 256),
        ("gif", "dither", 0, 100),
        ("gif", "change", 0, 32),
    ] {
        let check = |value: i32| {
            let json = format!(r#"{{"encode": {{"format": "{format}", "{option}": {value}}}}}"#);
            Plan::from_json(&json).and_then(|plan| plan.check())
        };
        assert!(check(low).is_ok() && check(high).is_ok(), "{format} {option}");
        let error = check(high + 1).unwrap_err();
        let message = format!("encode.{option} is {}, expected {low} to {high}", high + 1);
        assert!(error.to_string().ends_with(&message), "{error}");
        assert_eq!(check(low - 1).unwrap_err().code(), "BAD_PLAN", "{format} {option}");
    }
    for (option, json) in [
        ("resize.width", r#"{"resize": {"width": 0}}"#),
        (
            "resize.position.x",
            r#"{"resize": {"width": 5, "position": {"x": 1.5, "y": 0}}}"#,
        ),
        (
            "resize.position",
            r#"{"resize": {"width": 5, "fit": "contain", "position": "entropy"}}"#,
        ),
        ("trim.threshold", r#"{"trim": {"threshold": -1}}"#),
        ("dpi", r#"{"dpi": 0.5}"#),
        ("metadata.density", r#"{"metadata": {"density": 65536}}"#),
        ("metadata.profile", r#"{"metadata": {"profile": {"icc": "AAAA"}}}"#),
        (
            "input.raw.channels",
            r#"{"input": {"raw": {"width": 1, "height": 1, "channels": 5}}}"#,
        ),
        (
            "input.create.channels",
            r#"{"input": {"create": {"width": 1, "height": 1, "channels": 1, "background": "white"}}}"#,
        ),
    ] {
        let error = Plan::from_json(json).unwrap().check().unwrap_err();
        assert_eq!(error.place(), Some(option), "{error}");
    }
}

#[test]
fn numbers_that_json_can_not_write_are_refused_too() {
    for plan in [
        Plan::new().with_dpi(f64::NAN),
        Plan::new().with_dpi(f64::INFINITY),
        Plan::new().with_metadata(Metadata::new().with_density(f64::NAN)),
        Plan::new().with_resize(Resize::new().with_light(Light::Gamma(f64::NAN))),
    ] {
        assert_eq!(plan.check().unwrap_err().code(), "BAD_PLAN", "{plan:?}");
    }
}

#[test]
fn what_an_image_may_make_right_is_no_fault() {
    let wide = Resize::new().with_width(20_000);
    for plan in [
        Plan::new(),
        // The input may be a JPEG.
        Plan::new().with_resize(wide),
        Plan::new()
            .with_resize(wide.with_enlarge(false))
            .with_encode(Webp::new()),
        Plan::new()
            .with_resize(wide.with_height(9).with_fit(Fit::Inside))
            .with_encode(Webp::new()),
        Plan::from_json(
            r#"{"resize": {"width": 20000}, "encode": {"format": "webp"},
                "effects": [{"effect": "crop", "left": 0, "top": 0, "width": 9, "height": 9}]}"#,
        )
        .unwrap(),
        Plan::new().with_crop(Crop::new(0, 0, u32::MAX, 1)),
        Plan::new().with_frames(Frames::Range { start: 99, count: 1 }),
        Plan::new().with_orient(Orient::new().with_rotate(270)),
        Plan::new().with_encode(Gif::new().with_change(32)),
    ] {
        assert!(plan.check().is_ok(), "{plan:?}");
    }
}

#[test]
fn of_several_plans_the_wrong_one_is_named() {
    let photo = include_bytes!("images/rgb.png"); // 64 × 48
    let places = |plan: Plan| {
        let place = |plans: &[Plan]| {
            let error = transform_many(photo, plans, &Limits::default()).unwrap_err();
            error.place().unwrap_or_default().to_owned()
        };
        (place(std::slice::from_ref(&plan)), place(&[Plan::new(), plan.clone()]))
    };
    for (plan, alone, second) in [
        (
            Plan::new().with_encode(Webp::new().with_quality(101)),
            "encode.quality",
            "plans[1].encode.quality",
        ),
        (Plan::new().with_crop(Crop::new(60, 0, 9, 9)), "crop", "plans[1].crop"),
        (
            Plan::from_json(r#"{"effects": [{"effect": "flip"}, {"effect": "crop", "left": 60, "top": 0, "width": 9, "height": 9}]}"#)
                .unwrap(),
            "effects[1]",
            "plans[1].effects[1]",
        ),
        (
            Plan::from_json(r#"{"effects": [{"effect": "linear", "slope": [1, 2]}]}"#).unwrap(),
            "effects[0].slope",
            "plans[1].effects[0].slope",
        ),
    ] {
        assert_eq!(places(plan), (alone.to_owned(), second.to_owned()));
    }
    let error = transform_many(photo, &[Plan::new(), Plan::new().with_dpi(9.0)], &Limits::default()).unwrap_err();
    assert_eq!(error.place(), Some("plans[1].dpi"));
}

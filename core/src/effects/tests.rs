use super::*;
use crate::{ColourModel, Format, Limits, Output, Plan, Result, probe, transform};

const RGB: &[u8] = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
const RGBA: &[u8] = include_bytes!("../../tests/images/rgba.png");

fn made(image: &[u8], plan: &str, limits: &Limits) -> Result<Output> {
    transform(image, &Plan::from_json(plan).unwrap(), limits)
}

fn fine(image: &[u8], plan: &str) -> Output {
    made(image, plan, &Limits::default()).unwrap()
}

#[test]
fn the_output_has_the_size_after_the_effects() {
    let plan = r#"{
        "resize": {"width": 32},
        "effects": [{"effect": "extend", "left": 8}, {"effect": "rotate", "angle": 90}],
        "encode": {"format": "raw"}
    }"#;
    let output = fine(RGB, plan);
    assert_eq!((output.width, output.height, output.bytes.len()), (24, 40, 24 * 40 * 3));
}

#[test]
fn limits_hold_on_the_way_too() {
    let plan = r#"{"effects": [
        {"effect": "extend", "right": 36},
        {"effect": "crop", "left": 0, "top": 0, "width": 10, "height": 10}
    ]}"#;
    let width = |width| made(RGB, plan, &Limits::new().with_width(width));
    assert_eq!(width(99).unwrap_err().code(), "LIMIT_WIDTH");
    assert_eq!(width(100).unwrap().width, 10);
    let pixels = |pixels| made(RGB, plan, &Limits::new().with_pixels(pixels));
    assert_eq!(pixels(4799).unwrap_err().code(), "LIMIT_PIXELS");
    assert_eq!(pixels(4800).unwrap().height, 10);
}

#[test]
fn formats_hold_what_comes_out() {
    let plan =
        |right| format!(r#"{{"effects": [{{"effect": "extend", "right": {right}}}], "encode": {{"format": "webp"}}}}"#);
    let error = made(RGB, &plan(16_320), &Limits::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("a format for 16384×48 pixels: webp holds at most 16383×16383"),
        "{error}"
    );
    assert_eq!(fine(RGB, &plan(16_319)).width, 16_383);
}

#[test]
fn wrong_options_are_found_before_any_pixel() {
    // Only the header is there.
    let plan = r#"{"effects": [{"effect": "flip"}, {"effect": "blur", "sigma": 0}]}"#;
    let error = made(&RGB[..33], plan, &Limits::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("effects[1].sigma is 0, expected 0.3 to 1000"),
        "{error}"
    );
}

#[test]
fn alpha_is_there_for_the_effects_and_flattened_after_them() {
    let plan = r##"{
        "effects": [{"effect": "negate", "alpha": false}],
        "background": "#000000",
        "encode": {"format": "jpeg", "quality": 100, "chroma": "4:4:4"}
    }"##;
    let output = fine(RGBA, plan);
    assert!(!output.alpha);
    let raw = fine(&output.bytes, r#"{"encode": {"format": "raw"}}"#);
    // The corner is transparent: the background as it is, not its negative.
    assert!(raw.bytes[..3].iter().all(|&sample| sample < 8), "{:?}", &raw.bytes[..3]);
}

#[test]
fn every_frame_gets_the_effects() {
    let image = include_bytes!("../../tests/images/animated.gif");
    let plan = |effects: &str| {
        format!(r#"{{"frames": "all", "effects": [{effects}], "encode": {{"format": "webp", "lossless": true}}}}"#)
    };
    let grey = fine(
        image,
        &plan(r#"{"effect": "greyscale"}, {"effect": "extend", "top": 5}"#),
    );
    let size = probe(image).unwrap();
    assert_eq!((grey.frames, grey.height), (size.frames, size.height + 5));
    let again = fine(&grey.bytes, &plan(r#"{"effect": "greyscale"}"#));
    assert_eq!(again.bytes, fine(&grey.bytes, &plan("")).bytes);
}

#[test]
fn colour_channels_are_as_the_plan_says() {
    let grey = include_bytes!("../../tests/images/grey.jpg");
    let colour = include_bytes!("../../tests/images/420.jpg");
    let model = |image: &[u8], colours: &str| {
        let output = fine(
            image,
            &format!(r#"{{"model": "{colours}", "encode": {{"format": "jpeg"}}}}"#),
        );
        (probe(&output.bytes).unwrap().colour, output.bytes)
    };
    assert_eq!(model(grey, "auto").0, ColourModel::Grey);
    assert_eq!(model(grey, "rgb").0, ColourModel::Ycbcr);
    assert_eq!(model(colour, "grey").0, ColourModel::Grey);
    // Planes of Y'CbCr stay as they are.
    assert_eq!(model(colour, "rgb"), model(colour, "auto"));
    let channels = |image: &[u8], colours: &str| {
        let output = fine(
            image,
            &format!(r#"{{"model": "{colours}", "encode": {{"format": "raw"}}}}"#),
        );
        assert_eq!(output.format, Format::Raw);
        output.bytes.len() / (output.width * output.height) as usize
    };
    for (image, colours, expected) in [
        (RGB, "grey", 1),
        (RGB, "rgb", 3),
        (RGBA, "grey", 2),
        (RGBA, "auto", 4),
        (&grey[..], "rgb", 3),
        (&grey[..], "auto", 1),
    ] {
        assert_eq!(channels(image, colours), expected, "{colours}");
    }
}

fn plan(effects: &str) -> Plan {
    Plan::from_json(&format!(r#"{{"effects": [{{"effect": "flip"}}, {effects}]}}"#)).unwrap()
}

#[test]
fn ranges_hold_in_both_directions() {
    for (good, wrong, message) in [
        (
            r#"{"effect": "blur", "sigma": 0.3}"#,
            r#"{"effect": "blur", "sigma": 0.29}"#,
            "effects[1].sigma is 0.29, expected 0.3 to 1000",
        ),
        (
            r#"{"effect": "blur", "sigma": 1000}"#,
            r#"{"effect": "blur", "sigma": 1001}"#,
            "effects[1].sigma is 1001",
        ),
        (
            r#"{"effect": "blur", "sigma": 1, "amplitude": 0.001}"#,
            r#"{"effect": "blur", "sigma": 1, "amplitude": 1.5}"#,
            "effects[1].amplitude is 1.5, expected 0.001 to 1",
        ),
        (
            r#"{"effect": "sharpen", "sigma": 10}"#,
            r#"{"effect": "sharpen", "sigma": 10.1}"#,
            "effects[1].sigma is 10.1",
        ),
        (
            r#"{"effect": "sharpen", "sigma": 1, "darken": 0}"#,
            r#"{"effect": "sharpen", "sigma": 1, "darken": -1}"#,
            "effects[1].darken is -1",
        ),
        (
            r#"{"effect": "median", "size": 1000}"#,
            r#"{"effect": "median", "size": 0}"#,
            "effects[1].size is 0, expected 1 to 1000",
        ),
        (
            r#"{"effect": "rotate", "angle": -1000000}"#,
            r#"{"effect": "rotate", "angle": 1e300}"#,
            "effects[1].angle is 1",
        ),
        (
            r#"{"effect": "gamma", "exponent": 0.01}"#,
            r#"{"effect": "gamma", "exponent": 0}"#,
            "effects[1].exponent is 0, expected 0.01 to 100",
        ),
        (
            r#"{"effect": "linear", "slope": [1, 2, 3], "offset": [0]}"#,
            r#"{"effect": "linear", "slope": [1, 2, 3], "offset": [0, 1]}"#,
            "effects[1].offset is 2 numbers, expected as many as in slope, which has 3, or one",
        ),
        (
            r#"{"effect": "linear", "slope": [1, 2, 3, 4]}"#,
            r#"{"effect": "linear", "slope": []}"#,
            "effects[1].slope is 0 numbers, expected 1 to 4",
        ),
        (
            r#"{"effect": "linear", "offset": [1e6]}"#,
            r#"{"effect": "linear", "offset": [1, 1e7]}"#,
            "effects[1].offset[1] is 10000000",
        ),
        (
            r#"{"effect": "normalise", "lower": 0, "upper": 100}"#,
            r#"{"effect": "normalise", "lower": 50, "upper": 50}"#,
            "effects[1].lower is 50, expected less than upper, which is 50",
        ),
        (
            r#"{"effect": "modulate", "brightness": 0, "hue": -720}"#,
            r#"{"effect": "modulate", "saturation": -0.1}"#,
            "effects[1].saturation is -0.1",
        ),
        (
            r#"{"effect": "crop", "left": 0, "top": 0, "width": 1, "height": 1}"#,
            r#"{"effect": "crop", "left": 0, "top": 0, "width": 0, "height": 1}"#,
            "effects[1].width is 0, expected at least 1",
        ),
        (
            r#"{"effect": "ensure-alpha", "value": 0}"#,
            r#"{"effect": "ensure-alpha", "value": 1.01}"#,
            "effects[1].value is 1.01, expected 0 to 1",
        ),
    ] {
        check(&plan(good).effects).unwrap();
        let error = check(&plan(wrong).effects).unwrap_err();
        assert_eq!(error.code(), "BAD_PLAN");
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn sizes_follow_the_list() {
    let effects = plan(
        r#"{"effect": "extend", "left": 10, "bottom": 5},
           {"effect": "rotate", "angle": 90},
           {"effect": "crop", "left": 5, "top": 50, "width": 20, "height": 60},
           {"effect": "rotate", "angle": 45},
           {"effect": "blur"}"#,
    )
    .effects;
    let sizes = sizes((100, 50), &effects).unwrap();
    assert_eq!(sizes, [(100, 50), (110, 55), (55, 110), (20, 60), (57, 57), (57, 57)]);
}

#[test]
fn sizes_that_cannot_be_are_refused() {
    for effect in [
        r#"{"effect": "crop", "left": 1, "top": 0, "width": 100, "height": 50}"#,
        r#"{"effect": "crop", "left": 4294967295, "top": 0, "width": 1, "height": 1}"#,
        r#"{"effect": "extend", "left": 4294967295, "right": 4294967295}"#,
        r#"{"effect": "extend", "top": 4294967295}, {"effect": "rotate", "angle": 45}"#,
    ] {
        let error = sizes((100, 50), &plan(effect).effects).unwrap_err();
        assert_eq!(error.code(), "BAD_PLAN");
        assert!(error.to_string().contains("effects["), "{error}");
    }
}

#[test]
fn every_effect_has_a_golden_case() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let cases: Vec<Plan> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
        .map(|case: serde_json::Value| Plan::from_json(&case["plan"].to_string()).unwrap())
        .collect();
    // `Blur(Blur { sigma: … })` begins with the effect's name.
    let used: Vec<String> = cases
        .iter()
        .flat_map(|plan| &plan.effects)
        .map(|effect| format!("{effect:?}"))
        .collect();
    for name in NAMES {
        let start = format!("{name}(");
        assert!(
            used.iter().any(|effect| effect.starts_with(&start)),
            "no golden case shows {name}"
        );
    }
}

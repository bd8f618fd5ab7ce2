//! The effects of a plan, in the order in which it lists them: one file for each kind.
//!
//! What an effect does is what sharp's method of the same name does, colour space and rounding included, so that
//! pictures stay the same when a program moves over. A grey picture stays grey throughout: the colour of a border
//! counts by its luma, and a tint has nothing to do. [`params`] looks at every number before the first pixel, and
//! says what size comes out.

mod alpha;
mod blur;
mod border;
mod channels;
mod composite;
mod lab;
mod median;
mod neighbours;
mod normalise;
mod params;
mod rotate;
mod sharpen;
#[cfg(test)]
mod testing;
mod tint;
mod tone;

use crate::budget::Budget;
use crate::canvas;
use crate::error::Result;
use crate::image::{Image, Layout};
use crate::orientation::Orientation;
use crate::plan::{Effect, Model, Plan};

pub(crate) use composite::{LayerPixels, check_layer};
pub(crate) use params::{check, sizes};

/// Carries out the plan's effects on the resized picture, and brings it to the plan's colour channels. `layers` has an
/// entry for each effect.
pub(crate) fn apply(image: Image, plan: &Plan, layers: &[LayerPixels], budget: &Budget) -> Result<Image> {
    let mut image = image;
    for (index, (effect, layers)) in plan.effects.iter().zip(layers).enumerate() {
        budget.check()?;
        image = one(image, index, effect, plan, layers, budget)?;
    }
    match (plan.model, image.layout) {
        (Model::Grey, _) => channels::grey(image, budget),
        (Model::Rgb, Layout::Grey | Layout::GreyAlpha) => channels::rgb(image, budget),
        _ => Ok(image),
    }
}

fn one(
    image: Image,
    index: usize,
    effect: &Effect,
    plan: &Plan,
    layers: &LayerPixels,
    budget: &Budget,
) -> Result<Image> {
    let mirrored = |flip, flop| Orientation {
        transpose: false,
        flop,
        flip,
    };
    match effect {
        Effect::Crop(area) => canvas::cut(image, (area.left, area.top), (area.width, area.height), budget),
        Effect::Rotate(options) => rotate::apply(image, options, plan.background, budget),
        Effect::Flip(_) => mirrored(true, false).apply(image, budget),
        Effect::Flop(_) => mirrored(false, true).apply(image, budget),
        Effect::Extend(options) => border::extend(image, options, plan.background, budget),
        Effect::Greyscale(_) => channels::grey(image, budget),
        Effect::Gamma(options) => tone::gamma(image, options, budget),
        Effect::Linear(options) => tone::linear(image, index, options, budget),
        Effect::Negate(options) => tone::negate(image, options, budget),
        Effect::Normalise(options) => normalise::apply(image, options, budget),
        Effect::Threshold(options) => tone::threshold(image, options, budget),
        Effect::Tint(options) => tint::tint(image, options, budget),
        Effect::Modulate(options) => tint::modulate(image, options, budget),
        Effect::Median(options) => median::apply(image, options, budget),
        Effect::Blur(options) => blur::apply(image, options, budget),
        Effect::Sharpen(options) => sharpen::apply(image, options, budget),
        Effect::Composite(options) => composite::apply(image, options, layers, budget),
        Effect::EnsureAlpha(options) => channels::ensure_alpha(image, options, budget),
        Effect::RemoveAlpha(_) => channels::remove_alpha(image, budget),
    }
}

#[cfg(test)]
mod tests {
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
        let width = |width| {
            made(
                RGB,
                plan,
                &Limits {
                    width,
                    ..Default::default()
                },
            )
        };
        assert_eq!(width(99).unwrap_err().code(), "LIMIT_WIDTH");
        assert_eq!(width(100).unwrap().width, 10);
        let pixels = |pixels| {
            made(
                RGB,
                plan,
                &Limits {
                    pixels,
                    ..Default::default()
                },
            )
        };
        assert_eq!(pixels(4799).unwrap_err().code(), "LIMIT_PIXELS");
        assert_eq!(pixels(4800).unwrap().height, 10);
    }

    #[test]
    fn formats_hold_what_comes_out() {
        let plan = |right| {
            format!(r#"{{"effects": [{{"effect": "extend", "right": {right}}}], "encode": {{"format": "webp"}}}}"#)
        };
        let error = made(RGB, &plan(16_320), &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("16384×48 does not fit webp"), "{error}");
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
}

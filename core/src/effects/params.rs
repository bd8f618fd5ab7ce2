//! The numbers of the effects: whether they are in range, and what size comes out. Nothing here looks at a pixel.

use std::fmt::Display;

use crate::error::{Error, Result};
use crate::plan::{Crop, Effect, Extend, Plan, Rotate};

use super::rotate;

/// Refuses options that are out of range.
///
/// # Errors
///
/// [`Error::BadPlan`] with the place, the value and the range.
pub(crate) fn check(plan: &Plan) -> Result<()> {
    plan.effects
        .iter()
        .enumerate()
        .try_for_each(|(index, effect)| check_one(index, effect))
}

fn check_one(index: usize, effect: &Effect) -> Result<()> {
    let range = |name: &str, value: f64, low: f64, high: f64| {
        if (low..=high).contains(&value) {
            return Ok(());
        }
        Err(bad(index, format_args!(".{name} is {value}, expected {low} to {high}")))
    };
    let finite = |name: &str, value: f64| range(name, value, -LARGEST, LARGEST);
    match effect {
        Effect::Rotate(o) => finite("angle", o.angle),
        Effect::Gamma(o) => range("exponent", o.exponent, 0.01, 100.0),
        Effect::Linear(o) => {
            for (name, list) in [("slope", &o.slope), ("offset", &o.offset)] {
                if !(1..=4).contains(&list.len()) {
                    let len = list.len();
                    return Err(bad(index, format_args!(".{name} has {len} numbers, expected 1 to 4")));
                }
                for (i, &value) in list.iter().enumerate() {
                    finite(&format!("{name}[{i}]"), value)?;
                }
            }
            match (o.slope.len(), o.offset.len()) {
                (slopes, offsets) if slopes == offsets || slopes == 1 || offsets == 1 => Ok(()),
                (slopes, offsets) => Err(bad(
                    index,
                    format_args!(" has {slopes} slopes and {offsets} offsets, expected as many of both, or one"),
                )),
            }
        }
        Effect::Normalise(o) => {
            range("lower", o.lower, 0.0, 99.0)?;
            range("upper", o.upper, 1.0, 100.0)?;
            if o.lower < o.upper {
                return Ok(());
            }
            Err(bad(
                index,
                format_args!(".lower is {}, expected less than upper, which is {}", o.lower, o.upper),
            ))
        }
        Effect::Modulate(o) => {
            range("brightness", o.brightness, 0.0, LARGEST)?;
            range("saturation", o.saturation, 0.0, LARGEST)?;
            finite("hue", o.hue)?;
            finite("lightness", o.lightness)
        }
        Effect::Median(o) => range("size", o.size.into(), 1.0, 1000.0),
        Effect::Blur(o) => {
            range("amplitude", o.amplitude, 0.001, 1.0)?;
            o.sigma.map_or(Ok(()), |sigma| range("sigma", sigma, 0.3, 1000.0))
        }
        Effect::Sharpen(o) => {
            if let Some(sigma) = o.sigma {
                range("sigma", sigma, 0.000_001, 10.0)?;
            }
            let rest = [
                ("flat", o.flat),
                ("jagged", o.jagged),
                ("threshold", o.threshold),
                ("brighten", o.brighten),
                ("darken", o.darken),
            ];
            rest.into_iter()
                .try_for_each(|(name, value)| range(name, value, 0.0, LARGEST))
        }
        Effect::EnsureAlpha(o) => range("value", o.value, 0.0, 1.0),
        Effect::Crop(_)
        | Effect::Flip(_)
        | Effect::Flop(_)
        | Effect::Extend(_)
        | Effect::Greyscale(_)
        | Effect::Negate(_)
        | Effect::Threshold(_)
        | Effect::Tint(_)
        | Effect::Composite(_)
        | Effect::RemoveAlpha(_) => Ok(()),
    }
}

/// Beyond any use, and far from where arithmetic overflows.
const LARGEST: f64 = 1_000_000.0;

/// The size of the picture after each effect, from the first to the last.
///
/// # Errors
///
/// [`Error::BadPlan`] for a crop that leaves the picture, and for sizes that no number holds.
pub(crate) fn sizes(start: (u32, u32), effects: &[Effect]) -> Result<Vec<(u32, u32)>> {
    let mut size = start;
    effects
        .iter()
        .enumerate()
        .map(|(index, effect)| {
            size = match effect {
                Effect::Crop(area) => cropped(size, index, *area)?,
                Effect::Extend(options) => extended(size, index, options)?,
                Effect::Rotate(options) => rotated(size, index, options)?,
                _ => size,
            };
            Ok(size)
        })
        .collect()
}

fn cropped((width, height): (u32, u32), index: usize, area: Crop) -> Result<(u32, u32)> {
    let inside =
        |start: u32, length: u32, whole: u32| length > 0 && start.checked_add(length).is_some_and(|end| end <= whole);
    if inside(area.left, area.width, width) && inside(area.top, area.height, height) {
        return Ok((area.width, area.height));
    }
    Err(bad(
        index,
        format_args!(
            ": crop {}×{} at {},{} is not within the image, which is {width}×{height} there",
            area.width, area.height, area.left, area.top
        ),
    ))
}

fn extended((width, height): (u32, u32), index: usize, options: &Extend) -> Result<(u32, u32)> {
    let sum = |a: u32, b: u32, c: u32| {
        a.checked_add(b)
            .and_then(|sum| sum.checked_add(c))
            .ok_or_else(|| bad(index, format_args!(": a border of {b} and {c} pixels is too large")))
    };
    Ok((
        sum(width, options.left, options.right)?,
        sum(height, options.top, options.bottom)?,
    ))
}

fn rotated(size: (u32, u32), index: usize, options: &Rotate) -> Result<(u32, u32)> {
    rotate::size(size, options.angle).ok_or_else(|| {
        let (width, height) = size;
        bad(
            index,
            format_args!(": an image of {width}×{height} is too large to turn"),
        )
    })
}

fn bad(index: usize, what: impl Display) -> Error {
    Error::bad_plan(format_args!("effects[{index}]{what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
                "effects[1] has 3 slopes and 2 offsets",
            ),
            (
                r#"{"effect": "linear", "slope": [1, 2, 3, 4]}"#,
                r#"{"effect": "linear", "slope": []}"#,
                "effects[1].slope has 0 numbers",
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
                r#"{"effect": "ensure-alpha", "value": 0}"#,
                r#"{"effect": "ensure-alpha", "value": 1.01}"#,
                "effects[1].value is 1.01, expected 0 to 1",
            ),
        ] {
            check(&plan(good)).unwrap();
            let error = check(&plan(wrong)).unwrap_err();
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
            r#"{"effect": "crop", "left": 0, "top": 0, "width": 0, "height": 1}"#,
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
}

//! Values of arguments, as people write them.

use std::time::Duration;

use keenpix::encode::Encode;
use keenpix::plan::Position;
use keenpix::{Crop, Format};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A word of the plan's vocabulary, which the plan's own types check.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::from(text)).map_err(|error| error.to_string())
}

/// A format that can be written; `jpg` is what most people type.
pub(crate) fn format(text: &str) -> Result<Format, String> {
    let format = by_extension(text).ok_or("expected jpeg, png, webp, gif or avif")?;
    Encode::default_for(format)
        .map(|_| format)
        .ok_or_else(|| format!("{format} can be read but not written"))
}

/// The format that a file name extension stands for.
pub(crate) fn by_extension(extension: &str) -> Option<Format> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "jpe" | "jfif" => Format::Jpeg,
        "png" | "apng" => Format::Png,
        "webp" => Format::Webp,
        "gif" => Format::Gif,
        "avif" => Format::Avif,
        "bmp" | "dib" => Format::Bmp,
        "ico" => Format::Ico,
        "svg" => Format::Svg,
        _ => return None,
    })
}

/// `attention`, `right top`, `right-top`, or a focal point `0.3,0.7`.
pub(crate) fn position(text: &str) -> Result<Position, String> {
    let Some((x, y)) = text.split_once(',') else {
        return text
            .replace('-', " ")
            .parse()
            .map(Position::Named)
            .map_err(|error: keenpix::Error| error.to_string());
    };
    let fraction = |text: &str| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|value| (0.0..=1.0).contains(value))
    };
    match (fraction(x), fraction(y)) {
        (Some(x), Some(y)) => Ok(Position::Focal { x, y }),
        _ => Err("a focal point is two fractions from 0 to 1, as in `0.3,0.7`".into()),
    }
}

/// `LEFT,TOP,WIDTH,HEIGHT`.
pub(crate) fn crop(text: &str) -> Result<Crop, String> {
    let numbers: Option<Vec<u32>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[left, top, width, height]) => Ok(Crop::new(left, top, width, height)),
        _ => Err("expected four whole numbers, LEFT,TOP,WIDTH,HEIGHT".into()),
    }
}

/// A whole number. Which ones are legal is up to the plan.
pub(crate) fn whole<T: TryFrom<i64>>(text: &str) -> Result<T, String> {
    let number = text.parse::<i64>().map_err(|_| match text.strip_suffix('%') {
        Some(number) if number.parse::<i64>().is_ok() => format!("it is a number without a sign: `{number}`"),
        _ => "expected a whole number".to_owned(),
    })?;
    T::try_from(number).map_err(|_| match number < 0 {
        true => "expected a whole number from 0 on".to_owned(),
        false => "it is too large".to_owned(),
    })
}

/// A side, in pixels.
pub(crate) fn pixels(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| {
        let whole = |text: &str| text.trim().parse::<u32>().is_ok();
        if let Some(number) = text.strip_suffix("px").filter(|number| whole(number)) {
            return format!("it is in pixels without a unit: `{}`", number.trim());
        }
        if let Some((width, height)) = text.split_once(['x', 'X', '×'])
            && whole(width)
            && whole(height)
        {
            return format!("it is one side; for both: `--width {width} --height {height}`");
        }
        if text.parse::<i64>().is_ok_and(|number| number < 0) {
            return "expected a number of pixels above 0".into();
        }
        if text.ends_with('%') {
            return "it is in pixels, not in percent; `keenpix probe` shows how large an image is, and `--fit inside` keeps \
                    one within `--width` and `--height`"
                .into();
        }
        "expected a whole number of pixels, as in `640`".into()
    })
}

/// A count, with `k`, `M` or `G` for thousands, millions, billions.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    scaled(text, &[("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000)]).ok_or("expected a number, as in `50M`".into())
}

/// A number of bytes: `20MB` is 20 million, `20MiB` is 20 × 2²⁰.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let text = text.strip_suffix('B').unwrap_or(text);
    let units = [
        ("ki", 1 << 10),
        ("Ki", 1 << 10),
        ("Mi", 1 << 20),
        ("Gi", 1 << 30),
        ("k", 1_000),
        ("K", 1_000),
        ("M", 1_000_000),
        ("G", 1_000_000_000),
    ];
    scaled(text, &units).ok_or("expected a number of bytes, as in `256MB`".into())
}

/// `5s`, `2.5s`, `800ms`, `1m`; a bare number is in seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = [("ms", 0.001), ("s", 1.0), ("m", 60.0)]
        .iter()
        .find_map(|(suffix, unit)| text.strip_suffix(suffix).map(|number| (number, *unit)))
        .unwrap_or((text, 1.0));
    number
        .trim()
        .parse::<f64>()
        .ok()
        .and_then(|value| Duration::try_from_secs_f64(value * unit).ok())
        .ok_or_else(|| "expected a time, as in `5s` or `800ms`".into())
}

fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, unit) = units
        .iter()
        .find_map(|(suffix, unit)| text.strip_suffix(suffix).map(|number| (number, *unit)))
        .unwrap_or((text, 1));
    match number.trim().parse::<u64>() {
        Ok(whole) => whole.checked_mul(unit),
        Err(_) => {
            let value = number.trim().parse::<f64>().ok()? * unit as f64;
            (value.is_finite() && (0.0..1e18).contains(&value)).then_some(value as u64)
        }
    }
}

/// `key=value`; a value that is not JSON is text.
pub(crate) fn key_value(text: &str) -> Result<(String, serde_json::Value), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((key.into(), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keenpix::Fit;
    use keenpix::plan::Anchor;

    #[test]
    fn sizes_times_and_counts() {
        assert_eq!(count("268402689"), Ok(268_402_689));
        assert_eq!(count("1.5M"), Ok(1_500_000));
        assert_eq!(bytes("512MiB"), Ok(512 << 20));
        assert_eq!(bytes("20MB"), Ok(20_000_000));
        assert_eq!(bytes("300"), Ok(300));
        assert_eq!(duration("2.5"), Ok(Duration::from_millis(2_500)));
        assert_eq!(duration("800ms"), Ok(Duration::from_millis(800)));
        for bad in ["", "x", "-1", "1e40", "NaN", "inf"] {
            assert!(
                count(bad).is_err() && bytes(bad).is_err() && duration(bad).is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn positions_and_crops() {
        assert_eq!(position("right-top"), Ok(Position::Named(Anchor::RightTop)));
        assert_eq!(position("attention"), Ok(Position::Named(Anchor::Attention)));
        assert_eq!(position("0.3, 0.7"), Ok(Position::Focal { x: 0.3, y: 0.7 }));
        assert!(position("middle").unwrap_err().contains("centre"));
        assert!(position("0.3,7").is_err());
        assert!(crop("1,2,3").is_err() && crop("1,2,3,-4").is_err());
        assert_eq!(crop("1,2,3,4").unwrap().height, 4);
    }

    #[test]
    fn words_are_the_plans() {
        assert_eq!(word::<Fit>("inside"), Ok(Fit::Inside));
        assert!(word::<Fit>("inn").unwrap_err().contains("`cover`"));
        assert_eq!(format("JPG"), Ok(Format::Jpeg));
        assert!(format("bmp").unwrap_err().contains("not written"));
    }
}

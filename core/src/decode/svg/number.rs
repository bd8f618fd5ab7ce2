//! Numbers in attributes, kept within what can be computed with: sums and products of a few of them stay finite in
//! `f32`, and nothing is divided by next to nothing.

use std::borrow::Cow;
use std::fmt::Write;

use svgtypes::{SimplePathSegment, SimplifyingPathParser};

/// The largest number.
const LARGEST: f64 = 1e9;
const SMALLEST: f64 = 1e-9;
/// Up to here `f32` has fractions that are fine enough to draw curves with. Beyond, curves are halved for ever.
pub(super) const FINE: f64 = 100_000.0;
/// Straight lines for a curve that is beyond.
const LINES: u32 = 32;

/// How large numbers may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// In pixels.
    pixels: f64,
    /// In per cent.
    percent: f64,
    /// Pixels to an inch.
    density: f64,
}

impl Bounds {
    /// For numbers that are only added and multiplied.
    pub(super) const WIDE: Bounds = Bounds {
        pixels: LARGEST,
        percent: LARGEST,
        density: 1.0,
    };

    /// For lengths that curves are made of, in a drawing with viewports of this size.
    pub(super) fn fine(viewport: f64, density: f64) -> Bounds {
        Bounds {
            pixels: FINE,
            percent: FINE / viewport.max(100.0) * 100.0,
            density,
        }
    }

    /// The largest number before this.
    fn before(&self, unit: &[u8]) -> f64 {
        let unit = unit.get(..2).unwrap_or(unit).to_ascii_lowercase();
        match &unit[..] {
            [b'%', ..] => self.percent,
            b"in" => self.pixels / self.density.max(1.0),
            b"cm" | b"mm" | b"pt" | b"pc" => self.pixels / (self.density / 2.54).max(1.0),
            b"em" | b"ex" => self.pixels / 100.0,
            _ => self.pixels,
        }
    }
}

/// The value with every number in bounds; a digit behind a letter belongs to a word.
pub(super) fn bounded(value: &str, bounds: Bounds) -> Cow<'_, str> {
    let bytes = value.as_bytes();
    let mut kept: Option<String> = None;
    let (mut done, mut at) = (0, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii_alphabetic() || matches!(byte, b'#' | b'_') || byte >= 0x80 {
            let reference = bytes[at..].starts_with(b"url(");
            at += if reference {
                memchr::memchr(b')', &bytes[at..]).map_or(bytes.len() - at, |end| end + 1)
            } else {
                bytes[at..].iter().take_while(|byte| in_word(**byte)).count().max(1)
            };
            continue;
        }
        let length = number(&bytes[at..]);
        if length == 0 {
            at += 1;
            continue;
        }
        let limit = bounds.before(&bytes[at + length..]);
        if let Some(instead) = beyond(&value[at..at + length], limit) {
            let kept = kept.get_or_insert_default();
            kept.push_str(&value[done..at]);
            let _ = write!(kept, "{instead}");
            done = at + length;
        }
        at += length;
    }
    match kept {
        Some(kept) => Cow::Owned(kept + &value[done..]),
        None => Cow::Borrowed(value),
    }
}

/// Path data with every coordinate in bounds. A path with curves that are too far from the origin to be drawn as such
/// becomes one of straight lines.
pub(super) fn path_data(value: &str) -> Cow<'_, str> {
    let within = |limit: f64| {
        let (mut sum, mut at) = (0.0, 0);
        while at < value.len() {
            let length = number(&value.as_bytes()[at..]);
            sum += value
                .get(at..at + length)
                .map_or(0.0, |text| text.parse().unwrap_or(0.0f64).abs());
            at += length.max(1);
        }
        sum <= limit
    };
    // Whatever is relative to what: nothing is farther from the origin than the sum.
    if within(FINE) {
        return value.into();
    }
    let mut last = (0.0, 0.0);
    let line = |lines: &mut String, command: char, (x, y): (f64, f64)| {
        let [x, y] = [x, y].map(|at| if at.is_nan() { 0.0 } else { at.clamp(-LARGEST, LARGEST) });
        let _ = write!(lines, "{command}{x} {y}");
        (x, y)
    };
    let mut lines = String::new();
    for segment in SimplifyingPathParser::from(bounded_path(value).as_str()).map_while(Result::ok) {
        let (a, b, end) = match segment {
            SimplePathSegment::MoveTo { x, y } => {
                last = line(&mut lines, 'M', (x, y));
                continue;
            }
            SimplePathSegment::LineTo { x, y } => {
                last = line(&mut lines, 'L', (x, y));
                continue;
            }
            SimplePathSegment::ClosePath => {
                lines.push('Z'); // what follows has a command of its own
                continue;
            }
            SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => ((x1, y1), (x2, y2), (x, y)),
            SimplePathSegment::Quadratic { x1, y1, x, y } => {
                let third = |end: f64, by: f64| (end + 2.0 * by) / 3.0;
                let a = (third(last.0, x1), third(last.1, y1));
                (a, (third(x, x1), third(y, y1)), (x, y))
            }
        };
        let start = last;
        for step in 1..=LINES {
            let t = f64::from(step) / f64::from(LINES);
            let s = 1.0 - t;
            let at = |p0: f64, p1: f64, p2: f64, p3: f64| {
                s * s * s * p0 + 3.0 * s * s * t * p1 + 3.0 * s * t * t * p2 + t * t * t * p3
            };
            last = line(
                &mut lines,
                'L',
                (at(start.0, a.0, b.0, end.0), at(start.1, a.1, b.1, end.1)),
            );
        }
    }
    lines.into()
}

/// Path data with every number in bounds: letters are commands there, and not parts of words.
fn bounded_path(value: &str) -> String {
    let mut kept = String::with_capacity(value.len());
    let mut at = 0;
    while at < value.len() {
        let length = number(&value.as_bytes()[at..]);
        let end = at + length.max(1);
        match value.get(at..end) {
            Some(text) => match beyond(text, LARGEST).filter(|_| length > 0) {
                Some(instead) => drop(write!(kept, "{instead}")),
                None => kept.push_str(text),
            },
            // In the middle of a character: the data ends here.
            None => break,
        }
        at = end;
    }
    kept
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'_' | b'-') || byte >= 0x80
}

/// The length of the number that the text starts with; 0 if it starts with none.
fn number(text: &[u8]) -> usize {
    let digits = |from: usize| {
        text[from.min(text.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut at = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let whole = digits(at);
    at += whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if whole + fraction == 0 {
            return 0;
        }
        at += 1 + fraction;
    } else if whole == 0 {
        return 0;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    at
}

/// What to write in place of a number that is too large or too small.
fn beyond(text: &str, limit: f64) -> Option<f64> {
    let number: f64 = text.parse().unwrap_or(0.0);
    if number.abs() > limit {
        Some(limit.copysign(number))
    } else {
        (number != 0.0 && number.abs() < SMALLEST).then_some(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_out_of_bounds_change() {
        for (value, expected) in [
            ("10 20.5,-3e2", "10 20.5,-3e2"),
            ("1e30", "1000000000"),
            ("-1e400px", "-1000000000px"),
            ("12345678901234567890%", "1000000000%"),
            ("1e-30 .0000000000001", "0 0"),
            ("scale(1e30) rotate(5)", "scale(1000000000) rotate(5)"),
            ("#1e30ff", "#1e30ff"),
            ("url(#a1e30)", "url(#a1e30)"),
            ("url(#1e30) 1e30", "url(#1e30) 1000000000"),
            ("x1e30", "x1e30"),
            ("1em", "1em"),
            ("", ""),
            ("é1e30", "é1e30"),
            ("- + . e", "- + . e"),
        ] {
            assert_eq!(bounded(value, Bounds::WIDE), expected, "{value}");
        }
        let fine = Bounds::fine(1e6, 100.0);
        for (value, expected) in [
            ("2e6", "100000"),
            ("-2e6px", "-100000px"),
            ("5000in", "1000in"),
            ("2000mm", "2000mm"),
            ("500%", "10%"),
        ] {
            assert_eq!(bounded(value, fine), expected, "{value}");
        }
    }

    #[test]
    fn paths_are_kept_or_straightened() {
        let near = "M1e3-2.5c1 2 3 4 5 6A1 2 3 0 1 9 9z";
        assert_eq!(path_data(near), near);
        assert_eq!(path_data("M52 -1e30L90 90z"), "M52 -1000000000L90 90Z");
        let curve = path_data("M2000000 0C2000000 10 2000010 10 2000010 0");
        assert!(
            curve.starts_with("M2000000 0L2000000.") && curve.ends_with("L2000010 0"),
            "{curve}"
        );
        assert_eq!(curve.matches('L').count(), 32);
        // Many small steps that add up.
        let steps = format!("M0 0{}q1 1 2 2", "l9e5 0".repeat(9));
        assert!(!path_data(&steps).contains('q'));
        assert!(path_data(&format!("M0 0{}A1e9 1e9 0 1 1 5 5", "l1e9 0".repeat(99))).len() > 99);
        path_data("M1e30 é1e30é");
    }
}

//! CSS's `transform` (Transforms 1) as the attribute of SVG, which knows fewer functions and no units.

use super::sheet::split;

/// The attribute; `None` for what it can't say: three dimensions, and percentages if there is no `viewport` that they
/// are of.
pub(super) fn attribute(value: &str, viewport: Option<(f64, f64)>) -> Option<String> {
    let mut rest = value.trim();
    let mut text = String::new();
    if rest.eq_ignore_ascii_case("none") {
        return Some(text);
    }
    while let Some((name, inner)) = rest.split_once('(') {
        let end = split(inner, ')').next().map_or(inner.len(), str::len);
        let arguments: Vec<_> = inner[..end]
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|word| !word.is_empty())
            .collect();
        text.push_str(&function(&name.trim().to_ascii_lowercase(), &arguments, viewport)?);
        rest = inner.get(end + 1..).unwrap_or("").trim_start();
    }
    rest.is_empty().then_some(text)
}

fn function(name: &str, arguments: &[&str], viewport: Option<(f64, f64)>) -> Option<String> {
    let part = |word: &str, whole: Option<f64>| match word.strip_suffix('%') {
        Some(percent) => Some(finite(percent)? / 100.0 * whole?),
        None => length(word),
    };
    let across = |word: &str| part(word, viewport.map(|(width, _)| width));
    let down = |word: &str| part(word, viewport.map(|(_, height)| height));
    let lengths = || arguments.iter().map(|word| length(word)).collect::<Option<Vec<_>>>();
    let angles = || arguments.iter().map(|word| angle(word)).collect::<Option<Vec<_>>>();
    let factors = || arguments.iter().map(|word| factor(word)).collect::<Option<Vec<_>>>();
    Some(match name {
        "translate" => match arguments {
            [x] => format!("translate({})", across(x)?),
            [x, y] => format!("translate({} {})", across(x)?, down(y)?),
            _ => return None,
        },
        "translatex" => format!("translate({})", across(arguments.first()?)?),
        "translatey" => format!("translate(0 {})", down(arguments.first()?)?),
        "scale" => match factors()?[..] {
            [x] => format!("scale({x})"),
            [x, y] => format!("scale({x} {y})"),
            _ => return None,
        },
        "scalex" => format!("scale({} 1)", factors()?.first()?),
        "scaley" => format!("scale(1 {})", factors()?.first()?),
        "rotate" | "rotatez" => match angles()?[..] {
            [angle] => format!("rotate({angle})"),
            _ => return None,
        },
        "skewx" => format!("skewX({})", angles()?.first()?),
        "skewy" => format!("skewY({})", angles()?.first()?),
        "skew" => match angles()?[..] {
            [x] => format!("skewX({x})"),
            // Both at once: not one after the other.
            [x, y] => format!("matrix(1 {} {} 1 0 0)", y.to_radians().tan(), x.to_radians().tan()),
            _ => return None,
        },
        "matrix" => match lengths()?[..] {
            [a, b, c, d, e, f] => format!("matrix({a} {b} {c} {d} {e} {f})"),
            _ => return None,
        },
        _ => return None,
    })
}

fn length(word: &str) -> Option<f64> {
    let units = [
        ("px", 1.0),
        ("in", 96.0),
        ("cm", 96.0 / 2.54),
        ("mm", 96.0 / 25.4),
        ("pt", 4.0 / 3.0),
        ("pc", 16.0),
    ];
    let word = word.to_ascii_lowercase();
    for (unit, pixels) in units {
        if let Some(number) = word.strip_suffix(unit) {
            return finite(number).map(|number| number * pixels);
        }
    }
    finite(&word)
}

fn angle(word: &str) -> Option<f64> {
    let word = word.to_ascii_lowercase();
    for (unit, degrees) in [
        ("deg", 1.0),
        ("grad", 0.9),
        ("rad", 180.0 / std::f64::consts::PI),
        ("turn", 360.0),
    ] {
        if let Some(number) = word.strip_suffix(unit) {
            return finite(number).map(|number| number * degrees);
        }
    }
    finite(&word)
}

fn factor(word: &str) -> Option<f64> {
    match word.strip_suffix('%') {
        Some(percent) => finite(percent).map(|value| value / 100.0),
        None => finite(word),
    }
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transforms_in_terms_of_the_attribute() {
        for (css, expected) in [
            ("none", Some("")),
            ("translate(10px, 2pt)", Some("translate(10 2.6666666666666665)")),
            ("translateX(5px) rotate(.5turn)", Some("translate(5)rotate(180)")),
            ("scale(50%)", Some("scale(0.5)")),
            ("scaleY(2)", Some("scale(1 2)")),
            ("rotate(100grad)", Some("rotate(90)")),
            ("skewX(10deg)", Some("skewX(10)")),
            ("matrix(1,0,0,1,5,6)", Some("matrix(1 0 0 1 5 6)")),
            ("translate(50%)", None),
            ("rotate3d(1,1,1,9deg)", None),
            ("rotate(9foo)", None),
            ("scale(1", Some("scale(1)")),
            ("nonsense", None),
        ] {
            assert_eq!(attribute(css, None).as_deref(), expected, "{css}");
        }
        let percent = attribute(
            "translate(50%, 10%) translateX(-25%) translateY(100%)",
            Some((40.0, 30.0)),
        );
        assert_eq!(percent.as_deref(), Some("translate(20 3)translate(-10)translate(0 30)"));
    }
}

//! The size of a drawing (SVG 2, 8.2 and 8.13), as librsvg understands it: percentages are ignored,
//! because there is no page around the drawing.

use resvg::usvg::roxmltree::{Document, Node};

/// Width and height in pixels at 72 dots per inch, if the drawing gives them.
pub(super) fn declared(document: &Document, density: f64) -> Option<(f64, f64)> {
    let svg = document.root_element();
    let view_box = view_box(svg);
    let length = |name| svg.attribute(name).and_then(|text| pixels(text, density));
    match (length("width"), length("height"), view_box) {
        (Some(width), Some(height), _) => Some((width, height)),
        (Some(width), None, Some((w, h))) => Some((width, width * h / w)),
        (None, Some(height), Some((w, h))) => Some((height * w / h, height)),
        (None, None, Some(size)) => Some(size),
        _ => None,
    }
}

/// The size of the viewport around an element, which percentages are of.
pub(super) fn viewport(node: Node, density: f64) -> Option<(f64, f64)> {
    let around = node.parent_element()?;
    let svg = around
        .ancestors()
        .find(|node| matches!(node.tag_name().name(), "svg" | "symbol"))?;
    let length = |name| svg.attribute(name).and_then(|text| pixels(text, density));
    view_box(svg).or_else(|| Some((length("width")?, length("height")?)))
}

/// The size of the `viewBox`, if it has one.
fn view_box(svg: Node) -> Option<(f64, f64)> {
    let numbers = svg
        .attribute("viewBox")?
        .split(|c: char| c == ',' || c.is_ascii_whitespace())
        .filter(|text| !text.is_empty())
        .map(|text| text.parse().ok().filter(|number: &f64| number.is_finite()))
        .collect::<Option<Vec<f64>>>()?;
    match numbers[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width, height)),
        _ => None,
    }
}

/// A length of CSS; its absolute units follow the density, so a drawing at twice the density, which also scales it,
/// grows fourfold, as in libvips.
fn pixels(text: &str, density: f64) -> Option<f64> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    // An exponent: `1e2`, and not the `e` of `em` or `ex`.
    let unit = match unit.strip_prefix(['e', 'E']) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+')) => {
            rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+'))
        }
        _ => unit,
    };
    let number: f64 = text[..text.len() - unit.len()].parse().ok()?;
    let factor = match unit.trim() {
        "" | "px" => 1.0,
        "in" => density,
        "cm" => density / 2.54,
        "mm" => density / 25.4,
        "pt" => density / 72.0,
        "pc" => density / 6.0,
        "em" => 12.0,
        "ex" => 6.0,
        _ => return None,
    };
    Some(number * factor).filter(|pixels| pixels.is_finite())
}

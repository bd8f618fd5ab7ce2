//! From serde's words to those of people who write JSON, JavaScript or Python.

use std::borrow::Cow;
use std::fmt::{Display, Formatter};

use super::node::Node;

/// As much of a value as a message quotes, in characters.
const QUOTED: usize = 60;

/// What a type takes. `raw` is what serde says that it expects, or the name of an option.
pub(super) fn of_type(raw: &str) -> String {
    match range(raw) {
        Some((0, u64::MAX)) => return "a whole number from 0 on".into(),
        Some((low, high)) => return format!("a whole number from {low} to {high}"),
        None => {}
    }
    match raw {
        "f64" | "f32" => "a number",
        "a boolean" => "true or false",
        "a string" | "string" | "a borrowed string" => "a text",
        "a sequence" => "a list",
        "struct Plan" => r#"an object such as {"resize": {"width": 200}}"#,
        "internally tagged enum Encode" => r#"an object such as {"format": "webp"}"#,
        "internally tagged enum Effect" => r#"an object such as {"effect": "blur"}"#,
        "struct Resize" => r#"an object such as {"width": 200}"#,
        "struct Limits" => r#"an object such as {"pixels": 50000000}"#,
        "struct Crop" => r#"an object such as {"left": 0, "top": 0, "width": 200, "height": 100}"#,
        "struct Trim" => r#"an object such as {"threshold": 10}"#,
        "struct Metadata" => r#"an object such as {"icc": true}"#,
        "struct Orient" => r#"an object such as {"rotate": 90}"#,
        "string or map" | "map with a single key" => "a word, or an object with one option",
        _ if raw.starts_with("a list") || raw.starts_with("an object") || raw.starts_with("one of") => raw,
        _ if raw.ends_with("variant") => "an object",
        _ if raw.starts_with("struct ") || raw.starts_with("internally tagged ") || raw == "a map" => "an object",
        _ => "another kind of value",
    }
    .to_owned()
}

/// Whether serde says that it wants a text.
pub(super) fn takes_text(raw: &str) -> bool {
    [
        "a string",
        "string or map",
        "map with a single key",
        "variant identifier",
        "unit",
    ]
    .contains(&raw)
}

/// What has to be there, by its name.
pub(super) fn of_missing(key: &str) -> &'static str {
    match key {
        "format" => r#"a format such as "webp""#,
        "effect" => r#"an effect such as "blur""#,
        "background" => r##"a colour such as "#ff8000""##,
        "source" => r#"an object such as {"file": "<base64>"}"#,
        "layers" => "a list",
        "left" | "top" | "width" | "height" | "channels" | "start" | "count" => "a whole number",
        _ => "a value",
    }
}

/// Whether a number came that is out of its type's range.
pub(super) fn is_range(raw: &str, got: &str) -> bool {
    let is_number = range(raw).is_some() || matches!(raw, "f64" | "f32");
    is_number && NO_NUMBERS.contains(&got)
        || range(raw).is_some() && got.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit())
}

fn range(raw: &str) -> Option<(i64, u64)> {
    Some(match raw {
        "u8" => (0, u8::MAX.into()),
        "u16" => (0, u16::MAX.into()),
        "u32" => (0, u32::MAX.into()),
        "u64" | "usize" => (0, u64::MAX),
        "i8" => (i8::MIN.into(), i8::MAX as u64),
        "i16" => (i16::MIN.into(), i16::MAX as u64),
        "i32" => (i32::MIN.into(), i32::MAX as u64),
        _ => return None,
    })
}

/// What JSON has no word for: bindings pass it on as a text, and here it gets its name back.
const NO_NUMBERS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// What came, in a few words.
pub(super) fn of_node(node: &Node) -> String {
    match node {
        Node::Null => "null".into(),
        Node::Bool(value) => value.to_string(),
        Node::Number(number) => number.to_string(),
        Node::Text(text) if NO_NUMBERS.contains(&&**text) => text.to_string(),
        Node::Text(text) => format!("the text {}", quoted(text)),
        Node::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Node::List(_) => "a list".into(),
        Node::Object(_) => "an object".into(),
    }
}

/// A text in quotes, cut if it is long.
pub(super) fn quoted(text: &str) -> String {
    let short = short(text);
    match text.len() {
        length if length > short.len() => format!("\"{short}\" ({length} bytes)"),
        _ => format!("\"{short}\""),
    }
}

/// The start of a text, with an ellipsis if that is not all.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    let shown = |text: &str| {
        text.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect::<String>()
    };
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => Cow::Owned(shown(&text[..end]) + "…"),
        None if text.contains(char::is_control) => Cow::Owned(shown(text)),
        None => Cow::Borrowed(text),
    }
}

/// The end of a text, in quotes.
pub(super) fn end_of(text: &str) -> String {
    let text = text.trim_end();
    match text.char_indices().rev().nth(QUOTED / 2) {
        Some((start, _)) => format!("\"…{}\"", short(&text[start..])),
        None => quoted(text),
    }
}

/// Names to choose from: `a`, `b` or `c`.
#[derive(Clone, Copy)]
pub(super) struct KeyList<'k>(pub(super) &'k [&'k str]);

impl Display for KeyList<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let before = match index {
                0 => "",
                last if last + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(f, "{before}`{name}`")?;
        }
        Ok(())
    }
}

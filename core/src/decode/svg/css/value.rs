//! Values of properties: variables are replaced, and what usvg does not read is put in words that it does.

use std::collections::HashMap;
use std::rc::Rc;

use super::colour::hexadecimal;
use super::select::Steps;
use super::sheet::{Declaration, split};
use super::transform;
use crate::decode::svg::notes::Notes;
use crate::error::Result;

/// Maximum bytes of a value with its variables replaced; variables within variables.
const LENGTH: usize = 64 << 10;
const DEPTH: usize = 16;

/// The variables (`--name`) that count for an element: its own, and those of the elements around it.
#[derive(Clone, Default)]
pub(in crate::decode::svg) struct Variables(Rc<HashMap<String, String>>);

impl Variables {
    /// With the element's own declarations, the weakest first.
    pub(in crate::decode::svg) fn with<'d>(
        &self,
        own: impl Iterator<Item = &'d Declaration>,
        steps: &Steps,
    ) -> Result<Self> {
        let own: Vec<_> = own.filter(|declaration| declaration.name.starts_with("--")).collect();
        if own.is_empty() {
            return Ok(self.clone());
        }
        steps.take((self.0.len() + own.len()) as u64)?;
        let mut all = (*self.0).clone();
        for declaration in own {
            all.insert(declaration.name.clone(), declaration.value.clone());
        }
        Ok(Variables(Rc::new(all)))
    }
}

/// The value with its variables replaced; `None` if one of them is not known and has no fallback.
pub(in crate::decode::svg) fn substitute(value: &str, variables: &Variables, steps: &Steps) -> Result<Option<String>> {
    if !value.contains("var(") {
        return Ok(Some(value.to_owned()));
    }
    let mut text = String::new();
    Ok(replace(value, variables, steps, 0, &mut text)?.then_some(text))
}

fn replace(value: &str, variables: &Variables, steps: &Steps, depth: usize, text: &mut String) -> Result<bool> {
    let mut rest = value;
    steps.take(1 + value.len() as u64 / 16)?;
    while let Some(at) = rest.find("var(") {
        text.push_str(&rest[..at]);
        let inner = &rest[at + 4..];
        let end = split(inner, ')').next().map_or(inner.len(), str::len);
        let (name, fallback) = match inner[..end].split_once(',') {
            Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
            None => (inner[..end].trim(), None),
        };
        let found = variables.0.get(name).map(String::as_str);
        let before = text.len();
        let mut replaced = false;
        for candidate in [found, fallback].into_iter().flatten() {
            if !replaced && depth < DEPTH && text.len() + candidate.len() <= LENGTH {
                text.truncate(before);
                replaced = replace(candidate, variables, steps, depth + 1, text)?;
            }
        }
        if !replaced {
            return Ok(false);
        }
        rest = inner.get(end + 1..).unwrap_or("");
    }
    text.push_str(rest);
    Ok(text.len() <= LENGTH)
}

/// The value of a property in terms that usvg reads; `None` if there are none.
///
/// `viewport` is what percentages of a transform are of.
pub(in crate::decode::svg) fn usable(
    property: &str,
    value: &str,
    viewport: Option<(f64, f64)>,
    notes: &mut Notes,
) -> Option<String> {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    match lower.as_str() {
        "" => return None,
        "inherit" => return Some(lower),
        "initial" | "unset" | "revert" | "revert-layer" => return initial(property, &lower),
        _ => {}
    }
    if names_a_file(&lower) {
        notes.add("parts of other files");
    }
    match property {
        "fill" | "stroke" => paint(value, notes),
        "color" | "stop-color" | "flood-color" | "lighting-color" => colour(value, notes),
        "clip-path" | "mask" if !lower.starts_with("url(") && lower != "none" => {
            notes.add("clip paths and masks by CSS shapes or pictures");
            None
        }
        "transform" => {
            let attribute = transform::attribute(value, viewport);
            if attribute.is_none() {
                notes.add("transforms with percentages or in three dimensions");
            }
            attribute
        }
        "d" => path(value),
        _ if lower.contains("calc(") || lower.contains("env(") || lower.contains("attr(") => {
            notes.add("computed values");
            None
        }
        _ => Some(value.to_owned()),
    }
}

/// Whether there is a `url()` of something that is not in the drawing.
fn names_a_file(value: &str) -> bool {
    let mut urls = value.split("url(").skip(1);
    urls.any(|url| !url.trim_start_matches([' ', '"', '\'']).starts_with('#'))
}

/// The data of `path("…")`.
fn path(value: &str) -> Option<String> {
    if value.eq_ignore_ascii_case("none") {
        return Some(String::new());
    }
    let data = value.strip_prefix("path(")?.trim_end().strip_suffix(')')?;
    Some(data.trim().trim_matches(['"', '\'']).to_owned())
}

/// What a property is without a declaration, where that differs from leaving it out.
fn initial(property: &str, keyword: &str) -> Option<String> {
    let value = match (property, keyword) {
        ("fill" | "color", "initial") => "black",
        ("stroke", "initial") => "none",
        ("stroke-width" | "fill-opacity" | "stroke-opacity", "initial") => "1",
        ("visibility", "initial") => "visible",
        _ => return None,
    };
    Some(value.to_owned())
}

/// `none`, a colour, or a reference with a fallback.
fn paint(value: &str, notes: &mut Notes) -> Option<String> {
    if !value.starts_with("url(") {
        return colour(value, notes);
    }
    let end = value.find(')')?;
    let fallback = value[end + 1..].trim();
    let url = &value[..=end];
    Some(match colour(fallback, notes) {
        Some(fallback) => format!("{url} {fallback}"),
        None => url.to_owned(),
    })
}

/// A colour as usvg reads it: words and hexadecimal numbers stay as they are.
fn colour(value: &str, notes: &mut Notes) -> Option<String> {
    let value = value.trim();
    let Some((function, rest)) = value.split_once('(') else {
        let word = value.to_ascii_lowercase();
        return match word.as_str() {
            "" => None,
            "currentcolor" => Some("currentColor".into()),
            _ => Some(word),
        };
    };
    let end = split(rest, ')').next().map_or(rest.len(), str::len);
    let (function, arguments) = (function.trim().to_ascii_lowercase(), &rest[..end]);
    if function == "light-dark" {
        return colour(split(arguments, ',').next()?, notes);
    }
    let found = hexadecimal(&function, arguments);
    let relative = arguments.trim_start().to_ascii_lowercase().starts_with("from ");
    let unknown = found.is_none() && matches!(function.as_str(), "color" | "color-mix" | "device-cmyk");
    if unknown || relative || arguments.contains('(') {
        notes.add("colours of unknown kinds");
    }
    found
}

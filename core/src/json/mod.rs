//! Reading options from JSON, with errors in the words of JSON: where, what came, what is expected, what was probably
//! meant.
//!
//! The text becomes a tree ([`Node`]) that borrows its strings, so that a layer's base64 is not copied, and the options
//! are read from the tree. Nobody sees what serde says: its errors arrive as facts ([`Wrong`]).
//!
//! A type whose value is more than one of JSON's says what it expects through `serde::de::Error::custom`, as the end of
//! "…, expected": `a colour such as #ff8000`.

mod nearest;
mod node;
mod place;
#[cfg(test)]
mod tests;
mod words;
mod wrong;

use serde::de::DeserializeOwned;

use crate::error::{Error, Reason, Result};

use node::Node;
use words::{KeyList, end_of, quoted};
use wrong::{Kind, Step, Wrong};

/// Reads options; an error's place is within them. `lists` are the keys whose values are lists.
///
/// # Errors
///
/// Always [`Error::BadPlan`]; [`Error::into_bad_argument`] converts it for other options.
pub(crate) fn read<T: DeserializeOwned>(json: &str, lists: &[&str]) -> Result<T> {
    read_beside(json, &[], lists)
}

/// The same with bytes that came beside the text, each for the value that its JSON pointer leads to.
pub(crate) fn read_beside<T: DeserializeOwned>(json: &str, beside: &[(&str, &[u8])], lists: &[&str]) -> Result<T> {
    let mut tree = Node::read(json).map_err(|error| not_json(json, &error))?;
    for (pointer, bytes) in beside {
        let value = tree.pointed(pointer).ok_or_else(|| {
            let detail = format_args!("there is no {} for {} bytes", quoted(pointer), bytes.len());
            Error::bad_plan(detail).because(Reason::UnknownKey)
        })?;
        *value = Node::Bytes(bytes);
    }
    match T::deserialize(&tree) {
        Ok(options) => match misplaced_list(&tree, lists) {
            None => Ok(options),
            Some(wrong) => Err(report(&tree, place::refined::<T>(&tree, wrong))),
        },
        Err(wrong) => Err(report(&tree, place::refined::<T>(&tree, wrong))),
    }
}

/// Finds a list in place of an object: serde accepts its values in the order of the fields, which isn't guaranteed.
fn misplaced_list(tree: &Node, lists: &[&str]) -> Option<Wrong> {
    let within = |step: Step, node: &Node, legal: bool| {
        let found = match node {
            Node::List(items) if legal => items
                .iter()
                .enumerate()
                .find_map(|(index, item)| misplaced_list(item, lists).map(|wrong| wrong.within(Step::Index(index)))),
            node => misplaced_list(node, lists),
        };
        found.map(|wrong| wrong.within(step))
    };
    match tree {
        Node::Object(fields) => fields
            .iter()
            .find_map(|(key, value)| within(Step::Key(key.to_string()), value, lists.contains(&&**key))),
        Node::List(_) => Some(Wrong::new(Kind::Type("a map".into()))),
        _ => None,
    }
}

fn not_json(json: &str, error: &serde_json::Error) -> Error {
    if error.is_data() {
        let detail = format_args!("the text has more than {} values", node::MOST_VALUES);
        return Error::bad_plan(detail).because(Reason::OutOfRange);
    }
    let detail = if json.trim().is_empty() {
        "the text is empty, expected JSON; the least is {}".to_owned()
    } else if error.is_eof() {
        format!(
            "the text is no complete JSON: it ends after {}, where a quote, a bracket or a value is missing",
            end_of(json)
        )
    } else {
        let (line, column) = (error.line(), error.column());
        let text = json.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let at = (0..=column.saturating_sub(1).min(text.len()))
            .rev()
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(0);
        format!(
            "the text is not JSON from character {} of line {line} on: {}",
            text[..at].chars().count() + 1,
            quoted(&text[at..])
        )
    };
    Error::bad_plan(detail).because(Reason::NotJson)
}

/// The error for what is wrong with a tree.
fn report(tree: &Node, wrong: Wrong) -> Error {
    let place = wrong.place();
    let value = wrong.path.iter().try_fold(tree, |node, step| node.child(step));
    let got = value.map_or_else(|| "missing".to_owned(), words::of_node);
    let of_value = match value {
        Some(Node::Text(_)) => Reason::UnknownValue,
        _ => Reason::WrongType,
    };
    match wrong.kind {
        Kind::Type(raw) => {
            let expected = words::of_type(&raw);
            let reason = if words::is_range(&raw, &got) {
                Reason::OutOfRange
            } else {
                Reason::WrongType
            };
            Error::out_of_range(place, expected, got).because(reason)
        }
        Kind::Value(expected) => Error::out_of_range(place, expected, got).because(of_value),
        Kind::TooMany(expected) => {
            let length = value.map_or(0, Node::length);
            Error::out_of_range(place, expected, format_args!("a list of {length}"))
        }
        Kind::Word { word, known } => {
            let expected = KeyList(known);
            let hint = word.as_deref().and_then(|word| nearest::of(word, known));
            let error = Error::out_of_range(place, expected, &got).because(of_value);
            match hint {
                Some(name) => error.saying(format_args!(
                    "there is no `{}`, expected {expected}; did you mean `{name}`?",
                    words::short(word.as_deref().unwrap_or_default())
                )),
                None => error,
            }
        }
        Kind::UnknownKey { key, known } => {
            let short = words::short(&key);
            let error = Error::out_of_range(short.as_ref(), KeyList(known), format_args!("`{short}`"))
                .because(Reason::UnknownKey);
            let error = if place.is_empty() { error } else { error.at(place) };
            match nearest::of(&key, known) {
                Some(name) => error.saying(format_args!("there is no such option; did you mean `{name}`?")),
                None if known.is_empty() => error.saying("there is no such option here"),
                None => error.saying(format_args!("there is no such option, expected {}", KeyList(known))),
            }
        }
        Kind::MissingKey(key) => {
            let error = Error::missing(key, words::of_missing(key));
            if place.is_empty() { error } else { error.at(place) }
        }
        Kind::Twice(key) => {
            let error = Error::out_of_range(key, "one value", "two").because(Reason::Contradiction);
            let error = if place.is_empty() { error } else { error.at(place) };
            error.saying("it is given twice")
        }
    }
}

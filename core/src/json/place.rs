//! Where exactly the fault is.
//!
//! If one of an object's keys decides its type (`{"format": …}`, `{"effect": …}`), serde buffers the object's parts
//! until it has seen that key, and then reads them without their path. So the fault's place is known only up to that
//! object. The rest is found by trial: the fault is in the last part of the shortest beginning that shows it.
//! Only wrong options pay for that.

use serde::de::DeserializeOwned;

use super::node::Node;
use super::words;
use super::wrong::{Kind, Step, Wrong};

/// The keys that tell what an object is: nothing can be read without them, so they come first.
const TAGS: [&str; 2] = ["format", "effect"];

/// `wrong` with its whole path, and with what is expected there.
pub(super) fn refined<T: DeserializeOwned>(tree: &Node, mut wrong: Wrong) -> Wrong {
    let mut trial = tree.clone();
    while let Some(step) = next::<T>(&mut trial, &wrong) {
        wrong.path.push(step);
    }
    if let Some(kind) = expectation::<T>(&mut trial, &wrong) {
        wrong.kind = kind;
    }
    wrong
}

/// Where serde says only that it wants a text, or an object, another wrong value brings to light which.
fn expectation<T: DeserializeOwned>(trial: &mut Node, wrong: &Wrong) -> Option<Kind> {
    let Kind::Type(raw) = &wrong.kind else { return None };
    let (other, text) = match raw.as_str() {
        "a map" => (Node::Bool(true), false),
        raw if words::takes_text(raw) => (Node::Text("\0".into()), true),
        _ => return None,
    };
    *trial.at(&wrong.path)? = other;
    match T::deserialize(&*trial).err()?.kind {
        Kind::Word { known, .. } => Some(Kind::Word { word: None, known }),
        kind @ Kind::Value(_) => Some(kind),
        kind @ Kind::Type(_) if !text => Some(kind),
        _ => None,
    }
}

/// The part of the value at the path that has the fault in it, if it is not in the value itself. Cuts off what follows.
fn next<T: DeserializeOwned>(tree: &mut Node, wrong: &Wrong) -> Option<Step> {
    let whole = tree.at(&wrong.path)?.clone();
    if is_in(&whole, &wrong.kind) {
        return None;
    }
    let mut parts = match whole {
        Node::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| (Step::Key(key.into_owned()), value))
            .collect::<Vec<_>>(),
        Node::List(items) => return in_list::<T>(tree, wrong, &items),
        _ => return None,
    };
    parts.sort_by_key(|(step, _)| !matches!(step, Step::Key(key) if TAGS.contains(&key.as_str())));
    tree.at(&wrong.path)?.clear();
    if shows::<T>(tree, wrong) {
        return None;
    }
    for (step, value) in parts {
        let has_parts = value.has_parts();
        tree.at(&wrong.path)?.push(&step, value);
        if shows::<T>(tree, wrong) {
            // A key is missing in an object; what comes last before serde misses it, may be anything.
            return (has_parts || !matches!(wrong.kind, Kind::MissingKey(_))).then_some(step);
        }
    }
    None
}

/// The same for a list, which may be long: the shortest beginning is found by halving, because serde reads no further
/// than the first item with a fault.
fn in_list<'t, T: DeserializeOwned>(tree: &mut Node<'t>, wrong: &Wrong, items: &[Node<'t>]) -> Option<Step> {
    let mut shows_in = |count: usize| {
        if let Some(list) = tree.at(&wrong.path) {
            *list = Node::List(items[..count].to_vec());
        }
        shows::<T>(tree, wrong)
    };
    if shows_in(0) || !shows_in(items.len()) {
        return None;
    }
    let (mut without, mut with) = (0, items.len());
    while with - without > 1 {
        let middle = without.midpoint(with);
        match shows_in(middle) {
            true => with = middle,
            false => without = middle,
        }
    }
    shows_in(with); // what follows is cut off
    Some(Step::Index(with - 1))
}

fn shows<T: DeserializeOwned>(tree: &Node, wrong: &Wrong) -> bool {
    matches!(T::deserialize(tree), Err(other) if other.kind == wrong.kind)
}

/// Whether a list or an object shows by itself that the fault is in it, and not in a part of it.
fn is_in(node: &Node, kind: &Kind) -> bool {
    if matches!(kind, Kind::TooMany(_)) {
        return true;
    }
    let Node::Object(fields) = node else { return false };
    let times = |name: &str| fields.iter().filter(|(key, _)| key == name).count();
    match kind {
        Kind::UnknownKey { key, .. } => times(key) > 0,
        Kind::Twice(key) => times(key) > 1,
        Kind::Word { word: None, .. } => true,
        _ => false,
    }
}

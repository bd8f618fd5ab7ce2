//! What laying out text takes. usvg does it a text at a time, in one go: it shapes each piece of a text once per style
//! in it, compares characters with each other, and measures the paths that text runs along. So it is computed first.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};
use svgtypes::Transform;

use super::too_much;
use crate::error::Result;

/// What text consists of.
pub(super) const ELEMENTS: [&str; 3] = ["text", "tspan", "textPath"];
/// Where usvg lays text out at a scale that this doesn't know.
pub(super) const APART: [&str; 4] = ["clipPath", "marker", "mask", "pattern"];
/// How much larger text along a path may be drawn than it is written: usvg measures paths the more finely, and what is
/// finer than `f64` would take for ever.
const ENLARGED: f64 = 1e5;

/// The weight of a text as `guard` counts it, a unit being some microseconds and a kilobyte. `segments` tells of how
/// many segments the path with an id has.
pub(super) fn weight(text: Node, segments: impl Fn(&str) -> u64) -> u64 {
    let mut all = Pieces::default();
    for node in text.descendants().filter(Node::is_text) {
        let words = node.text().unwrap_or("");
        let length = words.chars().count() as u64;
        all.characters += length;
        all.spans += 1;
        if starts_a_piece(node) && !words.trim().is_empty() {
            all.end_piece();
        }
        all.piece.0 += 1;
        all.piece.1 += length;
    }
    all.end_piece();
    for node in text.descendants().filter(Node::is_element) {
        let lists = ["x", "y"].iter().filter_map(|name| node.attribute(*name));
        all.places += lists.map(numbers).sum::<u64>();
        if node.tag_name().name() == "textPath" {
            let id = node.attribute("href").and_then(|href| href.strip_prefix('#'));
            all.along = all.along.max(id.map_or(0, &segments) + 20);
            all.places += 2;
        }
    }
    all.weight()
}

#[derive(Default)]
struct Pieces {
    characters: u64,
    spans: u64,
    /// Places given for characters: each may start a piece.
    places: u64,
    /// Segments of the longest path that a part of it runs along.
    along: u64,
    /// Spans and characters of the piece at work, and the sum of their products.
    piece: (u64, u64),
    products: u64,
}

impl Pieces {
    fn end_piece(&mut self) {
        self.products = self.products.saturating_add(self.piece.0.saturating_mul(self.piece.1));
        self.piece = (0, 0);
    }

    fn weight(&self) -> u64 {
        let pieces = self.spans + self.places.min(self.characters);
        let along = pieces.saturating_mul(self.along / 2 + 1);
        let characters = self.characters * if self.along > 0 { 20 } else { 2 };
        let compared = self.characters.saturating_mul(self.characters) / 2000;
        [pieces * 8, characters, self.products / 8, compared]
            .into_iter()
            .fold(if self.along > 0 { along } else { 0 }, u64::saturating_add)
    }
}

/// Whether a text node is the first in an element that says where it starts.
fn starts_a_piece(node: Node) -> bool {
    let plain = |value: &str| value.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_place = |value: &&str| plain(value) && value.trim().parse::<f32>().is_ok();
    node.prev_sibling().is_none()
        && node
            .parent_element()
            .filter(|parent| matches!(parent.tag_name().name(), "text" | "tspan"))
            .and_then(|parent| parent.attribute("x").filter(is_place))
            .is_some()
}

fn numbers(list: &str) -> u64 {
    1 + list
        .bytes()
        .filter(|byte| matches!(byte, b' ' | b',' | b'\n' | b'\t' | b'-' | b'+' | b'.'))
        .count() as u64
}

/// Refuses text along paths that is enlarged too much. References must not be circular any more.
pub(super) fn check_paths(document: &Document, density: f64) -> Result<()> {
    if !document.descendants().any(|node| named(node, "textPath")) {
        return Ok(());
    }
    let mut ids: HashMap<&str, Vec<Node>> = HashMap::new();
    for node in document.descendants().filter(Node::is_element) {
        if let Some(id) = node.attribute("id") {
            ids.entry(id).or_default().push(node);
        }
    }
    let mut walk = Walk {
        ids,
        viewport: largest_viewport(document, density),
        known: HashMap::new(),
    };
    let mut most = 0.0f64;
    for node in document.descendants().filter(Node::is_element) {
        let apart = APART.contains(&node.tag_name().name()) || named(node, "feImage");
        let enlarged = walk.enlarged(node);
        most = most.max(if apart && enlarged > 0.0 {
            f64::INFINITY
        } else {
            enlarged
        });
    }
    if most > ENLARGED {
        return Err(too_much(
            "times that text along a path is enlarged",
            most as u64,
            ENLARGED as u64,
        ));
    }
    Ok(())
}

fn named(node: Node, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

struct Walk<'a, 'input> {
    ids: HashMap<&'a str, Vec<Node<'a, 'input>>>,
    viewport: f64,
    known: HashMap<NodeId, f64>,
}

impl<'a, 'input> Walk<'a, 'input> {
    /// How much what is in this element enlarges text along a path, at most; 0 if there is none in it.
    fn enlarged(&mut self, node: Node<'a, 'input>) -> f64 {
        if let Some(known) = self.known.get(&node.id()) {
            return *known;
        }
        let named_by_it = node.attribute("href").and_then(|href| href.strip_prefix('#'));
        let named_by_it = named_by_it.and_then(|id| self.ids.get(id)).cloned().unwrap_or_default();
        let mut most = 0.0f64;
        if named(node, "textPath") {
            most = named_by_it.iter().map(|path| enlarging(*path)).fold(1.0, f64::max);
        } else if matches!(node.tag_name().name(), "use" | "feImage") {
            for used in named_by_it {
                most = most.max(self.enlarged(used));
            }
        }
        for child in node.children().filter(Node::is_element) {
            most = most.max(self.enlarged(child));
        }
        if most > 0.0 {
            most *= enlarging(node).max(1.0) * self.of_view_box(node).max(1.0);
        }
        self.known.insert(node.id(), most);
        most
    }

    fn of_view_box(&self, node: Node) -> f64 {
        let Some(text) = node.attribute("viewBox") else {
            return 1.0;
        };
        let sides = text.split([' ', ',']).filter(|word| !word.is_empty()).skip(2);
        let smallest = sides.map(|word| word.parse().unwrap_or(0.0)).fold(f64::MAX, f64::min);
        self.viewport / smallest.max(1e-9)
    }
}

/// How much an element's own transform enlarges, at most.
fn enlarging(node: Node) -> f64 {
    let Some(text) = node.attribute("transform") else {
        return 1.0;
    };
    let Ok(transform) = text.parse::<Transform>() else {
        return 1.0;
    };
    transform.a.hypot(transform.b).max(transform.c.hypot(transform.d))
}

/// The largest number that says how large something with a `viewBox` is.
fn largest_viewport(document: &Document, density: f64) -> f64 {
    let nodes = document
        .descendants()
        .filter(|node| matches!(node.tag_name().name(), "svg" | "symbol" | "use"));
    let values = nodes.flat_map(|node| {
        ["width", "height", "viewBox"]
            .into_iter()
            .filter_map(move |name| node.attribute(name))
    });
    let mut percent = 1.0f64;
    let mut most = 100.0f64;
    for word in values.flat_map(|value| value.split([' ', ','])) {
        let number = word.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
        let value = number.parse().unwrap_or(0.0f64).abs();
        match &word[number.len()..] {
            "" | "px" => most = most.max(value),
            "%" => percent = percent.max(value / 100.0),
            "em" | "ex" => most = most.max(value * 1e5),
            _ => most = most.max(value * density.max(96.0)),
        }
    }
    most * percent
}

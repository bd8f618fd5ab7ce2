//! Counts what a drawing's references expand to, before anything is expanded.
//!
//! A `use` copies what it refers to. A pattern, mask, clip or marker is drawn once per element that refers to it,
//! and the parser may copy it too; each may refer to others. So ten levels of elements that each refer ten times to
//! the next make 10¹⁰ from a few kilobytes. Here an element weighs 1, plus its children, plus whatever it refers to.

use std::collections::HashMap;
use std::rc::Rc;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use super::{bad, text, too_much};
use crate::error::Result;

/// Maximum elements, after expansion.
const ELEMENTS: u64 = 250_000;
/// Maximum nesting, including references: the stack can hold this many with room to spare.
const NESTING: u32 = 256;
/// Bytes of attributes that weigh as much as an element.
const BYTES: u64 = 64;
/// Maximum elements with the same id, although there should be only one.
const SAME: usize = 16;

/// The number of elements that the drawing expands to.
///
/// # Errors
///
/// A limit's for one that is too large or too deep, [`Error::BadInput`](crate::Error::BadInput) for one that refers to
/// itself.
pub(super) fn check(document: &Document) -> Result<u64> {
    shallow(document)?;
    let mut walk = Walk::new(document)?;
    let weight = walk.weight(document.root_element(), 0)?;
    Ok(weight)
}

/// Refuses deep trees without recursion: nodes come in document order, parents first.
fn shallow(document: &Document) -> Result<()> {
    let mut depths: HashMap<NodeId, u32> = HashMap::new();
    for node in document.descendants().filter(Node::is_element) {
        let depth = node.parent().and_then(|parent| depths.get(&parent.id())).copied();
        let depth = depth.map_or(0, |depth| depth + 1);
        if depth > NESTING {
            return Err(too_much("nested elements", depth.into(), NESTING.into()));
        }
        depths.insert(node.id(), depth);
    }
    Ok(())
}

/// What elements inherit and refers to others: a shape within a pattern may be filled with that pattern by an element
/// around both.
const INHERITED: [&str; 5] = ["fill", "stroke", "marker-start", "marker-mid", "marker-end"];

type Inherited<'a> = Rc<[Option<&'a str>; INHERITED.len()]>;

struct Walk<'a, 'input> {
    inherited: HashMap<NodeId, Inherited<'a>>,
    /// Every element with an id: which of several counts is up to the parser.
    ids: HashMap<&'a str, Vec<Node<'a, 'input>>>,
    /// Known weights; `None` while being computed.
    known: HashMap<NodeId, Option<u64>>,
}

impl<'a, 'input> Walk<'a, 'input> {
    fn new(document: &'a Document<'input>) -> Result<Self> {
        let mut ids: HashMap<&str, Vec<_>> = HashMap::new();
        for node in document.descendants().filter(Node::is_element) {
            if let Some(id) = node.attribute("id") {
                ids.entry(id).or_default().push(node);
            }
        }
        if let Some(nodes) = ids.values().find(|nodes| nodes.len() > SAME) {
            return Err(too_much("elements with the same id", nodes.len() as u64, SAME as u64));
        }
        Ok(Walk {
            inherited: inherited(document),
            ids,
            known: HashMap::new(),
        })
    }

    fn weight(&mut self, node: Node<'a, 'input>, depth: u32) -> Result<u64> {
        if let Some(known) = self.known.get(&node.id()) {
            return known.ok_or_else(|| bad(format_args!("a `{}` that refers to itself", node.tag_name().name())));
        }
        if depth > NESTING {
            return Err(too_much("nested elements and references", depth.into(), NESTING.into()));
        }
        self.known.insert(node.id(), None);
        let mut weight = own_weight(node);
        if node.tag_name().name() == "text" {
            weight += text::weight(node, |id| self.segments(id));
            limited(weight)?;
        }
        for child in node.children().filter(Node::is_element) {
            weight += self.weight(child, depth + 1)?;
            limited(weight)?;
        }
        for id in references(node).into_iter().chain(self.inherited_references(node)) {
            let named = self.ids.get(id).cloned().unwrap_or_default();
            for named in named.into_iter().filter(|named| expands(node, *named)) {
                let mut once = self.weight(named, depth + 1)?;
                if named.tag_name().name() == "marker" {
                    once = once.saturating_mul(vertices(node));
                }
                weight = weight.saturating_add(once);
                limited(weight)?;
            }
        }
        self.known.insert(node.id(), Some(weight));
        Ok(weight)
    }
}

impl<'a> Walk<'a, '_> {
    /// The maximum number of segments in the path with this id.
    fn segments(&self, id: &str) -> u64 {
        let named = self.ids.get(id).into_iter().flatten();
        named.map(|node| vertices(*node)).max().unwrap_or(0)
    }

    /// The ids that a shape, or what a `use` copies, refers to by what is inherited.
    fn inherited_references(&self, node: Node<'a, '_>) -> Vec<&'a str> {
        let mut named = Vec::new();
        let shapes = [
            "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath", "use",
        ];
        if shapes.contains(&node.tag_name().name())
            && let Some(inherited) = self.inherited.get(&node.id())
        {
            for (name, value) in INHERITED.iter().zip(inherited.iter()) {
                // Its own attributes are looked at anyway.
                if !node.has_attribute(*name) || node.attribute(*name) == Some("inherit") {
                    urls(value.unwrap_or(""), |id| named.push(id));
                }
            }
        }
        named
    }
}

/// What each element inherits or says itself; nodes come in document order, parents first.
fn inherited<'a>(document: &'a Document) -> HashMap<NodeId, Inherited<'a>> {
    let mut all: HashMap<NodeId, Inherited> = HashMap::new();
    for node in document.descendants().filter(Node::is_element) {
        let around = node.parent().and_then(|parent| all.get(&parent.id()).cloned());
        let mut own = around.unwrap_or_default();
        for (at, name) in INHERITED.iter().enumerate() {
            if let Some(value) = node.attribute(*name).filter(|value| *value != "inherit") {
                Rc::make_mut(&mut own)[at] = Some(value);
            }
        }
        all.insert(node.id(), own);
    }
    all
}

/// The ids that an element refers to.
fn references<'a>(node: Node<'a, '_>) -> Vec<&'a str> {
    let mut named = Vec::new();
    for attribute in node.attributes() {
        if attribute.name() == "href" {
            named.extend(attribute.value().trim().strip_prefix('#'));
        } else {
            urls(attribute.value(), |id| named.push(id));
        }
    }
    named
}

/// 1, and more for long attributes: references copy them too.
fn own_weight(node: Node) -> u64 {
    let attributes = node.attributes().filter(|attribute| attribute.name() != "href");
    let bytes: usize = attributes.map(|attribute| attribute.value().len()).sum();
    1 + bytes as u64 / BYTES
}

fn limited(weight: u64) -> Result<()> {
    if weight > ELEMENTS {
        return Err(too_much("elements, references expanded", weight, ELEMENTS));
    }
    Ok(())
}

/// Whether referring to this copies it: gradients are shared, and links are not followed.
fn expands(from: Node, named: Node) -> bool {
    match named.tag_name().name() {
        "mask" | "clipPath" | "pattern" | "marker" | "filter" => true,
        "linearGradient" | "radialGradient" => false,
        _ => matches!(from.tag_name().name(), "use" | "feImage" | "tref" | "textPath"),
    }
}

/// The maximum number of points in a shape's path: each takes a letter and a digit, or two.
fn vertices(shape: Node) -> u64 {
    let text = ["d", "points"].iter().filter_map(|name| shape.attribute(*name));
    // A marker may be inherited, from a group with any number of shapes below.
    let below = shape
        .descendants()
        .flat_map(|node| node.attribute("d").or(node.attribute("points")));
    text.chain(below)
        .map(|text| text.len() as u64 / 2 + 2)
        .fold(2, u64::saturating_add)
}

/// Calls `found` for each `url(#id)`.
fn urls<'a>(text: &'a str, mut found: impl FnMut(&'a str)) {
    for part in text.split("url(").skip(1) {
        let id = part.split(')').next().unwrap_or("");
        if let Some(id) = id
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
            .strip_prefix('#')
        {
            found(id);
        }
    }
}

//! Counts what a drawing's references expand to, before anything is expanded.
//!
//! A `use` copies what it refers to. A pattern, mask, clip or marker is drawn once per element that refers to it,
//! and the parser may copy it too; each may refer to others. So ten levels of elements that each refer ten times to
//! the next make 10¹⁰ from a few kilobytes. Here an element weighs 1, plus its children, plus whatever it refers to.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use super::bad;
use crate::error::Result;

/// Maximum elements, after expansion.
const ELEMENTS: u64 = 250_000;
/// Maximum nesting, including references: the stack can hold this many with room to spare.
const NESTING: u32 = 256;
/// Maximum steps to find the styles of all elements: every selector is tried on every element.
const STYLING: usize = 500_000_000;
/// Maximum elements with the same id, although there should be only one.
const SAME: usize = 16;

/// The number of elements that the drawing expands to.
///
/// # Errors
///
/// [`Error::BadInput`](crate::Error::BadInput) for one that is too large, too deep, or refers to itself.
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
            return Err(bad(format_args!("elements nested more than {NESTING} deep")));
        }
        depths.insert(node.id(), depth);
    }
    Ok(())
}

struct Walk<'a, 'input> {
    /// Every element with an id: which of several counts is up to the parser.
    ids: HashMap<&'a str, Vec<Node<'a, 'input>>>,
    styles: Styles<'a>,
    /// Known weights; `None` while being computed.
    known: HashMap<NodeId, Option<u64>>,
}

impl<'a, 'input> Walk<'a, 'input> {
    fn new(document: &'a Document<'input>) -> Result<Self> {
        let mut ids: HashMap<&str, Vec<_>> = HashMap::new();
        let mut styles = Styles::default();
        let mut elements = 0usize;
        for node in document.descendants().filter(Node::is_element) {
            if let Some(id) = node.attribute("id") {
                ids.entry(id).or_default().push(node);
            }
            elements += 1;
            if node.tag_name().name() == "style" {
                node.children()
                    .filter_map(|text| text.text())
                    .for_each(|css| styles.read(css));
            }
        }
        if styles.steps.saturating_mul(elements) > STYLING {
            return Err(bad(format_args!(
                "{} rules of style for {elements} elements",
                styles.rules
            )));
        }
        if let Some((id, _)) = ids.iter().find(|(_, nodes)| nodes.len() > SAME) {
            return Err(bad(format_args!("more than {SAME} elements with the id {id:?}")));
        }
        Ok(Walk {
            ids,
            styles,
            known: HashMap::new(),
        })
    }

    fn weight(&mut self, node: Node<'a, 'input>, depth: u32) -> Result<u64> {
        if let Some(known) = self.known.get(&node.id()) {
            return known.ok_or_else(|| bad(format_args!("a `{}` that refers to itself", node.tag_name().name())));
        }
        if depth > NESTING {
            return Err(bad(format_args!(
                "elements and references nested more than {NESTING} deep"
            )));
        }
        self.known.insert(node.id(), None);
        let mut weight = 1u64;
        for child in node.children().filter(Node::is_element) {
            weight += self.weight(child, depth + 1)?;
            limited(weight)?;
        }
        for (id, by_style) in self.references(node) {
            let named = self.ids.get(id).cloned().unwrap_or_default();
            for named in named.into_iter().filter(|named| expands(node, *named)) {
                if by_style && self.known.get(&named.id()) == Some(&None) {
                    continue; // a rule that applies inside its own target: the parser does not follow it
                }
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

    /// The ids that an element refers to, and whether a style sheet does so.
    fn references(&self, node: Node<'a, 'input>) -> Vec<(&'a str, bool)> {
        let mut named = Vec::new();
        for attribute in node.attributes() {
            if attribute.name() == "href" {
                named.extend(attribute.value().trim().strip_prefix('#').map(|id| (id, false)));
            } else {
                urls(attribute_text(node, attribute.name()), |id| named.push((id, false)));
            }
        }
        let classes = node.attribute("class").unwrap_or("").split_ascii_whitespace();
        let of_class = classes.filter_map(|class| self.styles.classes.get(class));
        named.extend(of_class.flatten().chain(&self.styles.all).map(|id| (*id, true)));
        named
    }
}

fn attribute_text<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    node.attribute(name).unwrap_or("")
}

fn limited(weight: u64) -> Result<()> {
    if weight > ELEMENTS {
        return Err(bad(format_args!("more than {ELEMENTS} elements, references expanded")));
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

/// The ids that style sheets refer to: by class, and all others as if they applied everywhere.
#[derive(Default)]
struct Styles<'a> {
    classes: HashMap<&'a str, Vec<&'a str>>,
    all: Vec<&'a str>,
    rules: usize,
    /// The cost of trying the rules on one element: about the bytes of the selectors, plus the declarations.
    steps: usize,
}

impl<'a> Styles<'a> {
    fn read(&mut self, css: &'a str) {
        for rule in css.split('}') {
            let Some((selectors, body)) = rule.split_once('{') else {
                continue;
            };
            self.rules += 1;
            self.steps += selectors.len() + 16 * body.split(';').count();
            for selector in selectors.split(',') {
                let class = selector.trim().strip_prefix('.').filter(|class| {
                    !class.is_empty() && class.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
                });
                urls(body, |id| match class {
                    Some(class) => self.classes.entry(class).or_default().push(id),
                    None => self.all.push(id),
                });
            }
        }
    }
}

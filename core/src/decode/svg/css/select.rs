//! Selectors (Selectors 4), matched from right to left.

use std::cell::Cell;
use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use super::sheet::split;
use crate::budget::Budget;
use crate::decode::svg::too_much;
use crate::error::Result;

/// Maximum steps to find the styles of all elements.
const STEPS: u64 = 10_000_000;

/// Counts the work on styles: it is limited, and looks at the deadline.
pub(in crate::decode::svg) struct Steps<'a> {
    taken: Cell<u64>,
    budget: &'a Budget,
}

impl<'a> Steps<'a> {
    pub(in crate::decode::svg) fn new(budget: &'a Budget) -> Self {
        Steps {
            taken: Cell::new(0),
            budget,
        }
    }

    pub(in crate::decode::svg) fn take(&self, steps: u64) -> Result<()> {
        let before = self.taken.get();
        let now = before + steps;
        self.taken.set(now);
        if now > STEPS {
            return Err(too_much("steps to find styles", now, STEPS));
        }
        if before >> 16 != now >> 16 {
            self.budget.check()?;
        }
        Ok(())
    }
}

/// Where each element stands among its siblings: its number and theirs, from 1.
pub(in crate::decode::svg) struct Places(HashMap<NodeId, (u32, u32)>);

impl Places {
    pub(in crate::decode::svg) fn new(document: &Document) -> Self {
        let mut places = HashMap::new();
        for parent in document.descendants() {
            let count = parent.children().filter(Node::is_element).count() as u32;
            for (at, child) in parent.children().filter(Node::is_element).enumerate() {
                places.insert(child.id(), (at as u32 + 1, count));
            }
        }
        Places(places)
    }

    fn of(&self, node: Node) -> (u32, u32) {
        self.0.get(&node.id()).copied().unwrap_or((1, 1))
    }
}

/// What an element must have for a rule to be tried.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Id(String),
    Class(String),
    Type(String),
    Any,
}

impl Key {
    pub(super) fn of(node: Node) -> impl Iterator<Item = Key> {
        let mut classes: Vec<_> = classes(node).collect();
        classes.sort_unstable();
        classes.dedup();
        let classes: Vec<_> = classes.into_iter().map(|class| Key::Class(class.to_owned())).collect();
        let id = node.attribute("id").map(|id| Key::Id(id.to_owned()));
        let name = Key::Type(node.tag_name().name().to_owned());
        id.into_iter().chain(classes).chain([name, Key::Any])
    }
}

fn classes<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    node.attribute("class").unwrap_or("").split_ascii_whitespace()
}

/// Compounds with what stands before each of them, the last one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selector(Vec<(Combinator, Vec<Simple>)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Combinator {
    Descendant,
    Child,
    Next,
    Later,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Simple {
    Universal,
    Type(String),
    Id(String),
    Class(String),
    Attribute(String, Option<(char, String)>),
    Root,
    Empty,
    /// `an+b`, counted from the end or not, among elements of the same type or not.
    Nth {
        a: i64,
        b: i64,
        last: bool,
        of_type: bool,
    },
    OnlyChild,
    Not(Vec<Selector>),
    Is(Vec<Selector>),
    Where(Vec<Selector>),
    /// A state that a picture is never in: `:hover`.
    Never,
}

/// The selectors of a list.
pub(super) fn split_list(text: &str) -> impl Iterator<Item = &str> {
    split(text, ',').map(str::trim)
}

impl Selector {
    pub(super) fn parse(text: &str) -> Option<Selector> {
        Self::nested(text, 0)
    }

    fn nested(text: &str, depth: usize) -> Option<Selector> {
        if depth > 4 {
            return None;
        }
        let mut parts = Vec::new();
        let (mut rest, mut combinator) = (text.trim(), Combinator::Descendant);
        while !rest.is_empty() {
            let (compound, behind) = Self::compound(rest, depth)?;
            parts.push((combinator, compound));
            let next = behind.trim_start();
            (combinator, rest) = match next.chars().next() {
                Some('>') => (Combinator::Child, next[1..].trim_start()),
                Some('+') => (Combinator::Next, next[1..].trim_start()),
                Some('~') => (Combinator::Later, next[1..].trim_start()),
                None => (Combinator::Descendant, next),
                Some(_) if next.len() < behind.len() => (Combinator::Descendant, next),
                Some(_) => return None,
            };
            if rest.is_empty() && combinator != Combinator::Descendant {
                return None;
            }
        }
        parts.reverse();
        // Each combinator belongs to the compound before it in the text, which comes after it here.
        (!parts.is_empty()).then_some(Selector(parts))
    }

    fn compound(text: &str, depth: usize) -> Option<(Vec<Simple>, &str)> {
        let mut simple = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            match c {
                '*' => {
                    simple.push(Simple::Universal);
                    rest = &rest[1..];
                }
                '#' | '.' => {
                    let (name, behind) = identifier(&rest[1..])?;
                    simple.push(if c == '#' {
                        Simple::Id(name)
                    } else {
                        Simple::Class(name)
                    });
                    rest = behind;
                }
                '[' => {
                    let end = rest.find(']')?;
                    simple.push(attribute(&rest[1..end])?);
                    rest = &rest[end + 1..];
                }
                ':' => {
                    let (found, behind) = Self::pseudo(&rest[1..], depth)?;
                    simple.push(found);
                    rest = behind;
                }
                c if c.is_alphabetic() || matches!(c, '_' | '\\' | '-') => {
                    let (name, behind) = identifier(rest)?;
                    // `svg|rect`: all elements here are of SVG's namespace.
                    if let Some(behind) = behind.strip_prefix('|') {
                        rest = behind;
                        continue;
                    }
                    simple.push(Simple::Type(name));
                    rest = behind;
                }
                _ => break,
            }
        }
        (!simple.is_empty()).then_some((simple, rest))
    }

    fn pseudo(text: &str, depth: usize) -> Option<(Simple, &str)> {
        let (name, rest) = identifier(text)?;
        let name = name.to_ascii_lowercase();
        if let Some(inner) = rest.strip_prefix('(') {
            let end = split(inner, ')')
                .next()
                .map(str::len)
                .filter(|end| *end < inner.len())?;
            let (argument, behind) = (&inner[..end], &inner[end + 1..]);
            let list = || {
                split_list(argument)
                    .map(|text| Self::nested(text, depth + 1))
                    .collect::<Option<Vec<_>>>()
            };
            let found = match name.as_str() {
                "not" => Simple::Not(list()?),
                "is" | "matches" | "-webkit-any" => Simple::Is(list()?),
                "where" => Simple::Where(list()?),
                _ => {
                    let (last, of_type) = match name.as_str() {
                        "nth-child" => (false, false),
                        "nth-last-child" => (true, false),
                        "nth-of-type" => (false, true),
                        "nth-last-of-type" => (true, true),
                        _ => return None,
                    };
                    let (a, b) = nth(argument)?;
                    Simple::Nth { a, b, last, of_type }
                }
            };
            return Some((found, behind));
        }
        let nth = |last, of_type| Simple::Nth {
            a: 0,
            b: 1,
            last,
            of_type,
        };
        let found = match name.as_str() {
            "root" => Simple::Root,
            "empty" => Simple::Empty,
            "first-child" => nth(false, false),
            "last-child" => nth(true, false),
            "first-of-type" => nth(false, true),
            "last-of-type" => nth(true, true),
            "only-child" => Simple::OnlyChild,
            "hover" | "focus" | "active" | "visited" | "target" | "focus-visible" | "focus-within" => Simple::Never,
            "link" | "any-link" => Simple::Type("a".into()),
            _ => return None,
        };
        Some((found, rest))
    }

    pub(super) fn key(&self) -> Key {
        let of = |simple: &Simple| match simple {
            Simple::Id(id) => Some(Key::Id(id.clone())),
            Simple::Class(class) => Some(Key::Class(class.clone())),
            Simple::Type(name) => Some(Key::Type(name.clone())),
            _ => None,
        };
        self.0[0].1.iter().find_map(of).unwrap_or(Key::Any)
    }

    /// Ids; classes, attributes and pseudo-classes; types.
    pub(super) fn specificity(&self) -> (u32, u32, u32) {
        let most = |list: &[Selector]| list.iter().map(Selector::specificity).max().unwrap_or_default();
        let of = |simple: &Simple| match simple {
            Simple::Universal | Simple::Where(_) => (0, 0, 0),
            Simple::Type(_) => (0, 0, 1),
            Simple::Id(_) => (1, 0, 0),
            Simple::Not(list) | Simple::Is(list) => most(list),
            _ => (0, 1, 0),
        };
        let all = self.0.iter().flat_map(|(_, compound)| compound).map(of);
        all.fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2))
    }

    pub(super) fn matches(&self, node: Node, places: &Places, steps: &Steps) -> Result<bool> {
        self.from(0, node, places, steps)
    }

    /// Whether the compounds from `at` on match, the first of them this node.
    fn from(&self, at: usize, node: Node, places: &Places, steps: &Steps) -> Result<bool> {
        let (combinator, compound) = &self.0[at];
        for simple in compound {
            steps.take(1)?;
            if !simple.matches(node, places, steps)? {
                return Ok(false);
            }
        }
        if at + 1 == self.0.len() {
            return Ok(true);
        }
        let mut next = match combinator {
            Combinator::Descendant | Combinator::Child => node.parent_element(),
            Combinator::Next | Combinator::Later => node.prev_sibling_element(),
        };
        while let Some(candidate) = next {
            if self.from(at + 1, candidate, places, steps)? {
                return Ok(true);
            }
            next = match combinator {
                Combinator::Descendant => candidate.parent_element(),
                Combinator::Later => candidate.prev_sibling_element(),
                Combinator::Child | Combinator::Next => None,
            };
        }
        Ok(false)
    }
}

impl Simple {
    fn matches(&self, node: Node, places: &Places, steps: &Steps) -> Result<bool> {
        let any = |list: &[Selector]| {
            for selector in list {
                if selector.matches(node, places, steps)? {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        Ok(match self {
            Simple::Universal => true,
            Simple::Type(name) => node.tag_name().name() == name,
            Simple::Id(id) => node.attribute("id") == Some(id),
            Simple::Class(class) => classes(node).any(|one| one == class),
            Simple::Attribute(name, test) => {
                let value = node.attributes().find(|attribute| attribute.name() == name);
                match (value.map(|attribute| attribute.value()), test) {
                    (None, _) => false,
                    (Some(_), None) => true,
                    (Some(value), Some((operator, wanted))) => match operator {
                        '=' => value == wanted,
                        _ if wanted.is_empty() => false,
                        '~' => value.split_ascii_whitespace().any(|word| word == wanted),
                        '|' => value
                            .strip_prefix(wanted.as_str())
                            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
                        '^' => value.starts_with(wanted.as_str()),
                        '$' => value.ends_with(wanted.as_str()),
                        _ => value.contains(wanted.as_str()),
                    },
                }
            }
            Simple::Root => node.parent_element().is_none(),
            Simple::Empty => !node.children().any(|child| child.is_element() || child.is_text()),
            Simple::OnlyChild => places.of(node).1 == 1,
            Simple::Nth { a, b, last, of_type } => {
                let place = if *of_type {
                    let mut place = 1;
                    let mut at = node;
                    while let Some(sibling) = match last {
                        true => at.next_sibling_element(),
                        false => at.prev_sibling_element(),
                    } {
                        steps.take(1)?;
                        place += i64::from(sibling.tag_name() == node.tag_name());
                        at = sibling;
                    }
                    place
                } else {
                    let (at, count) = places.of(node);
                    i64::from(if *last { count + 1 - at } else { at })
                };
                match (place - b, *a) {
                    (difference, 0) => difference == 0,
                    (difference, a) => difference % a == 0 && difference / a >= 0,
                }
            }
            Simple::Not(list) => !any(list)?,
            Simple::Is(list) | Simple::Where(list) => any(list)?,
            Simple::Never => false,
        })
    }
}

/// A name, and the rest; a backslash takes the next character as it is.
fn identifier(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices();
    let mut end = text.len();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            name.push(chars.next()?.1);
        } else if c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii() {
            name.push(c);
        } else {
            end = at;
            break;
        }
    }
    (!name.is_empty()).then(|| (name, &text[end..]))
}

fn attribute(text: &str) -> Option<Simple> {
    let Some((name, value)) = text.split_once('=') else {
        return Some(Simple::Attribute(text.trim().to_owned(), None));
    };
    let name = name.trim();
    let (name, operator) = match name.chars().last()? {
        c @ ('~' | '|' | '^' | '$' | '*') => (&name[..name.len() - 1], c),
        _ => (name, '='),
    };
    let value = value.trim().trim_matches(['"', '\'']).to_owned();
    Some(Simple::Attribute(
        name.trim().rsplit('|').next()?.to_owned(),
        Some((operator, value)),
    ))
}

/// `an+b`, `odd`, `even`.
fn nth(text: &str) -> Option<(i64, i64)> {
    let text: String = text
        .to_ascii_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| number.abs() < 1 << 31);
    match text.as_str() {
        "odd" => return Some((2, 1)),
        "even" => return Some((2, 0)),
        _ => {}
    }
    let Some((a, b)) = text.split_once('n') else {
        return Some((0, number(&text)?));
    };
    let a = match a {
        "" | "+" => 1,
        "-" => -1,
        a => number(a)?,
    };
    Some((a, if b.is_empty() { 0 } else { number(b)? }))
}

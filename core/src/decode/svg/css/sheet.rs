//! Style sheets: rules, and the declarations in them.

use std::collections::HashMap;

use resvg::usvg::roxmltree::Node;

use super::select::{Key, Places, Selector, Steps};
use crate::decode::svg::notes::Notes;
use crate::error::Result;

/// `name: value`, with a name in lower case unless it is a variable's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::decode::svg) struct Declaration {
    pub(in crate::decode::svg) name: String,
    pub(in crate::decode::svg) value: String,
    pub(in crate::decode::svg) important: bool,
}

/// Rules, found by what the last part of their selector asks for.
#[derive(Default)]
pub(in crate::decode::svg) struct Sheet {
    rules: Vec<Rule>,
    by_key: HashMap<Key, Vec<usize>>,
}

struct Rule {
    selector: Selector,
    /// Which of the lists in `Sheet::bodies`.
    body: std::rc::Rc<[Declaration]>,
}

impl Sheet {
    /// Adds the rules of a `style` element.
    pub(in crate::decode::svg) fn add(&mut self, css: &str, notes: &mut Notes) {
        let css = without_comments(css);
        self.rules_of(&css, notes, 0);
    }

    fn rules_of(&mut self, css: &str, notes: &mut Notes, depth: usize) {
        let mut rest = css;
        while let Some((prelude, body, behind)) = next_block(rest) {
            rest = behind;
            let prelude = prelude
                .trim()
                .trim_start_matches("<!--")
                .trim_start_matches("-->")
                .trim();
            let Some(body) = body else {
                // `@import`, `@charset` and the like: a statement without a block.
                if prelude.starts_with("@import") {
                    notes.add("style sheets of other files");
                }
                continue;
            };
            if let Some(rule) = prelude.strip_prefix('@') {
                let (name, condition) = rule.split_at(
                    rule.find(|c: char| !c.is_alphanumeric() && c != '-')
                        .unwrap_or(rule.len()),
                );
                let applies = match name {
                    "media" => media(condition),
                    "layer" | "supports" => true,
                    "keyframes" => {
                        notes.add("animations");
                        false
                    }
                    "container" | "scope" => {
                        notes.add("conditional styles");
                        false
                    }
                    _ => false, // fonts, pages
                };
                if applies && depth < 8 {
                    self.rules_of(body, notes, depth + 1);
                }
                continue;
            }
            let body: std::rc::Rc<[Declaration]> = declarations(body).into();
            for selector in super::select::split_list(prelude) {
                match Selector::parse(selector) {
                    Some(selector) => {
                        self.by_key.entry(selector.key()).or_default().push(self.rules.len());
                        let body = body.clone();
                        self.rules.push(Rule { selector, body });
                    }
                    None => notes.add("styles by unknown selectors"),
                }
            }
        }
    }

    /// The declarations that count for an element, the weakest first.
    pub(in crate::decode::svg) fn of<'s>(
        &'s self,
        node: Node,
        places: &Places,
        steps: &Steps,
    ) -> Result<Vec<&'s Declaration>> {
        let mut found = Vec::new();
        for key in Key::of(node) {
            for index in self.by_key.get(&key).into_iter().flatten() {
                steps.take(1)?;
                if self.rules[*index].selector.matches(node, places, steps)? {
                    found.push((self.rules[*index].selector.specificity(), *index));
                }
            }
        }
        found.sort_unstable();
        let bodies = found.iter().map(|(_, index)| &self.rules[*index].body);
        let all: Vec<_> = bodies.flat_map(|body| body.iter()).collect();
        steps.take(all.len() as u64)?;
        Ok(all)
    }
}

/// Whether a media query counts for a picture on a light screen of no particular size.
fn media(condition: &str) -> bool {
    condition.split(',').any(|query| {
        query.to_ascii_lowercase().split(" and ").all(|part| {
            let part = part.trim().trim_matches(['(', ')']);
            let compact: String = part.chars().filter(|c| !c.is_whitespace()).collect();
            matches!(
                compact.as_str(),
                "" | "all" | "screen" | "onlyscreen" | "prefers-color-scheme:light" | "notprint"
            )
        })
    })
}

/// The declarations of a block or of a `style` attribute.
pub(in crate::decode::svg) fn declarations(css: &str) -> Vec<Declaration> {
    let css = without_comments(css);
    let parse = |text: &str| {
        let (name, value) = text.split_once(':')?;
        let name = name.trim();
        let value = value.trim();
        let bare = value
            .strip_suffix("important")
            .and_then(|value| value.trim_end().strip_suffix('!'));
        let valid = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        valid.then(|| Declaration {
            name: if name.starts_with("--") {
                name.to_owned()
            } else {
                name.to_ascii_lowercase()
            },
            value: bare.unwrap_or(value).trim_end().to_owned(),
            important: bare.is_some(),
        })
    };
    split(&css, ';').filter_map(parse).collect()
}

/// The parts between separators that are not within brackets or strings.
pub(super) fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (mut depth, mut quote) = (0u32, None);
        for (at, c) in text.char_indices() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, c) if c == separator && depth == 0 => {
                    rest = Some(&text[at + c.len_utf8()..]);
                    return Some(&text[..at]);
                }
                (None, '"' | '\'') => quote = Some(c),
                (None, '(' | '[' | '{') => depth += 1,
                (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        rest = None;
        Some(text)
    })
}

/// What stands before the next block, the block if there is one, and the rest.
fn next_block(css: &str) -> Option<(&str, Option<&str>, &str)> {
    let mut quote = None;
    let (mut open, mut depth) = (None, 0u32);
    for (at, c) in css.char_indices() {
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, ';') if depth == 0 => return Some((&css[..at], None, &css[at + 1..])),
            (None, '{') => {
                open = open.or(Some(at));
                depth += 1;
            }
            (None, '}') => {
                depth = depth.saturating_sub(1);
                if let (Some(open), 0) = (open, depth) {
                    return Some((&css[..open], Some(&css[open + 1..at]), &css[at + 1..]));
                }
            }
            _ => {}
        }
    }
    // A block that isn't closed ends with the sheet.
    open.map(|open| (&css[..open], Some(&css[open + 1..]), ""))
}

fn without_comments(css: &str) -> std::borrow::Cow<'_, str> {
    if !css.contains("/*") {
        return css.into();
    }
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        kept.push(' ');
        rest = rest[start + 2..]
            .find("*/")
            .map_or("", |end| &rest[start + 2 + end + 2..]);
    }
    kept.push_str(rest);
    kept.into()
}

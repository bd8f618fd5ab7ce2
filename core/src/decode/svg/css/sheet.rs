//! Style sheets: rules, and the declarations in them.

use std::collections::HashMap;

use resvg::usvg::roxmltree::Node;
use svgtypes::FontShorthand;

use super::select::{Key, Places, Selector, Steps, split_list};
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
    /// The names of the layers, the weakest first.
    layers: Vec<String>,
    /// Bytes of selectors that were put together from nested ones.
    nested: usize,
}

struct Rule {
    selector: Selector,
    /// Its place in `Sheet::layers`; rules outside of layers are stronger than all that are in one.
    layer: usize,
    body: std::rc::Rc<[Declaration]>,
}

/// What is around a rule.
#[derive(Clone, Copy)]
struct Around<'a> {
    layer: usize,
    /// The selectors of the rule that it stands in.
    rule: Option<&'a str>,
    depth: usize,
}

/// Maximum blocks within blocks, and bytes of selectors that nested ones become.
const DEPTH: usize = 8;
const NESTED: usize = 64 << 10;

impl Sheet {
    /// Adds the rules of a `style` element, unless its media are others.
    pub(in crate::decode::svg) fn add(&mut self, css: &str, media: &str, notes: &mut Notes) {
        if !applies("media", media, notes) {
            return;
        }
        let around = Around {
            layer: usize::MAX,
            rule: None,
            depth: 0,
        };
        let from = self.rules.len();
        self.blocks(&without_comments(css), around, notes);
        for (index, rule) in self.rules.iter().enumerate().skip(from) {
            self.by_key.entry(rule.selector.key()).or_default().push(index);
        }
    }

    /// Takes the blocks, and returns what stands outside of them.
    fn blocks(&mut self, css: &str, around: Around, notes: &mut Notes) -> String {
        let mut own = String::new();
        let mut rest = css;
        while let Some((prelude, body, behind)) = next_block(rest) {
            rest = behind;
            let prelude = prelude
                .trim()
                .trim_start_matches("<!--")
                .trim_start_matches("-->")
                .trim();
            match (prelude.strip_prefix('@'), body) {
                (Some(rule), body) => self.at_rule(rule, body, around, notes),
                (None, Some(body)) => self.rule(prelude, body, around, notes),
                (None, None) => {
                    own.push_str(prelude);
                    own.push(';');
                }
            }
        }
        own + rest
    }

    fn at_rule(&mut self, rule: &str, body: Option<&str>, around: Around, notes: &mut Notes) {
        let end = rule.find(|c: char| !c.is_alphanumeric() && c != '-');
        let (name, condition) = rule.split_at(end.unwrap_or(rule.len()));
        let name = name.to_ascii_lowercase();
        let mut around = Around {
            depth: around.depth + 1,
            ..around
        };
        match (name.as_str(), body) {
            ("import", None) => notes.add("style sheets of other files"),
            ("layer", None) => {
                for name in condition.split(',') {
                    self.layer(name);
                }
            }
            // What is in a layer within a layer counts as the outer one's.
            ("layer", Some(_)) if around.layer == usize::MAX => around.layer = self.layer(condition),
            _ => {}
        }
        let Some(body) = body.filter(|_| around.depth < DEPTH && applies(&name, condition, notes)) else {
            return;
        };
        match around.rule {
            Some(_) => self.rule("&", body, around, notes),
            None => drop(self.blocks(body, around, notes)),
        }
    }

    /// The place of a layer, by the first of its names.
    fn layer(&mut self, name: &str) -> usize {
        let name = name.split('.').next().unwrap_or("").trim();
        let known = self.layers.iter().position(|known| known == name && !name.is_empty());
        known.unwrap_or_else(|| {
            self.layers.push(name.to_owned());
            self.layers.len() - 1
        })
    }

    fn rule(&mut self, selectors: &str, body: &str, around: Around, notes: &mut Notes) {
        let selectors = match around.rule {
            None => selectors.to_owned(),
            Some(outer) => {
                let nested = split_list(selectors).map(|selector| match selector.contains('&') {
                    true => selector.replace('&', &format!(":is({outer})")),
                    false => format!(":is({outer}) {selector}"),
                });
                nested.collect::<Vec<_>>().join(",")
            }
        };
        self.nested += around.rule.map_or(0, |_| selectors.len());
        if self.nested > NESTED || around.depth >= DEPTH {
            return notes.add("styles by unknown selectors");
        }
        let within = Around {
            rule: Some(&selectors),
            depth: around.depth + 1,
            ..around
        };
        let at = self.rules.len();
        let body: std::rc::Rc<[Declaration]> = match body.contains('{') {
            true => declarations(&self.blocks(body, within, notes)),
            false => declarations(body),
        }
        .into();
        // The rule's own declarations come before those of the rules in it.
        let inner = self.rules.split_off(at);
        for selector in split_list(&selectors) {
            match Selector::parse(selector) {
                Some(selector) => self.rules.push(Rule {
                    selector,
                    layer: around.layer,
                    body: body.clone(),
                }),
                None => notes.add("styles by unknown selectors"),
            }
        }
        self.rules.extend(inner);
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
                let rule = &self.rules[*index];
                if rule.selector.matches(node, places, steps)? {
                    found.push((rule.layer, rule.selector.specificity(), *index));
                }
            }
        }
        found.sort_unstable();
        let bodies = found.iter().map(|(_, _, index)| &self.rules[*index].body);
        let all: Vec<_> = bodies.flat_map(|body| body.iter()).collect();
        steps.take(all.len() as u64)?;
        Ok(all)
    }
}

/// Whether what stands in the block of an at-rule counts.
fn applies(name: &str, condition: &str, notes: &mut Notes) -> bool {
    match name {
        "media" => media(condition).unwrap_or_else(|| {
            notes.add("conditional styles");
            false
        }),
        // What browsers support is taken for supported.
        "supports" => !condition.trim_start().to_ascii_lowercase().starts_with("not"),
        "layer" => true,
        "keyframes" | "-webkit-keyframes" => {
            notes.add("animations");
            false
        }
        "container" | "scope" | "starting-style" => {
            notes.add("conditional styles");
            false
        }
        "font-face" => {
            notes.add_of_text("fonts of the drawing");
            false
        }
        _ => false, // pages
    }
}

/// Whether a media query counts for a picture on a light screen of no particular size; `None` if that can't be said.
fn media(condition: &str) -> Option<bool> {
    let queries = condition.split(',').map(|query| {
        let query = query.to_ascii_lowercase();
        let parts = query.split(" and ").map(|part| {
            let part = part.trim().trim_matches(['(', ')']);
            let compact: String = part.chars().filter(|c| !c.is_whitespace()).collect();
            match compact.as_str() {
                "" | "all" | "screen" | "onlyscreen" | "notprint" | "color" => Some(true),
                "prefers-color-scheme:light" | "prefers-reduced-motion:no-preference" => Some(true),
                "print" | "onlyprint" | "notscreen" | "notall" | "speech" | "monochrome" => Some(false),
                "prefers-color-scheme:dark" | "prefers-reduced-motion:reduce" => Some(false),
                "prefers-contrast:more" | "forced-colors:active" | "hover" | "hover:hover" => Some(false),
                _ => None,
            }
        });
        decided(parts.collect(), false)
    });
    decided(queries.collect(), true)
}

/// Whether one of them is `by`, which decides; `None` if that can't be said.
fn decided(answers: Vec<Option<bool>>, by: bool) -> Option<bool> {
    if answers.contains(&Some(by)) {
        Some(by)
    } else {
        (!answers.contains(&None)).then_some(!by)
    }
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
    split(&css, ';').filter_map(parse).flat_map(with_longhands).collect()
}

/// What `font` stands for.
fn with_longhands(declaration: Declaration) -> Vec<Declaration> {
    let one = |name: &str, value: &str| Declaration {
        name: name.to_owned(),
        value: value.to_owned(),
        important: declaration.important,
    };
    match declaration.name.as_str() {
        "font" => FontShorthand::from_str(&declaration.value).map_or_else(
            |_| Vec::new(),
            |font| {
                vec![
                    one("font-style", font.font_style.unwrap_or("normal")),
                    one("font-variant", font.font_variant.unwrap_or("normal")),
                    one("font-weight", font.font_weight.unwrap_or("normal")),
                    one("font-stretch", font.font_stretch.unwrap_or("normal")),
                    one("font-size", font.font_size),
                    one("font-family", font.font_family),
                ]
            },
        ),
        "font-variant-caps" => vec![one("font-variant", &declaration.value)],
        "text-decoration-line" => vec![one("text-decoration", &declaration.value)],
        _ => vec![declaration],
    }
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

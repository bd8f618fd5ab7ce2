//! The drawing in plain words: the same elements, with every style resolved into attributes, without what is not
//! drawn, and with numbers that can be computed with. usvg reads this text instead of the file's.

mod lists;

use std::borrow::Cow;
use std::fmt::Write;
use std::str::FromStr;

use resvg::usvg::roxmltree::{Document, Node};

use super::css::{self, Declaration, Places, Sheet, Steps, Variables};
use super::fonts::Fonts;
use super::notes::Notes;
use super::number::{self, Bounds};
use super::pictures::Pictures;
use super::regions::{self, Regions};
use super::size;
use super::text;
use crate::budget::Budget;
use crate::error::Result;
use lists::{ELEMENTS, LEFT_OUT, PROPERTIES, SKIPPED, STYLE_ONLY, UNKNOWN, UNKNOWN_OF_TEXT};

const SVG: &str = "http://www.w3.org/2000/svg";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The plain text, and what goes with it.
#[derive(Debug)]
pub(super) struct Plain {
    pub(super) text: String,
    /// The pictures in it.
    pub(super) pictures: Pictures,
    /// What it leaves out.
    pub(super) notes: Notes,
    /// Behind everything: red, green, blue, alpha.
    pub(super) background: Option<[u8; 4]>,
}

/// Whether there are words to be drawn.
pub(super) fn has_text(document: &Document) -> bool {
    let mut texts = document.descendants().filter(|node| name(*node) == Some("text"));
    texts.any(|node| !is_empty_text(node, "text"))
}

pub(super) fn of(document: &Document, fonts: Option<&Fonts>, density: f64, budget: &Budget) -> Result<Plain> {
    let mut notes = Notes::default();
    if fonts.is_some_and(|fonts| fonts.incomplete) {
        notes.add("fonts that can't be read");
    }
    let mut sheet = Sheet::default();
    for style in document.descendants().filter(|node| name(*node) == Some("style")) {
        for text in style.children().filter_map(|child| child.text()) {
            sheet.add(text, style.attribute("media").unwrap_or(""), &mut notes);
        }
    }
    if fonts.is_some() {
        notes.with_text();
    }
    let asked = document.root().children().filter_map(|node| node.pi());
    if asked
        .into_iter()
        .any(|instruction| instruction.target == "xml-stylesheet")
    {
        notes.add("style sheets of other files");
    }
    let mut writer = Writer {
        sheet: &sheet,
        places: Places::new(document),
        steps: Steps::new(budget),
        notes,
        pictures: Pictures::default(),
        text_too: fonts.is_some(),
        budget,
        density,
        regions: None,
        text: String::new(),
        background: None,
        fine: Bounds::fine(largest_viewport(document), density),
    };
    writer.element(document.root_element(), &Variables::default())?;
    Ok(Plain {
        text: writer.text,
        pictures: writer.pictures,
        notes: writer.notes,
        background: writer.background,
    })
}

/// The name of an element of SVG; documents without any namespace are taken as SVG.
fn name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let tag = node.tag_name();
    (node.is_element() && matches!(tag.namespace(), None | Some(SVG))).then(|| tag.name())
}

/// What a percentage may be of, at most.
fn largest_viewport(document: &Document) -> f64 {
    let viewports = document
        .descendants()
        .filter(|node| matches!(name(*node), Some("svg" | "symbol")));
    let viewports = viewports.flat_map(|node| {
        let attributes = ["viewBox", "width", "height"]
            .into_iter()
            .filter_map(move |name| node.attribute(name));
        attributes.flat_map(|text| text.split([' ', ',', '\n', '\t']))
    });
    let numbers = viewports.map(|text| text.trim_end_matches(|c: char| c.is_alphabetic() || c == '%'));
    numbers
        .filter_map(|text| text.parse::<f64>().ok())
        .fold(0.0, |most, number| most.max(number.abs()))
}

struct Writer<'a> {
    sheet: &'a Sheet,
    places: Places,
    steps: Steps<'a>,
    notes: Notes,
    pictures: Pictures,
    /// Whether text is drawn.
    text_too: bool,
    density: f64,
    budget: &'a Budget,
    /// Those of the filter at work.
    regions: Option<Regions>,
    text: String,
    background: Option<[u8; 4]>,
    /// Bounds of the lengths that curves are made of.
    fine: Bounds,
}

impl Writer<'_> {
    fn element(&mut self, node: Node, around: &Variables) -> Result<()> {
        let Some(name) = name(node).filter(|name| !SKIPPED.contains(name)) else {
            return Ok(());
        };
        // Parts of texts outside of one are not drawn anywhere.
        let of_text = text::ELEMENTS.contains(&name) && (self.text_too || name != "text");
        if of_text && !self.is_drawn_text(node, name) {
            return Ok(());
        }
        if let Some((_, kind)) = LEFT_OUT.iter().find(|(left_out, _)| *left_out == name && !of_text) {
            if !is_empty_text(node, kind) && !node.has_attribute("requiredExtensions") {
                self.notes.add(kind);
            }
            return Ok(());
        }
        if !ELEMENTS.contains(&name) && !name.starts_with("fe") && !of_text {
            self.notes.add("unknown elements");
            return Ok(());
        }
        self.steps.take(1)?;
        if name == "filter" {
            self.regions = Some(Regions::new(node));
        }
        let of_filter = node.parent_element().and_then(self::name) == Some("filter");
        let regions = self.regions.as_mut().filter(|_| of_filter);
        let written = regions.map(|regions| regions.primitive(node));
        if let Some(written) = &written {
            written.left_out.into_iter().for_each(|kind| self.notes.add(kind));
            self.added(&written.before);
        }
        let root = self.text.is_empty();
        let _ = write!(self.text, "<{name}");
        if root {
            let _ = write!(self.text, " xmlns=\"{SVG}\"");
        }
        let variables = self.attributes(node, name, around, written.is_some())?;
        let written = written.unwrap_or_default();
        for (name, value) in &written.attributes {
            self.attribute(name, value, false, &mut String::new());
        }
        self.text.push('>');
        for child in node.children() {
            if child.is_element() {
                self.element(child, &variables)?;
            } else if child.is_text() && self.text_too && is_within_text(node) {
                self.words(child.text().unwrap_or(""));
            }
        }
        let _ = write!(self.text, "</{name}>");
        self.added(&written.cuts);
        Ok(())
    }

    /// Writes elements that are not in the drawing.
    fn added(&mut self, elements: &[regions::Element]) {
        for (name, attributes) in elements {
            let _ = write!(self.text, "<{name}");
            for (name, value) in attributes {
                self.attribute(name, value, false, &mut String::new());
            }
            self.text.push_str("/>");
        }
    }

    /// Whether this is a text, or a part of one.
    fn is_drawn_text(&mut self, node: Node, name: &str) -> bool {
        if node.attribute("side").is_some_and(|side| side.trim() == "right") {
            self.notes.add("text on the other side of its path");
        }
        if name == "text" {
            return !is_empty_text(node, "text");
        }
        // usvg measures the path at the scale of the text, which is not known there.
        let apart = name == "textPath"
            && node
                .ancestors()
                .any(|around| text::APART.contains(&around.tag_name().name()));
        if apart || (name == "textPath" && node.has_attribute("path")) {
            self.notes.add("text along paths");
        }
        !apart && is_within_text(node)
    }

    /// Writes the characters of a text.
    fn words(&mut self, words: &str) {
        for c in words.chars() {
            match c {
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '&' => self.text.push_str("&amp;"),
                // As such, it would become a line's end.
                '\r' => self.text.push(' '),
                c => self.text.push(c),
            }
        }
    }

    /// Writes the attributes, and returns the variables that count for the element.
    fn attributes(&mut self, node: Node, name: &str, around: &Variables, is_primitive: bool) -> Result<Variables> {
        let own = css::declarations(node.attribute("style").unwrap_or(""));
        self.steps.take(own.len() as u64)?;
        let sheet = self.sheet;
        let ruled = sheet.of(node, &self.places, &self.steps)?;
        // Weak to strong; what is important comes last, in the same order.
        let mut declared: Vec<&Declaration> = ruled.into_iter().chain(&own).collect();
        declared.sort_by_key(|declaration| declaration.important);
        let variables = around.with(declared.iter().copied(), &self.steps)?;
        // A rectangle with round corners is made of curves.
        let corners = ["rx", "ry"];
        let round = name == "rect"
            && (corners.iter().any(|corner| node.has_attribute(*corner))
                || declared
                    .iter()
                    .any(|declaration| corners.contains(&declaration.name.as_str())));
        let boxed = declared
            .iter()
            .rev()
            .find(|declaration| declaration.name == "transform-box");
        let boxed = boxed.is_some_and(|declaration| !declaration.value.ends_with("view-box"));
        let viewport = if boxed {
            None
        } else {
            size::viewport(node, self.density)
        };
        let mut style = String::new();
        let mut written: Vec<&str> = Vec::new();
        for declaration in declared.iter().rev() {
            for property in longhands(&declaration.name) {
                self.unknown(property, &declaration.value);
                if self.text_too && text::ELEMENTS.contains(&name) && !written.contains(&property) {
                    self.unknown_of_text(property, &declaration.value);
                    if property == "white-space" {
                        written.push(property);
                    }
                }
                if matches!(property, "background" | "background-color") && node.parent_element().is_none() {
                    self.set_background(&declaration.value);
                }
                let known = PROPERTIES.binary_search(&property).is_ok();
                if !known || written.contains(&property) || !applies(property, name) {
                    continue;
                }
                // A declaration that makes no sense counts as not written.
                let Some(value) = css::substitute(&declaration.value, &variables, &self.steps)? else {
                    written.push(property);
                    continue;
                };
                if let Some(value) = css::usable(property, &value, viewport, &mut self.notes) {
                    self.attribute(property, &value, round, &mut style);
                    written.push(property);
                }
            }
        }
        let spaced = declared.iter().any(|declaration| declaration.name == "white-space");
        let spaced = spaced && text::ELEMENTS.contains(&name);
        let own_href = node
            .attributes()
            .any(|attribute| attribute.name() == "href" && attribute.namespace().is_none());
        for attribute in node.attributes() {
            let (attribute, namespace, value) = (attribute.name(), attribute.namespace(), attribute.value());
            if matches!(attribute, "style" | "class") || written.contains(&attribute) {
                continue;
            }
            if is_primitive && matches!(attribute, "x" | "y" | "width" | "height" | "result") {
                continue;
            }
            if is_primitive && (name, attribute) == ("feTile", "in") {
                continue;
            }
            if namespace == Some(XML) && attribute == "space" && self.text_too && !spaced {
                self.raw("xml:space", value);
            }
            match namespace {
                None | Some(SVG) => {}
                // `xlink:href`, unless there is an `href` of its own.
                Some("http://www.w3.org/1999/xlink") if attribute == "href" && !own_href => {}
                _ => continue,
            }
            if attribute == "href" {
                self.reference(name, value)?;
                continue;
            }
            match attribute {
                "pathLength" => self.notes.add("dashes by a length of the path"),
                "vector-effect" => self.unknown(attribute, value),
                "scale" if name == "feDisplacementMap" => {
                    self.displacement(value);
                    continue;
                }
                _ => {}
            }
            // As an attribute, the blending and its like have no effect.
            if PROPERTIES.binary_search(&attribute).is_err() || matches!(attribute, "transform" | "d") {
                self.attribute(attribute, value, round, &mut style);
            } else if !matches!(attribute, "isolation" | "mix-blend-mode")
                && let Some(value) = css::substitute(value, &variables, &self.steps)?
                && let Some(value) = css::usable(attribute, &value, None, &mut self.notes)
            {
                self.attribute(attribute, &value, round, &mut style);
            }
        }
        if !style.is_empty() {
            self.raw("style", &style);
        }
        Ok(variables)
    }

    /// resvg multiplies by the scale of a displacement twice, so it gets the root.
    fn displacement(&mut self, value: &str) {
        let scale: f64 = value.trim().parse().unwrap_or(0.0);
        if scale < 0.0 {
            self.notes.add("displacements to the other side");
        }
        let root = if scale > 0.0 { scale.min(1e9).sqrt() } else { 0.0 };
        self.raw("scale", &root.to_string());
    }

    /// Browsers give the outermost element a background, as any box of CSS.
    fn set_background(&mut self, value: &str) {
        let colour = css::usable("color", value, None, &mut self.notes);
        match colour.and_then(|colour| svgtypes::Color::from_str(&colour).ok()) {
            Some(colour) if self.background.is_none() => {
                self.background = Some([colour.red, colour.green, colour.blue, colour.alpha]);
            }
            None if value != "none" => self.notes.add("backgrounds by CSS pictures"),
            _ => {}
        }
    }

    /// Notes a property that usvg does not know, unless its value has no effect.
    fn unknown(&mut self, property: &str, value: &str) {
        if let Some((_, kind, harmless)) = UNKNOWN.iter().find(|(name, _, _)| *name == property)
            && value != "none"
            && !harmless.contains(&value)
        {
            self.notes.add(kind);
        }
    }

    fn unknown_of_text(&mut self, property: &str, value: &str) {
        if let Some((_, kind, harmless)) = UNKNOWN_OF_TEXT.iter().find(|(name, _, _)| *name == property)
            && value != "none"
            && !harmless.contains(&value)
        {
            self.notes.add(kind);
        }
        if property == "white-space" {
            let kept = value.starts_with("pre") || value == "break-spaces";
            self.raw("xml:space", if kept { "preserve" } else { "default" });
        }
    }

    fn attribute(&mut self, name: &str, value: &str, round: bool, style: &mut String) {
        let value = match name {
            "id" => value.into(),
            "d" => number::path_data(value),
            "font-weight" => weight(value),
            // What curves are made of.
            "cx" | "cy" | "r" | "rx" | "ry" | "stroke-width" | "font-size" | "letter-spacing" | "word-spacing" => {
                number::bounded(value, self.fine)
            }
            "x" | "y" | "width" | "height" if round => number::bounded(value, self.fine),
            _ => number::bounded(value, Bounds::WIDE),
        };
        if matches!(value, Cow::Owned(_)) && !matches!(name, "d" | "font-weight") {
            self.notes.add("parts beyond the largest coordinates");
        }
        if STYLE_ONLY.contains(&name) {
            let _ = write!(style, "{name}:{value};");
        } else {
            self.raw(name, &value);
        }
    }

    fn raw(&mut self, name: &str, value: &str) {
        let _ = write!(self.text, " {name}=\"");
        for c in value.chars() {
            match c {
                '<' => self.text.push_str("&lt;"),
                '&' => self.text.push_str("&amp;"),
                '"' => self.text.push_str("&quot;"),
                '\t' | '\n' | '\r' => self.text.push(' '),
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }

    /// What an element refers to: other elements, or a picture that the file brings along. Nothing is loaded.
    fn reference(&mut self, element: &str, value: &str) -> Result<()> {
        let value = value.trim();
        match element {
            "a" => {}
            _ if value.starts_with('#') => self.raw("href", value),
            "image" => match self.pictures.add(value, self.budget)? {
                Some(name) => self.raw("href", &name),
                None => self.notes.add("pictures"),
            },
            "feImage" => self.notes.add("pictures"),
            _ => self.notes.add("parts of other files"),
        }
        Ok(())
    }
}

/// A weight that usvg knows: hundreds.
fn weight(value: &str) -> Cow<'_, str> {
    match value.parse::<f64>() {
        Ok(number) => format!("{}", (number.clamp(100.0, 900.0) / 100.0).round() * 100.0).into(),
        Err(_) => value.into(),
    }
}

/// Whether characters in this element are drawn.
fn is_within_text(node: Node) -> bool {
    let text = node.ancestors().find(|node| name(*node) == Some("text"));
    text.is_some() && matches!(name(node), Some("a" | "text" | "textPath" | "tspan"))
}

/// Whether this is an element of text without any.
fn is_empty_text(node: Node, kind: &str) -> bool {
    let mut words = node.descendants().filter_map(|node| node.text());
    kind == "text" && !words.any(|words| !words.trim().is_empty())
}

/// The properties that a declaration sets.
fn longhands(name: &str) -> impl Iterator<Item = &str> {
    let all: &[&str] = match name {
        "marker" => &["marker-start", "marker-mid", "marker-end"],
        _ => &[],
    };
    all.iter().copied().chain(all.is_empty().then_some(name))
}

/// Whether a property counts as an attribute of this element: only some have a position and a size by CSS.
fn applies(property: &str, element: &str) -> bool {
    match property {
        "x" | "y" | "width" | "height" => {
            matches!(element, "svg" | "rect" | "image" | "foreignObject" | "symbol" | "use")
        }
        "cx" | "cy" => matches!(element, "circle" | "ellipse"),
        "r" => element == "circle",
        "rx" | "ry" => matches!(element, "rect" | "ellipse"),
        "d" => element == "path",
        _ => true,
    }
}

//! Draws SVG with resvg: shapes, paths, gradients, patterns, clips, masks, filters, and text if the host gives fonts.
//! Nothing is loaded because of a drawing: pictures of other files are not drawn.
//!
//! The parsers (roxmltree, usvg) can't be interrupted, and take long for some short texts. So `scan` looks at the text
//! before it is parsed, `guard` counts what references expand to before usvg expands them, and `cost` estimates the
//! pixels to process. `paint` draws.

mod cost;
mod css;
mod fonts;
mod guard;
mod notes;
mod number;
mod paint;
mod pictures;
mod plain;
mod regions;
mod scan;
mod size;
pub(super) mod source;
#[cfg(test)]
mod tests;
mod text;

use std::panic::{AssertUnwindSafe, catch_unwind};

use resvg::tiny_skia::{Color, PixmapMut, Transform};
use resvg::usvg::{self, ImageHrefResolver, Options, Tree, roxmltree};

use crate::budget::{Budget, Reserved};
use crate::decode::{DENSITY, Decoder, Opened};
use crate::error::{Error, LimitKind, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::info::{ColourModel, Info};
use crate::metadata::MetadataBlocks;
use crate::request::Request;
use crate::rows::{Frame, RowSink};
use fonts::Fonts;
use notes::Notes;
use pictures::Pictures;
use plain::Plain;

/// Maximum nodes of a parsed text: with elements and texts, entities expanded.
const NODES: u32 = 500_000;
/// The parser and the renderer descend the tree by recursion, and references into other trees count as descent.
const STACK: usize = 64 << 20;

/// A drawing whose size is known.
#[derive(Debug)]
struct Drawing {
    /// In plain words.
    plain: Plain,
    /// For its text, if it has any.
    fonts: Option<&'static Fonts>,
    density: f64,
    width: u32,
    height: u32,
    _booked: Reserved,
}

/// Reads the size without drawing.
pub(crate) fn open<'a>(bytes: &'a [u8], density: f64, budget: &Budget) -> Result<Opened<'a>> {
    open_with(bytes, density, fonts::of_the_host, budget)
}

fn open_with<'a>(
    bytes: &'a [u8],
    density: f64,
    fonts: fn() -> Option<&'static Fonts>,
    budget: &Budget,
) -> Result<Opened<'a>> {
    let (source, _booked) = source::text(bytes, budget)?;
    // What the parser makes of it, and the plain text.
    let booked = budget.reserve(source.len() as u64 * 8)?;
    scan::check(&source, budget)?;
    let (plain, fonts) = on_a_deep_stack(|| {
        let document = parse(&source)?;
        let fonts = if plain::has_text(&document) { fonts() } else { None };
        Ok((plain::of(&document, fonts, density, budget)?, fonts))
    })?;
    let document = parse(&plain.text)?;
    let (width, height) = match size::declared(&document, density) {
        Some(size) => size,
        None => on_a_deep_stack(|| {
            // No size is given: as large as what is drawn.
            let (tree, _booked, _) = tree(&document, &plain.pictures, fonts, density, budget)?;
            Ok((f64::from(tree.size().width()), f64::from(tree.size().height())))
        })?,
    };
    let scaled = |length: f64| Some((length * density / DENSITY).round()).filter(|length| *length >= 1.0);
    let (Some(across), Some(down)) = (scaled(width), scaled(height)) else {
        return Err(bad(format_args!("a drawing of {width}×{height} pixels")));
    };
    drop(document);
    let drawing = Drawing {
        plain,
        fonts,
        density,
        width: across as u32,
        height: down as u32,
        _booked: booked,
    };
    let info = Info {
        alpha: true,
        ..Info::still(Format::Svg, drawing.width, drawing.height, ColourModel::Rgb)
    };
    Ok(Opened::new(info, MetadataBlocks::default(), drawing))
}

impl Decoder for Drawing {
    fn decode(&self, _: &Request, budget: &Budget, sink: &mut dyn RowSink, warnings: &mut Vec<String>) -> Result<()> {
        let (width, height) = (self.width, self.height);
        budget.limits().check_size((width, height))?;
        budget.check()?;
        let mut pixels = budget.zeroed::<u8>(width as usize * height as usize * 4, "a drawing")?;
        let notes = on_a_deep_stack(|| self.draw(budget, &mut pixels))?;
        warnings.extend(notes.and(&self.plain.notes).warning());
        sink.begin(&Frame::still(Layout::Rgba, width, height))?;
        for row in pixels.chunks_exact_mut(width as usize * 4) {
            budget.check()?;
            row.as_chunks_mut::<4>().0.iter_mut().for_each(unpremultiply);
            sink.row(0, row)?;
        }
        Ok(())
    }
}

impl Drawing {
    fn draw(&self, budget: &Budget, pixels: &mut [u8]) -> Result<Notes> {
        let (width, height) = (self.width, self.height);
        let document = parse(&self.plain.text)?;
        let (tree, _booked, notes) = tree(&document, &self.plain.pictures, self.fonts, self.density, budget)?;
        budget.check()?;
        let scale = Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
        cost::check(&tree, (width, height), scale, budget)?;
        let mut pixmap = PixmapMut::from_bytes(pixels, width, height)
            .ok_or_else(|| Error::internal("drawing", format!("no canvas of {width}×{height}")))?;
        if let Some([red, green, blue, alpha]) = self.plain.background {
            pixmap.fill(Color::from_rgba8(red, green, blue, alpha));
        }
        Ok(paint::draw(&tree, &self.plain.pictures, scale, &mut pixmap, budget)?.and(&notes))
    }
}

fn parse(text: &str) -> Result<roxmltree::Document<'_>> {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true, // for the entities that drawing programs write
        nodes_limit: NODES,
        ..Default::default()
    };
    let document = roxmltree::Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => too_much("nodes", u64::from(NODES) + 1, NODES.into()),
        error => bad(error),
    })?;
    if document.root_element().tag_name().name() != "svg" {
        return Err(bad(format_args!(
            "the outermost element is `{}`, expected `svg`",
            document.root_element().tag_name().name()
        )));
    }
    Ok(document)
}

/// What is to be drawn, the memory booked for it, and what is not in it.
fn tree(
    document: &roxmltree::Document,
    pictures: &Pictures,
    fonts: Option<&Fonts>,
    density: f64,
    budget: &Budget,
) -> Result<(Tree, Reserved, Notes)> {
    let weight = guard::check(document)?;
    text::check_paths(document, density)?;
    // A kilobyte per usvg element is a high estimate.
    let booked = budget.reserve(weight.saturating_mul(1024))?;
    cost::in_time(weight as f64 * cost::ELEMENT, budget)?;
    let mut notes = Notes::default();
    let parsed = match (parsed(document, pictures, fonts, density, budget), fonts) {
        (None, Some(_)) => {
            // Perhaps for its text, which is laid out by numbers from fonts.
            notes.add("text");
            parsed(document, pictures, None, density, budget)
        }
        (parsed, _) => parsed,
    };
    budget.check()?;
    let parsed = parsed.ok_or_else(|| bad("sizes and positions that are too far apart to compute with"))?;
    let tree = parsed.map_err(|error| match error {
        usvg::Error::InvalidSize => bad("bad dimensions"),
        usvg::Error::ElementsLimitReached => too_much("elements, references expanded", 1_000_001, 1_000_000),
        other => bad(other),
    })?;
    Ok((tree, booked, notes))
}

/// The tree; `None` if usvg panics: it expects every rectangle to have a width, and one may be lost in rounding. No
/// destructor there panics too.
fn parsed(
    document: &roxmltree::Document,
    pictures: &Pictures,
    fonts: Option<&Fonts>,
    density: f64,
    budget: &Budget,
) -> Option<std::result::Result<Tree, usvg::Error>> {
    let mut options = Options {
        dpi: density as f32,
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|name, _| pictures.resolve(name)),
        },
        ..Options::default()
    };
    if let Some(fonts) = fonts {
        options.fontdb = fonts.database();
        // As in browsers.
        options.font_size = 16.0;
        options.font_family.clone_from(&fonts.family);
        options.font_resolver = fonts.resolver(budget);
    }
    catch_unwind(AssertUnwindSafe(|| Tree::from_xmltree(document, &options))).ok()
}

fn unpremultiply(pixel: &mut [u8; 4]) {
    let alpha = u32::from(pixel[3]);
    if alpha == 0 || alpha == 255 {
        return;
    }
    for sample in &mut pixel[..3] {
        *sample = ((u32::from(*sample) * 255 + alpha / 2) / alpha).min(255) as u8;
    }
}

/// `guard` limits the recursion; this provides enough stack for it, whatever thread the call comes from.
fn on_a_deep_stack<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|_| Error::OutOfMemory {
                bytes: STACK as u64,
                what: "the stack of a thread",
            })?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// A drawing that is legal, and more than is drawn.
fn too_much(of: &'static str, actual: u64, limit: u64) -> Error {
    Error::limit(LimitKind::Drawing(of), actual, limit)
}

fn bad(reason: impl std::fmt::Display) -> Error {
    Error::bad_input(Format::Svg, reason)
}

//! Draws SVG with resvg: shapes, paths, gradients, patterns, clips, masks and filters. Nothing is loaded from anywhere:
//! text and embedded images are not drawn.
//!
//! resvg draws whole images and can't be interrupted. So the cost is estimated first: `guard` counts what a drawing's
//! references expand to, before resvg's parser expands them, and `cost` counts the pixels to process.

mod cost;
mod guard;
mod size;
#[cfg(test)]
mod tests;

use resvg::tiny_skia::{PixmapMut, Transform};
use resvg::usvg::{self, ImageHrefResolver, Options, Tree, roxmltree};

use crate::budget::Budget;
use crate::decode::{DENSITY, Decoder, Opened};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::info::{ColourModel, Info};
use crate::metadata::MetadataBlocks;
use crate::request::Request;
use crate::rows::{Frame, RowSink};

/// Maximum nodes in a file, before anything is expanded.
const NODES: u32 = 500_000;
/// The parser and the renderer descend the tree by recursion, and references into other trees count as descent.
const STACK: usize = 64 << 20;

/// A drawing whose size is known.
#[derive(Debug)]
struct Drawing<'a> {
    document: roxmltree::Document<'a>,
    /// Bytes of the file.
    length: u64,
    density: f64,
    width: u32,
    height: u32,
}

/// Reads the size without drawing.
pub(crate) fn open(bytes: &[u8], density: f64) -> Result<Opened<'_>> {
    let document = parse(bytes)?;
    let (width, height) = match size::declared(&document, density) {
        Some(size) => size,
        None => on_a_deep_stack(|| {
            // No size is given: as large as what is drawn.
            guard::check(&document)?;
            let size = tree(&document, density)?.size();
            Ok((f64::from(size.width()), f64::from(size.height())))
        })?,
    };
    let scaled = |length: f64| Some((length * density / DENSITY).round()).filter(|length| *length >= 1.0);
    let (Some(across), Some(down)) = (scaled(width), scaled(height)) else {
        return Err(bad(format_args!("a drawing of {width}×{height} pixels")));
    };
    let drawing = Drawing {
        document,
        length: bytes.len() as u64,
        density,
        width: across as u32,
        height: down as u32,
    };
    let info = Info {
        alpha: true,
        ..Info::still(Format::Svg, drawing.width, drawing.height, ColourModel::Rgb)
    };
    Ok(Opened::new(info, MetadataBlocks::default(), drawing))
}

impl Decoder for Drawing<'_> {
    fn decode(&self, _: &Request, budget: &Budget, sink: &mut dyn RowSink, warnings: &mut Vec<String>) -> Result<()> {
        let (width, height) = (self.width, self.height);
        budget.limits().check_size((width, height))?;
        budget.check()?;
        let mut pixels = budget.zeroed::<u8>(width as usize * height as usize * 4, "a drawing")?;
        on_a_deep_stack(|| self.draw(budget, &mut pixels))?;
        warnings.extend(missing(&self.document));
        sink.begin(&Frame::still(Layout::Rgba, width, height))?;
        for row in pixels.chunks_exact_mut(width as usize * 4) {
            budget.check()?;
            row.as_chunks_mut::<4>().0.iter_mut().for_each(unpremultiply);
            sink.row(0, row)?;
        }
        Ok(())
    }
}

impl Drawing<'_> {
    fn draw(&self, budget: &Budget, pixels: &mut [u8]) -> Result<()> {
        let (width, height) = (self.width, self.height);
        let weight = guard::check(&self.document)?;
        // A kilobyte per usvg element is a high estimate.
        let _tree = budget.reserve(weight.saturating_mul(1024).saturating_add(self.length))?;
        let tree = tree(&self.document, self.density)?;
        budget.check()?;
        let scale = Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
        let cost = cost::of(&tree, (width, height), scale);
        cost.check(budget)?;
        let _layers = budget.reserve(cost.bytes)?;
        let mut pixmap = PixmapMut::from_bytes(pixels, width, height)
            .ok_or_else(|| Error::internal("drawing", format!("no canvas of {width}×{height}")))?;
        resvg::render(&tree, scale, &mut pixmap);
        Ok(())
    }
}

fn parse(bytes: &[u8]) -> Result<roxmltree::Document<'_>> {
    let text = std::str::from_utf8(bytes).map_err(|error| bad(format_args!("not UTF-8: {error}")))?;
    let options = roxmltree::ParsingOptions {
        allow_dtd: true, // for the entities that drawing programs write; the parser bounds what they expand to
        nodes_limit: NODES,
        ..Default::default()
    };
    let document = roxmltree::Document::parse_with_options(text, options).map_err(bad)?;
    if document.root_element().tag_name().name() != "svg" {
        return Err(bad(format_args!(
            "the outermost element is `{}`, expected `svg`",
            document.root_element().tag_name().name()
        )));
    }
    Ok(document)
}

fn tree(document: &roxmltree::Document, density: f64) -> Result<Tree> {
    let options = Options {
        dpi: density as f32,
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    Tree::from_xmltree(document, &options).map_err(|error| match error {
        usvg::Error::InvalidSize => bad("bad dimensions"),
        other => bad(other),
    })
}

/// What the drawing contains but the image doesn't show.
fn missing(document: &roxmltree::Document) -> Option<String> {
    let has = |name: &str| document.descendants().any(|node| node.tag_name().name() == name);
    let what = match (has("text"), has("image")) {
        (true, true) => "text and pictures",
        (true, false) => "text",
        (false, true) => "pictures",
        (false, false) => return None,
    };
    Some(format!("the drawing contains {what}, which were not drawn"))
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

fn bad(reason: impl std::fmt::Display) -> Error {
    Error::bad_input(Format::Svg, reason)
}

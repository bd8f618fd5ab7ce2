//! Draws usvg's tree with tiny-skia, node by node.
//!
//! resvg could do the same in one call, which can't be interrupted, books no memory, and ends the process for some
//! coordinates: tiny-skia computes in fixed point, panics where a point is out of its range, and panics again in the
//! destructor that then runs. Here the deadline is looked at between two nodes, every layer is booked before it is
//! allocated, and what reaches far beyond the canvas is cut off before tiny-skia sees it (`far`). Only groups with
//! filters are left to resvg, once `filters` has found their numbers to be within bounds.

mod far;
mod filters;
mod image;
mod mask;
mod path;
#[cfg(test)]
mod tests;

use std::cell::RefCell;

use resvg::tiny_skia::{BlendMode, FilterQuality, IntRect, PixmapMut, PixmapPaint, PixmapRef, Transform};
use resvg::usvg::{self, Group, Node, Text, Tree};

use super::notes::Notes;
use super::pictures::Pictures;
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// Text farther from its origin than this is not drawn: `f32` has no fractions for curves there.
const TEXT: f32 = 1e6;

/// Draws the tree onto `canvas`, at this scale, and says what is missing.
pub(super) fn draw(
    tree: &Tree,
    pictures: &Pictures,
    scale: Transform,
    canvas: &mut PixmapMut,
    budget: &Budget,
) -> Result<Notes> {
    let painter = Painter {
        budget,
        pictures,
        notes: RefCell::default(),
    };
    painter.nodes(tree.root(), scale, canvas)?;
    Ok(painter.notes.into_inner())
}

struct Painter<'a> {
    budget: &'a Budget,
    pictures: &'a Pictures,
    notes: RefCell<Notes>,
}

impl Painter<'_> {
    fn nodes(&self, parent: &Group, transform: Transform, canvas: &mut PixmapMut) -> Result<()> {
        for node in parent.children() {
            self.budget.check()?;
            match node {
                Node::Group(group) => self.group(node, group, transform, canvas)?,
                Node::Path(path) => self.path(path, transform, canvas)?,
                Node::Image(image) => self.image(image, transform, canvas)?,
                Node::Text(text) => self.text(text, transform, canvas)?,
            }
        }
        Ok(())
    }

    fn group(&self, node: &Node, group: &Group, transform: Transform, canvas: &mut PixmapMut) -> Result<()> {
        let outer = transform;
        let transform = transform.pre_concat(group.transform());
        if !group.should_isolate() {
            return self.nodes(group, transform, canvas);
        }
        if !group.filters().is_empty() {
            return self.filtered(node, group, outer, canvas);
        }
        let Some(area) = covered(group, transform, canvas) else {
            return Ok(());
        };
        let mut layer = Layer::new(area.width(), area.height(), self.budget)?;
        let transform = transform.post_translate(-area.x() as f32, -area.y() as f32);
        self.nodes(group, transform, &mut layer.canvas())?;
        if let Some(clip) = group.clip_path() {
            self.clip(clip, transform, &mut layer)?;
        }
        if let Some(mask) = group.mask() {
            self.mask(mask, transform, &mut layer)?;
        }
        let paint = PixmapPaint {
            opacity: group.opacity().get(),
            blend_mode: blend_mode(group.blend_mode()),
            quality: FilterQuality::Nearest,
        };
        canvas.draw_pixmap(area.x(), area.y(), layer.pixels(), &paint, Transform::identity(), None);
        Ok(())
    }

    fn text(&self, text: &Text, transform: Transform, canvas: &mut PixmapMut) -> Result<()> {
        self.note_characters(text);
        let bounds = text.stroke_bounding_box();
        let ends = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
        if ends.iter().any(|end| end.abs() > TEXT) {
            self.notes.borrow_mut().add("text too large or too far away");
            return Ok(());
        }
        self.nodes(text.flattened(), transform, canvas)
    }

    /// Notes characters for which the fonts have a box only.
    fn note_characters(&self, text: &Text) {
        let mut glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
        if glyphs.any(|glyph| glyph.id.0 == 0) {
            self.notes.borrow_mut().add("characters that no font has");
        }
    }

    /// resvg's own drawing, for a group with filters.
    fn filtered(&self, node: &Node, group: &Group, transform: Transform, canvas: &mut PixmapMut) -> Result<()> {
        let Some(bounds) = node.abs_layer_bounding_box() else {
            return Ok(());
        };
        let bytes = filters::check(group, transform, (canvas.width(), canvas.height()), self.budget)?;
        let _booked = self.budget.reserve(bytes)?;
        each(group, &|node| match node {
            Node::Image(_) => self.notes.borrow_mut().add("pictures with filters"),
            Node::Text(text) => self.note_characters(text),
            _ => {}
        });
        // It moves the node to the origin; this moves it back. A node without an extent is not drawn, and need not be.
        let transform = transform.pre_translate(bounds.x(), bounds.y());
        let _ = resvg::render_node(node, transform, canvas);
        Ok(())
    }
}

/// Pixels for a part of the drawing.
struct Layer {
    pixels: Buffer<u8>,
    width: u32,
    height: u32,
}

impl Layer {
    fn new(width: u32, height: u32, budget: &Budget) -> Result<Self> {
        Ok(Layer {
            pixels: budget.zeroed(width as usize * height as usize * 4, "a layer of a drawing")?,
            width,
            height,
        })
    }

    fn canvas(&mut self) -> PixmapMut<'_> {
        PixmapMut::from_bytes(&mut self.pixels, self.width, self.height).expect("a layer is as long as its size says")
    }

    fn pixels(&self) -> PixmapRef<'_> {
        PixmapRef::from_bytes(&self.pixels, self.width, self.height).expect("a layer is as long as its size says")
    }
}

/// The pixels of the canvas that a group may touch, if any. All of them if there is a filter inside: it may need what
/// lies beyond.
fn covered(group: &Group, transform: Transform, canvas: &PixmapMut) -> Option<IntRect> {
    let (width, height) = (canvas.width() as i32, canvas.height() as i32);
    if has_filters(group) {
        return IntRect::from_ltrb(0, 0, width, height);
    }
    let bounds = group.layer_bounding_box().transform(transform)?;
    // Two pixels more, for edges that are smoothed.
    let within = |at: f32, most: i32| (at as i32).clamp(0, most);
    IntRect::from_ltrb(
        within(bounds.left().floor() - 2.0, width),
        within(bounds.top().floor() - 2.0, height),
        within(bounds.right().ceil() + 2.0, width),
        within(bounds.bottom().ceil() + 2.0, height),
    )
}

fn has_filters(group: &Group) -> bool {
    group.children().iter().any(|node| match node {
        Node::Group(group) => !group.filters().is_empty() || has_filters(group),
        _ => false,
    })
}

/// Shows every node below this group.
fn each(group: &Group, show: &dyn Fn(&Node)) {
    for node in group.children() {
        match node {
            Node::Group(group) => each(group, show),
            Node::Text(text) => each(text.flattened(), show),
            _ => {}
        }
        show(node);
    }
}

fn blend_mode(mode: usvg::BlendMode) -> BlendMode {
    match mode {
        usvg::BlendMode::Normal => BlendMode::SourceOver,
        usvg::BlendMode::Multiply => BlendMode::Multiply,
        usvg::BlendMode::Screen => BlendMode::Screen,
        usvg::BlendMode::Overlay => BlendMode::Overlay,
        usvg::BlendMode::Darken => BlendMode::Darken,
        usvg::BlendMode::Lighten => BlendMode::Lighten,
        usvg::BlendMode::ColorDodge => BlendMode::ColorDodge,
        usvg::BlendMode::ColorBurn => BlendMode::ColorBurn,
        usvg::BlendMode::HardLight => BlendMode::HardLight,
        usvg::BlendMode::SoftLight => BlendMode::SoftLight,
        usvg::BlendMode::Difference => BlendMode::Difference,
        usvg::BlendMode::Exclusion => BlendMode::Exclusion,
        usvg::BlendMode::Hue => BlendMode::Hue,
        usvg::BlendMode::Saturation => BlendMode::Saturation,
        usvg::BlendMode::Color => BlendMode::Color,
        usvg::BlendMode::Luminosity => BlendMode::Luminosity,
        usvg::BlendMode::PlusLighter => BlendMode::Plus,
    }
}

//! The cost of drawing: pixels to process, and memory for the layers that groups, masks, patterns and filters need.
//! These are upper bounds, not measurements.

use resvg::tiny_skia::{Rect, Transform};
use resvg::usvg::filter::{Filter, Kind};
use resvg::usvg::{ClipPath, Group, Mask, Node, Paint, Path, Tree};

use super::too_much;
use crate::budget::Budget;
use crate::error::Result;

/// Maximum pixels to process: about ten seconds.
const WORK: f64 = 4e9;
/// Pixels processed per second: a low estimate.
const RATE: f64 = 2e8;
/// The work of what weighs 1 in `guard`, which is no pixel: a microsecond or more.
pub(super) const ELEMENT: f64 = 200.0;
/// resvg draws a layer as far as two canvases beyond each edge.
const BEYOND: f64 = 25.0;

/// Refuses a drawing that takes too long, in itself or for the remaining time.
pub(super) fn check(tree: &Tree, canvas: (u32, u32), scale: Transform, budget: &Budget) -> Result<()> {
    let walk = Walk::new(canvas, scale);
    let (work, _) = walk.children(tree.root(), walk.canvas(), true);
    if work.is_nan() || work > WORK {
        return Err(too_much("steps", work as u64, WORK as u64));
    }
    in_time(work, budget)
}

/// Bytes at any time for a group with filters, which resvg draws at one go: refused if the time is not enough. `layers`
/// is what its layers take.
pub(super) fn of_filters(
    group: &Group,
    scale: Transform,
    canvas: (u32, u32),
    layers: Load,
    budget: &Budget,
) -> Result<u64> {
    let mut walk = Walk::new(canvas, scale);
    walk.filters = false;
    let (work, pixels) = walk.group(group, walk.canvas(), true);
    let work = work + layers.work;
    if work.is_nan() || work > WORK {
        return Err(too_much("steps in a group with a filter", work as u64, WORK as u64));
    }
    in_time(work, budget)?;
    Ok(((pixels + layers.pixels) * 4.0) as u64)
}

/// Work, and pixels in layers at the same time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Load {
    pub(super) work: f64,
    pub(super) pixels: f64,
}

/// What the primitives of a filter take for a layer of so many pixels, without what pictures (`feImage`) show. Every
/// primitive keeps its result, and works on copies.
pub(super) fn of_primitives(filter: &Filter, layer: f64, scale: f64) -> Load {
    let each = filter.primitives().iter().map(|primitive| match primitive.kind() {
        Kind::GaussianBlur(_) | Kind::DropShadow(_) => 60.0,
        Kind::ConvolveMatrix(fe) => 4.0 * f64::from(fe.matrix().columns()) * f64::from(fe.matrix().rows()),
        Kind::Morphology(fe) => {
            let (x, y) = (f64::from(fe.radius_x().get()), f64::from(fe.radius_y().get()));
            (2.0 * x * scale + 1.0) * (2.0 * y * scale + 1.0)
        }
        Kind::Turbulence(fe) => 60.0 * f64::from(fe.num_octaves()),
        Kind::DiffuseLighting(_) | Kind::SpecularLighting(_) => 60.0,
        Kind::Image(_) => 12.0,
        Kind::Merge(fe) => 12.0 * fe.inputs().len() as f64,
        _ => 24.0,
    });
    Load {
        // The copies, and the change of the colour space there and back.
        work: layer * each.map(|each: f64| each + 12.0).sum::<f64>(),
        pixels: layer * (filter.primitives().len() as f64 + 4.0),
    }
}

pub(super) fn in_time(work: f64, budget: &Budget) -> Result<()> {
    let left = budget.remaining().map(|left| left.as_secs_f64().max(0.05));
    if left.is_some_and(|left| work / RATE > left) {
        return Err(budget.too_late());
    }
    budget.check()
}

struct Walk {
    scale: Transform,
    height: f64,
    /// Maximum pixels of a layer.
    most: f64,
    /// Whether filters count.
    filters: bool,
}

impl Walk {
    fn new((width, height): (u32, u32), scale: Transform) -> Self {
        Walk {
            scale,
            height: f64::from(height),
            most: f64::from(width) * f64::from(height) * BEYOND,
            filters: true,
        }
    }

    fn canvas(&self) -> f64 {
        self.most / BEYOND
    }

    /// Work, and pixels in layers at the same time, for drawing on a target of `area` pixels. Within patterns and masks
    /// (`placed` is false) the tree doesn't say where things are.
    fn children(&self, group: &Group, area: f64, placed: bool) -> (f64, f64) {
        let (mut work, mut layers) = (0.0, 0.0f64);
        for node in group.children() {
            let (w, l) = match node {
                Node::Group(group) => self.group(group, area, placed),
                Node::Path(path) => self.path(path, area, placed),
                Node::Image(image) => {
                    let covered = self.area(image.abs_bounding_box());
                    (16.0 * if placed { covered.min(area) } else { area }, 0.0)
                }
                Node::Text(text) => self.children(text.flattened(), area, placed),
            };
            work += w;
            layers = layers.max(l);
        }
        (work, layers)
    }

    fn group(&self, group: &Group, area: f64, placed: bool) -> (f64, f64) {
        if !group.should_isolate() {
            return self.children(group, area, placed);
        }
        let bounds = group.abs_layer_bounding_box().to_rect();
        let layer = if placed {
            self.area(bounds).min(self.most)
        } else {
            self.most
        };
        let (mut work, mut layers) = self.children(group, layer, placed);
        work += 2.0 * layer;
        for filter in group.filters().iter().filter(|_| self.filters) {
            let (w, l) = self.filter(filter, layer);
            work += w;
            layers = layers.max(l);
        }
        if let Some(clip) = group.clip_path() {
            let (w, l) = self.clip(clip, layer);
            work += w;
            layers = layers.max(l);
        }
        if let Some(mask) = group.mask() {
            let (w, l) = self.mask(mask, layer);
            work += w;
            layers = layers.max(l);
        }
        (work, layer + layers)
    }

    fn clip(&self, clip: &ClipPath, layer: f64) -> (f64, f64) {
        let (work, layers) = self.children(clip.root(), layer, false);
        let (also, deeper) = clip.clip_path().map_or((0.0, 0.0), |clip| self.clip(clip, layer));
        (work + also + 3.0 * layer, 2.0 * layer + layers + deeper)
    }

    fn mask(&self, mask: &Mask, layer: f64) -> (f64, f64) {
        let (work, layers) = self.children(mask.root(), layer, false);
        let (also, deeper) = mask.mask().map_or((0.0, 0.0), |mask| self.mask(mask, layer));
        (work + also + 4.0 * layer, 2.0 * layer + layers + deeper)
    }

    fn filter(&self, filter: &Filter, layer: f64) -> (f64, f64) {
        let scale = f64::from(self.scale.sx.abs().max(self.scale.sy.abs()));
        let own = of_primitives(filter, layer, scale);
        let (mut work, mut layers) = (own.work, 0.0f64);
        for primitive in filter.primitives() {
            if let Kind::Image(fe) = primitive.kind() {
                let (w, l) = self.children(fe.root(), layer, false);
                work += w;
                layers = layers.max(l);
            }
        }
        (work, layers + own.pixels)
    }

    fn path(&self, path: &Path, area: f64, placed: bool) -> (f64, f64) {
        let bounds = path.abs_stroke_bounding_box();
        let covered = if placed { self.area(bounds).min(area) } else { area };
        let (sx, sy) = self.scale.pre_concat(path.abs_transform()).get_scale();
        let Outline { points, length, rows } = outline(path, f64::from(sx.max(sy)), self.height);
        // A segment takes a few steps in each row that it crosses, and is sorted past every other one that it
        // crosses there. Segments that are short relative to the image's height rarely cross; long ones all do.
        let edges = points * 64.0 + rows * 6.0 + points * rows / self.height.max(1.0);
        let (mut work, mut layers) = (0.0, 0.0f64);
        let mut paint = |paint: &Paint| {
            if let Paint::Pattern(pattern) = paint {
                let (x, y) = self
                    .scale
                    .pre_concat(path.abs_transform())
                    .pre_concat(pattern.transform())
                    .get_scale();
                let rect = pattern.rect();
                let tile = (f64::from(rect.width() * x) + 1.0) * (f64::from(rect.height() * y) + 1.0);
                let (w, l) = self.children(pattern.root(), tile, false);
                work += w + tile + 16.0 * covered;
                layers = layers.max(tile + l);
            }
        };
        path.fill().iter().for_each(|fill| paint(fill.paint()));
        path.stroke().iter().for_each(|stroke| paint(stroke.paint()));
        if path.fill().is_some() {
            work += covered + edges;
        }
        if let Some(stroke) = path.stroke() {
            let dashes = stroke.dasharray().map_or(0.0, |dashes| {
                let period: f64 = dashes.iter().copied().map(f64::from).sum();
                // tiny-skia draws at most a million.
                (length / period.max(1e-9) * dashes.len() as f64).min(1e6)
            });
            // Its outline has two segments for each, and joins.
            work += covered + 4.0 * edges + dashes * 2000.0;
        }
        // The outline in fixed point, sorted: some 100 bytes, 25 pixels, for each point, and strokes have more of them.
        (work, layers + 100.0 * points)
    }

    /// Pixels of the canvas that a part of the drawing covers.
    fn area(&self, bounds: Rect) -> f64 {
        let width = f64::from(bounds.width()) * f64::from(self.scale.sx) + 4.0;
        let height = f64::from(bounds.height()) * f64::from(self.scale.sy) + 4.0;
        (width * height).max(0.0).min(self.most)
    }
}

struct Outline {
    points: f64,
    /// Of all segments, in units of the path.
    length: f64,
    /// Maximum rows that segments cross, all together.
    rows: f64,
}

/// Measures of a path from its points, drawn `scale` times as large on a canvas of this `height`.
fn outline(path: &Path, scale: f64, height: f64) -> Outline {
    let points = path.data().points();
    let (mut length, mut rows) = (0.0, 0.0);
    for pair in points.windows(2) {
        let segment = f64::from(pair[0].distance(pair[1]));
        length += segment;
        rows += (segment * scale).min(height);
    }
    Outline {
        points: points.len() as f64,
        length,
        rows,
    }
}

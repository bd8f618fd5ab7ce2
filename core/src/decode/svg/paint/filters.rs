//! Whether a group with filters can be left to resvg, which takes any number and panics for some.
//!
//! resvg draws such a group upright, and turns the result: a layer is as large as the group without its rotation and
//! skew, and only limited by what the canvas is without them. If the skew leaves hardly an area, that is no limit.

use resvg::tiny_skia::{Rect, Transform};
use resvg::usvg::filter::{Filter, Kind, LightSource};
use resvg::usvg::{ClipPath, Group, Mask, Node, Paint, Path};

use super::far;
use crate::budget::Budget;
use crate::decode::svg::cost::{self, Load};
use crate::decode::svg::too_much;
use crate::error::Result;

/// Maximum of a filter's numbers, in pixels where it is a length.
const NUMBER: f32 = 100_000.0;
/// Frequencies are in 1/pixel: beyond this there is nothing but noise.
const FREQUENCY: f32 = 1000.0;

/// The bytes that drawing the group takes.
///
/// # Errors
///
/// A limit's, for numbers beyond what resvg computes with.
pub(super) fn check(group: &Group, transform: Transform, canvas: (u32, u32), budget: &Budget) -> Result<u64> {
    let (width, height) = (canvas.0 as f32, canvas.1 as f32);
    let most = Rect::from_xywh(-2.0 * width, -2.0 * height, 5.0 * width, 5.0 * height);
    let frame = Frame {
        transform,
        most: most.ok_or_else(|| too_much("pixels across", canvas.0.into(), NUMBER as u64))?,
    };
    let load = self::group(group, frame)?;
    cost::of_filters(group, transform, canvas, load, budget)
}

/// Where something is drawn: its transform, and the largest region that a layer may cover.
#[derive(Clone, Copy)]
struct Frame {
    transform: Transform,
    most: Rect,
}

impl Frame {
    fn at(self, transform: Transform) -> Frame {
        Frame { transform, ..self }
    }

    fn within(self, transform: Transform) -> Frame {
        self.at(self.transform.pre_concat(transform))
    }

    /// Without rotation and skew, as resvg draws groups with filters; `None` for one that it doesn't draw.
    fn upright(self) -> Option<Frame> {
        let transform = self.transform;
        let (sx, sy) = (transform.sx.hypot(transform.ky), transform.kx.hypot(transform.sy));
        let (a, b, c, d) = (
            transform.sx / sx,
            transform.ky / sx,
            transform.kx / sy,
            transform.sy / sy,
        );
        let inverse = Transform::from_row(a, b, c, d, 0.0, 0.0).invert()?;
        Some(Frame {
            transform: inverse.pre_concat(transform),
            most: self.most.transform(inverse)?,
        })
    }

    /// Pixels of the layer for what has these bounds.
    fn layer(self, bounds: Rect) -> Option<f64> {
        let bounds = bounds.transform(self.transform)?;
        let side = |length: f32, most: f32| f64::from(length.min(most)) + 5.0;
        Some(side(bounds.width(), self.most.width()) * side(bounds.height(), self.most.height()))
    }
}

/// Checks the numbers, and says what the layers take.
fn group(parent: &Group, frame: Frame) -> Result<Load> {
    let mut frame = frame.within(parent.transform());
    let (mut own, mut inner) = (Load::default(), 0.0f64);
    if parent.should_isolate() {
        let bounds = parent.layer_bounding_box().to_rect();
        near(bounds, frame.transform)?;
        if !parent.filters().is_empty() {
            match frame.upright() {
                Some(upright) => frame = upright,
                None => return Ok(own),
            }
        }
        let Some(layer) = frame.layer(bounds) else {
            return Ok(own);
        };
        own.pixels = layer * 4.0;
        own.work = layer * 16.0;
        let (sx, sy) = frame.transform.get_scale();
        for filter in parent.filters() {
            let pictures = self::filter(filter, frame)?;
            let primitives = cost::of_primitives(filter, layer, f64::from(sx.max(sy)));
            own.work += primitives.work + pictures.work;
            inner = inner.max(primitives.pixels + pictures.pixels);
        }
        if let Some(clip) = parent.clip_path() {
            let load = self::clip(clip, frame)?;
            own.work += load.work;
            inner = inner.max(load.pixels);
        }
        if let Some(mask) = parent.mask() {
            let load = self::mask(mask, frame)?;
            own.work += load.work;
            inner = inner.max(load.pixels);
        }
    }
    for node in parent.children() {
        let load = match node {
            Node::Group(child) => group(child, frame)?,
            Node::Path(path) => self::path(path, frame)?,
            Node::Text(text) => group(text.flattened(), frame)?,
            Node::Image(_) => Load::default(),
        };
        own.work += load.work;
        inner = inner.max(load.pixels);
    }
    own.pixels += inner;
    Ok(own)
}

fn path(path: &Path, frame: Frame) -> Result<Load> {
    near(path.data().bounds(), frame.transform)?;
    near(path.stroke_bounding_box(), frame.transform)?;
    let mut load = Load {
        // Every pixel of it, for its fill and its stroke.
        work: frame.layer(path.stroke_bounding_box()).unwrap_or(0.0) * 4.0,
        pixels: 0.0,
    };
    let fill = path.fill().map(|fill| fill.paint());
    for paint in fill.into_iter().chain(path.stroke().map(|stroke| stroke.paint())) {
        if let Paint::Pattern(pattern) = paint {
            let (sx, sy) = frame.transform.pre_concat(pattern.transform()).get_scale();
            near(pattern.rect().to_rect(), Transform::from_scale(sx, sy))?;
            let tile = group(pattern.root(), frame.at(Transform::from_scale(sx, sy)))?;
            load.work += tile.work;
            load.pixels = load.pixels.max(tile.pixels);
        }
    }
    Ok(load)
}

fn clip(clip: &ClipPath, frame: Frame) -> Result<Load> {
    let load = group(clip.root(), frame.within(clip.transform()))?;
    let also = clip
        .clip_path()
        .map_or(Ok(Load::default()), |also| self::clip(also, frame))?;
    Ok(and(load, also))
}

fn mask(mask: &Mask, frame: Frame) -> Result<Load> {
    near(mask.rect().to_rect(), frame.transform)?;
    let load = group(mask.root(), frame)?;
    let also = mask
        .mask()
        .map_or(Ok(Load::default()), |also| self::mask(also, frame))?;
    Ok(and(load, also))
}

fn and(one: Load, other: Load) -> Load {
    Load {
        work: one.work + other.work,
        pixels: one.pixels + other.pixels,
    }
}

fn near(bounds: Rect, transform: Transform) -> Result<()> {
    if far::is_near(bounds, transform) {
        return Ok(());
    }
    let most = |at: Rect| {
        at.right()
            .abs()
            .max(at.bottom().abs())
            .max(at.left().abs())
            .max(at.top().abs())
    };
    let actual = bounds.transform(transform).map_or(f32::MAX, most);
    Err(too_much(
        "pixels from the canvas, in a group with a filter",
        actual as u64,
        NUMBER as u64,
    ))
}

/// Checks a filter's numbers, and says what the pictures (`feImage`) in it take.
fn filter(filter: &Filter, frame: Frame) -> Result<Load> {
    let transform = frame.transform;
    let mut pictures = Load::default();
    near(filter.rect().to_rect(), transform)?;
    let (sx, sy) = transform.get_scale();
    let scale = sx.max(sy).max(1.0);
    for primitive in filter.primitives() {
        near(primitive.rect().to_rect(), transform)?;
        let (numbers, limit): (Vec<f32>, f32) = match primitive.kind() {
            Kind::DropShadow(fe) => (
                vec![fe.dx(), fe.dy(), fe.std_dev_x().get(), fe.std_dev_y().get()],
                NUMBER / scale,
            ),
            Kind::GaussianBlur(fe) => (vec![fe.std_dev_x().get(), fe.std_dev_y().get()], NUMBER / scale),
            Kind::Offset(fe) => (vec![fe.dx(), fe.dy()], NUMBER / scale),
            Kind::Morphology(fe) => (vec![fe.radius_x().get(), fe.radius_y().get()], NUMBER / scale),
            Kind::DisplacementMap(fe) => (vec![fe.scale()], NUMBER / scale),
            Kind::Turbulence(fe) => (
                vec![fe.base_frequency_x().get(), fe.base_frequency_y().get()],
                FREQUENCY,
            ),
            Kind::ConvolveMatrix(fe) => (
                [fe.matrix().target_x() as f32, fe.matrix().target_y() as f32, fe.bias()].to_vec(),
                NUMBER,
            ),
            Kind::DiffuseLighting(fe) => ([light(fe.light_source()), vec![fe.surface_scale()]].concat(), NUMBER),
            Kind::SpecularLighting(fe) => ([light(fe.light_source()), vec![fe.surface_scale()]].concat(), NUMBER),
            Kind::Image(fe) => {
                let load = group(fe.root(), frame.at(Transform::from_scale(sx, sy)))?;
                pictures.work += load.work;
                pictures.pixels = pictures.pixels.max(load.pixels);
                continue;
            }
            _ => continue, // colours and what is done with them: of any size
        };
        if let Some(beyond) = numbers.iter().find(|number| number.is_nan() || number.abs() > limit) {
            return Err(too_much("of a filter's lengths", beyond.abs() as u64, limit as u64));
        }
    }
    Ok(pictures)
}

fn light(source: LightSource) -> Vec<f32> {
    match source {
        LightSource::DistantLight(light) => vec![light.azimuth, light.elevation],
        LightSource::PointLight(light) => vec![light.x, light.y, light.z],
        LightSource::SpotLight(light) => vec![
            light.x,
            light.y,
            light.z,
            light.points_at_x,
            light.points_at_y,
            light.points_at_z,
        ],
    }
}

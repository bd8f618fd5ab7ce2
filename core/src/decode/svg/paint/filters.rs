//! Whether a group with filters can be left to resvg, which takes any number and panics for some.

use resvg::tiny_skia::{Rect, Transform};
use resvg::usvg::filter::{Filter, Kind, LightSource};
use resvg::usvg::{ClipPath, Group, Mask, Node, Paint, Path};

use super::far;
use crate::budget::Budget;
use crate::decode::svg::{cost, too_much};
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
    self::group(group, transform)?;
    cost::of_filters(group, transform, canvas, budget)
}

fn group(parent: &Group, transform: Transform) -> Result<()> {
    let transform = transform.pre_concat(parent.transform());
    if parent.should_isolate() {
        near(parent.layer_bounding_box().to_rect(), transform)?;
    }
    for filter in parent.filters() {
        self::filter(filter, transform)?;
    }
    if let Some(clip) = parent.clip_path() {
        self::clip(clip, transform)?;
    }
    if let Some(mask) = parent.mask() {
        self::mask(mask, transform)?;
    }
    for node in parent.children() {
        match node {
            Node::Group(child) => group(child, transform)?,
            Node::Path(path) => self::path(path, transform)?,
            Node::Image(_) | Node::Text(_) => {}
        }
    }
    Ok(())
}

fn path(path: &Path, transform: Transform) -> Result<()> {
    near(path.data().bounds(), transform)?;
    near(path.stroke_bounding_box(), transform)?;
    let fill = path.fill().map(|fill| fill.paint());
    for paint in fill.into_iter().chain(path.stroke().map(|stroke| stroke.paint())) {
        if let Paint::Pattern(pattern) = paint {
            let (sx, sy) = transform.pre_concat(pattern.transform()).get_scale();
            near(pattern.rect().to_rect(), Transform::from_scale(sx, sy))?;
            group(pattern.root(), Transform::from_scale(sx, sy))?;
        }
    }
    Ok(())
}

fn clip(clip: &ClipPath, transform: Transform) -> Result<()> {
    group(clip.root(), transform.pre_concat(clip.transform()))?;
    clip.clip_path().map_or(Ok(()), |also| self::clip(also, transform))
}

fn mask(mask: &Mask, transform: Transform) -> Result<()> {
    near(mask.rect().to_rect(), transform)?;
    group(mask.root(), transform)?;
    mask.mask().map_or(Ok(()), |also| self::mask(also, transform))
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

fn filter(filter: &Filter, transform: Transform) -> Result<()> {
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
                group(fe.root(), Transform::from_scale(sx, sy))?;
                continue;
            }
            _ => continue, // colours and what is done with them: of any size
        };
        if let Some(beyond) = numbers.iter().find(|number| number.is_nan() || number.abs() > limit) {
            return Err(too_much("of a filter's lengths", beyond.abs() as u64, limit as u64));
        }
    }
    Ok(())
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

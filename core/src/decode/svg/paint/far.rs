//! Paths that reach far beyond the canvas.
//!
//! tiny-skia's rasteriser computes in fixed point with 16 bits before the point, and its clipping in `f32`; what is
//! beyond that ends in a panic. So a path that leaves the neighbourhood of the canvas is turned into straight lines
//! and cut off there, in `f64`.

use resvg::tiny_skia::{Path, PathBuilder, PathSegment, Point, Rect, Transform};

use crate::decode::svg::number;

/// Pixels from the origin within which tiny-skia is exact enough; the canvas ends before, see `Limits::width`.
const NEAR: f32 = 80_000.0;
/// Pixels around the canvas that are kept, so that a cut is not seen.
const MARGIN: f64 = 16.0;
/// Halvings of a curve.
const DEPTH: u32 = 24;
/// How far a line may be from its curve, in pixels.
const TOLERANCE: f64 = 0.05;

/// Whether tiny-skia can draw what has these bounds.
pub(super) fn is_near(bounds: Rect, transform: Transform) -> bool {
    let corners = bounds.transform(transform);
    corners.is_some_and(|at| {
        [at.left(), at.top(), at.right(), at.bottom()]
            .iter()
            .all(|at| at.abs() <= NEAR)
    })
}

/// The finest resolution at which what has these bounds can be outlined: `f32` holds no finer steps there, and the
/// stroker would go on halving curves for them.
pub(super) fn finest(bounds: Rect) -> f32 {
    let ends = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
    number::FINE as f32 / ends.iter().fold(1.0, |most: f32, end| most.max(end.abs()))
}

/// Whether these are numbers that products and sums stay finite with.
pub(super) fn is_moderate(numbers: &[f32]) -> bool {
    numbers.iter().all(|number| number.abs() <= 1e9)
}

/// The part of a path that matters on a canvas of this size, in pixels.
pub(super) fn within(path: &Path, transform: Transform, width: u32, height: u32) -> Option<Path> {
    let mut cutter = Cutter {
        right: f64::from(width) + MARGIN,
        bottom: f64::from(height) + MARGIN,
        contour: Vec::new(),
        path: PathBuilder::new(),
    };
    let map = |point: Point| {
        let [sx, ky, kx, sy, tx, ty] = [
            transform.sx,
            transform.ky,
            transform.kx,
            transform.sy,
            transform.tx,
            transform.ty,
        ]
        .map(f64::from);
        let (x, y) = (f64::from(point.x), f64::from(point.y));
        (x * sx + y * kx + tx, x * ky + y * sy + ty)
    };
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => {
                cutter.end();
                cutter.contour.push(map(to));
            }
            PathSegment::LineTo(to) => cutter.contour.push(map(to)),
            PathSegment::QuadTo(by, to) => {
                let (from, by, to) = (cutter.last()?, map(by), map(to));
                let third = |end: At, by: At| mix(end, by, 2.0 / 3.0);
                cutter.curve([from, third(from, by), third(to, by), to], 0);
            }
            PathSegment::CubicTo(by, and, to) => cutter.curve([cutter.last()?, map(by), map(and), map(to)], 0),
            PathSegment::Close => cutter.end(),
        }
    }
    cutter.end();
    cutter.path.finish()
}

type At = (f64, f64);

fn mix(a: At, b: At, t: f64) -> At {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
}

struct Cutter {
    right: f64,
    bottom: f64,
    contour: Vec<At>,
    path: PathBuilder,
}

impl Cutter {
    fn last(&self) -> Option<At> {
        self.contour.last().copied()
    }

    /// Straight lines in place of a curve; one line for a part of it that is nowhere near.
    fn curve(&mut self, points: [At; 4], depth: u32) {
        let [a, b, c, d] = points;
        let beyond = |side: &dyn Fn(At) -> bool| points.iter().all(|at| side(*at));
        let outside = beyond(&|at| at.0 < -MARGIN)
            || beyond(&|at| at.1 < -MARGIN)
            || beyond(&|at| at.0 > self.right)
            || beyond(&|at| at.1 > self.bottom);
        let bend = |a: At, b: At, c: At| (a.0 - 2.0 * b.0 + c.0).hypot(a.1 - 2.0 * b.1 + c.1);
        let flat = bend(a, b, c).max(bend(b, c, d)) <= TOLERANCE;
        if outside || flat || depth == DEPTH {
            self.contour.push(d);
            return;
        }
        let half = |a, b| mix(a, b, 0.5);
        let (ab, bc, cd) = (half(a, b), half(b, c), half(c, d));
        let (abc, bcd) = (half(ab, bc), half(bc, cd));
        let middle = half(abc, bcd);
        self.curve([a, ab, abc, middle], depth + 1);
        self.curve([middle, bcd, cd, d], depth + 1);
    }

    /// Cuts the contour off at each side (Sutherland and Hodgman), and adds what is left.
    fn end(&mut self) {
        let mut contour = std::mem::take(&mut self.contour);
        contour.retain(|at| at.0.is_finite() && at.1.is_finite());
        let (right, bottom) = (self.right, self.bottom);
        contour = cut(&contour, |at| at.0 + MARGIN);
        contour = cut(&contour, |at| right - at.0);
        contour = cut(&contour, |at| at.1 + MARGIN);
        contour = cut(&contour, |at| bottom - at.1);
        let mut points = contour
            .iter()
            .map(|at| (at.0.clamp(-MARGIN, right) as f32, at.1.clamp(-MARGIN, bottom) as f32));
        if let Some((x, y)) = points.next() {
            self.path.move_to(x, y);
            points.for_each(|(x, y)| self.path.line_to(x, y));
            self.path.close();
        }
    }
}

/// The part of a closed contour where `inside` is not negative; it is the distance from the side.
fn cut(contour: &[At], inside: impl Fn(At) -> f64) -> Vec<At> {
    let mut kept = Vec::with_capacity(contour.len());
    let Some(mut from) = contour.last().copied() else {
        return kept;
    };
    for to in contour.iter().copied() {
        let (a, b) = (inside(from), inside(to));
        if (a < 0.0) != (b < 0.0) {
            kept.push(mix(from, to, a / (a - b)));
        }
        if b >= 0.0 {
            kept.push(to);
        }
        from = to;
    }
    kept
}

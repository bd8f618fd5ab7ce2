//! Fills and strokes.

use resvg::tiny_skia::{
    Color, FillRule, FilterQuality, GradientStop, LinearGradient, Paint, PathStroker, Pattern, PixmapMut,
    RadialGradient, Shader, SpreadMode, Transform,
};
use resvg::usvg::{self, BaseGradient, Opacity, PaintOrder, Path, SpreadMethod};

use super::{Layer, Painter, far};
use crate::error::Result;

impl Painter<'_> {
    pub(super) fn path(&self, path: &Path, transform: Transform, canvas: &mut PixmapMut) -> Result<()> {
        if !path.is_visible() {
            return Ok(());
        }
        if path.paint_order() == PaintOrder::FillAndStroke {
            self.fill(path, transform, canvas)?;
            self.stroke(path, transform, canvas)
        } else {
            self.stroke(path, transform, canvas)?;
            self.fill(path, transform, canvas)
        }
    }

    pub(super) fn fill(&self, path: &Path, transform: Transform, canvas: &mut PixmapMut) -> Result<()> {
        let Some(fill) = path.fill() else { return Ok(()) };
        let bounds = path.data().bounds();
        if bounds.width() == 0.0 || bounds.height() == 0.0 {
            return Ok(());
        }
        let rule = match fill.rule() {
            usvg::FillRule::NonZero => FillRule::Winding,
            usvg::FillRule::EvenOdd => FillRule::EvenOdd,
        };
        let mut tile = None;
        let Some(shader) = self.shader(fill.paint(), fill.opacity(), transform, &mut tile)? else {
            return Ok(());
        };
        let mut paint = paint(shader, path);
        if far::is_near(bounds, transform) {
            canvas.fill_path(path.data(), &paint, rule, transform, None);
        } else if let Some(near) = far::within(path.data(), transform, canvas.width(), canvas.height()) {
            paint.shader.transform(transform);
            canvas.fill_path(&near, &paint, rule, Transform::identity(), None);
        }
        Ok(())
    }

    fn stroke(&self, path: &Path, transform: Transform, canvas: &mut PixmapMut) -> Result<()> {
        let Some(stroke) = path.stroke() else { return Ok(()) };
        let mut tile = None;
        let Some(shader) = self.shader(stroke.paint(), stroke.opacity(), transform, &mut tile)? else {
            return Ok(());
        };
        let mut paint = paint(shader, path);
        let pen = stroke.to_tiny_skia();
        if far::is_near(path.stroke_bounding_box(), transform) && far::is_near(path.data().bounds(), transform) {
            canvas.stroke_path(path.data(), &paint, &pen, transform, None);
            return Ok(());
        }
        // The outline of the stroke, as tiny-skia makes it, and of that what is near.
        let resolution = PathStroker::compute_resolution_scale(&transform);
        let resolution = resolution.min(far::finest(path.stroke_bounding_box()));
        let dashed = match &pen.dash {
            Some(dash) => path.data().dash(dash, resolution),
            None => Some(path.data().clone()),
        };
        let outline = dashed.and_then(|path| path.stroke(&pen, resolution));
        let near = outline.and_then(|path| far::within(&path, transform, canvas.width(), canvas.height()));
        if let Some(near) = near {
            paint.shader.transform(transform);
            canvas.fill_path(&near, &paint, FillRule::Winding, Transform::identity(), None);
        }
        Ok(())
    }

    /// The colours of a fill or stroke; `tile` keeps the pixels of a pattern.
    fn shader<'t>(
        &self,
        paint: &usvg::Paint,
        opacity: Opacity,
        transform: Transform,
        tile: &'t mut Option<Layer>,
    ) -> Result<Option<Shader<'t>>> {
        Ok(match paint {
            usvg::Paint::Color(colour) => Some(Shader::SolidColor(Color::from_rgba8(
                colour.red,
                colour.green,
                colour.blue,
                opacity.to_u8(),
            ))),
            usvg::Paint::LinearGradient(gradient) => LinearGradient::new(
                (gradient.x1(), gradient.y1()).into(),
                (gradient.x2(), gradient.y2()).into(),
                stops(gradient, opacity),
                spread(gradient),
                gradient.transform(),
            ),
            usvg::Paint::RadialGradient(gradient) => RadialGradient::new(
                (gradient.fx(), gradient.fy()).into(),
                gradient.fr().get(),
                (gradient.cx(), gradient.cy()).into(),
                gradient.r().get(),
                stops(gradient, opacity),
                spread(gradient),
                gradient.transform(),
            ),
            usvg::Paint::Pattern(pattern) => self.pattern(pattern, opacity, transform, tile)?,
        })
    }

    fn pattern<'t>(
        &self,
        pattern: &usvg::Pattern,
        opacity: Opacity,
        transform: Transform,
        tile: &'t mut Option<Layer>,
    ) -> Result<Option<Shader<'t>>> {
        let (sx, sy) = transform.pre_concat(pattern.transform()).get_scale();
        let rect = pattern.rect();
        // A tile of whole pixels, drawn at a scale of its own, so that the tiles are as far apart as they should be.
        let (width, height) = (
            (rect.width() * sx).ceil().max(1.0),
            (rect.height() * sy).ceil().max(1.0),
        );
        let scale = (width / rect.width(), height / rect.height());
        if !far::is_moderate(&[width, height, rect.x(), rect.y(), scale.0, scale.1]) {
            self.notes.borrow_mut().add("patterns too large or too far away");
            return Ok(None);
        }
        let mut layer = Layer::new(width as u32, height as u32, self.budget)?;
        self.nodes(
            pattern.root(),
            Transform::from_scale(scale.0, scale.1),
            &mut layer.canvas(),
        )?;
        let place = pattern
            .transform()
            .pre_translate(rect.x(), rect.y())
            .pre_scale(1.0 / scale.0, 1.0 / scale.1);
        Ok(Some(Pattern::new(
            tile.insert(layer).pixels(),
            SpreadMode::Repeat,
            FilterQuality::Bicubic,
            opacity.get(),
            place,
        )))
    }
}

fn paint<'t>(shader: Shader<'t>, path: &Path) -> Paint<'t> {
    Paint {
        shader,
        anti_alias: path.rendering_mode().use_shape_antialiasing(),
        ..Paint::default()
    }
}

fn stops(gradient: &BaseGradient, opacity: Opacity) -> Vec<GradientStop> {
    let stop = |stop: &usvg::Stop| {
        let (colour, alpha) = (stop.color(), stop.opacity() * opacity);
        let colour = Color::from_rgba8(colour.red, colour.green, colour.blue, alpha.to_u8());
        GradientStop::new(stop.offset().get(), colour)
    };
    gradient.stops().iter().map(stop).collect()
}

fn spread(gradient: &BaseGradient) -> SpreadMode {
    match gradient.spread_method() {
        SpreadMethod::Pad => SpreadMode::Pad,
        SpreadMethod::Reflect => SpreadMode::Reflect,
        SpreadMethod::Repeat => SpreadMode::Repeat,
    }
}

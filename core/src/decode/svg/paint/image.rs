//! Pictures within a drawing.

use resvg::tiny_skia::{
    FillRule, FilterQuality, Paint, PathBuilder, Pattern, PixmapMut, PixmapRef, Rect, SpreadMode, Transform,
};
use resvg::usvg::{Image, ImageRendering};

use super::{Painter, far};
use crate::error::{Error, Result};
use crate::image::Plane;

impl Painter<'_> {
    pub(super) fn image(&self, image: &Image, transform: Transform, canvas: &mut PixmapMut) -> Result<()> {
        if !image.is_visible() {
            return Ok(());
        }
        let pixels = match self.pictures.pixels(image.kind(), self.budget) {
            Ok(Some(pixels)) => pixels,
            Ok(None) | Err(Error::BadInput { .. } | Error::Truncated { .. } | Error::Unsupported { .. }) => {
                self.notes.borrow_mut().add("pictures");
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let (width, height) = (pixels.width, pixels.height);
        let quality = match image.rendering_mode() {
            ImageRendering::OptimizeSpeed | ImageRendering::CrispEdges | ImageRendering::Pixelated => {
                FilterQuality::Nearest
            }
            // What browsers enlarge with, too.
            ImageRendering::Smooth | ImageRendering::OptimizeQuality => FilterQuality::Bilinear,
            ImageRendering::HighQuality => FilterQuality::Bicubic,
        };
        let (sx, sy) = transform.get_scale();
        let step = |scale: f32, size: u32| ((1.0 / scale.max(1e-6)) as u32).clamp(1, size);
        let steps = match quality {
            FilterQuality::Nearest => (1, 1),
            _ => (step(sx, width), step(sy, height)),
        };
        let reduced = self.reduced(&pixels.planes[0], steps)?;
        let plane = reduced.as_ref().unwrap_or(&pixels.planes[0]);
        let Some(source) = PixmapRef::from_bytes(&plane.data, plane.width, plane.height) else {
            return Ok(());
        };
        let Some(rect) = Rect::from_xywh(0.0, 0.0, width as f32, height as f32) else {
            return Ok(());
        };
        // Back to the picture's own size.
        let place = Transform::from_scale(width as f32 / plane.width as f32, height as f32 / plane.height as f32);
        let mut paint = Paint {
            shader: Pattern::new(source, SpreadMode::Pad, quality, 1.0, place),
            ..Paint::default()
        };
        let path = PathBuilder::from_rect(rect);
        if far::is_near(rect, transform) {
            canvas.fill_path(&path, &paint, FillRule::Winding, transform, None);
        } else if let Some(near) = far::within(&path, transform, canvas.width(), canvas.height()) {
            paint.shader.transform(transform);
            canvas.fill_path(&near, &paint, FillRule::Winding, Transform::identity(), None);
        }
        Ok(())
    }

    /// The mean of each block of pixels, if there is more than one in it: tiny-skia looks at a few pixels only, however
    /// small a picture is drawn.
    fn reduced(&self, plane: &Plane, (across, down): (u32, u32)) -> Result<Option<Plane>> {
        if across == 1 && down == 1 {
            return Ok(None);
        }
        let (width, height) = (plane.width.div_ceil(across), plane.height.div_ceil(down));
        let mut small = Plane::new(width, height, 4, self.budget)?;
        let mut sums = self.budget.zeroed::<u32>(width as usize * 4, "a row of sums")?;
        for y in 0..height {
            self.budget.check()?;
            sums.fill(0);
            let rows = y * down..((y + 1) * down).min(plane.height);
            for row in rows.clone() {
                let blocks = plane.row(row).chunks(across as usize * 4);
                for (sum, block) in sums.as_chunks_mut::<4>().0.iter_mut().zip(blocks) {
                    for pixel in block.as_chunks::<4>().0 {
                        sum.iter_mut()
                            .zip(pixel)
                            .for_each(|(sum, sample)| *sum += u32::from(*sample));
                    }
                }
            }
            let rows = rows.len() as u32;
            for (x, (out, sum)) in (0..).zip(
                small
                    .row_mut(y)
                    .as_chunks_mut::<4>()
                    .0
                    .iter_mut()
                    .zip(sums.as_chunks::<4>().0),
            ) {
                let count = rows * across.min(plane.width - x * across);
                *out = sum.map(|sum| ((sum + count / 2) / count) as u8);
            }
        }
        Ok(Some(small))
    }
}

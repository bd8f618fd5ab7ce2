//! Clip paths and masks: what hides parts of a layer.

use resvg::tiny_skia::{
    BlendMode, FillRule, FilterQuality, Mask, MaskType, PathBuilder, PixmapMut, PixmapPaint, Transform,
};
use resvg::usvg::{self, ClipPath, Group, Node};

use super::{Layer, Painter, far};
use crate::error::{Error, Result};

impl Painter<'_> {
    /// Leaves of the layer what lies within the clip path.
    pub(super) fn clip(&self, clip: &ClipPath, transform: Transform, layer: &mut Layer) -> Result<()> {
        let mut shape = Layer::new(layer.width, layer.height, self.budget)?;
        self.outlines(clip.root(), transform.pre_concat(clip.transform()), &mut shape.canvas())?;
        if let Some(also) = clip.clip_path() {
            self.clip(also, transform, layer)?;
        }
        self.keep(&shape, MaskType::Alpha, layer)
    }

    /// Draws what counts for a clip path: the filled shapes.
    fn outlines(&self, parent: &Group, transform: Transform, canvas: &mut PixmapMut) -> Result<()> {
        for node in parent.children() {
            self.budget.check()?;
            match node {
                Node::Path(path) if path.is_visible() => self.fill(path, transform, canvas)?,
                Node::Group(group) => {
                    let transform = transform.pre_concat(group.transform());
                    let Some(clip) = group.clip_path() else {
                        self.outlines(group, transform, canvas)?;
                        continue;
                    };
                    // A part that is itself clipped is drawn apart.
                    let mut part = Layer::new(canvas.width(), canvas.height(), self.budget)?;
                    self.outlines(group, transform, &mut part.canvas())?;
                    self.clip(clip, transform, &mut part)?;
                    let paint = PixmapPaint {
                        opacity: 1.0,
                        blend_mode: BlendMode::SourceOver,
                        quality: FilterQuality::Nearest,
                    };
                    canvas.draw_pixmap(0, 0, part.pixels(), &paint, Transform::identity(), None);
                }
                Node::Text(text) => {
                    self.note_characters(text);
                    self.outlines(text.flattened(), transform, canvas)?;
                }
                Node::Path(_) | Node::Image(_) => {}
            }
        }
        Ok(())
    }

    /// Leaves of the layer what the mask lets through.
    pub(super) fn mask(&self, mask: &usvg::Mask, transform: Transform, layer: &mut Layer) -> Result<()> {
        let mut shape = Layer::new(layer.width, layer.height, self.budget)?;
        if !mask.root().children().is_empty() {
            self.nodes(mask.root(), transform, &mut shape.canvas())?;
            let region = PathBuilder::from_rect(mask.rect().to_rect());
            let (_booked, mut region_mask) = self.empty_mask(layer)?;
            if let Some(region) = far::within(&region, transform, layer.width, layer.height) {
                region_mask.fill_path(&region, FillRule::Winding, true, Transform::identity());
            }
            shape.canvas().apply_mask(&region_mask);
        }
        if let Some(also) = mask.mask() {
            self.mask(also, transform, layer)?;
        }
        let kind = match mask.kind() {
            usvg::MaskType::Luminance => MaskType::Luminance,
            usvg::MaskType::Alpha => MaskType::Alpha,
        };
        self.keep(&shape, kind, layer)
    }

    fn keep(&self, shape: &Layer, kind: MaskType, layer: &mut Layer) -> Result<()> {
        let _booked = self.budget.reserve(u64::from(shape.width) * u64::from(shape.height))?;
        layer.canvas().apply_mask(&Mask::from_pixmap(shape.pixels(), kind));
        Ok(())
    }

    fn empty_mask(&self, layer: &Layer) -> Result<(crate::budget::Reserved, Mask)> {
        let booked = self.budget.reserve(u64::from(layer.width) * u64::from(layer.height))?;
        let mask = Mask::new(layer.width, layer.height);
        let mask = mask.ok_or_else(|| Error::internal("drawing", "a mask without pixels"))?;
        Ok((booked, mask))
    }
}

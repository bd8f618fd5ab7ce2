//! Cutting a part out.

use crate::canvas;
use crate::error::{Error, Result};
use crate::image::Image;
use crate::options::options;

use super::{Context, EffectOptions};

options! {
    /// A part of an image, in pixels: of the upright image for a plan's `crop`, of the image at that step for an
    /// effect.
    ///
    /// ```
    /// use keenpix::{Crop, Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Crop::new(10, 20, 30, 5));
    /// let part = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!((part.width, part.height), (30, 5));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct Crop (
        /// Columns to skip on the left.
        left: u32;
        /// Rows to skip at the top.
        top: u32;
        /// Columns to keep.
        width: u32, 1..;
        /// Rows to keep.
        height: u32, 1..;
    )
}

impl EffectOptions for Crop {
    fn size(&self, (width, height): (u32, u32)) -> Result<(u32, u32)> {
        let inside = |start: u32, length: u32, whole: u32| start.checked_add(length).is_some_and(|end| end <= whole);
        if inside(self.left, self.width, width) && inside(self.top, self.height, height) {
            return Ok((self.width, self.height));
        }
        Err(Error::crop_outside(
            (self.left, self.top),
            (self.width, self.height),
            (width, height),
        ))
    }

    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let (at, size) = ((self.left, self.top), (self.width, self.height));
        canvas::cut(image, at, size, context.budget)
    }
}

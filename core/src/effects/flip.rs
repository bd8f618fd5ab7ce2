//! Mirroring top to bottom.

use crate::error::Result;
use crate::image::Image;
use crate::options::options;
use crate::orientation::Orientation;

use super::{Context, EffectOptions};

options! {
    /// Mirroring top to bottom.
    ///
    /// ```
    /// use keenpix::effect::Flip;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Flip::new());
    /// let mirrored = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!((mirrored.width, mirrored.height), (64, 48));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Flip {}
}

impl EffectOptions for Flip {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let orientation = Orientation {
            transpose: false,
            flop: false,
            flip: true,
        };
        orientation.apply(image, context.budget)
    }
}

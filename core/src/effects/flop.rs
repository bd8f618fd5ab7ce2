//! Mirroring left to right.

use crate::error::Result;
use crate::image::Image;
use crate::options::options;
use crate::orientation::Orientation;

use super::{Context, EffectOptions};

options! {
    /// Mirroring left to right.
    ///
    /// ```
    /// use keenpix::effect::Flop;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Flop::new());
    /// let mirrored = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!((mirrored.width, mirrored.height), (64, 48));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Flop {}
}

impl EffectOptions for Flop {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let orientation = Orientation {
            transpose: false,
            flop: true,
            flip: false,
        };
        orientation.apply(image, context.budget)
    }
}

//! Colours to grey.

use crate::error::Result;
use crate::image::Image;
use crate::options::options;

use super::shared::channels;
use super::{Context, EffectOptions};

options! {
    /// Colours to grey; the picture has one colour channel from here on.
    ///
    /// ```
    /// use keenpix::effect::Greyscale;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png");
    /// let plan = Plan::new().with_effect(Greyscale::new());
    /// let grey = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!(grey.channels, 1);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Greyscale {}
}

impl EffectOptions for Greyscale {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        channels::grey(image, context.budget)
    }
}

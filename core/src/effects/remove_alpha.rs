//! Dropping the alpha channel.

use crate::error::Result;
use crate::image::Image;
use crate::options::options;

use super::shared::channels;
use super::{Context, EffectOptions};

options! {
    /// No alpha channel: it is dropped, colours stay.
    ///
    /// ```
    /// use keenpix::effect::RemoveAlpha;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgba.png");
    /// let plan = Plan::new().with_effect(RemoveAlpha::new());
    /// let opaque = transform(photo, &plan, &Limits::default())?;
    /// assert!(!opaque.alpha);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct RemoveAlpha {}
}

impl EffectOptions for RemoveAlpha {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        channels::without_alpha(image, context.budget)
    }
}

//! Adding an alpha channel.

use crate::error::Result;
use crate::image::Image;
use crate::options::options;

use super::shared::channels;
use super::{Context, EffectOptions};

options! {
    /// An alpha channel if there is none.
    ///
    /// ```
    /// use keenpix::effect::EnsureAlpha;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png");
    /// let plan = Plan::new().with_effect(EnsureAlpha::new().with_value(0.5));
    /// let glass = transform(photo, &plan, &Limits::default())?;
    /// assert!(glass.alpha);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct EnsureAlpha {
        /// Its value, 0 (transparent) to 1 (opaque). Default: 1.
        value (with_value): f64 = 1.0, 0.0..=1.0;
    }
}

impl EffectOptions for EnsureAlpha {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        // Cut, not rounded, as sharp does: 0.5 is 127.
        channels::with_alpha(image, (self.value * 255.0) as u8, context.budget)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{applied, image};
    use super::*;
    use crate::image::Layout;

    #[test]
    fn alpha_is_added_once() {
        let half = applied(image(Layout::Grey, 1, &[5]), &EnsureAlpha::new().with_value(0.5));
        assert_eq!(
            (half.layout, &half.planes[0].data[..]),
            (Layout::GreyAlpha, &[5, 127][..])
        );
        let same = applied(half, &EnsureAlpha::new().with_value(1.0));
        assert_eq!(same.planes[0].data[..], [5, 127]);
    }
}

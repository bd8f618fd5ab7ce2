//! The opposite of every value.

use crate::error::Result;
use crate::image::Image;
use crate::options::options;

use super::shared::lookup::{self, IDENTITY};
use super::{Context, EffectOptions};

options! {
    /// The opposite of every value.
    ///
    /// ```
    /// use keenpix::effect::Negate;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgba.png");
    /// let plan = Plan::new().with_effect(Negate::new().with_alpha(false));
    /// let negative = transform(photo, &plan, &Limits::default())?;
    /// assert!(negative.alpha);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Negate {
        /// Whether alpha is inverted too. Default: `true`.
        alpha (with_alpha): bool = true;
    }
}

impl EffectOptions for Negate {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let opposite = lookup::table(|v| 255.0 - v);
        let alpha = if self.alpha { &opposite } else { &IDENTITY };
        lookup::apply_to_colours(image, &opposite, alpha, context.budget)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LAYOUTS, applied, image, noise};
    use super::*;
    use crate::image::Layout;

    #[test]
    fn negating_twice_is_nothing() {
        for layout in LAYOUTS {
            for alpha in [true, false] {
                let negate = Negate::new().with_alpha(alpha);
                let once = applied(noise(layout, 9, 9, 2), &negate);
                assert_ne!(once.planes[0].data[..], noise(layout, 9, 9, 2).planes[0].data[..]);
                let twice = applied(once, &negate);
                assert_eq!(twice.planes[0].data[..], noise(layout, 9, 9, 2).planes[0].data[..]);
            }
        }
        let kept = applied(image(Layout::Rgba, 1, &[0, 1, 2, 3]), &Negate::new().with_alpha(false));
        assert_eq!(kept.planes[0].data[..], [255, 254, 253, 3]);
    }
}

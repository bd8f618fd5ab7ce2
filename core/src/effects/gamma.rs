//! A gamma curve.

use crate::error::Result;
use crate::image::Image;
use crate::options::options;

use super::shared::lookup::{self, IDENTITY};
use super::{Context, EffectOptions};

options! {
    /// A gamma curve: a value v of 0 to 1 becomes v^(1 / exponent).
    ///
    /// ```
    /// use keenpix::effect::Gamma;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Gamma::new().with_exponent(1.5));
    /// let brighter = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!((brighter.width, brighter.height), (64, 48));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Gamma {
        /// The exponent, 0.01 to 100: above 1 brightens, below 1 darkens. Default: 2.2.
        exponent (with_exponent): f64 = 2.2, 0.01..=100.0;
    }
}

impl EffectOptions for Gamma {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let power = 1.0 / self.exponent;
        let full = 255f64.powf(power) / 255.0;
        let curve = lookup::table(|v| v.powf(power) / full);
        lookup::apply_to_colours(image, &curve, &IDENTITY, context.budget)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LAYOUTS, applied, image, noise};
    use super::*;
    use crate::image::Layout;

    #[test]
    fn gamma_and_its_opposite_nearly_cancel() {
        for layout in LAYOUTS {
            let there = applied(noise(layout, 20, 20, 1), &Gamma::new());
            let back = applied(there, &Gamma::new().with_exponent(1.0 / 2.2));
            for (back, sample) in back.planes[0]
                .data
                .iter()
                .zip(noise(layout, 20, 20, 1).planes[0].data.iter())
            {
                assert!(back.abs_diff(*sample) <= 4, "{back} {sample}");
            }
        }
        let one = applied(image(Layout::GreyAlpha, 1, &[64, 64]), &Gamma::new().with_exponent(2.0));
        assert_eq!(one.planes[0].data[..], [127, 64]); // 255 √(64 / 255) = 127.7
    }
}

//! Black and white.

use crate::error::Result;
use crate::image::Image;
use crate::options::options;

use super::shared::{channels, lookup};
use super::{Context, EffectOptions};

options! {
    /// Black and white. Alpha is cut like the colours.
    ///
    /// ```
    /// use keenpix::effect::Threshold;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png");
    /// let plan = Plan::new().with_effect(Threshold::new().with_value(140));
    /// let ink = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!(ink.channels, 1);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Threshold {
        /// The lowest value that becomes white, 0 to 255. Default: 128.
        value (with_value): u8 = 128;
        /// Whether to convert to greyscale first; otherwise each channel is thresholded on its own. Default: `true`.
        greyscale (with_greyscale): bool = true;
    }
}

impl EffectOptions for Threshold {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let image = if self.greyscale {
            channels::grey(image, context.budget)?
        } else {
            image
        };
        let lowest = f64::from(self.value);
        let cut = lookup::table(|v| if v >= lowest { 255.0 } else { 0.0 });
        lookup::apply(image, &[cut; 4], context.budget)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{applied, image};
    use super::*;
    use crate::image::Layout;

    #[test]
    fn thresholds_start_at_their_value() {
        let cut = |greyscale, value, pixel: &[u8]| {
            let threshold = Threshold::new().with_value(value).with_greyscale(greyscale);
            let cut = applied(image(Layout::Rgba, 1, pixel), &threshold);
            cut.planes[0].data.to_vec()
        };
        assert_eq!(cut(false, 128, &[127, 128, 129, 200]), [0, 255, 255, 255]);
        assert_eq!(cut(true, 128, &[128, 128, 128, 127]), [255, 0]);
        assert_eq!(cut(true, 0, &[0, 0, 0, 0]), [255, 255]);
    }
}

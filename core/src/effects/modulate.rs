//! Brightness, saturation and hue, in CIE LCh.

use crate::error::Result;
use crate::image::Image;
use crate::options::options;

use super::shared::lab::{self, Block};
use super::{Context, EffectOptions, LARGEST};

options! {
    /// Brightness, saturation and hue in CIE LCh.
    ///
    /// ```
    /// use keenpix::effect::Modulate;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png");
    /// let plan = Plan::new().with_effect(Modulate::new().with_saturation(0.5).with_brightness(1.1));
    /// let muted = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!(muted.channels, 3);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Modulate {
        /// A factor for the lightness. Default: 1.
        brightness (with_brightness): f64 = 1.0, 0.0..=LARGEST;
        /// A factor for the saturation. Default: 1.
        saturation (with_saturation): f64 = 1.0, 0.0..=LARGEST;
        /// Degrees to rotate the hue. Default: 0.
        hue (with_hue): f64 = 0.0, -LARGEST..=LARGEST;
        /// A value to add to the lightness, which is 0 to 100. Default: 0.
        lightness (with_lightness): f64 = 0.0, -LARGEST..=LARGEST;
    }
}

impl EffectOptions for Modulate {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let (brightness, lightness) = (self.brightness as f32, self.lightness as f32);
        let angle = self.hue.to_radians();
        let turn = (
            (self.saturation * angle.cos()) as f32,
            (self.saturation * angle.sin()) as f32,
        );
        // A chroma and a hue are a* and b* in polar coordinates: scaling the one and adding to the other needs neither.
        lab::change(
            image,
            context.budget,
            #[inline(always)]
            |[l, a, b]: &mut Block| {
                for ((l, a), b) in l.iter_mut().zip(a).zip(b) {
                    *l = *l * brightness + lightness;
                    (*a, *b) = (turn.0 * *a - turn.1 * *b, turn.1 * *a + turn.0 * *b);
                }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LAYOUTS, applied, noise};
    use super::*;
    use crate::image::Layout;

    #[test]
    fn modulating_by_nothing_is_nothing() {
        for layout in LAYOUTS {
            for hue in [0.0, 360.0, -720.0] {
                let same = applied(noise(layout, 40, 30, 9), &Modulate::new().with_hue(hue));
                for (same, sample) in same.planes[0]
                    .data
                    .iter()
                    .zip(&noise(layout, 40, 30, 9).planes[0].data[..])
                {
                    assert!(same.abs_diff(*sample) <= 1);
                }
            }
        }
    }

    #[test]
    fn without_saturation_all_is_grey() {
        let options = Modulate::new().with_saturation(0.0).with_lightness(10.0);
        let grey = applied(noise(Layout::Rgb, 40, 30, 9), &options);
        for &[r, g, b] in grey.planes[0].data.as_chunks::<3>().0 {
            assert!(r.abs_diff(g) <= 1 && g.abs_diff(b) <= 1);
        }
    }
}

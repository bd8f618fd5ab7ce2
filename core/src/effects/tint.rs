//! One hue instead of all, in CIE L\*a\*b\*.

use crate::colour::Colour;
use crate::colour::convert;
use crate::error::Result;
use crate::image::{Image, Layout};
use crate::options::options;

use super::shared::lab::{self, BLOCK, Tables};
use super::{Context, EffectOptions};

options! {
    /// One hue.
    ///
    /// ```
    /// use keenpix::effect::Tint;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png");
    /// let plan = Plan::new().with_effect(Tint::new().with_colour("#704214".parse()?));
    /// let sepia = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!(sepia.channels, 3);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Tint {
        /// The colour. Default: white.
        colour (with_colour): Colour = Colour::WHITE;
    }
}

impl EffectOptions for Tint {
    /// The lightness of each pixel with the hue of one colour: full in the middle tones, none in black and white. What is
    /// grey has no room for a hue.
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let tables = Tables::shared();
        let curve = tinted_greys(tables, self.colour);
        match image.layout {
            Layout::Rgb => convert(&image, Layout::Rgb, context.budget, |[r, g, b]: [u8; 3]| {
                curve[usize::from(tables.grey(r, g, b))]
            }),
            Layout::Rgba => convert(&image, Layout::Rgba, context.budget, |[r, g, b, alpha]: [u8; 4]| {
                let [r, g, b] = curve[usize::from(tables.grey(r, g, b))];
                [r, g, b, alpha]
            }),
            _ => Ok(image),
        }
    }
}

fn tinted_greys(tables: &Tables, colour: Colour) -> [[u8; 3]; 256] {
    let mut block = [[0.0; BLOCK]; 3];
    tables.read::<3>(&[colour.red, colour.green, colour.blue], &mut block);
    lab::to_lab(&mut block);
    let [_, a, b] = block.map(|plane| plane[0]);
    let mut curve = [[0; 3]; 256];
    for (first, greys) in curve.chunks_mut(BLOCK).enumerate() {
        let mut block = [[0.0; BLOCK]; 3];
        let [l_plane, a_plane, b_plane] = &mut block;
        for (i, ((l_out, a_out), b_out)) in l_plane.iter_mut().zip(a_plane).zip(b_plane).enumerate() {
            let lightness = tables.lightness((first * BLOCK + i) as u8);
            let from_middle = lightness / 100.0 - 0.5;
            let weight = 1.0 - 4.0 * from_middle * from_middle;
            (*l_out, *a_out, *b_out) = (lightness, weight * a, weight * b);
        }
        lab::from_lab(&mut block);
        tables.write::<3>(&block, greys.as_flattened_mut());
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::super::testing::{applied, image, noise};
    use super::*;

    #[test]
    fn a_tint_keeps_the_lightness_and_grey() {
        let options = Tint::new().with_colour("#ff8000".parse().unwrap());
        let tables = Tables::shared();
        for v in 0..=255 {
            let orange = applied(image(Layout::Rgba, 1, &[v, v, v, 9]), &options);
            let [r, g, b, alpha] = orange.planes[0].data[..] else {
                panic!()
            };
            assert_eq!(alpha, 9);
            assert!(r >= g && g >= b);
            // Where the gamut holds the colour, the lightness is the same.
            if b > 0 && r < 255 {
                assert!(tables.grey(r, g, b).abs_diff(v) <= 2);
            }
        }
        let grey = noise(Layout::GreyAlpha, 5, 5, 1);
        let same = applied(grey, &options);
        assert_eq!(
            same.planes[0].data[..],
            noise(Layout::GreyAlpha, 5, 5, 1).planes[0].data[..]
        );
    }
}

//! A straight line for each channel.

use crate::error::{Error, Reason, Result};
use crate::image::Image;
use crate::options::options;

use super::shared::lookup::{self, IDENTITY};
use super::{Context, EffectOptions, LARGEST};

options! {
    /// A linear function for each channel: `slope × value + offset`, with values from 0 to 255. A single number applies
    /// to all colour channels; otherwise there must be one per colour channel, or one per channel including alpha.
    ///
    /// ```
    /// use keenpix::effect::Linear;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png");
    /// let plan = Plan::new().with_effect(Linear::new().with_slope(vec![1.1, 1.0, 0.9]));
    /// let warmer = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!(warmer.channels, 3);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Linear {
        /// Factors. Default: `[1]`.
        slope (with_slope): Vec<f64> = vec![1.0], -LARGEST..=LARGEST;
        /// Values to add. Default: `[0]`.
        offset (with_offset): Vec<f64> = vec![0.0], -LARGEST..=LARGEST;
    }
}

impl EffectOptions for Linear {
    fn check(&self) -> Result<()> {
        let (slopes, offsets) = (self.slope.len(), self.offset.len());
        for (name, numbers) in [("slope", slopes), ("offset", offsets)] {
            if !(1..=4).contains(&numbers) {
                return Err(Error::out_of_range(
                    name,
                    "1 to 4 numbers",
                    format_args!("{numbers} numbers"),
                ));
            }
        }
        if slopes == offsets || slopes == 1 || offsets == 1 {
            return Ok(());
        }
        let got = format_args!("{offsets} numbers");
        let expected = format_args!("as many as in slope, which has {slopes}, or one");
        Err(Error::out_of_range("offset", expected, got).because(Reason::Contradiction))
    }

    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let channels = image.layout.channels();
        let colours = channels - usize::from(image.layout.has_alpha());
        let given = self.slope.len().max(self.offset.len());
        if given != 1 && given != colours && given != channels {
            let name = if self.slope.len() == given { "slope" } else { "offset" };
            let counts = match colours == channels {
                true => format!("1 or {channels}"),
                false => format!("1, {colours} or {channels}"),
            };
            let expected = format_args!("{counts} numbers, for an image of {channels} channels");
            return Err(Error::out_of_range(name, expected, format_args!("{given} numbers")));
        }
        let pick = |list: &[f64], channel: usize| list.get(channel).or(list.first()).copied().unwrap_or_default();
        let mut tables = [IDENTITY; 4];
        for (channel, out) in
            tables
                .iter_mut()
                .enumerate()
                .take(colours.max(if given == channels { channels } else { 0 }))
        {
            let (slope, offset) = (pick(&self.slope, channel), pick(&self.offset, channel));
            // In single precision, so that truncation gives the same whole numbers as libvips.
            *out = lookup::table(|v| f64::from(slope as f32 * v as f32 + offset as f32));
        }
        lookup::apply(image, &tables, context.budget)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{budget, image, try_apply};
    use super::*;
    use crate::image::Layout;

    #[test]
    fn lines_count_for_the_channels_they_are_given_for() {
        let lines = |layout, pixel: &[u8], slope: &[f64], offset: &[f64]| {
            let options = Linear::new().with_slope(slope.into()).with_offset(offset.into());
            try_apply(image(layout, 1, pixel), &options, &budget()).map(|image| image.planes[0].data.to_vec())
        };
        let rgba = |slope: &[f64], offset: &[f64]| lines(Layout::Rgba, &[91, 100, 200, 50], slope, offset);
        assert_eq!(rgba(&[1.5], &[10.0]).unwrap(), [146, 160, 255, 50]);
        assert_eq!(rgba(&[1.0, 2.0, -1.0], &[0.0]).unwrap(), [91, 200, 0, 50]);
        assert_eq!(rgba(&[1.0], &[0.0, 0.0, 1.0, 2.0]).unwrap(), [91, 100, 201, 52]);
        assert_eq!(lines(Layout::Grey, &[7], &[2.0], &[1.0]).unwrap(), [15]);
        assert_eq!(
            lines(Layout::GreyAlpha, &[7, 7], &[2.0, 3.0], &[0.0]).unwrap(),
            [14, 21]
        );
        for (layout, pixel, slopes) in [
            (Layout::Rgba, &[0; 4][..], 2),
            (Layout::Rgb, &[0; 3], 4),
            (Layout::Grey, &[0], 3),
        ] {
            let error = lines(layout, pixel, &vec![1.0; slopes], &[0.0]).unwrap_err();
            assert!(error.to_string().contains("numbers, for an image of"), "{error}");
        }
    }
}

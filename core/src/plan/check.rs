//! Every number of a plan that can be judged without an image.

use super::{Fit, Plan};
use crate::effects::Effect;
use crate::encode;
use crate::error::{Error, Result};

impl Plan {
    /// Refuses what no image can make right: numbers out of their ranges, options that contradict each other, and
    /// formats that this build can't write. [`transform`](crate::transform) begins with it; call it yourself where a
    /// plan comes from settings or from a user, long before the first image.
    ///
    /// # Errors
    ///
    /// [`Error::BadPlan`] with the place, and [`Error::Unsupported`].
    ///
    /// ```
    /// use keenpix::{Plan, encode::Webp};
    ///
    /// let error = Plan::new().with_encode(Webp::new().with_quality(101)).check().unwrap_err();
    /// assert_eq!(error.to_string(), "bad plan: encode.quality is 101, expected 0 to 100");
    /// ```
    pub fn check(&self) -> Result<()> {
        self.check_ranges()?;
        self.input.check().map_err(|error| error.at("input"))?;
        self.frames.check().map_err(|error| error.at("frames"))?;
        self.orient.check().map_err(|error| error.at("orient"))?;
        if let Some(trim) = &self.trim {
            trim.check_ranges().map_err(|error| error.at("trim"))?;
        }
        if let Some(crop) = &self.crop {
            crop.check_ranges().map_err(|error| error.at("crop"))?;
        }
        if let Some(resize) = &self.resize {
            resize.check().map_err(|error| error.at("resize"))?;
        }
        crate::effects::check(&self.effects)?;
        if let Some(encode) = &self.encode {
            encode.check().map_err(|error| error.at("encode"))?;
        }
        self.metadata.check().map_err(|error| error.at("metadata"))?;
        self.check_size()
    }

    /// Refuses a size that the plan gives by itself, where the format can't hold it.
    fn check_size(&self) -> Result<()> {
        let (Some(resize), Some(encode)) = (&self.resize, &self.encode) else {
            return Ok(());
        };
        let resizes = |effect: &Effect| matches!(effect, Effect::Crop(_) | Effect::Extend(_) | Effect::Rotate(_));
        let both = resize.width.is_some() && resize.height.is_some();
        if !resize.enlarge || (resize.fit == Fit::Inside && both) || self.effects.iter().any(resizes) {
            return Ok(()); // the picture has a say in it
        }
        let side = encode::can(encode).side;
        for (name, length) in [("width", resize.width), ("height", resize.height)] {
            if let Some(length) = length.filter(|&length| length > side) {
                let expected = format_args!("at most {side} for {}", encode.format());
                return Err(Error::out_of_range(name, expected, length).at("resize"));
            }
        }
        Ok(())
    }
}

//! The resize of a plan.

use serde::{Deserialize, Serialize};

use crate::colour::Colour;
use crate::error::{Error, Reason, Result};
use crate::options::options;
use crate::position::{Anchor, Position};
use crate::resize::{Kernel, Light};

options! {
    /// The size to resize to.
    ///
    /// ```
    /// use keenpix::{Fit, Limits, Plan, Resize, transform};
    ///
    /// let resize = Resize::new().with_width(40).with_height(40).with_fit(Fit::Inside);
    /// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
    /// let output = transform(photo, &Plan::new().with_resize(resize), &Limits::default())?;
    /// assert_eq!((output.width, output.height), (40, 30));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy)]
    pub struct Resize {
        /// Width of the box, in pixels, at least 1. Default: from the height and the aspect ratio.
        width (with_width): u32, 1..;
        /// Height of the box, in pixels, at least 1. Default: from the width and the aspect ratio.
        height (with_height): u32, 1..;
        /// How the image fits the box. Default: `cover`.
        fit (with_fit): Fit = Fit::Cover;
        /// Which part `cover` keeps, and where `contain` puts the image. Default: `centre`.
        position (with_position into): Position = Position::default();
        /// The resampling filter. Default: `lanczos3`.
        kernel (with_kernel): Kernel = Kernel::Lanczos3;
        /// Whether the image may be enlarged. Default: `true`.
        enlarge (with_enlarge): bool = true;
        /// Whether the image may be reduced. Default: `true`.
        reduce (with_reduce): bool = true;
        /// The colour around an image with fit `contain`. Default: the plan's background.
        background (with_background): Colour;
        /// What is averaged when pixels become one. Default: `encoded`.
        light (with_light): Light = Light::Encoded;
    }
}

impl Resize {
    pub(super) fn check(&self) -> Result<()> {
        self.check_ranges()?;
        self.light.check().map_err(|error| error.at("light"))?;
        self.position.check().map_err(|error| error.at("position"))?;
        match self.position {
            Position::Named(search @ (Anchor::Entropy | Anchor::Attention)) if self.fit == Fit::Contain => {
                let expected = "a side, a corner or `centre`: fit `contain` keeps everything";
                Err(Error::out_of_range("position", expected, search.name()).because(Reason::Contradiction))
            }
            _ => Ok(()),
        }
    }
}

/// How an image fits a box: the values of CSS `object-fit`, and `outside`.
///
/// ```
/// use keenpix::{Fit, Limits, Plan, Resize, transform};
///
/// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
/// let sizes = [Fit::Cover, Fit::Inside, Fit::Outside].map(|fit| {
///     let resize = Resize::new().with_width(32).with_height(32).with_fit(fit);
///     let output = transform(photo, &Plan::new().with_resize(resize), &Limits::default()).unwrap();
///     (output.width, output.height)
/// });
/// assert_eq!(sizes, [(32, 32), (32, 24), (43, 32)]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Fit {
    /// Fills the box, keeps the aspect ratio, crops the excess.
    #[default]
    Cover,
    /// Fits into the box, keeps the aspect ratio, fills the rest with the background.
    Contain,
    /// Fills the box, ignoring the aspect ratio.
    Fill,
    /// As large as possible within the box; the output may be smaller than the box in one direction.
    Inside,
    /// As small as possible around the box; the output may be larger than the box in one direction.
    Outside,
}

//! How to resample: plain data.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::options::Within;

/// A resampling filter.
///
/// ```
/// use keenpix::plan::Kernel;
/// use keenpix::{Limits, Plan, Resize, transform};
///
/// let resize = Resize::new().with_width(128).with_kernel(Kernel::Nearest); // pixel art stays crisp
/// let sprite = include_bytes!("../../tests/images/rgb.png");
/// let output = transform(sprite, &Plan::new().with_resize(resize), &Limits::default())?;
/// assert_eq!(output.width, 128);
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kernel {
    /// The nearest sample: hard edges, for pixel art.
    Nearest,
    /// The average of the area that a pixel covers.
    Box,
    /// Triangle, also called bilinear.
    Linear,
    /// Catmull-Rom.
    Cubic,
    /// Mitchell–Netravali (B = C = 1/3): softer than Catmull-Rom, hardly any ringing.
    Mitchell,
    /// Lanczos with two lobes.
    Lanczos2,
    /// Lanczos with three lobes: the sharpest.
    #[default]
    Lanczos3,
}

/// What is averaged when pixels become one.
///
/// ```
/// use keenpix::plan::Light;
/// use keenpix::Plan;
///
/// let plan = Plan::from_json(r#"{"resize": {"width": 9, "light": {"gamma": 2.2}}}"#)?;
/// assert_eq!(plan.resize.unwrap().light, Light::Gamma(2.2));
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Light {
    /// The values as they are stored: fast, and what most programs do.
    #[default]
    Encoded,
    /// The light that they stand for: slower, and truer for fine bright detail.
    Linear,
    /// Values raised to this power, 1 to 3; the result is its root: `{"gamma": 2.2}`.
    Gamma(f64),
}

impl Light {
    /// Refuses an exponent out of its range.
    pub(crate) fn check(self) -> Result<()> {
        match self {
            Light::Encoded | Light::Linear => Ok(()),
            Light::Gamma(gamma) => gamma.within(1.0..=3.0).map_err(|error| error.at("gamma")),
        }
    }
}

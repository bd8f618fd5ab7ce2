//! The colours of an output: plain data.

use serde::{Deserialize, Serialize};

use crate::blob::Base64;

/// The colour channels of an output.
///
/// ```
/// use keenpix::plan::Model;
/// use keenpix::{Limits, Plan, transform};
///
/// let plan = Plan::new().with_model(Model::Grey);
/// let output = transform(include_bytes!("../../tests/images/rgb.png"), &plan, &Limits::default())?;
/// assert_eq!(output.channels, 1);
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Model {
    /// Grey stays grey, colours stay colours.
    #[default]
    Auto,
    /// Three channels, even if all are grey.
    Rgb,
    /// One channel.
    Grey,
}

/// The colour space of an output.
///
/// ```
/// use keenpix::plan::{Metadata, Profile};
/// use keenpix::{Limits, Plan, probe, transform};
///
/// let plan = Plan::new().with_metadata(Metadata::new().with_profile(Profile::P3));
/// let output = transform(include_bytes!("../../tests/images/rgb.png"), &plan, &Limits::default())?;
/// assert!(probe(&output.bytes)?.icc > 0);
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Profile {
    /// sRGB.
    Srgb,
    /// Display P3. The colours are the same as in sRGB, in different numbers.
    P3,
    /// The RGB space of an ICC profile with primaries and curves: `{"icc": "<base64>"}`. Grey images become RGB.
    Icc(Base64),
}

//! Facts that callers branch on.

use serde::Serialize;

/// What exactly is wrong: a stable word for programs, where [`Error::code`](crate::Error::code) is too coarse. Written
/// in kebab-case: `crop-outside`.
///
/// ```
/// use keenpix::{Crop, Limits, Plan, Reason, transform};
///
/// let plan = Plan::new().with_crop(Crop::new(60, 0, 9, 9));
/// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
/// let error = transform(photo, &plan, &Limits::default()).unwrap_err();
/// assert_eq!(error.fault().reason, Some(Reason::CropOutside));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// The text is not JSON.
    NotJson,
    /// An option that does not exist.
    UnknownKey,
    /// A word that is none of those that the option takes.
    UnknownValue,
    /// A value of another JSON type: a text for a number, a list for an object.
    WrongType,
    /// A required option is missing.
    MissingKey,
    /// A value beyond what the option allows.
    OutOfRange,
    /// Parts of the plan contradict each other.
    Contradiction,
    /// The crop is not within the image.
    CropOutside,
    /// A layer is larger than the image that it is laid on.
    LayerTooLarge,
    /// The image is too small to be trimmed.
    TrimTooSmall,
    /// A JPEG that ends without its end marker, with all of its pixels.
    MissingEoi,
    /// The fault is in a layer's file, which the plan brings along, and not in the image.
    BadLayer,
    /// The format is one of keenpix, and this build leaves it out.
    NotBuilt,
    /// The plan asks for an output beyond the limits, whatever the image.
    OutputTooLarge,
}

impl Reason {
    /// The word, as bindings hand it on: `crop-outside`.
    pub fn name(self) -> &'static str {
        match self {
            Reason::NotJson => "not-json",
            Reason::UnknownKey => "unknown-key",
            Reason::UnknownValue => "unknown-value",
            Reason::WrongType => "wrong-type",
            Reason::MissingKey => "missing-key",
            Reason::OutOfRange => "out-of-range",
            Reason::Contradiction => "contradiction",
            Reason::CropOutside => "crop-outside",
            Reason::LayerTooLarge => "layer-too-large",
            Reason::TrimTooSmall => "trim-too-small",
            Reason::MissingEoi => "missing-eoi",
            Reason::BadLayer => "bad-layer",
            Reason::NotBuilt => "not-built",
            Reason::OutputTooLarge => "output-too-large",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

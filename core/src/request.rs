//! What is requested of a decoder.

use serde::{Deserialize, Serialize};

/// What the pipeline needs from a decoder; it may deliver more (finer, never coarser).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    /// Source pixels that one sample of the output's luma (or of interleaved pixels) spans: the smaller of the
    /// two directions. A decoder that can shrink picks the coarsest `step` that is not above this.
    pub(crate) luma_step: f64,
    /// The same for the output's chroma planes: twice `luma_step` for a 4:2:0 output, equal to it for RGB.
    pub(crate) chroma_step: f64,
    /// Whether Y'CbCr planes are welcome. If not: interleaved pixels, or grey.
    pub(crate) planar: bool,
    /// Whether every frame of an animation is wanted, or only the first.
    pub(crate) animated: bool,
    pub(crate) tolerate: Tolerate,
}

impl Request {
    /// Every pixel of a still, interleaved.
    pub(crate) fn whole(tolerate: Tolerate) -> Self {
        Request {
            luma_step: 1.0,
            chroma_step: 1.0,
            planar: false,
            animated: false,
            tolerate,
        }
    }
}

/// How much damage in the input is accepted.
///
/// ```
/// use keenpix::input::Tolerate;
/// use keenpix::{Limits, Plan, transform};
///
/// let photo = include_bytes!("../tests/images/orientation-6.jpg");
/// let cut = &photo[..photo.len() / 2];
/// let shown = transform(cut, &Plan::new(), &Limits::default())?;
/// assert!(!shown.warnings.is_empty()); // they say that the file ends too early
/// assert!(transform(cut, &Plan::new().with_tolerate(Tolerate::None), &Limits::default()).is_err());
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Tolerate {
    /// Any damage is an error.
    None,
    /// If a file ends too early, the part that arrived is used, with a warning.
    #[default]
    Truncated,
    /// Damage is tolerated, with a warning for each fault, as long as the whole image is present (for an animation, its
    /// first frame).
    Damage,
    /// Whatever can be decoded is used, with a warning for each fault.
    Errors,
}

impl Tolerate {
    /// Whether the file may end before the image does.
    pub(crate) fn truncation(self) -> bool {
        matches!(self, Tolerate::Truncated | Tolerate::Errors)
    }

    /// Whether data may make no sense.
    pub(crate) fn damage(self) -> bool {
        matches!(self, Tolerate::Damage | Tolerate::Errors)
    }

    /// What both accept.
    pub(crate) fn and(self, other: Tolerate) -> Tolerate {
        match (self.truncation() && other.truncation(), self.damage() && other.damage()) {
            (false, false) => Tolerate::None,
            (true, false) => Tolerate::Truncated,
            (false, true) => Tolerate::Damage,
            (true, true) => Tolerate::Errors,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_of_one_call_accept_what_all_of_them_do() {
        use Tolerate::{Damage, Errors, None, Truncated};
        for tolerate in [None, Truncated, Damage, Errors] {
            assert_eq!(
                (tolerate.and(tolerate), tolerate.and(Errors), tolerate.and(None)),
                (tolerate, tolerate, None)
            );
        }
        assert_eq!(Truncated.and(Damage), None);
    }
}

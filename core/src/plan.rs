//! What to make of an image: plain data.

use serde::{Deserialize, Serialize};

/// How much damage in the input is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tolerate {
    /// Any damage is an error.
    None,
    /// A file that ends too early gives the part that arrived, with a warning.
    #[default]
    Truncated,
    /// Whatever can be decoded is, with a warning for each fault.
    Errors,
}

/// How samples are weighed when an image is resized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kernel {
    /// The one sample that lies under the output's centre: hard edges, and aliases when reducing.
    Nearest,
    /// The mean over the area that an output sample covers.
    Box,
    /// A triangle (bilinear): soft.
    Linear,
    /// Catmull-Rom, the cubic with B = 0 and C = 1/2: sharp, short.
    Cubic,
    /// Mitchell-Netravali, the cubic with B = C = 1/3: softer than Catmull-Rom, hardly any ringing.
    Mitchell,
    /// A sinc windowed by its own first lobe's stretch, two lobes.
    Lanczos2,
    /// The same with three lobes: the sharpest.
    #[default]
    Lanczos3,
}

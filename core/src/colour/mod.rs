//! Colours: converts ICC profiles to sRGB and Y'CbCr to RGB, and flattens alpha onto a background.
//!
//! `press.icc` is what CMYK means without a profile: the table from inks to L\*a\*b\* of the profile "Chemical proof"
//! by Graeme Gill, which he released into the public domain, at six levels of each ink. libvips uses the same
//! profile. The profiles in `testdata` are from saucecontrol's Compact ICC Profiles, also in the public domain (CC0).

mod black;
mod flatten;
mod hdr;
mod icc;
mod options;
mod output;
mod profile;
#[cfg_attr(
    not(any(feature = "avif", feature = "png")),
    allow(dead_code, reason = "other formats have ICC profiles only")
)]
pub(crate) mod space;
mod value;
mod ycbcr;

pub(crate) use flatten::{convert, flatten};
pub(crate) use hdr::tone_map;
pub(crate) use icc::to_srgb;
pub use options::{Model, Profile};
pub(crate) use output::OutputProfile;
pub(crate) use profile::is_srgb;
pub use value::Colour;
pub(crate) use ycbcr::ycbcr_to_rgb;

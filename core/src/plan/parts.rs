//! The small parts of a plan: frames, colour space, turns, trim, metadata.

use serde::{Deserialize, Serialize};

use crate::colour::{Colour, Profile};
use crate::error::{Error, Result};
use crate::options::{Within, options};

/// Which frames of an animation are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Frames {
    /// The first one; the output is a still.
    #[default]
    First,
    /// All of them, if the output's format can hold an animation (GIF and WebP); the first one otherwise.
    All,
    /// Some that follow one another: `{"range": {"start": 2, "count": 1}}`; the first of these, if the output's format
    /// can't hold an animation.
    Range {
        /// The first one that is read, counted from 0.
        start: u32,
        /// How many are read, at least 1; fewer if the animation ends.
        count: u32,
    },
}

impl Frames {
    pub(super) fn check(self) -> Result<()> {
        match self {
            Frames::First | Frames::All => Ok(()),
            Frames::Range { count, .. } => count.within(1..).map_err(|error| error.at("range.count")),
        }
    }
}

/// What space the input's colours are assumed to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Assume {
    /// In that of its ICC profile; sRGB without one.
    #[default]
    Profile,
    /// sRGB, whatever its ICC profile says; the profile is not kept.
    Srgb,
}

options! {
    /// Turning and mirroring, in this order: upright, `rotate`, `flip`, `flop`. It comes before the crop and the
    /// resize.
    #[derive(Copy, Eq)]
    pub struct Orient {
        /// Whether the image is turned upright as its EXIF orientation tag says. Default: `true`.
        auto (with_auto): bool = true;
        /// Degrees to turn clockwise: 0, 90, 180 or 270. Default: 0.
        rotate (with_rotate): u16 = 0;
        /// Whether to mirror top to bottom. Default: `false`.
        flip (with_flip): bool = false;
        /// Whether to mirror left to right. Default: `false`.
        flop (with_flop): bool = false;
    }
}

impl Orient {
    pub(super) fn check(&self) -> Result<()> {
        match self.rotate {
            0 | 90 | 180 | 270 => Ok(()),
            other => Err(Error::out_of_range("rotate", "0, 90, 180 or 270", other)),
        }
    }
}

options! {
    /// Cutting off borders of one colour.
    #[derive(Copy)]
    pub struct Trim {
        /// The border's colour. Default: that of the top left pixel.
        background (with_background): Colour;
        /// How far a border's pixel may be from that colour, in levels of a channel, at least 0. Default: 10.
        threshold (with_threshold): f64 = 10.0, 0.0..;
        /// Whether the picture is a drawing: single pixels that differ count. Default: `false`, single pixels are
        /// noise.
        lineart (with_lineart): bool = false;
        /// Pixels of the border to leave. Default: 0.
        margin (with_margin): u32 = 0;
    }
}

options! {
    /// What is kept of the input's metadata, and what is written of its own. An EXIF block that is kept has its
    /// orientation tag set to upright if the pixels were turned, so that no viewer turns the picture twice.
    pub struct Metadata {
        /// Whether the EXIF block is kept (it may hold the place where a photo was taken). Default: `false`.
        exif (with_exif): bool = false;
        /// Whether the ICC profile is kept, and the colours left in its space. Default: `false` (converted to sRGB).
        icc (with_icc): bool = false;
        /// Whether the XMP block is kept. Default: `false`.
        xmp (with_xmp): bool = false;
        /// The orientation tag to write, 1 to 8, into the EXIF block that is kept or else into a new one; the pixels
        /// are not turned by it. GIF has no place for it, and viewers of AVIF don't look at it. Default: none.
        orientation (with_orientation): u8, 1..=8;
        /// The density to write, 1 to 65,535 dots per inch: for JPEG and PNG in the format's own way, for WebP and AVIF
        /// in EXIF, and in an EXIF block that is kept. GIF has no place for it. Default: none.
        density (with_density): f64, 1.0..=65_535.0;
        /// The colour space of the output's pixels, embedded as its ICC profile; `icc` does not count then. GIF has no
        /// place for it, and keeps sRGB. Default: sRGB, without a profile.
        profile (with_profile): Profile;
    }
}

impl Metadata {
    pub(super) fn check(&self) -> Result<()> {
        self.check_ranges()?;
        let profile = self.profile.as_ref();
        profile
            .map_or(Ok(()), Profile::check)
            .map_err(|error| error.at("profile"))
    }
}

//! The small parts of a plan: frames, colour space, turns, trim, metadata.

use serde::{Deserialize, Serialize};

use crate::colour::{Colour, Profile};
use crate::error::{Error, Result};
use crate::options::{Within, options};

/// Which frames of an animation to read.
///
/// ```
/// use keenpix::Plan;
/// use keenpix::plan::Frames;
///
/// let plan = Plan::from_json(r#"{"frames": {"range": {"start": 2, "count": 1}}}"#)?;
/// assert_eq!(plan.frames, Frames::Range { start: 2, count: 1 });
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Frames {
    /// The first one; the output is a still image.
    #[default]
    First,
    /// All of them, if the output's format can hold an animation (GIF, PNG and WebP); the first one otherwise.
    All,
    /// Consecutive ones: `{"range": {"start": 2, "count": 1}}`; only the first of these if the output's format can't
    /// hold an animation.
    Range {
        /// The first one to read, counted from 0.
        start: u32,
        /// How many to read, at least 1; fewer if the animation ends.
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
///
/// ```
/// use keenpix::Plan;
/// use keenpix::plan::Assume;
///
/// assert_eq!(Plan::from_json(r#"{"assume": "srgb"}"#)?.assume, Assume::Srgb);
/// # Ok::<(), keenpix::Error>(())
/// ```
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
    /// Rotation and mirroring, in this order: upright, `rotate`, `flip`, `flop`. It comes before the crop and the
    /// resize.
    ///
    /// ```
    /// use keenpix::plan::Orient;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let plan = Plan::new().with_orient(Orient::new().with_rotate(90));
    /// let output = transform(include_bytes!("../../tests/images/rgb.png"), &plan, &Limits::default())?; // 64 × 48
    /// assert_eq!((output.width, output.height), (48, 64));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct Orient {
        /// Whether to turn the image upright according to its EXIF orientation tag. Default: `true`.
        auto (with_auto): bool = true;
        /// Degrees to rotate clockwise: 0, 90, 180 or 270. Default: 0.
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
    /// Trims borders of one colour.
    ///
    /// ```
    /// use keenpix::Plan;
    /// use keenpix::plan::Trim;
    ///
    /// let plan = Plan::new().with_trim(Trim::new().with_threshold(20.0).with_margin(4));
    /// assert_eq!(plan, Plan::from_json(r#"{"trim": {"threshold": 20, "margin": 4}}"#)?);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy)]
    pub struct Trim {
        /// The border's colour. Default: that of the top left pixel.
        background (with_background): Colour;
        /// How far a border's pixel may be from that colour, in levels of a channel, at least 0. Default: 10.
        threshold (with_threshold): f64 = 10.0, 0.0..;
        /// Whether the image is line art, in which single differing pixels count. Default: `false`: single pixels are
        /// noise.
        lineart (with_lineart): bool = false;
        /// Pixels of the border to keep. Default: 0.
        margin (with_margin): u32 = 0;
    }
}

options! {
    /// What is kept of the input's metadata, and what is written of its own. What is kept stays true: an EXIF block has
    /// its orientation tag set to upright if the pixels were turned, so that no viewer turns the picture twice, and its
    /// size to that of the output; a thumbnail of the input, or what XMP says of a gain map, is not kept.
    ///
    /// ```
    /// use keenpix::plan::Metadata;
    /// use keenpix::{Limits, Plan, probe, transform};
    ///
    /// let plan = Plan::new().with_metadata(Metadata::new().with_density(300.0));
    /// let output = transform(include_bytes!("../../tests/images/rgb.png"), &plan, &Limits::default())?;
    /// assert_eq!(probe(&output.bytes)?.density, Some(300));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Metadata {
        /// Whether to keep the EXIF block (it may contain the place where a photo was taken). Default: `false`.
        exif (with_exif): bool = false;
        /// Whether to keep the ICC profile and leave the colours in its space. Default: `false` (converted to sRGB).
        icc (with_icc): bool = false;
        /// Whether to keep the XMP block. Default: `false`.
        xmp (with_xmp): bool = false;
        /// Whether to keep IPTC's fields, in Photoshop's block. Only JPEG can store them. Default: `false`.
        iptc (with_iptc): bool = false;
        /// The orientation tag to write, 1 to 8, into the EXIF block that is kept or else a new one; it doesn't rotate
        /// the pixels. GIF can't store it, and AVIF viewers ignore it. Default: none.
        orientation (with_orientation): u8, 1..=8;
        /// The density to write, 1 to 65,535 dots per inch: in the format's own field for JPEG and PNG, in EXIF for
        /// WebP and AVIF, and in any EXIF block that is kept. GIF can't store it. Default: none.
        density (with_density): f64, 1.0..=65_535.0;
        /// The colour space of the output's pixels, embedded as its ICC profile; overrides `icc`. GIF can't store it,
        /// and stays in sRGB. Default: sRGB, without a profile.
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

//! What to make of an image: plain data, in the fixed order in which it is carried out.
//!
//! A plan is the same in Rust, in JSON, in Node and in Python. Unknown keys are errors. What may be spent on it
//! is not in here: that is [`Limits`](crate::Limits), which belongs to the host.

mod base64;
mod effect;
mod encode;
mod json;
mod resize;
mod source;

use serde::{Deserialize, Serialize};

use crate::colour::Colour;

pub use crate::request::Tolerate;
pub use base64::Base64;
pub use effect::{
    Blend, Blur, Composite, Edge, Effect, EnsureAlpha, Extend, Flip, Flop, Gamma, Greyscale, Layer, Linear, Median,
    Modulate, Negate, Normalise, RemoveAlpha, Rotate, Sharpen, Threshold, Tint,
};
pub use encode::{Avif, Chroma, Encode, Gif, Jpeg, Png, Preset, RawPixels, Webp};
pub use resize::{Anchor, Crop, Fit, Kernel, Position, Resize};
pub use source::{Create, Input, Raw, Source};

/// What to make of an image. `{}` re-encodes it in its own format, upright, in sRGB, stripped of metadata.
///
/// The order is fixed, whatever the order of the keys: orient, trim, crop, resize, flatten, effects, colours,
/// encode.
///
/// ```
/// use keenpix::{Fit, Plan, Resize, Webp};
///
/// let plan = Plan::new()
///     .with_resize(Resize::new().with_width(512).with_height(512).with_fit(Fit::Cover))
///     .with_encode(Webp::new().with_quality(80));
/// let same = Plan::from_json(r#"{
///     "resize": {"width": 512, "height": 512, "fit": "cover"},
///     "encode": {"format": "webp", "quality": 80}
/// }"#)?;
/// assert_eq!(plan, same);
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// What the bytes are. The plans of one call have the same. Default: an image file.
    pub input: Input,
    /// How much damage in the input is accepted. Default: `truncated`.
    pub tolerate: Tolerate,
    /// What an ICC profile in the input means for its colours. Default: `heed`.
    pub icc: Icc,
    /// Which frames of an animation are read. Default: `first`.
    pub frames: Frames,
    /// Dots per inch at which a drawing (SVG) is drawn, 1 to 100,000: 144 makes it twice as large. Default: 72.
    pub density: Option<f64>,
    /// Turning and mirroring. Default: upright, as the camera's orientation tag says.
    pub orient: Orient,
    /// Whether borders of one colour are cut off before anything else is. Default: no.
    pub trim: Option<Trim>,
    /// The part of the upright (and trimmed) image to use. Default: all of it.
    pub crop: Option<Crop>,
    /// The size to bring it to. Default: the size it has.
    pub resize: Option<Resize>,
    /// The colour behind transparent pixels where the output has no alpha, and around a `contain`ed image.
    /// Default: `#ffffff`.
    pub background: Colour,
    /// Whether transparent pixels are laid on the background even where the output could keep them. Default: `false`.
    pub flatten: bool,
    /// What is done to the resized picture, in this order. Default: nothing.
    pub effects: Vec<Effect>,
    /// The colour channels of the output. Default: as they come.
    pub colours: Colours,
    /// The output's format and its options. Default: the input's format; PNG for the formats that are only
    /// read, and for `raw` and `create`.
    pub encode: Option<Encode>,
    /// What is kept of the input's metadata. Default: nothing.
    pub metadata: Metadata,
}

impl Plan {
    /// The plan that re-encodes: the same as `{}` in JSON.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a plan from JSON.
    ///
    /// # Errors
    ///
    /// [`Error::BadPlan`](crate::Error::BadPlan) names the place, the key or value, and the nearest legal one.
    ///
    /// ```
    /// let error = keenpix::Plan::from_json(r#"{"resize": {"widht": 100}}"#).unwrap_err();
    /// assert_eq!(error.code(), "BAD_PLAN");
    /// assert!(error.to_string().contains("did you mean `width`?"), "{error}");
    /// ```
    pub fn from_json(json: &str) -> crate::Result<Self> {
        json::parse(json)
    }

    /// Sets [`Plan::tolerate`].
    pub fn with_tolerate(mut self, tolerate: Tolerate) -> Self {
        self.tolerate = tolerate;
        self
    }

    /// Sets [`Plan::frames`].
    pub fn with_frames(mut self, frames: Frames) -> Self {
        self.frames = frames;
        self
    }

    /// Sets [`Plan::orient`].
    pub fn with_orient(mut self, orient: Orient) -> Self {
        self.orient = orient;
        self
    }

    /// Sets [`Plan::input`].
    pub fn with_input(mut self, input: Input) -> Self {
        self.input = input;
        self
    }

    /// Sets [`Plan::density`].
    pub fn with_density(mut self, density: f64) -> Self {
        self.density = Some(density);
        self
    }

    /// Sets [`Plan::trim`].
    pub fn with_trim(mut self, trim: Trim) -> Self {
        self.trim = Some(trim);
        self
    }

    /// Adds to [`Plan::effects`].
    pub fn with_effect(mut self, effect: impl Into<Effect>) -> Self {
        self.effects.push(effect.into());
        self
    }

    /// Sets [`Plan::colours`].
    pub fn with_colours(mut self, colours: Colours) -> Self {
        self.colours = colours;
        self
    }

    /// Sets [`Plan::crop`].
    pub fn with_crop(mut self, crop: Crop) -> Self {
        self.crop = Some(crop);
        self
    }

    /// Sets [`Plan::resize`].
    pub fn with_resize(mut self, resize: Resize) -> Self {
        self.resize = Some(resize);
        self
    }

    /// Sets [`Plan::background`].
    pub fn with_background(mut self, background: Colour) -> Self {
        self.background = background;
        self
    }

    /// Sets [`Plan::flatten`].
    pub fn with_flatten(mut self, flatten: bool) -> Self {
        self.flatten = flatten;
        self
    }

    /// Sets [`Plan::encode`].
    pub fn with_encode(mut self, encode: impl Into<Encode>) -> Self {
        self.encode = Some(encode.into());
        self
    }

    /// Sets [`Plan::metadata`].
    pub fn with_metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }
}

/// Which frames of an animation are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
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

/// What an ICC profile in the input means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Icc {
    /// Colours are in its space.
    #[default]
    Heed,
    /// Nothing: colours are taken for sRGB, and the profile is not kept.
    Ignore,
}

/// Turning and mirroring, in this order: upright, `rotate`, `flip`, `flop`. It comes before the crop and the resize.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Orient {
    /// Whether the image is turned upright as its EXIF orientation tag says. Default: `true`.
    pub auto: bool,
    /// Degrees to turn clockwise: 0, 90, 180 or 270. Default: 0.
    pub rotate: u16,
    /// Whether to mirror top to bottom. Default: `false`.
    pub flip: bool,
    /// Whether to mirror left to right. Default: `false`.
    pub flop: bool,
}

impl Default for Orient {
    fn default() -> Self {
        Orient {
            auto: true,
            rotate: 0,
            flip: false,
            flop: false,
        }
    }
}

/// Cutting off borders of one colour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Trim {
    /// The border's colour. Default: that of the top left pixel.
    pub background: Option<Colour>,
    /// How far a border's pixel may be from that colour, in levels of a channel. Default: 10.
    pub threshold: f64,
    /// Whether the picture is a drawing: single pixels that differ count. Default: `false`, single pixels are noise.
    pub lineart: bool,
    /// Pixels of the border to leave. Default: 0.
    pub margin: u32,
}

impl Default for Trim {
    fn default() -> Self {
        Trim {
            background: None,
            threshold: 10.0,
            lineart: false,
            margin: 0,
        }
    }
}

/// The colour channels of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Colours {
    /// Grey stays grey, colours stay colours.
    #[default]
    Auto,
    /// Three channels, even if all are grey.
    Rgb,
    /// One channel.
    Grey,
}

/// What is kept of the input's metadata, and what is written of its own. What is kept of the EXIF block has its orientation tag set to upright if the
/// pixels were turned, so that no viewer turns the picture twice.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Metadata {
    /// Whether the EXIF block is kept (it may hold the place where a photo was taken). Default: `false`.
    pub exif: bool,
    /// Whether the ICC profile is kept, and the colours left in its space. Default: `false` (converted to sRGB).
    pub icc: bool,
    /// Whether the XMP block is kept. Default: `false`.
    pub xmp: bool,
    /// The orientation tag to write, 1 to 8, into the EXIF block that is kept or else into a new one; the pixels are not
    /// turned by it. GIF has no place for it, and viewers of AVIF don't look at it. Default: none.
    pub orientation: Option<u8>,
    /// The density to write, 1 to 65,535 dots per inch: for JPEG and PNG in the format's own way, for WebP and AVIF in
    /// EXIF, and in an EXIF block that is kept. GIF has no place for it. Default: none.
    pub density: Option<f64>,
    /// The colour space of the output's pixels, embedded as its ICC profile; `icc` does not count then. GIF has no place
    /// for it, and keeps sRGB. Default: sRGB, without a profile.
    pub profile: Option<Profile>,
}

/// The colour space of an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Profile {
    /// sRGB.
    Srgb,
    /// Display P3. The colours are those of sRGB, in other numbers.
    P3,
    /// The RGB space of an ICC profile with primaries and curves: `{"icc": "<base64>"}`. Grey pictures become RGB.
    Icc(Base64),
}

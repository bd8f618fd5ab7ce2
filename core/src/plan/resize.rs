//! The crop and the resize of a plan.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::colour::Colour;

/// A part of the upright image, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Crop {
    /// Columns to leave out on the left.
    pub left: u32,
    /// Rows to leave out at the top.
    pub top: u32,
    /// Columns to keep.
    pub width: u32,
    /// Rows to keep.
    pub height: u32,
}

/// The size to bring the image to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Resize {
    /// Width of the box, in pixels. Default: from the height and the aspect ratio.
    pub width: Option<u32>,
    /// Height of the box, in pixels. Default: from the width and the aspect ratio.
    pub height: Option<u32>,
    /// How the image fits the box. Default: `cover`.
    pub fit: Fit,
    /// Which part `cover` keeps, and where `contain` puts the image. Default: `centre`.
    pub position: Position,
    /// The resampling filter. Default: `lanczos3`.
    pub kernel: Kernel,
    /// Whether the image may become larger than it is. Default: `true`.
    pub enlarge: bool,
    /// Whether the image may become smaller than it is. Default: `true`.
    pub reduce: bool,
    /// The colour around a `contain`ed image. Default: the plan's background.
    pub background: Option<Colour>,
    /// Averages values to the power of this, and takes the root of the result: between 1 and 3. Default: none.
    pub gamma: Option<f64>,
    /// Whether to average light instead of stored values: slower, and truer for fine bright detail. Default: `false`.
    pub linear: bool,
}

impl Default for Resize {
    fn default() -> Self {
        Resize {
            width: None,
            height: None,
            fit: Fit::Cover,
            position: Position::default(),
            kernel: Kernel::Lanczos3,
            enlarge: true,
            reduce: true,
            background: None,
            gamma: None,
            linear: false,
        }
    }
}

impl Resize {
    /// A resize without a box yet: the size stays.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`Resize::width`].
    pub fn with_width(mut self, width: u32) -> Self {
        self.width = Some(width);
        self
    }

    /// Sets [`Resize::height`].
    pub fn with_height(mut self, height: u32) -> Self {
        self.height = Some(height);
        self
    }

    /// Sets [`Resize::fit`].
    pub fn with_fit(mut self, fit: Fit) -> Self {
        self.fit = fit;
        self
    }

    /// Sets [`Resize::position`].
    pub fn with_position(mut self, position: impl Into<Position>) -> Self {
        self.position = position.into();
        self
    }

    /// Sets [`Resize::kernel`].
    pub fn with_kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets [`Resize::enlarge`].
    pub fn with_enlarge(mut self, enlarge: bool) -> Self {
        self.enlarge = enlarge;
        self
    }

    /// Sets [`Resize::reduce`].
    pub fn with_reduce(mut self, reduce: bool) -> Self {
        self.reduce = reduce;
        self
    }

    /// Sets [`Resize::background`].
    pub fn with_background(mut self, background: Colour) -> Self {
        self.background = Some(background);
        self
    }

    /// Sets [`Resize::gamma`].
    pub fn with_gamma(mut self, gamma: f64) -> Self {
        self.gamma = Some(gamma);
        self
    }

    /// Sets [`Resize::linear`].
    pub fn with_linear(mut self, linear: bool) -> Self {
        self.linear = linear;
        self
    }
}

/// How an image fits a box: the words of CSS `object-fit`, and `outside`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// Fills the box, keeps the aspect ratio, cuts off what is over.
    #[default]
    Cover,
    /// Fits into the box, keeps the aspect ratio, fills the rest with the background.
    Contain,
    /// Fills the box, without regard to the aspect ratio.
    Fill,
    /// As large as possible within the box; the output may be smaller than the box in one direction.
    Inside,
    /// As small as possible around the box; the output may be larger than the box in one direction.
    Outside,
}

/// Which part `cover` keeps, and where `contain` puts the image: a name, or a focal point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    untagged,
    expecting = "position: a name such as `centre`, `top`, `right top`, `entropy`, `attention`, or a focal point such as {\"x\": 0.3, \"y\": 0.6}"
)]
pub enum Position {
    /// A side, a corner, the centre, or a search.
    Named(Anchor),
    /// The point to keep as near the middle as possible, in fractions of the image: `{"x": 0.5, "y": 0.3}`.
    Focal {
        /// 0 is the left edge, 1 the right one.
        x: f64,
        /// 0 is the top edge, 1 the bottom one.
        y: f64,
    },
}

impl Default for Position {
    fn default() -> Self {
        Position::Named(Anchor::Centre)
    }
}

impl From<Anchor> for Position {
    fn from(anchor: Anchor) -> Self {
        Position::Named(anchor)
    }
}

/// A named position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// The middle.
    #[default]
    Centre,
    /// The middle of the top edge.
    Top,
    /// The top right corner.
    RightTop,
    /// The middle of the right edge.
    Right,
    /// The bottom right corner.
    RightBottom,
    /// The middle of the bottom edge.
    Bottom,
    /// The bottom left corner.
    LeftBottom,
    /// The middle of the left edge.
    Left,
    /// The top left corner.
    LeftTop,
    /// The part with the highest entropy. Only for `cover`.
    Entropy,
    /// The part with the most that draws the eye: edges, saturated colour, skin. Only for `cover`.
    Attention,
}

/// Every spelling of every name; the first one of each is what is written.
const ANCHORS: [(&str, Anchor); 16] = [
    ("centre", Anchor::Centre),
    ("center", Anchor::Centre),
    ("top", Anchor::Top),
    ("right top", Anchor::RightTop),
    ("top right", Anchor::RightTop),
    ("right", Anchor::Right),
    ("right bottom", Anchor::RightBottom),
    ("bottom right", Anchor::RightBottom),
    ("bottom", Anchor::Bottom),
    ("left bottom", Anchor::LeftBottom),
    ("bottom left", Anchor::LeftBottom),
    ("left", Anchor::Left),
    ("left top", Anchor::LeftTop),
    ("top left", Anchor::LeftTop),
    ("entropy", Anchor::Entropy),
    ("attention", Anchor::Attention),
];

impl Anchor {
    /// The name, as in a plan.
    pub fn name(self) -> &'static str {
        ANCHORS
            .iter()
            .find(|(_, anchor)| *anchor == self)
            .map_or("centre", |(name, _)| name)
    }
}

impl std::str::FromStr for Anchor {
    type Err = crate::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        ANCHORS
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, anchor)| *anchor)
            .ok_or_else(|| {
                let names: Vec<_> = ANCHORS.iter().map(|(name, _)| *name).collect();
                crate::Error::bad_plan(format_args!(
                    "unknown position `{name}`, expected one of: {}",
                    names.join(", ")
                ))
            })
    }
}

impl Serialize for Anchor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Anchor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Anchor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Anchor".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<_> = ANCHORS.iter().map(|(name, _)| *name).collect();
        schemars::json_schema!({ "type": "string", "description": "A named position.", "enum": names })
    }
}

/// A resampling filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kernel {
    /// The nearest sample: hard edges, for pixel art.
    Nearest,
    /// The average of what a pixel covers.
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

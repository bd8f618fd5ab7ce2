//! Where in a box: names and focal points.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Reason, Result};
use crate::options::Within;

/// Which part `cover` keeps, and where `contain` puts the image: a name, or a focal point.
///
/// ```
/// use keenpix::plan::Position;
/// use keenpix::{Limits, Plan, Resize, transform};
///
/// let face = Position::Focal { x: 0.3, y: 0.4 };
/// let plan = Plan::new().with_resize(Resize::new().with_width(32).with_height(32).with_position(face));
/// assert!(transform(include_bytes!("../tests/images/rgb.png"), &plan, &Limits::default()).is_ok());
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    untagged,
    expecting = "a name such as `centre`, `top`, `right top`, `entropy`, `attention`, or a focal point such as {\"x\": 0.3, \"y\": 0.6}"
)]
#[non_exhaustive]
pub enum Position {
    /// A side, a corner, the centre, or a search for the best part.
    Named(Anchor),
    /// The point to keep as close to the middle as possible, in fractions of the image: `{"x": 0.5, "y": 0.3}`.
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

impl Position {
    /// Refuses points that are not in the image.
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Position::Named(_) => Ok(()),
            Position::Focal { x, y } => [("x", x), ("y", y)]
                .into_iter()
                .try_for_each(|(axis, fraction)| fraction.within(0.0..=1.0).map_err(|error| error.at(axis))),
        }
    }

    /// Where in the free space: 0 is left or top, 1 right or bottom.
    pub(crate) fn fractions(&self) -> (f64, f64) {
        match *self {
            Position::Focal { x, y } => (x, y),
            Position::Named(anchor) => match anchor {
                Anchor::Centre | Anchor::Entropy | Anchor::Attention => (0.5, 0.5),
                Anchor::Top => (0.5, 0.0),
                Anchor::RightTop => (1.0, 0.0),
                Anchor::Right => (1.0, 0.5),
                Anchor::RightBottom => (1.0, 1.0),
                Anchor::Bottom => (0.5, 1.0),
                Anchor::LeftBottom => (0.0, 1.0),
                Anchor::Left => (0.0, 0.5),
                Anchor::LeftTop => (0.0, 0.0),
            },
        }
    }
}

impl From<Anchor> for Position {
    fn from(anchor: Anchor) -> Self {
        Position::Named(anchor)
    }
}

/// A named position.
///
/// ```
/// use keenpix::plan::Anchor;
///
/// assert_eq!("top right".parse::<Anchor>()?, Anchor::RightTop);
/// assert_eq!(Anchor::RightTop.name(), "right top");
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
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

/// The spellings alone.
const ANCHOR_NAMES: [&str; ANCHORS.len()] = {
    let mut names = [""; ANCHORS.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = ANCHORS[index].0;
        index += 1;
    }
    names
};

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
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        ANCHORS
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, anchor)| *anchor)
            .ok_or_else(|| {
                Error::out_of_range(
                    "",
                    format_args!("one of {}", ANCHOR_NAMES.join(", ")),
                    format_args!("`{name}`"),
                )
                .because(Reason::UnknownValue)
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
        name.parse()
            .map_err(|_| serde::de::Error::unknown_variant(&name, &ANCHOR_NAMES))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Anchor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Anchor".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "A named position.", "enum": ANCHOR_NAMES })
    }
}

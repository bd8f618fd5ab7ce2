//! What may be done to the resized picture: a list of steps, carried out in the order in which they are written.
//!
//! Each does what sharp's method of the same name does.

use serde::{Deserialize, Serialize};

use super::{Anchor, Crop, Source};
use crate::colour::Colour;

/// One step: `{"effect": "blur", "sigma": 2}`. A grey picture stays grey through every step: a border's colour counts by its
/// luma, and a tint has nothing to do.
///
/// ```
/// use keenpix::encode::Png;
/// use keenpix::{Blur, Limits, Modulate, Plan, transform};
///
/// let photo = include_bytes!("../../tests/images/rgb.png");
/// let plan = Plan::new()
///     .with_effect(Blur { sigma: Some(2.0), ..Default::default() })
///     .with_effect(Modulate { saturation: 0.5, ..Default::default() })
///     .with_encode(Png::new());
/// let soft = transform(photo, &plan, &Limits::default())?;
/// assert_eq!((soft.width, soft.height), (64, 48));
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "effect", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effect {
    /// Cuts a part out.
    Crop(Crop),
    /// Turns by any angle.
    Rotate(Rotate),
    /// Mirrors top to bottom.
    Flip(Flip),
    /// Mirrors left to right.
    Flop(Flop),
    /// Adds a border.
    Extend(Extend),
    /// Turns colours to grey.
    Greyscale(Greyscale),
    /// Brightens or darkens the middle tones.
    Gamma(Gamma),
    /// Multiplies and adds.
    Linear(Linear),
    /// Turns every value into its opposite.
    Negate(Negate),
    /// Stretches the lightness to the full range.
    Normalise(Normalise),
    /// Black below, white from a value on.
    Threshold(Threshold),
    /// Colours by one hue, keeps the lightness.
    Tint(Tint),
    /// Changes brightness, saturation, hue and lightness.
    Modulate(Modulate),
    /// Replaces each pixel by the median of its surroundings.
    Median(Median),
    /// Blurs.
    Blur(Blur),
    /// Sharpens.
    Sharpen(Sharpen),
    /// Lays other pictures on it.
    Composite(Composite),
    /// Adds an alpha channel if there is none.
    EnsureAlpha(EnsureAlpha),
    /// Drops the alpha channel.
    RemoveAlpha(RemoveAlpha),
}

/// A struct of options with defaults, its `Default`, and its way into [`Effect`].
macro_rules! effects {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $default:expr,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl Default for $name {
            fn default() -> Self {
                $name { $($field: $default,)* }
            }
        }

        impl From<$name> for Effect {
            fn from(options: $name) -> Self {
                Effect::$name(options)
            }
        }
    )*};
}

effects! {
    /// Turning by any angle: multiples of 90 move pixels, others resample and enlarge the canvas.
    Rotate {
        /// Degrees clockwise; may be negative. Default: 0.
        angle: f64 = 0.0,
        /// The colour of the corners. Default: the plan's background.
        background: Option<Colour> = None,
    }
    /// Mirroring top to bottom.
    Flip {}
    /// Mirroring left to right.
    Flop {}
    /// A border.
    Extend {
        /// Rows to add at the top. Default: 0.
        top: u32 = 0,
        /// Columns to add on the right. Default: 0.
        right: u32 = 0,
        /// Rows to add at the bottom. Default: 0.
        bottom: u32 = 0,
        /// Columns to add on the left. Default: 0.
        left: u32 = 0,
        /// The colour of the border. Default: the plan's background.
        background: Option<Colour> = None,
        /// What the border shows. Default: `background`.
        edge: Edge = Edge::Background,
    }
    /// Colours to grey; the picture has one colour channel from here on.
    Greyscale {}
    /// A gamma curve: a value v of 0 to 1 becomes v^(1 / exponent).
    Gamma {
        /// The exponent, 0.01 to 100: above 1 brightens, below 1 darkens. Default: 2.2.
        exponent: f64 = 2.2,
    }
    /// A straight line for each channel: `slope × value + offset`, values from 0 to 255. One number counts for all colour
    /// channels; as many as there are channels count one each (alpha too, if it is among them).
    Linear {
        /// Factors. Default: `[1]`.
        slope: Vec<f64> = vec![1.0],
        /// What is added. Default: `[0]`.
        offset: Vec<f64> = vec![0.0],
    }
    /// The opposite of every value.
    Negate {
        /// Whether alpha is negated too. Default: `true`.
        alpha: bool = true,
    }
    /// The lightness, stretched so that a part of the pixels lies at either end.
    Normalise {
        /// The percentile that becomes black, 0 to 99. Default: 1.
        lower: f64 = 1.0,
        /// The percentile that becomes white, 1 to 100. Default: 99.
        upper: f64 = 99.0,
    }
    /// Black and white. Alpha is cut like the colours.
    Threshold {
        /// The lowest value that becomes white, 0 to 255. Default: 128.
        value: u8 = 128,
        /// Whether the picture is turned to grey first; otherwise each channel is cut by itself. Default: `true`.
        greyscale: bool = true,
    }
    /// One hue.
    Tint {
        /// The colour. Default: white.
        colour: Colour = Colour::WHITE,
    }
    /// Brightness, saturation and hue in CIE LCh.
    Modulate {
        /// A factor for the lightness. Default: 1.
        brightness: f64 = 1.0,
        /// A factor for the saturation. Default: 1.
        saturation: f64 = 1.0,
        /// Degrees to turn the hue by. Default: 0.
        hue: f64 = 0.0,
        /// What is added to the lightness, which is 0 to 100. Default: 0.
        lightness: f64 = 0.0,
    }
    /// The median of a square around each pixel.
    Median {
        /// The square's side, in pixels, 1 to 1000. Default: 3.
        size: u32 = 3,
    }
    /// A blur.
    Blur {
        /// Standard deviation of the Gaussian, in pixels, 0.3 to 1000. Default: none, which averages 3 × 3 pixels.
        sigma: Option<f64> = None,
        /// Where the tails of the Gaussian are cut off, as a part of its height, 0.001 to 1. Default: 0.2.
        amplitude: f64 = 0.2,
    }
    /// A sharpening of the lightness (unsharp mask), weaker in flat parts than in jagged ones.
    Sharpen {
        /// Standard deviation of the Gaussian, in pixels, up to 10. Default: none, which is a fast and mild 3 × 3 sharpening.
        sigma: Option<f64> = None,
        /// Strength in flat parts. Default: 1.
        flat: f64 = 1.0,
        /// Strength in jagged parts. Default: 2.
        jagged: f64 = 2.0,
        /// The difference in lightness from which a part is jagged. Default: 2.
        threshold: f64 = 2.0,
        /// Most that is brightened. Default: 10.
        brighten: f64 = 10.0,
        /// Most that is darkened. Default: 20.
        darken: f64 = 20.0,
    }
    /// Other pictures on top, from the first to the last.
    Composite {
        /// The pictures.
        layers: Vec<Layer> = Vec::new(),
    }
    /// An alpha channel if there is none.
    EnsureAlpha {
        /// Its value, 0 (transparent) to 1. Default: 1.
        value: f64 = 1.0,
    }
    /// No alpha channel: it is dropped, colours stay.
    RemoveAlpha {}
}

/// What a border shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Edge {
    /// The background colour.
    #[default]
    Background,
    /// The nearest pixel of the picture.
    Copy,
    /// The picture again.
    Repeat,
    /// The picture mirrored.
    Mirror,
}

/// A picture to lay on another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Where its pixels come from.
    pub source: Source,
    /// Columns from the left edge; may be negative. Default: as `position` says. Given together with `top`.
    #[serde(default)]
    pub left: Option<i32>,
    /// Rows from the top edge; may be negative.
    #[serde(default)]
    pub top: Option<i32>,
    /// Where it goes if `left` and `top` are not given. Default: `centre`.
    #[serde(default)]
    pub position: Anchor,
    /// How the two are mixed. Default: `over`.
    #[serde(default)]
    pub blend: Blend,
    /// Whether it is repeated all over the picture. Default: `false`.
    #[serde(default)]
    pub tile: bool,
}

/// How a layer (the source) is mixed with what lies below it: the names of Porter and Duff, and of PDF's blend modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Blend {
    /// Nothing is left.
    Clear,
    /// The source alone.
    Source,
    /// The source over the destination.
    #[default]
    Over,
    /// The source where the destination is.
    In,
    /// The source where the destination is not.
    Out,
    /// The source on the destination only.
    Atop,
    /// The destination alone.
    Dest,
    /// The destination over the source.
    DestOver,
    /// The destination where the source is: a mask.
    DestIn,
    /// The destination where the source is not.
    DestOut,
    /// The destination on the source only.
    DestAtop,
    /// Either, but not both.
    Xor,
    /// The sum.
    Add,
    /// The sum up to opaque.
    Saturate,
    /// The product.
    Multiply,
    /// The product of the opposites.
    Screen,
    /// Multiply or screen, by the destination.
    Overlay,
    /// The darker one.
    Darken,
    /// The lighter one.
    Lighten,
    /// The destination brightened by the source.
    ColourDodge,
    /// The destination darkened by the source.
    ColourBurn,
    /// Multiply or screen, by the source.
    HardLight,
    /// Darken or lighten softly, by the source.
    SoftLight,
    /// The difference.
    Difference,
    /// As the difference, with less contrast.
    Exclusion,
}

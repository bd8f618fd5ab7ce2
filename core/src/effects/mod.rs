//! What can be done to the resized image: a plan's list of steps, applied in order.
//!
//! An effect is one file: its options with their ranges, what else it checks, the size that comes out, and its pixels.
//! The list below is the only other place that knows it. [`check`] and [`sizes`] look at every number before the first
//! pixel; [`apply`] does the work.
//!
//! Each effect does what sharp's method of the same name does, including colour space and rounding, so that images
//! stay the same when a program moves over. A grey image stays grey throughout: borders use their colour's luma, and
//! a tint has no effect.

mod blur;
mod composite;
pub(crate) mod crop;
mod ensure_alpha;
mod extend;
mod flip;
mod flop;
mod gamma;
mod greyscale;
mod linear;
mod median;
mod modulate;
mod negate;
mod normalise;
mod remove_alpha;
mod rotate;
pub(crate) mod shared;
mod sharpen;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod threshold;
mod tint;

use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::budget::Budget;
use crate::colour::Colour;
use crate::error::{Error, Result};
use crate::image::Image;

use crop::Crop;

pub use blur::Blur;
pub(crate) use composite::LayerPixels;
pub use composite::{Blend, Composite, Layer, Source};
pub use ensure_alpha::EnsureAlpha;
pub use extend::{Edge, Extend};
pub use flip::Flip;
pub use flop::Flop;
pub use gamma::Gamma;
pub use greyscale::Greyscale;
pub use linear::Linear;
pub use median::Median;
pub use modulate::Modulate;
pub use negate::Negate;
pub use normalise::Normalise;
pub use remove_alpha::RemoveAlpha;
pub use rotate::Rotate;
pub use sharpen::Sharpen;
pub use threshold::Threshold;
pub use tint::Tint;

/// The kinds of effects, as an enum of their options, and the way from each to what it can do.
macro_rules! effects {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// One step: `{"effect": "blur", "sigma": 2}`. A grey image stays grey through every step: borders use their
        /// colour's luma, and a tint has no effect.
        ///
        /// ```
        /// use keenpix::effect::{Blur, Modulate};
        /// use keenpix::encode::Png;
        /// use keenpix::{Limits, Plan, transform};
        ///
        /// let photo = include_bytes!("../../tests/images/rgb.png");
        /// let plan = Plan::new()
        ///     .with_effect(Blur::new().with_sigma(2.0))
        ///     .with_effect(Modulate::new().with_saturation(0.5))
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
            $($(#[$doc])* $name($name),)*
        }

        $(
            impl From<$name> for Effect {
                fn from(options: $name) -> Self {
                    Effect::$name(options)
                }
            }
        )*

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        impl Effect {
            fn check(&self) -> Result<()> {
                match self {
                    $(Effect::$name(options) => options.check_ranges().and_then(|()| options.check()),)*
                }
            }

            fn options(&self) -> &dyn EffectOptions {
                match self {
                    $(Effect::$name(options) => options,)*
                }
            }
        }
    };
}

effects! {
    /// Crops to a part.
    Crop,
    /// Rotates by any angle.
    Rotate,
    /// Mirrors top to bottom.
    Flip,
    /// Mirrors left to right.
    Flop,
    /// Adds a border.
    Extend,
    /// Converts to greyscale.
    Greyscale,
    /// Brightens or darkens the middle tones.
    Gamma,
    /// Multiplies and adds.
    Linear,
    /// Inverts every value.
    Negate,
    /// Stretches the lightness to the full range.
    Normalise,
    /// Makes levels below a value black, and the rest white.
    Threshold,
    /// Tints with one colour and keeps the lightness.
    Tint,
    /// Changes brightness, saturation, hue and lightness.
    Modulate,
    /// Replaces each pixel by the median of its neighbourhood.
    Median,
    /// Blurs.
    Blur,
    /// Sharpens.
    Sharpen,
    /// Puts other images on top.
    Composite,
    /// Adds an alpha channel if there is none.
    EnsureAlpha,
    /// Removes the alpha channel.
    RemoveAlpha,
}

/// What each effect's options can do. Errors name places within the options: `sigma`, not `effects[0].sigma`.
trait EffectOptions {
    /// Refuses options that contradict each other; each has been found within its range.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The output's size for an image of `size`.
    fn size(&self, size: (u32, u32)) -> Result<(u32, u32)> {
        Ok(size)
    }

    /// Applies the effect. The options have been checked, and the output's size is within the limits.
    fn apply(&self, image: Image, context: &Context) -> Result<Image>;
}

/// What an effect is given besides the image.
struct Context<'a> {
    /// The colour of new pixels, unless the effect sets its own.
    background: Colour,
    /// The pixels of the effect's layers.
    layers: &'a LayerPixels,
    budget: &'a Budget,
}

/// Larger than anyone needs, and far from where arithmetic overflows.
const LARGEST: f64 = 1_000_000.0;

/// Most effects of a plan: each goes over every pixel.
const MOST: usize = 100;
const EXPECTED: &str = "at most 100 effects";

/// Refuses a list that is too long, and options that are out of range or contradict each other.
///
/// # Errors
///
/// [`Error::BadPlan`] with the place: `effects[0].sigma`.
pub(crate) fn check(effects: &[Effect]) -> Result<()> {
    if effects.len() > MOST {
        let got = format_args!("a list of {}", effects.len());
        return Err(Error::out_of_range("effects", EXPECTED, got));
    }
    let mut list = effects.iter().enumerate();
    list.try_for_each(|(index, effect)| effect.check().map_err(within(index)))
}

/// Reads a plan's effects, and stops at the first one too many.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Effect>, D::Error> {
    struct List;

    impl<'de> Visitor<'de> for List {
        type Value = Vec<Effect>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a sequence")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut effects = Vec::new();
            while effects.len() < MOST {
                match list.next_element()? {
                    Some(effect) => effects.push(effect),
                    None => return Ok(effects),
                }
            }
            match list.next_element::<IgnoredAny>()? {
                Some(_) => Err(A::Error::invalid_length(MOST + 1, &EXPECTED)),
                None => Ok(effects),
            }
        }
    }

    deserializer.deserialize_seq(List)
}

/// The size of the picture after each effect, from the first to the last.
///
/// # Errors
///
/// [`Error::BadPlan`] for a crop that leaves the picture, and for sizes that overflow.
pub(crate) fn sizes(mut size: (u32, u32), effects: &[Effect]) -> Result<Vec<(u32, u32)>> {
    let list = effects.iter().enumerate();
    list.map(|(index, effect)| {
        size = effect.options().size(size).map_err(within(index))?;
        Ok(size)
    })
    .collect()
}

/// Applies the effects to the resized image. `layers` has an entry for each effect.
pub(crate) fn apply(
    mut image: Image,
    effects: &[Effect],
    layers: &[LayerPixels],
    background: Colour,
    budget: &Budget,
) -> Result<Image> {
    for (index, (effect, layers)) in effects.iter().zip(layers).enumerate() {
        budget.check()?;
        let context = Context {
            background,
            layers,
            budget,
        };
        image = effect.options().apply(image, &context).map_err(within(index))?;
    }
    Ok(image)
}

/// Says which effect an error is about.
fn within(index: usize) -> impl Fn(Error) -> Error {
    move |error| error.at(format_args!("effects[{index}]"))
}

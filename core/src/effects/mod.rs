//! The effects of a plan, in the order in which it lists them: one file for each kind.
//!
//! What an effect does is what sharp's method of the same name does, colour space and rounding included, so that
//! pictures stay the same when a program moves over. A grey picture stays grey throughout: the colour of a border
//! counts by its luma, and a tint has nothing to do. [`params`] looks at every number before the first pixel, and
//! says what size comes out.

mod alpha;
mod blur;
mod border;
mod channels;
pub(crate) mod composite;
mod lab;
mod median;
mod neighbours;
mod normalise;
mod params;
mod rotate;
mod sharpen;
#[cfg(test)]
mod testing;
mod tint;
mod tone;

use crate::canvas;
use crate::error::Result;
use crate::image::{Image, Layout};
use crate::limits::Budget;
use crate::orient::Orientation;
use crate::plan::{Colours, Effect, Plan};

pub(crate) use params::{check, sizes};

/// Carries out the plan's effects on the resized picture, and brings it to the plan's colour channels.
pub(crate) fn apply(image: Image, plan: &Plan, budget: &Budget) -> Result<Image> {
    let mut image = image;
    for (index, effect) in plan.effects.iter().enumerate() {
        budget.check()?;
        image = one(image, index, effect, plan, budget)?;
    }
    match (plan.colours, image.layout) {
        (Colours::Grey, _) => channels::grey(image, budget),
        (Colours::Rgb, Layout::Grey | Layout::GreyAlpha) => channels::rgb(image, budget),
        _ => Ok(image),
    }
}

fn one(image: Image, index: usize, effect: &Effect, plan: &Plan, budget: &Budget) -> Result<Image> {
    let mirrored = |flip, flop| Orientation {
        transpose: false,
        flop,
        flip,
    };
    match effect {
        Effect::Crop(area) => canvas::cut(image, (area.left, area.top), (area.width, area.height), budget),
        Effect::Rotate(options) => rotate::apply(image, options, plan.background, budget),
        Effect::Flip(_) => mirrored(true, false).apply(image, budget),
        Effect::Flop(_) => mirrored(false, true).apply(image, budget),
        Effect::Extend(options) => border::extend(image, options, plan.background, budget),
        Effect::Greyscale(_) => channels::grey(image, budget),
        Effect::Gamma(options) => tone::gamma(image, options, budget),
        Effect::Linear(options) => tone::linear(image, index, options, budget),
        Effect::Negate(options) => tone::negate(image, options, budget),
        Effect::Normalise(options) => normalise::apply(image, options, budget),
        Effect::Threshold(options) => tone::threshold(image, options, budget),
        Effect::Tint(options) => tint::tint(image, options, budget),
        Effect::Modulate(options) => tint::modulate(image, options, budget),
        Effect::Median(options) => median::apply(image, options, budget),
        Effect::Blur(options) => blur::apply(image, options, budget),
        Effect::Sharpen(options) => sharpen::apply(image, options, budget),
        Effect::Composite(options) => composite::apply(image, options, plan, budget),
        Effect::EnsureAlpha(options) => channels::ensure_alpha(image, options, budget),
        Effect::RemoveAlpha(_) => channels::remove_alpha(image, budget),
    }
}

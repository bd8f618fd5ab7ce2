//! The effects of a plan, in the order in which it lists them: one file for each kind.

pub(crate) mod composite;

use crate::error::{Error, Result};
use crate::image::Image;
use crate::limits::Budget;
use crate::plan::{Effect, Plan};

/// Carries out the plan's effects on the resized picture.
pub(crate) fn apply(image: Image, plan: &Plan, budget: &Budget) -> Result<Image> {
    plan.effects
        .iter()
        .try_fold(image, |image, effect| one(image, effect, plan, budget))
}

fn one(image: Image, effect: &Effect, plan: &Plan, budget: &Budget) -> Result<Image> {
    budget.check()?;
    match effect {
        Effect::Composite(options) => composite::apply(image, options, plan, budget),
        other => Err(Error::unsupported(format_args!("the effect {other:?}"))),
    }
}

//! Other pictures on top.

use crate::error::{Error, Result};
use crate::image::Image;
use crate::limits::Budget;
use crate::plan::{Composite, Plan};

pub(super) fn apply(_image: Image, _options: &Composite, _plan: &Plan, _budget: &Budget) -> Result<Image> {
    Err(Error::unsupported("the effect `composite`"))
}

//! Finds the crop that keeps what matters: the `entropy` and `attention` positions.
//!
//! Both searches work like libvips', so that images keep their framing when a service moves over from
//! sharp. They run on the resized image, which is small, and read every layout without converting all of it.

mod attention;
mod entropy;
mod samples;

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::image::Image;
use crate::position::Anchor;
use samples::Samples;

/// Where a window goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) left: u32,
    pub(crate) top: u32,
    /// The most eye-catching point for [`Anchor::Attention`], in the image's pixels; `None` for entropy.
    pub(crate) focus: Option<(u32, u32)>,
}

/// Finds the best place for a window of `width × height` in an image at least that large in both directions.
///
/// `strategy` is [`Anchor::Entropy`] or [`Anchor::Attention`]; the other anchors need no search.
pub(crate) fn find(image: &Image, width: u32, height: u32, strategy: Anchor, budget: &Budget) -> Result<Found> {
    if width == 0 || height == 0 || width > image.width || height > image.height {
        return Err(Error::crop_outside(
            (0, 0),
            (width, height),
            (image.width, image.height),
        ));
    }
    match strategy {
        Anchor::Entropy => entropy::find(&Samples::new(image), width, height, budget),
        Anchor::Attention => attention::find(image, width, height, budget),
        other => Err(Error::out_of_range(
            "position",
            "`entropy` or `attention`",
            other.name(),
        )),
    }
}

#[cfg(test)]
mod tests;

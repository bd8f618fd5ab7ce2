//! The steps of [`STEPS`](super::STEPS). One with nothing to do returns the image unchanged.

use super::Rendering;
use crate::canvas;
use crate::colour;
use crate::effects;
use crate::effects::shared::channels;
use crate::encode;
use crate::error::Result;
use crate::image::{Image, Layout};
use crate::plan::{Assume, Model};
use crate::smartcrop;

pub(super) fn turn(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    rendering.geometry.orientation.apply(image, rendering.budget)
}

/// Cuts out the part that the plan's search finds in the first frame.
pub(super) fn search(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    let Some(strategy) = rendering.geometry.search else {
        return Ok(image);
    };
    let image = if image.layout == Layout::YCbCr {
        colour::ycbcr_to_rgb(image, rendering.budget)?
    } else {
        image
    };
    let (width, height) = rendering.geometry.output;
    let found = match rendering.found {
        Some(found) => found,
        None => smartcrop::find(&image, width, height, strategy, rendering.budget)?,
    };
    rendering.found = Some(found);
    canvas::cut(image, (found.left, found.top), (width, height), rendering.budget)
}

/// Planes of Y'CbCr become pixels, unless the encoder takes the planes.
pub(super) fn interleave(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    if image.layout == Layout::YCbCr && rendering.chroma_cell().is_none() {
        return colour::ycbcr_to_rgb(image, rendering.budget);
    }
    Ok(image)
}

/// From the input's profile to sRGB; inks always.
pub(super) fn to_srgb(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    if let Some(hdr) = rendering.hdr {
        return colour::tone_map(image, hdr, rendering.budget);
    }
    if rendering.profile.is_none() && image.layout != Layout::Cmyk {
        return Ok(image);
    }
    let heeded = rendering.plan.assume == Assume::Profile;
    let icc = rendering.source.metadata.profile().filter(|_| heeded);
    colour::to_srgb(image, icc, rendering.budget, &mut rendering.warnings)
}

/// Lays transparent pixels on the background, where nothing that follows keeps alpha.
pub(super) fn flatten(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    if image.layout.has_alpha() && (rendering.plan.flatten || !keeps_alpha(rendering)) {
        return colour::flatten(image, rendering.plan.background, rendering.budget);
    }
    Ok(image)
}

/// Puts the picture on a canvas of the background colour, if it is smaller than the box that it has to fill.
pub(super) fn place(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    let Some(offset) = rendering.geometry.canvas else {
        return Ok(image);
    };
    let background = rendering.resize.background.unwrap_or(rendering.plan.background);
    let background = if keeps_alpha(rendering) {
        background
    } else {
        background.opaque()
    };
    canvas::place(image, offset, rendering.geometry.output, background, rendering.budget)
}

/// Carries out the plan's effects.
pub(super) fn effects(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    let layers = rendering.layers.pixels(rendering.budget, &mut rendering.warnings)?;
    let plan = rendering.plan;
    effects::apply(image, &plan.effects, layers, plan.background, rendering.budget)
}

/// The plan's colour channels.
pub(super) fn to_model(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    match (rendering.plan.model, image.layout) {
        (Model::Grey, _) => channels::grey(image, rendering.budget),
        (Model::Rgb, Layout::Grey | Layout::GreyAlpha) => channels::rgb(image, rendering.budget),
        _ => Ok(image),
    }
}

/// Alpha that was there for the effects, and that the encoder can't keep.
pub(super) fn flatten_at_last(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    if image.layout.has_alpha() && !encode::can(&rendering.encode).alpha {
        return colour::flatten(image, rendering.plan.background, rendering.budget);
    }
    Ok(image)
}

/// From sRGB to the colour space that the plan wants.
pub(super) fn to_space(rendering: &mut Rendering<'_>, image: Image) -> Result<Image> {
    match &rendering.space {
        Some(space) => space.apply(image, rendering.budget),
        None => Ok(image),
    }
}

/// With effects to come, alpha that the encoder can't keep stays until they are done.
fn keeps_alpha(rendering: &Rendering<'_>) -> bool {
    encode::can(&rendering.encode).alpha || !rendering.plan.effects.is_empty()
}

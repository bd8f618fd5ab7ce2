//! The layers of a plan's composites that are files or drawings: rendered as pictures of their own, within the call's
//! budget, and handed to the effect as pixels.

use super::{Rendering, Renderings};
use crate::budget::Budget;
use crate::decode::{self, Opened};
use crate::effects::{Effect, Layer, LayerPixels, Source};
use crate::encode::RawPixels;
use crate::error::{Error, Result};
use crate::image::Image;
use crate::input::Input;
use crate::plan::{Orient, Plan};
use crate::request::Tolerate;

/// For each effect, for each of its layers: the file, unless the layer's pixels are in the plan.
pub(super) struct Layers<'a> {
    files: Vec<Vec<Option<Opened<'a>>>>,
    tolerate: Tolerate,
    /// The pixels, once a frame has needed them.
    decoded: Option<Vec<LayerPixels>>,
}

impl<'a> Layers<'a> {
    /// Reads the headers. The picture has `start` pixels before the first effect, and `sizes` after each.
    pub(super) fn open(plan: &'a Plan, start: (u32, u32), sizes: &[(u32, u32)], budget: &Budget) -> Result<Self> {
        let before = std::iter::once(&start).chain(sizes);
        let files = plan.effects.iter().zip(before).enumerate().map(|(i, (effect, &size))| {
            let Effect::Composite(composite) = effect else {
                return Ok(Vec::new());
            };
            let layers = composite.layers.iter().enumerate();
            layers
                .map(|(j, layer)| fitting(layer, size, budget).map_err(|error| error.of_layer(place(i, j))))
                .collect()
        });
        Ok(Layers {
            files: files.collect::<Result<_>>()?,
            tolerate: plan.tolerate,
            decoded: None,
        })
    }

    /// The pixels of each effect's layers: decoded for the first frame, and used for all. What was wrong with a file
    /// goes to `warnings`.
    pub(super) fn pixels(&mut self, budget: &Budget, warnings: &mut Vec<String>) -> Result<&[LayerPixels]> {
        if self.decoded.is_none() {
            let mut pixels = |(i, j), file: Option<Opened<'_>>| {
                let image = file.map(|opened| picture(&opened, self.tolerate, budget, warnings));
                image.transpose().map_err(|error| error.of_layer(place(i, j)))
            };
            let files = std::mem::take(&mut self.files).into_iter().enumerate();
            let decoded = files.map(|(i, layers)| {
                let layers = layers.into_iter().enumerate();
                layers.map(|(j, file)| pixels((i, j), file)).collect()
            });
            self.decoded = Some(decoded.collect::<Result<_>>()?);
        }
        Ok(self.decoded.as_deref().unwrap_or_default())
    }
}

/// Where a layer is in the plan.
fn place(effect: usize, layer: usize) -> String {
    format!("effects[{effect}].layers[{layer}]")
}

/// Opens a layer's file, if it has one, and refuses one that is larger than the picture.
fn fitting<'a>(layer: &'a Layer, picture: (u32, u32), budget: &Budget) -> Result<Option<Opened<'a>>> {
    let Some(bytes) = file(&layer.source)? else {
        return Ok(None);
    };
    budget.limits().check_input(bytes)?;
    let opened = decode::open(bytes, &Input::File, decode::DENSITY, budget)?;
    budget.limits().check_size(opened.size())?;
    layer.check_size(opened.size(), picture)?;
    Ok(Some(opened))
}

/// The file of a layer; `None` if its pixels are in the plan.
fn file(source: &Source) -> Result<Option<&[u8]>> {
    match source {
        Source::File(bytes) => Ok(Some(bytes)),
        #[cfg(feature = "svg")]
        Source::Svg(text) => Ok(Some(text.as_bytes())),
        // Refused by the check of the plan.
        #[cfg(not(feature = "svg"))]
        Source::Svg(_) => Err(Error::internal(
            "reading a layer",
            "a drawing without the feature `svg`",
        )),
        Source::Raw { .. } | Source::Create(_) => Ok(None),
    }
}

/// A file's pixels as they are stored: a layer's orientation tag does not count.
fn picture(file: &Opened<'_>, tolerate: Tolerate, budget: &Budget, warnings: &mut Vec<String>) -> Result<Image> {
    let stored = Orient::new().with_auto(false);
    let plan = Plan::new()
        .with_tolerate(tolerate)
        .with_orient(stored)
        .with_encode(RawPixels::default());
    let mut rendering = Renderings(vec![Rendering::new(file, &plan, budget)?]);
    let request = rendering.request();
    file.decode(&request, budget, &mut rendering, warnings)?;
    let picture = rendering.0.pop().map(|rendering| rendering.into_image(warnings));
    picture.unwrap_or_else(|| Err(no_frame()))
}

pub(super) fn no_frame() -> Error {
    Error::internal("decoding a layer", "no frame came")
}

#[cfg(all(test, feature = "png"))]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::blob::Base64;
    use crate::effects::{Composite, Layer};
    use crate::error::Reason;
    use crate::limits::Limits;

    #[test]
    fn a_layers_file_is_within_the_calls_limits() {
        let file = Base64::from(&include_bytes!("../../tests/images/rgb.png")[..]); // 64 × 48
        let plan = Plan::new().with_effect(Composite::new().with_layer(Layer::new(Source::File(file))));
        let attempt = |limits: Limits| {
            let budget = Budget::new(&limits);
            let mut layers = Layers::open(&plan, (64, 48), &[(64, 48)], &budget)?;
            let image = layers.pixels(&budget, &mut Vec::new())?[0][0].as_ref().unwrap();
            assert_eq!((image.width, image.height, image.layout.channels()), (64, 48, 3));
            Ok::<_, Error>(())
        };
        let pixels = |pixels| Limits::new().with_pixels(pixels);
        attempt(pixels(64 * 48)).unwrap();
        let error = attempt(pixels(64 * 48 - 1)).unwrap_err();
        assert_eq!((error.code(), error.reason()), ("LIMIT_PIXELS", Some(Reason::BadLayer)));
        assert_eq!(error.place(), Some("effects[0].layers[0]"));
        let memory = Limits::new().with_memory(5_000);
        assert_eq!(attempt(memory).unwrap_err().code(), "LIMIT_MEMORY");
        let late = Limits::new().with_deadline(Duration::ZERO);
        assert_eq!(attempt(late).unwrap_err().code(), "DEADLINE");
    }
}

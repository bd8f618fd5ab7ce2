//! The layers of a plan's composites that are files or drawings: rendered as pictures of their own, within the call's
//! budget, and handed to the effect as pixels.

use std::borrow::Cow;

use super::{Rendering, Renderings};
use crate::budget::Budget;
use crate::decode;
use crate::effects::{Effect, LayerPixels, Source};
use crate::encode::RawPixels;
use crate::error::{Error, Result};
use crate::image::Image;
use crate::input::Input;
use crate::plan::{Orient, Plan};

/// The pixels of each effect's layers. What was wrong with a file goes to `warnings`.
pub(super) fn decode(plan: &Plan, budget: &Budget, warnings: &mut Vec<String>) -> Result<Vec<LayerPixels>> {
    let mut pixels = |source: &Source| {
        let file: Option<Cow<[u8]>> = file(source)?;
        file.map(|bytes| picture(&bytes, plan, budget, warnings)).transpose()
    };
    plan.effects
        .iter()
        .map(|effect| match effect {
            Effect::Composite(composite) => composite.layers.iter().map(|layer| pixels(&layer.source)).collect(),
            _ => Ok(Vec::new()),
        })
        .collect()
}

/// The file of a layer; `None` if its pixels are in the plan.
fn file(source: &Source) -> Result<Option<Cow<'_, [u8]>>> {
    match source {
        Source::File(bytes) => Ok(Some(Cow::Borrowed(bytes))),
        #[cfg(feature = "svg")]
        Source::Svg(text) => Ok(Some(Cow::Borrowed(text.as_bytes()))),
        // Refused by the check of the plan.
        #[cfg(not(feature = "svg"))]
        Source::Svg(_) => Err(Error::internal(
            "reading a layer",
            "a drawing without the feature `svg`",
        )),
        Source::Raw { .. } | Source::Create(_) => Ok(None),
    }
}

/// A file as it is stored: a layer's orientation tag does not count.
fn picture(bytes: &[u8], plan: &Plan, budget: &Budget, warnings: &mut Vec<String>) -> Result<Image> {
    let plan = Plan::new()
        .with_tolerate(plan.tolerate)
        .with_orient(Orient {
            auto: false,
            ..Orient::default()
        })
        .with_encode(RawPixels::new());
    budget.limits().check_input(bytes)?;
    let header = decode::header(bytes, &Input::File)?;
    budget.limits().check_size((header.info.width, header.info.height))?;
    let mut rendering = Renderings(vec![Rendering::new(&header, &plan, budget)?]);
    let request = rendering.request();
    decode::decode(bytes, &Input::File, &request, budget, &mut rendering, warnings)?;
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
    use crate::limits::Limits;

    #[test]
    fn a_layers_file_is_within_the_calls_limits() {
        let file = Base64::from(&include_bytes!("../../tests/images/rgb.png")[..]); // 64 × 48
        let plan = Plan::new().with_effect(Composite::new().with_layer(Layer::new(Source::File(file))));
        let attempt = |limits: Limits| {
            let layers = decode(&plan, &Budget::new(&limits), &mut Vec::new())?;
            let image = layers[0][0].as_ref().unwrap();
            assert_eq!((image.width, image.height, image.layout.channels()), (64, 48, 3));
            Ok::<_, Error>(())
        };
        let pixels = |pixels| Limits {
            pixels,
            ..Limits::default()
        };
        attempt(pixels(64 * 48)).unwrap();
        assert_eq!(attempt(pixels(64 * 48 - 1)).unwrap_err().code(), "LIMIT_PIXELS");
        let memory = Limits {
            memory: 5_000,
            ..Limits::default()
        };
        assert_eq!(attempt(memory).unwrap_err().code(), "LIMIT_MEMORY");
        let late = Limits {
            deadline: Some(Duration::ZERO),
            ..Limits::default()
        };
        assert_eq!(attempt(late).unwrap_err().code(), "DEADLINE");
    }
}

//! A layer's pixels: decoded by the ordinary pipeline, within the call's own budget, or taken from the plan.

use std::borrow::Cow;

use crate::budget::{Budget, Reserved};
use crate::decode;
use crate::error::{Error, Result};
use crate::image::{Image, Layout};
use crate::plan::{Base64, Effect, Encode, Input, Layer, Orient, Plan, RawPixels, Source};
use crate::request::Request;
use crate::target::{Target, Targets};

/// The plan with every layer that is a file or a drawing replaced by its pixels, so that an animation's frames don't
/// decode it again; what is held for that is booked in the second part. What was wrong with a file goes to `warnings`.
pub(crate) fn decoded(plan: &Plan, budget: &Budget, warnings: &mut Vec<String>) -> Result<(Plan, Vec<Reserved>)> {
    let mut plan = plan.clone();
    let mut booked = Vec::new();
    let (tolerate, mut effects) = (plan.tolerate, std::mem::take(&mut plan.effects));
    let options = Plan::new().with_tolerate(tolerate);
    for layer in effects.iter_mut().flat_map(|effect| match effect {
        Effect::Composite(composite) => &mut composite.layers[..],
        _ => &mut [],
    }) {
        let Some(image) = file(layer, &options, budget, warnings)? else {
            continue;
        };
        booked.push(budget.reserve(image.planes[0].data.len() as u64)?);
        layer.source = Source::Raw {
            width: image.width,
            height: image.height,
            channels: image.layout.channels() as u8,
            pixels: Base64::from(&image.planes[0].data[..]),
        };
    }
    plan.effects = effects;
    Ok((plan, booked))
}

/// The pixels of a layer, with or without alpha.
pub(super) struct Pixels<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    layout: Layout,
    samples: Samples<'a>,
}

enum Samples<'a> {
    /// Rows of the plan's own.
    Plan(&'a [u8]),
    Decoded(Image),
    /// One colour.
    Colour([u8; 4]),
}

impl<'a> Pixels<'a> {
    pub(super) fn of(layer: &'a Layer, plan: &Plan, budget: &Budget) -> Result<Self> {
        if let Some(image) = file(layer, plan, budget, &mut Vec::new())? {
            return Ok(Pixels {
                width: image.width,
                height: image.height,
                layout: image.layout,
                samples: Samples::Decoded(image),
            });
        }
        match &layer.source {
            Source::Raw {
                width,
                height,
                channels,
                pixels,
            } => {
                let layout = match channels {
                    1 => Layout::Grey,
                    2 => Layout::GreyAlpha,
                    3 => Layout::Rgb,
                    4 => Layout::Rgba,
                    other => {
                        return Err(Error::bad_plan(format_args!(
                            "a layer of raw pixels with {other} channels, expected 1 to 4"
                        )));
                    }
                };
                let expected = (u64::from(*width) * u64::from(*height)).saturating_mul((*channels).into());
                if expected == 0 || pixels.len() as u64 != expected {
                    return Err(Error::bad_plan(format_args!(
                        "a layer of {width}×{height} raw pixels with {channels} channels takes {expected} bytes and at \
                         least one, {} came",
                        pixels.len()
                    )));
                }
                Ok(Pixels {
                    width: *width,
                    height: *height,
                    layout,
                    samples: Samples::Plan(pixels),
                })
            }
            Source::Create(create) => {
                let colour = create.background;
                let alpha = match create.channels {
                    3 => 255,
                    4 => colour.alpha,
                    other => {
                        return Err(Error::bad_plan(format_args!(
                            "a layer of one colour with {other} channels, expected 3 or 4"
                        )));
                    }
                };
                if create.width == 0 || create.height == 0 {
                    return Err(Error::bad_plan(format_args!(
                        "a layer of {}×{} pixels, expected at least one",
                        create.width, create.height
                    )));
                }
                Ok(Pixels {
                    width: create.width,
                    height: create.height,
                    layout: Layout::Rgba,
                    samples: Samples::Colour([colour.red, colour.green, colour.blue, alpha]),
                })
            }
            Source::File(_) | Source::Svg(_) => Err(Error::internal("reading a layer", "a file without pixels")),
        }
    }

    /// Pixels of row `y`, from column `x` on, as many as `out` takes. They have to be within the layer.
    pub(super) fn copy(&self, y: u32, x: usize, out: &mut [[u8; 4]]) {
        let stride = self.width as usize * self.layout.channels();
        let row = match &self.samples {
            Samples::Colour(colour) => return out.fill(*colour),
            Samples::Decoded(image) => image.planes[0].row(y),
            Samples::Plan(samples) => &samples[y as usize * stride..][..stride],
        };
        self.layout.widen(&row[x * self.layout.channels()..], out);
    }
}

/// The picture in the layer's file, if it has one. Its orientation tag does not count: a layer lies as it is stored.
fn file(layer: &Layer, plan: &Plan, budget: &Budget, warnings: &mut Vec<String>) -> Result<Option<Image>> {
    let bytes: Cow<[u8]> = match &layer.source {
        Source::File(bytes) => Cow::Borrowed(bytes),
        #[cfg(feature = "svg")]
        Source::Svg(text) => Cow::Borrowed(text.as_bytes()),
        #[cfg(not(feature = "svg"))]
        Source::Svg(_) => {
            return Err(
                Error::unsupported("a layer that is a drawing: keenpix was built without the feature `svg`")
                    .because(crate::error::Reason::NotBuilt),
            );
        }
        Source::Raw { .. } | Source::Create(_) => return Ok(None),
    };
    let options = Plan::new()
        .with_tolerate(plan.tolerate)
        .with_orient(Orient {
            auto: false,
            ..Orient::default()
        })
        .with_encode(Encode::Raw(RawPixels::default()));
    budget.limits().check_input(&bytes)?;
    let header = decode::header(&bytes, &Input::File)?;
    budget.limits().check_size((header.info.width, header.info.height))?;
    let mut targets = Targets(vec![Target::new(&header, &options, budget)?]);
    let request: Request = targets.request();
    decode::decode(&bytes, &Input::File, &request, budget, &mut targets, warnings)?;
    let target = targets.0.pop();
    target.map(|target| target.into_image(warnings)).transpose()
}

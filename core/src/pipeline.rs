//! Bytes in, bytes out: read this first. Each step of [`run`] is one file.

use crate::budget::Budget;
use crate::decode;
use crate::error::{Error, Result};
use crate::info::Info;
use crate::input::Input;
use crate::limits::Limits;
use crate::output::Output;
use crate::panics::unpanicked;
use crate::plan::Plan;
use crate::render::Renderings;
use crate::trim;

/// Makes one image from another: `bytes` is a file in any [`Format`](crate::Format), `plan` says what to make of it,
/// `limits` what that may cost.
///
/// # Errors
///
/// See [`Error`]; every one has a stable [`code`](Error::code). Nothing panics: a panic in a codec comes back as
/// [`Error::Internal`].
///
/// ```
/// use keenpix::encode::Webp;
/// use keenpix::{Limits, Plan, Resize, transform};
///
/// let photo = include_bytes!("../tests/images/rgb.png");
/// let plan = Plan::new().with_resize(Resize::new().with_width(32)).with_encode(Webp::new());
/// let avatar = transform(photo, &plan, &Limits::default())?;
/// assert_eq!((avatar.width, avatar.height), (32, 24));
/// assert_eq!(avatar.format.media_type(), "image/webp");
/// # Ok::<(), keenpix::Error>(())
/// ```
pub fn transform(bytes: &[u8], plan: &Plan, limits: &Limits) -> Result<Output> {
    let mut outputs = transform_many(bytes, std::slice::from_ref(plan), limits)?;
    outputs.pop().ok_or_else(|| Error::bad_plan("no plan was given"))
}

/// Makes several images from one, which is decoded once: the outputs come in the order of the plans.
///
/// Damage is tolerated as far as every plan tolerates it.
///
/// # Errors
///
/// As [`transform`]; one plan that fails fails the call.
///
/// ```
/// use keenpix::{Limits, Plan, Resize, transform_many};
///
/// let photo = include_bytes!("../tests/images/rgb.png");
/// let plans = [16, 32, 64].map(|width| Plan::new().with_resize(Resize::new().with_width(width)));
/// let set = transform_many(photo, &plans, &Limits::default())?;
/// assert_eq!(set.iter().map(|image| image.width).collect::<Vec<_>>(), [16, 32, 64]);
/// # Ok::<(), keenpix::Error>(())
/// ```
pub fn transform_many(bytes: &[u8], plans: &[Plan], limits: &Limits) -> Result<Vec<Output>> {
    unpanicked("transforming", || run(bytes, plans, limits))
}

/// Reads an image's header: no pixel is decoded, and nothing larger than a metadata block is allocated.
///
/// # Errors
///
/// [`Error::NotAnImage`], [`Error::Unsupported`], [`Error::BadInput`] and [`Error::Truncated`].
///
/// ```
/// let info = keenpix::probe(include_bytes!("../tests/images/rgb.png"))?;
/// assert_eq!((info.format, info.width, info.height), (keenpix::Format::Png, 64, 48));
/// # Ok::<(), keenpix::Error>(())
/// ```
pub fn probe(bytes: &[u8]) -> Result<Info> {
    unpanicked("probing", || {
        let budget = Budget::new(&Limits::default());
        Ok(decode::open(bytes, &Input::File, decode::DENSITY, &budget)?.info)
    })
}

/// All stages. Nothing is decoded before every number is known; no frame is kept whole that can be taken in rows.
fn run(bytes: &[u8], plans: &[Plan], limits: &Limits) -> Result<Vec<Output>> {
    for (index, plan) in plans.iter().enumerate() {
        plan.check().map_err(|error| error.in_plan(index, plans.len()))?; // what no image can make right
    }
    let budget = Budget::new(limits);
    limits.check_input(bytes)?;
    let input = common(plans, "input", |plan| plan.input)?.unwrap_or_default();
    let dpi = common(plans, "dpi", |plan| plan.dpi)?
        .flatten()
        .unwrap_or(decode::DENSITY);
    let opened = decode::open(bytes, &input, dpi, &budget)?; // the header, no pixels
    limits.check_size(opened.size())?; // before a pixel exists
    let trimmed = trim::solve(&opened, plans, &budget)?; // decodes once more, if there is a trim
    let mut renderings = Renderings::new(&opened, &trimmed, &budget)?; // geometry, the limits of what comes out
    let mut warnings = Vec::new();
    let request = renderings.request(); // the coarsest decoding that is fine enough for all
    opened.decode(&request, &budget, &mut renderings, &mut warnings)?; // rows go straight into the resamplers
    renderings.finish(&warnings) // turn, search, colours, canvas, effects: the steps of `render`; then encode
}

/// What all plans of a call must say alike, because the input is decoded once: its kind and its resolution.
fn common<T: PartialEq + Copy>(plans: &[Plan], name: &str, of: impl Fn(&Plan) -> T) -> Result<Option<T>> {
    let first = plans.first().map(&of);
    match plans.iter().position(|plan| Some(of(plan)) != first) {
        None => Ok(first),
        Some(at) => Err(
            Error::bad_plan("differs from the first plan's, and the plans of a call share one")
                .at(name)
                .at(format_args!("plans[{at}]")),
        ),
    }
}

//! Bytes in, bytes out: read this first. Each step of [`run`] is one file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

use crate::decode::{self, Request};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::limits::{Budget, Limits};
use crate::plan::{Input, Plan};
use crate::probe::Info;
use crate::target::{Target, Targets};

/// A finished image.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Output {
    /// The file. Left out where an output is serialised: what is written then is a report.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// Its width, in pixels.
    pub width: u32,
    /// Its height, in pixels.
    pub height: u32,
    /// How many frames it has; 1 for a still.
    pub frames: u32,
    /// Channels of a pixel, alpha included: how [`Encode::Raw`](crate::Encode::Raw) lies. A file may have fewer, as PNG
    /// leaves out what is grey or opaque everywhere.
    pub channels: u8,
    /// Whether it has an alpha channel.
    pub alpha: bool,
    /// Where a search (`entropy`, `attention`) put the cut: pixels from the left and from the top of the resized picture.
    pub crop: Option<(u32, u32)>,
    /// What `attention` found to draw the eye most, in pixels of the resized picture before the cut.
    pub focus: Option<(u32, u32)>,
    /// What a [`Trim`](crate::Trim) took away at the left and at the top, in pixels of the upright input; none if it found
    /// nothing to cut off.
    pub trim: Option<(u32, u32)>,
    /// What was wrong with the input, or could not be kept, in words.
    pub warnings: Vec<String>,
}

/// Makes one image from another: `bytes` is a file in any [`Format`], `plan` says what to make of it, `limits` what
/// that may cost.
///
/// # Errors
///
/// See [`Error`]; every one has a stable [`code`](Error::code). Nothing panics: a panic in a codec comes back as
/// [`Error::Internal`].
///
/// ```
/// use keenpix::{Limits, Plan, Resize, Webp, transform};
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
    unpanicked("probing", || Ok(decode::header(bytes, &Input::File)?.info))
}

fn run(bytes: &[u8], plans: &[Plan], limits: &Limits) -> Result<Vec<Output>> {
    let budget = Budget::new(limits);
    limits.check_input(bytes)?;
    let input = common_input(plans)?;
    let header = decode::header(bytes, &input)?; // no pixels
    limits.check_source(&header.info)?; // before a pixel exists
    let targets = plans
        .iter()
        .map(|plan| Target::new(&header, plan, &budget))
        .collect::<Result<Vec<_>>>()?;
    let mut targets = Targets(targets);
    let request: Request = targets.request(); // the coarsest decoding that is fine enough for all
    let mut warnings = Vec::new();
    decode::decode(bytes, &input, &request, &budget, &mut targets, &mut warnings)?; // rows go straight into the resamplers
    targets.0.into_iter().map(|target| target.finish(&warnings)).collect() // orient, colour, encode
}

/// What the bytes are is said by each plan, and is one thing for all.
fn common_input(plans: &[Plan]) -> Result<Input> {
    let first = plans.first().map_or(Input::File, |plan| plan.input);
    match plans.iter().position(|plan| plan.input != first) {
        None => Ok(first),
        Some(at) => Err(Error::bad_plan(format_args!(
            "plan {at} has another `input` than plan 0: the plans of a call share one"
        ))),
    }
}

/// A panic is a fault of ours or of a codec's; it must not cross the edge, least of all into another language.
fn unpanicked<T>(stage: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let reason = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".into());
        Err(Error::Internal { stage, reason })
    })
}

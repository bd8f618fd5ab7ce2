//! Converts the colours of an ICC profile to sRGB.
//!
//! The intent is the perceptual one, as in sharp: it reads a profile's `A2B0` table if there is one. For
//! profiles of primaries and curves, which photos usually carry, all intents except absolute are the same.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout as Order, RenderingIntent, Transform8BitExecutor, TransformOptions};

use super::black;
use super::profile::{self, MAX_BYTES, encode, light, parse};
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::image::{Image, Layout, Plane};

/// The meaning of CMYK pixels without a profile: inks much like those of US web offset printing (SWOP).
const PRESS: &[u8] = include_bytes!("../press.icc");

/// Size of the tables of a transform, besides the profile's own: 17⁴ or 33³ colours, and curves.
const TABLES: u64 = 4 << 20;

/// Converts interleaved pixels to sRGB by their profile. Grey stays grey, CMYK becomes RGB, alpha is kept.
///
/// Without a profile, grey and RGB are treated as sRGB, and CMYK as a common press. A profile that can't be read or is
/// for other pixels, is ignored with a warning.
pub(crate) fn to_srgb(image: Image, icc: Option<&[u8]>, budget: &Budget, warnings: &mut Vec<String>) -> Result<Image> {
    let size = icc.map_or(PRESS.len(), <[u8]>::len).min(MAX_BYTES) as u64;
    let _tables = budget.reserve(size * 6 + TABLES)?;
    let conversion = icc.and_then(|icc| {
        guarded(|| Conversion::new(icc, image.layout))
            .map_err(|reason| warnings.push(format!("profile ignored: {reason}")))
            .ok()
    });
    match conversion {
        Some(conversion) => conversion.apply(image, budget),
        None if image.layout == Layout::Cmyk => {
            let conversion = guarded(|| Conversion::new(PRESS, Layout::Cmyk));
            conversion.map_err(broken)?.apply(image, budget)
        }
        None => Ok(image),
    }
}

/// If the parser panics, the profile is broken.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("it breaks the profile reader".into()))
}

pub(super) fn broken(reason: impl std::fmt::Display) -> Error {
    Error::internal("converting colours", reason)
}

/// What to do with the pixels.
enum Conversion {
    /// They are sRGB already.
    Nothing,
    /// A new value for each grey value.
    Grey(Box<[u8; 256]>),
    Colour(Arc<Transform8BitExecutor>),
}

impl Conversion {
    fn new(icc: &[u8], layout: Layout) -> Result<Self, String> {
        let profile = parse(icc)?;
        let (space, from, to) = match layout {
            Layout::Grey | Layout::GreyAlpha => (DataColorSpace::Gray, Order::Gray, Order::Gray),
            Layout::Rgb => (DataColorSpace::Rgb, Order::Rgb, Order::Rgb),
            Layout::Rgba => (DataColorSpace::Rgb, Order::Rgba, Order::Rgba),
            Layout::Cmyk => (DataColorSpace::Cmyk, Order::Rgba, Order::Rgb),
            Layout::YCbCr => return Err("the pixels are Y'CbCr".into()),
        };
        if profile.color_space != space {
            return Err(format!("it is for {:?} pixels, not {space:?}", profile.color_space));
        }
        if space == DataColorSpace::Gray {
            return Ok(Conversion::Grey(Box::new(grey_table(&profile)?)));
        }
        if profile::means_srgb(&profile) {
            return Ok(Conversion::Nothing);
        }
        let options = TransformOptions {
            rendering_intent: RenderingIntent::Perceptual,
            allow_use_cicp_transfer: false,
            ..TransformOptions::default()
        };
        let transform = profile
            .create_transform_8bit(from, &black::destination(&profile), to, options)
            .map_err(|error| error.to_string())?;
        rehearse(&*transform, from.channels(), to.channels())?;
        Ok(Conversion::Colour(transform))
    }

    fn apply(&self, mut image: Image, budget: &Budget) -> Result<Image> {
        let Some(plane) = image.planes.first_mut() else {
            return Ok(image);
        };
        match self {
            Conversion::Nothing => {}
            Conversion::Grey(table) => {
                let channels = plane.channels;
                for y in 0..plane.height {
                    budget.check()?;
                    for value in plane.row_mut(y).iter_mut().step_by(channels) {
                        *value = table[usize::from(*value)];
                    }
                }
            }
            Conversion::Colour(transform) if image.layout == Layout::Cmyk => {
                let mut rgb = Plane::new(plane.width, plane.height, 3, budget)?;
                for y in 0..plane.height {
                    budget.check()?;
                    run(&**transform, plane.row(y), rgb.row_mut(y))?;
                }
                image.planes = vec![rgb];
                image.layout = Layout::Rgb;
            }
            Conversion::Colour(transform) => in_place(&**transform, plane, budget)?,
        }
        Ok(image)
    }
}

/// Converts a plane in place: pixels keep their number of channels.
pub(super) fn in_place(transform: &Transform8BitExecutor, plane: &mut Plane, budget: &Budget) -> Result<()> {
    let mut before = budget.zeroed::<u8>(plane.stride(), "a row of pixels")?;
    for y in 0..plane.height {
        budget.check()?;
        before.copy_from_slice(plane.row(y));
        run(transform, &before, plane.row_mut(y))?;
    }
    Ok(())
}

/// The [`rehearse`]d transform has met every kind of value: a failure here is a bug in the library.
fn run(transform: &Transform8BitExecutor, from: &[u8], to: &mut [u8]) -> Result<()> {
    catch_unwind(AssertUnwindSafe(|| transform.transform(from, to)))
        .map_err(|_| broken("the profile's transform panicked"))?
        .map_err(broken)
}

/// Tries a transform on colours from all over the cube, so that it can't fail halfway through the pixels.
pub(super) fn rehearse(transform: &Transform8BitExecutor, from: usize, to: usize) -> Result<(), String> {
    const STEPS: usize = 16;
    let colours = STEPS.pow(from as u32);
    let level = |colour: usize, channel: usize| (colour / STEPS.pow(channel as u32) % STEPS * 17) as u8;
    let cube: Vec<u8> = (0..colours * from).map(|at| level(at / from, at % from)).collect();
    let mut out = vec![0; colours * to];
    transform.transform(&cube, &mut out).map_err(|error| error.to_string())
}

/// The sRGB value of each stored grey value.
fn grey_table(profile: &ColorProfile) -> Result<[u8; 256], String> {
    let curve = profile
        .build_gray_linearize_table::<u8, 256, 8>()
        .map_err(|error| error.to_string())?;
    Ok(std::array::from_fn(|value| {
        // A curve to L*a*b* gives lightness, one to XYZ gives light (ICC.1:2022, F.2).
        let linear = if profile.pcs == DataColorSpace::Lab {
            light(curve[value])
        } else {
            curve[value]
        };
        (255.0 * encode(linear)).round() as u8
    }))
}

#[cfg(test)]
mod tests;

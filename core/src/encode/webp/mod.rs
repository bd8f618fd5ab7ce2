//! Writes WebP: lossless stills, and lossy ones from effort 2 on, with our own encoder, the rest with libwebp's, in the
//! crate `keenpix-webp`.

mod container;
mod lossless;
mod lossy;
mod planes;
mod transparent;

use std::time::Duration;

use keenpix_webp::{Animation, Config, Error as Native, MAX_EDGE, Pixels, Preset};

use super::{first_frame, shown_ms};
use crate::budget::{Budget, Buffer};
use crate::encode::options;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Image, Layout, Picture};
use crate::metadata::MetadataBlocks;

/// Nanoseconds that libwebp's lossless compression takes for a pixel at the very least, on a fast machine. Its first
/// steps look at the whole image without asking the hook, so what can't be done in time must not begin.
const LOSSLESS_A_PIXEL: u64 = 30;

/// The lowest effort at which our own encoder is at least as good as libwebp's.
const OWN: u8 = 2;

/// Writes a still, or an animation if there are several frames.
pub(crate) fn encode(
    picture: &Picture,
    options: &options::Webp,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let animated = picture.frames.len() > 1;
    let interleaved = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba];
    let planar = [
        Layout::Grey,
        Layout::GreyAlpha,
        Layout::Rgb,
        Layout::Rgba,
        Layout::YCbCr,
    ];
    let first = first_frame(
        picture,
        if animated || options.lossless || options.sharp {
            &interleaved
        } else {
            &planar
        },
    )?;
    let (width, height) = (first.image.width, first.image.height);
    if width > MAX_EDGE || height > MAX_EDGE {
        return Err(super::too_large(Format::Webp, (width, height), MAX_EDGE));
    }
    if options.lossless && !animated {
        return lossless::still(&first.image, options, metadata, budget);
    }
    if !animated && !options.sharp && options.effort >= OWN {
        return lossy::still(&first.image, options, metadata, budget);
    }
    let config = config(options);
    // What libwebp allocates, in bytes per pixel: measured on noise, which needs the most, with room to spare.
    let area = u64::from(width) * u64::from(height);
    let a_pixel = match (
        animated || options.lossless || options.sharp,
        first.image.layout.has_alpha(),
    ) {
        (true, _) => 48,
        (false, true) => 32,
        (false, false) => 12,
    };
    let _booked = budget.reserve(area * a_pixel + (1 << 20))?;
    if options.lossless
        && budget
            .remaining()
            .is_some_and(|left| left < Duration::from_nanos(area * LOSSLESS_A_PIXEL))
    {
        return Err(budget.too_late());
    }
    let mut failure = None;
    let mut go_on = || match budget.check() {
        Ok(()) => true,
        Err(error) => {
            failure = Some(error);
            false
        }
    };
    let mut scratch = Scratch::default();
    let file = if animated {
        frames(picture, (width, height), &config, &mut scratch, budget, &mut go_on)
    } else {
        scratch
            .fill(&first.image, budget)
            .and_then(|pixels| keenpix_webp::encode(width, height, pixels, &config, &mut go_on).map_err(native))
    };
    // The callback's error says more than "stopped".
    let file = file.map_err(|error| failure.unwrap_or(error))?;
    Ok(container::with_metadata(file, metadata, width, height))
}

fn frames(
    picture: &Picture,
    (width, height): (u32, u32),
    config: &Config,
    scratch: &mut Scratch,
    budget: &Budget,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Vec<u8>> {
    let loops = u16::try_from(picture.loops).unwrap_or(u16::MAX);
    let mut animation = Animation::new(width, height, loops, config).map_err(native)?;
    for frame in &picture.frames {
        animation
            .frame(scratch.fill(&frame.image, budget)?, shown_ms(frame.delay_ms), go_on)
            .map_err(native)?;
    }
    animation.finish(go_on).map_err(native)
}

fn native(error: Native) -> Error {
    match error {
        Native::OutOfMemory => Error::OutOfMemory {
            bytes: 0,
            what: "libwebp",
        },
        error => Error::encoder(Format::Webp, error),
    }
}

fn config(options: &options::Webp) -> Config {
    Config {
        quality: options.quality.into(),
        lossless: options.lossless,
        method: options.effort,
        alpha_quality: options.alpha,
        exact: options.exact,
        near_lossless: options.near,
        sharp_yuv: options.sharp,
        preset: match options.preset {
            options::Preset::Default => Preset::Default,
            options::Preset::Picture => Preset::Picture,
            options::Preset::Photo => Preset::Photo,
            options::Preset::Drawing => Preset::Drawing,
            options::Preset::Icon => Preset::Icon,
            options::Preset::Text => Preset::Text,
        },
        // At the lower efforts it saves half a per cent of bytes for free; from 4 on, files are libwebp's own.
        partition_limit: if options.effort < 4 { 40 } else { 0 },
    }
}

/// Pixels in a form that libwebp takes, if the image's own isn't one.
#[derive(Default)]
struct Scratch {
    rgba: Option<Buffer<u8>>,
    planes: Option<[Buffer<u8>; 3]>,
}

impl Scratch {
    fn fill<'a>(&'a mut self, image: &'a Image, budget: &Budget) -> Result<Pixels<'a>> {
        budget.check()?;
        match image.layout {
            Layout::Rgb => Ok(Pixels::Rgb(&image.planes[0].data)),
            Layout::Rgba => Ok(Pixels::Rgba(&image.planes[0].data)),
            Layout::YCbCr => {
                let [y, u, v] = self.planes.insert(planes::studio_swing(image, budget)?);
                Ok(Pixels::Yuv420 { y, u, v })
            }
            _ => {
                self.rgba = None;
                Ok(Pixels::Rgba(self.rgba.insert(image.to_rgba(budget)?)))
            }
        }
    }
}

#[cfg(test)]
mod tests;

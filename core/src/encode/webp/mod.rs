//! Writes WebP: all but lossy stills with `sharp` or below effort 2 with our own encoder, those with libwebp's, in the
//! crate `keenpix-webp`.

mod animation;
mod container;
mod difference;
mod lossless;
mod lossy;
mod part;
mod planes;
mod transparent;

use keenpix_webp::{Config, Error as Native, MAX_EDGE, Pixels, Preset};

use super::first_frame;
use crate::budget::{Budget, Buffer};
use crate::encode::options;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Image, Layout, Picture};
use crate::metadata::MetadataBlocks;

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
    if animated {
        return animation::encode(picture, options, metadata, budget);
    }
    if options.lossless {
        return lossless::still(&first.image, options, metadata, budget);
    }
    if !options.sharp && options.effort >= OWN {
        return lossy::still(&first.image, options, metadata, budget);
    }
    let config = config(options);
    // What libwebp allocates, in bytes per pixel: measured on noise, which needs the most, with room to spare.
    let area = u64::from(width) * u64::from(height);
    let a_pixel = match (options.sharp, first.image.layout.has_alpha()) {
        (true, _) => 48,
        (false, true) => 32,
        (false, false) => 12,
    };
    let _booked = budget.reserve(area * a_pixel + (1 << 20))?;
    let mut failure = None;
    let mut go_on = || match budget.check() {
        Ok(()) => true,
        Err(error) => {
            failure = Some(error);
            false
        }
    };
    let mut scratch = Scratch::default();
    let file = scratch
        .fill(&first.image, budget)
        .and_then(|pixels| keenpix_webp::encode(width, height, pixels, &config, &mut go_on).map_err(native));
    // The callback's error says more than "stopped".
    let file = file.map_err(|error| failure.unwrap_or(error))?;
    container::with_metadata(&file, &first.image, metadata)
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
        method: options.effort,
        alpha_quality: options.alpha,
        exact: options.exact,
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
        ..Config::default()
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

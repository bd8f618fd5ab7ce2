//! Lossy stills.

use super::container::{self, Features};
use super::transparent::{self, Planes};
use super::{planes, sharp};
use crate::budget::{Budget, Buffer};
use crate::encode::options;
use crate::error::Result;
use crate::image::{Image, Layout};
use crate::metadata::MetadataBlocks;
use crate::webp::encode::{alpha, lossy as vp8};

pub(super) fn still(
    image: &Image,
    options: &options::Webp,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let mut planes = planes_of(image, options, budget)?;
    let alpha = planes.alpha.is_some();
    let features = Features {
        extended: alpha,
        ..Features::new(image, alpha)
    };
    container::file(features, metadata, |out| picture(&mut planes, options, budget, out))
}

fn planes_of(image: &Image, options: &options::Webp, budget: &Budget) -> Result<Planes> {
    let width = image.width as usize;
    match image.layout {
        Layout::Rgba => transparent::planes(&image.planes[0].data, width, options.exact, options.sharp, budget),
        // Grey has no edges between colours.
        Layout::GreyAlpha => transparent::planes(&image.to_rgba(budget)?, width, options.exact, false, budget),
        layout => Ok(Planes {
            width,
            height: image.height as usize,
            colours: match (layout, options.sharp) {
                (Layout::Rgb, true) => sharp::planes(image.planes[0].data.as_chunks::<3>().0, width, budget)?,
                _ => planes::studio_swing(image, budget)?,
            },
            alpha: None,
        }),
    }
}

/// Appends the chunks of a picture.
pub(super) fn picture(planes: &mut Planes, options: &options::Webp, budget: &Budget, out: &mut Vec<u8>) -> Result<()> {
    if let Some(mut plane) = planes.alpha.take() {
        let options = alpha::Options {
            effort: options.effort,
            quality: options.alpha,
        };
        container::chunk(out, b"ALPH", |out| {
            alpha::encode(&mut plane, planes.width, options, budget, out)
        })?;
    }
    container::chunk(out, b"VP8 ", |out| colours(planes, options, budget, out))
}

fn colours(planes: &Planes, options: &options::Webp, budget: &Budget, out: &mut Vec<u8>) -> Result<()> {
    let [luma, blue, red]: &[Buffer<u8>; 3] = &planes.colours;
    let pixels = vp8::Planes {
        width: planes.width,
        height: planes.height,
        luma,
        chroma: [blue, red],
    };
    // How much segments differ, and how strong and how sharp the loop filter is.
    let (adaptation, filter, sharpness) = match options.preset {
        options::Preset::Default => (50, 60, 0),
        options::Preset::Picture => (80, 35, 4),
        options::Preset::Photo => (80, 30, 3),
        options::Preset::Drawing => (25, 10, 6),
        options::Preset::Icon | options::Preset::Text => (0, 0, 0),
    };
    let settings = vp8::Settings {
        quality: options.quality.into(),
        effort: options.effort,
        adaptation,
        filter,
        sharpness,
    };
    out.extend_from_slice(&vp8::encode(&pixels, &settings, budget)?);
    Ok(())
}

//! AVIF, encoded by libaom. Y'CbCr planes go in as they are; other layouts are converted first.

mod estimate;
mod mux;
mod planes;

use keenpix_avif_encode as av1;

use crate::budget::Budget;
use crate::encode::{Avif, Chroma};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Image, Layout, Picture};
use crate::metadata::MetadataBlocks;
use planes::Planes;

/// Writes the first frame of a picture: Grey, GreyAlpha, Rgb, Rgba, or Y'CbCr whose chroma planes have the size that
/// the options ask for.
pub(crate) fn encode(picture: &Picture, options: &Avif, metadata: &MetadataBlocks, budget: &Budget) -> Result<Vec<u8>> {
    let image = match picture.frames.as_slice() {
        [] => return Err(Error::encoder(Format::Avif, "a picture without frames")),
        [first, ..] => &first.image,
    };
    let mut settings = settings(options);
    if options.lossless && matches!(image.layout, Layout::Rgb | Layout::Rgba) {
        settings.matrix = IDENTITY;
    }
    let (width, height) = (image.width, image.height);

    let (colour, chroma) = {
        let (planes, chroma) = colour_planes(image, options, budget)?;
        (
            units(&planes.slices(image), width, height, chroma, &settings, budget)?,
            chroma,
        )
    };
    let alpha = match image.layout.has_alpha() {
        true => {
            let planes = planes::alpha(image, budget)?;
            // Edges are more visible than textures: alpha gets half the quantisation.
            let settings = av1::Settings {
                level: settings.level / 2,
                // The only one for grey (AV1, 5.5.2).
                matrix: av1::Settings::default().matrix,
                ..settings
            };
            Some(units(
                &planes.slices(image),
                width,
                height,
                av1::Chroma::None,
                &settings,
                budget,
            )?)
        }
        false => None,
    };
    budget.check()?;
    mux::file(&mux::Parts {
        width,
        height,
        chroma,
        colour: &colour,
        alpha: alpha.as_deref(),
        nclx: (settings.primaries, settings.transfer, settings.matrix),
        metadata,
    })
}

/// Quality 1 to 100 maps to libaom's levels 59 to 0: a quality of 50 looks as it does in sharp, whose 4:4:4 and
/// slower search get there with two levels less. Effort 0 to 9 maps to libaom's speed 9 to 1. Effort 4 is the best
/// trade-off: 5 saves a few per cent of bytes for four times the time.
fn settings(options: &Avif) -> av1::Settings {
    let quality = u32::from(options.quality.clamp(1, 100));
    av1::Settings {
        level: (((100 - quality) * 60 + 50) / 100) as u8,
        speed: SPEEDS[usize::from(options.effort.min(9))],
        lossless: options.lossless,
        ..av1::Settings::default()
    }
}

/// The matrix coefficients of plain green, blue and red planes (ITU-T H.273, table 4).
const IDENTITY: u8 = 0;

const SPEEDS: [u8; 10] = [9, 9, 8, 7, 6, 5, 4, 3, 2, 1];

fn colour_planes(image: &Image, options: &Avif, budget: &Budget) -> Result<(Planes, av1::Chroma)> {
    let chroma = match options.chroma {
        Chroma::Half => av1::Chroma::Half,
        Chroma::HalfWidth => av1::Chroma::HalfWidth,
        Chroma::Full => av1::Chroma::Full,
    };
    match image.layout {
        Layout::YCbCr if options.lossless => Err(Error::encoder(Format::Avif, "Y'CbCr where every pixel is kept")),
        Layout::YCbCr => Ok((Planes::AsTheyAre, chroma)),
        Layout::Grey | Layout::GreyAlpha => Ok((planes::grey(image, budget)?, av1::Chroma::None)),
        Layout::Rgb | Layout::Rgba if options.lossless => Ok((planes::gbr(image, budget)?, av1::Chroma::Full)),
        Layout::Rgb | Layout::Rgba => Ok((planes::ycbcr(image, chroma, budget)?, chroma)),
        Layout::Cmyk => Err(Error::encoder(Format::Avif, "CMYK pixels")),
    }
}

fn units(
    planes: &[av1::Plane],
    width: u32,
    height: u32,
    chroma: av1::Chroma,
    settings: &av1::Settings,
    budget: &Budget,
) -> Result<Vec<u8>> {
    budget.check()?;
    let _working = budget.reserve(WORKING + u64::from(width) * u64::from(height) * working_per_pixel(chroma))?;
    let image = av1::Image {
        width,
        height,
        chroma,
        planes,
    };
    estimate::check(&image, settings, budget)?;
    av1::encode(&image, settings).map_err(failed)
}

fn failed(error: av1::Error) -> Error {
    Error::encoder(Format::Avif, error)
}

/// libaom's working memory, measured: bytes for any image, and bytes per pixel.
const WORKING: u64 = 12 << 20;

fn working_per_pixel(chroma: av1::Chroma) -> u64 {
    match chroma {
        av1::Chroma::None | av1::Chroma::Half => 18,
        av1::Chroma::HalfWidth => 24,
        av1::Chroma::Full => 36,
    }
}

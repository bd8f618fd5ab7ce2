//! AVIF, encoded by libaom. Y'CbCr planes go in as they are; other layouts are converted first.

mod estimate;
mod grid;
mod level;
mod mux;
mod planes;

use keenpix_avif_encode as av1;

use crate::budget::Budget;
use crate::encode::{Avif, Chroma};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Image, Layout, Picture};
use crate::metadata::MetadataBlocks;
use grid::Grid;
use level::Detail;
use planes::Planes;

/// The options for a picture in colour of this size: all chroma samples where half of them would leave odd sides, if it
/// is so large that it has to be a grid.
pub(crate) fn for_size(options: Avif, (width, height): (u32, u32)) -> Avif {
    let halved = grid::chroma(Layout::YCbCr, &options);
    match grid::is_impossible(width, height, halved, &settings(&options)) {
        true => options.with_chroma(Chroma::Full),
        false => options,
    }
}

/// Writes the first frame of a picture: Grey, GreyAlpha, Rgb, Rgba, or Y'CbCr whose chroma planes have the size that
/// the options ask for.
pub(crate) fn encode(picture: &Picture, options: &Avif, metadata: &MetadataBlocks, budget: &Budget) -> Result<Vec<u8>> {
    let image = match picture.frames.as_slice() {
        [] => return Err(Error::encoder(Format::Avif, "a picture without frames")),
        [first, ..] => &first.image,
    };
    let chroma = grid::chroma(image.layout, options);
    let grid = Grid::of(image.width, image.height, chroma, &settings(options));
    encode_image(image, grid, options, metadata, budget)
}

/// With a grid for every size of picture.
#[cfg(test)]
pub(crate) fn encode_cells(
    image: &Image,
    (width, height): (u32, u32),
    options: &Avif,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let (columns, rows) = (image.width.div_ceil(width), image.height.div_ceil(height));
    let grid = Grid {
        columns,
        rows,
        width,
        height,
    };
    encode_image(image, Some(grid), options, metadata, budget)
}

fn encode_image(
    image: &Image,
    grid: Option<Grid>,
    options: &Avif,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let mut settings = settings(options);
    if !options.lossless {
        settings.level = level::of(options.quality, Detail::of(image, budget)?);
    }
    if options.lossless && matches!(image.layout, Layout::Rgb | Layout::Rgba) {
        settings.matrix = IDENTITY;
    }
    // Edges are more visible than textures: alpha gets half the quantisation.
    let alpha_settings = av1::Settings {
        level: settings.level / 2,
        // The only one for grey (AV1, 5.5.2).
        matrix: av1::Settings::default().matrix,
        ..settings
    };
    let (width, height) = (image.width, image.height);
    let chroma = grid::chroma(image.layout, options);
    let mut colour = Vec::new();
    let mut alpha = Vec::new();
    let mut encode = |image: &Image, left: usize| {
        let planes = colour_planes(image, options, budget)?;
        colour.push(units(&planes, image, chroma, &settings, left, budget)?);
        drop(planes);
        if image.layout.has_alpha() {
            let planes = planes::alpha(image, budget)?;
            alpha.push(units(&planes, image, av1::Chroma::None, &alpha_settings, left, budget)?);
        }
        Ok(())
    };
    match grid {
        None => encode(image, 1)?,
        Some(grid) => {
            let cells = grid.cells();
            let count = cells.len();
            for (cell, done) in cells.zip(0..) {
                encode(&grid.cut(image, cell, budget)?, count - done)?;
            }
        }
    }
    budget.check()?;
    mux::file(&mux::Parts {
        width,
        height,
        chroma,
        grid,
        colour: &colour,
        alpha: &alpha,
        nclx: (settings.primaries, settings.transfer, settings.matrix),
        metadata,
    })
}

fn settings(options: &Avif) -> av1::Settings {
    let (speed, squares) = EFFORTS[usize::from(options.effort.min(9))];
    av1::Settings {
        // Memory depends on the size, not on what is in a picture.
        level: level::of(options.quality, Detail::TYPICAL),
        speed,
        // Lossless files would be larger, and take no less time.
        squares: squares && !options.lossless,
        lossless: options.lossless,
        ..av1::Settings::default()
    }
}

/// The matrix coefficients of plain green, blue and red planes (ITU-T H.273, table 4).
const IDENTITY: u8 = 0;

/// libaom's speed, and whether blocks are square, by effort.
const EFFORTS: [(u8, bool); 10] = [
    (9, false),
    (8, false),
    (7, false),
    (6, false),
    (5, true),
    (5, false),
    (4, false),
    (3, false),
    (2, false),
    (1, false),
];

fn colour_planes(image: &Image, options: &Avif, budget: &Budget) -> Result<Planes> {
    match image.layout {
        Layout::YCbCr if options.lossless => Err(Error::encoder(Format::Avif, "Y'CbCr where every pixel is kept")),
        Layout::YCbCr => Ok(Planes::AsTheyAre),
        Layout::Grey | Layout::GreyAlpha => planes::grey(image, budget),
        Layout::Rgb | Layout::Rgba if options.lossless => planes::gbr(image, budget),
        Layout::Rgb | Layout::Rgba => planes::ycbcr(image, grid::chroma(image.layout, options), budget),
        Layout::Cmyk => Err(Error::encoder(Format::Avif, "CMYK pixels")),
    }
}

/// Encodes planes, the first of `left` pictures of this size.
fn units(
    planes: &Planes,
    image: &Image,
    chroma: av1::Chroma,
    settings: &av1::Settings,
    left: usize,
    budget: &Budget,
) -> Result<Vec<u8>> {
    budget.check()?;
    let (width, height) = (image.width, image.height);
    let _working = budget.reserve(grid::working(u64::from(width) * u64::from(height), chroma, settings))?;
    let image = av1::Image {
        width,
        height,
        chroma,
        planes: &planes.slices(image),
    };
    estimate::check(&image, left, settings, budget)?;
    av1::encode(&image, settings).map_err(failed)
}

fn failed(error: av1::Error) -> Error {
    Error::encoder(Format::Avif, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Plane;
    use crate::limits::Limits;

    #[test]
    fn colours_that_readers_assume_are_not_told() {
        let budget = Budget::new(&Limits::default());
        let image = Image {
            width: 64,
            height: 48,
            layout: Layout::Rgb,
            planes: vec![Plane::new(64, 48, 3, &budget).unwrap()],
        };
        let file = |options: &Avif| encode_image(&image, None, options, &MetadataBlocks::default(), &budget).unwrap();
        let tells = |bytes: &[u8]| bytes.windows(8).any(|window| window == b"colrnclx");
        let bytes = file(&Avif::new());
        assert!(!tells(&bytes));
        // What sharp's files take without the picture itself.
        let data = bytes.windows(4).position(|window| window == b"mdat").unwrap() + 4;
        assert_eq!(data, 250);
        assert!(tells(&file(&Avif::new().with_lossless(true))));
    }
}

//! AVIF, encoded by libaom. Y'CbCr planes go in as they are; other layouts are converted first.

mod estimate;
mod grid;
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
    settings.level = level(options.quality, u64::from(image.width) * u64::from(image.height));
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
        // That of a picture of medium size: what memory depends on.
        level: level(options.quality, 70_000),
        speed,
        // Lossless files would be larger, and take no less time.
        squares: squares && !options.lossless,
        lossless: options.lossless,
        ..av1::Settings::default()
    }
}

/// libaom's level for a quality of 1 to 100 and so many pixels: that at which pictures score as in sharp at the same
/// quality (SSIMULACRA2, the mean of 13 photographs and 5 graphics, at effort 4). Sharp's small files are coarser: it
/// quantises blocks full of detail more than flat ones.
fn level(quality: u8, pixels: u64) -> u8 {
    let quality = i32::from(quality.clamp(1, 100));
    let [medium, small] = [MEDIUM, SMALL].map(|levels| between(&levels, quality));
    let pixels = pixels.max(1);
    // Sixteenths of an octave.
    let octaves = pixels.ilog2() as i32 * 16 + ((pixels * 16) >> pixels.ilog2()) as i32 - 16;
    let tenths = medium + (small - medium) * between(&SIZES, octaves) / 256;
    ((tenths.clamp(0, 630) + 5) / 10) as u8
}

/// Tenths of levels by quality, measured with pictures of about 70,000 pixels and of 2,900.
const MEDIUM: [(i32, i32); 8] = [
    (1, 580),
    (10, 536),
    (30, 437),
    (50, 322),
    (65, 243),
    (80, 139),
    (90, 77),
    (100, 0),
];
const SMALL: [(i32, i32); 8] = [
    (1, 605),
    (10, 567),
    (30, 483),
    (50, 394),
    (65, 338),
    (80, 256),
    (90, 175),
    (100, 0),
];
/// By sixteenths of octaves of pixels, how much of the way from medium to small, 256 being all of it: beyond medium for
/// pictures of 700,000 pixels.
const SIZES: [(i32, i32); 3] = [(184, 256), (258, 0), (311, -67)];

/// The value between those of the nearest points, or that of the first or last.
fn between(points: &[(i32, i32)], at: i32) -> i32 {
    let next = points
        .partition_point(|&(point, _)| point < at)
        .clamp(1, points.len() - 1);
    let ((low, from), (high, to)) = (points[next - 1], points[next]);
    from + (to - from) * (at.clamp(low, high) - low) / (high - low)
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
    fn levels_are_all_used_in_order() {
        for pixels in [1, 64 * 64, 70_000, 12_000_000, u64::from(u32::MAX)] {
            let levels: Vec<u8> = (1..=100).map(|quality| level(quality, pixels)).collect();
            assert!(levels.is_sorted_by(|before, after| before >= after), "{levels:?}");
            assert!(levels[0] <= 63 && levels[99] == 0);
        }
        let at_50 = [64 * 45, 70_000, 720_000].map(|pixels| level(50, pixels));
        assert_eq!(at_50, [39, 32, 30]);
    }

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

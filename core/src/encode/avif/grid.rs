//! Large pictures are grids of cells (ISO/IEC 23008-12, 6.6.2.3), each a picture of its own to the encoder, because
//! libaom's working memory is ten times as large as what it encodes.

use keenpix_avif_encode as av1;

use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Layout, Plane};

/// Working memory up to which a picture is encoded in one piece, and which a cell may take.
const WHOLE: u64 = 300 << 20;
const CELL: u64 = 160 << 20;
/// Cells are whole superblocks.
const STEP: u32 = 64;

/// How a picture is divided: cells of the same size, from left to right, then from top to bottom. The last ones may
/// reach beyond the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) columns: u32,
    pub(super) rows: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Grid {
    /// The same for every memory limit, so that a plan always gives the same bytes. `None` means one piece: so do
    /// pictures that a grid can't hold.
    pub(super) fn of(width: u32, height: u32, chroma: av1::Chroma, settings: &av1::Settings) -> Option<Self> {
        let bytes = |pixels: u64| working(pixels, chroma, settings);
        let pixels = u64::from(width) * u64::from(height);
        if bytes(pixels) <= WHOLE || has_half_samples(width, height, chroma) {
            return None;
        }
        let mut count = 2u32;
        while bytes(pixels.div_ceil(u64::from(count))) > CELL && count < 256 {
            count += 1;
        }
        let shape = |rows: u32| {
            let side = |whole: u32, parts: u32| whole.div_ceil(parts).next_multiple_of(STEP);
            let (cell_width, cell_height) = (side(width, count.div_ceil(rows)), side(height, rows));
            Grid {
                columns: width.div_ceil(cell_width),
                rows: height.div_ceil(cell_height),
                width: cell_width,
                height: cell_height,
            }
        };
        // The fewest pixels at the seams.
        let seams =
            |grid: &Grid| u64::from(grid.rows - 1) * u64::from(width) + u64::from(grid.columns - 1) * u64::from(height);
        (1..=count).map(shape).min_by_key(seams)
    }

    /// Columns and rows of the cells, in order.
    pub(super) fn cells(self) -> impl ExactSizeIterator<Item = (u32, u32)> {
        let columns = self.columns;
        (0..self.columns * self.rows).map(move |cell| (cell % columns, cell / columns))
    }

    /// A cell as an image of its own: beyond the picture, its last column and row are repeated.
    pub(super) fn cut(self, image: &Image, (column, row): (u32, u32), budget: &Budget) -> Result<Image> {
        let planes = image.planes.iter().map(|plane| {
            // Planes of chroma start and end in proportion; a cell's sides are even.
            let part = |cell: u32, whole: u32, plane: u32| if plane == whole { cell } else { cell / 2 };
            let width = part(self.width, image.width, plane.width);
            let height = part(self.height, image.height, plane.height);
            cut(plane, (column * width, row * height), (width, height), budget)
        });
        Ok(Image {
            width: self.width,
            height: self.height,
            layout: image.layout,
            planes: planes.collect::<Result<_>>()?,
        })
    }
}

fn cut(plane: &Plane, (left, top): (u32, u32), (width, height): (u32, u32), budget: &Budget) -> Result<Plane> {
    let mut part = Plane::new(width, height, plane.channels, budget)?;
    let inside = (plane.width.saturating_sub(left).min(width) as usize * plane.channels).max(plane.channels);
    for y in 0..height {
        let from = plane.row((top + y).min(plane.height - 1));
        let from = from.get(left as usize * plane.channels..).unwrap_or_default();
        let (whole, beyond) = part.row_mut(y).split_at_mut(inside);
        whole.copy_from_slice(&from[..inside]);
        let last = &from[inside - plane.channels..inside];
        beyond
            .chunks_exact_mut(plane.channels)
            .for_each(|pixel| pixel.copy_from_slice(last));
        if y % 64 == 0 {
            budget.check()?;
        }
    }
    Ok(part)
}

/// Whether a side is odd where chroma is halved, which a grid can't have (MIAF, 7.3.11.4.2).
fn has_half_samples(width: u32, height: u32, chroma: av1::Chroma) -> bool {
    match chroma {
        av1::Chroma::Half => width % 2 + height % 2 > 0,
        av1::Chroma::HalfWidth => !width.is_multiple_of(2),
        av1::Chroma::None | av1::Chroma::Full => false,
    }
}

/// Whether a picture in colour would need a grid but can't have one.
pub(super) fn is_impossible(width: u32, height: u32, chroma: av1::Chroma, settings: &av1::Settings) -> bool {
    let pixels = u64::from(width) * u64::from(height);
    has_half_samples(width, height, chroma) && working(pixels, chroma, settings) > WHOLE
}

/// The chroma planes that an image is encoded with.
pub(super) fn chroma(layout: Layout, options: &crate::encode::Avif) -> av1::Chroma {
    match (layout, options.chroma) {
        (Layout::Grey | Layout::GreyAlpha, _) => av1::Chroma::None,
        (Layout::Rgb | Layout::Rgba, _) if options.lossless => av1::Chroma::Full,
        (_, crate::encode::Chroma::Half) => av1::Chroma::Half,
        (_, crate::encode::Chroma::HalfWidth) => av1::Chroma::HalfWidth,
        (_, crate::encode::Chroma::Full) => av1::Chroma::Full,
    }
}

/// What libaom takes for so many pixels, measured as resident memory with pictures of 0.6 to 12 megapixels: tables of
/// any picture, tables for each pixel (searches slower than speed 6 have more of them), and the output, twice.
pub(super) fn working(pixels: u64, chroma: av1::Chroma, settings: &av1::Settings) -> u64 {
    let (tables, samples) = match chroma {
        av1::Chroma::None => (122, 10),
        av1::Chroma::Half => (143, 15),
        av1::Chroma::HalfWidth => (190, 20),
        av1::Chroma::Full => (245, 30),
    };
    let search = if settings.speed < 6 { 135 } else { 0 };
    // Noise takes so many hundredths of a byte for a sample.
    let output = match settings.lossless {
        true => 150,
        false => 130u64.saturating_sub(3 * u64::from(settings.level)).max(30),
    };
    let tenths = tables + search + samples * 2 * output / 100;
    (12 << 20) + pixels.saturating_mul(tenths) / 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn cells_cover_the_picture_and_fit() {
        let settings = av1::Settings::default();
        for chroma in [
            av1::Chroma::None,
            av1::Chroma::Half,
            av1::Chroma::HalfWidth,
            av1::Chroma::Full,
        ] {
            assert_eq!(
                Grid::of(4000, 3000, chroma, &settings).is_some(),
                chroma == av1::Chroma::Full
            );
            for (width, height) in [
                (8000, 6000),
                (6000, 8000),
                (12_000, 9000),
                (65_534, 1000),
                (16_384, 6144),
            ] {
                let grid = Grid::of(width, height, chroma, &settings).unwrap();
                assert!(grid.columns * grid.width >= width && (grid.columns - 1) * grid.width < width);
                assert!(grid.rows * grid.height >= height && (grid.rows - 1) * grid.height < height);
                assert_eq!((grid.width % STEP, grid.height % STEP), (0, 0));
                let cell = u64::from(grid.width) * u64::from(grid.height);
                assert!(working(cell, chroma, &settings) < CELL + CELL / 8, "{grid:?}");
            }
        }
        assert_eq!(Grid::of(8001, 6000, av1::Chroma::Half, &settings), None);
        assert!(is_impossible(8001, 6000, av1::Chroma::Half, &settings));
        assert!(!is_impossible(801, 600, av1::Chroma::Half, &settings));
        assert!(!is_impossible(8000, 6001, av1::Chroma::HalfWidth, &settings));
        assert!(Grid::of(8001, 6000, av1::Chroma::Full, &settings).is_some());
    }

    #[test]
    fn a_cell_is_its_part_of_the_picture_with_repeated_edges() {
        let budget = Budget::new(&Limits::default());
        let grid = Grid {
            columns: 2,
            rows: 2,
            width: 64,
            height: 64,
        };
        let plane = |width: u32, height: u32| {
            let mut plane = Plane::new(width, height, 1, &budget).unwrap();
            for y in 0..height {
                plane
                    .row_mut(y)
                    .iter_mut()
                    .zip(0..)
                    .for_each(|(v, x)| *v = (x + 2 * y) as u8);
            }
            plane
        };
        let image = Image {
            width: 100,
            height: 70,
            layout: Layout::YCbCr,
            planes: vec![plane(100, 70), plane(50, 35), plane(50, 35)],
        };
        assert_eq!(grid.cells().collect::<Vec<_>>(), [(0, 0), (1, 0), (0, 1), (1, 1)]);
        let cell = grid.cut(&image, (1, 1), &budget).unwrap();
        for (plane, side, size) in [(0, 64, (100, 70)), (1, 32, (50, 35)), (2, 32, (50, 35))] {
            let cell = &cell.planes[plane];
            assert_eq!((cell.width, cell.height), (side, side));
            for y in 0..side {
                for (x, &level) in (0..).zip(cell.row(y)) {
                    let (x, y) = ((side + x).min(size.0 - 1), (side + y).min(size.1 - 1));
                    assert_eq!(u32::from(level), (x + 2 * y) % 256);
                }
            }
        }
    }
}

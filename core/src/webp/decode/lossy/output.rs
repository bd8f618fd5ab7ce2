//! Rows of a picture, as planes or as pixels.

use fearless_simd::{Level, dispatch};

use super::colour;
use super::frame::{self, Edges};
use super::window::Band;
use crate::budget::Budget;
use crate::error::Result;

/// Rows of Y'CbCr as JFIF has it, luma and half as much chroma, with these edges smoothed: `put` gets the number of a
/// plane and a row of it. Returns how many rows of luma there were before the data ended.
pub(crate) fn planes(
    data: &[u8],
    width: usize,
    edges: Edges,
    budget: &Budget,
    put: &mut dyn FnMut(usize, &[u8]) -> Result<()>,
) -> Result<usize> {
    let level = Level::new();
    let mut luma = vec![0; width];
    let mut raw = [(); 2].map(|()| vec![0; width.div_ceil(2)]);
    let mut chroma = vec![0; width.div_ceil(2)];
    frame::decode(data, edges, budget, &mut |band: &Band<'_>| {
        for row in 0..band.rows {
            dispatch!(level, simd => colour::luma(simd, band.luma(row), &mut luma));
            put(0, &luma)?;
        }
        for row in 0..band.rows.div_ceil(2) {
            let [blue, red] = &mut raw;
            band.chroma(row, blue, red);
            for (plane, raw) in raw.iter().enumerate() {
                dispatch!(level, simd => colour::chroma(simd, raw, &mut chroma));
                put(1 + plane, &chroma)?;
            }
        }
        Ok(())
    })
}

/// Rows of RGB. Returns how many there were before the data ended.
pub(crate) fn pixels(
    data: &[u8],
    width: usize,
    budget: &Budget,
    put: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<usize> {
    let mut pixels = Pixels::new(width);
    let rows = frame::decode(data, Edges::All, budget, &mut |band: &Band<'_>| {
        // Of an odd number of rows, the last has its own row of chroma.
        for pair in 0..band.rows.div_ceil(2) {
            pixels.chroma(band, pair);
            pixels.odd_row(put)?;
            pixels.even_row(band.luma(2 * pair), put)?;
            if 2 * pair + 1 < band.rows {
                pixels.keep(band.luma(2 * pair + 1));
            }
        }
        Ok(())
    })?;
    pixels.last_row(put)?;
    Ok(rows)
}

/// Two rows of pixels lie between two rows of chroma: the lower waits for the chroma below it.
struct Pixels {
    level: Level,
    waiting: Option<Vec<u8>>,
    spare: Vec<u8>,
    /// Cb and Cr, of the row above and of this one.
    above: [Vec<u8>; 2],
    here: [Vec<u8>; 2],
    started: bool,
    /// Cb and Cr at full width.
    wide: [Vec<u8>; 2],
    rgb: Vec<u8>,
}

impl Pixels {
    fn new(width: usize) -> Self {
        let half = || [(); 2].map(|()| vec![0; width.div_ceil(2)]);
        Pixels {
            level: Level::new(),
            waiting: None,
            spare: vec![0; width],
            above: half(),
            here: half(),
            started: false,
            wide: [(); 2].map(|()| vec![0; width]),
            rgb: vec![0; width * 3],
        }
    }

    /// Takes the next row of chroma. At the top it stands above itself, too.
    fn chroma(&mut self, band: &Band<'_>, row: usize) {
        std::mem::swap(&mut self.above, &mut self.here);
        let [blue, red] = &mut self.here;
        band.chroma(row, blue, red);
        if !self.started {
            self.started = true;
            self.above.clone_from(&self.here);
        }
    }

    fn keep(&mut self, luma: &[u8]) {
        let width = self.spare.len();
        let mut row = std::mem::take(&mut self.spare);
        row.copy_from_slice(&luma[..width]);
        self.waiting = Some(row);
    }

    /// The row that waits, nearer to the chroma above.
    fn odd_row(&mut self, put: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        if let Some(row) = self.waiting.take() {
            self.convert(&row, false);
            self.spare = row;
            put(&self.rgb)?;
        }
        Ok(())
    }

    fn even_row(&mut self, luma: &[u8], put: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.convert(luma, true);
        put(&self.rgb)
    }

    /// The last row of all, if it waits.
    fn last_row(&mut self, put: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.above.clone_from(&self.here);
        self.odd_row(put)
    }

    fn convert(&mut self, luma: &[u8], nearer_here: bool) {
        let (level, rgb) = (self.level, &mut self.rgb);
        for (wide, (above, here)) in self.wide.iter_mut().zip(self.above.iter().zip(&self.here)) {
            let (near, far) = if nearer_here { (here, above) } else { (above, here) };
            dispatch!(level, simd => colour::upsample(simd, near, far, wide));
        }
        let [blue, red] = &self.wide;
        dispatch!(level, simd => colour::rgb(simd, luma, blue, red, rgb));
    }
}

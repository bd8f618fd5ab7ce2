//! Rows of whole blocks from an image of any size: beyond the edge, the last sample is repeated.

use fearless_simd::Level;

use super::colour;
use super::frame::Frame;
use super::{Picture, View};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// Delivers the samples of one row of MCUs at a time.
pub(super) enum Source<'a> {
    Planes { planes: Vec<Plane<'a>> },
    Rgb(Box<Rgb<'a>>),
}

/// One plane, and room for a row of blocks that needs padding.
pub(super) struct Plane<'a> {
    view: View<'a>,
    padded: Buffer<u8>,
}

/// Interleaved pixels, and the planes of a row of MCUs that was converted.
pub(super) struct Rgb<'a> {
    view: View<'a>,
    level: Level,
    /// Luma samples per chroma sample, across and down.
    ratios: (usize, usize),
    /// Samples in a row of each component, in whole MCUs.
    strides: [usize; 3],
    planes: [Buffer<u8>; 3],
    split: colour::Split,
}

impl<'a> Source<'a> {
    pub(super) fn new(picture: &Picture<'a>, frame: &Frame, level: Level, budget: &Budget) -> Result<Self> {
        let views = match picture {
            Picture::Grey(plane) => vec![*plane],
            Picture::YCbCr(planes) => planes.to_vec(),
            Picture::Rgb(view) => return Rgb::new(*view, frame, level, budget).map(|rgb| Source::Rgb(Box::new(rgb))),
        };
        let planes = views.into_iter().zip(&frame.components).map(|(view, component)| {
            let ragged = !view.width.is_multiple_of(8) || !view.height.is_multiple_of(8);
            let len = if ragged { 64 * component.across } else { 0 };
            let padded = budget.zeroed(len, "edge blocks")?;
            Ok(Plane { view, padded })
        });
        Ok(Source::Planes {
            planes: planes.collect::<Result<_>>()?,
        })
    }

    /// Makes the rows of blocks of MCU row number `mcu_row` available.
    pub(super) fn advance(&mut self, mcu_row: usize) {
        if let Source::Rgb(rgb) = self {
            rgb.convert(mcu_row);
        }
    }

    /// The eight rows of samples of a row of blocks: number `row` of the component, from the top of the
    /// image, in MCU row number `mcu_row`.
    pub(super) fn rows(&mut self, component: usize, row: usize, mcu_row: usize) -> [&[u8]; 8] {
        match self {
            Source::Planes { planes } => planes[component].rows(row),
            Source::Rgb(rgb) => {
                let v = if component == 0 { rgb.ratios.1 } else { 1 };
                let (stride, first) = (rgb.strides[component], 8 * (row - mcu_row * v));
                let plane = &rgb.planes[component];
                std::array::from_fn(|y| &plane[(first + y) * stride..][..stride])
            }
        }
    }
}

impl Plane<'_> {
    fn rows(&mut self, row: usize) -> [&[u8]; 8] {
        let (width, height) = (self.view.width as usize, self.view.height as usize);
        if width.is_multiple_of(8) && 8 * row + 8 <= height {
            return std::array::from_fn(|y| self.view.row(8 * row + y, 1));
        }
        let stride = width.next_multiple_of(8);
        for (y, padded) in self.padded.chunks_exact_mut(stride).enumerate() {
            let samples = self.view.row((8 * row + y).min(height - 1), 1);
            padded[..width].copy_from_slice(samples);
            padded[width..].fill(samples[width - 1]);
        }
        let padded = &self.padded;
        std::array::from_fn(|y| &padded[y * stride..][..stride])
    }
}

impl<'a> Rgb<'a> {
    fn new(view: View<'a>, frame: &Frame, level: Level, budget: &Budget) -> Result<Self> {
        let luma = &frame.components[0];
        let ratios = (usize::from(luma.h), usize::from(luma.v));
        let width = 8 * frame.mcus_across * ratios.0;
        let strides = [width, width / ratios.0, width / ratios.0];
        let plane = |index: usize| {
            let rows = if index == 0 { 8 * ratios.1 } else { 8 };
            budget.zeroed(strides[index] * rows, "rows of MCUs")
        };
        Ok(Rgb {
            view,
            level,
            ratios,
            strides,
            planes: [plane(0)?, plane(1)?, plane(2)?],
            split: colour::Split::new(width, budget)?,
        })
    }

    fn convert(&mut self, mcu_row: usize) {
        let (h, v) = self.ratios;
        let [luma, cb, cr] = &mut self.planes;
        let [luma_stride, chroma_stride, _] = self.strides;
        let height = self.view.height as usize;
        for y in 0..8 {
            for part in 0..v {
                let line = y * v + part;
                let pixels = self.view.row((8 * v * mcu_row + line).min(height - 1), 3);
                let luma = &mut luma[line * luma_stride..][..luma_stride];
                self.split.row(self.level, pixels, luma, part == 0);
            }
            let at = y * chroma_stride..(y + 1) * chroma_stride;
            self.split.chroma(self.level, (h, v), &mut cb[at.clone()], &mut cr[at]);
        }
    }
}

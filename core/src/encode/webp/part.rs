//! The pixels of a frame's area, as they are or laid over what is below.

use super::difference::Similar;
use super::{lossless, lossy, transparent};
use crate::budget::{Budget, Buffer};
use crate::encode::changes::Area;
use crate::encode::options;
use crate::error::Result;

/// In lossy frames, blocks of so many pixels a side are laid over what is below, or not.
const BLOCK: usize = 8;

pub(super) struct Part {
    area: Area,
    /// RGBA.
    data: Buffer<u8>,
    /// Whether any pixel is not opaque.
    pub(super) alpha: bool,
    /// Whether transparent pixels leave what is below.
    pub(super) blends: bool,
    /// Whether it may be smaller without that.
    doubtful: bool,
}

impl Part {
    pub(super) fn new(now: &[u8], area: Area, width: usize, budget: &Budget) -> Result<Self> {
        let mut data = budget.zeroed::<u8>(area.width * area.height * 4, "a frame's area")?;
        for (out, row) in data.chunks_exact_mut(area.width * 4).zip(area.rows(width, 4)) {
            out.copy_from_slice(&now[row]);
        }
        let alpha = data.as_chunks::<4>().0.iter().any(|pixel| pixel[3] < 255);
        Ok(Part {
            area,
            data,
            alpha,
            blends: false,
            doubtful: false,
        })
    }

    pub(super) fn is_doubtful(&self) -> bool {
        self.doubtful
    }

    /// The same with pixels that are shown already left out, if those are enough to make it smaller.
    pub(super) fn laid_over(
        &self,
        canvas: &[u8],
        width: usize,
        similar: &Similar,
        lossless: bool,
        budget: &Budget,
    ) -> Result<Option<Self>> {
        let below = Part::new(canvas, self.area, width, budget)?.data;
        let mut data = budget.zeroed::<u8>(self.data.len(), "a frame's area")?;
        data.copy_from_slice(&self.data);
        let (left_out, all) = match lossless {
            true => (leave_pixels(&mut data, &below), data.len() / 4),
            false => leave_blocks(&mut data, &below, self.area.width, similar),
        };
        budget.check()?;
        // What a lossy frame gains by it is known.
        let fewest = if lossless { 16 } else { 4 };
        Ok((left_out * fewest >= all && left_out > 0).then_some(Part {
            area: self.area,
            data,
            alpha: true,
            blends: true,
            doubtful: lossless && left_out * 2 < all,
        }))
    }

    /// Appends the chunks of its pixels.
    pub(super) fn write(&self, options: &options::Webp, budget: &Budget, out: &mut Vec<u8>) -> Result<()> {
        let width = self.area.width;
        if options.lossless {
            let mut pixels = budget.zeroed::<u32>(self.data.len() / 4, "WebP pixels")?;
            for (pixel, &[r, g, b, a]) in pixels.iter_mut().zip(self.data.as_chunks::<4>().0) {
                *pixel = u32::from_le_bytes([b, g, r, a]);
            }
            return lossless::picture(&mut pixels, width, self.alpha, options, budget, out);
        }
        // Where it is laid over, hidden colours are made already.
        let exact = options.exact || self.blends;
        lossy::picture(
            &mut transparent::planes(&self.data, width, exact, options.sharp, budget)?,
            options,
            budget,
            out,
        )
    }

    /// Draws it as a viewer does.
    pub(super) fn draw(&self, canvas: &mut [u8], width: usize) {
        for (row, from) in self
            .area
            .rows(width, 4)
            .zip(self.data.chunks_exact(self.area.width * 4))
        {
            let pairs = canvas[row]
                .as_chunks_mut::<4>()
                .0
                .iter_mut()
                .zip(from.as_chunks::<4>().0);
            for (pixel, from) in pairs {
                if !self.blends || from[3] > 0 {
                    *pixel = *from;
                }
            }
        }
    }
}

/// Makes pixels transparent that are as those below, and says how many.
fn leave_pixels(data: &mut [u8], below: &[u8]) -> usize {
    let mut left_out = 0;
    for (pixel, below) in data.as_chunks_mut::<4>().0.iter_mut().zip(below.as_chunks::<4>().0) {
        if pixel == below {
            *pixel = [0; 4];
            left_out += 1;
        }
    }
    left_out
}

/// Makes blocks transparent in which all pixels are as those below, and single ones that are not opaque, which are as
/// those below, too; says how many blocks, and of how many.
fn leave_blocks(data: &mut [u8], below: &[u8], width: usize, similar: &Similar) -> (usize, usize) {
    let (pixels, below) = (data.as_chunks_mut::<4>().0, below.as_chunks::<4>().0);
    let height = pixels.len() / width;
    let (across, down) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
    let places = |block: usize| {
        let (left, top) = (block % across * BLOCK, block / across * BLOCK);
        let rows = top..(top + BLOCK).min(height);
        rows.flat_map(move |y| (left..(left + BLOCK).min(width)).map(move |x| y * width + x))
    };
    let same = |pixels: &[[u8; 4]], at: usize| similar.same(pixels[at], below[at]);
    let hidden: Vec<bool> = (0..across * down)
        .map(|block| places(block).all(|at| same(pixels, at)))
        .collect();
    let mut fills: Vec<[u8; 3]> = Vec::with_capacity(hidden.len());
    for block in 0..hidden.len() {
        let mean = mean(places(block).map(|at| pixels[at]));
        let (x, y) = (block % across, block / across);
        let beside = [
            (x > 0).then(|| block - 1),
            (x + 1 < across).then_some(block + 1),
            (y > 0).then(|| block - across),
            (y + 1 < down).then_some(block + across),
        ];
        let seen = beside.iter().flatten().any(|&other| !hidden[other]);
        // Chroma is shared with visible blocks beside it; far from those, any colour will do.
        let fill = match beside {
            [Some(left), ..] if hidden[block] && !seen => fills[left],
            [None, _, Some(above), _] if hidden[block] && !seen => fills[above],
            _ => mean,
        };
        for at in places(block) {
            if hidden[block] || pixels[at][3] < 255 {
                pixels[at] = [fill[0], fill[1], fill[2], 0];
            }
        }
        fills.push(fill);
    }
    (hidden.iter().filter(|&&hidden| hidden).count(), hidden.len())
}

/// The mean of the pixels that can be seen.
fn mean(pixels: impl Iterator<Item = [u8; 4]>) -> [u8; 3] {
    let (mut sums, mut seen) = ([0u32; 3], 0);
    for [r, g, b, a] in pixels {
        if a > 0 {
            sums = [sums[0] + u32::from(r), sums[1] + u32::from(g), sums[2] + u32::from(b)];
            seen += 1;
        }
    }
    sums.map(|sum| ((sum + seen / 2) / seen.max(1)) as u8)
}

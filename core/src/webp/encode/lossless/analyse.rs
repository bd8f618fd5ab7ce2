//! Which transforms pay, by estimates of the bits that are left.

use super::entropy::bits;
use super::palette::{Palette, subtract};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// The transforms of a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transforms {
    pub(super) palette: bool,
    pub(super) green: bool,
    pub(super) predict: bool,
}

/// Samples that are counted: as they are and less green, themselves and their differences from the left; hashed.
const KINDS: usize = 13;

impl Transforms {
    /// Compares the bits of pixels that are not as their neighbours.
    pub(super) fn choose(pixels: &[u32], width: usize, palette: Option<&Palette>, budget: &Budget) -> Result<Self> {
        let only_palette = Transforms {
            palette: true,
            green: false,
            predict: false,
        };
        if palette.is_some_and(|palette| palette.colours.len() <= 16) {
            return Ok(only_palette);
        }
        let mut counts: Buffer<[u32; 256]> = budget.zeroed(KINDS, "counts of samples")?;
        let rows = pixels.len() / width;
        // Pairs of rows, as many as tell enough.
        let step = (rows / 512).max(1);
        for y in (0..rows).step_by(step) {
            budget.check()?;
            let start = y * width;
            let mut last = pixels[start];
            for x in 1..width {
                let pixel = pixels[start + x];
                let difference = subtract(pixel, last);
                if difference == 0 || y > 0 && pixel == pixels[start + x - width] {
                    last = pixel;
                    continue;
                }
                last = pixel;
                for (kinds, pixel) in counts.chunks_exact_mut(6).zip([pixel, difference]) {
                    let [blue, green, red, alpha] = pixel.to_le_bytes();
                    let samples = [
                        alpha,
                        green,
                        red,
                        blue,
                        red.wrapping_sub(green),
                        blue.wrapping_sub(green),
                    ];
                    for (counts, sample) in kinds.iter_mut().zip(samples) {
                        counts[usize::from(sample)] += 1;
                    }
                }
                counts[12][(pixel.wrapping_add(pixel >> 19).wrapping_mul(0x39c5_fba7) >> 24) as usize] += 1;
            }
        }
        // Differences of nothing were left out, but occur.
        counts[6..12].iter_mut().for_each(|counts| counts[0] += 1);
        let each: Vec<f32> = counts.iter().map(|counts| bits(counts) * step as f32).collect();
        let sum = |start: usize, green: bool| {
            let red_blue = if green {
                start + 4..start + 6
            } else {
                start + 2..start + 4
            };
            each[start] + each[start + 1] + each[red_blue].iter().sum::<f32>()
        };
        let tiles = (width.div_ceil(32) * rows.div_ceil(32)) as f32;
        let plain = |green: bool, predict: bool| {
            let header = if predict {
                tiles * if green { 4.6 } else { 3.8 }
            } else {
                0.0
            };
            (
                sum(if predict { 6 } else { 0 }, green) + header,
                Transforms {
                    palette: false,
                    green,
                    predict,
                },
            )
        };
        let mut all = vec![
            plain(false, false),
            plain(true, false),
            plain(false, true),
            plain(true, true),
        ];
        if let Some(palette) = palette {
            all.push((each[12] + 8.0 * palette.colours.len() as f32, only_palette));
        }
        let best = all.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        Ok(best.map_or(only_palette, |(_, transforms)| transforms))
    }
}

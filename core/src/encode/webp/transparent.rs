//! Y'CbCr and alpha of pictures with transparency.

use super::planes::{BLUE, LUMA, RED, weigh};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// The side of a block in which what is invisible takes the colour of what is visible.
const BLOCK: usize = 8;

/// A picture as VP8 has it, with a plane of alpha beside it.
pub(super) struct Planes {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) colours: [Buffer<u8>; 3],
    /// None if all is opaque.
    pub(super) alpha: Option<Buffer<u8>>,
}

/// The planes of RGBA pixels. Where they are transparent, colours are those that compress best, unless `exact`.
pub(super) fn planes(rgba: &[u8], width: usize, exact: bool, budget: &Budget) -> Result<Planes> {
    let pixels = rgba.as_chunks::<4>().0;
    let height = pixels.len() / width;
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let mut luma = budget.zeroed::<u8>(pixels.len(), "Y'CbCr planes")?;
    let mut blue = budget.zeroed::<u8>(across * down, "Y'CbCr planes")?;
    let mut red = budget.zeroed::<u8>(across * down, "Y'CbCr planes")?;
    let mut alpha = budget.zeroed::<u8>(pixels.len(), "WebP alpha")?;
    let mut least = 255;
    let rows = pixels.chunks_exact(width).zip(luma.chunks_exact_mut(width));
    for ((row, luma), alpha) in rows.zip(alpha.chunks_exact_mut(width)) {
        for ((&[r, g, b, a], luma), alpha) in row.iter().zip(luma).zip(alpha) {
            *luma = weigh([r, g, b].map(i32::from), LUMA, 16, 16);
            *alpha = a;
            least = least.min(a);
        }
    }
    let chroma = blue.chunks_exact_mut(across).zip(red.chunks_exact_mut(across));
    for (y, (blue, red)) in (0..height).step_by(2).zip(chroma) {
        budget.check()?;
        // The last row or column stands for a missing one.
        let row = |y: usize| pixels[y * width..][..width].chunks(2);
        let pairs = row(y).zip(row((y + 1).min(height - 1)));
        for (((first, second), blue), red) in pairs.zip(blue).zip(red) {
            let four = [first[0], first[first.len() - 1], second[0], second[second.len() - 1]];
            let sums = sums(four);
            (*blue, *red) = (weigh(sums, BLUE, 128, 18), weigh(sums, RED, 128, 18));
        }
    }
    let mut colours = [luma, blue, red];
    if least == 255 {
        drop(alpha);
        return Ok(Planes {
            width,
            height,
            colours,
            alpha: None,
        });
    }
    if !exact && least == 0 {
        let [luma, blue, red] = &mut colours;
        let visible = |x: usize, y: usize| alpha[y * width + x] > 0;
        smooth::<BLOCK>(luma, (width, height), visible, budget)?;
        let visible = |x: usize, y: usize| {
            let mut four = [(0, 0), (0, 1), (1, 0), (1, 1)].iter();
            four.any(|(dx, dy)| alpha[(2 * y + dy).min(height - 1) * width + (2 * x + dx).min(width - 1)] > 0)
        };
        smooth::<{ BLOCK / 2 }>(blue, (across, down), visible, budget)?;
        smooth::<{ BLOCK / 2 }>(red, (across, down), visible, budget)?;
    }
    Ok(Planes {
        width,
        height,
        colours,
        alpha: Some(alpha),
    })
}

/// Four times the mean colour of four pixels, each as much as it can be seen.
#[inline(always)]
fn sums(four: [[u8; 4]; 4]) -> [i32; 3] {
    let alphas = four.map(|pixel| i32::from(pixel[3]));
    let all: i32 = alphas.iter().sum();
    let weighs = all > 0 && alphas.iter().any(|&alpha| alpha != alphas[0]);
    std::array::from_fn(|channel| {
        let values = four.map(|pixel| i32::from(pixel[channel]));
        match weighs {
            false => values.iter().sum(),
            true => {
                let sum: i32 = values.iter().zip(alphas).map(|(value, alpha)| value * alpha).sum();
                (4 * sum + all / 2) / all
            }
        }
    })
}

/// Gives what is invisible the mean of what is visible in its block of `N × N`, and blocks in which nothing is visible
/// the colour of the one before.
fn smooth<const N: usize>(
    plane: &mut [u8],
    (width, height): (usize, usize),
    visible: impl Fn(usize, usize) -> bool,
    budget: &Budget,
) -> Result<()> {
    for top in (0..height).step_by(N) {
        budget.check()?;
        let rows = top..(top + N).min(height);
        // To begin with, the colour above.
        let mut last = top.checked_sub(1).map(|above| plane[above * width]);
        for left in (0..width).step_by(N) {
            let columns = left..(left + N).min(width);
            let (mut sum, mut seen) = (0u32, 0);
            for y in rows.clone() {
                for x in columns.clone() {
                    if visible(x, y) {
                        sum += u32::from(plane[y * width + x]);
                        seen += 1;
                    }
                }
            }
            if seen as usize == rows.len() * columns.len() {
                last = None;
                continue;
            }
            let fill = match (seen, last) {
                (0, Some(last)) => last,
                (0, None) => match left {
                    0 => 128,
                    _ => plane[(rows.end - 1) * width + left - 1],
                },
                _ => ((sum + seen / 2) / seen) as u8,
            };
            for y in rows.clone() {
                for x in columns.clone() {
                    if !visible(x, y) {
                        plane[y * width + x] = fill;
                    }
                }
            }
            last = Some(fill);
        }
    }
    Ok(())
}

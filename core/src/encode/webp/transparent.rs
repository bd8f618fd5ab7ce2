//! Y'CbCr and alpha of pictures with transparency.

use super::planes::{BLUE, LUMA, RED, weigh};
use super::sharp;
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

/// The planes of RGBA pixels, with care for edges between colours if `sharp`. Where they are transparent, colours are
/// those that compress best, unless `exact`.
pub(super) fn planes(rgba: &[u8], width: usize, exact: bool, sharp: bool, budget: &Budget) -> Result<Planes> {
    let pixels = rgba.as_chunks::<4>().0;
    let height = pixels.len() / width;
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let mut alpha = budget.zeroed::<u8>(pixels.len(), "WebP alpha")?;
    let mut least = 255;
    for (alpha, pixel) in alpha.iter_mut().zip(pixels) {
        *alpha = pixel[3];
        least = least.min(pixel[3]);
    }
    let mut colours = match (sharp, exact || least > 0) {
        (false, _) => halved(pixels, width, budget)?,
        (true, true) => sharp::planes(pixels, width, budget)?,
        (true, false) => sharp::planes(visible(pixels, width, budget)?.as_chunks::<4>().0, width, budget)?,
    };
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

/// Luma, and the chroma of four pixels each.
fn halved(pixels: &[[u8; 4]], width: usize, budget: &Budget) -> Result<[Buffer<u8>; 3]> {
    let height = pixels.len() / width;
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let mut luma = budget.zeroed::<u8>(pixels.len(), "Y'CbCr planes")?;
    let mut blue = budget.zeroed::<u8>(across * down, "Y'CbCr planes")?;
    let mut red = budget.zeroed::<u8>(across * down, "Y'CbCr planes")?;
    for (luma, &[r, g, b, _]) in luma.iter_mut().zip(pixels) {
        *luma = weigh([r, g, b].map(i32::from), LUMA, 16, 16);
    }
    let chroma = blue.chunks_exact_mut(across).zip(red.chunks_exact_mut(across));
    for (y, (blue, red)) in (0..height).step_by(2).zip(chroma) {
        budget.check()?;
        for (((_, four), blue), red) in fours(pixels, width, y).zip(blue).zip(red) {
            let sums = sums(four);
            (*blue, *red) = (weigh(sums, BLUE, 128, 18), weigh(sums, RED, 128, 18));
        }
    }
    Ok([luma, blue, red])
}

/// The blocks of 2×2 from a line on, each with its first column. The last line or column stands for a missing one.
fn fours(pixels: &[[u8; 4]], width: usize, y: usize) -> impl Iterator<Item = (usize, [[u8; 4]; 4])> {
    let height = pixels.len() / width;
    let line = |y: usize| pixels[y * width..][..width].chunks(2);
    let pairs = line(y).zip(line((y + 1).min(height - 1)));
    pairs.enumerate().map(|(x, (first, second))| {
        let four = [first[0], first[first.len() - 1], second[0], second[second.len() - 1]];
        (2 * x, four)
    })
}

/// The pixels, with those that can't be seen in the colour of those that can in their block of 2×2, which share its
/// chroma.
fn visible(pixels: &[[u8; 4]], width: usize, budget: &Budget) -> Result<Buffer<u8>> {
    let mut out = budget.zeroed::<u8>(pixels.len() * 4, "colours of transparent pixels")?;
    out.copy_from_slice(pixels.as_flattened());
    let changed = out.as_chunks_mut::<4>().0;
    for (y, lines) in (0..).step_by(2).zip(changed.chunks_mut(2 * width)) {
        budget.check()?;
        for (x, four) in fours(pixels, width, y) {
            let unseen = four.iter().any(|pixel| pixel[3] == 0);
            if unseen && four.iter().any(|pixel| pixel[3] > 0) {
                let [r, g, b] = sums(four).map(|sum| ((sum + 2) / 4) as u8);
                for line in lines.chunks_mut(width) {
                    let end = (x + 2).min(width);
                    for pixel in line[x..end].iter_mut().filter(|pixel| pixel[3] == 0) {
                        *pixel = [r, g, b, 0];
                    }
                }
            }
        }
    }
    Ok(out)
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

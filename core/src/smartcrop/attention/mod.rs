//! The `attention` position: centres the window on the most eye-catching point.
//!
//! The image is squeezed into a small square, whatever its shape. Each cell scores points for contrast with its
//! neighbours in luminance, for being near the colour of skin, and for leaning from green to red (a* of CIE
//! L*a*b*); dark cells score only contrast points. The points are blurred over a radius that grows with the
//! window, and the best cell wins. The weights are those of smartcrop.js and libvips.

mod shrink;

use super::{Found, samples};
use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Layout};

/// Cells in each direction: how precisely the focus can be placed.
const CELLS: usize = 32;

/// One value for each cell, row by row.
type Cells = [f32; CELLS * CELLS];

/// The reference white of sRGB (D65), for the 2° observer, with Y = 100.
const WHITE: [f32; 3] = [95.047, 100.0, 108.8827];

/// The direction of skin colour in CIE XYZ.
const SKIN: [f32; 3] = [0.78, 0.57, 0.44];

/// Luminance, out of 100, up to which colour scores no points.
const DARK: f32 = 5.0;

pub(super) fn find(image: &Image, width: u32, height: u32, budget: &Budget) -> Result<Found> {
    let rgb = small(image, budget)?;
    let scores = blur(&score(&rgb), radius(image, width, height));
    // The first of equals wins: a uniform image is cropped at its top left, as in libvips.
    let best = (1..scores.len()).fold(0, |best, at| if scores[at] > scores[best] { at } else { best });
    let focus = (place(best % CELLS, image.width), place(best / CELLS, image.height));
    Ok(Found {
        left: focus.0.saturating_sub(width / 2).min(image.width - width),
        top: focus.1.saturating_sub(height / 2).min(image.height - height),
        focus: Some(focus),
    })
}

/// The first pixel of a cell.
fn place(cell: usize, len: u32) -> u32 {
    (cell as u64 * u64::from(len) / CELLS as u64) as u32
}

/// The image in `CELLS × CELLS` cells, red, green, blue from 0 to 255.
fn small(image: &Image, budget: &Budget) -> Result<[Cells; 3]> {
    let mut planes = Vec::with_capacity(4);
    for plane in &image.planes {
        planes.extend(shrink::shrink(plane, image.layout, budget)?);
    }
    let mut rgb = [[0.0; CELLS * CELLS]; 3];
    for cell in 0..CELLS * CELLS {
        let at = |plane: usize| planes[plane][cell];
        let colour = match image.layout {
            Layout::Grey | Layout::GreyAlpha => [at(0); 3],
            Layout::Rgb | Layout::Rgba => [at(0), at(1), at(2)],
            Layout::YCbCr => {
                let (y, cb, cr) = (at(0), at(1) - 128.0, at(2) - 128.0);
                [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
            }
            Layout::Cmyk => samples::rgb_of_ink([at(0), at(1), at(2), at(3)].map(|v| v.round() as u8)).map(f32::from),
        };
        for (band, value) in rgb.iter_mut().zip(colour) {
            band[cell] = value.round().clamp(0.0, 255.0);
        }
    }
    Ok(rgb)
}

fn score(rgb: &[Cells; 3]) -> Cells {
    let xyz: Vec<[f32; 3]> = (0..CELLS * CELLS)
        .map(|cell| xyz([rgb[0][cell], rgb[1][cell], rgb[2][cell]]))
        .collect();
    let luminance = |x: usize, y: usize| xyz[y.min(CELLS - 1) * CELLS + x.min(CELLS - 1)][1];
    let mut scores = [0.0; CELLS * CELLS];
    for (cell, score) in scores.iter_mut().enumerate() {
        let (x, y) = (cell % CELLS, cell / CELLS);
        let around = luminance(x + 1, y)
            + luminance(x.saturating_sub(1), y)
            + luminance(x, y + 1)
            + luminance(x, y.saturating_sub(1));
        *score = 5.0 * (4.0 * luminance(x, y) - around).abs();
        if luminance(x, y) > DARK {
            *score += skin(xyz[cell]) + green_to_red(xyz[cell]);
        }
    }
    scores
}

/// IEC 61966-2-1, with Y from 0 to 100.
fn xyz(rgb: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = rgb.map(|v| {
        let v = v / 255.0;
        100.0
            * if v <= 0.04045 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
    });
    [
        0.4124 * r + 0.3576 * g + 0.1805 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0193 * r + 0.1192 * g + 0.9505 * b,
    ]
}

/// 100 for a colour in the direction of skin in XYZ, and less the further it points away.
fn skin(xyz: [f32; 3]) -> f32 {
    let length = |v: [f32; 3]| v.iter().map(|c| c * c).sum::<f32>().sqrt();
    let size = length(xyz);
    let distance = length(std::array::from_fn(|i| xyz[i] / size - SKIN[i]));
    100.0 - 100.0 * distance
}

/// a* of CIE L*a*b*. Green counts against a cell: the method takes this for saturation.
fn green_to_red(xyz: [f32; 3]) -> f32 {
    let lift = |t: f32| {
        if t < 0.008_856 {
            7.787 * t + 16.0 / 116.0
        } else {
            t.cbrt()
        }
    };
    500.0 * (lift(xyz[0] / WHITE[0]) - lift(xyz[1] / WHITE[1]))
}

/// A tenth of the window's diagonal in cells, at least 1: the standard deviation of the blur.
fn radius(image: &Image, width: u32, height: u32) -> f64 {
    let across = f64::from(width) / f64::from(image.width);
    let down = f64::from(height) / f64::from(image.height);
    (across.hypot(down) * CELLS as f64 / 10.0).max(1.0)
}

/// Gaussian blur with weights in whole twentieths, cut off below a fifth: a wide, flat top.
fn blur(cells: &Cells, sigma: f64) -> Cells {
    let weights: Vec<f32> = (0..CELLS)
        .map(|x| (-((x * x) as f64) / (2.0 * sigma * sigma)).exp())
        .take_while(|weight| *weight >= 0.2)
        .map(|weight| (20.0 * weight).round() as f32)
        .collect();
    let sum = 2.0 * weights.iter().sum::<f32>() - weights[0];
    // The edge cells extend forever.
    let pass = |cells: &Cells, step: usize, along: fn(usize) -> usize| {
        let mut blurred = [0.0; CELLS * CELLS];
        for (cell, value) in blurred.iter_mut().enumerate() {
            let position = along(cell);
            let start = cell - position * step;
            let tap = |to: usize| cells[start + to.min(CELLS - 1) * step];
            let side = |(x, weight): (usize, &f32)| weight * (tap(position.saturating_sub(x)) + tap(position + x));
            *value = (weights[0] * tap(position) + weights.iter().enumerate().skip(1).map(side).sum::<f32>()) / sum;
        }
        blurred
    };
    let across = pass(cells, 1, |cell| cell % CELLS);
    pass(&across, CELLS, |cell| cell / CELLS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skin_scores_above_sky_and_grass() {
        let of = |rgb| skin(xyz(rgb)) + green_to_red(xyz(rgb));
        let skins = [[224.0, 172.0, 105.0], [141.0, 85.0, 36.0], [255.0, 219.0, 172.0]];
        let others = [[120.0, 180.0, 240.0], [60.0, 140.0, 50.0], [128.0, 128.0, 128.0]];
        for skin in skins {
            for other in others {
                assert!(of(skin) > of(other), "{skin:?} {other:?}");
            }
        }
    }

    #[test]
    fn blur_keeps_the_sum_and_spreads() {
        let mut cells = [0.0; CELLS * CELLS];
        cells[16 * CELLS + 16] = 1000.0;
        for sigma in [1.0, 2.5, 4.5] {
            let blurred = blur(&cells, sigma);
            assert!((blurred.iter().sum::<f32>() - 1000.0).abs() < 0.1);
            assert!((blurred[15 * CELLS + 16] - blurred[16 * CELLS + 17]).abs() < 1e-3);
            assert!(blurred[16 * CELLS + 16] >= blurred[16 * CELLS + 17]);
        }
        let flat = blur(&[7.0; CELLS * CELLS], 3.0);
        assert!(flat.iter().all(|v| (v - 7.0).abs() < 1e-4));
    }
}

//! Y'CbCr as VP8 has it (RFC 6386, 9.2): BT.601 in studio swing, 16 to 235 and 16 to 240, chroma halved.

use crate::budget::{Budget, Buffer};
use crate::error::Result;
use crate::image::{Image, Layout};

/// The planes of a picture without transparency: grey, RGB, or JFIF's Y'CbCr with halved chroma.
pub(super) fn studio_swing(image: &Image, budget: &Budget) -> Result<[Buffer<u8>; 3]> {
    match image.layout {
        Layout::YCbCr => from_full_range(image, budget),
        Layout::Grey => from_grey(image, budget),
        _ => from_rgb(image, budget),
    }
}

fn luma_table() -> [u8; 256] {
    std::array::from_fn(|v| (16 + (v * 219 + 127) / 255) as u8)
}

fn converted(source: &[u8], table: &[u8; 256], budget: &Budget) -> Result<Buffer<u8>> {
    let mut out = budget.zeroed::<u8>(source.len(), "Y'CbCr planes")?;
    for (out, &sample) in out.iter_mut().zip(source) {
        *out = table[usize::from(sample)];
    }
    budget.check()?;
    Ok(out)
}

fn from_full_range(image: &Image, budget: &Budget) -> Result<[Buffer<u8>; 3]> {
    let chroma: [u8; 256] = std::array::from_fn(|v| {
        let offset = (v as i32 - 128) * 224;
        (128 + (offset + if offset < 0 { -127 } else { 127 }) / 255) as u8
    });
    let plane = |number: usize, table| converted(&image.planes[number].data, table, budget);
    Ok([plane(0, &luma_table())?, plane(1, &chroma)?, plane(2, &chroma)?])
}

fn halved(image: &Image) -> (usize, usize) {
    let [width, height] = [image.width, image.height].map(|side| side.div_ceil(2) as usize);
    (width, height)
}

fn from_grey(image: &Image, budget: &Budget) -> Result<[Buffer<u8>; 3]> {
    let (width, height) = halved(image);
    let neutral = || -> Result<Buffer<u8>> {
        let mut plane = budget.zeroed::<u8>(width * height, "Y'CbCr planes")?;
        plane.fill(128);
        Ok(plane)
    };
    let luma = converted(&image.planes[0].data, &luma_table(), budget)?;
    Ok([luma, neutral()?, neutral()?])
}

/// What red, green and blue add to luma and chroma, with 16 fraction bits.
pub(super) const LUMA: [i32; 3] = [16_829, 33_039, 6_416];
pub(super) const BLUE: [i32; 3] = [-9_714, -19_070, 28_784];
pub(super) const RED: [i32; 3] = [28_784, -24_103, -4_681];

fn from_rgb(image: &Image, budget: &Budget) -> Result<[Buffer<u8>; 3]> {
    let (width, height) = halved(image);
    let pixels = &image.planes[0];
    let mut luma = budget.zeroed::<u8>(image.width as usize * image.height as usize, "Y'CbCr planes")?;
    let mut blue = budget.zeroed::<u8>(width * height, "Y'CbCr planes")?;
    let mut red = budget.zeroed::<u8>(width * height, "Y'CbCr planes")?;
    for (row, out) in luma.chunks_exact_mut(image.width as usize).enumerate() {
        for (out, pixel) in out.iter_mut().zip(pixels.row(row as u32).as_chunks::<3>().0) {
            *out = weigh(pixel.map(i32::from), LUMA, 16, 16);
        }
    }
    let rows = blue.chunks_exact_mut(width).zip(red.chunks_exact_mut(width));
    for (row, (blue, red)) in (0..image.height).step_by(2).zip(rows) {
        budget.check()?;
        // The last row or column stands for a missing one.
        let first = pixels.row(row).as_chunks::<3>().0.chunks(2);
        let second = pixels.row((row + 1).min(image.height - 1)).as_chunks::<3>().0.chunks(2);
        for (((first, second), blue), red) in first.zip(second).zip(blue).zip(red) {
            let mut sums = [0; 3];
            for pair in [first, second] {
                for (channel, sum) in sums.iter_mut().enumerate() {
                    *sum += i32::from(pair[0][channel]) + i32::from(pair[pair.len() - 1][channel]);
                }
            }
            (*blue, *red) = (weigh(sums, BLUE, 128, 18), weigh(sums, RED, 128, 18));
        }
    }
    Ok([luma, blue, red])
}

/// A weighted sum with `bits` fraction bits, on top of `base`, rounded.
#[inline(always)]
pub(super) fn weigh(values: [i32; 3], weights: [i32; 3], base: i32, bits: u32) -> u8 {
    let sum: i32 = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
    (base + ((sum + (1 << (bits - 1))) >> bits)).clamp(0, 255) as u8
}

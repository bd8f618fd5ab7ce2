//! Reduces colours to a palette, with the crate `quantizr`, for PNG and GIF.

use std::time::Duration;

use quantizr::{Histogram, Image, Options, QuantizeResult};

use crate::budget::{Budget, Buffer, Reserved};
use crate::error::{Error, Result};

/// Indices into at most 256 RGBA colours.
pub(super) struct Indexed {
    pub(super) palette: Vec<[u8; 4]>,
    pub(super) indices: Buffer<u8>,
}

/// Bytes that the quantiser needs for a colour: a hash table's slot with its spare room, a cluster's entry and a
/// sorted copy.
const BYTES_A_COLOUR: u64 = 96;

/// The pixels of a larger image of which as many stand for all: the quantiser can't be stopped, and more colours make
/// no difference to see.
const ENOUGH: usize = 1 << 18;

/// How long the quantiser takes for a pixel that it counts, about: with less time than that it doesn't begin.
const NANOS_A_PIXEL: u64 = 500;

/// Pixels that are given their colours between two looks at the deadline.
const BAND: usize = 1 << 18;
/// Rows above a band in which its dithering settles.
const LEAD: usize = 4;

/// Fewest pixels that stand for all: a palette of them is hard to tell from one of every pixel.
const FEWEST: usize = 1 << 16;

/// Requirements for a palette.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Maximum colours.
    pub(super) colours: u16,
    /// 0 to 100. Below 100, uses the fewest colours that come close enough.
    pub(super) quality: u8,
    /// Strength of the dithering, 0 to 100.
    pub(super) dither: u8,
}

/// Reduces `rgba` to a palette. An image that has few enough colours keeps them exactly, unless a
/// quality below 100 allows fewer.
pub(super) fn reduce(rgba: &[u8], width: u32, wanted: &Wanted, budget: &Budget) -> Result<Indexed> {
    let pixels = rgba.len() / 4;
    let mut indices = budget.zeroed::<u8>(pixels, "palette indices")?;
    if wanted.quality >= 100
        && let Some(palette) = exact(rgba, wanted.colours, &mut indices, budget)?
    {
        return Ok(Indexed { palette, indices });
    }
    let mut result = quantize_within(rgba, wanted, budget)?;
    result
        .set_dithering_level(f32::from(wanted.dither.min(100)) / 100.0)
        .map_err(internal)?;
    remap(&result, rgba, width as usize, &mut indices, budget)?;
    let palette = result.get_palette();
    let count = (palette.count as usize).clamp(1, 256);
    let palette = palette.entries[..count]
        .iter()
        .map(|colour| [colour.r, colour.g, colour.b, colour.a])
        .collect();
    Ok(Indexed { palette, indices })
}

/// Gives every pixel its colour, in bands of rows. A band begins a few rows above itself, so that there is no seam in
/// the dithering.
fn remap(result: &QuantizeResult, rgba: &[u8], width: usize, indices: &mut [u8], budget: &Budget) -> Result<()> {
    // Even, because the dithering goes to and fro.
    let rows = (BAND / width).next_multiple_of(2).max(4 * LEAD);
    let mut lead = 0;
    let largest = ((rows + LEAD) * width).min(indices.len());
    let mut scratch = budget.zeroed::<u8>(largest, "palette indices")?;
    for (start, band) in (0..).step_by(rows).zip(indices.chunks_mut(rows * width)) {
        let pixels = &rgba[(start - lead) * width * 4..][..(lead * width + band.len()) * 4];
        let image = Image::new(pixels, width, pixels.len() / 4 / width).map_err(internal)?;
        let scratch = &mut scratch[..pixels.len() / 4];
        result.remap_image(&image, scratch).map_err(internal)?;
        band.copy_from_slice(&scratch[lead * width..]);
        budget.check()?;
        lead = LEAD;
    }
    Ok(())
}

/// The palette of every pixel's colour, or of as many as there is memory for: a photo can have a colour for each pixel.
fn quantize_within(rgba: &[u8], wanted: &Wanted, budget: &Budget) -> Result<QuantizeResult> {
    let pixels = rgba.len() / 4;
    let mut counted = pixels.min(ENOUGH);
    let (mut sample, _booked) = loop {
        match room(counted, pixels, budget) {
            Ok(room) => break room,
            Err(_) if counted / 2 >= FEWEST => counted /= 2,
            Err(error) => return Err(error),
        }
    };
    let mut histogram = Histogram::new();
    match &mut sample {
        None => histogram.add_image(&Image::new(rgba, pixels, 1).map_err(internal)?),
        Some(sample) => {
            pick(rgba, sample);
            histogram.add_image(&Image::new(sample, counted, 1).map_err(internal)?);
        }
    }
    budget.check()?;
    let least = Duration::from_nanos(counted as u64 * NANOS_A_PIXEL);
    if budget.remaining().is_some_and(|remaining| remaining < least) {
        return Err(budget.too_late());
    }
    quantize(&histogram, wanted, budget)
}

/// What a histogram of so many of the pixels takes, and a buffer for them if they are not all.
fn room(counted: usize, pixels: usize, budget: &Budget) -> Result<(Option<Buffer<u8>>, Reserved)> {
    let sample = match counted < pixels {
        true => Some(budget.zeroed::<u8>(counted * 4, "a sample of the pixels")?),
        false => None,
    };
    Ok((sample, budget.reserve(counted as u64 * BYTES_A_COLOUR)?))
}

/// Pixels from everywhere, at even distances.
fn pick(rgba: &[u8], sample: &mut [u8]) {
    let (pixels, sample) = (rgba.as_chunks::<4>().0, sample.as_chunks_mut::<4>().0);
    let (of, count) = (pixels.len() as u64, sample.len() as u64);
    for (index, out) in (0..count).zip(sample) {
        *out = pixels[(index * of / count) as usize];
    }
}

/// The palette with all colours allowed, or the smallest one that comes close enough. More colours come closer,
/// apart from accidents of where colours are cut: bisection finds a size of which one less is too far.
fn quantize(histogram: &Histogram, wanted: &Wanted, budget: &Budget) -> Result<QuantizeResult> {
    let most = wanted.colours.clamp(2, 256);
    let palette = |colours: u16| {
        budget.check()?;
        let mut options = Options::default();
        options.set_max_colors(i32::from(colours)).map_err(internal)?;
        Ok::<_, Error>(QuantizeResult::quantize_histogram(histogram, &options))
    };
    let mut best = palette(most)?;
    if wanted.quality >= 100 {
        return Ok(best);
    }
    let allowed = squared_error(wanted.quality);
    let (mut below, mut enough) = (1, most);
    while below + 1 < enough && best.get_error() <= allowed {
        let middle = (below + enough) / 2;
        let tried = palette(middle)?;
        if tried.get_error() <= allowed {
            (enough, best) = (middle, tried);
        } else {
            below = middle;
        }
    }
    Ok(best)
}

/// How far a palette of a quality below 100 may be from the image: the mean over the pixels of the squared distance
/// between colours, matched to libimagequant's qualities on photographs. With 0, anything goes.
fn squared_error(quality: u8) -> f32 {
    if quality == 0 {
        return f32::INFINITY;
    }
    let lacking = f32::from(100 - quality.min(100));
    let distance = (lacking * 0.2).min(lacking * 0.1 + 1.7);
    distance * distance
}

fn internal(error: quantizr::Error) -> Error {
    Error::internal("reducing colours", format_args!("{error:?}"))
}

/// The palette of an image with few enough colours. All invisible pixels are one colour.
fn exact(rgba: &[u8], colours: u16, indices: &mut [u8], budget: &Budget) -> Result<Option<Vec<[u8; 4]>>> {
    const SLOTS: usize = 1024;
    let mut palette: Vec<[u8; 4]> = Vec::with_capacity(256);
    let mut slots = [u16::MAX; SLOTS];
    let (mut last, mut last_index) = (None, 0u8);
    for (count, (pixel, index)) in rgba.as_chunks::<4>().0.iter().zip(indices).enumerate() {
        if count % 65_536 == 0 {
            budget.check()?;
        }
        let pixel = if pixel[3] == 0 { [0; 4] } else { *pixel };
        if last == Some(pixel) {
            *index = last_index;
            continue;
        }
        let mut slot = (u32::from_le_bytes(pixel).wrapping_mul(0x9e37_79b1) >> 22) as usize;
        let found = loop {
            match slots[slot] {
                u16::MAX => break None,
                at if palette[usize::from(at)] == pixel => break Some(at),
                _ => slot = (slot + 1) % SLOTS,
            }
        };
        let at = match found {
            Some(at) => at,
            None if palette.len() >= usize::from(colours.min(256)) => return Ok(None),
            None => {
                slots[slot] = palette.len() as u16;
                palette.push(pixel);
                slots[slot]
            }
        };
        (last, last_index) = (Some(pixel), at as u8);
        *index = last_index;
    }
    Ok(Some(palette))
}

#[cfg(test)]
mod tests;

//! Colours reduced to a palette, over the crate `quantizr`, for PNG and GIF.

use quantizr::{Histogram, Image, Options, QuantizeResult};

use crate::budget::{Budget, Buffer};
use crate::error::{Error, Result};

/// Indices into at most 256 colours of RGBA.
pub(super) struct Indexed {
    pub(super) palette: Vec<[u8; 4]>,
    pub(super) indices: Buffer<u8>,
}

/// Most distinct colours that the quantiser is known to hold memory for, and bytes for each: a hash table's slot with
/// its spare room, a cluster's entry and a sorted copy.
const BYTES_A_COLOUR: u64 = 96;

/// What a palette should be like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Most colours.
    pub(super) colours: u16,
    /// 0 to 100. Below 100, the fewest colours that come near enough are taken.
    pub(super) quality: u8,
    /// Strength of the dithering, 0 to 100.
    pub(super) dither: u8,
}

/// Reduces `rgba` to a palette. A picture that has no more colours than are wanted keeps them exactly, unless a
/// quality below 100 lets it go with fewer.
pub(super) fn reduce(rgba: &[u8], width: u32, wanted: &Wanted, budget: &Budget) -> Result<Indexed> {
    let pixels = rgba.len() / 4;
    let mut indices = budget.zeroed::<u8>(pixels, "palette indices")?;
    if wanted.quality >= 100
        && let Some(palette) = exact(rgba, wanted.colours, &mut indices, budget)?
    {
        return Ok(Indexed { palette, indices });
    }
    let _booked = budget.reserve((pixels as u64).min(1 << 24) * BYTES_A_COLOUR)?;
    let height = pixels / width as usize;
    let image = Image::new(rgba, width as usize, height).map_err(internal)?;
    let mut histogram = Histogram::new();
    histogram.add_image(&image);
    budget.check()?;
    let mut result = quantize(&histogram, wanted, budget)?;
    result
        .set_dithering_level(f32::from(wanted.dither.min(100)) / 100.0)
        .map_err(internal)?;
    result.remap_image(&image, &mut indices).map_err(internal)?;
    budget.check()?;
    let palette = result.get_palette();
    let count = (palette.count as usize).clamp(1, 256);
    let palette = palette.entries[..count]
        .iter()
        .map(|colour| [colour.r, colour.g, colour.b, colour.a])
        .collect();
    Ok(Indexed { palette, indices })
}

/// The palette of all colours that are wanted, or the smallest one that comes near enough. More colours come nearer,
/// but for what a cut of the colours happens to hit: halving finds a size of which one less is too far.
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

/// How far a palette of a quality below 100 may be from the picture: the mean over the pixels of the squared distance
/// between colours, as libimagequant's qualities turn out on photographs. With 0 anything goes.
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

/// The palette of a picture that has few enough colours. All pixels that can't be seen are one colour.
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

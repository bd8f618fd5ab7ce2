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
mod tests {
    use super::*;
    use crate::encode::testing::budget;

    fn wanted(colours: u16, dither: u8) -> Wanted {
        Wanted {
            colours,
            quality: 100,
            dither,
        }
    }

    #[test]
    fn few_colours_are_kept_exactly() {
        let rgba: Vec<u8> = (0..4096u32)
            .flat_map(|i| [(i % 16) as u8 * 16, (i / 256) as u8, 7, 255])
            .collect();
        let indexed = reduce(&rgba, 64, &wanted(256, 100), &budget()).unwrap();
        assert_eq!(indexed.palette.len(), 256);
        let back: Vec<u8> = indexed
            .indices
            .iter()
            .flat_map(|&i| indexed.palette[usize::from(i)])
            .collect();
        assert_eq!(back, rgba);
    }

    #[test]
    fn many_colours_come_near() {
        let rgba: Vec<u8> = (0..128 * 128u32)
            .flat_map(|i| [(i % 128 * 2) as u8, (i / 128 * 2) as u8, 90, 255])
            .collect();
        for (colours, most) in [(256, 12.0), (16, 30.0), (2, 100.0)] {
            let indexed = reduce(&rgba, 128, &wanted(colours, 0), &budget()).unwrap();
            assert!(indexed.palette.len() <= usize::from(colours));
            let sum: f64 = rgba
                .chunks_exact(4)
                .zip(indexed.indices.iter())
                .flat_map(|(pixel, &i)| pixel.iter().zip(indexed.palette[usize::from(i)]))
                .map(|(&a, b)| f64::from(a.abs_diff(b)))
                .sum();
            assert!(sum / f64::from(128 * 128 * 3) < most, "{colours}: {sum}");
        }
    }

    #[test]
    fn colours_that_cannot_be_seen_are_one() {
        let rgba: Vec<u8> = (0..1000u32).flat_map(|i| [i as u8, (i / 7) as u8, 3, 0]).collect();
        assert_eq!(
            reduce(&rgba, 100, &wanted(2, 100), &budget()).unwrap().palette,
            [[0; 4]]
        );
    }

    #[test]
    fn fewer_colours_do_for_less_quality() {
        let rgba: Vec<u8> = (0..128 * 128u32)
            .flat_map(|i| [(i % 128) as u8, (i / 128) as u8, 90, 255])
            .collect();
        let mut before = 257;
        for quality in [100, 80, 50, 30, 10, 0] {
            let indexed = reduce(
                &rgba,
                128,
                &Wanted {
                    quality,
                    ..wanted(256, 0)
                },
                &budget(),
            )
            .unwrap();
            let colours = indexed.palette.len();
            assert!((2..before).contains(&colours), "{quality}: {colours} after {before}");
            before = colours;
            let squares: u32 = rgba
                .chunks_exact(4)
                .zip(indexed.indices.iter())
                .flat_map(|(pixel, &i)| pixel.iter().zip(indexed.palette[usize::from(i)]))
                .map(|(&a, b)| u32::from(a.abs_diff(b)).pow(2))
                .sum();
            let mean = squares as f32 / (128.0 * 128.0);
            // Of 256 colours, 100 can't ask for more; rounded colours are a little off.
            assert!(
                quality == 100 || mean <= squared_error(quality) * 1.05,
                "{quality}: {mean}"
            );
        }
    }

    #[test]
    fn quality_looks_at_few_colours_too() {
        let rgba = [[0, 0, 0, 255], [1, 1, 1, 255], [255, 255, 255, 255]]
            .concat()
            .repeat(300);
        let colours = |quality| {
            let wanted = Wanted {
                quality,
                ..wanted(256, 0)
            };
            reduce(&rgba, 30, &wanted, &budget()).unwrap().palette.len()
        };
        assert_eq!((colours(100), colours(90)), (3, 2));
    }
}

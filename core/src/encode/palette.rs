//! Colours reduced to a palette, over the crate `quantizr`, for PNG and GIF.

use quantizr::{Image, Options, QuantizeResult};

use crate::error::{Error, Result};
use crate::limits::{Budget, Buffer};

/// Indices into at most 256 colours of RGBA.
pub(super) struct Indexed {
    pub(super) palette: Vec<[u8; 4]>,
    pub(super) indices: Buffer<u8>,
}

/// Most distinct colours that the quantiser is known to hold memory for, and bytes for each: a hash table's slot with
/// its spare room, a cluster's entry and a sorted copy.
const BYTES_A_COLOUR: u64 = 96;

/// Reduces `rgba` to at most `colours` colours, dithered with a strength of 0 to 100. A picture that has no more
/// colours than that keeps them exactly.
pub(super) fn reduce(rgba: &[u8], width: u32, colours: u16, dither: u8, budget: &Budget) -> Result<Indexed> {
    let pixels = rgba.len() / 4;
    let mut indices = budget.zeroed::<u8>(pixels, "palette indices")?;
    if let Some(palette) = exact(rgba, colours, &mut indices, budget)? {
        return Ok(Indexed { palette, indices });
    }
    let _booked = budget.reserve((pixels as u64).min(1 << 24) * BYTES_A_COLOUR)?;
    let internal = |error| Error::Internal {
        stage: "reducing colours",
        reason: format!("{error:?}"),
    };
    let height = pixels / width as usize;
    let image = Image::new(rgba, width as usize, height).map_err(internal)?;
    let mut options = Options::default();
    options
        .set_max_colors(i32::from(colours.clamp(2, 256)))
        .map_err(internal)?;
    let mut result = QuantizeResult::quantize(&image, &options);
    budget.check()?;
    result
        .set_dithering_level(f32::from(dither.min(100)) / 100.0)
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

    #[test]
    fn few_colours_are_kept_exactly() {
        let rgba: Vec<u8> = (0..4096u32)
            .flat_map(|i| [(i % 16) as u8 * 16, (i / 256) as u8, 7, 255])
            .collect();
        let indexed = reduce(&rgba, 64, 256, 100, &budget()).unwrap();
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
            let indexed = reduce(&rgba, 128, colours, 0, &budget()).unwrap();
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
        assert_eq!(reduce(&rgba, 100, 2, 100, &budget()).unwrap().palette, [[0; 4]]);
    }
}

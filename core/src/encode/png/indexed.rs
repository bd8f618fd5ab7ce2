//! Palette images.

use png::{BitDepth, ColorType};

use super::super::palette;
use super::{Form, write};
use crate::budget::Budget;
use crate::encode::options;
use crate::error::Result;
use crate::image::Image;
use crate::metadata::MetadataBlocks;

/// A palette image, in as few bits as the palette allows.
pub(super) fn encode(
    image: &Image,
    options: &options::Png,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let rgba = image.to_rgba(budget)?;
    let reduced = reduce(&rgba, image.width, options, budget)?;
    drop(rgba);
    write(
        image,
        &form(&reduced.palette),
        &reduced.indices,
        options,
        metadata,
        budget,
    )
}

/// Pixels in the colours of a palette. Frames may be one below the other.
pub(super) fn reduce(rgba: &[u8], width: u32, options: &options::Png, budget: &Budget) -> Result<palette::Indexed> {
    let wanted = palette::Wanted {
        colours: options.colours,
        quality: options.quality,
        dither: options.dither,
    };
    let mut reduced = palette::reduce(rgba, width, &wanted, budget)?;
    transparent_first(&mut reduced);
    Ok(reduced)
}

pub(super) fn form(palette: &[[u8; 4]]) -> Form<'_> {
    Form {
        colour: ColorType::Indexed,
        depth: match palette.len() {
            0..=2 => BitDepth::One,
            3..=4 => BitDepth::Two,
            5..=16 => BitDepth::Four,
            _ => BitDepth::Eight,
        },
        palette,
    }
}

/// Packs a row, or the part of it in a pass, into `bits` bits a sample, the first in the highest ones (PNG 7.2).
pub(super) fn pack(row: &[u8], bits: u8, out: &mut [u8]) {
    for (group, out) in row.chunks(usize::from(8 / bits)).zip(out) {
        *out = (1..)
            .zip(group)
            .fold(0, |byte, (i, index)| byte | index << (8 - i * bits));
    }
}

/// Puts the colours with alpha first, so that `tRNS` is short.
fn transparent_first(indexed: &mut palette::Indexed) {
    let mut order: Vec<usize> = (0..indexed.palette.len()).collect();
    order.sort_by_key(|&i| indexed.palette[i][3] == 255);
    let mut place = [0u8; 256];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new as u8;
    }
    indexed.palette = order.iter().map(|&old| indexed.palette[old]).collect();
    indexed
        .indices
        .iter_mut()
        .for_each(|index| *index = place[usize::from(*index)]);
}

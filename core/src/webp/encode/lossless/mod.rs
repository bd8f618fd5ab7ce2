//! Encoding lossless pictures: VP8L (RFC 9649, 3 to 5).
//!
//! | file | what | RFC 9649 |
//! |---|---|---|
//! | `analyse` | which transforms pay | |
//! | `palette`, `predict`, `colour` | the transforms | 4 |
//! | `matches`, `parse` | copies of earlier pixels: where they are, which are taken | 5.2.2 |
//! | `tokens` | literals, cached colours and copies in order | 5.2 |
//! | `cluster` | tiles that share codes | 6.2.2 |
//! | `codes`, `bits`, `image` | the codes, and all of it written | 6 |
//! | `entropy` | estimates of bits | |
//! | `near` | pixels changed beforehand, if they may be | |

mod analyse;
mod bits;
mod cluster;
mod codes;
mod colour;
pub(super) mod entropy;
mod image;
mod matches;
mod near;
mod palette;
mod parse;
mod predict;
mod tokens;

use self::analyse::Transforms;
use self::bits::Bits;
use self::colour::Colours;
use self::image::{Tuning, write, write_small};
use self::matches::Search;
use self::palette::Palette;
use self::predict::{Choice, Predictors};
use crate::budget::Budget;
use crate::error::Result;

/// How much is tried.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// Ways to predict whose bits are estimated.
    estimated: usize,
    /// One row of so many is looked at to choose a prediction.
    step: usize,
    /// Steps to better parts of colours; none at all without.
    colours: Option<u32>,
    tuning: Tuning,
}

impl Effort {
    fn new(effort: u8) -> Self {
        let with = |estimated, step, colours, depth, passes, groups| Effort {
            estimated,
            step,
            colours,
            tuning: Tuning {
                search: Search {
                    depth,
                    nice: 128,
                    good: 32,
                },
                passes,
                cache: true,
                tiles: Some(3),
                groups,
            },
        };
        match effort {
            0 => with(0, 4, None, 2, 0, 1),
            1 => with(1, 4, None, 4, 0, 8),
            2 => with(2, 2, Some(0), 8, 0, 16),
            3 => with(3, 2, Some(0), 16, 1, 36),
            4 => with(6, 1, Some(1), 20, 2, 49),
            5 => with(8, 1, Some(2), 64, 2, 81),
            _ => with(14, 1, Some(3), 256, 3, 121),
        }
    }
}

/// How a picture is compressed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// 0 (fastest) to 6 (smallest).
    pub(crate) effort: u8,
    /// 100 keeps every pixel; the lower, the more they may change.
    pub(crate) near: u8,
}

/// Appends a picture of `width` pixels in each row, without its header, and leaves anything in `pixels`.
pub(crate) fn encode(
    pixels: &mut [u32],
    width: usize,
    options: Options,
    budget: &Budget,
    out: &mut Vec<u8>,
) -> Result<()> {
    let effort = Effort::new(options.effort);
    if options.near < 100 {
        near::apply(pixels, width, options.near, budget)?;
    }
    let mut bits = Bits::new(out);
    bits.room(1 << 16, budget)?;
    let mut coded = width;
    let mut len = pixels.len();
    let palette = Palette::of(pixels, budget)?;
    let transforms = Transforms::choose(pixels, width, palette.as_ref(), budget)?;
    if let (true, Some(palette)) = (transforms.palette, &palette) {
        bits.put(1 | 3 << 1, 3);
        bits.put(palette.colours.len() as u32 - 1, 8);
        let differences = palette.differences();
        write_small(&mut bits, &differences, differences.len(), budget)?;
        len = palette.apply(pixels, width, budget)?;
        coded = width.div_ceil(1 << palette.bits());
    }
    let pixels = &mut pixels[..len];
    if transforms.green {
        colour::subtract_green(pixels, budget)?;
        bits.put(1 | 2 << 1, 3);
    }
    let size = tile_size(coded, len / coded);
    if transforms.predict {
        let choice = Choice {
            size,
            estimated: effort.estimated,
            step: effort.step,
        };
        let predictors = Predictors::choose(pixels, coded, choice, budget)?;
        predictors.apply(pixels, coded, budget)?;
        bits.put(1 | (size - 2) << 3, 6);
        let modes: Vec<u32> = predictors
            .modes
            .iter()
            .map(|&mode| 0xff00_0000 | u32::from(mode) << 8)
            .collect();
        write_small(&mut bits, &modes, coded.div_ceil(1 << size), budget)?;
        if let (Some(steps), false) = (effort.colours, transforms.palette) {
            let colours = Colours::choose(pixels, coded, size, steps, budget)?;
            if !colours.idle() {
                colours.apply(pixels, coded, budget)?;
                bits.put(1 | 1 << 1 | (colours.size - 2) << 3, 6);
                write_small(&mut bits, &colours.image(), colours.across(), budget)?;
            }
        }
    }
    bits.put(0, 1);
    let mut tuning = effort.tuning;
    // Differences vary more from place to place than pixels that are mostly copied.
    tuning.tiles = tuning.tiles.map(|_| if transforms.predict { 3 } else { 5 });
    write(&mut bits, pixels, coded, true, &tuning, budget)?;
    drop(bits.finish());
    Ok(())
}

/// Tiles as small as pays for the predictions and colours of a picture.
fn tile_size(width: usize, height: usize) -> u32 {
    let tiles = |size: u32| width.div_ceil(1 << size) * height.div_ceil(1 << size);
    let mut size = 4;
    while size < 5 && tiles(size) > 2600 {
        size += 1;
    }
    size
}

#[cfg(test)]
mod tests;

//! Transforms that made an image easier to code, undone row by row (RFC 9649, 4).

use fearless_simd::{Level, Simd, dispatch};

use super::bits::Bits;
use super::image::{self, squares};
use super::{broken, short};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// Opaque black.
const BLACK: u32 = 0xff00_0000;

#[derive(Debug)]
pub(super) enum Transform {
    /// Pixels are differences from a prediction; how it is made is told for each square.
    Predict { tiles: Tiles, above: Vec<u32> },
    /// Red and blue are differences from parts of other channels, told for each square.
    Colour(Tiles),
    /// Red and blue are differences from green.
    Green,
    /// Green is an index; several may lie in one pixel.
    Palette { colours: Box<[u32; 256]>, bits: u32 },
}

/// A pixel for each square of the image.
#[derive(Debug)]
pub(super) struct Tiles {
    bits: u32,
    across: usize,
    pixels: Buffer<u32>,
}

impl Tiles {
    fn read(bits: &mut Bits<'_>, width: usize, height: usize, budget: &Budget) -> Result<Self> {
        let size = bits.number(3) + 2;
        let across = squares(width, size);
        Ok(Tiles {
            bits: size,
            across,
            pixels: image::read(bits, across, squares(height, size), budget)?,
        })
    }

    fn row(&self, y: usize) -> &[u32] {
        &self.pixels[(y >> self.bits) * self.across..][..self.across]
    }
}

impl Transform {
    /// Reads the transforms of an image, and the width that is left to be coded.
    pub(super) fn read_all(
        bits: &mut Bits<'_>,
        mut width: usize,
        height: usize,
        budget: &Budget,
    ) -> Result<(Vec<Self>, usize)> {
        let mut transforms = Vec::new();
        let mut seen = 0u32;
        while bits.flag() {
            let kind = bits.number(2);
            if seen & 1 << kind != 0 {
                return Err(broken("a transform twice"));
            }
            seen |= 1 << kind;
            transforms.push(match kind {
                0 => Transform::Predict {
                    tiles: Tiles::read(bits, width, height, budget)?,
                    above: vec![0; width + 1],
                },
                1 => Transform::Colour(Tiles::read(bits, width, height, budget)?),
                2 => Transform::Green,
                _ => {
                    let count = bits.number(8) as usize + 1;
                    let table = image::read(bits, count, 1, budget)?;
                    let mut colours = Box::new([0; 256]);
                    let mut last = 0;
                    for (colour, &difference) in colours.iter_mut().zip(table.iter()) {
                        last = add(last, difference);
                        *colour = last;
                    }
                    let bits = match count {
                        0..=2 => 3,
                        3..=4 => 2,
                        5..=16 => 1,
                        _ => 0,
                    };
                    width = squares(width, bits);
                    Transform::Palette { colours, bits }
                }
            });
            if bits.ended() {
                return Err(short());
            }
        }
        Ok((transforms, width))
    }

    /// Undoes the transform for row `y`, in place: `row` may have room for more pixels than are coded.
    pub(super) fn undo(&mut self, y: usize, row: &mut [u32]) {
        dispatch!(Level::new(), simd => self.undo_with(simd, y, row));
    }

    #[inline(always)]
    fn undo_with<S: Simd>(&mut self, simd: S, y: usize, row: &mut [u32]) {
        simd.vectorize(
            #[inline(always)]
            || self.undo_row(y, row),
        );
    }

    #[inline(always)]
    fn undo_row(&mut self, y: usize, row: &mut [u32]) {
        match self {
            Transform::Predict { tiles, above } => predict(tiles, above, y, row),
            Transform::Colour(tiles) => {
                for (pixels, &tile) in row.chunks_mut(1 << tiles.bits).zip(tiles.row(y)) {
                    colour(pixels, tile);
                }
            }
            Transform::Green => {
                for pixel in row {
                    let green = *pixel >> 8 & 0xff;
                    let red_blue = (*pixel & 0x00ff_00ff).wrapping_add(green << 16 | green);
                    *pixel = *pixel & 0xff00_ff00 | red_blue & 0x00ff_00ff;
                }
            }
            Transform::Palette { colours, bits } => {
                let (bits, each) = (*bits, 8 >> *bits);
                // From the end, since the indexes lie at the beginning of the row.
                for x in (0..row.len()).rev() {
                    let packed = row[x >> bits] >> 8;
                    let index = packed >> (each * (x as u32 & ((1 << bits) - 1))) & ((1 << each) - 1);
                    row[x] = colours[index as usize & 0xff];
                }
            }
        }
    }
}

/// Adds the four channels.
#[inline(always)]
fn add(a: u32, b: u32) -> u32 {
    let even = (a & 0xff00_ff00).wrapping_add(b & 0xff00_ff00) & 0xff00_ff00;
    let odd = (a & 0x00ff_00ff).wrapping_add(b & 0x00ff_00ff) & 0x00ff_00ff;
    even | odd
}

/// The means of the four channels, rounded down.
#[inline(always)]
fn mean(a: u32, b: u32) -> u32 {
    (((a ^ b) & 0xfefe_fefe) >> 1) + (a & b)
}

#[inline(always)]
fn colour(pixels: &mut [u32], tile: u32) {
    let [green_to_red, green_to_blue, red_to_blue, _] = tile.to_le_bytes().map(|factor| i32::from(factor as i8));
    for pixel in pixels {
        let [blue, green, red, alpha] = pixel.to_le_bytes();
        let signed = |value: u8| i32::from(value as i8);
        let red = red.wrapping_add(((green_to_red * signed(green)) >> 5) as u8);
        let blue = blue
            .wrapping_add(((green_to_blue * signed(green)) >> 5) as u8)
            .wrapping_add(((red_to_blue * signed(red)) >> 5) as u8);
        *pixel = u32::from_le_bytes([blue, green, red, alpha]);
    }
}

/// `above` is the row above, and one pixel more: beyond its end stands the first pixel of this row.
#[inline(always)]
fn predict(tiles: &Tiles, above: &mut [u32], y: usize, row: &mut [u32]) {
    if y == 0 {
        let mut left = BLACK;
        for pixel in row.iter_mut() {
            left = add(*pixel, left);
            *pixel = left;
        }
    } else {
        row[0] = add(row[0], above[0]);
        above[row.len()] = row[0];
        let size = 1usize << tiles.bits;
        for (square, &tile) in tiles.row(y).iter().enumerate() {
            let (start, end) = ((square * size).max(1), ((square + 1) * size).min(row.len()));
            if start < end {
                square_of(tile >> 8 & 0xf, &mut row[start - 1..end], &above[start - 1..=end]);
            }
        }
    }
    let width = row.len();
    above[..width].copy_from_slice(row);
}

/// Adds predictions to the pixels after the first. `above` begins above that one, and has one more at the end.
#[inline(always)]
fn square_of(mode: u32, row: &mut [u32], above: &[u32]) {
    // Left, above to the left, above, above to the right.
    match mode {
        1 => each(row, above, |left, _, _, _| left),
        2 => each(row, above, |_, _, above, _| above),
        3 => each(row, above, |_, _, _, right| right),
        4 => each(row, above, |_, corner, _, _| corner),
        5 => each(row, above, |left, _, above, right| mean(mean(left, right), above)),
        6 => each(row, above, |left, corner, _, _| mean(left, corner)),
        7 => each(row, above, |left, _, above, _| mean(left, above)),
        8 => each(row, above, |_, corner, above, _| mean(corner, above)),
        9 => each(row, above, |_, _, above, right| mean(above, right)),
        10 => each(row, above, |left, corner, above, right| {
            mean(mean(left, corner), mean(above, right))
        }),
        11 => each(row, above, |left, corner, above, _| select(left, corner, above)),
        12 => each(row, above, |left, corner, above, _| {
            channels(left, above, corner, |left, above, corner| left + above - corner)
        }),
        13 => each(row, above, |left, corner, above, _| {
            let mean = mean(left, above);
            channels(mean, mean, corner, |mean, _, corner| mean + (mean - corner) / 2)
        }),
        _ => each(row, above, |_, _, _, _| BLACK),
    }
}

#[inline(always)]
fn each(row: &mut [u32], above: &[u32], predict: impl Fn(u32, u32, u32, u32) -> u32) {
    let Some((&mut first, rest)) = row.split_first_mut() else {
        return;
    };
    let mut left = first;
    for (pixel, above) in rest.iter_mut().zip(above.windows(3)) {
        left = add(*pixel, predict(left, above[0], above[1], above[2]));
        *pixel = left;
    }
}

#[inline(always)]
fn channels(a: u32, b: u32, c: u32, value: impl Fn(i16, i16, i16) -> i16) -> u32 {
    let (a, b, c) = (a.to_le_bytes(), b.to_le_bytes(), c.to_le_bytes());
    let mut values = [0; 4];
    for i in 0..4 {
        values[i] = value(a[i].into(), b[i].into(), c[i].into()).clamp(0, 255) as u8;
    }
    u32::from_le_bytes(values)
}

/// The one of two that a gradient would be nearer to.
#[inline(always)]
fn select(left: u32, corner: u32, above: u32) -> u32 {
    // The gradient is as far from one as the other is from the corner.
    if distance(above, corner) < distance(left, corner) {
        left
    } else {
        above
    }
}

#[inline(always)]
fn distance(a: u32, b: u32) -> u32 {
    let (a, b) = (a.to_le_bytes(), b.to_le_bytes());
    (0..4).map(|i| u32::from(a[i].abs_diff(b[i]))).sum()
}

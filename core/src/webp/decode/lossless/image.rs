//! Images that are coded with prefix codes (RFC 9649, 3.5 to 3.7): pixels, copies of pixels before, a cache of colours.

use super::bits::Bits;
use super::prefix::{Code, Tables};
use super::{broken, short};
use crate::budget::{Budget, Buffer, Reserved};
use crate::error::Result;
use crate::webp::near::NEAR;

/// A copy begins at most this many pixels before.
const FARTHEST: usize = 1 << 20;
/// The most pixels that a copy has.
const LONGEST_COPY: usize = 4096;
/// Pixels that are decoded before those that are too far back are dropped.
const ROOM: usize = 1 << 17;

const LITERALS: usize = 256;
const LENGTHS: usize = 24;
const DISTANCES: usize = 40;

/// Green with lengths and cached colours, red, blue, alpha, distance.
type Group = [Code; 5];

/// How the pixels of an image are coded.
#[derive(Debug)]
struct Coding {
    tables: Tables,
    groups: Vec<Group>,
    /// Which group each square of `1 << square` pixels has.
    map: Option<Buffer<u32>>,
    square: u32,
    squares_across: usize,
    cache: Vec<u32>,
    cache_bits: u32,
    _reserved: Vec<Reserved>,
}

/// An image whose pixels are being decoded.
#[derive(Debug)]
pub(super) struct Image<'b> {
    width: usize,
    pixels: usize,
    coding: Coding,
    /// The latest pixels, as far back as copies go.
    window: Buffer<u32>,
    /// The number of the first pixel in the window, and of the next one.
    first: usize,
    next: usize,
    /// The number of the first pixel of the next row.
    row: usize,
    budget: &'b Budget,
}

/// How many squares of `1 << bits` pixels cover `length` pixels.
pub(super) fn squares(length: usize, bits: u32) -> usize {
    length.div_ceil(1 << bits)
}

/// Reads a whole image: one of those that say how another is coded.
pub(super) fn read(bits: &mut Bits<'_>, width: usize, height: usize, budget: &Budget) -> Result<Buffer<u32>> {
    let mut image = Image::open(bits, width, height, false, budget)?;
    let mut all = budget.zeroed(width * height, "WebP transform")?;
    for row in all.chunks_exact_mut(width) {
        row.copy_from_slice(image.row(bits)?);
        if bits.ended() {
            return Err(short());
        }
    }
    Ok(all)
}

impl<'b> Image<'b> {
    /// Reads how an image is coded. Only the picture itself, the `main` image, has more than one group of codes.
    pub(super) fn open(
        bits: &mut Bits<'_>,
        width: usize,
        height: usize,
        main: bool,
        budget: &'b Budget,
    ) -> Result<Self> {
        let coding = Coding::read(bits, width, height, main, budget)?;
        let pixels = width * height;
        let room = FARTHEST + LONGEST_COPY + ROOM.max(width);
        Ok(Image {
            width,
            pixels,
            coding,
            window: budget.zeroed(pixels.min(room), "WebP pixels")?,
            first: 0,
            next: 0,
            row: 0,
            budget,
        })
    }

    /// Decodes the next row. If the data has ended, it is not what it was meant to be.
    pub(super) fn row(&mut self, bits: &mut Bits<'_>) -> Result<&[u32]> {
        self.budget.check()?;
        let end = self.row + self.width;
        let full = end + LONGEST_COPY - self.first > self.window.len();
        if full && self.first + self.window.len() < self.pixels {
            let keep = self.row.min(self.next.saturating_sub(FARTHEST));
            self.window.copy_within(keep - self.first..self.next - self.first, 0);
            self.first = keep;
        }
        let end_in_window = end - self.first;
        self.decode(bits, end_in_window)?;
        let row = &self.window[self.row - self.first..][..self.width];
        self.row = end;
        Ok(row)
    }

    /// Decodes pixels up to number `end` of the window, or a few more.
    fn decode(&mut self, bits: &mut Bits<'_>, end: usize) -> Result<()> {
        let coding = &mut self.coding;
        let (mut at, first) = (self.next - self.first, self.first);
        let window = &mut self.window[..];
        // Where the column of squares ends, and the group of codes until there.
        let mut until = at;
        let mut group = coding.groups[0];
        while at < end && !bits.ended() {
            if at >= until {
                let (x, y) = ((first + at) % self.width, (first + at) / self.width);
                group = coding.group(x, y);
                until = at + (self.width - x).min((1 << coding.square) - (x & ((1 << coding.square) - 1)));
            }
            bits.refill();
            let symbol = coding.tables.symbol(group[0], bits) as usize;
            if symbol < LITERALS {
                let red = coding.tables.symbol(group[1], bits);
                bits.refill();
                let blue = coding.tables.symbol(group[2], bits);
                let alpha = coding.tables.symbol(group[3], bits);
                let pixel = alpha << 24 | red << 16 | (symbol as u32) << 8 | blue;
                window[at] = pixel;
                coding.remember(pixel);
                at += 1;
            } else if let Some(symbol) = symbol.checked_sub(LITERALS + LENGTHS) {
                let pixel = coding.cache.get(symbol).copied().unwrap_or_default();
                window[at] = pixel;
                // It is where it belongs, unless it is what the cache began with.
                if pixel == 0 {
                    coding.remember(pixel);
                }
                at += 1;
            } else {
                let length = number(symbol - LITERALS, bits);
                bits.refill();
                let code = coding.tables.symbol(group[4], bits) as usize;
                bits.refill();
                let distance = distance(number(code, bits), self.width);
                // Of a truncated picture, what is read here is not to be trusted.
                if bits.ended() {
                    break;
                }
                if distance > at || length > self.pixels - first - at {
                    return Err(broken("a copy from outside the picture"));
                }
                copy(window, at, distance, length);
                for &pixel in &window[at..at + length] {
                    coding.remember(pixel);
                }
                at += length;
            }
        }
        self.next = (first + at).max(first + end);
        Ok(())
    }
}

/// Copies pixels that may be copied themselves.
#[inline(always)]
fn copy(window: &mut [u32], at: usize, distance: usize, length: usize) {
    if distance >= length {
        window.copy_within(at - distance..at - distance + length, at);
    } else {
        for i in at..at + length {
            window[i] = window[i - distance];
        }
    }
}

/// RFC 9649, 3.6.1: a number from 1 on, from its prefix and the bits that follow.
#[inline(always)]
fn number(prefix: usize, bits: &mut Bits<'_>) -> usize {
    if prefix < 4 {
        return prefix + 1;
    }
    let extra = (prefix as u32 - 2) >> 1;
    ((2 + (prefix & 1)) << extra) + bits.take(extra) as usize + 1
}

/// RFC 9649, 3.6.2: the first codes stand for pixels near by, in this row and those above.
fn distance(code: usize, width: usize) -> usize {
    let Some(&(across, up)) = NEAR.get(code - 1) else {
        return code - NEAR.len();
    };
    (up as usize * width).saturating_add_signed(across as isize).max(1)
}

impl Coding {
    fn read(bits: &mut Bits<'_>, width: usize, height: usize, main: bool, budget: &Budget) -> Result<Self> {
        let cache_bits = if bits.flag() { bits.number(4) } else { 0 };
        if cache_bits > 11 {
            return Err(broken("a cache of too many colours"));
        }
        let (mut map, mut square, mut count) = (None, 31, 1);
        let mut squares_across = 1;
        if main && bits.flag() {
            square = bits.number(3) + 2;
            squares_across = squares(width, square);
            let mut image = read(bits, squares_across, squares(height, square), budget)?;
            for pixel in image.iter_mut() {
                *pixel = *pixel >> 8 & 0xffff;
                count = count.max(*pixel as usize + 1);
            }
            map = Some(image);
        }
        let cached = if cache_bits > 0 { 1 << cache_bits } else { 0 };
        let sizes = [LITERALS + LENGTHS + cached, LITERALS, LITERALS, LITERALS, DISTANCES];
        let mut coding = Coding {
            tables: Tables::default(),
            groups: Vec::new(),
            map,
            square,
            squares_across,
            cache: vec![0; cached],
            cache_bits,
            _reserved: vec![budget.reserve((count * size_of::<Group>()) as u64)?],
        };
        let mut booked = 0;
        for _ in 0..count {
            let mut group = Group::default();
            for (code, &size) in group.iter_mut().zip(&sizes) {
                *code = match coding.tables.read(bits, size) {
                    Some(code) => code,
                    None if bits.ended() => return Err(short()),
                    None => return Err(broken("prefix codes that make no sense")),
                };
            }
            coding.groups.push(group);
            let bytes = coding.tables.bytes();
            if bytes > booked {
                // Tables double when they grow.
                coding._reserved.push(budget.reserve(bytes)?);
                booked = 2 * bytes;
            }
            if bits.ended() {
                return Err(short());
            }
            budget.check()?;
        }
        Ok(coding)
    }

    #[inline(always)]
    fn group(&self, x: usize, y: usize) -> Group {
        let Some(map) = &self.map else {
            return self.groups[0];
        };
        let square = (y >> self.square) * self.squares_across + (x >> self.square);
        let number = map.get(square).copied().unwrap_or_default();
        self.groups.get(number as usize).copied().unwrap_or_default()
    }

    /// RFC 9649, 3.6.3: every pixel goes into the cache.
    #[inline(always)]
    fn remember(&mut self, pixel: u32) {
        if self.cache_bits > 0 {
            let place = pixel.wrapping_mul(0x1e35_a7bd) >> (32 - self.cache_bits);
            self.cache[place as usize] = pixel;
        }
    }
}

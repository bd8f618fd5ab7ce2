//! Pictures of few colours as indexes into a palette, several to a pixel if there are very few (RFC 9649, 4.4).

use crate::budget::Budget;
use crate::error::Result;

/// The most colours of a palette.
const COLOURS: usize = 256;

/// The colours of a picture, in an order in which neighbours are alike.
#[derive(Debug)]
pub(super) struct Palette {
    pub(super) colours: Vec<u32>,
}

/// A hash table of colours.
struct Table {
    places: [u16; 1024],
    colours: Vec<u32>,
}

impl Table {
    fn new() -> Self {
        Table {
            places: [u16::MAX; 1024],
            colours: Vec::with_capacity(COLOURS),
        }
    }

    /// The number of a colour, or the free place where it belongs.
    #[inline(always)]
    fn find(&self, colour: u32) -> std::result::Result<u16, usize> {
        let mut place = (colour.wrapping_mul(0x9e37_79b1) >> 22) as usize;
        loop {
            match self.places[place] {
                u16::MAX => return Err(place),
                number if self.colours[usize::from(number)] == colour => return Ok(number),
                _ => place = (place + 1) % self.places.len(),
            }
        }
    }
}

impl Palette {
    /// The palette of a picture, if it has few enough colours.
    pub(super) fn of(pixels: &[u32], budget: &Budget) -> Result<Option<Self>> {
        let mut table = Table::new();
        let mut last = !pixels.first().copied().unwrap_or_default();
        for some in pixels.chunks(1 << 16) {
            budget.check()?;
            for &pixel in some {
                if pixel == last {
                    continue;
                }
                last = pixel;
                if let Err(place) = table.find(pixel) {
                    if table.colours.len() == COLOURS {
                        return Ok(None);
                    }
                    table.places[place] = table.colours.len() as u16;
                    table.colours.push(pixel);
                }
            }
        }
        let mut colours = table.colours;
        sort(&mut colours);
        Ok(Some(Palette { colours }))
    }

    /// How many indexes lie in a pixel, as a power of two.
    pub(super) fn bits(&self) -> u32 {
        match self.colours.len() {
            0..=2 => 3,
            3..=4 => 2,
            5..=16 => 1,
            _ => 0,
        }
    }

    /// The differences of the colours, as they are written.
    pub(super) fn differences(&self) -> Vec<u32> {
        let mut last = 0;
        let mut difference = |&colour: &u32| {
            let difference = subtract(colour, last);
            last = colour;
            difference
        };
        self.colours.iter().map(&mut difference).collect()
    }

    /// Puts indexes in place of the pixels, in rows that may be shorter: those come first, and how many pixels they
    /// have in all is returned.
    pub(super) fn apply(&self, pixels: &mut [u32], width: usize, budget: &Budget) -> Result<usize> {
        let mut table = Table::new();
        for &colour in &self.colours {
            if let Err(place) = table.find(colour) {
                table.places[place] = table.colours.len() as u16;
                table.colours.push(colour);
            }
        }
        let bits = self.bits();
        let each = 8 >> bits;
        let mut out = 0;
        let (mut last, mut index) = (self.colours[0], 0u32);
        for start in (0..pixels.len()).step_by(width) {
            budget.check()?;
            for first in (start..start + width).step_by(1 << bits) {
                let mut packed = 0;
                for (i, at) in (first..(first + (1 << bits)).min(start + width)).enumerate() {
                    if pixels[at] != last {
                        last = pixels[at];
                        index = table.find(last).map_or(0, u32::from);
                    }
                    packed |= index << (each * i);
                }
                pixels[out] = 0xff00_0000 | packed << 8;
                out += 1;
            }
        }
        Ok(out)
    }
}

/// The differences of the four channels.
#[inline(always)]
pub(super) fn subtract(a: u32, b: u32) -> u32 {
    let even = (a | 0x00ff_00ff).wrapping_sub(b & 0xff00_ff00) & 0xff00_ff00;
    let odd = (a | 0xff00_ff00).wrapping_sub(b & 0x00ff_00ff) & 0x00ff_00ff;
    even | odd
}

/// How far colours are from each other, as the palette is written: small differences have short codes.
fn distance(a: u32, b: u32) -> u32 {
    let difference = subtract(a, b).to_le_bytes();
    let of = |channel: usize| {
        let difference = u32::from((difference[channel] as i8).unsigned_abs());
        2 * difference.min(64) + u32::from(difference > 0) * 32
    };
    of(0) + of(1) + of(2) + 4 * of(3)
}

/// Sorts by green, or so that each colour is followed by the nearest one left, whichever has the smaller steps.
fn sort(colours: &mut [u32]) {
    let key = |&colour: &u32| {
        let [blue, green, red, alpha] = colour.to_le_bytes();
        (alpha, green, red, blue)
    };
    colours.sort_unstable_by_key(key);
    let length = |colours: &[u32]| -> u32 { colours.windows(2).map(|pair| distance(pair[0], pair[1])).sum() };
    let mut chain = colours.to_vec();
    let mut last = 0;
    for i in 0..chain.len() {
        let nearest = (i..chain.len()).min_by_key(|&other| distance(chain[other], last));
        let nearest = nearest.unwrap_or(i);
        // The others stay in order.
        chain[i..=nearest].rotate_right(1);
        last = chain[i];
    }
    if length(&chain) < length(colours) {
        colours.copy_from_slice(&chain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_subtracted_each_for_itself() {
        assert_eq!(subtract(0x0100_ff10, 0x0201_0011), 0xffff_ffff);
        assert_eq!(subtract(0x8899_aabb, 0x0011_2233), 0x8888_8888);
    }
}

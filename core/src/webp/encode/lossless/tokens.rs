//! What the pixels of an image are coded as: literals, cached colours, copies.

use super::codes::{LENGTHS, LITERALS, Shape, prefix};
use crate::budget::{Budget, Reserved};
use crate::error::{Error, Result};

/// Pixels that are not copied, then a copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sequence {
    pub(super) literals: u32,
    /// Its length and the code of its distance less one; zero for none, which only the last one has.
    copy: u32,
}

impl Sequence {
    pub(super) fn copy(literals: u32, length: usize, code: u32) -> Self {
        Sequence {
            literals,
            copy: (length as u32) << 20 | (code - 1),
        }
    }

    pub(super) fn end(literals: u32) -> Self {
        Sequence { literals, copy: 0 }
    }

    pub(super) fn length(self) -> u32 {
        self.copy >> 20
    }

    pub(super) fn code(self) -> u32 {
        (self.copy & 0xf_ffff) + 1
    }
}

/// The sequences of an image, booked as they become more.
pub(super) struct Sequences {
    pub(super) all: Vec<Sequence>,
    booked: Option<Reserved>,
}

impl Sequences {
    pub(super) fn new() -> Self {
        Sequences {
            all: Vec::new(),
            booked: None,
        }
    }

    /// Makes room for `more` of them.
    pub(super) fn room(&mut self, more: usize, budget: &Budget) -> Result<()> {
        let needed = self.all.len() + more;
        if needed <= self.all.capacity() {
            return Ok(());
        }
        let capacity = needed.max(self.all.capacity() / 4 * 5);
        let bytes = (capacity * size_of::<Sequence>()) as u64;
        // While they move there are both.
        let booked = budget.reserve(bytes)?;
        let what = "copies of pixels";
        let grown = self.all.try_reserve_exact(capacity - self.all.len());
        grown.map_err(|_| Error::OutOfMemory { bytes, what })?;
        self.booked = Some(booked);
        Ok(())
    }
}

/// The cache of colours (RFC 9649, 3.6.3).
#[derive(Debug)]
pub(super) struct Cache {
    colours: Vec<u32>,
    shift: u32,
}

impl Cache {
    pub(super) fn new(bits: u32) -> Self {
        Cache {
            colours: vec![0; if bits > 0 { 1 << bits } else { 0 }],
            shift: 32 - bits.max(1),
        }
    }

    /// Whether there is a cache at all.
    #[inline(always)]
    pub(super) fn any(&self) -> bool {
        !self.colours.is_empty()
    }

    /// Remembers a pixel; its place, if it was there already.
    #[inline(always)]
    pub(super) fn find(&mut self, pixel: u32) -> Option<u32> {
        let place = place(pixel) >> self.shift;
        let before = std::mem::replace(self.colours.get_mut(place as usize)?, pixel);
        (before == pixel).then_some(place)
    }
}

/// Where a colour is in a cache, from the highest bit on.
#[inline(always)]
pub(super) fn place(pixel: u32) -> u32 {
    pixel.wrapping_mul(0x1e35_a7bd)
}

/// Takes the symbols of an image.
pub(super) trait Sink {
    /// The pixels from here on may belong to another tile: those up to the returned place don't.
    fn tile(&mut self, at: usize) -> usize;
    fn literal(&mut self, pixel: u32);
    fn cached(&mut self, place: u32);
    fn copy(&mut self, length: u32, code: u32);
    /// Between rows.
    fn row(&mut self) -> Result<()>;
}

/// Gives the symbols of an image in order.
#[inline(always)]
pub(super) fn replay(
    pixels: &[u32],
    width: usize,
    sequences: &[Sequence],
    cache_bits: u32,
    sink: &mut impl Sink,
) -> Result<()> {
    let mut cache = Cache::new(cache_bits);
    let (mut at, mut until, mut row) = (0, 0, 0);
    for sequence in sequences {
        let end = at + sequence.literals as usize;
        while at < end {
            if at >= until {
                if at >= row {
                    sink.row()?;
                    row = (at / width + 1) * width;
                }
                until = sink.tile(at);
            }
            for &pixel in &pixels[at..end.min(until)] {
                match cache.find(pixel) {
                    Some(place) => sink.cached(place),
                    None => sink.literal(pixel),
                }
            }
            at = end.min(until);
        }
        if sequence.length() > 0 {
            if at >= until {
                if at >= row {
                    sink.row()?;
                    row = (at / width + 1) * width;
                }
                until = sink.tile(at);
            }
            sink.copy(sequence.length(), sequence.code());
            let end = at + sequence.length() as usize;
            if cache.any() {
                let mut last = !pixels[at];
                for &pixel in &pixels[at..end] {
                    if pixel != last {
                        cache.find(pixel);
                        last = pixel;
                    }
                }
            }
            at = end;
        }
    }
    Ok(())
}

/// Counts the symbols of a whole image.
pub(super) struct Counts<'a> {
    pub(super) counts: Vec<u32>,
    shape: Shape,
    end: usize,
    budget: &'a Budget,
}

impl<'a> Counts<'a> {
    pub(super) fn of(
        pixels: &[u32],
        width: usize,
        sequences: &[Sequence],
        shape: &Shape,
        budget: &'a Budget,
    ) -> Result<Vec<u32>> {
        let mut counts = Counts {
            counts: vec![0; shape.symbols()],
            shape: *shape,
            end: width,
            budget,
        };
        replay(pixels, width, sequences, shape.cache_bits, &mut counts)?;
        Ok(counts.counts)
    }
}

impl Sink for Counts<'_> {
    fn tile(&mut self, at: usize) -> usize {
        (at / self.end + 1) * self.end
    }

    #[inline(always)]
    fn literal(&mut self, pixel: u32) {
        count_literal(&mut self.counts, &self.shape, pixel);
    }

    #[inline(always)]
    fn cached(&mut self, place: u32) {
        self.counts[LITERALS + LENGTHS + place as usize] += 1;
    }

    #[inline(always)]
    fn copy(&mut self, length: u32, code: u32) {
        count_copy(&mut self.counts, &self.shape, length, code);
    }

    fn row(&mut self) -> Result<()> {
        self.budget.check()
    }
}

#[inline(always)]
pub(super) fn count_literal(counts: &mut [u32], shape: &Shape, pixel: u32) {
    let [blue, green, red, alpha] = pixel.to_le_bytes().map(usize::from);
    counts[green] += 1;
    counts[shape.starts[1] + red] += 1;
    counts[shape.starts[2] + blue] += 1;
    counts[shape.starts[3] + alpha] += 1;
}

#[inline(always)]
pub(super) fn count_copy(counts: &mut [u32], shape: &Shape, length: u32, code: u32) {
    counts[LITERALS + prefix(length).0 as usize] += 1;
    counts[shape.starts[4] + prefix(code).0 as usize] += 1;
}

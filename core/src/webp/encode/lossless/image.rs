//! Writes images in prefix codes (RFC 9649, 3.5 to 3.7).

use super::bits::Bits;
use super::cluster::Tiles;
use super::codes::{Group, LENGTHS, LITERALS, Shape, prefix};
use super::entropy;
use super::matches::{Distances, Search};
use super::parse::{Costs, Found};
use super::tokens::{Counts, Sequences, Sink, count_literal, place, replay};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// How an image is coded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tuning {
    pub(super) search: Search,
    /// How often copies are chosen by the costs of the choice before.
    pub(super) passes: u32,
    /// Whether colours may be cached.
    pub(super) cache: bool,
    /// The size of the smallest tiles with codes of their own, 2 to 9, if any.
    pub(super) tiles: Option<u32>,
    /// Groups of tiles to begin with.
    pub(super) groups: usize,
}

/// For images that say how another is coded.
const SMALL: Tuning = Tuning {
    search: Search {
        depth: 8,
        nice: 64,
        good: 32,
    },
    passes: 0,
    cache: false,
    tiles: None,
    groups: 1,
};

/// Writes a small image, which has one group of codes.
pub(super) fn write_small(bits: &mut Bits<'_>, pixels: &[u32], width: usize, budget: &Budget) -> Result<()> {
    write(bits, pixels, width, false, &SMALL, budget)
}

/// Writes an image. Only the picture itself, the `main` image, may have more than one group of codes.
pub(super) fn write(
    bits: &mut Bits<'_>,
    pixels: &[u32],
    width: usize,
    main: bool,
    tuning: &Tuning,
    budget: &Budget,
) -> Result<()> {
    let distances = Distances::new(width);
    let (sequences, shape) = parse(pixels, width, &distances, tuning, budget)?;
    let sequences = &sequences.all[..];
    bits.room(64, budget)?;
    match shape.cache_bits {
        0 => bits.put(0, 1),
        cache_bits => bits.put(1 | cache_bits << 1, 5),
    }
    let tiles = match tuning.tiles {
        Some(size) => Tiles::new(pixels, width, sequences, &shape, size, tuning.groups, budget)?,
        None => Tiles::one(Counts::of(pixels, width, sequences, &shape, budget)?),
    };
    if main {
        tiles.write_map(bits, budget)?;
    }
    let groups: Vec<Group> = tiles.counts.iter().map(|counts| Group::new(counts, &shape)).collect();
    let header: u64 = groups.iter().map(Group::header_bits).sum();
    let data: u64 = groups
        .iter()
        .zip(&tiles.counts)
        .map(|(group, counts)| group.bits(counts, &shape))
        .sum();
    bits.room(header + data, budget)?;
    groups.iter().for_each(|group| group.write(bits));
    let mut writer = Writer {
        bits,
        group: &groups[0],
        groups: &groups,
        tiles: &tiles,
        width,
        shape,
        budget,
    };
    replay(pixels, width, sequences, shape.cache_bits, &mut writer)
}

/// Chooses copies and the size of the cache.
fn parse(
    pixels: &[u32],
    width: usize,
    distances: &Distances,
    tuning: &Tuning,
    budget: &Budget,
) -> Result<(Sequences, Shape)> {
    let literal_bits = literal_bits(pixels, width, budget)?;
    let mut found = Found::new(pixels, width, tuning.search, literal_bits, budget)?;
    let mut sequences = found.lazy(distances)?;
    let mut cache_bits = 0;
    if tuning.cache {
        cache_bits = best_cache(pixels, &sequences, budget)?;
    }
    let mut shape = Shape::new(cache_bits);
    // Where hardly anything is copied, there is nothing to choose.
    let literals: u64 = sequences.all.iter().map(|sequence| u64::from(sequence.literals)).sum();
    let copied = sequences.all.len() as u64 * 16 > literals;
    for _ in 0..if copied { tuning.passes } else { 0 } {
        let counts = Counts::of(pixels, width, &sequences.all, &shape, budget)?;
        drop(sequences);
        sequences = found.best(distances, &Costs::new(&counts, &shape))?;
    }
    if tuning.cache && copied && tuning.passes > 0 {
        cache_bits = best_cache(pixels, &sequences, budget)?;
        shape = Shape::new(cache_bits);
    }
    Ok((sequences, shape))
}

/// About the bits that a pixel takes that is not as its neighbours.
fn literal_bits(pixels: &[u32], width: usize, budget: &Budget) -> Result<f32> {
    let mut counts: Buffer<u32> = budget.zeroed(4 * 256, "counts of samples")?;
    let (mut seen, mut last) = (0, 0);
    let rows = pixels.len() / width;
    let step = (rows / 256).max(1);
    for row in pixels.chunks(width).step_by(step) {
        for &pixel in row {
            if pixel != last {
                seen += 1;
                last = pixel;
                for (counts, sample) in counts.chunks_exact_mut(256).zip(pixel.to_le_bytes()) {
                    counts[usize::from(sample)] += 1;
                }
            }
        }
    }
    budget.check()?;
    let all: f32 = counts.chunks_exact(256).map(entropy::bits).sum();
    Ok((all / seen.max(1) as f32).max(0.5))
}

/// The largest cache is of 2¹¹ colours, but none above 2¹⁰ pays.
const CACHES: [u32; 7] = [0, 2, 4, 6, 8, 9, 10];

/// How many bits the places of the best cache have.
fn best_cache(pixels: &[u32], sequences: &Sequences, budget: &Budget) -> Result<u32> {
    let mut counts = CacheCounts::new(&[10]);
    let literals: usize = sequences.all.iter().map(|sequence| sequence.literals as usize).sum();
    // A part of the pixels tells enough: so many, then as many times that are left out.
    let part = |end: usize, skip: usize| move |at: usize| (at / end).is_multiple_of(skip);
    counts.count(pixels, sequences, part(1 << 12, literals >> 15 | 1), budget)?;
    if counts.hits * 32 < counts.seen {
        return Ok(0);
    }
    let mut counts = CacheCounts::new(&CACHES);
    counts.count(pixels, sequences, part(1 << 15, (literals >> 17) + 1), budget)?;
    Ok(counts.best())
}

/// Counts symbols with caches of several sizes.
struct CacheCounts {
    all: Vec<CacheCount>,
    /// Literals, and how many were in the last cache.
    seen: usize,
    hits: usize,
}

struct CacheCount {
    bits: u32,
    shape: Shape,
    counts: Vec<u32>,
    colours: Vec<u32>,
}

impl CacheCounts {
    fn new(sizes: &[u32]) -> Self {
        let each = sizes.iter().map(|&bits| {
            let shape = Shape::new(bits);
            CacheCount {
                bits,
                shape,
                counts: vec![0; shape.symbols()],
                colours: vec![0; 1 << bits],
            }
        });
        CacheCounts {
            all: each.collect(),
            seen: 0,
            hits: 0,
        }
    }

    /// Counts the literals that `taken` says, by their number among the literals.
    fn count(
        &mut self,
        pixels: &[u32],
        sequences: &Sequences,
        taken: impl Fn(usize) -> bool,
        budget: &Budget,
    ) -> Result<()> {
        let (mut at, mut number) = (0, 0);
        for sequence in &sequences.all {
            let end = at + sequence.literals as usize;
            for some in pixels[at..end].chunks(1 << 11) {
                if taken(number) {
                    budget.check()?;
                    for cache in &mut self.all {
                        self.hits += cache.literals(some);
                    }
                    self.seen += some.len() * self.all.len();
                }
                number += some.len();
            }
            let length = sequence.length();
            at = end + length as usize;
            if length > 0 && taken(number) {
                for cache in &mut self.all {
                    cache.counts[LITERALS + prefix(length).0 as usize] += 1;
                    cache.copied(&pixels[end..at]);
                }
            }
        }
        Ok(())
    }

    fn best(&self) -> u32 {
        let costs = self.all.iter().map(|cache| -> f32 {
            let ranges = cache.shape.alphabets().take(4);
            ranges.map(|range| entropy::with_header(&cache.counts[range])).sum()
        });
        let best = costs.zip(&self.all).min_by(|a, b| a.0.total_cmp(&b.0));
        best.map_or(0, |(_, cache)| cache.bits)
    }
}

impl CacheCount {
    #[inline(always)]
    fn place(&self, pixel: u32) -> usize {
        ((place(pixel) >> 1) >> (31 - self.bits)) as usize
    }

    fn literals(&mut self, pixels: &[u32]) -> usize {
        let mut hits = 0;
        for &pixel in pixels {
            let place = self.place(pixel);
            if self.bits > 0 && self.colours[place] == pixel {
                hits += 1;
                self.counts[LITERALS + LENGTHS + place] += 1;
            } else {
                self.colours[place] = pixel;
                count_literal(&mut self.counts, &self.shape, pixel);
            }
        }
        hits
    }

    fn copied(&mut self, pixels: &[u32]) {
        if self.bits > 0 {
            let mut last = !pixels[0];
            for &pixel in pixels {
                if pixel != last {
                    let place = self.place(pixel);
                    self.colours[place] = pixel;
                    last = pixel;
                }
            }
        }
    }
}

struct Writer<'a, 'b> {
    bits: &'a mut Bits<'b>,
    group: &'a Group,
    groups: &'a [Group],
    tiles: &'a Tiles,
    width: usize,
    shape: Shape,
    budget: &'a Budget,
}

impl Writer<'_, '_> {
    #[inline(always)]
    fn put(&mut self, symbol: usize) {
        let code = self.group.codes[symbol];
        self.bits.put(code.bits.into(), code.len.into());
    }

    #[inline(always)]
    fn number(&mut self, start: usize, number: u32) {
        let (symbol, extra, bits) = prefix(number);
        self.put(start + symbol as usize);
        self.bits.put(bits, extra);
    }
}

impl Sink for Writer<'_, '_> {
    fn tile(&mut self, at: usize) -> usize {
        let (group, until) = self.tiles.at(at, self.width);
        self.group = &self.groups[group];
        until
    }

    #[inline(always)]
    fn literal(&mut self, pixel: u32) {
        let [blue, green, red, alpha] = pixel.to_le_bytes().map(usize::from);
        let starts = self.shape.starts;
        self.put(green);
        self.put(starts[1] + red);
        self.put(starts[2] + blue);
        self.put(starts[3] + alpha);
    }

    #[inline(always)]
    fn cached(&mut self, place: u32) {
        self.put(LITERALS + LENGTHS + place as usize);
    }

    #[inline(always)]
    fn copy(&mut self, length: u32, code: u32) {
        self.number(LITERALS, length);
        self.number(self.shape.starts[4], code);
    }

    fn row(&mut self) -> Result<()> {
        self.budget.check()
    }
}

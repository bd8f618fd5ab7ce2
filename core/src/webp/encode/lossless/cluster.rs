//! Tiles of an image with codes of their own, those alike together (RFC 9649, 3.7.2.2).

use super::bits::Bits;
use super::codes::{LENGTHS, LITERALS, MOST, Shape};
use super::entropy::{log2, times_log2, with_header};
use super::image::write_small;
use super::tokens::{Counts, Sequence, Sink, count_copy, count_literal, replay};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// More tiles than this take more time than they save bits.
const TILES: usize = 2600;

/// Bits that a group has at least.
const GROUP: f32 = 3000.0;

/// Which codes each tile has.
pub(super) struct Tiles {
    /// How often each symbol occurs in each group.
    pub(super) counts: Vec<Vec<u32>>,
    /// The group of each tile.
    map: Vec<u32>,
    size: u32,
    across: usize,
}

impl Tiles {
    /// All in one.
    pub(super) fn one(counts: Vec<u32>) -> Self {
        Tiles {
            counts: vec![counts],
            map: vec![0],
            size: 31,
            across: 1,
        }
    }

    /// The group of a pixel, and where its tile ends.
    #[inline(always)]
    pub(super) fn at(&self, at: usize, width: usize) -> (usize, usize) {
        let (x, y) = (at % width, at / width);
        let tile = (y >> self.size) * self.across + (x >> self.size);
        let end = (((x >> self.size) + 1) << self.size).min(width);
        (self.map[tile] as usize, at - x + end)
    }

    /// Tells which codes each tile has.
    pub(super) fn write_map(&self, bits: &mut Bits<'_>, budget: &Budget) -> Result<()> {
        if self.counts.len() < 2 {
            bits.put(0, 1);
            return Ok(());
        }
        bits.put(1 | (self.size - 2) << 1, 4);
        let map: Vec<u32> = self.map.iter().map(|&group| 0xff00_0000 | group << 8).collect();
        write_small(bits, &map, self.across, budget)
    }

    /// Puts tiles together that have symbols alike.
    pub(super) fn new(
        pixels: &[u32],
        width: usize,
        sequences: &[Sequence],
        shape: &Shape,
        smallest: u32,
        most: usize,
        budget: &Budget,
    ) -> Result<Self> {
        let height = pixels.len() / width;
        let across = |size: u32| width.div_ceil(1 << size);
        let down = |size: u32| height.div_ceil(1 << size);
        let mut size = smallest;
        while size < 9 && across(size) * down(size) > TILES {
            size += 1;
        }
        let across = across(size);
        let tiles = across * down(size);
        let all = Counts::of(pixels, width, sequences, shape, budget)?;
        // A group has to save what its codes take.
        let most = most.min((cost(&all, shape) / GROUP) as usize);
        if tiles < 2 || most < 2 {
            return Ok(Tiles::one(all));
        }
        let symbols = shape.symbols();
        let booked = tiles * symbols.min(4 << (2 * size)) * 4 + (most + 2) * symbols * 8 + tiles * 16;
        let _booked = budget.reserve(booked as u64)?;
        let mut counter = Counter {
            size,
            width,
            shape: *shape,
            row: usize::MAX,
            now: 0,
            counts: budget.zeroed(across * symbols, "counts of symbols")?,
            entries: Vec::new(),
            ends: Vec::with_capacity(tiles),
            budget,
        };
        replay(pixels, width, sequences, shape.cache_bits, &mut counter)?;
        counter.end_row();
        counter.ends.resize(tiles, counter.entries.len());
        let (entries, ends) = (counter.entries, counter.ends);
        let tile = |number: usize| {
            let start = if number > 0 { ends[number - 1] } else { 0 };
            &entries[start..ends[number]]
        };
        let mut map = first_groups(tiles, most, shape, &tile);
        let mut groups = sums(&map, symbols, &tile);
        for _ in 0..3 {
            budget.check()?;
            map = assign(&groups, shape, tiles, &tile, budget)?;
            groups = sums(&map, symbols, &tile);
        }
        merge(&mut groups, &mut map, shape, budget)?;
        if groups.len() > 1 {
            map = assign(&groups, shape, tiles, &tile, budget)?;
            groups = sums(&map, symbols, &tile);
        }
        Ok(Tiles {
            counts: groups,
            map,
            size,
            across,
        })
    }
}

/// A symbol and how often it occurs: 12 bits and 20.
type Entry = u32;

fn entry(symbol: usize, count: u32) -> Entry {
    const { assert!(MOST <= 1 << 12) }
    (symbol as u32) << 20 | count.min(0xf_ffff)
}

#[inline(always)]
fn parts(entry: Entry) -> (usize, u32) {
    ((entry >> 20) as usize, entry & 0xf_ffff)
}

/// Counts the symbols of tiles, a row of them at a time.
struct Counter<'a> {
    size: u32,
    width: usize,
    shape: Shape,
    /// The row of tiles that is being counted.
    row: usize,
    /// Where the counts of the present tile begin.
    now: usize,
    counts: Buffer<u32>,
    entries: Vec<Entry>,
    ends: Vec<usize>,
    budget: &'a Budget,
}

impl Counter<'_> {
    fn end_row(&mut self) {
        for counts in self.counts.chunks_exact_mut(self.shape.symbols()) {
            for (symbol, count) in counts.iter_mut().enumerate() {
                if *count > 0 {
                    self.entries.push(entry(symbol, *count));
                    *count = 0;
                }
            }
            self.ends.push(self.entries.len());
        }
    }
}

impl Sink for Counter<'_> {
    fn tile(&mut self, at: usize) -> usize {
        let (x, y) = (at % self.width, at / self.width);
        let row = y >> self.size;
        if self.row == usize::MAX {
            self.row = 0;
        }
        // Copies may pass whole rows of tiles.
        while self.row < row {
            self.end_row();
            self.row += 1;
        }
        let column = x >> self.size;
        self.now = column * self.shape.symbols();
        at - x + ((column + 1) << self.size).min(self.width)
    }

    #[inline(always)]
    fn literal(&mut self, pixel: u32) {
        let now = &mut self.counts[self.now..][..self.shape.symbols()];
        count_literal(now, &self.shape, pixel);
    }

    #[inline(always)]
    fn cached(&mut self, place: u32) {
        self.counts[self.now + LITERALS + LENGTHS + place as usize] += 1;
    }

    #[inline(always)]
    fn copy(&mut self, length: u32, code: u32) {
        let now = &mut self.counts[self.now..][..self.shape.symbols()];
        count_copy(now, &self.shape, length, code);
    }

    fn row(&mut self) -> Result<()> {
        self.budget.check()
    }
}

/// Tiles of about the same bits a pixel, in green and in the others, belong together at first.
fn first_groups<'a>(tiles: usize, most: usize, shape: &Shape, tile: &impl Fn(usize) -> &'a [Entry]) -> Vec<u32> {
    let mut each: Vec<(f32, f32, usize)> = (0..tiles)
        .map(|number| {
            let (mut green, mut others, mut symbols, mut literals) = (0.0, 0.0, 0, 0);
            for &entry in tile(number) {
                let (symbol, count) = parts(entry);
                if symbol < shape.starts[1] {
                    symbols += count;
                    green -= times_log2(count);
                } else if symbol < shape.starts[3] {
                    literals += count;
                    others -= times_log2(count);
                }
            }
            let literals = literals / 2;
            let green = (green + times_log2(symbols)) / symbols.max(1) as f32;
            let others = (others + 2.0 * times_log2(literals)) / literals.max(1) as f32;
            (green, others, number)
        })
        .collect();
    // As many bands by one, each cut by the other.
    let bands = (most as f32).sqrt().round().max(1.0) as usize;
    let cuts = most.div_ceil(bands);
    let mut map = vec![0; tiles];
    each.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut group = 0;
    for band in each.chunks_mut(tiles.div_ceil(bands)) {
        band.sort_by(|a, b| a.1.total_cmp(&b.1));
        for cut in band.chunks(band.len().div_ceil(cuts)) {
            cut.iter().for_each(|&(_, _, number)| map[number] = group);
            group += 1;
        }
    }
    map
}

/// The counts of groups; those without tiles go, and the others move up.
fn sums<'a>(map: &[u32], symbols: usize, tile: &impl Fn(usize) -> &'a [Entry]) -> Vec<Vec<u32>> {
    let groups = map.iter().max().map_or(0, |&last| last as usize + 1);
    let mut sums = vec![vec![0; symbols]; groups];
    for (number, &group) in map.iter().enumerate() {
        let sums = &mut sums[group as usize];
        for &entry in tile(number) {
            let (symbol, count) = parts(entry);
            sums[symbol] += count;
        }
    }
    sums
}

/// Gives each tile the group whose codes suit it best. Groups are numbered anew, without those that have no tiles.
fn assign<'a>(
    groups: &[Vec<u32>],
    shape: &Shape,
    tiles: usize,
    tile: &impl Fn(usize) -> &'a [Entry],
    budget: &Budget,
) -> Result<Vec<u32>> {
    let symbols = shape.symbols();
    // Costs of a symbol in all groups lie together.
    let n = groups.len();
    let mut costs = vec![0f32; symbols * n];
    for (group, counts) in groups.iter().enumerate() {
        for range in shape.alphabets() {
            let sum: u32 = counts[range.clone()].iter().sum();
            let all = log2(sum.max(1));
            for symbol in range {
                let count = counts[symbol];
                let bits = all - log2(count.max(1)) + if count == 0 { 7.0 } else { 0.0 };
                costs[symbol * n + group] = bits;
            }
        }
    }
    let mut map = Vec::with_capacity(tiles);
    let mut sums = vec![0f32; n];
    let mut last = 0;
    for number in 0..tiles {
        budget.check()?;
        let entries = tile(number);
        // A tile of copies alone goes with the one before it.
        if entries.is_empty() {
            map.push(last);
            continue;
        }
        sums.fill(0.0);
        for &entry in entries {
            let (symbol, count) = parts(entry);
            let count = count as f32;
            for (sum, cost) in sums.iter_mut().zip(&costs[symbol * n..][..n]) {
                *sum += cost * count;
            }
        }
        let best = sums.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
        last = best.map_or(0, |(group, _)| group as u32);
        map.push(last);
    }
    renumber(&mut map, n);
    Ok(map)
}

fn renumber(map: &mut [u32], groups: usize) {
    let mut numbers = vec![u32::MAX; groups];
    let mut next = 0;
    for group in map {
        let number = &mut numbers[*group as usize];
        if *number == u32::MAX {
            *number = next;
            next += 1;
        }
        *group = *number;
    }
}

/// Bits of a group, with its header.
fn cost(counts: &[u32], shape: &Shape) -> f32 {
    shape.alphabets().map(|range| with_header(&counts[range])).sum()
}

/// Merges groups as long as that saves bits.
fn merge(groups: &mut Vec<Vec<u32>>, map: &mut [u32], shape: &Shape, budget: &Budget) -> Result<()> {
    let n = groups.len();
    let mut costs: Vec<f32> = groups.iter().map(|counts| cost(counts, shape)).collect();
    let mut both = vec![0; shape.symbols()];
    let mut joint = |a: &[u32], b: &[u32]| {
        for ((sum, a), b) in both.iter_mut().zip(a).zip(b) {
            *sum = a + b;
        }
        cost(&both, shape)
    };
    // What merging two costs; less than nothing if it pays.
    let mut more = vec![f32::MAX; n * n];
    for a in 0..n {
        budget.check()?;
        for b in 0..a {
            more[a * n + b] = joint(&groups[a], &groups[b]) - costs[a] - costs[b];
        }
    }
    let mut into: Vec<u32> = (0..n as u32).collect();
    loop {
        budget.check()?;
        let best = more.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
        let Some((place, _)) = best.filter(|best| *best.1 < 0.0) else {
            break;
        };
        let (a, b) = (place / n, place % n);
        let gone = std::mem::take(&mut groups[a]);
        for (sum, count) in groups[b].iter_mut().zip(&gone) {
            *sum += count;
        }
        costs[b] = cost(&groups[b], shape);
        into.iter_mut()
            .filter(|group| **group == a as u32)
            .for_each(|group| *group = b as u32);
        for c in 0..n {
            more[a * n + c] = f32::MAX;
            more[c * n + a] = f32::MAX;
            if c != b && !groups[c].is_empty() {
                let (high, low) = (c.max(b), c.min(b));
                more[high * n + low] = joint(&groups[high], &groups[low]) - costs[high] - costs[low];
            }
        }
    }
    for group in &mut *map {
        *group = into[*group as usize];
    }
    // In the order in which tiles have them.
    let before = map.to_vec();
    renumber(map, n);
    let count = map.iter().max().map_or(0, |&last| last as usize + 1);
    let mut sorted = vec![Vec::new(); count];
    for (&before, &now) in before.iter().zip(&*map) {
        if sorted[now as usize].is_empty() {
            sorted[now as usize] = std::mem::take(&mut groups[before as usize]);
        }
    }
    *groups = sorted;
    Ok(())
}

//! Which matches become copies: those that are worth more than the ones after them, or by dynamic programming.

use super::codes::{LENGTHS, LITERALS, Shape, extra_bits, prefix};
use super::entropy::log2;
use super::matches::{Distances, Finder, LONGEST, Match, Search, common};
use super::tokens::{Cache, Sequence, Sequences};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// Pixels that are parsed at a time.
const BAND: usize = 1 << 16;
/// Matches of so many pixels at most are kept from one pass to the next.
const KEPT: usize = 1 << 22;

/// The matches of an image, band by band.
pub(super) struct Found<'a> {
    pixels: &'a [u32],
    width: usize,
    search: Search,
    literal_bits: f32,
    finder: Option<Finder<'a>>,
    matches: Buffer<u32>,
    budget: &'a Budget,
}

impl<'a> Found<'a> {
    pub(super) fn new(
        pixels: &'a [u32],
        width: usize,
        search: Search,
        literal_bits: f32,
        budget: &'a Budget,
    ) -> Result<Self> {
        let kept = if pixels.len() <= KEPT { pixels.len() } else { BAND };
        Ok(Found {
            pixels,
            width,
            search,
            literal_bits,
            finder: Some(Finder::new(pixels, width, search, literal_bits, budget)?),
            matches: budget.zeroed(kept, "matches of pixels")?,
            budget,
        })
    }

    /// Gives the matches of each band, with the place where it begins.
    fn bands(&mut self, mut take: impl FnMut(usize, &[u32]) -> Result<()>) -> Result<()> {
        let len = self.pixels.len();
        let keep = self.matches.len() >= len;
        if !keep && self.finder.is_none() {
            let again = Finder::new(self.pixels, self.width, self.search, self.literal_bits, self.budget)?;
            self.finder = Some(again);
        }
        for start in (0..len).step_by(BAND) {
            let end = (start + BAND).min(len);
            let band = if keep { start..end } else { 0..end - start };
            let band = &mut self.matches[band];
            if let Some(finder) = &mut self.finder {
                for some in band.chunks_mut(1 << 12) {
                    self.budget.check()?;
                    finder.fill(some);
                }
            }
            take(start, band)?;
        }
        self.finder = None;
        Ok(())
    }

    /// Takes the matches that save bits, unless the one after them saves more.
    pub(super) fn lazy(&mut self, distances: &Distances) -> Result<Sequences> {
        let mut out = Sequences::new();
        let mut literals = 0u32;
        let mut at = 0;
        let literal = self.literal_bits;
        let budget = self.budget;
        let saves = |found: Match| {
            let code = distances.code(found.distance().max(1));
            found.length() as f32 * literal - 9.0 - 0.8 * log2(code) - 0.5 * log2(found.length() as u32 | 1)
        };
        self.bands(|start, band| {
            out.room(band.len() / 2 + 2, budget)?;
            while at < start + band.len() {
                let found = Match(band[at - start]);
                let mut now = if found.length() > 1 { saves(found) } else { 0.0 };
                if now > 0.0 {
                    let next = Match(band.get(at - start + 1).copied().unwrap_or_default());
                    if next.length() > found.length() && saves(next) > now + literal * 0.5 {
                        now = 0.0;
                    }
                }
                if now > 0.0 {
                    let code = distances.code(found.distance());
                    out.all.push(Sequence::copy(literals, found.length(), code));
                    literals = 0;
                    at += found.length();
                } else {
                    literals += 1;
                    at += 1;
                }
            }
            Ok(())
        })?;
        out.room(1, budget)?;
        out.all.push(Sequence::end(literals));
        Ok(out)
    }

    /// Takes what has the least bits by the costs of symbols.
    pub(super) fn best(&mut self, distances: &Distances, costs: &Costs) -> Result<Sequences> {
        let mut out = Sequences::new();
        let mut literals = 0u32;
        let (pixels, width, budget) = (self.pixels, self.width, self.budget);
        let mut cache = Cache::new(costs.shape.cache_bits);
        // The least cost of each place of a band, and the step to it: its length above its kind.
        let mut states: Buffer<u64> = budget.zeroed(BAND + 1, "ways through pixels")?;
        let mut steps: Vec<(u32, u32)> = Vec::new();
        let mut stops: Vec<u32> = Vec::new();
        let _steps = budget.reserve(BAND as u64 * 12)?;
        self.bands(|start, band| {
            budget.check()?;
            let n = band.len();
            find_stops(pixels, width, start, band, &mut stops);
            states[0] = 0;
            states[1..=n].fill(u64::MAX);
            let near = [1, width];
            let mut until = 0;
            let mut next = 0;
            for i in 0..n {
                let at = start + i;
                let pixel = pixels[at];
                let hit = cache.find(pixel);
                let stop = stops.get(next).is_some_and(|&stop| stop as usize == i);
                next += usize::from(stop);
                if i < until || states[i] == u64::MAX {
                    continue;
                }
                let base = states[i] >> 32;
                let literal = base + u64::from(costs.pixel(pixel, hit));
                states[i + 1] = states[i + 1].min(literal << 32 | 1 << 2);
                // Within a match, nothing begins that didn't before.
                if !stop && states[i] as u32 >> 2 == 1 && i > 0 {
                    continue;
                }
                let mut longest = 0;
                let mut relax = |length: usize, distance: usize, kind: u64| {
                    let length = length.min(n - i);
                    if length < 2 {
                        return;
                    }
                    let base = base + u64::from(costs.distance(distances.code(distance)));
                    let mut relax = |length: usize| {
                        let cost = base + u64::from(costs.lengths[length]);
                        let state = &mut states[i + length];
                        *state = (*state).min(cost << 32 | (length as u64) << 2 | kind);
                    };
                    relax(length);
                    longest = longest.max(length);
                    if length < NICE {
                        let inner = stops[next..].iter().map(|&stop| stop as usize - i);
                        inner
                            .take_while(|&stop| stop < length)
                            .filter(|&stop| stop > 1)
                            .for_each(relax);
                    }
                };
                let found = Match(band[i]);
                relax(found.length(), found.distance(), 1);
                for (kind, &distance) in (2..).zip(&near) {
                    if distance != found.distance() && at >= distance && pixels[at - distance] == pixel {
                        let run = common(pixels, at - distance, at, (pixels.len() - at).min(LONGEST));
                        relax(run, distance, kind);
                    }
                }
                if longest >= NICE {
                    until = i + longest;
                }
            }
            let mut at = n;
            steps.clear();
            while at > 0 {
                let step = states[at] as u32;
                let length = step >> 2;
                at -= length as usize;
                let distance = match step & 3 {
                    0 => 0,
                    1 => Match(band[at]).distance(),
                    kind => near[kind as usize - 2],
                };
                steps.push((length, distance as u32));
            }
            out.room(steps.len() + 1, budget)?;
            for &(length, distance) in steps.iter().rev() {
                if distance == 0 {
                    literals += 1;
                } else {
                    let code = distances.code(distance as usize);
                    out.all.push(Sequence::copy(literals, length as usize, code));
                    literals = 0;
                }
            }
            Ok(())
        })?;
        out.room(1, budget)?;
        out.all.push(Sequence::end(literals));
        Ok(out)
    }
}

/// The places of a band where matches begin that don't go on from the place before.
fn find_stops(pixels: &[u32], width: usize, start: usize, band: &[u32], stops: &mut Vec<u32>) {
    stops.clear();
    let mut last = Match::default();
    let mut above = false;
    for (i, &found) in band.iter().enumerate() {
        let (at, found) = (start + i, Match(found));
        let goes_on = last.length() > 1 && found.distance() == last.distance();
        let now = at >= width && pixels[at] == pixels[at - width];
        let run = at > 1 && pixels[at] == pixels[at - 1] && pixels[at - 1] != pixels[at - 2];
        if !goes_on && found.length() > 1 || now && !above || run {
            stops.push(i as u32);
        }
        (last, above) = (found, now);
    }
}

/// A copy so long is taken as it is.
const NICE: usize = 256;

/// Bits of symbols, in sixty-fourths.
pub(super) struct Costs {
    shape: Shape,
    symbols: Vec<u32>,
    lengths: Vec<u32>,
}

impl Costs {
    pub(super) fn new(counts: &[u32], shape: &Shape) -> Self {
        let mut symbols = vec![0; shape.symbols()];
        for range in shape.alphabets() {
            let counts = &counts[range.clone()];
            let sum: u32 = counts.iter().sum();
            let used = counts.iter().filter(|&&count| count > 0).count();
            let all = log2(sum.max(1));
            for (cost, &count) in symbols[range].iter_mut().zip(counts) {
                let bits = if used < 2 && count > 0 {
                    0.0
                } else {
                    // What doesn't occur might, once.
                    (all - log2(count.max(1))).max(0.1) + if count == 0 { 1.0 } else { 0.0 }
                };
                *cost = (bits * 64.0) as u32;
            }
        }
        let lengths = (0..=LONGEST as u32).map(|length| {
            let (symbol, extra, _) = prefix(length.max(1));
            symbols[LITERALS + symbol as usize] + extra * 64
        });
        Costs {
            shape: *shape,
            lengths: lengths.collect(),
            symbols,
        }
    }

    #[inline(always)]
    fn pixel(&self, pixel: u32, hit: Option<u32>) -> u32 {
        if let Some(place) = hit {
            return self.symbols[LITERALS + LENGTHS + place as usize];
        }
        let [blue, green, red, alpha] = pixel.to_le_bytes().map(usize::from);
        let starts = &self.shape.starts;
        self.symbols[green]
            + self.symbols[starts[1] + red]
            + self.symbols[starts[2] + blue]
            + self.symbols[starts[3] + alpha]
    }

    #[inline(always)]
    fn distance(&self, code: u32) -> u32 {
        let symbol = prefix(code).0 as usize;
        self.symbols[self.shape.starts[4] + symbol] + extra_bits(symbol) * 64
    }
}

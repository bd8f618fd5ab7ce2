//! Cuts bytes into literals and matches at the least cost: all matches that may be of use are found first, then the
//! cheapest way through them, by what each symbol cost in the way before.

use super::chains::{Chains, Match};
use super::parse::{Search, Sequences, shortest};
use super::split::Counts;
use super::symbols::{
    DISTANCES, END, LITERALS, LONGEST, distance_class, distance_of, length_class, length_of, longest_of,
};
use super::{SPAN, Sequence};

/// Parts of a bit in which costs are counted.
const BIT: f32 = 16.0;
/// Most matches per byte that are remembered, on the average; beyond them only the longest of each place is.
const MATCHES: usize = 4;
/// How often the cheapest way is looked for.
const ROUNDS: usize = 3;

/// What is known of a span of bytes.
#[derive(Default)]
pub(super) struct Optimal {
    /// Longer and longer matches of each place, the nearest for its length.
    found: Vec<(u16, u16)>,
    /// Where those of each place end in `found`.
    ends: Vec<u32>,
    /// The cost from each place to the end, and how the way goes on.
    ways: Vec<Way>,
}

#[derive(Clone, Copy, Default)]
struct Way {
    cost: u32,
    /// 1 for a literal.
    length: u16,
    distance: u16,
}

impl Optimal {
    /// Most bytes of memory that it takes: lists that grow may have twice the room that they need.
    pub(super) const SIZE: usize = SPAN * (2 * 4 + size_of::<Way>() + 2 * (MATCHES + 1) * size_of::<(u16, u16)>());

    pub(super) fn parse(
        &mut self,
        data: &[u8],
        (start, end): (usize, usize),
        chains: &mut Chains,
        search: Search,
        all: &mut Vec<Sequence>,
    ) {
        let least = shortest(&data[start..end]).max(search.least);
        chains.hash(least.min(4));
        self.find(data, (start, end), chains, search);
        let bytes = &data[start..end];
        let mut costs = Costs::guess(least);
        for round in 0..ROUNDS {
            self.search(bytes, &costs);
            if round + 1 < ROUNDS {
                costs = Costs::new(&self.counts(bytes));
            }
        }
        let mut out = Sequences::new(all, start);
        self.steps(|at, found| out.push(start + at, found));
        out.end(end);
    }

    /// Finds the matches of all places. Within a long match none are looked for.
    fn find(&mut self, data: &[u8], (start, end): (usize, usize), chains: &mut Chains, search: Search) {
        self.found.clear();
        self.ends.clear();
        let mut at = start;
        while at < end {
            let most = (end - at).min(LONGEST);
            let first = self.found.len();
            let hints = [search.step, search.line];
            chains.all(data, at, most, hints, (search.depth, search.nice), &mut self.found);
            let longest = self.found[first..].last().map_or(0, |found| usize::from(found.0));
            if self.found.len() > MATCHES * (at + 1 - start) + SPAN / 8 && longest > 0 {
                self.found.drain(first..self.found.len() - 1);
            }
            self.ends.push(self.found.len() as u32);
            at += 1;
            if longest >= search.nice {
                let next = at + longest - 1;
                chains.pass(data, at, next);
                self.ends.resize(next - start, self.found.len() as u32);
                at = next;
            }
        }
    }

    /// The cheapest way from each place, from the last one on.
    fn search(&mut self, bytes: &[u8], costs: &Costs) {
        self.ways.clear();
        self.ways.resize(bytes.len() + 1, Way::default());
        for at in (0..bytes.len()).rev() {
            let (before, ways) = self.ways.split_at_mut(at + 1);
            let mut best = Way {
                cost: ways[0].cost + costs.literals[usize::from(bytes[at])],
                length: 1,
                distance: 0,
            };
            let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
            let mut shorter = 2;
            for &(longest, distance) in &self.found[from as usize..self.ends[at] as usize] {
                let far = costs.distances[distance_class(distance)];
                // Of lengths that cost the same, the longest.
                for class in length_class(shorter + 1)..=length_class(longest) {
                    let length = longest_of(class).min(longest);
                    let cost = costs.lengths[class] + far + ways[usize::from(length) - 1].cost;
                    if cost < best.cost {
                        best = Way { cost, length, distance };
                    }
                }
                shorter = longest;
            }
            before[at] = best;
        }
    }

    /// Hands on each match of the cheapest way and where it starts.
    fn steps(&self, mut each: impl FnMut(usize, Match)) {
        let mut at = 0;
        while let Some(&Way { length, distance, .. }) = self.ways.get(at)
            && length > 0
        {
            let length = usize::from(length);
            if distance > 0 {
                each(
                    at,
                    Match {
                        length,
                        distance: usize::from(distance),
                    },
                );
            }
            at += length;
        }
    }

    /// How often each symbol occurs on the cheapest way.
    fn counts(&self, bytes: &[u8]) -> Counts {
        let mut counts = Counts::new();
        let mut from = 0;
        self.steps(|at, found| {
            counts.add(&bytes[from..], Sequence::new(at - from, found));
            from = at + found.length;
        });
        counts.add(&bytes[from..], Sequence::new(bytes.len() - from, Match::default()));
        counts
    }
}

/// What symbols cost, with the bits that follow them.
struct Costs {
    literals: [u32; 256],
    lengths: [u32; 29],
    distances: [u32; DISTANCES],
}

impl Costs {
    /// Where a match of so many bytes just pays.
    fn guess(least: usize) -> Self {
        let literal = BIT * 18.0 / least as f32;
        let mut literals = [0.0; LITERALS];
        literals[..END].fill(literal);
        literals[END..].fill(6.0 * BIT);
        Costs::of(&literals, &[4.0 * BIT; DISTANCES])
    }

    fn new(counts: &Counts) -> Self {
        let mut literals = [0.0; LITERALS];
        let mut distances = [0.0; DISTANCES];
        bits(&counts.literals, &mut literals);
        bits(&counts.distances, &mut distances);
        Costs::of(&literals, &distances)
    }

    fn of(literals: &[f32; LITERALS], distances: &[f32; DISTANCES]) -> Self {
        Costs {
            literals: std::array::from_fn(|byte| literals[byte] as u32),
            lengths: std::array::from_fn(|class| {
                (literals[END + 1 + class] + f32::from(length_of(class).1) * BIT) as u32
            }),
            distances: std::array::from_fn(|class| (distances[class] + f32::from(distance_of(class).1) * BIT) as u32),
        }
    }
}

/// The cost of each symbol with ideal codes; of those that do not occur, as if they did once.
fn bits(counts: &[u32], costs: &mut [f32]) {
    let all = counts.iter().sum::<u32>().max(1) as f32;
    for (cost, &count) in costs.iter_mut().zip(counts) {
        *cost = (all / count.max(1) as f32).log2().clamp(1.0, 14.0) * BIT;
    }
}

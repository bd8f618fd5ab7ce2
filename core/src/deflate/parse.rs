//! Cuts bytes into literals and matches: by runs alone, or with the longest match here or a little later.

use super::Sequence;
use super::chains::{Chains, Match, common, load4, load8};
use super::symbols::LONGEST;

/// How hard to look for matches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// Places that are looked at.
    pub(super) depth: u32,
    /// A match so long is taken at once.
    pub(super) nice: usize,
    /// How many bytes later a better match is looked for.
    pub(super) lazy: u32,
    /// Bytes from a row to the one below it.
    pub(super) line: usize,
    /// Bytes from a pixel to the next one.
    pub(super) step: usize,
    /// Bytes of a match that pays, at least.
    pub(super) least: usize,
}

impl Search {
    /// With a match so long no other one is looked for.
    #[inline(always)]
    fn enough(self) -> usize {
        if self.lazy > 1 { self.nice } else { self.nice / 4 }
    }
}

/// Collects sequences.
pub(super) struct Sequences<'a> {
    all: &'a mut Vec<Sequence>,
    /// The first byte that is in none yet.
    from: usize,
}

impl<'a> Sequences<'a> {
    pub(super) fn new(all: &'a mut Vec<Sequence>, start: usize) -> Self {
        Sequences { all, from: start }
    }

    #[inline(always)]
    pub(super) fn push(&mut self, at: usize, found: Match) {
        self.all.push(Sequence::new(at - self.from, found));
        self.from = at + found.length;
    }

    pub(super) fn end(&mut self, end: usize) {
        if self.from < end || self.all.is_empty() {
            self.push(end, Match::default());
        }
    }
}

/// Only runs of one byte: filtered rows of a photograph have hardly anything else. `data` has eight bytes behind `end`.
pub(super) fn runs(data: &[u8], start: usize, end: usize, all: &mut Vec<Sequence>) {
    let mut out = Sequences::new(all, start);
    let mut at = start;
    while at + 8 < end {
        // Zero where a byte is as the one after it.
        let steps = load8(data, at) ^ load8(data, at + 1);
        if steps != 0 {
            at += 8 - (steps.leading_zeros() / 8) as usize;
            continue;
        }
        let length = common(data, at, at + 1, (end - at - 1).min(LONGEST));
        out.push(at + 1, Match { length, distance: 1 });
        at += 1 + length;
    }
    out.end(end);
}

/// The shortest match that pays: where few bytes occur, literals are cheap.
pub(super) fn shortest(data: &[u8]) -> usize {
    let mut seen = [false; 256];
    let step = (data.len() / 4096).max(1);
    data.chunks(step).for_each(|piece| seen[usize::from(piece[0])] = true);
    let used = seen.iter().filter(|&&seen| seen).count();
    ((18.0 / (used.max(2) as f32).log2()).ceil() as usize).clamp(3, 9)
}

/// The longest match, unless there is a better one a little later.
pub(super) fn matches(
    data: &[u8],
    (start, end): (usize, usize),
    chains: &mut Chains,
    search: Search,
    all: &mut Vec<Sequence>,
) {
    let mut out = Sequences::new(all, start);
    let least = shortest(&data[start..end]).max(search.least);
    chains.hash(least);
    let mut hints = [search.step, search.line, search.line];
    let mut at = start;
    while at < end {
        let mut found = look(data, at, end, chains, hints, Match::default(), search);
        if found.length < least {
            at += 1;
            continue;
        }
        let mut looked = at + 1;
        let mut ahead = 0;
        while ahead < search.lazy && found.length < search.enough() {
            ahead += 1;
            let later = at + ahead as usize;
            if later >= end {
                break;
            }
            looked = later + 1;
            let less = Search {
                depth: (search.depth >> ahead).max(1),
                ..search
            };
            let than = Match {
                length: found.length - 1,
                distance: 0,
            };
            let next = look(data, later, end, chains, hints, than, less);
            if next.distance > 0 && pays(found, next, ahead) {
                (at, found, ahead) = (later, next, 0);
            }
        }
        out.push(at, found);
        hints[1] = found.distance;
        let next = at + found.length;
        // The places within a run are alike, and those within a long match like those that it repeats.
        if found.length > 64 && (found.distance < 9 || search.depth < 20) {
            chains.pass(data, looked, at + 24);
            chains.pass(data, next - 16, next);
        } else {
            chains.pass(data, looked, next);
        }
        at = next;
    }
    out.end(end);
}

/// Whether a match that begins `ahead` bytes later is worth the literals before it.
fn pays(found: Match, next: Match, ahead: u32) -> bool {
    let bits = |distance: usize| distance.ilog2() as i32;
    let longer = next.length as i32 - found.length as i32;
    4 * longer + bits(found.distance) - bits(next.distance) > if ahead == 1 { 2 } else { 6 }
}

/// About the bits that a match saves, when a byte that is not in one takes four.
#[inline(always)]
fn worth(length: usize, distance: usize) -> i32 {
    4 * length as i32 - (distance | 1).ilog2() as i32
}

/// The longest match at a place, first at the distance of the last one and at that of the row above.
#[inline(always)]
fn look(
    data: &[u8],
    at: usize,
    end: usize,
    chains: &mut Chains,
    hints: [usize; 3],
    than: Match,
    search: Search,
) -> Match {
    let most = (end - at).min(LONGEST);
    let mut best = than;
    let word = load4(data, at);
    for distance in hints {
        if chains.reaches(at, distance) && load4(data, at - distance) == word {
            let length = common(data, at - distance, at, most);
            if length > best.length && worth(length, distance) > worth(best.length, best.distance) {
                best = Match { length, distance };
                if length >= search.nice {
                    return best;
                }
            }
        }
    }
    if best.distance == 0 {
        return chains.longest(data, at, most, than, search.depth, search.nice);
    }
    if best.length >= search.enough() {
        chains.pass(data, at, at + 1);
        return best;
    }
    // One that is as long and nearer is better.
    let equal = Match {
        length: best.length - 1,
        distance: 0,
    };
    let found = chains.longest(data, at, most, equal, search.depth, search.nice);
    let better = found.distance > 0 && worth(found.length, found.distance) > worth(best.length, best.distance);
    if better { found } else { best }
}

//! Prefix codes and their headers (RFC 9649, 3.7.2).

use super::bits::Bits;
use crate::huffman::{Code, codes, lengths};

/// Literals of a channel.
pub(super) const LITERALS: usize = 256;
/// Prefixes of lengths, and of distances.
pub(super) const LENGTHS: usize = 24;
const DISTANCES: usize = 40;
/// The most symbols that the five alphabets of a group have together, and that the largest has.
pub(super) const MOST: usize = LARGEST + 3 * LITERALS + DISTANCES;
const LARGEST: usize = LITERALS + LENGTHS + (1 << 11);

/// Where the five alphabets begin in an array of all symbols: green with lengths and cached colours, red, blue, alpha,
/// distances.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    pub(super) starts: [usize; 6],
    pub(super) cache_bits: u32,
}

impl Shape {
    pub(super) fn new(cache_bits: u32) -> Self {
        let cached = if cache_bits > 0 { 1 << cache_bits } else { 0 };
        let red = LITERALS + LENGTHS + cached;
        let starts = [0, red, red + LITERALS, red + 2 * LITERALS, red + 3 * LITERALS];
        let [a, b, c, d, e] = starts;
        Shape {
            starts: [a, b, c, d, e, e + DISTANCES],
            cache_bits,
        }
    }

    pub(super) fn symbols(&self) -> usize {
        self.starts[5]
    }

    pub(super) fn alphabets(&self) -> impl Iterator<Item = std::ops::Range<usize>> + use<> {
        let starts = self.starts;
        (0..5).map(move |i| starts[i]..starts[i + 1])
    }
}

/// The prefix of a number from 1 on, how many bits follow, and which.
#[inline(always)]
pub(super) fn prefix(number: u32) -> (u32, u32, u32) {
    let before = number - 1;
    if before < 4 {
        return (before, 0, 0);
    }
    let top = before.ilog2();
    let extra = top - 1;
    (2 * top + (before >> extra & 1), extra, before & ((1 << extra) - 1))
}

/// How many bits follow a prefix.
pub(super) fn extra_bits(prefix: usize) -> u32 {
    (prefix as u32).saturating_sub(2) >> 1
}

/// The codes of a group.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) codes: Vec<Code>,
    headers: [Header; 5],
}

impl Group {
    /// The codes for symbols that occur so often.
    pub(super) fn new(counts: &[u32], shape: &Shape) -> Self {
        let mut all = vec![Code::default(); shape.symbols()];
        let mut ranges = shape.alphabets();
        let headers = std::array::from_fn(|_| {
            let range = ranges.next().unwrap_or_default();
            Header::new(&counts[range.clone()], &mut all[range])
        });
        Group { codes: all, headers }
    }

    /// Bits that the headers have.
    pub(super) fn header_bits(&self) -> u64 {
        self.headers.iter().map(Header::bits).sum()
    }

    /// Bits of symbols that occur so often, with those that follow lengths and distances.
    pub(super) fn bits(&self, counts: &[u32], shape: &Shape) -> u64 {
        let symbols = counts.iter().zip(&self.codes);
        let plain: u64 = symbols
            .map(|(&count, code)| u64::from(count) * u64::from(code.len))
            .sum();
        let extra = |counts: &[u32]| -> u64 {
            let each = counts.iter().enumerate();
            each.map(|(prefix, &count)| u64::from(count) * u64::from(extra_bits(prefix)))
                .sum()
        };
        plain + extra(&counts[LITERALS..LITERALS + LENGTHS]) + extra(&counts[shape.starts[4]..])
    }

    pub(super) fn write(&self, bits: &mut Bits<'_>) {
        self.headers.iter().for_each(|header| header.write(bits));
    }
}

/// The order in which the lengths of codes of lengths are written.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// How a code is told.
#[derive(Debug)]
enum Header {
    /// Up to two symbols.
    Simple(Vec<usize>),
    /// Lengths of codes, runs of them shortened: a symbol, what follows it and in how many bits.
    Lengths {
        runs: Vec<(u8, u8)>,
        lengths: [u8; 19],
        codes: [Code; 19],
    },
}

/// Bits that follow the symbols that stand for runs.
fn run_bits(symbol: u8) -> u32 {
    match symbol {
        16 => 2,
        17 => 3,
        18 => 7,
        _ => 0,
    }
}

impl Header {
    fn new(counts: &[u32], of: &mut [Code]) -> Self {
        let mut used = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
        let first = [used.next(), used.next(), used.next()].map(|each| each.map(|(symbol, _)| symbol));
        match first {
            [None, ..] => return Header::Simple(vec![0]),
            [Some(only), None, _] if only < LITERALS => return Header::Simple(vec![only]),
            [Some(a), Some(b), None] if b < LITERALS => {
                of[a] = Code { bits: 0, len: 1 };
                of[b] = Code { bits: 1, len: 1 };
                return Header::Simple(vec![a, b]);
            }
            _ => {}
        }
        let mut all = [0u8; LARGEST];
        let all = &mut all[..counts.len()];
        match first {
            [Some(only), None, _] => all[only] = 1,
            _ => {
                lengths::<LARGEST>(counts, 15, all);
                codes(all, of);
            }
        }
        let runs = runs(all);
        let mut run_counts = [0u32; 19];
        runs.iter()
            .for_each(|&(symbol, _)| run_counts[usize::from(symbol)] += 1);
        let mut of_runs = [0u8; 19];
        let mut run_codes = [Code::default(); 19];
        match run_counts.iter().filter(|&&count| count > 0).count() {
            1 => {
                // The only symbol takes no bits.
                for (len, &count) in of_runs.iter_mut().zip(&run_counts) {
                    *len = u8::from(count > 0);
                }
            }
            _ => {
                lengths::<19>(&run_counts, 7, &mut of_runs);
                codes(&of_runs, &mut run_codes);
            }
        }
        Header::Lengths {
            runs,
            lengths: of_runs,
            codes: run_codes,
        }
    }

    fn bits(&self) -> u64 {
        match self {
            Header::Simple(symbols) => match symbols[..] {
                [symbol] if symbol < 2 => 4,
                [_] => 11,
                [symbol, _] if symbol < 2 => 12,
                _ => 19,
            },
            Header::Lengths { runs, codes, .. } => {
                let each = runs.iter();
                let bits =
                    |&(symbol, _): &(u8, u8)| u64::from(u32::from(codes[usize::from(symbol)].len) + run_bits(symbol));
                1 + 4 + 19 * 3 + 1 + 3 + 16 + each.map(bits).sum::<u64>()
            }
        }
    }

    fn write(&self, bits: &mut Bits<'_>) {
        match self {
            Header::Simple(symbols) => {
                let first = symbols[0] as u32;
                let wide = u32::from(first > 1);
                bits.put(1 | (symbols.len() as u32 - 1) << 1 | wide << 2, 3);
                bits.put(first, if wide == 1 { 8 } else { 1 });
                if let [_, second] = symbols[..] {
                    bits.put(second as u32, 8);
                }
            }
            Header::Lengths { runs, lengths, codes } => {
                let last = ORDER.iter().rposition(|&symbol| lengths[symbol] > 0).unwrap_or(0);
                let size = (last + 1).max(4);
                bits.put((size as u32 - 4) << 1, 5);
                for &symbol in &ORDER[..size] {
                    bits.put(lengths[symbol].into(), 3);
                }
                write_count(runs.len() as u32, bits);
                for &(symbol, follows) in runs {
                    let code = codes[usize::from(symbol)];
                    bits.put(code.bits.into(), code.len.into());
                    bits.put(follows.into(), run_bits(symbol));
                }
            }
        }
    }
}

/// How many symbols for lengths there are, or that they reach to the end of the alphabet.
fn write_count(count: u32, bits: &mut Bits<'_>) {
    if count < 2 {
        // As many as two are told at least.
        bits.put(0, 1);
        return;
    }
    let told = count - 2;
    let pairs = (told | 1).ilog2() / 2 + 1;
    bits.put(1 | (pairs - 1) << 1, 4);
    bits.put(told, 2 * pairs);
}

/// Lengths without the zeros at the end, with runs as symbols of their own.
fn runs(lengths: &[u8]) -> Vec<(u8, u8)> {
    let end = lengths.iter().rposition(|&len| len > 0).map_or(0, |last| last + 1);
    // Two symbols at least can be counted.
    let mut runs = Vec::with_capacity(end.max(2));
    let mut before = 8;
    let mut rest = &lengths[..end];
    while let Some(&len) = rest.first() {
        let same = rest.iter().take_while(|&&other| other == len).count();
        rest = &rest[same..];
        let mut left = same;
        if len == 0 {
            while left >= 3 {
                let run = left.min(138);
                runs.push(if run < 11 {
                    (17, run as u8 - 3)
                } else {
                    (18, run as u8 - 11)
                });
                left -= run;
            }
        } else {
            if before != len {
                runs.push((len, 0));
                left -= 1;
            }
            while left >= 3 {
                let run = left.min(6);
                runs.push((16, run as u8 - 3));
                left -= run;
            }
            before = len;
        }
        runs.extend(std::iter::repeat_n((len, 0), left));
    }
    if runs.len() < 2 && end < lengths.len() {
        runs.push((0, 0));
    }
    runs
}

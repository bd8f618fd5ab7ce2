//! Blocks (RFC 1951, 3.2.3): stored, or with the codes of the standard, or with their own, whichever is smallest.

use super::bits::{Pending, Writer, append};
use super::symbols::{DISTANCES, END, LITERALS, distance_class, distance_of, length_class, length_of};
use super::{Sequence, split::Counts};
use crate::huffman::{Code, codes, lengths};

/// Codes of literals and lengths are at most this long, so that four literals fit between two flushes.
const LIMIT: u8 = 14;
/// Most bytes of a stored block.
const STORED: usize = 0xffff;
/// The order in which lengths of codes of lengths are written.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Codes of both alphabets.
pub(super) struct Codes {
    literals: [Code; 288],
    distances: [Code; 32],
}

impl Codes {
    fn new(literal_lengths: &[u8], distance_lengths: &[u8]) -> Self {
        let mut both = Codes {
            literals: [Code::default(); 288],
            distances: [Code::default(); 32],
        };
        codes(literal_lengths, &mut both.literals);
        codes(distance_lengths, &mut both.distances);
        both
    }

    /// Bits of symbols that occur so often, with the bits that follow lengths and distances.
    fn cost(&self, counts: &Counts) -> u64 {
        let bits = |counts: &[u32], codes: &[Code]| -> u64 {
            let both = counts.iter().zip(codes);
            both.map(|(&count, code)| u64::from(count) * u64::from(code.len)).sum()
        };
        bits(&counts.literals, &self.literals) + bits(&counts.distances, &self.distances) + counts.extra_bits()
    }
}

/// The codes of the standard (3.2.6).
fn fixed() -> Codes {
    let mut of_literals = [8u8; 288];
    of_literals[144..256].fill(9);
    of_literals[256..280].fill(7);
    Codes::new(&of_literals, &[5; 32])
}

/// Codes for a block, and how its header says them.
struct Own {
    codes: Codes,
    /// Lengths of codes, runs of them shortened (3.2.7): a symbol and what follows it.
    runs: Vec<(u8, u8)>,
    run_lengths: [u8; 19],
    /// How many codes of literals, of distances and of lengths are written.
    sizes: [usize; 3],
    header: u64,
}

fn own(counts: &Counts) -> Own {
    let (mut of_literals, mut of_distances) = ([0u8; LITERALS], [0u8; DISTANCES]);
    lengths::<LITERALS>(&counts.literals, LIMIT, &mut of_literals);
    lengths::<DISTANCES>(&counts.distances, 15, &mut of_distances);
    let written = |lengths: &[u8], least: usize| {
        lengths
            .iter()
            .rposition(|&len| len > 0)
            .map_or(least, |last| least.max(last + 1))
    };
    let (literals, distances) = (written(&of_literals, 257), written(&of_distances, 1));
    let all = [&of_literals[..literals], &of_distances[..distances]].concat();
    let runs = runs(&all);
    let mut run_counts = [0u32; 19];
    runs.iter()
        .for_each(|&(symbol, _)| run_counts[usize::from(symbol)] += 1);
    let mut run_lengths = [0u8; 19];
    lengths::<19>(&run_counts, 7, &mut run_lengths);
    let last = ORDER.iter().rposition(|&symbol| run_lengths[symbol] > 0).unwrap_or(0);
    let size = (last + 1).max(4);
    let bits = |&(symbol, _): &(u8, u8)| u64::from(run_lengths[usize::from(symbol)] + run_bits(symbol));
    Own {
        codes: Codes::new(&of_literals, &of_distances),
        header: 14 + 3 * size as u64 + runs.iter().map(bits).sum::<u64>(),
        runs,
        run_lengths,
        sizes: [literals, distances, size],
    }
}

fn run_bits(symbol: u8) -> u8 {
    match symbol {
        16 => 2,
        17 => 3,
        18 => 7,
        _ => 0,
    }
}

fn runs(lengths: &[u8]) -> Vec<(u8, u8)> {
    let mut runs = Vec::with_capacity(lengths.len());
    for same in lengths.chunk_by(|a, b| a == b) {
        let (len, mut left) = (same[0], same.len());
        if len == 0 {
            while left >= 11 {
                let run = left.min(138);
                runs.push((18, (run - 11) as u8));
                left -= run;
            }
            if left >= 3 {
                runs.push((17, (left - 3) as u8));
                left = 0;
            }
        } else {
            runs.push((len, 0));
            left -= 1;
            while left >= 3 {
                let run = left.min(6);
                runs.push((16, (run - 3) as u8));
                left -= run;
            }
        }
        runs.extend(std::iter::repeat_n((len, 0), left));
    }
    runs
}

/// Writes a block of `bytes`, which are `sequences`.
pub(super) fn write(
    out: &mut Vec<u8>,
    pending: &mut Pending,
    bytes: &[u8],
    sequences: &[Sequence],
    counts: &Counts,
    last: bool,
) {
    let own = own(counts);
    let dynamic = own.header + own.codes.cost(counts);
    // No set of codes that is made for a block can be far from that of the standard but by its header.
    let fixed = (dynamic < 16 * own.header).then(fixed);
    let plain = fixed.as_ref().map_or(u64::MAX, |codes| codes.cost(counts));
    let pieces = bytes.len().div_ceil(STORED).max(1) as u64;
    let stored = 8 * bytes.len() as u64 + pieces * 35 + 7;
    if stored <= dynamic.min(plain) {
        return write_stored(out, pending, bytes, last);
    }
    append(out, pending, dynamic.min(plain) + 64, |writer| match fixed {
        Some(codes) if plain <= dynamic => {
            writer.put(u64::from(last) | 1 << 1, 3);
            write_symbols(writer, bytes, sequences, &codes);
        }
        _ => {
            writer.put(u64::from(last) | 2 << 1, 3);
            write_codes(writer, &own);
            write_symbols(writer, bytes, sequences, &own.codes);
        }
    });
}

pub(super) fn write_stored(out: &mut Vec<u8>, pending: &mut Pending, bytes: &[u8], last: bool) {
    let mut pieces = bytes.chunks(STORED).peekable();
    loop {
        let piece = pieces.next().unwrap_or(&[]);
        let end = pieces.peek().is_none();
        append(out, pending, 8 * piece.len() as u64 + 64, |writer| {
            writer.put(u64::from(last && end), 3);
            writer.flush();
            writer.align();
            let len = piece.len() as u64;
            writer.put(len | (!len & 0xffff) << 16, 32);
            writer.bytes(piece);
        });
        if end {
            return;
        }
    }
}

fn write_codes(writer: &mut Writer<'_>, own: &Own) {
    let [literals, distances, size] = own.sizes;
    let sizes = (literals - 257) | (distances - 1) << 5 | (size - 4) << 10;
    writer.put(sizes as u64, 14);
    writer.flush();
    for &symbol in &ORDER[..size] {
        writer.put(u64::from(own.run_lengths[symbol]), 3);
        writer.flush();
    }
    let mut of_runs = [Code::default(); 19];
    codes(&own.run_lengths, &mut of_runs);
    for &(symbol, rest) in &own.runs {
        let code = of_runs[usize::from(symbol)];
        writer.put(u64::from(code.bits), u32::from(code.len));
        writer.put(u64::from(rest), u32::from(run_bits(symbol)));
        writer.flush();
    }
}

fn write_symbols(writer: &mut Writer<'_>, bytes: &[u8], sequences: &[Sequence], codes: &Codes) {
    let mut rest = bytes;
    for sequence in sequences {
        let (literals, after) = rest.split_at(sequence.literals as usize);
        let (fours, few) = literals.as_chunks::<4>();
        for four in fours {
            for &literal in four {
                put(writer, codes.literals[usize::from(literal)]);
            }
            writer.flush();
        }
        for &literal in few {
            put(writer, codes.literals[usize::from(literal)]);
        }
        writer.flush();
        rest = &after[usize::from(sequence.length)..];
        if sequence.length == 0 {
            continue;
        }
        // 14 + 5 + 15 + 13 bits.
        let class = length_class(sequence.length);
        let (first, extra) = length_of(class);
        put(writer, codes.literals[END + 1 + class]);
        writer.put(u64::from(sequence.length - first), u32::from(extra));
        let class = distance_class(sequence.distance);
        let (first, extra) = distance_of(class);
        put(writer, codes.distances[class]);
        writer.put(u64::from(sequence.distance - first), u32::from(extra));
        writer.flush();
    }
    put(writer, codes.literals[END]);
    writer.flush();
}

#[inline(always)]
fn put(writer: &mut Writer<'_>, code: Code) {
    writer.put(u64::from(code.bits), u32::from(code.len));
}

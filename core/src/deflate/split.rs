//! Where a new block pays: where symbols become others, and codes of their own save more than their header costs.

use super::Sequence;
use super::symbols::{DISTANCES, END, LITERALS, distance_class, distance_of, length_class, length_of};

/// How often each symbol occurs.
#[derive(Clone)]
pub(super) struct Counts {
    pub(super) literals: [u32; LITERALS],
    pub(super) distances: [u32; DISTANCES],
}

impl Counts {
    pub(super) fn new() -> Self {
        Counts {
            literals: [0; LITERALS],
            distances: [0; DISTANCES],
        }
    }

    /// Counts a sequence whose literals are the first of `bytes`.
    pub(super) fn add(&mut self, bytes: &[u8], sequence: Sequence) {
        for &literal in &bytes[..sequence.literals as usize] {
            self.literals[usize::from(literal)] += 1;
        }
        if sequence.length > 0 {
            self.literals[END + 1 + length_class(sequence.length)] += 1;
            self.distances[distance_class(sequence.distance)] += 1;
        }
    }

    fn join(&mut self, other: &Counts) {
        let both = |ours: &mut [u32], theirs: &[u32]| ours.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        both(&mut self.literals, &other.literals);
        both(&mut self.distances, &other.distances);
    }

    /// Bits that follow lengths and distances.
    pub(super) fn extra_bits(&self) -> u64 {
        let bits = |counts: &[u32], of: fn(usize) -> (u16, u8)| -> u64 {
            let each = counts.iter().enumerate();
            each.map(|(class, &count)| u64::from(count) * u64::from(of(class).1))
                .sum()
        };
        bits(&self.literals[END + 1..], length_of) + bits(&self.distances, distance_of)
    }

    /// Bits of the symbols with ideal codes.
    fn entropy(&self) -> f32 {
        let of = |counts: &[u32]| {
            let sum: u32 = counts.iter().sum();
            times_log2(sum) - counts.iter().map(|&count| times_log2(count)).sum::<f32>()
        };
        of(&self.literals) + of(&self.distances)
    }
}

/// n log₂ n, within a few thousandths.
fn times_log2(n: u32) -> f32 {
    let n = n as f32;
    let bits = n.to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let mantissa = f32::from_bits(bits & 0x007f_ffff | 0x3f80_0000);
    let log = (-0.336_71 * mantissa + 2.0) * mantissa - 1.663_29 + exponent as f32;
    n * log
}

/// A block: what it holds, and how often.
pub(super) struct Block {
    pub(super) bytes: usize,
    pub(super) sequences: usize,
    pub(super) counts: Counts,
}

/// What is looked at as one, in bytes as they are and in symbols.
const PIECE: usize = 10_000;
/// What a header costs, in bits.
const HEADER: f32 = 600.0;

/// Cuts `sequences` of `bytes` into blocks.
pub(super) fn split(bytes: &[u8], sequences: &[Sequence], mut block: impl FnMut(Block)) {
    let mut now = Block {
        bytes: 0,
        sequences: 0,
        counts: Counts::new(),
    };
    let mut now_entropy = 0.0;
    let mut at = 0;
    let mut taken = 0;
    while taken < sequences.len() {
        let (first, start) = (taken, at);
        let mut piece = Counts::new();
        let mut symbols = 0;
        while taken < sequences.len() && symbols < PIECE {
            let sequence = sequences[taken];
            piece.add(&bytes[at..], sequence);
            at += sequence.literals as usize + usize::from(sequence.length);
            symbols += sequence.literals as usize + 2;
            taken += 1;
        }
        let entropy = piece.entropy();
        let mut both = now.counts.clone();
        both.join(&piece);
        let joint = both.entropy();
        if now.sequences > 0 && joint > now_entropy + entropy + HEADER {
            now.counts.literals[END] = 1;
            let next = Block {
                bytes: 0,
                sequences: 0,
                counts: piece,
            };
            block(std::mem::replace(&mut now, next));
            now_entropy = entropy;
        } else {
            now.counts = both;
            now_entropy = joint;
        }
        now.bytes += at - start;
        now.sequences += taken - first;
    }
    now.counts.literals[END] = 1;
    block(now);
}

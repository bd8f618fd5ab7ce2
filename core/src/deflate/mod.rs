//! A zlib stream (RFC 1950) of deflate blocks (RFC 1951), written as the bytes come.

mod bits;
mod block;
mod chains;
mod optimal;
mod parse;
mod split;
mod symbols;

use bits::Pending;
use chains::{Chains, Match, WINDOW};
use optimal::Optimal;
use parse::Search;
use simd_adler32::Adler32;

/// How matches are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Not at all: bytes are stored.
    Store,
    /// Runs of one byte only: for filtered rows of a photograph.
    Runs,
    /// With an effort of 1 to 10; the last one finds the cheapest way through all matches.
    Matches(u8),
}

impl Method {
    fn is_optimal(self) -> bool {
        matches!(self, Method::Matches(10..))
    }

    fn search(self, line: usize, step: usize) -> Option<Search> {
        let line = line.clamp(1, WINDOW - 1);
        // Filtered bytes are small and cost little: a match has to be longer.
        let (step, least) = if step == 0 { (1, 7) } else { (step, 3) };
        let search = |depth, nice, lazy| {
            Some(Search {
                depth,
                nice,
                lazy,
                line,
                step,
                least,
            })
        };
        match self {
            Method::Store | Method::Runs => None,
            Method::Matches(0 | 1) => search(2, 32, 0),
            Method::Matches(2) => search(16, 96, 1),
            Method::Matches(3) => search(24, 128, 1),
            Method::Matches(4) => search(32, 160, 1),
            Method::Matches(5) => search(48, 258, 1),
            Method::Matches(6) => search(80, 258, 1),
            Method::Matches(7) => search(128, 258, 2),
            Method::Matches(8) => search(400, 258, 2),
            Method::Matches(9) => search(1024, 258, 2),
            Method::Matches(_) => search(256, 258, 2),
        }
    }
}

/// Literals, and a match after them. At the end there may be none: its length is 0.
#[derive(Debug, Clone, Copy)]
struct Sequence {
    literals: u32,
    length: u16,
    distance: u16,
}

impl Sequence {
    fn new(literals: usize, found: Match) -> Self {
        Sequence {
            literals: literals as u32,
            length: found.length as u16,
            distance: found.distance as u16,
        }
    }
}

/// Bytes that are compressed at once.
const SPAN: usize = 8 * WINDOW;
/// Bytes may be read so far behind the last one.
const BEHIND: usize = 16;

/// Writes zlib streams, one after the other.
pub(crate) struct Deflater {
    method: Method,
    search: Option<Search>,
    /// What matches may reach back to, then what is not compressed yet, up to `filled`.
    data: Vec<u8>,
    filled: usize,
    chains: Option<Chains>,
    optimal: Option<Optimal>,
    sequences: Vec<Sequence>,
    sum: Adler32,
    pending: Pending,
}

impl Deflater {
    /// For streams of about `expected` bytes.
    pub(crate) fn new(expected: usize) -> Self {
        let span = expected.next_multiple_of(WINDOW).clamp(WINDOW, SPAN);
        Deflater {
            method: Method::Store,
            search: None,
            data: vec![0; WINDOW + span + BEHIND],
            filled: WINDOW,
            chains: None,
            optimal: None,
            sequences: Vec::new(),
            sum: Adler32::new(),
            pending: Pending::default(),
        }
    }

    /// Starts a stream for rows of `line` bytes and pixels of `step`, 0 if they are filtered. It goes to the end of
    /// `out`, here as everywhere.
    pub(crate) fn start(&mut self, method: Method, (line, step): (usize, usize), out: &mut Vec<u8>) {
        // A window of 32 kB; the second byte makes the pair a multiple of 31.
        out.extend([0x78, 0x5e]);
        self.method = method;
        self.search = method.search(line, step);
        if self.search.is_some() {
            self.chains.get_or_insert_with(Chains::new).clear();
        }
        self.optimal = method.is_optimal().then(Optimal::default);
        self.filled = WINDOW;
        self.sum = Adler32::new();
        self.pending = Pending::default();
    }

    /// Most bytes of memory that one takes.
    pub(crate) fn size(method: Method) -> u64 {
        let matches = if method.is_optimal() { Optimal::SIZE } else { 0 };
        (WINDOW + SPAN + Chains::SIZE + matches + SPAN / 3 * size_of::<Sequence>() + (1 << 16)) as u64
    }

    pub(crate) fn write(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        self.sum.write(bytes);
        while !bytes.is_empty() {
            let full = self.data.len() - BEHIND;
            if self.filled == full {
                self.compress(false, out);
                self.data.copy_within(full - WINDOW..full, 0);
                if let Some(chains) = &mut self.chains {
                    chains.shift(full - WINDOW);
                }
                self.filled = WINDOW;
            }
            let (now, later) = bytes.split_at(bytes.len().min(full - self.filled));
            self.data[self.filled..][..now.len()].copy_from_slice(now);
            self.filled += now.len();
            bytes = later;
        }
    }

    /// Ends the stream.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        self.compress(true, out);
        bits::append(out, &mut self.pending, 64, |writer| writer.align());
        out.extend(self.sum.finish().to_be_bytes());
    }

    /// Writes blocks of all that is there.
    fn compress(&mut self, last: bool, out: &mut Vec<u8>) {
        let (data, start, end) = (&self.data[..self.filled + BEHIND], WINDOW, self.filled);
        let bytes = &data[start..end];
        if self.method == Method::Store {
            return block::write_stored(out, &mut self.pending, bytes, last);
        }
        let sequences = &mut self.sequences;
        sequences.clear();
        match (self.search, &mut self.chains, &mut self.optimal) {
            (Some(search), Some(chains), Some(optimal)) => {
                optimal.parse(data, (start, end), chains, search, sequences);
            }
            (Some(search), Some(chains), None) => parse::matches(data, (start, end), chains, search, sequences),
            _ => parse::runs(data, start, end, sequences),
        }
        let (mut at, mut taken) = (0, 0);
        split::split(bytes, sequences, |block| {
            let bytes = &bytes[at..][..block.bytes];
            let sequences = &sequences[taken..][..block.sequences];
            (at, taken) = (at + block.bytes, taken + block.sequences);
            let last = last && at == end - start;
            block::write(out, &mut self.pending, bytes, sequences, &block.counts, last);
        });
    }
}

#[cfg(test)]
mod tests;

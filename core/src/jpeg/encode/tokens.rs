//! Huffman symbols with their extra bits: the contents of a scan before codes are assigned.
//!
//! A scan is either written at once, with known tables, or collected as a list of tokens that are counted first.

use super::bits::{BitWriter, Word};
use super::huffman::{Codes, Spec};

/// The four tables that a scan may use follow each other: luma DC, luma AC, chroma DC, chroma AC.
pub(super) const TABLES: usize = 4;
/// The offset of a slot's AC symbols from its DC symbols.
pub(super) const AC: usize = 256;
/// The offset of slot 1's symbols.
pub(super) const SLOT: usize = 512;
/// The symbol without a code: only extra bits.
pub(super) const RAW: usize = TABLES * 256;

/// Maximum symbols between [`Sink::open`] and [`Sink::close`]: a block has at most 65.
pub(super) const BATCH: usize = 128;

/// The codes of all symbols; a power of two, so that no index is out of bounds.
pub(super) type CodeBook = [u32; 2048];

/// Where symbols go.
pub(super) trait Sink {
    /// The state that changes with every symbol. It lives in registers while a block is coded.
    type State: Copy;

    /// The state, to be returned with [`Sink::close`] after at most [`BATCH`] symbols.
    fn open(&mut self) -> Self::State;
    fn close(&mut self, state: Self::State);
    /// Symbol number `index` (table and symbol, or [`RAW`]), then the low `len` bits of `bits`; at most 16.
    fn put(&mut self, state: &mut Self::State, index: usize, bits: u32, len: u32);
    /// The same for a single symbol.
    fn put_one(&mut self, index: usize, bits: u32, len: u32) {
        let mut state = self.open();
        self.put(&mut state, index, bits, len);
        self.close(state);
    }
    /// Ends a restart interval.
    fn restart(&mut self);
}

/// Combines the codes of up to four tables.
pub(super) fn code_book(tables: &[Option<Codes>; TABLES]) -> Box<CodeBook> {
    let mut book = Box::new([0; 2048]);
    for (part, codes) in book.chunks_exact_mut(256).zip(tables) {
        if let Some(codes) = codes {
            part.copy_from_slice(codes);
        }
    }
    book
}

/// Writes symbols with known tables.
pub(super) struct Direct<'a> {
    pub(super) bits: BitWriter<'a>,
    book: Box<CodeBook>,
    restarts: usize,
}

impl<'a> Direct<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, book: Box<CodeBook>) -> Self {
        Direct {
            bits: BitWriter::new(out),
            book,
            restarts: 0,
        }
    }
}

impl Sink for Direct<'_> {
    type State = Word;

    #[inline(always)]
    fn open(&mut self) -> Word {
        self.bits.word
    }

    #[inline(always)]
    fn close(&mut self, state: Word) {
        self.bits.word = state;
    }

    #[inline(always)]
    fn put(&mut self, state: &mut Word, index: usize, bits: u32, len: u32) {
        let code = self.book[index % 2048];
        state.put(self.bits.out, ((code >> 8) << len) | bits, (code & 0xff) + len);
    }

    fn restart(&mut self) {
        self.bits.restart(self.restarts);
        self.restarts += 1;
    }
}

/// Counts symbols.
pub(super) struct Counts {
    counts: Box<CodeBook>,
    extra_bits: u64,
}

impl Counts {
    pub(super) fn new() -> Self {
        Counts {
            counts: Box::new([0; 2048]),
            extra_bits: 0,
        }
    }

    /// How often each symbol of a table was used.
    pub(super) fn frequencies(&self, table: usize) -> &[u32; 256] {
        frequencies(&self.counts, table)
    }

    /// Bytes of a scan of these symbols, with its headers and the best tables.
    pub(super) fn bytes(&self) -> u64 {
        let mut bits = self.extra_bits;
        for table in 0..TABLES {
            let frequencies = self.frequencies(table);
            if frequencies.iter().all(|&f| f == 0) {
                continue;
            }
            let spec = Spec::optimal(frequencies);
            bits += 8 * (21 + spec.symbols.len() as u64);
            let codes = spec.codes();
            let used = frequencies.iter().zip(&codes);
            bits += used
                .map(|(&f, code)| u64::from(f) * u64::from(code & 0xff))
                .sum::<u64>();
        }
        bits / 8 + 10
    }
}

impl Sink for Counts {
    /// Extra bits of the batch.
    type State = u32;

    #[inline(always)]
    fn open(&mut self) -> u32 {
        0
    }

    #[inline(always)]
    fn close(&mut self, extra: u32) {
        self.extra_bits += u64::from(extra);
    }

    #[inline(always)]
    fn put(&mut self, extra: &mut u32, index: usize, _bits: u32, len: u32) {
        self.counts[index % 2048] += 1;
        *extra += len;
    }

    fn restart(&mut self) {}
}

fn frequencies(counts: &CodeBook, table: usize) -> &[u32; 256] {
    counts[256 * table..].first_chunk().unwrap_or(&[0; 256])
}

/// Collects and counts symbols.
pub(super) struct Tokens {
    /// Index, then 5 bits of length, then 16 extra bits.
    list: Vec<u32>,
    counts: Box<CodeBook>,
    batch: [u32; BATCH],
    /// Lengths of the list at the restarts.
    restarts: Vec<usize>,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Tokens {
            list: Vec::new(),
            counts: Box::new([0; 2048]),
            batch: [0; BATCH],
            restarts: Vec::new(),
        }
    }

    /// Bytes in use.
    pub(super) fn memory(&self) -> u64 {
        4 * self.list.capacity() as u64
    }

    /// Room for at least `more` tokens.
    pub(super) fn reserve(&mut self, more: usize) -> Result<(), std::collections::TryReserveError> {
        self.list.try_reserve(more)
    }

    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.counts.fill(0);
        self.restarts.clear();
    }

    /// The best tables for the symbols counted; none for a table without symbols.
    pub(super) fn best_tables(&self) -> [Option<Spec>; TABLES] {
        std::array::from_fn(|table| {
            let frequencies = frequencies(&self.counts, table);
            frequencies.iter().any(|&f| f > 0).then(|| Spec::optimal(frequencies))
        })
    }

    /// Writes everything with the given codes, up to a byte boundary.
    pub(super) fn write(&self, book: &CodeBook, out: &mut Vec<u8>) {
        let mut bits = BitWriter::new(out);
        let mut start = 0;
        for (number, &end) in self.restarts.iter().enumerate() {
            write_tokens(&self.list[start..end], book, &mut bits);
            bits.restart(number);
            start = end;
        }
        write_tokens(&self.list[start..], book, &mut bits);
        bits.align();
    }
}

impl Sink for Tokens {
    /// How much of the batch is filled.
    type State = usize;

    #[inline(always)]
    fn open(&mut self) -> usize {
        0
    }

    #[inline(always)]
    fn close(&mut self, filled: usize) {
        self.list.extend_from_slice(&self.batch[..filled % (BATCH + 1)]);
    }

    #[inline(always)]
    fn put(&mut self, filled: &mut usize, index: usize, bits: u32, len: u32) {
        self.counts[index % 2048] += 1;
        self.batch[*filled % BATCH] = ((index as u32) << 21) | (len << 16) | bits;
        *filled += 1;
    }

    fn restart(&mut self) {
        self.restarts.push(self.list.len());
    }
}

fn write_tokens(tokens: &[u32], book: &CodeBook, bits: &mut BitWriter) {
    let mut word = bits.word;
    for &token in tokens {
        let code = book[(token >> 21) as usize % 2048];
        let len = (token >> 16) & 31;
        word.put(bits.out, ((code >> 8) << len) | (token & 0xffff), (code & 0xff) + len);
    }
    bits.word = word;
}

//! Writes the parts of a file in order: headers, then the scans, each after the tables it needs (T.81 B.2).

use fearless_simd::Level;

use super::coefficients::Coefficients;
use super::frame::{Frame, Scan};
use super::huffman::{Codes, Spec};
use super::options::Options;
use super::quant::{self, Quantiser};
use super::sequential::Sequential;
use super::source::Source;
use super::tokens::{Counts, Direct, TABLES, Tokens, code_book};
use super::trellis::{self, Rates};
use super::{Metadata, Picture, markers, progressive, script};
use crate::budget::{Budget, Reserved};
use crate::error::{Error, Result};

/// The efforts at which more work is added: see [`Options::effort`].
const OPTIMISE: u8 = 3;
const TRELLIS: u8 = 5;
const SEARCH: u8 = 7;

/// Writes a whole file.
pub(super) fn write(picture: &Picture, options: &Options, metadata: &Metadata, budget: &Budget) -> Result<Vec<u8>> {
    let frame = Frame::new(picture, options.subsampling)?;
    let level = Level::new();
    let encoder = Encoder {
        source: Source::new(picture, &frame, level, budget)?,
        frame: &frame,
        options,
        budget,
        level,
        quantisers: quant::tables(options).map(|steps| Quantiser::new(&steps)),
    };
    let mut out = Vec::new();
    markers::start(&mut out, metadata)?;
    encoder.write(&mut out)?;
    markers::end(&mut out);
    Ok(out)
}

struct Encoder<'a> {
    source: Source<'a>,
    frame: &'a Frame,
    options: &'a Options,
    budget: &'a Budget,
    level: Level,
    quantisers: [Quantiser; 2],
}

impl Encoder<'_> {
    fn write(self, out: &mut Vec<u8>) -> Result<()> {
        let progressive = self.options.progressive || self.options.effort >= SEARCH;
        let slots = if self.frame.components.len() > 1 { 2 } else { 1 };
        let steps = self.quantisers.each_ref().map(|quantiser| quantiser.steps);
        markers::quantisation(out, &steps[..slots]);
        markers::frame(out, self.frame, progressive);
        markers::restart_interval(out, self.options.restart_interval);
        if progressive || self.options.effort >= TRELLIS {
            self.stored(out, progressive)
        } else if self.options.optimise || self.options.effort >= OPTIMISE {
            self.optimised(out)
        } else {
            self.standard(out)
        }
    }

    /// One pass: each row of MCUs is transformed and written.
    fn standard(mut self, out: &mut Vec<u8>) -> Result<()> {
        let specs = standard_tables(self.frame);
        let book = code_book(&codes(&specs));
        self.headers(out, &self.one_scan(), &specs);
        let mut booked = Booked::new(self.budget);
        let mut coefficients = Coefficients::one_row(self.frame, self.budget)?;
        let mut state = Sequential::new(self.options.restart_interval);
        let mut sink = Direct::new(out, book);
        for mcu_row in 0..self.frame.mcus_down {
            self.budget.check()?;
            let out = &mut *sink.bits.out;
            let room = 64 * self.frame.blocks() / self.frame.mcus_down;
            out.try_reserve(room).map_err(|_| out_of_memory(room))?;
            booked.update(out.capacity() as u64)?;
            coefficients.fill(
                self.frame,
                &mut self.source,
                self.level,
                Some(&self.quantisers),
                mcu_row,
            );
            state.row(&mut sink, self.frame, &coefficients.mcu_row(self.frame, mcu_row));
        }
        sink.bits.align();
        Ok(())
    }

    /// Two passes: the symbols are counted first, then written with the tables made for them.
    fn optimised(mut self, out: &mut Vec<u8>) -> Result<()> {
        let mut coefficients = Coefficients::one_row(self.frame, self.budget)?;
        let mut state = Sequential::new(self.options.restart_interval);
        let mut tokens = Tokens::new();
        let mut booked = Booked::new(self.budget);
        for mcu_row in 0..self.frame.mcus_down {
            self.budget.check()?;
            let room = 16 * self.frame.blocks() / self.frame.mcus_down;
            tokens.reserve(room).map_err(|_| out_of_memory(4 * room))?;
            booked.update(tokens.memory())?;
            coefficients.fill(
                self.frame,
                &mut self.source,
                self.level,
                Some(&self.quantisers),
                mcu_row,
            );
            state.row(&mut tokens, self.frame, &coefficients.mcu_row(self.frame, mcu_row));
        }
        self.scan(out, &self.one_scan(), &tokens);
        Ok(())
    }

    /// All coefficients first, then one scan after another.
    fn stored(mut self, out: &mut Vec<u8>, progressive: bool) -> Result<()> {
        let coefficients = if self.options.effort >= TRELLIS {
            self.trellis()?
        } else {
            self.all(true)?
        };
        let mut tokens = Tokens::new();
        let mut booked = Booked::new(self.budget);
        let interval = self.options.restart_interval;
        if !progressive {
            let mut state = Sequential::new(interval);
            for mcu_row in 0..self.frame.mcus_down {
                self.budget.check()?;
                state.row(&mut tokens, self.frame, &coefficients.mcu_row(self.frame, mcu_row));
                booked.update(tokens.memory())?;
            }
            self.scan(out, &self.one_scan(), &tokens);
            return Ok(());
        }
        let script = if self.options.effort >= SEARCH {
            script::searched(self.frame, &coefficients, self.budget)?
        } else {
            script::plain(self.frame)
        };
        for scan in script {
            tokens.clear();
            progressive::scan(&mut tokens, self.frame, &coefficients, &scan, interval, self.budget)?;
            booked.update(tokens.memory() + out.capacity() as u64)?;
            self.scan(out, &scan, &tokens);
        }
        Ok(())
    }

    /// The coefficients of the whole frame, quantised or not.
    fn all(&mut self, quantised: bool) -> Result<Coefficients> {
        let mut coefficients = Coefficients::whole(self.frame, self.budget)?;
        let quantisers = quantised.then_some(&self.quantisers);
        for mcu_row in 0..self.frame.mcus_down {
            self.budget.check()?;
            coefficients.fill(self.frame, &mut self.source, self.level, quantisers, mcu_row);
        }
        Ok(coefficients)
    }

    /// The coefficients of the whole frame, quantised with the cost of symbols in mind.
    fn trellis(&mut self) -> Result<Coefficients> {
        let mut counts = Counts::new();
        let mut state = Sequential::new(0);
        let mut row = Coefficients::one_row(self.frame, self.budget)?;
        for mcu_row in 0..self.frame.mcus_down {
            self.budget.check()?;
            row.fill(
                self.frame,
                &mut self.source,
                self.level,
                Some(&self.quantisers),
                mcu_row,
            );
            state.row(&mut counts, self.frame, &row.mcu_row(self.frame, mcu_row));
        }
        let rates = [1, 3].map(|table| Rates::new(counts.frequencies(table), self.options.quality));
        let mut coefficients = self.all(false)?;
        for (component, plane) in self.frame.components.iter().zip(&mut coefficients.planes) {
            let slot = usize::from(component.slot);
            let across = plane.across.max(1);
            for (blocks, masks) in plane
                .blocks
                .chunks_exact_mut(across)
                .zip(plane.masks.chunks_exact_mut(across))
            {
                self.budget.check()?;
                for (block, mask) in blocks.iter_mut().zip(masks) {
                    *mask = trellis::quantise(block, &self.quantisers[slot], &rates[slot]);
                }
            }
        }
        Ok(coefficients)
    }

    /// A scan with the best tables for it.
    fn scan(&self, out: &mut Vec<u8>, scan: &Scan, tokens: &Tokens) {
        let specs = tokens.best_tables();
        self.headers(out, scan, &specs);
        tokens.write(&code_book(&codes(&specs)), out);
    }

    fn headers(&self, out: &mut Vec<u8>, scan: &Scan, specs: &[Option<Spec>; TABLES]) {
        let tables: Vec<_> = (0u8..)
            .zip(specs)
            .filter_map(|(table, spec)| spec.as_ref().map(|spec| (table % 2, table / 2, spec)))
            .collect();
        markers::huffman(out, &tables);
        markers::scan(out, self.frame, scan);
    }

    /// The scan of a sequential file.
    fn one_scan(&self) -> Scan {
        Scan {
            components: (0..).take(self.frame.components.len()).collect(),
            first: 0,
            last: 63,
            high: 0,
            low: 0,
        }
    }
}

fn standard_tables(frame: &Frame) -> [Option<Spec>; TABLES] {
    let colour = frame.components.len() > 1;
    [
        Some(Spec::standard_dc(false)),
        Some(Spec::standard_ac(false)),
        colour.then(|| Spec::standard_dc(true)),
        colour.then(|| Spec::standard_ac(true)),
    ]
}

fn codes(specs: &[Option<Spec>; TABLES]) -> [Option<Codes>; TABLES] {
    specs.each_ref().map(|spec| spec.as_ref().map(Spec::codes))
}

fn out_of_memory(bytes: usize) -> Error {
    Error::OutOfMemory {
        bytes: bytes as u64,
        what: "the encoded picture",
    }
}

/// Keeps the budget up to date with a growing list.
struct Booked<'a> {
    budget: &'a Budget,
    bytes: u64,
    parts: Vec<Reserved>,
}

impl<'a> Booked<'a> {
    fn new(budget: &'a Budget) -> Self {
        Booked {
            budget,
            bytes: 0,
            parts: Vec::new(),
        }
    }

    fn update(&mut self, bytes: u64) -> Result<()> {
        if bytes > self.bytes {
            self.parts.push(self.budget.reserve(bytes - self.bytes)?);
            self.bytes = bytes;
        }
        Ok(())
    }
}

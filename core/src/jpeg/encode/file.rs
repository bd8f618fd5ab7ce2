//! The order of a file: headers, then the scans, each after the tables it needs (T.81 B.2).

use fearless_simd::Level;

use super::coefficients::Coefficients;
use super::frame::{Frame, Scan};
use super::huffman::{Codes, Spec};
use super::options::Options;
use super::quant::{self, Quantiser};
use super::sequential::Sequential;
use super::source::Source;
use super::tokens::{Direct, TABLES, Tokens, code_book};
use super::{Metadata, Picture, markers, progressive, script};
use crate::error::{Error, Result};
use crate::limits::{Budget, Reserved};

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
        let progressive = self.options.progressive || self.options.effort >= 7;
        let slots = if self.frame.components.len() > 1 { 2 } else { 1 };
        let steps = self.quantisers.each_ref().map(|quantiser| quantiser.steps);
        markers::quantisation(out, &steps[..slots]);
        markers::frame(out, self.frame, progressive);
        markers::restart_interval(out, self.options.restart_interval);
        if progressive {
            self.progressive(out)
        } else if self.options.optimise || self.options.effort >= 3 {
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
                false,
            );
            state.row(&mut sink, self.frame, &coefficients.mcu_row(self.frame, mcu_row, false));
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
                false,
            );
            state.row(
                &mut tokens,
                self.frame,
                &coefficients.mcu_row(self.frame, mcu_row, false),
            );
        }
        self.scan(out, &self.one_scan(), &tokens);
        Ok(())
    }

    /// All coefficients first, then one scan after another.
    fn progressive(mut self, out: &mut Vec<u8>) -> Result<()> {
        let mut coefficients = Coefficients::whole(self.frame, self.budget)?;
        for mcu_row in 0..self.frame.mcus_down {
            self.budget.check()?;
            coefficients.fill(
                self.frame,
                &mut self.source,
                self.level,
                Some(&self.quantisers),
                mcu_row,
                true,
            );
        }
        let mut tokens = Tokens::new();
        let mut booked = Booked::new(self.budget);
        for scan in script::plain(self.frame) {
            tokens.clear();
            let interval = self.options.restart_interval;
            progressive::scan(&mut tokens, self.frame, &coefficients, &scan, interval, self.budget)?;
            booked.update(tokens.memory() + out.capacity() as u64)?;
            self.scan(out, &scan, &tokens);
        }
        Ok(())
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

/// Keeps a growing list's memory on the account.
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

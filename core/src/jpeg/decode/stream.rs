//! The whole path, from bytes to rows.

use super::damage::Damage;
use super::frame::{Frame, FrameHeader, Mode};
use super::header::{Colour, Parsed, Preamble};
use super::lossless::Lossless;
use super::markers;
use super::output::Output;
use super::progressive::Store;
use super::scan::ScanHeader;
use super::sequential::arithmetic::Bins;
use super::sequential::{Destination, Huffman, Sequential};
use crate::budget::{Budget, Buffer};
use crate::error::{Error, LimitKind, Result};
use crate::format::Format;
use crate::request::Request;
use crate::rows::RowSink;

/// How the components choose their scales.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scaling {
    /// Each independently, as small as the steps of the request allow.
    Within,
    /// All by the same factor.
    Alike(f64),
}

/// Decodes a file into `sink`, each component as small as `request` allows.
pub(crate) fn decode(
    file: &Parsed<'_>,
    request: &Request,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    decode_scaled(file, request, Scaling::Within, budget, sink, warnings)
}

pub(super) fn decode_scaled(
    file: &Parsed<'_>,
    request: &Request,
    scaling: Scaling,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    let mut damage = Damage::new(request.tolerate, warnings);
    let bytes = file.bytes;
    let (preamble, first) = file.start(&mut damage)?;
    let header = preamble.frame.clone().ok_or_else(|| no_scan("no frame header (SOF)"))?;
    let first = first.ok_or_else(|| no_scan("no scan (SOS)"))?;
    let start = preamble.segments.position();
    let empty = match markers::find_marker(bytes, start) {
        Some((at, marker)) => at == start && !(markers::RST0..=markers::RST7).contains(&marker),
        None => start >= bytes.len(),
    };
    if empty {
        return Err(no_scan("the file ends before its first pixel"));
    }
    let colour = preamble.colour(&header);
    let frame = Frame::new(&header, |index, natural| match scaling {
        Scaling::Within => [step(index, colour, request); 2],
        Scaling::Alike(factor) => natural.map(|step| step * factor),
    });
    let mut output = Output::new(&frame, colour, request.planar, sink, budget)?;
    let mut run = Run {
        bytes,
        preamble,
        header,
        frame,
        budget,
        damage,
        scans: 0,
    };
    if run.header.process.mode == Mode::Progressive {
        run.progressive(first, &mut output)
    } else if first.components.len() == run.header.components.len() {
        run.single(&first, &mut output)
    } else {
        run.separate(first, &mut output)
    }
}

/// The source pixels that a sample of a component may span.
fn step(index: usize, colour: Colour, request: &Request) -> f64 {
    match index {
        1 | 2 if request.planar && colour == Colour::YCbCr => request.chroma_step,
        // The second of two components is not used.
        1 if colour == Colour::Grey => f64::INFINITY,
        _ => request.luma_step,
    }
}

struct Run<'a, 'b, 'w> {
    bytes: &'a [u8],
    preamble: Preamble<'a>,
    header: FrameHeader,
    frame: Frame,
    budget: &'b Budget,
    damage: Damage<'w>,
    scans: u32,
}

impl<'a> Run<'a, '_, '_> {
    /// A single scan with all components: nothing is kept but an MCU row.
    fn single(&mut self, first: &ScanHeader, output: &mut Output<'_>) -> Result<()> {
        let mut scan = self.start(first, output)?;
        for row in 0..self.frame.mcus_y {
            self.budget.check()?;
            let mut stripes: Vec<Option<Destination<'_>>> = output
                .stripes
                .iter_mut()
                .map(|stripe| {
                    Some(Destination {
                        stride: stripe.stride,
                        samples: stripe.samples(),
                    })
                })
                .collect();
            scan.row(
                |index| stripes[index].take().unwrap_or_else(Destination::none),
                &mut self.damage,
            )?;
            output.push(row)?;
        }
        let end = scan.finish(&mut self.damage);
        // More scans of the same components would violate the standard and are ignored.
        if end == self.bytes.len() {
            self.damage.missing_eoi()?;
        }
        Ok(())
    }

    /// Several sequential scans, each with some of the components: samples are kept until all have arrived.
    fn separate(&mut self, first: ScanHeader, output: &mut Output<'_>) -> Result<()> {
        let mut planes: Vec<Buffer<u8>> = Vec::with_capacity(4);
        for component in &self.frame.components {
            let rows = component.padded_y(&self.frame) * component.size.y;
            let mut plane = self
                .budget
                .zeroed(rows * component.padded_x(&self.frame) * component.size.x, "planes")?;
            plane.fill(128);
            planes.push(plane);
        }
        let strides: Vec<usize> = output.stripes.iter().map(|stripe| stripe.stride).collect();
        let mut next = Some(first);
        while let Some(header) = next {
            let mut scan = self.start(&header, output)?;
            let alone = header.components.len() == 1;
            let heights: Vec<usize> = self
                .frame
                .components
                .iter()
                .zip(&strides)
                .map(|(component, stride)| stride * component.size.y * if alone { 1 } else { component.v })
                .collect();
            let mut rows: Vec<_> = planes
                .iter_mut()
                .zip(&heights)
                .map(|(plane, &height)| plane.chunks_mut(height))
                .collect();
            for _ in 0..scan.mcus_y() {
                self.budget.check()?;
                let target = |index: usize| match rows[index].next() {
                    Some(samples) => Destination {
                        samples,
                        stride: strides[index],
                    },
                    None => Destination::none(),
                };
                scan.row(target, &mut self.damage)?;
            }
            let end = scan.finish(&mut self.damage);
            self.preamble.segments.seek(end);
            next = self.preamble.next_scan(&mut self.damage)?;
        }
        for row in 0..self.frame.mcus_y {
            self.budget.check()?;
            for (stripe, plane) in output.stripes.iter_mut().zip(&planes) {
                let samples = stripe.samples();
                samples.copy_from_slice(&plane[row * samples.len()..][..samples.len()]);
            }
            output.push(row)?;
        }
        Ok(())
    }

    /// Progressive scans, which refine each other: coefficients are kept until all have arrived.
    fn progressive(&mut self, first: ScanHeader, output: &mut Output<'_>) -> Result<()> {
        let mut store = Store::new(&self.frame, self.budget)?;
        let mut next = Some(first);
        while let Some(header) = next {
            self.count_scan()?;
            let end = store.scan(
                self.bytes,
                &self.preamble,
                &header,
                &self.frame,
                self.budget,
                &mut self.damage,
            )?;
            self.preamble.segments.seek(end);
            next = self.preamble.next_scan(&mut self.damage)?;
        }
        for row in 0..self.frame.mcus_y {
            self.budget.check()?;
            for (index, stripe) in output.stripes.iter_mut().enumerate() {
                let mut target = Destination {
                    stride: stripe.stride,
                    samples: stripe.samples(),
                };
                store.transform(&self.frame, index, row, &mut target);
            }
            output.push(row)?;
        }
        Ok(())
    }

    fn start(&mut self, header: &ScanHeader, output: &Output<'_>) -> Result<Scan<'a>> {
        self.count_scan()?;
        let wanted: Vec<bool> = (0..self.frame.components.len())
            .map(|index| output.wants(index))
            .collect();
        let (position, tables) = (self.preamble.segments.position(), &self.preamble.tables);
        let (bytes, frame, budget) = (self.bytes, &self.frame, self.budget);
        let process = self.header.process;
        if process.mode == Mode::Lossless {
            let precision = self.header.precision;
            return Lossless::new(bytes, position, header, frame, precision, tables, budget).map(Scan::Samples);
        }
        if process.arithmetic {
            return Sequential::new(bytes, position, header, frame, tables, &wanted, budget).map(Scan::Arithmetic);
        }
        Sequential::new(bytes, position, header, frame, tables, &wanted, budget).map(Scan::Huffman)
    }

    fn count_scan(&mut self) -> Result<()> {
        self.budget.check()?;
        self.scans += 1;
        let limit = self.budget.limits().scans;
        if self.scans <= limit {
            return Ok(());
        }
        Err(Error::limit(LimitKind::Scans, self.scans.into(), limit.into()))
    }
}

/// A scan that is decoded from top to bottom, an MCU row of blocks (or as many lines) at a time.
enum Scan<'a> {
    Huffman(Sequential<'a, Huffman>),
    Arithmetic(Sequential<'a, Bins>),
    Samples(Lossless<'a>),
}

impl Scan<'_> {
    fn mcus_y(&self) -> usize {
        match self {
            Scan::Huffman(scan) => scan.mcus_y,
            Scan::Arithmetic(scan) => scan.mcus_y,
            Scan::Samples(scan) => scan.mcus_y,
        }
    }

    fn row<'t>(&mut self, target: impl FnMut(usize) -> Destination<'t>, damage: &mut Damage<'_>) -> Result<()> {
        match self {
            Scan::Huffman(scan) => scan.row(target, damage),
            Scan::Arithmetic(scan) => scan.row(target, damage),
            Scan::Samples(scan) => scan.row(target, damage),
        }
    }

    fn finish(&self, damage: &mut Damage<'_>) -> usize {
        match self {
            Scan::Huffman(scan) => scan.entropy.finish(damage),
            Scan::Arithmetic(scan) => scan.entropy.finish(damage),
            Scan::Samples(scan) => scan.entropy.finish(damage),
        }
    }
}

fn no_scan(reason: &str) -> Error {
    Error::truncated(Format::Jpeg, reason)
}

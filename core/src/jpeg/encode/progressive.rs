//! Progressive scans: spectral selection and successive approximation (T.81 G.1.2).

use super::coefficients::Coefficients;
use super::frame::{Frame, Scan};
use super::sequential::magnitude;
use super::tokens::{AC, RAW, SLOT, Sink};
use super::zigzag::{Block, IN_BLOCK};
use crate::budget::Budget;
use crate::error::Result;

/// Codes a scan.
pub(super) fn scan<S: Sink>(
    sink: &mut S,
    frame: &Frame,
    coefficients: &Coefficients,
    scan: &Scan,
    interval: u16,
    budget: &Budget,
) -> Result<()> {
    if scan.first == 0 {
        dc_scan(sink, frame, coefficients, scan, interval, budget)
    } else {
        ac_scan(sink, frame, coefficients, scan, interval, budget)
    }
}

/// DC coefficients: differences of what the point transform leaves, or one more bit of each (G.1.2.1).
fn dc_scan<S: Sink>(
    sink: &mut S,
    frame: &Frame,
    coefficients: &Coefficients,
    scan: &Scan,
    interval: u16,
    budget: &Budget,
) -> Result<()> {
    let mut coder = DcCoder {
        scan,
        predictions: [0; 3],
    };
    let mut intervals = Intervals::new(interval);
    if let [only] = scan.components[..] {
        let only = usize::from(only);
        let (component, plane) = (&frame.components[only], &coefficients.planes[only]);
        for row in plane.blocks.chunks_exact(plane.across.max(1)) {
            budget.check()?;
            for block in row {
                if intervals.next() {
                    sink.restart();
                    coder.predictions = [0; 3];
                }
                coder.block(sink, only, component.slot, Some(block));
            }
        }
        return Ok(());
    }
    for mcu_row in 0..frame.mcus_down {
        budget.check()?;
        for mcu in 0..frame.mcus_across {
            if intervals.next() {
                sink.restart();
                coder.predictions = [0; 3];
            }
            for &index in &scan.components {
                let index = usize::from(index);
                let (component, plane) = (&frame.components[index], &coefficients.planes[index]);
                let (h, v) = (usize::from(component.h), usize::from(component.v));
                for y in mcu_row * v..(mcu_row + 1) * v {
                    for x in mcu * h..(mcu + 1) * h {
                        let inside = x < component.across && y < component.down;
                        let block = inside.then(|| &plane.blocks[y * plane.across + x]);
                        coder.block(sink, index, component.slot, block);
                    }
                }
            }
        }
    }
    Ok(())
}

struct DcCoder<'a> {
    scan: &'a Scan,
    predictions: [i32; 3],
}

impl DcCoder<'_> {
    /// A block, or one beyond the edge.
    fn block<S: Sink>(&mut self, sink: &mut S, index: usize, slot: u8, block: Option<&Block>) {
        let prediction = &mut self.predictions[index];
        let value = block.map_or(*prediction, |block| i32::from(block[0]) >> self.scan.low);
        if self.scan.high > 0 {
            sink.put_one(RAW, value as u32 & 1, 1);
            return;
        }
        let (size, bits) = magnitude(value - *prediction);
        *prediction = value;
        sink.put_one(SLOT * usize::from(slot) + size as usize, bits, size);
    }
}

/// AC coefficients of one component (G.1.2.2, G.1.2.3).
fn ac_scan<S: Sink>(
    sink: &mut S,
    frame: &Frame,
    coefficients: &Coefficients,
    scan: &Scan,
    interval: u16,
    budget: &Budget,
) -> Result<()> {
    let Some(&index) = scan.components.first() else {
        return Ok(());
    };
    let (component, plane) = (
        &frame.components[usize::from(index)],
        &coefficients.planes[usize::from(index)],
    );
    let mut coder = AcCoder::new(sink, scan, component.slot);
    let mut intervals = Intervals::new(interval);
    let across = plane.across.max(1);
    for (blocks, masks) in plane.blocks.chunks_exact(across).zip(plane.masks.chunks_exact(across)) {
        budget.check()?;
        for (block, &mask) in blocks.iter().zip(masks) {
            if intervals.next() {
                coder.end_run();
                coder.sink.restart();
            }
            let mask = mask & coder.band;
            if scan.high == 0 {
                coder.first(block, mask);
            } else {
                coder.refine(block, mask);
            }
        }
    }
    coder.end_run();
    Ok(())
}

/// The longest run of blocks with nothing more to code (G.1.2.2).
const LONGEST_RUN: u32 = 0x7fff;

struct AcCoder<'a, S: Sink> {
    sink: &'a mut S,
    /// Index of the first AC symbol of the table.
    table: usize,
    /// The places of the scan's coefficients.
    band: u64,
    last: u32,
    low: u8,
    /// Blocks that end here and have not been coded.
    run: u32,
    /// Correction bits that follow the run's code: bits, and how many (up to 16).
    corrections: Vec<(u32, u32)>,
}

impl<'a, S: Sink> AcCoder<'a, S> {
    fn new(sink: &'a mut S, scan: &Scan, slot: u8) -> Self {
        AcCoder {
            sink,
            table: SLOT * usize::from(slot) + AC,
            band: (u64::MAX >> (63 - scan.last)) & (u64::MAX << scan.first),
            last: u32::from(scan.last),
            low: scan.low,
            run: 0,
            corrections: Vec::new(),
        }
    }

    /// The first scan of these coefficients; `rest` has the nonzero ones.
    #[inline(always)]
    fn first(&mut self, block: &Block, mut rest: u64) {
        let mut next = self.band.trailing_zeros();
        while rest != 0 {
            let k = rest.trailing_zeros();
            rest &= rest - 1;
            let value = coefficient(block, k);
            // The point transform divides, towards 0 (G.1.2.1).
            let shifted = value.abs() >> self.low;
            if shifted == 0 {
                continue;
            }
            self.end_run();
            let mut run = k - next;
            next = k + 1;
            while run > 15 {
                self.sink.put_one(self.table + 0xf0, 0, 0);
                run -= 16;
            }
            let (size, bits) = magnitude(if value < 0 { -shifted } else { shifted });
            self.sink.put_one(self.table + (run << 4 | size) as usize, bits, size);
        }
        if next <= self.last {
            self.end_block();
        }
    }

    /// One more bit of coefficients that were in an earlier scan.
    #[inline(always)]
    fn refine(&mut self, block: &Block, mask: u64) {
        let mut bits = Corrections::default();
        let newest = newest(block, mask, self.low);
        let mut next = self.band.trailing_zeros();
        let mut run = 0;
        let mut rest = mask;
        while rest != 0 {
            let k = rest.trailing_zeros();
            rest &= rest - 1;
            let value = coefficient(block, k);
            let shifted = value.unsigned_abs() >> self.low;
            if shifted == 0 {
                continue;
            }
            run += k - next;
            next = k + 1;
            // A run of 16 zeros can be left to the end-of-block code if nothing new follows.
            while run > 15 && k <= newest {
                self.end_run();
                self.sink.put_one(self.table + 0xf0, 0, 0);
                run -= 16;
                bits.write(self.sink);
            }
            if shifted > 1 {
                bits.push(shifted & 1);
            } else {
                self.end_run();
                self.sink
                    .put_one(self.table + (run << 4 | 1) as usize, u32::from(value >= 0), 1);
                bits.write(self.sink);
                run = 0;
            }
        }
        run += self.last + 1 - next;
        if run > 0 || bits.len > 0 {
            bits.take(&mut self.corrections);
            self.end_block();
        }
    }

    #[inline(always)]
    fn end_block(&mut self) {
        self.run += 1;
        if self.run == LONGEST_RUN {
            self.end_run();
        }
    }

    #[inline(always)]
    fn end_run(&mut self) {
        if self.run > 0 {
            self.code_run();
        }
    }

    /// Codes the run of ended blocks, and the correction bits of these blocks.
    #[inline(never)]
    fn code_run(&mut self) {
        let size = self.run.ilog2();
        self.sink
            .put_one(self.table + (size << 4) as usize, self.run & ((1 << size) - 1), size);
        self.run = 0;
        for (bits, len) in self.corrections.drain(..) {
            self.sink.put_one(RAW, bits, len);
        }
    }
}

#[inline(always)]
fn coefficient(block: &Block, k: u32) -> i32 {
    i32::from(block[usize::from(IN_BLOCK[k as usize % 64]) % 64])
}

/// The last place whose coefficient becomes nonzero in this scan; 0 if there is none.
#[inline(always)]
fn newest(block: &Block, mut rest: u64, low: u8) -> u32 {
    while rest != 0 {
        let k = 63 - rest.leading_zeros();
        rest &= !(1 << k);
        if coefficient(block, k).unsigned_abs() >> low == 1 {
            return k;
        }
    }
    0
}

/// The correction bits of a block that wait for the next code.
#[derive(Default)]
struct Corrections {
    bits: u64,
    len: u32,
}

impl Corrections {
    #[inline(always)]
    fn push(&mut self, bit: u32) {
        self.bits = (self.bits << 1) | u64::from(bit);
        self.len += 1;
    }

    #[inline(always)]
    fn write<S: Sink>(&mut self, sink: &mut S) {
        self.pieces(|bits, len| sink.put_one(RAW, bits, len));
    }

    fn take(&mut self, list: &mut Vec<(u32, u32)>) {
        self.pieces(|bits, len| list.push((bits, len)));
    }

    #[inline(always)]
    fn pieces(&mut self, mut each: impl FnMut(u32, u32)) {
        while self.len > 0 {
            let len = self.len.min(16);
            self.len -= len;
            each((self.bits >> self.len) as u32 & ((1 << len) - 1), len);
        }
    }
}

/// Counts MCUs to the next restart.
struct Intervals {
    interval: u16,
    left: u16,
}

impl Intervals {
    fn new(interval: u16) -> Self {
        Intervals {
            interval,
            left: interval,
        }
    }

    /// Before each MCU: whether a restart is due.
    #[inline(always)]
    fn next(&mut self) -> bool {
        if self.interval == 0 {
            return false;
        }
        let due = self.left == 0;
        if due {
            self.left = self.interval;
        }
        self.left -= 1;
        due
    }
}

//! The sequential scan: all components interleaved, all coefficients of a block together (T.81 F.1.2).

use super::frame::Frame;
use super::tokens::{AC, SLOT, Sink};
use super::zigzag::{Block, IN_BLOCK};

/// Neighbouring rows of one component's quantised blocks, and masks of their nonzero coefficients.
#[derive(Clone, Copy)]
pub(super) struct BlockRows<'a> {
    pub(super) blocks: &'a [Block],
    pub(super) masks: &'a [u64],
    /// Blocks in a row.
    pub(super) across: usize,
}

/// The state of a scan from one row of MCUs to the next.
pub(super) struct Sequential {
    predictions: [i32; 3],
    interval: u16,
    until_restart: u16,
}

impl Sequential {
    pub(super) fn new(interval: u16) -> Self {
        Sequential {
            predictions: [0; 3],
            interval,
            until_restart: interval,
        }
    }

    /// Codes a row of MCUs; `rows` has those rows of each component that have samples.
    pub(super) fn row<S: Sink>(&mut self, sink: &mut S, frame: &Frame, rows: &[BlockRows]) {
        for mcu in 0..frame.mcus_across {
            self.restart(sink);
            let parts = frame.components.iter().zip(rows).zip(&mut self.predictions);
            for ((component, rows), prediction) in parts {
                let (h, first) = (usize::from(component.h), SLOT * usize::from(component.slot));
                for y in 0..usize::from(component.v) {
                    for x in mcu * h..(mcu + 1) * h {
                        let at = y * rows.across + x;
                        match (rows.blocks.get(at), rows.masks.get(at)) {
                            (Some(block), Some(&mask)) if x < rows.across => {
                                code_block(sink, block, mask, first, prediction);
                            }
                            _ => code_nothing(sink, first),
                        }
                    }
                }
            }
        }
    }

    /// Before each MCU: starts a new interval where one is due (F.1.1.5.1, F.1.2.3).
    fn restart<S: Sink>(&mut self, sink: &mut S) {
        if self.interval == 0 {
            return;
        }
        if self.until_restart == 0 {
            sink.restart();
            self.predictions = [0; 3];
            self.until_restart = self.interval;
        }
        self.until_restart -= 1;
    }
}

/// The size and the extra bits of a value (F.1.2.1.1, F.1.2.2.1).
#[inline(always)]
pub(super) fn magnitude(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    // A negative value is coded as itself minus one.
    let bits = (value + (value >> 31)) as u32 & ((1 << size) - 1);
    (size, bits)
}

#[inline(always)]
fn code_block<S: Sink>(sink: &mut S, block: &Block, mask: u64, first: usize, prediction: &mut i32) {
    let mut state = sink.open();
    let dc = i32::from(block[0]);
    let (size, bits) = magnitude(dc - *prediction);
    *prediction = dc;
    sink.put(&mut state, first + size as usize, bits, size);
    let ac = first + AC;
    let mut rest = mask & !1;
    let mut next = 1;
    while rest != 0 {
        let k = rest.trailing_zeros();
        rest &= rest - 1;
        let mut run = k - next;
        next = k + 1;
        while run > 15 {
            sink.put(&mut state, ac + 0xf0, 0, 0);
            run -= 16;
        }
        let value = i32::from(block[usize::from(IN_BLOCK[k as usize % 64]) % 64]);
        let (size, bits) = magnitude(value);
        sink.put(&mut state, ac + (run << 4 | size) as usize, bits, size);
    }
    if next < 64 {
        sink.put(&mut state, ac, 0, 0);
    }
    sink.close(state);
}

/// A block beyond the edge, in the fewest bits: no change of DC, no AC.
fn code_nothing<S: Sink>(sink: &mut S, first: usize) {
    sink.put_one(first, 0, 0);
    sink.put_one(first + AC, 0, 0);
}

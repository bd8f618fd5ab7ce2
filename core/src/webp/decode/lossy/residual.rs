//! The coefficients of a macroblock (RFC 6386, 13).

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x16};

use super::boolean::Bools;
use super::header::Chances;
use crate::webp::tables::ZIGZAG;
use crate::webp::vp8::lanes::{self, Stored};
use crate::webp::vp8::{Steps, transform};

/// The types of blocks that chances are given for.
const LUMA_WITHOUT_DC: usize = 0;
const SECOND: usize = 1;
const CHROMA: usize = 2;
const LUMA: usize = 3;

/// The coefficients of a macroblock, dequantised, and what they add to its prediction.
#[derive(Debug)]
pub(super) struct Residual {
    coefficients: Stored,
    /// Rows of luma, from top to bottom.
    pub(super) luma: [[i16; 16]; 16],
    /// Rows of chroma: eight pixels of Cb, then eight of Cr.
    pub(super) chroma: [[i16; 16]; 8],
    /// Whether there is anything in luma, and in chroma.
    pub(super) any: [bool; 2],
}

/// Which of the blocks beside have coefficients: four of luma, two of each chroma, and the second-order one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside {
    pub(super) luma: [bool; 4],
    pub(super) chroma: [[bool; 2]; 2],
    pub(super) second: bool,
}

impl Beside {
    /// A macroblock without coefficients; one with a mode for each subblock says nothing of the second order.
    pub(super) fn skip(&mut self, whole: bool) {
        *self = Beside {
            second: self.second && !whole,
            ..Beside::default()
        };
    }
}

impl Residual {
    pub(super) fn new() -> Self {
        Residual {
            coefficients: [[0; 16]; 16],
            luma: [[0; 16]; 16],
            chroma: [[0; 16]; 8],
            any: [false; 2],
        }
    }

    /// Reads a macroblock; `whole` if luma has one mode. Returns whether it has any coefficients.
    #[inline(always)]
    pub(super) fn read<S: Simd>(
        &mut self,
        simd: S,
        bools: &mut Bools<'_>,
        chances: &Chances,
        steps: &Steps,
        whole: bool,
        (above, left): (&mut Beside, &mut Beside),
    ) -> bool {
        let (first, kind) = if whole { (1, LUMA_WITHOUT_DC) } else { (0, LUMA) };
        self.coefficients = [[0; 16]; 16];
        if whole {
            self.coefficients[0] = second_order(bools, &chances[SECOND], steps.second, above, left);
        }
        let (mut most, mut lane) = (0, 0);
        for left in &mut left.luma {
            for above in &mut above.luma {
                let context = usize::from(*above) + usize::from(*left);
                let out = &mut self.coefficients;
                let end = block(bools, &chances[kind], context, steps.luma, first, |at, value| {
                    out[at][lane] = value
                });
                (*above, *left) = (end > first, end > first);
                most = most.max(end);
                lane = (lane + 1) & 15;
            }
        }
        self.any[0] = add_up(simd, &self.coefficients, most, &mut self.luma);

        self.coefficients = [[0; 16]; 16];
        most = 0;
        for (plane, (above, left)) in above.chroma.iter_mut().zip(&mut left.chroma).enumerate() {
            for (y, left) in left.iter_mut().enumerate() {
                for (x, above) in above.iter_mut().enumerate() {
                    let context = usize::from(*above) + usize::from(*left);
                    // Rows of four blocks: two of Cb, two of Cr.
                    let (out, lane) = (&mut self.coefficients, 4 * y + 2 * plane + x);
                    let end = block(bools, &chances[CHROMA], context, steps.chroma, 0, |at, value| {
                        out[at][lane] = value
                    });
                    (*above, *left) = (end > 0, end > 0);
                    most = most.max(end);
                }
            }
        }
        self.any[1] = add_up(simd, &self.coefficients, most, &mut self.chroma);
        self.any != [false; 2]
    }
}

/// The first coefficients of the sixteen blocks of luma, which are transformed once more.
#[inline(always)]
fn second_order(
    bools: &mut Bools<'_>,
    chances: &[[[u8; 11]; 3]; 17],
    steps: [i32; 2],
    above: &mut Beside,
    left: &mut Beside,
) -> [i16; 16] {
    let mut second = [0; 16];
    let context = usize::from(above.second) + usize::from(left.second);
    let end = block(bools, chances, context, steps, 0, |at, value| second[at] = value);
    (above.second, left.second) = (end > 0, end > 0);
    match end {
        0 | 1 => [((i32::from(second[0]) + 3) >> 3) as i16; 16],
        _ => transform::walsh_hadamard(&second),
    }
}

/// The inverse transform of blocks with `most` coefficients or fewer. Returns whether there are any.
#[inline(always)]
fn add_up<S: Simd>(simd: S, coefficients: &Stored, most: usize, out: &mut [[i16; 16]]) -> bool {
    if most > 1 {
        let mut block = lanes::load(simd, coefficients);
        if lanes::are_large(simd, &block) {
            add_up_large(coefficients, out);
        } else {
            lanes::inverse(simd, &mut block);
            lanes::rows(simd, &block, out);
        }
        return true;
    }
    let dc = &coefficients[0];
    let any = *dc != [0; 16];
    if any {
        for (rows, dc) in out.as_chunks_mut::<4>().0.iter_mut().zip(dc.as_chunks::<4>().0) {
            let mut row = [0; 16];
            for (four, &dc) in row.as_chunks_mut::<4>().0.iter_mut().zip(dc) {
                *four = [dc.saturating_add(4) >> 3; 4];
            }
            *rows = [row; 4];
        }
    }
    any
}

/// The same for coefficients that need more than 16 bits on the way: only damaged and hostile files have them.
#[cold]
fn add_up_large(coefficients: &Stored, out: &mut [[i16; 16]]) {
    for (k, rows) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        for x in 0..4 {
            let block = transform::inverse_large(&coefficients.map(|lanes| lanes[4 * k + x]));
            for (row, four) in rows.iter_mut().zip(block) {
                row[4 * x..][..4].copy_from_slice(&four);
            }
        }
    }
}

/// Adds to sixteen predicted pixels.
#[inline(always)]
pub(super) fn add<S: Simd>(simd: S, pixels: [u8; 16], more: [i16; 16]) -> [u8; 16] {
    let more: i16x16<S> = more.simd_into(simd);
    let sums = lanes::widen(simd, pixels.simd_into(simd)) + more;
    let sums = sums.max(i16x16::splat(simd, 0)).min(i16x16::splat(simd, 255));
    lanes::narrow(simd, sums).into()
}

/// Reads the coefficients of a block from number `first` on: `put` gets the place and the value of each that is not
/// zero. Returns the number after the last one.
#[inline(always)]
fn block(
    bools: &mut Bools<'_>,
    chances: &[[[u8; 11]; 3]; 17],
    context: usize,
    steps: [i32; 2],
    first: usize,
    mut put: impl FnMut(usize, i16),
) -> usize {
    let mut at = first;
    let mut node = &chances[at][context];
    while at < 16 {
        if !bools.get(node[0]) {
            return at;
        }
        while !bools.get(node[1]) {
            at += 1;
            if at == 16 {
                return 16;
            }
            node = &chances[at][0];
        }
        let next = &chances[at + 1];
        let value = if bools.get(node[2]) {
            let value = large(bools, node);
            node = &next[2];
            value
        } else {
            node = &next[1];
            1
        };
        let step = steps[usize::from(at > 0)];
        put(usize::from(ZIGZAG[at & 15] & 15), (bools.signed(value) * step) as i16);
        at += 1;
    }
    16
}

/// RFC 6386, 13.2: the chances of the extra bits of the four largest categories.
const CATEGORIES: [&[u8]; 4] = [
    &[173, 148, 140],
    &[176, 155, 140, 135],
    &[180, 157, 141, 134, 130],
    &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129],
];

/// A value from 2 on.
#[inline(always)]
fn large(bools: &mut Bools<'_>, node: &[u8; 11]) -> i32 {
    if !bools.get(node[3]) {
        if !bools.get(node[4]) {
            return 2;
        }
        return 3 + i32::from(bools.get(node[5]));
    }
    if !bools.get(node[6]) {
        if !bools.get(node[7]) {
            return 5 + i32::from(bools.get(159));
        }
        return 7 + 2 * i32::from(bools.get(165)) + i32::from(bools.get(145));
    }
    let high = usize::from(bools.get(node[8]));
    let category = 2 * high + usize::from(bools.get(node[9 + high]));
    let bits = CATEGORIES[category];
    let extra = bits
        .iter()
        .fold(0, |value, &chance| value << 1 | i32::from(bools.get(chance)));
    extra + 3 + (8 << category)
}

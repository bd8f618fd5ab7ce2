//! The coefficients of a macroblock (RFC 6386, 13).

use super::boolean::Bools;
use super::header::Chances;
use crate::webp::tables::ZIGZAG;
use crate::webp::vp8::{Steps, transform};

/// The types of blocks that chances are given for.
const LUMA_WITHOUT_DC: usize = 0;
const SECOND: usize = 1;
const CHROMA: usize = 2;
const LUMA: usize = 3;

/// What a block's coefficients ask of the inverse transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Extent {
    #[default]
    Empty,
    /// Only the first coefficient.
    Dc,
    Full,
    /// More than 16 bits on the way: only damaged and hostile files have such coefficients.
    Large,
}

/// The dequantised coefficients of a macroblock: sixteen blocks of luma, four of each chroma.
#[derive(Debug)]
pub(super) struct Residual {
    pub(super) blocks: [[i16; 16]; 24],
    pub(super) extents: [Extent; 24],
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
            blocks: [[0; 16]; 24],
            extents: [Extent::Empty; 24],
        }
    }

    /// Reads the coefficients of a macroblock; `whole` if luma has one mode. Returns whether there are any.
    #[inline(always)]
    pub(super) fn read(
        &mut self,
        bools: &mut Bools<'_>,
        chances: &Chances,
        steps: &Steps,
        whole: bool,
        above: &mut Beside,
        left: &mut Beside,
    ) -> bool {
        self.blocks = [[0; 16]; 24];
        let mut any = false;
        let (first, kind) = if whole { (1, LUMA_WITHOUT_DC) } else { (0, LUMA) };
        if whole {
            let mut second = [0; 16];
            let context = usize::from(above.second) + usize::from(left.second);
            let end = block(bools, &chances[SECOND], context, steps.second, 0, &mut second);
            (above.second, left.second) = (end > 0, end > 0);
            if end > 1 {
                for (block, dc) in self.blocks.iter_mut().zip(transform::walsh_hadamard(&second)) {
                    block[0] = dc;
                }
            } else {
                let dc = ((i32::from(second[0]) + 3) >> 3) as i16;
                self.blocks[..16].iter_mut().for_each(|block| block[0] = dc);
            }
        }
        let (luma, chroma) = self.blocks.split_at_mut(16);
        let (luma_extents, chroma_extents) = self.extents.split_at_mut(16);
        let rows = luma
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .zip(luma_extents.as_chunks_mut::<4>().0);
        for ((row, extents), left) in rows.zip(&mut left.luma) {
            for ((coefficients, extent), above) in row.iter_mut().zip(extents).zip(&mut above.luma) {
                let context = usize::from(*above) + usize::from(*left);
                let end = block(bools, &chances[kind], context, steps.luma, first, coefficients);
                (*above, *left) = (end > first, end > first);
                *extent = extent_of(end, coefficients);
                any |= *extent != Extent::Empty;
            }
        }
        let planes = chroma
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .zip(chroma_extents.as_chunks_mut::<4>().0);
        for (((plane, extents), above), left) in planes.zip(&mut above.chroma).zip(&mut left.chroma) {
            let rows = plane
                .as_chunks_mut::<2>()
                .0
                .iter_mut()
                .zip(extents.as_chunks_mut::<2>().0);
            for ((row, extents), left) in rows.zip(left) {
                for ((coefficients, extent), above) in row.iter_mut().zip(extents).zip(&mut *above) {
                    let context = usize::from(*above) + usize::from(*left);
                    let end = block(bools, &chances[CHROMA], context, steps.chroma, 0, coefficients);
                    (*above, *left) = (end > 0, end > 0);
                    *extent = extent_of(end, coefficients);
                    any |= *extent != Extent::Empty;
                }
            }
        }
        any
    }

    /// Adds `BLOCKS` blocks from number `first` on to what is predicted for four rows of them, `WIDTH` pixels in all.
    #[inline(always)]
    pub(super) fn add<const BLOCKS: usize, const WIDTH: usize, const STRIDE: usize>(
        &self,
        first: usize,
        rows: &mut [[u8; STRIDE]; 4],
        start: usize,
    ) {
        let extents = &self.extents[first..first + BLOCKS];
        if extents.iter().all(|extent| *extent == Extent::Empty) {
            return;
        }
        let mut sums = [[0; WIDTH]; 4];
        for (x, (block, extent)) in self.blocks[first..].iter().zip(extents).enumerate() {
            match extent {
                Extent::Empty => {}
                Extent::Dc => {
                    let sum = ((i32::from(block[0]) + 4) >> 3) as i16;
                    sums.iter_mut().for_each(|row| row[4 * x..][..4].fill(sum));
                }
                Extent::Full | Extent::Large => {
                    let values = match extent {
                        Extent::Large => transform::inverse_large(block),
                        _ => transform::inverse(block),
                    };
                    for (row, values) in sums.iter_mut().zip(values) {
                        row[4 * x..][..4].copy_from_slice(&values);
                    }
                }
            }
        }
        for (row, sums) in rows.iter_mut().zip(&sums) {
            for (pixel, &sum) in row[start..][..WIDTH].iter_mut().zip(sums) {
                *pixel = i16::from(*pixel).saturating_add(sum).clamp(0, 255) as u8;
            }
        }
    }
}

#[inline(always)]
fn extent_of(end: usize, coefficients: &[i16; 16]) -> Extent {
    match end {
        2.. if transform::is_large(coefficients) => Extent::Large,
        2.. => Extent::Full,
        _ if coefficients[0] != 0 => Extent::Dc,
        _ => Extent::Empty,
    }
}

/// Reads the coefficients of a block from number `first` on. Returns the number after the last one that is not zero.
#[inline(always)]
fn block(
    bools: &mut Bools<'_>,
    chances: &[[[u8; 11]; 3]; 17],
    context: usize,
    steps: [i32; 2],
    first: usize,
    out: &mut [i16; 16],
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
        out[usize::from(ZIGZAG[at])] = (bools.signed(value) * step) as i16;
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

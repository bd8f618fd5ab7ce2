//! Arithmetic decoding (T.81 D.2; F.1.4 and F.2.4 for sequential, G.1.3 for progressive scans).
//!
//! A number is a series of decisions, each with a bin that learns how likely it is. Which bin it is, is the model: the
//! tables F.4 and F.5.

mod coder;
mod states;

use std::ops::RangeInclusive;

use self::coder::Coder;
use super::entropy::Entropy;
use super::tables::Conditioning;

/// Bins of a table for means (table F.4): 20 by what the previous difference was, and those of its size.
const DC_BINS: usize = 49;
/// Bins of a table for the other coefficients (table F.5): 3 for each, and those of their sizes.
const AC_BINS: usize = 245;
/// From the bins of a size to those of the bits below it (X to M).
const TO_BITS: usize = 14;
/// Sizes beyond this many bits don't exist.
const MOST_BITS: u32 = 15;

/// A code that no encoder writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadCode;

/// What one scan has learnt since it began, or since its last restart marker.
#[derive(Debug)]
pub(super) struct Arithmetic {
    coder: Coder,
    dc: [[u8; DC_BINS]; 4],
    ac: [[u8; AC_BINS]; 4],
    /// By component: the first bin for its next difference.
    contexts: [usize; 4],
    conditioning: Conditioning,
}

impl Arithmetic {
    /// At the first byte of a scan.
    pub(super) fn new(conditioning: Conditioning, entropy: &mut Entropy<'_>) -> Self {
        Arithmetic {
            coder: Coder::new(entropy),
            dc: [[0; DC_BINS]; 4],
            ac: [[0; AC_BINS]; 4],
            contexts: [0; 4],
            conditioning,
        }
    }

    /// Behind a restart marker: everything is forgotten.
    pub(super) fn restart(&mut self, entropy: &mut Entropy<'_>) {
        *self = Arithmetic::new(self.conditioning, entropy);
    }

    /// The difference of a component's mean from the one before (F.2.4.1).
    pub(super) fn difference(
        &mut self,
        table: usize,
        component: usize,
        entropy: &mut Entropy<'_>,
    ) -> Result<i32, BadCode> {
        const X1: usize = 20;
        let (coder, bins) = (&mut self.coder, &mut self.dc[table]);
        let context = &mut self.contexts[component];
        let start = *context;
        if !coder.decide(&mut bins[start], entropy) {
            *context = 0;
            return Ok(0);
        }
        let negative = coder.decide(&mut bins[start + 1], entropy);
        let sign = start + 2 + usize::from(negative);
        let (size, bits) = match coder.decide(&mut bins[sign], entropy) {
            false => (0, 0),
            true => size(coder, bins, X1, 1, entropy)?,
        };
        // F.1.4.4.1.2: zero, small or large.
        let (lower, upper) = self.conditioning.dc[table];
        let half = |bound: u8| (1u32 << bound) >> 1;
        let top = (1u32 << size) >> 1;
        *context = match top {
            _ if top < half(lower) => 0,
            _ if top <= half(upper) => 4,
            _ => 12,
        };
        if *context > 0 && negative {
            *context += 4;
        }
        let magnitude = magnitude(coder, bins, size, bits, entropy);
        Ok(if negative { -magnitude } else { magnitude })
    }

    /// The coefficients of a block that `band` has (F.2.4.2), each passed to `store` with its number.
    pub(super) fn band(
        &mut self,
        table: usize,
        band: RangeInclusive<usize>,
        entropy: &mut Entropy<'_>,
        mut store: impl FnMut(usize, i32),
    ) -> Result<(), BadCode> {
        let (mut k, end) = band.into_inner();
        while k <= end {
            let (coder, bins) = (&mut self.coder, &mut self.ac[table]);
            if coder.decide(&mut bins[end_bin(k)], entropy) {
                return Ok(());
            }
            while !coder.decide(&mut bins[end_bin(k) + 1], entropy) {
                k += 1;
                if k > end {
                    return Err(BadCode);
                }
            }
            let negative = coder.toss(entropy);
            let first = end_bin(k) + 2;
            let (size, bits) = match coder.decide(&mut bins[first], entropy) {
                false => (0, 0),
                true if !coder.decide(&mut bins[first], entropy) => (1, 0),
                true => {
                    let low = k <= usize::from(self.conditioning.ac[table]);
                    size(coder, bins, if low { 189 } else { 217 }, 2, entropy)?
                }
            };
            let magnitude = magnitude(coder, bins, size, bits, entropy);
            store(k, if negative { -magnitude } else { magnitude });
            k += 1;
        }
        Ok(())
    }

    /// One more bit for the coefficients of a block that `mask` has, and some new ones (G.1.3.3). `change` is told a
    /// coefficient's number, and the sign of a new one.
    pub(super) fn refine(
        &mut self,
        table: usize,
        band: RangeInclusive<usize>,
        mask: u64,
        entropy: &mut Entropy<'_>,
        mut change: impl FnMut(usize, Change),
    ) -> Result<(), BadCode> {
        let (mut k, end) = band.into_inner();
        let (coder, bins) = (&mut self.coder, &mut self.ac[table]);
        // As far as the block is known to go, it can't end.
        let inside = (mask & (u64::MAX >> (63 - end))).checked_ilog2().unwrap_or(0) as usize;
        while k <= end {
            if k > inside && coder.decide(&mut bins[end_bin(k)], entropy) {
                return Ok(());
            }
            loop {
                if mask >> k & 1 == 1 {
                    if coder.decide(&mut bins[end_bin(k) + 2], entropy) {
                        change(k, Change::Grows);
                    }
                    break;
                }
                if coder.decide(&mut bins[end_bin(k) + 1], entropy) {
                    let negative = coder.toss(entropy);
                    change(k, Change::Comes { negative });
                    break;
                }
                k += 1;
                if k > end {
                    return Err(BadCode);
                }
            }
            k += 1;
        }
        Ok(())
    }

    /// A bit of its own, to refine a mean (G.1.3.1).
    pub(super) fn bit(&mut self, entropy: &mut Entropy<'_>) -> bool {
        self.coder.toss(entropy)
    }
}

/// What a refinement does to a coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Away from zero.
    Grows,
    /// It was zero.
    Comes { negative: bool },
}

/// The bin that decides whether a block ends before coefficient `k`; those of the coefficient follow it.
#[inline(always)]
fn end_bin(k: usize) -> usize {
    3 * (k.max(1) - 1)
}

/// How many bits the number below a magnitude has, `least` or more, and the bin of those bits (figure F.23).
#[inline(always)]
fn size(
    coder: &mut Coder,
    bins: &mut [u8],
    first: usize,
    least: u32,
    entropy: &mut Entropy<'_>,
) -> Result<(u32, usize), BadCode> {
    let (mut size, mut bin) = (least, first);
    while coder.decide(&mut bins[bin], entropy) {
        size += 1;
        bin += 1;
        if size > MOST_BITS {
            return Err(BadCode);
        }
    }
    Ok((size, bin + TO_BITS))
}

/// A magnitude, whose predecessor has `size` bits (figure F.24).
#[inline(always)]
fn magnitude(coder: &mut Coder, bins: &mut [u8], size: u32, bin: usize, entropy: &mut Entropy<'_>) -> i32 {
    let mut below = i32::from(size > 0);
    for _ in 1..size {
        below = below << 1 | i32::from(coder.decide(&mut bins[bin], entropy));
    }
    below + 1
}

#[cfg(test)]
mod tests;

//! The decoder of binary decisions (T.81 D.2).

use super::states::{ESTIMATES, GUESS};
use crate::jpeg::decode::entropy::Entropy;

/// The size of the interval is kept at this or above.
const NORMAL: u32 = 0x8000;

/// Where the code lies in the current interval.
///
/// The standard's registers have fixed widths; here the bits of the code that have been read ahead stay below the ones
/// that count, so that shifting the interval only changes how many they are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Coder {
    /// The distance of the code from the bottom of the interval, and `ahead` more bits.
    code: u32,
    ahead: u32,
    /// The size of the interval.
    size: u32,
}

impl Coder {
    /// At the first byte of an interval between restart markers (D.2.7, Initdec).
    pub(super) fn new(entropy: &mut Entropy<'_>) -> Self {
        let high = u32::from(entropy.byte());
        Coder {
            code: high << 8 | u32::from(entropy.byte()),
            ahead: 0,
            size: 2 * NORMAL,
        }
    }

    /// Decodes a decision, of which `bin` knows how it is likely to come out (D.2.4, Decode).
    #[inline(always)]
    pub(super) fn decide(&mut self, bin: &mut u8, entropy: &mut Entropy<'_>) -> bool {
        let guess = *bin >= GUESS;
        let estimate = ESTIMATES[usize::from(*bin)];
        let less = u32::from(estimate.less);
        self.size -= less;
        let rest = self.size << self.ahead;
        // The guess has the lower part of the interval. Where that is the smaller one, the parts are exchanged.
        let guessed = if self.code < rest {
            if self.size >= NORMAL {
                return guess;
            }
            self.size >= less
        } else {
            self.code -= rest;
            let exchanged = self.size < less;
            self.size = less;
            exchanged
        };
        *bin = if guessed {
            estimate.after_more
        } else {
            estimate.after_less
        };
        self.renormalise(entropy);
        guess == guessed
    }

    /// A decision that can't be guessed.
    #[inline(always)]
    pub(super) fn toss(&mut self, entropy: &mut Entropy<'_>) -> bool {
        self.decide(&mut 0, entropy)
    }

    /// D.2.6, `Renorm_d` and `Byte_in`.
    #[inline(always)]
    fn renormalise(&mut self, entropy: &mut Entropy<'_>) {
        let shift = self.size.leading_zeros() - NORMAL.leading_zeros();
        self.size <<= shift;
        while self.ahead < shift {
            self.code = self.code << 8 | u32::from(entropy.byte());
            self.ahead += 8;
        }
        self.ahead -= shift;
    }
}

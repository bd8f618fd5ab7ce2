//! The zig-zag sequence (T.81 Figure A.6), for blocks that are held transposed.
//!
//! The vectorised transform leaves a block with its horizontal frequency as the row number. Transposing it
//! would cost more than looking up the positions, so a [`Block`] stays transposed throughout the encoder.

use crate::jpeg::ZIGZAG;

/// The coefficients of a block; the one of horizontal frequency `u` and vertical frequency `v` is at `8 u + v`.
pub(super) type Block = [i16; 64];

/// Position in a [`Block`] of each coefficient of the zig-zag sequence.
pub(super) const IN_BLOCK: [u8; 64] = in_block();

/// Converts a set of positions in a [`Block`] to the same set of places in the zig-zag sequence.
///
/// Bit `i` of `mask` is position `i`. Each of the eight bytes is looked up; common blocks use few entries.
#[inline(always)]
pub(super) fn zigzag_mask(mask: u64) -> u64 {
    let bytes = mask.to_le_bytes();
    let mut places = 0;
    for (byte, table) in bytes.iter().zip(&SPREAD) {
        places |= table[usize::from(*byte)];
    }
    places
}

/// The places of the nonzero coefficients in the zig-zag sequence.
#[inline(always)]
pub(super) fn nonzero(block: &Block) -> u64 {
    let bits = block.iter().enumerate();
    zigzag_mask(bits.fold(0, |mask, (i, &value)| mask | u64::from(value != 0) << i))
}

static SPREAD: [[u64; 256]; 8] = spread();

const fn in_block() -> [u8; 64] {
    let mut order = [0; 64];
    let mut k = 0;
    while k < 64 {
        let (x, y) = (ZIGZAG[k] % 8, ZIGZAG[k] / 8);
        order[k] = 8 * x + y;
        k += 1;
    }
    order
}

const fn spread() -> [[u64; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut k = 0;
    while k < 64 {
        let (table, bit) = (IN_BLOCK[k] as usize / 8, IN_BLOCK[k] % 8);
        let mut byte = 0;
        while byte < 256 {
            if (byte >> bit) & 1 == 1 {
                tables[table][byte] |= 1 << k;
            }
            byte += 1;
        }
        k += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_permuted_like_its_coefficients() {
        let mut state = 1u64;
        for _ in 0..1000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mask = state ^ (state >> 29);
            let block: Block = std::array::from_fn(|i| ((mask >> i) & 1) as i16);
            let places = IN_BLOCK.iter().enumerate();
            let expected = places.fold(0, |places, (k, &i)| places | u64::from(block[usize::from(i)] != 0) << k);
            assert_eq!(zigzag_mask(mask), expected);
            assert_eq!(nonzero(&block), expected);
        }
    }
}

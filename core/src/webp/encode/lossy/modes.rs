//! How the modes of macroblocks are written, and what they cost (RFC 6386, 8.1, 11.2 to 11.4).

use super::bits::Bools;
use super::costs::bit;
use crate::webp::tables::SUBBLOCK_MODES;

/// For each mode of a subblock: the nodes on the way to it, and the way taken.
const PATHS: [&[(usize, bool)]; 10] = [
    &[(0, false)],
    &[(0, true), (1, false)],
    &[(0, true), (1, true), (2, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, true), (5, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, true), (5, true)],
    &[(0, true), (1, true), (2, true), (3, true), (6, false)],
    &[(0, true), (1, true), (2, true), (3, true), (6, true), (7, false)],
    &[
        (0, true),
        (1, true),
        (2, true),
        (3, true),
        (6, true),
        (7, true),
        (8, false),
    ],
    &[
        (0, true),
        (1, true),
        (2, true),
        (3, true),
        (6, true),
        (7, true),
        (8, true),
    ],
];

/// For each mode of a whole block of luma: chances, and the way taken.
const WHOLE_PATHS: [[(u8, bool); 3]; 4] = [
    [(145, true), (156, false), (163, false)],
    [(145, true), (156, true), (128, true)],
    [(145, true), (156, false), (163, true)],
    [(145, true), (156, true), (128, false)],
];

const CHROMA_PATHS: [&[(u8, bool)]; 4] = [
    &[(142, false)],
    &[(142, true), (114, true), (183, true)],
    &[(142, true), (114, false)],
    &[(142, true), (114, true), (183, false)],
];

/// That each subblock has a mode of its own.
pub(super) const SUBBLOCKS_COST: u32 = bit(false, 145) as u32;

/// After the mode above and the one to the left: the cost of each mode of a subblock.
pub(super) static SUBBLOCK_COSTS: [[[u16; 10]; 10]; 10] = {
    let mut costs = [[[0; 10]; 10]; 10];
    let mut n = 0;
    while n < 1000 {
        let (above, left, mode) = (n / 100, n / 10 % 10, n % 10);
        let mut step = 0;
        while step < PATHS[mode].len() {
            let (node, way) = PATHS[mode][step];
            costs[above][left][mode] += bit(way, SUBBLOCK_MODES[above][left][node]);
            step += 1;
        }
        n += 1;
    }
    costs
};

pub(super) fn whole_cost(mode: usize) -> u32 {
    WHOLE_PATHS[mode]
        .iter()
        .map(|&(chance, way)| u32::from(bit(way, chance)))
        .sum()
}

pub(super) fn chroma_cost(mode: usize) -> u32 {
    CHROMA_PATHS[mode]
        .iter()
        .map(|&(chance, way)| u32::from(bit(way, chance)))
        .sum()
}

/// What was chosen for a macroblock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) segment: u8,
    /// Whether there are no coefficients.
    pub(super) skip: bool,
    /// Whether each subblock has a mode of its own.
    pub(super) subblocks: bool,
    pub(super) chroma: u8,
    /// All the same for a whole block.
    pub(super) luma: [u8; 16],
}

/// The same in few bytes.
pub(super) type Packed = [u8; 17];

impl Choice {
    pub(super) fn pack(&self) -> Packed {
        let mut packed = [0; 17];
        packed[0] = self.segment | u8::from(self.skip) << 2 | u8::from(self.subblocks) << 3 | self.chroma << 4;
        packed[1..].copy_from_slice(&self.luma);
        packed
    }

    pub(super) fn unpack([first, luma @ ..]: Packed) -> Self {
        Choice {
            segment: first & 3,
            skip: first >> 2 & 1 != 0,
            subblocks: first >> 3 & 1 != 0,
            chroma: first >> 4 & 3,
            luma,
        }
    }
}

/// Writes the modes of a macroblock; `above` and `left` are those around it.
pub(super) fn write(bools: &mut Bools, choice: &Choice, above: &mut [u8; 4], left: &mut [u8; 4]) {
    if !choice.subblocks {
        for (chance, way) in WHOLE_PATHS[usize::from(choice.luma[0] & 3)] {
            bools.put(way, chance);
        }
        (*above, *left) = ([choice.luma[0]; 4], [choice.luma[0]; 4]);
    } else {
        bools.put(false, 145);
        for (row, left) in choice.luma.as_chunks::<4>().0.iter().zip(left) {
            for (&mode, above) in row.iter().zip(&mut *above) {
                let chances = &SUBBLOCK_MODES[usize::from(*above)][usize::from(*left)];
                for &(node, way) in PATHS[usize::from(mode)] {
                    bools.put(way, chances[node]);
                }
                (*above, *left) = (mode, mode);
            }
        }
    }
    for &(chance, way) in CHROMA_PATHS[usize::from(choice.chroma & 3)] {
        bools.put(way, chance);
    }
}

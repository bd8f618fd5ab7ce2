//! Quantisation steps (RFC 6386, 9.6 and 14.1).

use crate::webp::tables::{AC_STEPS, DC_STEPS};

/// What the coefficients of a macroblock are multiplied with: the first of a block, and the others.
#[derive(Debug, Clone, Copy)]
pub(in crate::webp) struct Steps {
    pub(in crate::webp) luma: [i32; 2],
    /// Of the block with the first coefficients of the luma blocks.
    pub(in crate::webp) second: [i32; 2],
    pub(in crate::webp) chroma: [i32; 2],
}

impl Steps {
    /// For an index, and what is added to it: luma DC, second-order DC and AC, chroma DC and AC.
    pub(in crate::webp) fn new(index: i32, [luma_dc, second_dc, second_ac, chroma_dc, chroma_ac]: [i32; 5]) -> Self {
        let dc = |delta: i32, most: i32| i32::from(DC_STEPS[(index + delta).clamp(0, most) as usize]);
        let ac = |delta: i32| i32::from(AC_STEPS[(index + delta).clamp(0, 127) as usize]);
        Steps {
            luma: [dc(luma_dc, 127), ac(0)],
            second: [2 * dc(second_dc, 127), (ac(second_ac) * 155 / 100).max(8)],
            // At most 132.
            chroma: [dc(chroma_dc, 117), ac(chroma_ac)],
        }
    }
}

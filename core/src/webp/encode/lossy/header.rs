//! The frame header (RFC 6386, 9.2 to 9.11, 19.2), and the modes that follow it.

use super::bits::Bools;
use super::modes::{self, Choice, Packed};
use super::quant::Segment;
use crate::budget::Budget;
use crate::error::Result;
use crate::webp::tables::{COEFFICIENTS_STAY, Coefficients, DEFAULT_COEFFICIENTS};

/// What the header says.
pub(super) struct Header<'a> {
    pub(super) segments: &'a [Segment],
    pub(super) sharpness: u32,
    /// What is added to the steps' index for chroma, DC and AC.
    pub(super) deltas: [i32; 2],
    pub(super) chances: &'a Coefficients,
}

/// A chance in 256 that fits: of `no`s among all.
fn chance(no: usize, all: usize) -> u8 {
    match all {
        0 => 255,
        _ => ((255 * no + all / 2) / all).max(1) as u8,
    }
}

impl Header<'_> {
    /// Writes the first partition: the header and the modes of all macroblocks.
    pub(super) fn write(&self, choices: &[Packed], columns: usize, budget: &Budget) -> Result<Vec<u8>> {
        let mut bools = Bools::new();
        // The only colour space there is; decoders have to clamp.
        bools.number(0, 2);
        let tree = self.segments(choices, &mut bools);
        bools.flag(false);
        let level = self.segments.iter().map(|segment| segment.strength).max().unwrap_or(0);
        bools.number(level as u32, 6);
        bools.number(self.sharpness, 3);
        bools.flag(false);
        // One partition.
        bools.number(0, 2);
        bools.number(self.segments[0].index as u32, 7);
        let [dc, ac] = self.deltas;
        for delta in [0, 0, 0, dc, ac] {
            bools.optional(delta, 4);
        }
        bools.flag(false);
        self.chances(&mut bools);
        let skipped = choices.iter().filter(|packed| Choice::unpack(**packed).skip).count();
        let skip = chance(choices.len() - skipped, choices.len());
        bools.flag(true);
        bools.number(skip.into(), 8);
        let mut above = vec![[0; 4]; columns];
        for row in choices.chunks_exact(columns) {
            budget.check()?;
            let mut left = [0; 4];
            for (&packed, above) in row.iter().zip(&mut above) {
                let choice = Choice::unpack(packed);
                if let Some([half, low, high]) = tree {
                    bools.put(choice.segment >= 2, half);
                    bools.put(choice.segment % 2 == 1, if choice.segment < 2 { low } else { high });
                }
                bools.put(choice.skip, skip);
                modes::write(&mut bools, &choice, above, &mut left);
            }
        }
        Ok(bools.finish())
    }

    /// Returns the chances of the tree of segments, if there is more than one.
    fn segments(&self, choices: &[Packed], bools: &mut Bools) -> Option<[u8; 3]> {
        let several = self.segments.len() > 1;
        bools.flag(several);
        if !several {
            return None;
        }
        let mut counts = [0; 4];
        for &packed in choices {
            counts[usize::from(Choice::unpack(packed).segment)] += 1;
        }
        let tree = [
            chance(counts[0] + counts[1], choices.len()),
            chance(counts[0], counts[0] + counts[1]),
            chance(counts[2], counts[2] + counts[3]),
        ];
        // There is a map, there are values, and they are absolute.
        bools.flag(true);
        bools.flag(true);
        bools.flag(true);
        for n in 0..4 {
            bools.optional(self.segments.get(n).map_or(0, |segment| segment.index), 7);
        }
        for n in 0..4 {
            bools.optional(self.segments.get(n).map_or(0, |segment| segment.strength), 6);
        }
        for chance in tree {
            bools.flag(chance != 255);
            if chance != 255 {
                bools.number(chance.into(), 8);
            }
        }
        Some(tree)
    }

    fn chances(&self, bools: &mut Bools) {
        let flat = |chances: &'_ Coefficients| chances.as_flattened().as_flattened().as_flattened().to_vec();
        let all = flat(self.chances).into_iter().zip(flat(&DEFAULT_COEFFICIENTS));
        for ((new, old), stays) in all.zip(flat(&COEFFICIENTS_STAY)) {
            bools.put(new != old, stays);
            if new != old {
                bools.number(new.into(), 8);
            }
        }
    }
}

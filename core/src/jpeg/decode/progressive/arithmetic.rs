//! Arithmetic-coded MCUs (T.81 G.1.3, G.2).

use super::{Coding, Part, Plane, Scan};
use crate::error::Result;
use crate::jpeg::decode::arithmetic::{Arithmetic, BadCode, Change};
use crate::jpeg::decode::damage::Damage;
use crate::jpeg::decode::entropy::Entropy;

pub(super) fn decode_row(scan: &mut Scan<'_>, row: usize, planes: &mut [Plane], damage: &mut Damage<'_>) -> Result<()> {
    for mcu in 0..scan.mcus_x {
        if !scan.next_mcu(damage)? {
            continue;
        }
        let pass = Pass {
            start: scan.start,
            end: scan.end,
            refine: scan.refine,
            low: scan.low,
        };
        let Scan {
            parts,
            arithmetic: Some(arithmetic),
            entropy,
            ..
        } = scan
        else {
            return Ok(());
        };
        for part in parts {
            let plane = &mut planes[part.index];
            if pass.mcu(part, row, mcu, plane, arithmetic, entropy).is_err() {
                entropy.give_up(damage)?;
                break;
            }
        }
        entropy.check_bytes(scan.restart > 0, damage)?;
    }
    Ok(())
}

/// What a scan adds to a block.
#[derive(Debug, Clone, Copy)]
struct Pass {
    start: usize,
    end: usize,
    refine: bool,
    low: u32,
}

impl Pass {
    /// The blocks of one component in an MCU.
    fn mcu(
        self,
        part: &mut Part,
        row: usize,
        mcu: usize,
        plane: &mut Plane,
        arithmetic: &mut Arithmetic,
        entropy: &mut Entropy<'_>,
    ) -> Result<(), BadCode> {
        let Coding::Arithmetic(table) = part.coding else {
            return Ok(());
        };
        let len = plane.grid.len();
        for at in part.blocks(row, mcu, plane.across) {
            let block = &mut plane.coefficients[at * len..][..len];
            match (self.start, self.refine) {
                (0, false) => {
                    let difference = arithmetic.difference(table, part.index, entropy)?;
                    part.prediction = part.prediction.wrapping_add(difference);
                    block[0] = (part.prediction << self.low) as i16;
                }
                (0, true) => block[0] |= i16::from(arithmetic.bit(entropy)) << self.low,
                (_, refine) => {
                    let mask = &mut plane.masks[at];
                    let band = self.start..=self.end;
                    if refine {
                        self.refine(table, block, &plane.places, mask, arithmetic, entropy)?;
                    } else {
                        arithmetic.band(table, band, entropy, |k, value| {
                            *mask |= 1 << k;
                            if let Some(slot) = block.get_mut(usize::from(plane.places[k])) {
                                *slot = (value << self.low) as i16;
                            }
                        })?;
                    }
                }
            }
        }
        Ok(())
    }

    fn refine(
        self,
        table: usize,
        block: &mut [i16],
        places: &[u8; 64],
        mask: &mut u64,
        arithmetic: &mut Arithmetic,
        entropy: &mut Entropy<'_>,
    ) -> Result<(), BadCode> {
        let one = 1i16 << self.low;
        arithmetic.refine(table, self.start..=self.end, *mask, entropy, |k, change| {
            *mask |= 1 << k;
            let Some(slot) = block.get_mut(usize::from(places[k])) else {
                return;
            };
            match change {
                Change::Grows if *slot < 0 => *slot = slot.wrapping_sub(one),
                Change::Grows => *slot = slot.wrapping_add(one),
                Change::Comes { negative: true } => *slot = -one,
                Change::Comes { negative: false } => *slot = one,
            }
        })
    }
}

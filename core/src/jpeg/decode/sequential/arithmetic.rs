//! Arithmetic-coded MCUs (T.81 F.2.4). Here nothing can be skipped: each decision depends on the ones before.

use super::{Coding, ComponentBlocks, Sequential};
use crate::error::Result;
use crate::jpeg::decode::arithmetic::{Arithmetic, BadCode};
use crate::jpeg::decode::damage::Damage;
use crate::jpeg::decode::entropy::Entropy;
use crate::jpeg::decode::idct::Grid;
use crate::jpeg::decode::scan::ScanComponent;
use crate::jpeg::decode::tables::Tables;

/// The numbers of a component's tables.
#[derive(Debug)]
pub(in crate::jpeg::decode) struct Bins {
    dc: usize,
    ac: usize,
}

impl Coding for Bins {
    type Shared = Box<Arithmetic>;

    fn shared(tables: &Tables, entropy: &mut Entropy<'_>) -> Self::Shared {
        Box::new(Arithmetic::new(tables.conditioning, entropy))
    }

    fn restart(arithmetic: &mut Self::Shared, entropy: &mut Entropy<'_>) {
        arithmetic.restart(entropy);
    }

    fn new(part: &ScanComponent, _: Grid, _: &Tables, _: bool) -> Result<Self> {
        Ok(Bins {
            dc: part.dc,
            ac: part.ac,
        })
    }

    fn chunk(scan: &mut Sequential<'_, Self>, count: usize, damage: &mut Damage<'_>) -> Result<()> {
        decode_chunk(scan, count, damage)
    }
}

fn decode_chunk(scan: &mut Sequential<'_, Bins>, count: usize, damage: &mut Damage<'_>) -> Result<()> {
    for mcu in 0..count {
        if !scan.next_mcu(mcu, damage)? {
            continue;
        }
        let Sequential {
            components,
            shared: arithmetic,
            entropy,
            restart,
            ..
        } = scan;
        for blocks in components.iter_mut() {
            if blocks.decode(mcu, arithmetic, entropy).is_err() {
                entropy.give_up(damage)?;
                break;
            }
        }
        entropy.check_bytes(*restart > 0, damage)?;
        if entropy.exhausted() {
            components.iter_mut().for_each(|blocks| blocks.clear(mcu));
        }
    }
    Ok(())
}

impl ComponentBlocks<Bins> {
    /// Decodes the blocks of an MCU of a chunk.
    fn decode(&mut self, mcu: usize, arithmetic: &mut Arithmetic, entropy: &mut Entropy<'_>) -> Result<(), BadCode> {
        let Bins { dc, ac } = self.coding;
        for spot in &self.spots {
            let at = mcu * self.h + spot;
            let block = self.coefficients.block(at);
            block.fill(0);
            let difference = arithmetic.difference(dc, self.index, entropy)?;
            self.prediction = self.prediction.wrapping_add(difference);
            block[0] = self.prediction as i16;
            let mut last = 0;
            arithmetic.band(ac, 1..=63, entropy, |k, value| {
                last = k as u8;
                if let Some(slot) = block.get_mut(usize::from(self.places[k])) {
                    *slot = value as i16;
                }
            })?;
            self.lasts[at] = last;
        }
        Ok(())
    }
}

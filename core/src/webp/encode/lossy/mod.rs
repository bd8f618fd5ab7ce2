//! Encoding lossy pictures: key frames of VP8 (RFC 6386).
//!
//! | file | what | RFC 6386 |
//! |---|---|---|
//! | `source` | macroblocks of the picture | |
//! | `analysis`, `segments`, `quant` | segments, their steps and filters | 9.3, 9.6, 14.1 |
//! | `frame` | rows of macroblocks | |
//! | `whole`, `subblocks`, `chroma` | how each is predicted | 12 |
//! | `lanes` | transforms and quantisation, sixteen blocks at a time | 14 |
//! | `trellis` | quantisation for the fewest bits at the same quality | |
//! | `costs`, `modes` | what choices cost in bits | 11, 13 |
//! | `tokens` | coefficients, until their statistics are known | 13 |
//! | `header`, `bits` | from choices to bits to bytes | 7, 9, 19.2 |

mod analysis;
mod bits;
mod chroma;
mod costs;
mod frame;
mod header;
mod lanes;
mod modes;
mod quant;
mod segments;
mod source;
mod subblocks;
#[cfg(test)]
mod tests;
mod tokens;
mod trellis;
mod whole;

pub(crate) use source::Planes;

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;
use frame::{Effort, Encoder};
use header::Header;

/// How to encode.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// 0 to 100.
    pub(crate) quality: f32,
    /// 0 (fast) to 6 (small).
    pub(crate) effort: u8,
    /// How much segments differ, 0 to 100.
    pub(crate) adaptation: u32,
    /// How strong the loop filter is, 0 to 100.
    pub(crate) filter: i32,
    /// How sharp the loop filter leaves edges, 0 to 7.
    pub(crate) sharpness: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            quality: 80.0,
            effort: 4,
            adaptation: 50,
            filter: 60,
            sharpness: 0,
        }
    }
}

impl Settings {
    /// What a change of texture is worth, 0 to 100.
    fn texture(&self) -> u32 {
        self.adaptation
    }

    fn effort(&self) -> Effort {
        let (whole, subblocks, least, chroma, trellis) = match self.effort {
            0 => (0, 1, u32::MAX, 1, false),
            1 => (0, 1, 10, 1, false),
            2 => (1, 1, 0, 2, false),
            3 => (1, 2, 0, 2, false),
            4 => (1, 1, 0, 2, true),
            5 => (2, 3, 0, 2, true),
            _ => (4, 10, 0, 2, true),
        };
        Effort {
            whole,
            subblocks,
            least,
            chroma,
            trellis,
        }
    }
}

/// The most that the first partition can have.
const LARGEST_FIRST: usize = (1 << 19) - 1;

/// Encodes a picture of at most 16,383 pixels either way as the data of a `VP8 ` chunk.
pub(crate) fn encode(planes: &Planes<'_>, settings: &Settings, budget: &Budget) -> Result<Vec<u8>> {
    let mut analysis = analysis::analyse(planes, 4, budget)?;
    let (segments, deltas) = segments::of(&mut analysis, settings);
    let mut encoder = Encoder::new(planes, &analysis, segments, settings, settings.effort(), budget)?;
    encoder.run(budget)?;
    finish(encoder, planes, settings, deltas, budget)
}

fn finish(
    mut encoder: Encoder<'_>,
    planes: &Planes<'_>,
    settings: &Settings,
    deltas: [i32; 2],
    budget: &Budget,
) -> Result<Vec<u8>> {
    segments::smooth(&mut encoder.segments, settings);
    let chances = encoder.tokens.chances();
    let header = Header {
        segments: &encoder.segments,
        sharpness: settings.sharpness,
        deltas,
        chances: &chances,
    };
    let first = header.write(&encoder.choices, planes.columns(), budget)?;
    if first.len() > LARGEST_FIRST {
        return Err(Error::encoder(
            Format::Webp,
            "the modes of its macroblocks don't fit in 512 kB",
        ));
    }
    let tokens = encoder.tokens.write(&chances, budget)?;
    let mut file = Vec::new();
    file.try_reserve_exact(10 + first.len() + tokens.len())
        .map_err(|_| Error::OutOfMemory {
            bytes: (first.len() + tokens.len()) as u64,
            what: "WebP",
        })?;
    // A key frame of version 0 that is shown.
    let tag = 1 << 4 | (first.len() as u32) << 5;
    file.extend_from_slice(&tag.to_le_bytes()[..3]);
    file.extend_from_slice(&[0x9d, 0x01, 0x2a]);
    file.extend_from_slice(&(planes.width as u16).to_le_bytes());
    file.extend_from_slice(&(planes.height as u16).to_le_bytes());
    file.extend_from_slice(&first);
    file.extend_from_slice(&tokens);
    Ok(file)
}

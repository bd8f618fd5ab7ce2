//! Encoding the alpha of lossy pictures (RFC 9649, 2.7.1.2).

mod filter;
mod levels;
#[cfg(test)]
mod tests;

use super::lossless;
use crate::budget::Budget;
use crate::error::Result;

/// How a plane is compressed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// 0 (fastest) to 6 (smallest).
    pub(crate) effort: u8,
    /// 100 keeps every value; the lower, the fewer are left.
    pub(crate) quality: u8,
}

/// Planes with so few values, if this many or fewer, hardly get smaller by a filter.
const FEW: usize = 16;

/// From this effort on, a filter is tried as well. VP8L predicts too, so it seldom helps.
const BOTH: u8 = 5;

/// Appends the data of an `ALPH` chunk, for a plane of `width` values in each row, which is left with the values that
/// it has.
pub(crate) fn encode(
    plane: &mut [u8],
    width: usize,
    options: Options,
    budget: &Budget,
    out: &mut Vec<u8>,
) -> Result<()> {
    let mut counts = levels::count(plane, budget)?;
    let mut values = counts.iter().filter(|&&count| count > 0).count();
    // A reader may smooth what has fewer levels than before.
    let mut reduced = 0;
    if options.quality < 100 {
        let most = levels::of(options.quality);
        if values > most {
            levels::reduce(plane, &mut counts, most, budget)?;
            values = most;
            reduced = 1 << 4;
        }
    }
    let start = out.len();
    compress(plane, width, 0, reduced, options, budget, out)?;
    if values > FEW && options.effort >= BOTH {
        let filter = filter::choose(plane, width, budget)?;
        if filter > 0 {
            let mut other = Vec::new();
            compress(plane, width, filter, reduced, options, budget, &mut other)?;
            if other.len() < out.len() - start {
                out.truncate(start);
                out.extend_from_slice(&other);
            }
        }
    }
    if out.len() - start > plane.len() {
        out.truncate(start);
        out.push(reduced);
        out.extend_from_slice(plane);
    }
    Ok(())
}

/// Appends the plane compressed without loss, less what a filter predicts.
fn compress(
    plane: &[u8],
    width: usize,
    filter: u8,
    reduced: u8,
    options: Options,
    budget: &Budget,
    out: &mut Vec<u8>,
) -> Result<()> {
    /// Compressed without loss.
    const COMPRESSED: u8 = 1;
    let mut pixels = budget.zeroed::<u32>(plane.len(), "WebP alpha")?;
    filter::apply(plane, width, filter, &mut pixels, budget)?;
    out.push(COMPRESSED | filter << 2 | reduced);
    let options = lossless::Options {
        effort: match options.effort {
            BOTH.. => options.effort,
            effort => effort.min(3),
        },
        near: 100,
    };
    lossless::encode(&mut pixels, width, options, budget, out)
}

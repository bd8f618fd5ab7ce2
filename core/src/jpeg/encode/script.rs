//! The scans of a progressive file.
//!
//! Every file starts with all DC coefficients at full precision. The AC coefficients of a component come in one
//! band or two, and their lowest bits may come in scans of their own (T.81 G.1.1.1).

use super::coefficients::Coefficients;
use super::frame::{Frame, Scan};
use super::progressive;
use super::tokens::Counts;
use crate::budget::Budget;
use crate::error::Result;

/// How a component's AC coefficients are divided into scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Division {
    /// The last place of the first band; 63 for one band only.
    split: u8,
    /// Bits that come in later scans.
    low: u8,
}

/// A script that shows a coarse image early and costs few bytes.
pub(super) fn plain(frame: &Frame) -> Vec<Scan> {
    let luma = Division { split: 8, low: 1 };
    let chroma = Division { split: 63, low: 0 };
    let divisions: Vec<_> = [luma, chroma, chroma]
        .into_iter()
        .take(frame.components.len())
        .collect();
    assemble(&divisions)
}

/// The script with the fewest bytes of those tried. For each component it tries the number of late bits, with two
/// bands, then the boundary between the bands.
pub(super) fn searched(frame: &Frame, coefficients: &Coefficients, budget: &Budget) -> Result<Vec<Scan>> {
    let mut divisions = Vec::new();
    for index in (0..).take(frame.components.len()) {
        let bytes = |scan: Scan| -> Result<u64> {
            let mut counts = Counts::new();
            progressive::scan(&mut counts, frame, coefficients, &scan, 0, budget)?;
            Ok(counts.bytes())
        };
        let first = |split: u8, low: u8| -> Result<u64> {
            let mut sum = bytes(ac(index, (1, split), (0, low)))?;
            if split < 63 {
                sum += bytes(ac(index, (split + 1, 63), (0, low)))?;
            }
            Ok(sum)
        };
        let mut best = Division { split: 8, low: 0 };
        let mut least = first(8, 0)?;
        let mut refinements = 0;
        for low in 1..=3 {
            refinements += bytes(ac(index, (1, 63), (low, low - 1)))?;
            let sum = refinements + first(8, low)?;
            if sum >= least {
                break;
            }
            (best.low, least) = (low, sum);
        }
        let mut least = first(8, best.low)?;
        for split in [63, 2, 5, 12, 18] {
            let sum = first(split, best.low)?;
            if sum < least {
                (best.split, least) = (split, sum);
            }
        }
        divisions.push(best);
    }
    Ok(assemble(&divisions))
}

/// DC, then the first bands of all components, the second bands, and the late bits from high to low.
fn assemble(divisions: &[Division]) -> Vec<Scan> {
    let components = || (0u8..).zip(divisions);
    let mut scans = vec![Scan {
        components: components().map(|(index, _)| index).collect(),
        first: 0,
        last: 0,
        high: 0,
        low: 0,
    }];
    scans.extend(components().map(|(index, d)| ac(index, (1, d.split), (0, d.low))));
    let two = components().filter(|(_, d)| d.split < 63);
    scans.extend(two.map(|(index, d)| ac(index, (d.split + 1, 63), (0, d.low))));
    for high in (1..=3).rev() {
        let late = components().filter(|(_, d)| d.low >= high);
        scans.extend(late.map(|(index, _)| ac(index, (1, 63), (high, high - 1))));
    }
    scans
}

fn ac(component: u8, (first, last): (u8, u8), (high, low): (u8, u8)) -> Scan {
    Scan {
        components: vec![component],
        first,
        last,
        high,
        low,
    }
}

//! Fewer levels of alpha, for a lower quality.

use crate::budget::Budget;
use crate::error::Result;

/// How often each value occurs.
pub(super) fn count(plane: &[u8], budget: &Budget) -> Result<[u64; 256]> {
    let mut counts = [0; 256];
    for part in plane.chunks(1 << 16) {
        budget.check()?;
        part.iter().for_each(|&value| counts[usize::from(value)] += 1);
    }
    Ok(counts)
}

/// How many levels a quality below 100 leaves: as many as libwebp's.
pub(super) fn of(quality: u8) -> usize {
    let quality = usize::from(quality);
    match quality {
        0..=70 => 2 + quality / 5,
        _ => 16 + (quality - 70) * 8,
    }
}

/// How often the levels move to the middle of their values.
const ROUNDS: usize = 6;

/// Puts the nearest of `most` levels in place of each value; `counts` are those of the values. The least and the most
/// are kept, so that what is invisible or opaque stays so.
pub(super) fn reduce(plane: &mut [u8], counts: &mut [u64; 256], most: usize, budget: &Budget) -> Result<()> {
    let least = counts.iter().position(|&count| count > 0).unwrap_or(0);
    let largest = counts.iter().rposition(|&count| count > 0).unwrap_or(0);
    let range = (largest - least) as f64;
    let mut levels: Vec<f64> = (0..most)
        .map(|level| least as f64 + range * level as f64 / (most - 1).max(1) as f64)
        .collect();
    let mut level_of = [0; 256];
    for _ in 0..ROUNDS {
        let mut sums = vec![(0.0, 0.0); most];
        let mut nearest = 0;
        for value in least..=largest {
            let at = value as f64;
            while nearest + 1 < most && (levels[nearest + 1] - at).abs() < (levels[nearest] - at).abs() {
                nearest += 1;
            }
            level_of[value] = nearest;
            sums[nearest].0 += counts[value] as f64 * at;
            sums[nearest].1 += counts[value] as f64;
        }
        for (level, (sum, count)) in levels.iter_mut().zip(sums).take(most - 1).skip(1) {
            if count > 0.0 {
                *level = sum / count;
            }
        }
    }
    let map: [u8; 256] = std::array::from_fn(|value| levels[level_of[value]].round() as u8);
    for part in plane.chunks_mut(1 << 16) {
        budget.check()?;
        part.iter_mut().for_each(|value| *value = map[usize::from(*value)]);
    }
    *counts = count(plane, budget)?;
    Ok(())
}

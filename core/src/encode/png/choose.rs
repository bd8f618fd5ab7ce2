//! Which filter and which way to compress suit a picture: both are tried on some of its rows.

use super::filter::{Filter, Line};
use super::passes::Samples;
use crate::budget::Budget;
use crate::deflate::{Deflater, Method};
use crate::encode::options;
use crate::error::Result;

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) filter: Filter,
    pub(super) method: Method,
}

/// Below so many bytes all rows are tried.
const SMALL: usize = 1 << 15;
/// Bands of rows that are tried, spread over the picture.
const BANDS: usize = 4;

/// Chooses for a picture, whose samples are `indexed` colours or not.
pub(super) fn choose(samples: &Samples<'_>, options: &options::Png, indexed: bool, budget: &Budget) -> Result<Choice> {
    let choice = |filter, method| Choice { filter, method };
    let level = options.compression;
    // There is time for a small one.
    let effort = if level > 1 && samples.len() < 1 << 19 {
        level.max(6)
    } else {
        level
    };
    let matches = Method::Matches(effort);
    if level == 0 {
        return Ok(choice(Filter::None, Method::Store));
    }
    // Neighbours among indices are no closer than others.
    let filters: &[Filter] = match (options.adaptive, indexed) {
        (Some(true), _) => &[Filter::Least],
        (_, true) => &[Filter::None],
        (Some(false), _) => &[Filter::None, Filter::Sub, Filter::Up, Filter::Average, Filter::Paeth],
        (None, _) => &[Filter::None, Filter::Up, Filter::Least],
    };
    let best = match options.adaptive {
        Some(false) => Filter::Paeth,
        _ => Filter::Least,
    };
    let bands = bands(samples);
    if !indexed && level < 8 && samples.bits == 8 && bands.iter().all(|band| is_continuous(band)) {
        return Ok(choice(best, Method::Runs));
    }
    let mut trials: Vec<Choice> = filters.iter().map(|&filter| choice(filter, matches)).collect();
    if filters.contains(&best) {
        trials.push(choice(best, Method::Runs));
    }
    if trials.len() == 1 {
        return Ok(trials[0]);
    }
    let mut smallest = (usize::MAX, trials[0]);
    for trial in trials {
        let method = match trial.method {
            Method::Matches(effort) => Method::Matches(effort.min(2)),
            other => other,
        };
        let bytes = compress(&bands, choice(trial.filter, method), budget)?.len();
        // Matches take five times as long.
        let bytes = match trial.method {
            Method::Matches(_) if level < 8 => bytes + bytes / 32,
            _ => bytes,
        };
        if bytes < smallest.0 {
            smallest = (bytes, trial);
        }
    }
    Ok(smallest.1)
}

/// Rows of the picture, enough to tell.
fn bands<'a>(samples: &Samples<'a>) -> Vec<Samples<'a>> {
    let rows = samples.height * SMALL.max(samples.len() / 60) / samples.len().max(1) / BANDS;
    if rows * BANDS >= samples.height {
        return vec![samples.band(0..samples.height)];
    }
    let rows = rows.max(2).min(samples.height / BANDS);
    let places = (0..BANDS).map(|band| (2 * band + 1) * samples.height / (2 * BANDS) - rows / 2);
    places.map(|top| samples.band(top..top + rows)).collect()
}

/// Whether hardly a pixel is as the one to the left of it, but most are near.
fn is_continuous(samples: &Samples<'_>) -> bool {
    let (channels, stride) = (samples.channels, samples.width * samples.channels);
    let (mut same, mut steps) = (0, 0);
    for row in samples.data.chunks_exact(stride) {
        let pixels = row.chunks_exact(channels);
        same += pixels.clone().zip(pixels.skip(1)).filter(|(a, b)| a == b).count();
        let pairs = row.iter().zip(&row[channels..]);
        steps += pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
    }
    same * 16 < samples.width * samples.height && steps < 16 * samples.data.len() as u64
}

/// The zlib stream of a picture, or of bands of one.
pub(super) fn compress(bands: &[Samples<'_>], choice: Choice, budget: &Budget) -> Result<Vec<u8>> {
    let Some(first) = bands.first() else {
        return Ok(Vec::new());
    };
    let longest = first.longest();
    let _booked = budget.reserve(Deflater::size() + 2 * longest as u64)?;
    let pixel = (first.channels * usize::from(first.bits)).div_ceil(8);
    let step = if choice.filter == Filter::None { pixel } else { 0 };
    let mut out = Vec::new();
    let mut line = Line::new(choice.filter, longest);
    let len = bands.iter().map(Samples::len).sum();
    let mut deflater = Deflater::new(choice.method, (longest + 1, step), len, &mut out);
    for band in bands {
        band.rows(budget, |row, above| {
            deflater.write(line.filter(row, above, pixel), &mut out)
        })?;
    }
    deflater.finish(&mut out);
    Ok(out)
}

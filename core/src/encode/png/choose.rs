//! Which filter and which way to compress suit a picture: both are tried on some of its rows.

use super::filter::{Filter, Line};
use super::passes::Samples;
use crate::budget::Budget;
use crate::deflate::{Deflater, Method};
use crate::encode::options;
use crate::error::Result;

/// How a picture is written.
#[derive(Debug, Clone, Copy)]
struct Choice {
    filter: Filter,
    method: Method,
}

impl Choice {
    const STORED: Choice = Choice {
        filter: Filter::None,
        method: Method::Store,
    };
}

/// Below so many bytes all rows are tried.
const SMALL: usize = 1 << 15;
/// Bands of rows that are tried, spread over the picture.
const BANDS: usize = 4;

/// The zlib stream of a picture, whose samples are `indexed` colours or not, written in the way that suits it.
pub(super) fn compressed(
    samples: Samples<'_>,
    options: &options::Png,
    indexed: bool,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let _booked =
        budget.reserve(Deflater::size(Method::Matches(options.compression)) + 2 * samples.longest() as u64)?;
    let mut deflater = Deflater::new(samples.len());
    let bands = bands(&samples);
    let trials = trials(&samples, &bands, options, indexed);
    if let [only] = trials[..] {
        return compress(&mut deflater, &[samples], only, budget);
    }
    if options.compression > 9 {
        return search(&mut deflater, samples, trials, budget);
    }
    // All of a small picture is tried, in earnest.
    let whole = bands.len() == 1;
    let mut smallest: Option<(usize, Choice, Vec<u8>)> = None;
    for choice in trials {
        let (method, handicap) = match choice.method {
            Method::Matches(effort) if !whole => (Method::Matches(effort.min(2)), options.compression < 8),
            method => (method, false),
        };
        let stream = compress(&mut deflater, &bands, Choice { method, ..choice }, budget)?;
        // Matches take five times as long as runs.
        let cost = stream.len() + if handicap { stream.len() / 32 } else { 0 };
        if smallest.as_ref().is_none_or(|(least, ..)| cost < *least) {
            smallest = Some((cost, choice, stream));
        }
    }
    match smallest {
        Some((.., stream)) if whole => Ok(stream),
        Some((_, choice, _)) => compress(&mut deflater, &[samples], choice, budget),
        None => compress(&mut deflater, &[samples], Choice::STORED, budget),
    }
}

/// The smallest stream that is found: all filters are tried with little effort, and the best two with all of it.
fn search(deflater: &mut Deflater, samples: Samples<'_>, trials: Vec<Choice>, budget: &Budget) -> Result<Vec<u8>> {
    let mut tried = Vec::new();
    for Choice { filter, .. } in trials {
        let quick = Choice {
            filter,
            method: Method::Matches(6),
        };
        tried.push((compress(deflater, &[samples], quick, budget)?.len(), filter));
    }
    tried.sort_by_key(|&(bytes, _)| bytes);
    tried.truncate(2);
    let mut smallest: Option<Vec<u8>> = None;
    for (_, filter) in tried {
        // The cheapest way within a span need not be the one that makes the cheapest blocks.
        for method in [Method::Runs, Method::Matches(9), Method::Matches(10)] {
            let stream = compress(deflater, &[samples], Choice { filter, method }, budget)?;
            if smallest.as_ref().is_none_or(|least| stream.len() < least.len()) {
                smallest = Some(stream);
            }
        }
    }
    smallest.map_or_else(|| compress(deflater, &[samples], Choice::STORED, budget), Ok)
}

/// What may suit a picture.
fn trials(samples: &Samples<'_>, bands: &[Samples<'_>], options: &options::Png, indexed: bool) -> Vec<Choice> {
    let choice = |filter, method| Choice { filter, method };
    let level = options.compression;
    // There is time for a small one.
    let effort = if level > 1 && samples.len() < 1 << 19 {
        level.max(6)
    } else {
        level
    };
    if level == 0 {
        return vec![Choice::STORED];
    }
    // Neighbours among indices are no closer than others.
    let filters: &[Filter] = match (options.adaptive, indexed) {
        (Some(true), _) => &[Filter::Least],
        (_, true) => &[Filter::None],
        (Some(false), _) => &[Filter::None, Filter::Sub, Filter::Up, Filter::Average, Filter::Paeth],
        (None, _) if level > 9 => &Filter::ALL,
        (None, _) => &[Filter::None, Filter::Up, Filter::Least],
    };
    let best = match options.adaptive {
        Some(false) => Filter::Paeth,
        _ => Filter::Least,
    };
    if !indexed && level < 8 && samples.bits == 8 && bands.iter().all(is_continuous) {
        return vec![choice(best, Method::Runs)];
    }
    let matches = filters.iter().map(|&filter| choice(filter, Method::Matches(effort)));
    let runs = (level < 10 && filters.contains(&best)).then(|| choice(best, Method::Runs));
    matches.chain(runs).collect()
}

/// Rows of the picture, enough to tell.
fn bands<'a>(samples: &Samples<'a>) -> Vec<Samples<'a>> {
    let rows = samples.height * SMALL.max(samples.len() / 60) / samples.len().max(1) / BANDS;
    if rows * BANDS >= samples.height {
        return vec![*samples];
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

/// The zlib stream of bands of a picture.
fn compress(deflater: &mut Deflater, bands: &[Samples<'_>], choice: Choice, budget: &Budget) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let Some(first) = bands.first() else {
        return Ok(out);
    };
    let longest = first.longest();
    let pixel = (first.channels * usize::from(first.bits)).div_ceil(8);
    let step = if choice.filter == Filter::None { pixel } else { 0 };
    let mut line = Line::new(choice.filter, longest);
    deflater.start(choice.method, (longest + 1, step), &mut out);
    for band in bands {
        band.rows(budget, |row, above| {
            deflater.write(line.filter(row, above, pixel), &mut out)
        })?;
    }
    deflater.finish(&mut out);
    Ok(out)
}

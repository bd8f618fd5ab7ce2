//! Row filters (PNG 9).

/// How rows are filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    None,
    Sub,
    Up,
    Average,
    Paeth,
    /// Each row with the one whose bytes, as signed numbers, have the smallest sum of absolute values (PNG 12.7).
    Least,
    /// Each row with the one whose bytes have the least entropy.
    Entropy,
}

impl Filter {
    pub(crate) const ALL: [Filter; 7] = [
        Filter::None,
        Filter::Sub,
        Filter::Up,
        Filter::Average,
        Filter::Paeth,
        Filter::Least,
        Filter::Entropy,
    ];
}

/// Makes lines for the compressor: a byte for the filter, then the filtered row.
pub(crate) struct Line {
    filter: Filter,
    line: Vec<u8>,
    trial: Vec<u8>,
}

impl Line {
    /// For rows of at most `longest` bytes, of which it takes two.
    pub(crate) fn new(filter: Filter, longest: usize) -> Self {
        Line {
            filter,
            line: vec![0; longest + 1],
            trial: vec![0; longest + 1],
        }
    }

    /// The line of a row below another one.
    pub(crate) fn filter(&mut self, row: &[u8], above: &[u8], channels: usize) -> &[u8] {
        let len = row.len() + 1;
        let cost = match self.filter {
            Filter::Least => sum,
            Filter::Entropy => entropy,
            filter => {
                filtered(filter as u8, row, above, channels, &mut self.line[..len]);
                return &self.line[..len];
            }
        };
        let mut least = u64::MAX;
        for kind in 0..=4 {
            filtered(kind, row, above, channels, &mut self.trial[..len]);
            let cost = cost(&self.trial[1..len]);
            if cost < least {
                least = cost;
                std::mem::swap(&mut self.line, &mut self.trial);
            }
        }
        &self.line[..len]
    }
}

fn sum(bytes: &[u8]) -> u64 {
    // A block's sum fits in 32 bits, of which a vector holds more.
    let block = |block: &[u8]| {
        block
            .iter()
            .map(|&byte| u32::from((byte as i8).unsigned_abs()))
            .sum::<u32>()
    };
    bytes.chunks(4096).map(|bytes| u64::from(block(bytes))).sum()
}

/// Bits of the bytes with ideal codes, in thousandths.
fn entropy(bytes: &[u8]) -> u64 {
    let mut counts = [0u32; 256];
    bytes.iter().for_each(|&byte| counts[usize::from(byte)] += 1);
    let all = bytes.len() as f32;
    let bits = |&count: &u32| count as f32 * (all / count as f32).log2();
    (counts.iter().filter(|&&count| count > 0).map(bits).sum::<f32>() * 1000.0) as u64
}

fn filtered(kind: u8, row: &[u8], above: &[u8], channels: usize, out: &mut [u8]) {
    let [tag, out @ ..] = out else { return };
    *tag = kind;
    // There is nothing to the left of the first pixel.
    let start = channels.min(row.len());
    let (first, rest) = out.split_at_mut(start);
    let pairs = first.iter_mut().zip(row).zip(above);
    pairs.for_each(|((out, &v), &up)| *out = v.wrapping_sub(predicted(kind, 0, up, 0)));
    let end = row.len() - start;
    let neighbours = row[..end].iter().zip(&above[start..]).zip(&above[..end]);
    let samples = rest.iter_mut().zip(&row[start..]).zip(neighbours);
    // A loop for each filter, so that none has to branch.
    match kind {
        0 => rest.copy_from_slice(&row[start..]),
        1 => samples.for_each(|((out, v), ((&left, _), _))| *out = v.wrapping_sub(left)),
        2 => samples.for_each(|((out, v), ((_, &up), _))| *out = v.wrapping_sub(up)),
        3 => samples.for_each(|((out, v), ((&left, &up), _))| *out = v.wrapping_sub(predicted(3, left, up, 0))),
        _ => samples.for_each(|((out, v), ((&left, &up), &corner))| *out = v.wrapping_sub(paeth(left, up, corner))),
    }
}

#[inline(always)]
fn predicted(kind: u8, left: u8, up: u8, corner: u8) -> u8 {
    match kind {
        0 => 0,
        1 => left,
        2 => up,
        3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
        _ => paeth(left, up, corner),
    }
}

/// The neighbour that is nearest to `left + up - corner` (PNG 9.4).
#[inline(always)]
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i16::from);
    let (to_left, to_up, to_corner) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    let nearer = if to_up <= to_corner { up } else { corner };
    if to_left <= to_up && to_left <= to_corner {
        left
    } else {
        nearer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::testing::Random;

    /// Reverses a filter as in the standard, a byte at a time.
    fn row_of(line: &[u8], above: &[u8], channels: usize) -> Vec<u8> {
        let mut row: Vec<u8> = Vec::new();
        for (i, &byte) in line[1..].iter().enumerate() {
            let before = |row: &[u8]| i.checked_sub(channels).map_or(0, |at| row[at]);
            let (a, b, c) = (i32::from(before(&row)), i32::from(above[i]), i32::from(before(above)));
            let estimate = a + b - c;
            let nearest = [a, b, c].into_iter().min_by_key(|v| (estimate - v).abs()).unwrap();
            let predicted = [0, a, b, (a + b) / 2, nearest][usize::from(line[0])];
            row.push(byte.wrapping_add(predicted as u8));
        }
        row
    }

    #[test]
    fn every_filter_can_be_undone() {
        let mut random = Random(5);
        for channels in 1..=4 {
            for len in [channels, 2 * channels, 37 * channels] {
                let row: Vec<u8> = (0..len).map(|_| random.below(256) as u8).collect();
                let above: Vec<u8> = (0..len).map(|_| random.below(256) as u8).collect();
                for (kind, filter) in (0u8..).zip(Filter::ALL) {
                    let mut line = Line::new(filter, len);
                    let line = line.filter(&row, &above, channels);
                    assert!(kind > 4 || line[0] == kind);
                    assert_eq!(row_of(line, &above, channels), row);
                }
            }
        }
    }

    #[test]
    fn the_filter_with_the_least_bytes_is_chosen() {
        let above: Vec<u8> = (0..60).map(|i| (i * 3) ^ 0x5a).collect();
        let ramp: Vec<u8> = (0..60).map(|i| i * 2).collect();
        let mut line = Line::new(Filter::Least, 60);
        assert_eq!(line.filter(&above, &above, 1)[0], 2);
        assert_eq!(line.filter(&ramp, &above, 1)[0], 1);
        assert_eq!(line.filter(&[0; 60], &above, 1)[0], 0);
    }
}

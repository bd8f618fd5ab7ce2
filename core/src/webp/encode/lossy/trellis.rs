//! Quantisation for the best sum of bits and differences: for each coefficient two levels are possible, and the
//! cheapest way through all of them is found.

use super::costs::{Kind, LARGEST, MOST};
use super::quant::Quantiser;
use super::whole::Levels;

/// How the eye weighs frequencies, in 1/16, in the order of the scan.
const WEIGHTS: [i64; 16] = [30, 27, 27, 19, 24, 19, 11, 17, 17, 11, 10, 12, 10, 8, 8, 6];

/// More than any score.
const DEAD: i64 = i64::MAX / 4;

/// In a node: that it follows the second of the levels before.
const SECOND: u16 = 1 << 15;

/// The levels of a block of coefficients, both in the order of the scan.
#[inline(always)]
pub(super) fn quantise(
    block: &[i16; 16],
    first: usize,
    context: usize,
    kind: &Kind<'_>,
    quantiser: &Quantiser,
    lambda: u32,
) -> Levels {
    let lambda = i64::from(lambda);
    // The level below each coefficient, what is left of it, and whether the level above is as near or nearer.
    let (mut sizes, mut lows, mut lefts, mut ups) = ([0i16; 16], [0i16; 16], [0i16; 16], [0u16; 16]);
    let mut some = 0u16;
    for n in 0..16 {
        let (size, step) = (block[n].wrapping_abs(), quantiser.steps[n]);
        // Beyond the last place with something to keep, one more is looked at.
        some |= u16::from(size > step >> 1) << n;
        sizes[n] = size.wrapping_add(quantiser.sharpening[n]);
        let low = ((i32::from(sizes[n]) * i32::from(quantiser.reciprocals[n])) >> 16) as i16;
        lows[n] = low.min(MOST - 1);
        lefts[n] = sizes[n].wrapping_sub(lows[n].wrapping_mul(step));
        ups[n] = u16::from(2 * i32::from(lefts[n]) >= i32::from(step));
    }
    some &= u16::MAX << first;
    if some == 0 {
        return Levels::default();
    }
    let end = (17 - some.leading_zeros() as usize).min(16);
    // For each place and either level: the level, and which it follows.
    let mut nodes = [[0u16; 2]; 16];
    // (score, place, which level): without any level there is just an end.
    let mut best = (i64::from(kind.end(first, context, false)) * lambda, 16, 0);
    let start = if context == 0 {
        i64::from(kind.end(first, 0, true)) * lambda
    } else {
        0
    };
    let mut before = [(start, context), (DEAD, context)];
    for n in first..end {
        let n = n & 15;
        let costs = kind.at(n);
        let rows = [&costs[before[0].1], &costs[before[1].1]];
        let way = |level: usize, extra: i64| {
            let ways = [0, 1].map(|from| before[from].0 + i64::from(rows[from][level]) * lambda);
            if ways[1] < ways[0] {
                (ways[1] + extra, SECOND)
            } else {
                (ways[0] + extra, 0)
            }
        };
        let low = lows[n] as u16;
        let mut here = [(DEAD, 0); 2];
        if low == 0 {
            let (score, from) = way(0, 0);
            nodes[n][0] = from;
            here[0] = (score, 0);
        }
        let size = i64::from(sizes[n]);
        for which in usize::from(low == 0)..=usize::from(ups[n]) {
            let level = low + which as u16;
            let left = i64::from(lefts[n]) - if which > 0 { i64::from(quantiser.steps[n]) } else { 0 };
            let change = 256 * WEIGHTS[n] * (left - size) * (left + size);
            let extra = i64::from(kind.extra(level)) * lambda + change;
            let (score, from) = way(usize::from(level).min(LARGEST), extra);
            nodes[n][which & 1] = level | from;
            here[which & 1] = (score, usize::from(level.min(2)));
            if score < best.0 {
                let last = if n < 15 {
                    i64::from(kind.end(n + 1, usize::from(level.min(2)), false)) * lambda
                } else {
                    0
                };
                if score + last < best.0 {
                    best = (score + last, n, which);
                }
            }
        }
        before = here;
    }
    let mut levels = Levels::default();
    let (_, last, mut which) = best;
    if last < 16 {
        levels.count = last + 1;
        for n in (first..=last).rev() {
            let node = nodes[n & 15][which & 1];
            let level = (node & !SECOND) as i16;
            levels.levels[n & 15] = if block[n & 15] < 0 { -level } else { level };
            which = usize::from(node >> 15);
        }
    }
    levels
}

//! Quantisation for the best sum of bits and differences: for each coefficient two levels are possible, and the
//! cheapest way through all of them is found.

use super::costs::{Kind, LARGEST, MOST};
use super::quant::Quantiser;
use super::whole::Levels;
use crate::webp::tables::ZIGZAG;

/// How the eye weighs frequencies, in 1/16.
const WEIGHTS: [i64; 16] = [30, 27, 19, 11, 27, 24, 17, 10, 19, 17, 12, 8, 11, 10, 8, 6];

#[derive(Clone, Copy)]
struct Node {
    level: i16,
    /// Which of the two levels before.
    before: u8,
}

/// More than any score.
const DEAD: i64 = i64::MAX / 4;

/// The levels of a block of coefficients in the order of rows.
pub(super) fn quantise(
    block: &[i16; 16],
    first: usize,
    context: usize,
    kind: &Kind<'_>,
    quantiser: &Quantiser,
    lambda: u32,
) -> Levels {
    let lambda = i64::from(lambda);
    let threshold = i32::from(quantiser.steps[1]).pow(2) / 4;
    // Beyond the last place with something to keep, one more is looked at.
    let matters = |&n: &usize| i32::from(block[usize::from(ZIGZAG[n])]).pow(2) > threshold;
    let end = (first..16).rev().find(matters).map_or(first, |n| (n + 2).min(16));
    let mut nodes = [[Node { level: 0, before: 0 }; 2]; 16];
    // (score, place, which level): without any level there is just an end.
    let mut best = (i64::from(kind.end(first, context, false)) * lambda, 16, 0);
    let start = if context == 0 {
        i64::from(kind.end(first, 0, true)) * lambda
    } else {
        0
    };
    let mut before = [(start, context), (DEAD, context)];
    for n in first..end {
        let place = usize::from(ZIGZAG[n & 15]) & 15;
        let size = i32::from(block[place].unsigned_abs()) + i32::from(quantiser.sharpening[place]);
        let step = i32::from(quantiser.steps[place]);
        let low = ((size * i32::from(quantiser.reciprocals[place])) >> 16).min(i32::from(MOST) - 1);
        // The level above is as near or nearer.
        let levels = 1 + usize::from(2 * (size - low * step) >= step);
        let costs = kind.at(n);
        let mut here = [(DEAD, 0); 2];
        for which in 0..levels {
            let level = (low + which as i32) as u16;
            let left = i64::from(size - i32::from(level) * step);
            let change = 256 * WEIGHTS[place] * (left * left - i64::from(size) * i64::from(size));
            let extra = kind.extra(level);
            let cost = |context: usize| i64::from(u32::from(costs[context][usize::from(level).min(LARGEST)]) + extra);
            let ways = [
                before[0].0 + cost(before[0].1) * lambda,
                before[1].0 + cost(before[1].1) * lambda,
            ];
            let from = usize::from(ways[1] < ways[0]);
            let score = ways[from] + change;
            nodes[n & 15][which & 1] = Node {
                level: level as i16,
                before: from as u8,
            };
            let context = usize::from(level.min(2));
            here[which & 1] = (score, context);
            if level != 0 && score < best.0 {
                let last = if n < 15 {
                    i64::from(kind.end(n + 1, context, false)) * lambda
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
            let node = &nodes[n][which & 1];
            let negative = block[usize::from(ZIGZAG[n])] < 0;
            levels.levels[n] = if negative { -node.level } else { node.level };
            which = usize::from(node.before);
        }
    }
    levels
}

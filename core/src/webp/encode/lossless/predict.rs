//! Pixels as differences from predictions, made in one of fourteen ways in each tile (RFC 9649, 4.1).

use fearless_simd::{Level, Simd, dispatch};

use super::entropy::{log2, times_log2};
use super::palette::subtract;
use crate::budget::Budget;
use crate::error::Result;

/// Opaque black.
const BLACK: u32 = 0xff00_0000;
/// Ways to predict.
const MODES: usize = 14;
/// Pixels that are looked at together.
const BLOCK: usize = 32;

/// How each tile is predicted.
#[derive(Debug)]
pub(super) struct Predictors {
    pub(super) size: u32,
    pub(super) modes: Vec<u8>,
    across: usize,
}

/// How the ways are compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// The size of tiles.
    pub(super) size: u32,
    /// Ways whose bits are estimated, after those of the least sums of differences. None: one way for all tiles.
    pub(super) estimated: usize,
    /// One row of so many counts.
    pub(super) step: usize,
}

impl Predictors {
    /// Chooses a way for each tile.
    pub(super) fn choose(pixels: &[u32], width: usize, choice: Choice, budget: &Budget) -> Result<Self> {
        let height = pixels.len() / width;
        let size = choice.size;
        let (across, down) = (width.div_ceil(1 << size), height.div_ceil(1 << size));
        let mut modes = vec![11u8; across * down];
        if choice.estimated > 0 {
            let opaque = pixels.iter().all(|&pixel| pixel >= BLACK);
            let mut chooser = Chooser::new(opaque, choice);
            for row in 0..down {
                chooser.refresh();
                for column in 0..across {
                    budget.check()?;
                    let near = [
                        (column > 0).then(|| modes[row * across + column - 1]),
                        (row > 0).then(|| modes[(row - 1) * across + column]),
                    ];
                    let mode = chooser.tile(pixels, width, (column << size, row << size), near);
                    modes[row * across + column] = mode;
                }
            }
        }
        Ok(Predictors { size, modes, across })
    }

    /// Puts the differences in place of the pixels.
    pub(super) fn apply(&self, pixels: &mut [u32], width: usize, budget: &Budget) -> Result<()> {
        let mut row = vec![0; width];
        for y in (0..pixels.len() / width).rev() {
            budget.check()?;
            let start = y * width;
            if y == 0 {
                row[0] = subtract(pixels[0], BLACK);
                residuals(1, &pixels[..width], &pixels[..width], &mut row[1..]);
            } else {
                row[0] = subtract(pixels[start], pixels[start - width]);
                let modes = &self.modes[(y >> self.size) * self.across..][..self.across];
                for (column, &mode) in modes.iter().enumerate() {
                    let from = (column << self.size).max(1);
                    let to = ((column + 1) << self.size).min(width);
                    if from < to {
                        let now = &pixels[start + from - 1..start + to];
                        let above = &pixels[start - width + from - 1..=start - width + to];
                        residuals(mode, now, above, &mut row[from..to]);
                    }
                }
            }
            pixels[start..start + width].copy_from_slice(&row);
        }
        Ok(())
    }
}

/// The differences of pixels from their predictions. `row` begins one pixel before, `above` above that one, and has one
/// more at the end.
fn residuals(mode: u8, row: &[u32], above: &[u32], out: &mut [u32]) {
    dispatch!(Level::new(), simd => residuals_with(simd, mode, row, above, out));
}

#[inline(always)]
fn residuals_with<S: Simd>(simd: S, mode: u8, row: &[u32], above: &[u32], out: &mut [u32]) {
    simd.vectorize(
        #[inline(always)]
        || {
            if mode == 1 {
                // In the first row there is nothing above.
                let each = row.iter().zip(&row[1..]).zip(out);
                each.for_each(|((&left, &pixel), out)| *out = subtract(pixel, left));
                return;
            }
            let mut at = 0;
            let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
            for block in blocks {
                block_of(mode, &row[at..], &above[at..], block);
                at += BLOCK;
            }
            if !rest.is_empty() {
                let (mut now, mut over, mut block) = ([0; BLOCK + 1], [0; BLOCK + 2], [0; BLOCK]);
                now[..=rest.len()].copy_from_slice(&row[at..at + rest.len() + 1]);
                over[..rest.len() + 2].copy_from_slice(&above[at..at + rest.len() + 2]);
                block_of(mode, &now, &over, &mut block);
                rest.copy_from_slice(&block[..rest.len()]);
            }
        },
    );
}

/// Bytes of pixels.
const BYTES: usize = 4 * BLOCK;

#[inline(always)]
fn bytes(pixels: &[u32]) -> &[u8; BYTES] {
    let pixels: &[u32; BLOCK] = pixels[..BLOCK].first_chunk().expect("a block of pixels");
    bytemuck::cast_ref(pixels)
}

/// The differences of a block, channel by channel.
#[inline(always)]
fn block_of(mode: u8, row: &[u32], above: &[u32], out: &mut [u32; BLOCK]) {
    let (left, now) = (bytes(row), bytes(&row[1..]));
    let (corner, over, right) = (bytes(above), bytes(&above[1..]), bytes(&above[2..]));
    let out: &mut [u8; BYTES] = bytemuck::cast_mut(out);
    match mode {
        1 => each(now, out, |i| left[i]),
        2 => each(now, out, |i| over[i]),
        3 => each(now, out, |i| right[i]),
        4 => each(now, out, |i| corner[i]),
        5 => each(now, out, |i| mean(mean(left[i], right[i]), over[i])),
        6 => each(now, out, |i| mean(left[i], corner[i])),
        7 => each(now, out, |i| mean(left[i], over[i])),
        8 => each(now, out, |i| mean(corner[i], over[i])),
        9 => each(now, out, |i| mean(over[i], right[i])),
        10 => each(now, out, |i| mean(mean(left[i], corner[i]), mean(over[i], right[i]))),
        11 => {
            let nearer = nearer(left, corner, over);
            each(now, out, |i| left[i] & nearer[i] | over[i] & !nearer[i]);
        }
        12 => each(now, out, |i| {
            let value = i16::from(left[i]) + i16::from(over[i]) - i16::from(corner[i]);
            value.clamp(0, 255) as u8
        }),
        13 => each(now, out, |i| {
            let mean = i16::from(mean(left[i], over[i]));
            // Half of a difference, rounded towards nothing.
            let difference = mean - i16::from(corner[i]);
            (mean + ((difference - (difference >> 15)) >> 1)).clamp(0, 255) as u8
        }),
        _ => each(now, out, |i| if i % 4 == 3 { 0xff } else { 0 }),
    }
}

#[inline(always)]
fn each(now: &[u8; BYTES], out: &mut [u8; BYTES], predict: impl Fn(usize) -> u8) {
    for i in 0..BYTES {
        out[i] = now[i].wrapping_sub(predict(i));
    }
}

#[inline(always)]
fn mean(a: u8, b: u8) -> u8 {
    ((a ^ b) >> 1) + (a & b)
}

/// Ones where the left pixel is nearer to the gradient than the one above.
#[inline(always)]
fn nearer(left: &[u8; BYTES], corner: &[u8; BYTES], over: &[u8; BYTES]) -> [u8; BYTES] {
    let mut differences = [0i16; BYTES];
    for i in 0..BYTES {
        let (to_over, to_left) = (over[i].abs_diff(corner[i]), left[i].abs_diff(corner[i]));
        differences[i] = i16::from(to_over) - i16::from(to_left);
    }
    let mut nearer = [0; BLOCK];
    for (nearer, four) in nearer.iter_mut().zip(differences.as_chunks::<4>().0) {
        *nearer = if four[0] + four[1] + four[2] + four[3] < 0 {
            u32::MAX
        } else {
            0
        };
    }
    bytemuck::cast(nearer)
}

/// Compares the ways to predict a tile.
struct Chooser {
    choice: Choice,
    /// Channels that are looked at: not alpha if that is the same everywhere.
    channels: usize,
    /// How often each difference occurred in the tiles before, and what it costs therefore.
    all: Vec<[u32; 256]>,
    costs: Vec<[f32; 256]>,
}

impl Chooser {
    fn new(opaque: bool, choice: Choice) -> Self {
        let channels = if opaque { 3 } else { 4 };
        // Small differences are frequent before anything is known.
        let all = std::array::from_fn(|value| {
            let size = (value as u8 as i8).unsigned_abs();
            1 + 64 / (1 + u32::from(size))
        });
        Chooser {
            choice,
            channels,
            all: vec![all; channels],
            costs: vec![[0.0; 256]; channels],
        }
    }

    fn refresh(&mut self) {
        for (all, costs) in self.all.iter().zip(&mut self.costs) {
            let sum = log2(all.iter().sum());
            for (cost, &count) in costs.iter_mut().zip(all) {
                *cost = sum - log2(count);
            }
        }
    }

    fn tile(&mut self, pixels: &[u32], width: usize, (x, y): (usize, usize), near: [Option<u8>; 2]) -> u8 {
        let height = pixels.len() / width;
        let size = 1usize << self.choice.size;
        // The pixels at the left and upper edges of the picture are predicted in one way anyway.
        let (from, to) = (x.max(1), (x + size).min(width));
        let (first, end) = (y.max(1), (y + size).min(height));
        if from >= to || first >= end {
            return near[0].or(near[1]).unwrap_or(11);
        }
        let step = if end - first > 8 { self.choice.step } else { 1 };
        let rows = || (first..end).step_by(step).map(|y| (y * width + from - 1, to - from));
        let mut sums = [0u32; MODES];
        for (start, n) in rows() {
            let (now, above) = (
                &pixels[start..=start + n],
                &pixels[start - width..start - width + n + 2],
            );
            add_sums(now, above, &mut sums);
        }
        let mut order: [u8; MODES] = std::array::from_fn(|i| i as u8);
        order.sort_by_key(|&mode| sums[usize::from(mode)]);
        if sums[usize::from(order[0])] == 0 {
            // The neighbours' way, if that is as good.
            let as_good = near.iter().flatten().find(|&&mode| sums[usize::from(mode)] == 0);
            return as_good.copied().unwrap_or(order[0]);
        }
        let mut best = (f32::MAX, order[0]);
        let mut kept = vec![[0u32; 256]; self.channels];
        let mut counts = kept.clone();
        let mut out = vec![0; size];
        let candidates = order[..self.choice.estimated].iter().copied();
        let others = near.iter().flatten().copied();
        let mut seen = 0u16;
        for mode in candidates.chain(others) {
            if seen >> mode & 1 == 1 {
                continue;
            }
            seen |= 1 << mode;
            counts.iter_mut().for_each(|counts| counts.fill(0));
            for (start, n) in rows() {
                let (now, above) = (
                    &pixels[start..=start + n],
                    &pixels[start - width..start - width + n + 2],
                );
                residuals(mode, now, above, &mut out[..n]);
                for &residual in &out[..n] {
                    for (counts, value) in counts.iter_mut().zip(residual.to_le_bytes()) {
                        counts[usize::from(value)] += 1;
                    }
                }
            }
            let mut bits = 0.0;
            for (counts, costs) in counts.iter().zip(&self.costs) {
                bits += estimate(counts, costs);
            }
            bits -= 15.0 * near.iter().filter(|&&near| near == Some(mode)).count() as f32;
            if bits < best.0 {
                best = (bits, mode);
                std::mem::swap(&mut kept, &mut counts);
            }
        }
        for (all, counts) in self.all.iter_mut().zip(&kept) {
            all.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
        }
        best.1
    }
}

/// Bits with codes of their own, and with the codes of all.
#[inline(always)]
pub(super) fn estimate(counts: &[u32; 256], costs: &[f32; 256]) -> f32 {
    dispatch!(Level::new(), simd => estimate_with(simd, counts, costs))
}

#[inline(always)]
fn estimate_with<S: Simd>(simd: S, counts: &[u32; 256], costs: &[f32; 256]) -> f32 {
    simd.vectorize(
        #[inline(always)]
        || {
            let mut lanes = [0f32; 16];
            let mut sums = [0u32; 16];
            for (counts, costs) in counts.as_chunks::<16>().0.iter().zip(costs.as_chunks::<16>().0) {
                for i in 0..16 {
                    lanes[i] += counts[i] as f32 * costs[i] - times_log2(counts[i]);
                    sums[i] += counts[i];
                }
            }
            lanes.iter().sum::<f32>() + times_log2(sums.iter().sum())
        },
    )
}

/// Adds the sums of absolute differences of a row in each way.
fn add_sums(row: &[u32], above: &[u32], sums: &mut [u32; MODES]) {
    dispatch!(Level::new(), simd => add_sums_with(simd, row, above, sums));
}

#[inline(always)]
fn add_sums_with<S: Simd>(simd: S, row: &[u32], above: &[u32], sums: &mut [u32; MODES]) {
    simd.vectorize(
        #[inline(always)]
        || {
            let n = row.len() - 1;
            let mut block = [0u32; BLOCK];
            let (mut now, mut over) = ([0; BLOCK + 1], [0; BLOCK + 2]);
            for start in (0..n).step_by(BLOCK) {
                let len = (n - start).min(BLOCK);
                now[..=len].copy_from_slice(&row[start..=start + len]);
                over[..len + 2].copy_from_slice(&above[start..start + len + 2]);
                for (mode, sum) in (0..).zip(&mut *sums) {
                    block_of(mode, &now, &over, &mut block);
                    let bytes: &[u8; BYTES] = bytemuck::cast_ref(&block);
                    let absolute = bytes[..4 * len]
                        .iter()
                        .map(|&byte| u32::from((byte as i8).unsigned_abs()));
                    *sum += absolute.sum::<u32>();
                }
            }
        },
    );
}

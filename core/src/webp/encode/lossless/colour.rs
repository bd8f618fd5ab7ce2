//! Red and blue as differences from parts of green, and blue of red, told for each tile (RFC 9649, 4.2 and 4.3).

use fearless_simd::{Level, Simd, dispatch};

use super::entropy::log2;
use super::predict::estimate;
use crate::budget::Budget;
use crate::error::Result;

/// Subtracts green from red and blue.
pub(super) fn subtract_green(pixels: &mut [u32], budget: &Budget) -> Result<()> {
    for some in pixels.chunks_mut(1 << 16) {
        budget.check()?;
        dispatch!(Level::new(), simd => subtract_with(simd, some));
    }
    Ok(())
}

#[inline(always)]
fn subtract_with<S: Simd>(simd: S, pixels: &mut [u32]) {
    simd.vectorize(
        #[inline(always)]
        || {
            for pixel in pixels {
                let green = *pixel >> 8 & 0xff;
                let red_blue = (*pixel | 0xff00_ff00).wrapping_sub(green << 16 | green);
                *pixel = *pixel & 0xff00_ff00 | red_blue & 0x00ff_00ff;
            }
        },
    );
}

/// Parts of a channel that another one is expected to have, in 32nds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Parts {
    green_to_red: i8,
    green_to_blue: i8,
    red_to_blue: i8,
}

/// The parts of each tile.
#[derive(Debug)]
pub(super) struct Colours {
    pub(super) size: u32,
    tiles: Vec<Parts>,
    across: usize,
}

impl Colours {
    /// The image that tells the parts.
    pub(super) fn image(&self) -> Vec<u32> {
        let pixel = |parts: &Parts| {
            let bytes = [
                parts.green_to_red as u8,
                parts.green_to_blue as u8,
                parts.red_to_blue as u8,
                0xff,
            ];
            u32::from_le_bytes(bytes)
        };
        self.tiles.iter().map(pixel).collect()
    }

    pub(super) fn across(&self) -> usize {
        self.across
    }

    /// Whether all parts are nothing.
    pub(super) fn idle(&self) -> bool {
        self.tiles.iter().all(|parts| *parts == Parts::default())
    }

    /// Chooses the parts of each tile.
    pub(super) fn choose(pixels: &[u32], width: usize, size: u32, steps: u32, budget: &Budget) -> Result<Self> {
        let height = pixels.len() / width;
        let (across, down) = (width.div_ceil(1 << size), height.div_ceil(1 << size));
        let mut tiles = vec![Parts::default(); across * down];
        let mut chooser = Chooser::new(steps);
        for row in 0..down {
            chooser.refresh();
            for column in 0..across {
                budget.check()?;
                chooser.take(pixels, width, (column << size, row << size), 1 << size);
                let at = row * across + column;
                let left = if column > 0 { tiles[at - 1] } else { Parts::default() };
                let above = if row > 0 { tiles[at - across] } else { Parts::default() };
                tiles[at] = chooser.choose([left, above]);
            }
        }
        Ok(Colours { size, tiles, across })
    }

    /// Puts the differences in place of the pixels.
    pub(super) fn apply(&self, pixels: &mut [u32], width: usize, budget: &Budget) -> Result<()> {
        for (y, row) in pixels.chunks_exact_mut(width).enumerate() {
            budget.check()?;
            let tiles = &self.tiles[(y >> self.size) * self.across..][..self.across];
            for (pixels, &parts) in row.chunks_mut(1 << self.size).zip(tiles) {
                if parts != Parts::default() {
                    dispatch!(Level::new(), simd => apply_with(simd, pixels, parts));
                }
            }
        }
        Ok(())
    }
}

/// A part of a sample.
#[inline(always)]
fn part(factor: i8, sample: i8) -> u8 {
    ((i16::from(factor) * i16::from(sample)) >> 5) as u8
}

#[inline(always)]
fn apply_with<S: Simd>(simd: S, pixels: &mut [u32], parts: Parts) {
    simd.vectorize(
        #[inline(always)]
        || {
            for pixel in pixels {
                let [blue, green, red, alpha] = pixel.to_le_bytes();
                let new_red = red.wrapping_sub(part(parts.green_to_red, green as i8));
                let new_blue = blue
                    .wrapping_sub(part(parts.green_to_blue, green as i8))
                    .wrapping_sub(part(parts.red_to_blue, red as i8));
                *pixel = u32::from_le_bytes([new_blue, green, new_red, alpha]);
            }
        },
    );
}

/// Compares parts for a tile.
struct Chooser {
    steps: u32,
    /// The samples of the tile.
    green: Vec<i8>,
    red: Vec<i8>,
    blue: Vec<i8>,
    /// How often each red and blue occurred in the tiles before, and what they cost therefore.
    all: [[u32; 256]; 2],
    costs: [[f32; 256]; 2],
}

impl Chooser {
    fn new(steps: u32) -> Self {
        let all = std::array::from_fn(|value| {
            let size = (value as u8 as i8).unsigned_abs();
            1 + 64 / (1 + u32::from(size))
        });
        Chooser {
            steps,
            green: Vec::new(),
            red: Vec::new(),
            blue: Vec::new(),
            all: [all; 2],
            costs: [[0.0; 256]; 2],
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

    fn take(&mut self, pixels: &[u32], width: usize, (x, y): (usize, usize), size: usize) {
        self.green.clear();
        self.red.clear();
        self.blue.clear();
        let rows = pixels.chunks_exact(width).skip(y).take(size);
        for row in rows {
            for pixel in &row[x..(x + size).min(width)] {
                let [blue, green, red, _] = pixel.to_le_bytes().map(|sample| sample as i8);
                self.green.push(green);
                self.red.push(red);
                self.blue.push(blue);
            }
        }
    }

    fn choose(&mut self, near: [Parts; 2]) -> Parts {
        // Least squares, over samples that are not far off.
        let (mut gg, mut gr, mut gb, mut rr, mut rb) = (1i64, 0i64, 0i64, 1i64, 0i64);
        for ((&green, &red), &blue) in self.green.iter().zip(&self.red).zip(&self.blue) {
            let most = green.unsigned_abs().max(red.unsigned_abs()).max(blue.unsigned_abs());
            if most < 64 {
                let (green, red, blue) = (i32::from(green), i32::from(red), i32::from(blue));
                gg += i64::from(green * green);
                gr += i64::from(green * red);
                gb += i64::from(green * blue);
                rr += i64::from(red * red);
                rb += i64::from(red * blue);
            }
        }
        let round = |value: f64| (value * 32.0).round().clamp(-127.0, 127.0) as i8;
        let (gg, gr, gb, rr, rb) = (gg as f64, gr as f64, gb as f64, rr as f64, rb as f64);
        let mut parts = Parts::default();
        let [left, above] = near;
        let wanted = [round(gr / gg), left.green_to_red, above.green_to_red];
        let mut best = f32::MAX;
        let mut kept = [0; 256];
        let mut try_red = |chooser: &Self, factor: i8, parts: &mut Parts| {
            let counts = chooser.red_counts(factor);
            let likely = [left.green_to_red, above.green_to_red, 0];
            let bonus = likely.iter().filter(|&&other| other == factor).count() as f32 * 3.0;
            let bits = estimate(&counts, &chooser.costs[0]) - bonus;
            if bits < best {
                (best, kept, parts.green_to_red) = (bits, counts, factor);
            }
        };
        let mut seen = Vec::with_capacity(8);
        for factor in [0].into_iter().chain(wanted) {
            if !seen.contains(&factor) {
                seen.push(factor);
                try_red(self, factor, &mut parts);
            }
        }
        let mut step = 4i8;
        for _ in 0..self.steps {
            let middle = parts.green_to_red;
            for factor in [middle.saturating_sub(step), middle.saturating_add(step)] {
                try_red(self, factor, &mut parts);
            }
            step = (step / 2).max(1);
        }
        self.all[0].iter_mut().zip(&kept).for_each(|(all, count)| *all += count);

        let determinant = gg * rr - gr * gr;
        let both = if determinant > gg.max(rr) {
            (
                round((gb * rr - rb * gr) / determinant),
                round((rb * gg - gb * gr) / determinant),
            )
        } else {
            (0, 0)
        };
        let wanted = [
            both,
            (round(gb / gg), 0),
            (0, round(rb / rr)),
            (left.green_to_blue, left.red_to_blue),
            (above.green_to_blue, above.red_to_blue),
        ];
        let mut best = f32::MAX;
        let mut kept = [0; 256];
        let mut try_blue = |chooser: &Self, (green, red): (i8, i8), parts: &mut Parts| {
            let counts = chooser.blue_counts(green, red);
            let likely = [left.green_to_blue, above.green_to_blue, 0];
            let mut bonus = likely.iter().filter(|&&other| other == green).count() as f32 * 3.0;
            let likely = [left.red_to_blue, above.red_to_blue, 0];
            bonus += likely.iter().filter(|&&other| other == red).count() as f32 * 3.0;
            let bits = estimate(&counts, &chooser.costs[1]) - bonus;
            if bits < best {
                (best, kept) = (bits, counts);
                (parts.green_to_blue, parts.red_to_blue) = (green, red);
            }
        };
        let mut seen = Vec::with_capacity(8);
        for factors in [(0, 0)].into_iter().chain(wanted) {
            if !seen.contains(&factors) {
                seen.push(factors);
                try_blue(self, factors, &mut parts);
            }
        }
        let mut step = 4i8;
        for _ in 0..self.steps {
            let (green, red) = (parts.green_to_blue, parts.red_to_blue);
            let around = [
                (green.saturating_sub(step), red),
                (green.saturating_add(step), red),
                (green, red.saturating_sub(step)),
                (green, red.saturating_add(step)),
            ];
            for factors in around {
                try_blue(self, factors, &mut parts);
            }
            step = (step / 2).max(1);
        }
        self.all[1].iter_mut().zip(&kept).for_each(|(all, count)| *all += count);
        parts
    }

    fn red_counts(&self, factor: i8) -> [u32; 256] {
        let mut counts = [0; 256];
        for (&green, &red) in self.green.iter().zip(&self.red) {
            counts[usize::from((red as u8).wrapping_sub(part(factor, green)))] += 1;
        }
        counts
    }

    fn blue_counts(&self, from_green: i8, from_red: i8) -> [u32; 256] {
        let mut counts = [0; 256];
        for ((&green, &red), &blue) in self.green.iter().zip(&self.red).zip(&self.blue) {
            let blue = (blue as u8).wrapping_sub(part(from_green, green));
            counts[usize::from(blue.wrapping_sub(part(from_red, red)))] += 1;
        }
        counts
    }
}

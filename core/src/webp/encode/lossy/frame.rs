//! Chooses, row of macroblocks by row of macroblocks, how a picture is coded.

use fearless_simd::{Level, Simd, dispatch};

use super::Settings;
use super::analysis::Analysis;
use super::chroma::{self, Chroma, Errors};
use super::costs::Costs;
use super::lanes;
use super::modes::{Choice, Packed};
use super::quant::Segment;
use super::source::Planes;
use super::subblocks;
use super::tokens::Tokens;
use super::whole::{self, Around, Beside, LUMA, LUMA_WITHOUT_DC, Levels, Luma, SECOND};
use crate::budget::{Budget, Buffer};
use crate::error::Result;
use crate::webp::tables::DEFAULT_COEFFICIENTS;
use crate::webp::vp8::work::{AT, RED, Work};

/// What a column of macroblocks leaves for the one below.
#[derive(Debug, Clone, Copy)]
struct Above {
    modes: [u8; 4],
    beside: Beside,
    /// Sixteen pixels of luma, then eight of each chroma, before the loop filter.
    pixels: [u8; 32],
    errors: Errors,
}

/// How thoroughly a picture is encoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Modes for all of luma of which the bits are counted.
    pub(super) whole: usize,
    pub(super) subblocks: usize,
    /// Subblocks are tried where one mode for the macroblock leaves so many levels that aren't 0.
    pub(super) least: u32,
    pub(super) chroma: usize,
    pub(super) trellis: bool,
}

/// What modes may take of the first partition, which has less than 512 kB, in 1/256 bits.
const MODES: u64 = ((1 << 19) - (1 << 12)) * 8 * 256;

/// What is said of a macroblock beside its modes: segment and skipping.
const OTHERS: u64 = 3 * 256;

/// How many bits the next macroblock may take for modes, in 1/256, so that those after it have some, too.
fn limit(room: u64, left: usize) -> u64 {
    // More than there is ever need for.
    const ENOUGH: u64 = 200 * 256;
    match room / left as u64 {
        ENOUGH.. => u64::MAX,
        share => share.saturating_sub(10 * 256) * 3 / 2,
    }
}

/// A picture that is being encoded.
pub(super) struct Encoder<'a> {
    planes: &'a Planes<'a>,
    analysis: &'a Analysis,
    pub(super) segments: Vec<Segment>,
    effort: Effort,
    /// Whether errors of chroma are passed on.
    diffuse: bool,
    above: Vec<Above>,
    costs: Costs,
    pub(super) tokens: Tokens,
    pub(super) choices: Buffer<Packed>,
    work: Work,
    scratch: Box<whole::Scratch>,
    /// Bits that are left for modes, in 1/256.
    pub(super) room: u64,
    /// After so many macroblocks, costs are taken from what was counted.
    until_update: usize,
    #[cfg(test)]
    pub(super) result: super::tests::Result,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(
        planes: &'a Planes<'a>,
        analysis: &'a Analysis,
        segments: Vec<Segment>,
        settings: &Settings,
        effort: Effort,
        budget: &Budget,
    ) -> Result<Self> {
        let (columns, rows) = (planes.columns(), planes.rows());
        Ok(Encoder {
            planes,
            analysis,
            segments,
            effort,
            diffuse: settings.quality <= 98.0,
            above: vec![
                Above {
                    modes: [0; 4],
                    beside: Beside::default(),
                    pixels: [127; 32],
                    errors: Errors::default(),
                };
                columns
            ],
            costs: Costs::new(&DEFAULT_COEFFICIENTS),
            tokens: Tokens::new(),
            choices: budget.zeroed(columns * rows, "WebP modes")?,
            work: Work::new(),
            scratch: whole::Scratch::new(),
            room: MODES,
            until_update: 0,
            #[cfg(test)]
            result: super::tests::Result::new(planes),
        })
    }

    /// Chooses everything.
    pub(super) fn run(&mut self, budget: &Budget) -> Result<()> {
        let level = Level::new();
        self.until_update = self.update_after();
        for row in 0..self.planes.rows() {
            budget.check()?;
            dispatch!(level, simd => self.row(simd, row, budget))?;
        }
        Ok(())
    }

    fn update_after(&self) -> usize {
        (self.planes.columns() * self.planes.rows() / 8).max(96)
    }

    #[inline(always)]
    fn row<S: Simd>(&mut self, simd: S, row: usize, budget: &Budget) -> Result<()> {
        simd.vectorize(
            #[inline(always)]
            || self.macroblocks(simd, row, budget),
        )
    }

    #[inline(always)]
    fn macroblocks<S: Simd>(&mut self, simd: S, row: usize, budget: &Budget) -> Result<()> {
        self.work.begin(row);
        let mut left = Above {
            modes: [0; 4],
            beside: Beside::default(),
            pixels: [0; 32],
            errors: Errors::default(),
        };
        for column in 0..self.planes.columns() {
            if self.until_update == 0 {
                self.costs.update(&self.tokens.chances());
                self.until_update = self.update_after();
            }
            self.until_update -= 1;
            self.tokens.prepare(budget)?;
            self.macroblock(simd, row, column, &mut left);
        }
        Ok(())
    }

    #[inline(always)]
    fn macroblock<S: Simd>(&mut self, simd: S, row: usize, column: usize, left: &mut Above) {
        let at = row * self.planes.columns() + column;
        let inside = (row > 0, column > 0);
        let number = usize::from(self.analysis.segments[at]);
        let segment = &self.segments[number];
        let right = self.above.get(column + 1).map(|above| above.pixels);
        let above = &mut self.above[column];
        self.work.enter(&above.pixels);
        self.work.set_right(match right {
            Some([a, b, c, d, ..]) => [a, b, c, d],
            None => [if row > 0 { above.pixels[15] } else { 127 }; 4],
        });
        let rows = self.planes.luma(row, column);
        let source = lanes::split(simd, &rows);
        let texture = lanes::texture(simd, &source);
        let mut textures = [0; 16];
        textures.copy_from_slice(texture.as_slice());
        let around = self.work.around_luma(inside);
        let beside = (&above.beside, &left.beside);
        let effort = &self.effort;
        let choosing = whole::Choosing {
            segment,
            costs: &self.costs,
            above: beside.0,
            left: beside.1,
            exact: effort.whole,
            trellis: effort.trellis,
        };
        let whole = choosing.whole(simd, &source, texture, &around, &mut self.scratch);
        let subblocks = if whole.levels() < effort.least {
            None
        } else {
            subblocks::choose(
                simd,
                &rows,
                &textures,
                &mut self.work.luma,
                segment,
                &self.costs,
                (&above.modes, &left.modes),
                beside,
                whole.score.with(segment.lambda.mode),
                subblocks::Effort {
                    exact: effort.subblocks,
                    header: limit(self.room, self.choices.len() - at),
                    trellis: effort.trellis,
                },
            )
        };
        let colours = chroma::choose(
            simd,
            &chroma::split(simd, &self.planes.chroma(row, column)),
            &self.work.around_chroma(inside),
            segment,
            &self.costs,
            beside,
            self.diffuse.then_some((&above.errors, &left.errors)),
            &[[0, 1], [2, 3]][..effort.chroma],
        );
        let (luma, score) = match subblocks {
            Some((luma, score)) => (luma, score),
            None => {
                let (luma, pixels) = choosing.finish(simd, &whole, &around, &self.scratch);
                for (row, pixels) in self.work.luma[1..].iter_mut().zip(&pixels) {
                    row[AT..AT + 16].copy_from_slice(pixels);
                }
                (luma, whole.score)
            }
        };
        for (row, pixels) in self.work.chroma[1..].iter_mut().zip(&colours.pixels) {
            row[AT..AT + 8].copy_from_slice(&pixels[..8]);
            row[RED..].copy_from_slice(&pixels[8..]);
        }
        self.work.leave(&mut above.pixels);
        (above.errors, left.errors) = (colours.errors[0], colours.errors[1]);
        #[cfg(test)]
        self.result.put(row, column, &self.work.luma, &self.work.chroma);
        if let Some(second) = &luma.second {
            let flat = second.count > 0 && luma.blocks.iter().all(|block| block.count <= 1);
            if flat && score.difference > u64::from(segment.lambda.least) {
                // The first ones in the order of the scan, which differ by row, by column and by both.
                let step = second.levels[1..4]
                    .iter()
                    .map(|level| i32::from(level.unsigned_abs()))
                    .max();
                let segment = &mut self.segments[number];
                segment.largest_step = segment.largest_step.max(step.unwrap_or(0));
            }
        }
        self.room = self.room.saturating_sub(score.header + colours.score.header + OTHERS);
        let choice = record(&mut self.tokens, &luma, &colours, above, left);
        let segment = number as u8;
        self.choices[at] = Choice { segment, ..choice }.pack();
    }
}

/// Adds the coefficients of a macroblock to the tokens, and leaves word for its neighbours.
#[inline(always)]
fn record(tokens: &mut Tokens, luma: &Luma, colours: &Chroma, above: &mut Above, left: &mut Above) -> Choice {
    let subblocks = luma.second.is_none();
    let first = usize::from(!subblocks);
    let any = |blocks: &[Levels], first: usize| blocks.iter().any(|block| block.count > first);
    let second = luma.second.as_ref().is_some_and(|second| second.count > 0);
    let skip = !any(&luma.blocks, first) && !any(&colours.blocks, 0) && !second;
    let modes = luma.modes;
    above.modes.copy_from_slice(&modes[12..]);
    left.modes = [modes[3], modes[7], modes[11], modes[15]];
    let choice = Choice {
        segment: 0,
        skip,
        subblocks,
        chroma: colours.mode as u8,
        luma: modes,
    };
    let (above, left) = (&mut above.beside, &mut left.beside);
    if skip {
        for beside in [above, left] {
            *beside = Beside {
                second: beside.second && subblocks,
                ..Beside::default()
            };
        }
        return choice;
    }
    if let Some(levels) = &luma.second {
        let context = usize::from(above.second) + usize::from(left.second);
        tokens.block(SECOND, &levels.levels, 0, levels.count, context);
        (above.second, left.second) = (second, second);
    }
    let kind = if subblocks { LUMA } else { LUMA_WITHOUT_DC };
    for (row, left) in luma.blocks.as_chunks::<4>().0.iter().zip(&mut left.luma) {
        for (block, above) in row.iter().zip(&mut above.luma) {
            let context = usize::from(*above) + usize::from(*left);
            tokens.block(kind, &block.levels, first, block.count, context);
            let any = block.count > first;
            (*above, *left) = (any, any);
        }
    }
    let planes = colours
        .blocks
        .as_chunks::<4>()
        .0
        .iter()
        .zip(&mut above.chroma)
        .zip(&mut left.chroma);
    for ((blocks, above), left) in planes {
        for (row, left) in blocks.as_chunks::<2>().0.iter().zip(left) {
            for (block, above) in row.iter().zip(&mut *above) {
                let context = usize::from(*above) + usize::from(*left);
                tokens.block(whole::CHROMA, &block.levels, 0, block.count, context);
                let any = block.count > 0;
                (*above, *left) = (any, any);
            }
        }
    }
    choice
}

impl Work {
    #[inline(always)]
    fn around_luma(&self, inside: (bool, bool)) -> Around<16> {
        Around {
            above: std::array::from_fn(|x| self.luma[0][AT + x]),
            left: std::array::from_fn(|y| self.luma[1 + y][AT - 1]),
            corner: self.luma[0][AT - 1],
            inside,
        }
    }

    #[inline(always)]
    fn around_chroma(&self, inside: (bool, bool)) -> [Around<8>; 2] {
        [AT, RED].map(|start| Around {
            above: std::array::from_fn(|x| self.chroma[0][start + x]),
            left: std::array::from_fn(|y| self.chroma[1 + y][start - 1]),
            corner: self.chroma[0][start - 1],
            inside,
        })
    }
}

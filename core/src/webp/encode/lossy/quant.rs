//! Quantisation (RFC 6386, 9.6 and 14.1), and what a bit is worth at each step.

use crate::webp::tables::ZIGZAG;
use crate::webp::vp8::Steps;

/// How one type of block is quantised, in the order of rows.
#[derive(Debug, Clone)]
pub(super) struct Quantiser {
    pub(super) steps: [i16; 16],
    /// 2¹⁶ divided by the steps.
    pub(super) reciprocals: [i16; 16],
    /// What is added before the division, so that it rounds: less than a half, as zeros are cheap.
    pub(super) offsets: [i16; 16],
    /// What is added to sharpen, of the offsets, in the order of the scan.
    pub(super) sharpening: [i16; 16],
}

/// In 1/256 of a step: of the first coefficient and of the others.
const LUMA_ROUNDING: [i32; 2] = [96, 110];
const SECOND_ROUNDING: [i32; 2] = [96, 108];
const CHROMA_ROUNDING: [i32; 2] = [110, 115];

/// By how much high frequencies of luma are raised, in 1/2048 of a step.
const SHARPENING: [i32; 16] = [0, 30, 60, 90, 30, 60, 90, 90, 60, 90, 90, 90, 90, 90, 90, 90];

impl Quantiser {
    fn new(steps: [i32; 2], rounding: [i32; 2], sharpen: bool) -> Self {
        let of = |place: usize| usize::from(place > 0);
        let step = |place: usize| steps[of(place)];
        let sharpening = |place: usize| {
            if sharpen {
                (SHARPENING[place] * step(place)) >> 11
            } else {
                0
            }
        };
        Quantiser {
            steps: std::array::from_fn(|place| step(place) as i16),
            reciprocals: std::array::from_fn(|place| (65536 + step(place) - 1).div_euclid(step(place)) as i16),
            offsets: std::array::from_fn(|place| {
                (sharpening(place) + ((step(place) * rounding[of(place)] + 128) >> 8)) as i16
            }),
            sharpening: ZIGZAG.map(|place| sharpening(usize::from(place)) as i16),
        }
    }

    /// The mean step.
    fn mean(&self) -> i32 {
        (self.steps.iter().map(|&step| i32::from(step)).sum::<i32>() + 8) >> 4
    }

    /// A level, and the coefficient that it stands for.
    #[inline(always)]
    pub(super) fn one(&self, value: i16, place: usize) -> (i16, i16) {
        let size = i32::from(value.unsigned_abs()) + i32::from(self.offsets[place]);
        let level = ((size * i32::from(self.reciprocals[place])) >> 16).min(i32::from(super::costs::MOST)) as i16;
        let coefficient = level.wrapping_mul(self.steps[place]);
        if value < 0 {
            (-level, -coefficient)
        } else {
            (level, coefficient)
        }
    }
}

/// What the macroblocks of a segment are coded with.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) index: i32,
    /// Of the loop filter.
    pub(super) strength: i32,
    pub(super) luma: Quantiser,
    pub(super) second: Quantiser,
    pub(super) chroma: Quantiser,
    /// What a bit is worth, for each choice.
    pub(super) lambda: Lambda,
    /// The largest step between blocks that are flat, in levels.
    pub(super) largest_step: i32,
}

/// What a 1/256 bit is worth in squares of differences, in 1/256.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lambda {
    pub(super) whole: u32,
    pub(super) subblock: u32,
    pub(super) chroma: u32,
    /// Between one mode for luma and one for each subblock.
    pub(super) mode: u32,
    pub(super) trellis_whole: u32,
    pub(super) trellis_subblock: u32,
    /// What texture is worth in squares of differences, in 1/256.
    pub(super) texture: u32,
    /// Below it, whatever is left of a flat block does not matter.
    pub(super) least: u32,
}

impl Segment {
    /// `deltas`: what is added to the index for chroma, DC and AC. `texture`: 0 to 100.
    pub(super) fn new(index: i32, deltas: [i32; 2], texture: u32) -> Self {
        let steps = Steps::new(index, [0, 0, 0, deltas[0], deltas[1]]);
        let luma = Quantiser::new(steps.luma, LUMA_ROUNDING, true);
        let second = Quantiser::new(steps.second, SECOND_ROUNDING, false);
        let chroma = Quantiser::new(steps.chroma, CHROMA_ROUNDING, false);
        let [fine, coarse, colour] = [&luma, &second, &chroma].map(|quantiser| quantiser.mean() as u32);
        Segment {
            index,
            strength: 0,
            lambda: Lambda {
                whole: (3 * coarse * coarse).max(1),
                subblock: ((3 * fine * fine) >> 7).max(1),
                chroma: ((3 * colour * colour) >> 6).max(1),
                mode: ((fine * fine) >> 7).max(1),
                trellis_whole: ((coarse * coarse) >> 2).max(1),
                trellis_subblock: ((7 * fine * fine) >> 3).max(1),
                texture: (texture * fine) >> 5,
                least: 20 * steps.luma[0] as u32,
            },
            luma,
            second,
            chroma,
            largest_step: 0,
        }
    }
}

//! The frame header (RFC 6386, 9.2 to 9.11, 19.2).

use super::boolean::Bools;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::webp::tables::{BANDS, COEFFICIENTS_STAY, DEFAULT_COEFFICIENTS};
use crate::webp::vp8::Steps;

/// For each type of block, place in the scan, context and node: the chances of the token tree. The last place is
/// never decoded, but looked up.
pub(super) type Chances = [[[[u8; 11]; 3]; 17]; 4];

/// What stands before the macroblocks.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) width: usize,
    pub(super) height: usize,
    /// The chances of the tree of segments, if macroblocks name theirs.
    pub(super) segments: Option<[u8; 3]>,
    /// The chance that a macroblock has coefficients, if macroblocks say so.
    pub(super) skip: Option<u8>,
    /// For each segment.
    pub(super) steps: [Steps; 4],
    pub(super) filter: Option<Filter>,
    pub(super) chances: Box<Chances>,
    /// The rest of the first partition: the modes of the macroblocks.
    pub(super) modes: Bools<'a>,
    /// One, two, four or eight, which take turns in the rows of macroblocks.
    pub(super) partitions: Vec<Bools<'a>>,
}

/// The loop filter, unless it is off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter {
    pub(super) simple: bool,
    /// For each segment: of macroblocks with one mode, and of those with one for each subblock.
    pub(super) strengths: [[Strength; 2]; 4],
}

/// How strongly a macroblock is filtered (RFC 6386, 15.2 and 15.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Strength {
    /// Of the edges within; 0 for no filter. Those between macroblocks have 4 more.
    pub(super) limit: u8,
    pub(super) interior: u8,
    pub(super) high_variance: u8,
}

#[derive(Debug, Default)]
struct Segments {
    enabled: bool,
    absolute: bool,
    quantizers: [i32; 4],
    levels: [i32; 4],
    tree: Option<[u8; 3]>,
}

fn short() -> Error {
    Error::truncated(Format::Webp, "the data ends before the macroblocks do")
}

impl<'a> Header<'a> {
    pub(super) fn read(data: &'a [u8]) -> Result<Self> {
        let (&[t0, t1, t2, c0, c1, c2, w0, w1, h0, h1], rest) = data.split_first_chunk::<10>().ok_or_else(short)?;
        let tag = u32::from_le_bytes([t0, t1, t2, 0]);
        if tag & 1 != 0 || [c0, c1, c2] != [0x9d, 0x01, 0x2a] {
            return Err(Error::bad_input(Format::Webp, "VP8 data that is no key frame"));
        }
        if tag >> 1 & 7 > 3 || tag >> 4 & 1 == 0 {
            return Err(Error::bad_input(Format::Webp, "a VP8 frame that is not to be shown"));
        }
        let [width, height] = [[w0, w1], [h0, h1]].map(|side| usize::from(u16::from_le_bytes(side) & 0x3fff));
        let (first, rest) = rest.split_at_checked((tag >> 5) as usize).ok_or_else(short)?;
        let mut bools = Bools::new(first);
        let _colour_space_and_clamping = bools.number(2);
        let segments = Segments::read(&mut bools);
        let filter = read_filter(&mut bools, &segments);
        let count = 1 << bools.number(2);
        let partitions = split(rest, count)?;
        let steps = read_steps(&mut bools, &segments);
        let _keep_for_the_next_frame = bools.flag();
        let chances = read_chances(&mut bools);
        let skip = bools.flag().then(|| bools.number(8) as u8);
        if bools.ended() {
            return Err(short());
        }
        Ok(Header {
            width,
            height,
            segments: segments.tree,
            skip,
            steps,
            filter,
            chances,
            modes: bools,
            partitions,
        })
    }
}

impl Segments {
    fn read(bools: &mut Bools<'_>) -> Self {
        let mut segments = Segments {
            enabled: bools.flag(),
            ..Segments::default()
        };
        if segments.enabled {
            let update_map = bools.flag();
            // Without data: absolute zeros, as libwebp has it.
            segments.absolute = true;
            if bools.flag() {
                segments.absolute = bools.flag();
                segments.quantizers = std::array::from_fn(|_| bools.optional(7));
                segments.levels = std::array::from_fn(|_| bools.optional(6));
            }
            if update_map {
                let chance = |bools: &mut Bools<'_>| if bools.flag() { bools.number(8) as u8 } else { 255 };
                segments.tree = Some(std::array::from_fn(|_| chance(bools)));
            }
        }
        segments
    }

    /// A value that segments may change or replace.
    fn adapt(&self, base: i32, values: &[i32; 4]) -> [i32; 4] {
        match (self.enabled, self.absolute) {
            (false, _) => [base; 4],
            (true, true) => *values,
            (true, false) => values.map(|delta| base + delta),
        }
    }
}

/// RFC 6386, 9.3 and 9.6: what the level, the sharpness and the deltas amount to.
fn read_filter(bools: &mut Bools<'_>, segments: &Segments) -> Option<Filter> {
    let simple = bools.flag();
    let level = bools.number(6) as i32;
    let sharpness = bools.number(3) as i32;
    let (mut frame_delta, mut mode_delta) = (0, 0);
    if bools.flag() && bools.flag() {
        let mut deltas = [0; 8];
        for delta in &mut deltas {
            *delta = bools.optional(6);
        }
        // Of a key frame's macroblocks, and of those of them that have a mode for each subblock.
        (frame_delta, mode_delta) = (deltas[0], deltas[4]);
    }
    let strengths = segments
        .adapt(level, &segments.levels)
        .map(|level| [0, mode_delta].map(|delta| strength((level + frame_delta + delta).clamp(0, 63), sharpness)));
    (level > 0).then_some(Filter { simple, strengths })
}

fn strength(level: i32, sharpness: i32) -> Strength {
    if level == 0 {
        return Strength::default();
    }
    let interior = match sharpness {
        0 => level,
        1..=4 => (level >> 1).min(9 - sharpness),
        _ => (level >> 2).min(9 - sharpness),
    };
    let interior = interior.max(1);
    Strength {
        limit: (2 * level + interior) as u8,
        interior: interior as u8,
        high_variance: u8::from(level >= 15) + u8::from(level >= 40),
    }
}

/// RFC 6386, 9.5: sizes in three bytes each, for all but the last. What is missing at the end is missing.
fn split(data: &[u8], count: usize) -> Result<Vec<Bools<'_>>> {
    let (sizes, mut rest) = data.split_at_checked(3 * (count - 1)).ok_or_else(short)?;
    let mut partitions = Vec::with_capacity(count);
    for &[a, b, c] in sizes.as_chunks::<3>().0 {
        let size = u32::from_le_bytes([a, b, c, 0]) as usize;
        let (partition, after) = rest.split_at(size.min(rest.len()));
        partitions.push(Bools::new(partition));
        rest = after;
    }
    partitions.push(Bools::new(rest));
    Ok(partitions)
}

fn read_steps(bools: &mut Bools<'_>, segments: &Segments) -> [Steps; 4] {
    let base = bools.number(7) as i32;
    let deltas = std::array::from_fn(|_| bools.optional(4));
    segments
        .adapt(base, &segments.quantizers)
        .map(|index| Steps::new(index, deltas))
}

fn read_chances(bools: &mut Bools<'_>) -> Box<Chances> {
    let mut bands = DEFAULT_COEFFICIENTS;
    let all = bands.as_flattened_mut().as_flattened_mut().as_flattened_mut();
    let stay = COEFFICIENTS_STAY.as_flattened().as_flattened().as_flattened();
    for (chance, &stays) in all.iter_mut().zip(stay) {
        if bools.get(stays) {
            *chance = bools.number(8) as u8;
        }
    }
    let mut chances = Box::new([[[[0; 11]; 3]; 17]; 4]);
    for (chances, bands) in chances.iter_mut().zip(&bands) {
        for (chances, &band) in chances.iter_mut().zip(&BANDS) {
            *chances = bands[usize::from(band)];
        }
    }
    chances
}

//! Scans of baseline and extended sequential frames (T.81 F.2): straight from bits to samples.

pub(super) mod arithmetic;

use fearless_simd::Level;

use super::blocks::{self, ROOM};
use super::damage::Damage;
use super::entropy::Entropy;
use super::frame::{Component, Frame};
use super::huffman::{AcTable, DcTable, SkipTable};
use super::idct::{Grid, Idct};
use super::scan::{ScanComponent, ScanHeader, ac_table, dc_table, skip_table};
use super::tables::Tables;
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;

/// MCUs whose coefficients are collected before they are transformed together: as many as fit in the L1 cache.
const CHUNK: usize = 8;
/// The same if only few coefficients of a block are kept.
const CHUNK_OF_SMALL: usize = 64;
/// From this many bytes on, tables that decode several coefficients at once are worth building.
const LARGE: usize = 4 << 10;

/// One scan, decoded MCU row by MCU row.
#[derive(Debug)]
pub(super) struct Sequential<'a, C: Coding> {
    components: Vec<ComponentBlocks<C>>,
    shared: C::Shared,
    mcus_x: usize,
    pub(super) mcus_y: usize,
    restart: u32,
    /// MCUs before the next restart marker.
    due: u32,
    /// MCUs that are decoded before their blocks are transformed.
    chunk: usize,
    pub(super) entropy: Entropy<'a>,
    level: Level,
}

/// A component's part of a scan.
#[derive(Debug)]
struct ComponentBlocks<C> {
    /// Index in the frame.
    index: usize,
    /// Blocks in an MCU of this scan.
    h: usize,
    v: usize,
    size_x: usize,
    size_y: usize,
    coding: C,
    places: [u8; 64],
    idct: Idct,
    prediction: i32,
    /// A chunk's blocks, row by row of blocks, and the last coefficient of each if that is useful.
    coefficients: Coefficients,
    lasts: Vec<u8>,
    /// Where the first MCU's blocks are among them, in scan order.
    spots: Vec<usize>,
    /// Whether the samples are used.
    wanted: bool,
}

/// How the coefficients of a component are coded.
pub(super) trait Coding: Sized {
    /// What the components of a scan share.
    type Shared;
    fn shared(tables: &Tables, entropy: &mut Entropy<'_>) -> Self::Shared;
    /// Brings it to the state behind a restart marker.
    fn restart(shared: &mut Self::Shared, entropy: &mut Entropy<'_>);
    /// `several` says whether decoding several coefficients at once is worth it.
    fn new(part: &ScanComponent, grid: Grid, tables: &Tables, several: bool) -> Result<Self>;
    /// Decodes the coefficients of `count` MCUs.
    fn chunk(scan: &mut Sequential<'_, Self>, count: usize, damage: &mut Damage<'_>) -> Result<()>;
}

/// Huffman tables.
#[derive(Debug)]
pub(super) struct Huffman {
    dc: Box<DcTable>,
    ac: Box<AcTable>,
    skip: Option<Box<SkipTable>>,
}

impl Coding for Huffman {
    type Shared = ();

    fn shared(_: &Tables, _: &mut Entropy<'_>) {}

    fn restart((): &mut (), _: &mut Entropy<'_>) {}

    fn new(part: &ScanComponent, grid: Grid, tables: &Tables, several: bool) -> Result<Self> {
        let ac = ac_table(tables, part.ac, several && grid.side > 1)?;
        Ok(Huffman {
            dc: dc_table(tables, part.dc)?,
            skip: match grid.side {
                1 | 2 => Some(skip_table(tables, part.ac, &ac)?),
                _ => None,
            },
            ac,
        })
    }

    fn chunk(scan: &mut Sequential<'_, Self>, count: usize, damage: &mut Damage<'_>) -> Result<()> {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = scan.level.as_avx2() {
            return chunk_avx2(avx2, scan, count, damage);
        }
        let _ = scan.level;
        decode_chunk(scan, count, damage)
    }
}

/// A chunk's blocks, by how much of each is kept; rows of blocks are `pitch` blocks apart.
#[derive(Debug)]
enum Coefficients {
    Eight(Vec<i16>),
    Four(Vec<i16>),
    Two(Vec<i16>),
    One(Vec<i16>),
}

/// Where a component's samples of an MCU row go.
pub(super) struct Destination<'t> {
    pub(super) samples: &'t mut [u8],
    pub(super) stride: usize,
}

impl Destination<'_> {
    /// For a component that is not in the scan.
    pub(super) fn none() -> Self {
        Destination {
            samples: &mut [],
            stride: 0,
        }
    }
}

impl<'a, C: Coding> Sequential<'a, C> {
    /// `wanted` says of each component of the frame whether its samples are used.
    pub(super) fn new(
        bytes: &'a [u8],
        position: usize,
        header: &ScanHeader,
        frame: &Frame,
        tables: &Tables,
        wanted: &[bool],
        budget: &Budget,
    ) -> Result<Self> {
        let level = Level::new();
        let several = bytes.len() - position.min(bytes.len()) >= LARGE;
        let alone = header.components.len() == 1;
        let is_small = |part: &ScanComponent| Grid::of(frame.components[part.index].size).side <= 2;
        let chunk = if header.components.iter().all(is_small) {
            CHUNK_OF_SMALL
        } else {
            CHUNK
        };
        let mut components = Vec::with_capacity(4);
        for part in &header.components {
            let component = &frame.components[part.index];
            let (h, v) = if alone { (1, 1) } else { (component.h, component.v) };
            let grid = Grid::of(component.size);
            components.push(ComponentBlocks {
                index: part.index,
                h,
                v,
                size_x: component.size.x,
                size_y: component.size.y,
                coding: C::new(part, grid, tables, several)?,
                places: grid.places(),
                idct: Idct::new(component.size, quant_table(tables, component)?, level),
                prediction: 0,
                coefficients: Coefficients::new(grid, pitch(chunk, h) * v),
                lasts: vec![0; pitch(chunk, h) * v],
                spots: (0..v)
                    .flat_map(|y| (0..h).map(move |x| y * pitch(chunk, h) + x))
                    .collect(),
                wanted: wanted[part.index],
            });
        }
        let only = &frame.components[header.components[0].index];
        let (mcus_x, mcus_y) = match alone {
            true => (only.blocks_x, only.blocks_y),
            false => (frame.mcus_x, frame.mcus_y),
        };
        let mut entropy = Entropy::new(bytes, position, budget)?;
        Ok(Sequential {
            components,
            shared: C::shared(tables, &mut entropy),
            mcus_x,
            mcus_y,
            restart: tables.restart,
            due: tables.restart,
            chunk,
            entropy,
            level,
        })
    }

    /// Passes a restart marker if one is due. Returns whether there is an MCU to decode; if not, its blocks in the
    /// chunk are grey.
    #[inline(always)]
    fn next_mcu(&mut self, mcu: usize, damage: &mut Damage<'_>) -> Result<bool> {
        if self.restart > 0 {
            if self.due == 0 {
                self.entropy.restart(damage)?;
                C::restart(&mut self.shared, &mut self.entropy);
                self.components.iter_mut().for_each(|blocks| blocks.prediction = 0);
                self.due = self.restart;
            }
            self.due -= 1;
        }
        let there = !self.entropy.exhausted();
        if !there {
            self.components.iter_mut().for_each(|blocks| blocks.clear(mcu));
        }
        Ok(there)
    }

    /// Decodes the next MCU row. `target` gives for each component of the frame where its samples go.
    pub(super) fn row<'t>(
        &mut self,
        mut target: impl FnMut(usize) -> Destination<'t>,
        damage: &mut Damage<'_>,
    ) -> Result<()> {
        let mut targets: Vec<Destination<'t>> = self.components.iter().map(|blocks| target(blocks.index)).collect();
        if self.entropy.finished() {
            for target in &mut targets {
                target.samples.fill(128);
            }
            return Ok(());
        }
        for start in (0..self.mcus_x).step_by(self.chunk) {
            let count = self.chunk.min(self.mcus_x - start);
            C::chunk(self, count, damage)?;
            for (blocks, target) in self.components.iter().zip(&mut targets) {
                if blocks.wanted {
                    blocks.transform(self.chunk, start, count, target);
                }
            }
        }
        Ok(())
    }
}

// AVX2 implies BMI2, whose variable shifts are what the bit buffer needs.
#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    fn chunk_avx2(avx2: Avx2, scan: &mut Sequential<'_, Huffman>, count: usize, damage: &mut Damage<'_>) -> Result<()> {
        decode_chunk(scan, count, damage)
    }
);

#[inline(always)]
fn decode_chunk(scan: &mut Sequential<'_, Huffman>, count: usize, damage: &mut Damage<'_>) -> Result<()> {
    for mcu in 0..count {
        if !scan.next_mcu(mcu, damage)? {
            continue;
        }
        let Sequential {
            components, entropy, ..
        } = scan;
        entropy.ensure();
        let (shared, window) = entropy.parts();
        // A copy can stay in registers.
        let mut bits = *shared;
        for blocks in components.iter_mut() {
            let ComponentBlocks {
                h,
                coding,
                places,
                prediction,
                coefficients,
                lasts,
                spots,
                ..
            } = blocks;
            let (dc, ac) = (&*coding.dc, &*coding.ac);
            let first = mcu * *h;
            // This MCU's blocks, of which `$len` coefficients are kept.
            macro_rules! each {
                ($all:ident, $len:literal, $at:ident, $block:ident, $decode:expr) => {
                    for spot in spots.iter() {
                        let $at = first + spot;
                        let Some(rest) = $all.get_mut($at * $len..) else {
                            break;
                        };
                        let Some($block) = rest.first_chunk_mut::<ROOM>() else {
                            break;
                        };
                        $decode;
                    }
                };
            }
            macro_rules! whole {
                ($all:ident, $len:literal) => {
                    each!($all, $len, at, block, {
                        let tables = (dc, ac);
                        lasts[at] = blocks::whole(&mut bits, window, tables, places, prediction, block, $len);
                    })
                };
            }
            match (coefficients, &coding.skip) {
                (Coefficients::Eight(all), _) => whole!(all, 64),
                (Coefficients::Four(all), _) => whole!(all, 16),
                (Coefficients::Two(all), Some(skip)) => each!(all, 4, at, block, {
                    let tables = (dc, ac, &**skip);
                    blocks::low(&mut bits, window, tables, places, prediction, block);
                }),
                (Coefficients::One(all), Some(skip)) => {
                    for spot in spots.iter() {
                        all[first + spot] = blocks::mean(&mut bits, window, (dc, ac, skip), prediction);
                    }
                }
                (_, None) => {}
            }
        }
        *shared = bits;
        entropy.check(damage)?;
    }
    Ok(())
}

/// Blocks from one row of a chunk to the next: one spare, as room for what the last one does not keep.
#[inline(always)]
fn pitch(chunk: usize, h: usize) -> usize {
    chunk * h + 1
}

impl<C> ComponentBlocks<C> {
    /// Makes the blocks of an MCU of a chunk grey.
    fn clear(&mut self, mcu: usize) {
        for spot in &self.spots {
            let at = mcu * self.h + spot;
            self.lasts[at] = 0;
            self.coefficients.clear(at);
        }
    }

    fn transform(&self, chunk: usize, start: usize, count: usize, target: &mut Destination<'_>) {
        let (across, width) = (pitch(chunk, self.h), count * self.h);
        for y in 0..self.v {
            let lasts = &self.lasts[y * across..][..width];
            let at = y * self.size_y * target.stride + start * self.h * self.size_x;
            let (coefficients, stride) = self.coefficients.from(y * across);
            self.idct
                .run(coefficients, stride, lasts, &mut target.samples[at..], target.stride);
        }
    }
}

impl Coefficients {
    fn new(grid: Grid, blocks: usize) -> Self {
        let all = vec![0; blocks * grid.len() + ROOM];
        match grid.side {
            1 => Coefficients::One(all),
            2 => Coefficients::Two(all),
            4 => Coefficients::Four(all),
            _ => Coefficients::Eight(all),
        }
    }

    /// The coefficients from a block on, and how far two blocks are apart.
    fn from(&self, block: usize) -> (&[i16], usize) {
        let (all, len) = match self {
            Coefficients::Eight(all) => (all, 64),
            Coefficients::Four(all) => (all, 16),
            Coefficients::Two(all) => (all, 4),
            Coefficients::One(all) => (all, 1),
        };
        (&all[block * len..], len)
    }

    /// One block.
    fn block(&mut self, block: usize) -> &mut [i16] {
        let (all, len) = match self {
            Coefficients::Eight(all) => (all, 64),
            Coefficients::Four(all) => (all, 16),
            Coefficients::Two(all) => (all, 4),
            Coefficients::One(all) => (all, 1),
        };
        &mut all[block * len..][..len]
    }

    fn clear(&mut self, block: usize) {
        self.block(block).fill(0);
    }
}

pub(super) fn quant_table<'t>(tables: &'t Tables, component: &Component) -> Result<&'t [u16; 64]> {
    let missing = || {
        let reason = format_args!("quantisation table {} is not defined", component.quant);
        Error::bad_input(Format::Jpeg, reason)
    };
    tables.quant[component.quant].as_ref().ok_or_else(missing)
}

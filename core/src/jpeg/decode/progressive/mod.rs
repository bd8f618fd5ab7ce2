//! Scans of progressive frames (T.81 G.1.2, G.2): passes over coefficients, which are kept until the last scan.
//!
//! Only the coefficients that the scale needs are stored. Refinement scans have a bit for each coefficient that is
//! already nonzero, so one mask per block records this for all 64.

mod arithmetic;

use fearless_simd::Level;

use super::arithmetic::Arithmetic;
use super::bits::{Bits, Window};
use super::damage::Damage;
use super::entropy::Entropy;
use super::frame::Frame;
use super::header::Preamble;
use super::huffman::{AcTable, DcTable};
use super::idct::{Grid, Idct};
use super::markers;
use super::scan::{ScanHeader, ac_table, dc_table};
use super::sequential::{Destination, quant_table};
use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// From this many bytes on, tables that decode several coefficients at once are worth building.
const LARGE: usize = 4 << 10;
/// Blocks that are transformed together.
const RUN: usize = 64;

/// The coefficients of all components.
#[derive(Debug)]
pub(super) struct Store {
    planes: Vec<Plane>,
}

#[derive(Debug)]
struct Plane {
    grid: Grid,
    places: [u8; 64],
    /// Blocks in a row, including padding.
    across: usize,
    coefficients: Buffer<i16>,
    /// For each block a mask of its nonzero coefficients, in zigzag order; empty if only the means are stored.
    masks: Buffer<u64>,
    /// Set by the component's first scan.
    idct: Option<Idct>,
}

impl Store {
    pub(super) fn new(frame: &Frame, budget: &Budget) -> Result<Self> {
        let mut planes = Vec::with_capacity(4);
        for component in &frame.components {
            let grid = Grid::of(component.size);
            let across = component.padded_x(frame);
            let blocks = across * component.padded_y(frame);
            let masks = if grid.side == 1 { 0 } else { blocks };
            planes.push(Plane {
                grid,
                places: grid.places(),
                across,
                coefficients: budget.zeroed(blocks * grid.len(), "coefficients")?,
                masks: budget.zeroed(masks, "coefficient masks")?,
                idct: None,
            });
        }
        Ok(Store { planes })
    }

    /// Decodes one scan, whose header `preamble` has just read. Returns where it ends.
    pub(super) fn scan(
        &mut self,
        bytes: &[u8],
        preamble: &Preamble<'_>,
        header: &ScanHeader,
        frame: &Frame,
        budget: &Budget,
        damage: &mut Damage<'_>,
    ) -> Result<usize> {
        let level = Level::new();
        let (tables, position) = (&preamble.tables, preamble.segments.position());
        for part in &header.components {
            let (plane, component) = (&mut self.planes[part.index], &frame.components[part.index]);
            if plane.idct.is_none() {
                plane.idct = Some(Idct::new(component.size, quant_table(tables, component)?, level));
            }
        }
        let arithmetic = preamble.frame.as_ref().is_some_and(|frame| frame.process.arithmetic);
        let first = header.components[0];
        if header.start > 0 && self.planes[first.index].grid.side == 1 {
            return Ok(markers::end_of_scan(bytes, position));
        }
        let alone = header.components.len() == 1;
        let (mcus_x, mcus_y) = match alone {
            true => (
                frame.components[first.index].blocks_x,
                frame.components[first.index].blocks_y,
            ),
            false => (frame.mcus_x, frame.mcus_y),
        };
        let mut parts = Vec::with_capacity(4);
        for part in &header.components {
            let component = &frame.components[part.index];
            let (h, v) = if alone { (1, 1) } else { (component.h, component.v) };
            let coding = match header.start {
                0 if arithmetic => Coding::Arithmetic(part.dc),
                _ if arithmetic => Coding::Arithmetic(part.ac),
                // Refining a mean needs no Huffman code (T.81 G.1.2.1).
                0 if header.high > 0 => Coding::Bits,
                0 => Coding::Dc(dc_table(tables, part.dc)?),
                _ => Coding::Ac(ac_table(
                    tables,
                    part.ac,
                    header.high == 0 && bytes.len() - position >= LARGE,
                )?),
            };
            parts.push(Part {
                index: part.index,
                h,
                v,
                coding,
                prediction: 0,
            });
        }
        let mut entropy = Entropy::new(bytes, position, budget)?;
        let arithmetic = arithmetic.then(|| Box::new(Arithmetic::new(tables.conditioning, &mut entropy)));
        let mut scan = Scan {
            parts,
            start: header.start,
            end: header.end,
            refine: header.high > 0,
            low: header.low,
            mcus_x,
            restart: tables.restart,
            due: tables.restart,
            end_run: 0,
            arithmetic,
            entropy,
        };
        for row in 0..mcus_y {
            budget.check()?;
            if scan.entropy.finished() {
                break;
            }
            scan.row(row, &mut self.planes, level, damage)?;
        }
        Ok(scan.entropy.finish(damage))
    }

    /// Turns an MCU row of a component into samples.
    pub(super) fn transform(&self, frame: &Frame, index: usize, mcu_row: usize, target: &mut Destination<'_>) {
        let (plane, component) = (&self.planes[index], &frame.components[index]);
        let Some(idct) = &plane.idct else {
            target.samples.fill(128);
            return;
        };
        let len = plane.grid.len();
        for y in 0..component.v {
            let row = (mcu_row * component.v + y) * plane.across;
            let at = y * component.size.y * target.stride;
            for start in (0..plane.across).step_by(RUN) {
                let count = RUN.min(plane.across - start);
                let mut lasts = [0; RUN];
                if let Some(masks) = plane.masks.get(row + start..row + start + count) {
                    for (last, mask) in lasts.iter_mut().zip(masks) {
                        *last = 63 - (mask | 1).leading_zeros() as u8;
                    }
                }
                let coefficients = &plane.coefficients[(row + start) * len..];
                let out = &mut target.samples[at + start * component.size.x..];
                idct.run(coefficients, len, &lasts[..count], out, target.stride);
            }
        }
    }
}

/// The state of one scan.
#[derive(Debug)]
struct Scan<'a> {
    parts: Vec<Part>,
    start: usize,
    end: usize,
    refine: bool,
    low: u32,
    mcus_x: usize,
    restart: u32,
    /// MCUs before the next restart marker.
    due: u32,
    /// Blocks that have no more coefficients in this band (T.81 G.1.2.2, EOBRUN).
    end_run: u32,
    /// In place of Huffman tables.
    arithmetic: Option<Box<Arithmetic>>,
    entropy: Entropy<'a>,
}

/// A component's part of a scan.
#[derive(Debug)]
struct Part {
    index: usize,
    /// Blocks in an MCU of this scan.
    h: usize,
    v: usize,
    coding: Coding,
    prediction: i32,
}

impl Part {
    /// The blocks of an MCU, in a plane of so many blocks in a row.
    #[inline(always)]
    fn blocks(&self, row: usize, mcu: usize, across: usize) -> impl Iterator<Item = usize> + use<> {
        let (h, v) = (self.h, self.v);
        (row * v..row * v + v).flat_map(move |y| y * across + mcu * h..y * across + mcu * h + h)
    }
}

#[derive(Debug)]
enum Coding {
    Dc(Box<DcTable>),
    Ac(Box<AcTable>),
    Bits,
    /// The number of the table.
    Arithmetic(usize),
}

impl Scan<'_> {
    fn row(&mut self, row: usize, planes: &mut [Plane], level: Level, damage: &mut Damage<'_>) -> Result<()> {
        if self.arithmetic.is_some() {
            return arithmetic::decode_row(self, row, planes, damage);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = level.as_avx2() {
            return row_avx2(avx2, self, row, planes, damage);
        }
        let _ = level;
        decode_row(self, row, planes, damage)
    }

    /// Passes a restart marker if one is due. Returns whether there is an MCU to decode.
    #[inline(always)]
    fn next_mcu(&mut self, damage: &mut Damage<'_>) -> Result<bool> {
        if self.restart > 0 {
            if self.due == 0 {
                self.entropy.restart(damage)?;
                if let Some(arithmetic) = &mut self.arithmetic {
                    arithmetic.restart(&mut self.entropy);
                }
                self.parts.iter_mut().for_each(|part| part.prediction = 0);
                self.end_run = 0;
                self.due = self.restart;
            }
            self.due -= 1;
        }
        self.entropy.ensure();
        Ok(!self.entropy.exhausted())
    }
}

// AVX2 implies BMI2, whose variable shifts are what the bit buffer needs.
#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    fn row_avx2(
        avx2: Avx2,
        scan: &mut Scan<'_>,
        row: usize,
        planes: &mut [Plane],
        damage: &mut Damage<'_>,
    ) -> Result<()> {
        decode_row(scan, row, planes, damage)
    }
);

#[inline(always)]
fn decode_row(scan: &mut Scan<'_>, row: usize, planes: &mut [Plane], damage: &mut Damage<'_>) -> Result<()> {
    match (scan.start, scan.refine) {
        (0, false) => first_means(scan, row, planes, damage),
        (0, true) => refine_means(scan, row, planes, damage),
        (_, false) => first_band(scan, row, planes, damage),
        (_, true) => refine_band(scan, row, planes, damage),
    }
}

/// G.1.2.1: differences of the means' upper bits.
#[inline(always)]
fn first_means(scan: &mut Scan<'_>, row: usize, planes: &mut [Plane], damage: &mut Damage<'_>) -> Result<()> {
    for mcu in 0..scan.mcus_x {
        if !scan.next_mcu(damage)? {
            continue;
        }
        let (shared, window) = scan.entropy.parts();
        let mut bits = *shared;
        for part in &mut scan.parts {
            let (Coding::Dc(table), plane) = (&part.coding, &mut planes[part.index]) else {
                continue;
            };
            for block in part.blocks(row, mcu, plane.across) {
                bits.refill(window);
                part.prediction = part.prediction.wrapping_add(table.difference(&mut bits, window));
                plane.coefficients[block * plane.grid.len()] = (part.prediction << scan.low) as i16;
            }
        }
        *shared = bits;
        scan.entropy.check(damage)?;
    }
    Ok(())
}

/// G.1.2.1: one more bit for each mean.
#[inline(always)]
fn refine_means(scan: &mut Scan<'_>, row: usize, planes: &mut [Plane], damage: &mut Damage<'_>) -> Result<()> {
    for mcu in 0..scan.mcus_x {
        if !scan.next_mcu(damage)? {
            continue;
        }
        let (bits, window) = scan.entropy.parts();
        bits.refill(window);
        for part in &scan.parts {
            let plane = &mut planes[part.index];
            for block in part.blocks(row, mcu, plane.across) {
                plane.coefficients[block * plane.grid.len()] |= (bits.take(1) << scan.low) as i16;
            }
        }
        scan.entropy.check(damage)?;
    }
    Ok(())
}

/// Calls `block` for each block of a row, with its coefficients and its mask, after `skip` has returned how many of
/// the next ones (at most its argument) need nothing.
macro_rules! each_block {
    ($scan:ident, $row:ident, $planes:ident, $damage:ident, $skips:expr, $decode:expr) => {{
        let index = $scan.parts[0].index;
        let Plane {
            grid,
            places,
            across,
            coefficients,
            masks,
            ..
        } = &mut $planes[index];
        let len = grid.len();
        let mut x = 0;
        while x < $scan.mcus_x {
            if $skips && $scan.end_run > 0 {
                // The blocks of a run have nothing in this band: skip them, up to a restart marker.
                let mut run = ($scan.mcus_x - x).min($scan.end_run as usize);
                if $scan.restart > 0 {
                    run = run.min($scan.due as usize);
                    $scan.due -= run as u32;
                }
                if run > 0 {
                    x += run;
                    $scan.end_run -= run as u32;
                    continue;
                }
            }
            let there = $scan.next_mcu($damage)?;
            let at = $row * *across + x;
            x += 1;
            if !there {
                continue;
            }
            let Coding::Ac(table) = &$scan.parts[0].coding else {
                continue;
            };
            let band = Band {
                start: $scan.start,
                end: $scan.end,
                low: $scan.low,
                places,
            };
            let (shared, window) = $scan.entropy.parts();
            let mut bits = *shared;
            let mut end_run = $scan.end_run;
            let block = &mut coefficients[at * len..][..len];
            $decode(&mut bits, window, table, &band, &mut end_run, block, &mut masks[at]);
            $scan.end_run = end_run;
            *shared = bits;
            $scan.entropy.check($damage)?;
        }
        Ok(())
    }};
}

#[inline(always)]
fn first_band(scan: &mut Scan<'_>, row: usize, planes: &mut [Plane], damage: &mut Damage<'_>) -> Result<()> {
    each_block!(scan, row, planes, damage, true, first_block)
}

#[inline(always)]
fn refine_band(scan: &mut Scan<'_>, row: usize, planes: &mut [Plane], damage: &mut Damage<'_>) -> Result<()> {
    each_block!(scan, row, planes, damage, false, refine_block)
}

/// The part of a block that a scan codes.
struct Band<'p> {
    start: usize,
    end: usize,
    low: u32,
    places: &'p [u8; 64],
}

/// G.1.2.2: the upper bits of a band of coefficients. The look-ups are those of sequential blocks.
#[inline(always)]
fn first_block(
    bits: &mut Bits,
    window: &Window,
    table: &AcTable,
    band: &Band<'_>,
    end_run: &mut u32,
    block: &mut [i16],
    mask: &mut u64,
) {
    let mut store = |k: usize, value: i16| {
        *mask |= 1 << (k & 63);
        if let Some(slot) = block.get_mut(usize::from(band.places[k & 63])) {
            *slot = value << band.low;
        }
    };
    let mut k = band.start - 1;
    while k < band.end {
        bits.refill(window);
        for _ in 0..2 {
            let entry = table.look_up(bits);
            let last_at = k + entry.last_at();
            if last_at < band.end {
                bits.skip(entry.length());
                store(last_at, entry.last());
                store(k + entry.first_at(), entry.first());
                k += entry.step();
            } else if entry.is_end() {
                bits.skip(entry.length());
                return;
            } else {
                bits.refill(window);
                let symbol = table.codes.symbol(bits);
                let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
                match (run, size) {
                    (15, 0) => k += 16,
                    (_, 0) => {
                        *end_run = (1 << run) - 1 + bits.take(run as u32);
                        return;
                    }
                    _ => {
                        k += run + 1;
                        // A damaged file may run past the band or the block: as in libjpeg.
                        store(k.min(63), bits.take_signed(size) as i16);
                    }
                }
            }
            if k >= band.end {
                return;
            }
        }
    }
}

/// G.1.2.3: one more bit for nonzero coefficients, and some new nonzero ones.
#[inline(always)]
fn refine_block(
    bits: &mut Bits,
    window: &Window,
    table: &AcTable,
    band: &Band<'_>,
    end_run: &mut u32,
    block: &mut [i16],
    mask: &mut u64,
) {
    let one = 1i16 << band.low;
    let mut k = band.start;
    while *end_run == 0 && k <= band.end {
        bits.refill(window);
        let symbol = table.codes.symbol(bits);
        let (mut run, size) = (usize::from(symbol >> 4), symbol & 15);
        let mut value = 0;
        if size > 0 {
            value = if bits.take(1) == 1 { one } else { -one };
        } else if run < 15 {
            *end_run = (1 << run) + bits.take(run as u32);
            break;
        }
        // Up to the place of the new coefficient: past `run` zeros and all nonzero coefficients.
        while k <= band.end {
            if *mask >> k & 1 == 1 {
                refine(bits, window, band, k, block, one);
            } else if run == 0 {
                break;
            } else {
                run -= 1;
            }
            k += 1;
        }
        if value != 0 {
            // A damaged file may run past the band or the block: as in libjpeg.
            let k = k.min(63);
            *mask |= 1 << k;
            if let Some(slot) = block.get_mut(usize::from(band.places[k])) {
                *slot = value;
            }
        }
        k += 1;
    }
    if *end_run > 0 {
        // The rest of the block has no new coefficients.
        let mut rest = if k > band.end { 0 } else { *mask >> k << k };
        while rest != 0 {
            let k = rest.trailing_zeros() as usize;
            if k > band.end {
                break;
            }
            refine(bits, window, band, k, block, one);
            rest &= rest - 1;
        }
        *end_run -= 1;
    }
}

/// A bit that moves coefficient `k` away from zero.
#[inline(always)]
fn refine(bits: &mut Bits, window: &Window, band: &Band<'_>, k: usize, block: &mut [i16], one: i16) {
    bits.refill(window);
    let bit = bits.take(1);
    if let Some(slot) = block.get_mut(usize::from(band.places[k]))
        && bit == 1
        && *slot & one == 0
    {
        *slot = slot.wrapping_add(if *slot >= 0 { one } else { -one });
    }
}

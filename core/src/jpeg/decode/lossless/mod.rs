//! Lossless scans (T.81 annex H): samples, each the difference from what its neighbours predict.

use super::damage::Damage;
use super::entropy::Entropy;
use super::frame::Frame;
use super::huffman::DcTable;
use super::scan::{ScanHeader, difference_table};
use super::sequential::Destination;
use super::tables::Tables;
use crate::budget::{Budget, Buffer};
use crate::error::{Error, Result};
use crate::format::Format;

/// MCUs that are decoded between two looks at the state of the input: what the window always holds.
const BATCH: usize = 64;
/// Lines of a component with a sampling factor of 1 that make up a row, as many as a block has.
const LINES: usize = 8;

/// One scan, decoded by rows of as many lines as an MCU row of blocks has.
#[derive(Debug)]
pub(super) struct Lossless<'a> {
    components: Vec<ComponentLines>,
    /// MCUs in a line of them, and lines of MCUs that are left.
    mcus_x: usize,
    lines: usize,
    pub(super) mcus_y: usize,
    predictor: usize,
    /// Lines of MCUs between restart markers, and before the next one.
    restart: usize,
    due: usize,
    /// The pipeline's sample for each one that the scan can have.
    shades: Buffer<u8>,
    pub(super) entropy: Entropy<'a>,
}

/// A component's part of a scan.
#[derive(Debug)]
struct ComponentLines {
    /// Index in the frame.
    index: usize,
    /// Samples in an MCU of this scan.
    h: usize,
    v: usize,
    table: Box<DcTable>,
    /// Samples of a line, including padding.
    width: usize,
    /// The line above, and those of a line of MCUs: differences, and then samples.
    samples: Buffer<u16>,
    /// Whether there is no line above.
    first: bool,
}

impl<'a> Lossless<'a> {
    pub(super) fn new(
        bytes: &'a [u8],
        position: usize,
        header: &ScanHeader,
        frame: &Frame,
        precision: u8,
        tables: &Tables,
        budget: &Budget,
    ) -> Result<Self> {
        let only = &frame.components[header.components[0].index];
        let alone = header.components.len() == 1;
        let (mcus_x, lines, mcus_y) = match alone {
            true => (only.width, only.height, only.blocks_y),
            false => (frame.samples_x, frame.samples_y, frame.mcus_y),
        };
        if !(tables.restart as usize).is_multiple_of(mcus_x) {
            let reason = format_args!(
                "restart interval of {} where a lossless line has {mcus_x} MCUs",
                tables.restart
            );
            return Err(Error::bad_input(Format::Jpeg, reason));
        }
        let mut components = Vec::with_capacity(4);
        for part in &header.components {
            let component = &frame.components[part.index];
            let (h, v) = if alone { (1, 1) } else { (component.h, component.v) };
            let width = mcus_x * h;
            components.push(ComponentLines {
                index: part.index,
                h,
                v,
                table: difference_table(tables, part.dc)?,
                width,
                samples: budget.zeroed(width * (v + 1), "lines of samples")?,
                first: true,
            });
        }
        let restart = tables.restart as usize / mcus_x;
        Ok(Lossless {
            components,
            mcus_x,
            lines,
            mcus_y,
            predictor: header.start,
            restart,
            due: restart,
            shades: shades(precision.into(), header.low, budget)?,
            entropy: Entropy::new(bytes, position, budget)?,
        })
    }

    /// Decodes the next row. `target` gives for each component of the frame where its samples go.
    pub(super) fn row<'t>(
        &mut self,
        mut target: impl FnMut(usize) -> Destination<'t>,
        damage: &mut Damage<'_>,
    ) -> Result<()> {
        let mut targets: Vec<Destination<'t>> = self.components.iter().map(|lines| target(lines.index)).collect();
        for line in 0..LINES.min(self.lines) {
            let there = self.line(damage)?;
            for (component, target) in self.components.iter_mut().zip(&mut targets) {
                let first = line * component.v * target.stride;
                let rows = target.samples[first..].chunks_mut(target.stride.max(1));
                if there {
                    component.predict(self.predictor, (self.shades.len() / 2) as u16);
                    let lines = component.samples[component.width..].chunks(component.width);
                    for (row, samples) in rows.zip(lines) {
                        for (shade, &sample) in row.iter_mut().zip(samples) {
                            *shade = self.shades[usize::from(sample).min(self.shades.len() - 1)];
                        }
                    }
                } else {
                    rows.take(component.v).for_each(|row| row.fill(128));
                }
            }
        }
        self.lines -= LINES.min(self.lines);
        Ok(())
    }

    /// Decodes the differences of a line of MCUs. Returns whether there are any.
    fn line(&mut self, damage: &mut Damage<'_>) -> Result<bool> {
        if self.restart > 0 {
            if self.due == 0 {
                self.entropy.restart(damage)?;
                self.components.iter_mut().for_each(|component| component.first = true);
                self.due = self.restart;
            }
            self.due -= 1;
        }
        if self.entropy.exhausted() {
            return Ok(false);
        }
        for component in &mut self.components {
            // The last line becomes the one above.
            component.samples.copy_within(component.v * component.width.., 0);
        }
        let mut mcu = 0;
        while mcu < self.mcus_x {
            if self.entropy.exhausted() {
                for component in &mut self.components {
                    for line in component.samples.chunks_mut(component.width).skip(1) {
                        line[mcu * component.h..].fill(0);
                    }
                }
                break;
            }
            self.entropy.ensure();
            // Near the end of the input, samples that are there are told from those that aren't one by one.
            let batch = if self.entropy.is_ending() { 1 } else { BATCH };
            let end = (mcu + batch).min(self.mcus_x);
            let (bits, window) = self.entropy.parts();
            for at in mcu..end {
                for ComponentLines {
                    h,
                    v,
                    table,
                    width,
                    samples,
                    ..
                } in &mut self.components
                {
                    for y in 1..=*v {
                        for sample in &mut samples[y * *width + at * *h..][..*h] {
                            bits.refill(window);
                            *sample = table.difference(bits, window) as u16;
                        }
                    }
                }
            }
            self.entropy.check(damage)?;
            mcu = end;
        }
        Ok(true)
    }
}

impl ComponentLines {
    /// Adds predictions to the differences of a line of MCUs (H.1.2.1), modulo 2¹⁶. `middle` predicts the first sample
    /// of all.
    fn predict(&mut self, predictor: usize, middle: u16) {
        for line in 1..=self.v {
            let (above, here) = self.samples.split_at_mut(line * self.width);
            let (above, here) = (&above[(line - 1) * self.width..], &mut here[..self.width]);
            if std::mem::take(&mut self.first) {
                sum(here, middle, above, |left, _, _| left);
                continue;
            }
            let start = above[0];
            match predictor {
                1 => sum(here, start, above, |left, _, _| left),
                2 => sum(here, start, above, |_, above, _| above),
                3 => sum(here, start, above, |_, _, corner| corner),
                4 => sum(here, start, above, |left, above, corner| left + above - corner),
                5 => sum(here, start, above, |left, above, corner| left + ((above - corner) >> 1)),
                6 => sum(here, start, above, |left, above, corner| above + ((left - corner) >> 1)),
                _ => sum(here, start, above, |left, above, _| (left + above) >> 1),
            }
        }
    }
}

/// One line. `start` predicts its first sample; the others are predicted from the samples on the left, above, and on
/// the left of that.
#[inline(always)]
fn sum(line: &mut [u16], start: u16, above: &[u16], predict: impl Fn(i32, i32, i32) -> i32) {
    let Some((first, rest)) = line.split_first_mut() else {
        return;
    };
    *first = first.wrapping_add(start);
    let mut left = *first;
    for (sample, corner_above) in rest.iter_mut().zip(above.windows(2)) {
        let &[corner, above] = corner_above else { continue };
        *sample = sample.wrapping_add(predict(left.into(), above.into(), corner.into()) as u16);
        left = *sample;
    }
}

/// The nearest 8-bit sample for each of `precision` bits whose `low` lowest were left out.
fn shades(precision: u32, low: u32, budget: &Budget) -> Result<Buffer<u8>> {
    let mut shades = budget.zeroed(1 << (precision - low), "shades")?;
    let white = (1u32 << precision) - 1;
    for (sample, shade) in (0..).zip(shades.iter_mut()) {
        *shade = (((sample << low) * 255 + white / 2) / white) as u8;
    }
    Ok(shades)
}

#[cfg(test)]
mod tests;

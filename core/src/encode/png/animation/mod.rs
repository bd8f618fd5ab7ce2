//! Animated PNG (PNG 3rd edition, 4.9 and 11.3.8): each frame is the rectangle in which it differs from what the one
//! before it leaves behind.

use png::{Writer, chunk};

use super::{Form, beside_profile, failed, file, indexed, reduced};
use crate::budget::{Budget, Buffer};
use crate::encode::changes::{Area, changed};
use crate::encode::{options, shown_ms};
use crate::error::Result;
use crate::image::{Image, Layout, Picture};
use crate::metadata::MetadataBlocks;

/// The longest data of a chunk, with room for its number.
const LONGEST: usize = i32::MAX as usize - 4;

pub(super) fn encode(
    picture: &Picture,
    options: &options::Png,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let image = &picture.frames[0].image;
    if options.palette {
        let paletted = Paletted::new(picture, options, budget)?;
        let form = indexed::form(&paletted.palette);
        let pixels = |index: usize| copied(paletted.frame(index), budget);
        return write(picture, &form, false, pixels, options, metadata, budget);
    }
    let mut layout = if options.reduce { Layout::Grey } else { image.layout };
    for frame in &picture.frames {
        let needed = match options.reduce {
            true => reduced(&frame.image, budget)?,
            false => frame.image.layout,
        };
        layout = both(layout, needed);
    }
    let layout = beside_profile(layout, image.layout, metadata);
    let pixels = |index: usize| interleaved(&picture.frames[index].image, layout, budget);
    let alpha = layout.has_alpha();
    write(picture, &Form::of(layout), alpha, pixels, options, metadata, budget)
}

/// The layout that holds all that either does.
fn both(one: Layout, other: Layout) -> Layout {
    let colour = [one, other]
        .iter()
        .any(|layout| matches!(layout, Layout::Rgb | Layout::Rgba));
    match (colour, one.has_alpha() || other.has_alpha()) {
        (false, false) => Layout::Grey,
        (false, true) => Layout::GreyAlpha,
        (true, false) => Layout::Rgb,
        (true, true) => Layout::Rgba,
    }
}

/// All pixels of a frame. Colours that can't be seen are those of nothing, so that they don't count as a change.
fn interleaved(image: &Image, layout: Layout, budget: &Budget) -> Result<Buffer<u8>> {
    let (width, channels) = (image.width as usize, layout.channels());
    let mut pixels = budget.zeroed::<u8>(width * channels * image.height as usize, "PNG pixels")?;
    let mut row = vec![[0; 4]; width];
    for (y, out) in (0..image.height).zip(pixels.chunks_exact_mut(width * channels)) {
        budget.check()?;
        image.layout.widen(image.planes[0].row(y), &mut row);
        for (out, &[r, g, b, a]) in out.chunks_exact_mut(channels).zip(&row) {
            match (layout, out) {
                (Layout::Grey, [v]) => *v = r,
                (Layout::GreyAlpha, out) if a > 0 => out.copy_from_slice(&[r, a]),
                (Layout::Rgb, out) => out.copy_from_slice(&[r, g, b]),
                (Layout::Rgba, out) if a > 0 => out.copy_from_slice(&[r, g, b, a]),
                _ => {}
            }
        }
    }
    Ok(pixels)
}

fn copied(pixels: &[u8], budget: &Budget) -> Result<Buffer<u8>> {
    let mut copy = budget.zeroed::<u8>(pixels.len(), "PNG pixels")?;
    copy.copy_from_slice(pixels);
    Ok(copy)
}

/// All frames in the colours of one palette: a file has room for one.
struct Paletted {
    palette: Vec<[u8; 4]>,
    /// Of the frames, one after the other.
    indices: Buffer<u8>,
    /// Pixels of a frame.
    len: usize,
}

impl Paletted {
    fn new(picture: &Picture, options: &options::Png, budget: &Budget) -> Result<Self> {
        let image = &picture.frames[0].image;
        let len = image.width as usize * image.height as usize;
        let mut rgba = budget.zeroed::<u8>(len * 4 * picture.frames.len(), "RGBA pixels")?;
        for (frame, out) in picture.frames.iter().zip(rgba.chunks_exact_mut(len * 4)) {
            out.copy_from_slice(&interleaved(&frame.image, Layout::Rgba, budget)?);
        }
        let mut reduced = indexed::reduce(&rgba, image.width, options, budget)?;
        // Dithering differs from frame to frame: what doesn't change shall not.
        for later in len..reduced.indices.len() {
            let pixel = |at: usize| &rgba[at * 4..][..4];
            if pixel(later) == pixel(later - len) {
                reduced.indices[later] = reduced.indices[later - len];
            }
        }
        Ok(Paletted {
            palette: reduced.palette,
            indices: reduced.indices,
            len,
        })
    }

    fn frame(&self, index: usize) -> &[u8] {
        &self.indices[index * self.len..][..self.len]
    }
}

/// What becomes of a frame's area before the next one is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dispose {
    Keep = 0,
    /// It becomes transparent.
    Clear = 1,
    /// It becomes what it was.
    Restore = 2,
}

/// `pixels` makes those of a frame; with `alpha`, they have an alpha channel.
fn write(
    picture: &Picture,
    form: &Form<'_>,
    alpha: bool,
    pixels: impl Fn(usize) -> Result<Buffer<u8>>,
    options: &options::Png,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let (image, frames) = (&picture.frames[0].image, &picture.frames);
    let (width, channels) = (image.width as usize, form.colour.samples());
    // A frame's area, its compressed pixels, and the same again in the output.
    let bytes = (width * image.height as usize * channels) as u64;
    let _booked = budget.reserve(bytes * 3 + (1 << 20))?;
    file(image, form, options, metadata, |writer| {
        let control = [(frames.len() as u32).to_be_bytes(), picture.loops.to_be_bytes()];
        writer.write_chunk(chunk::acTL, &control.concat()).map_err(failed)?;
        let mut sequence = 0u32;
        let mut now = pixels(0)?;
        // What is shown before a frame is drawn.
        let mut canvas = budget.zeroed::<u8>(now.len(), "PNG canvas")?;
        let mut area = Area::whole(width, image.height as usize);
        for (index, frame) in frames.iter().enumerate() {
            budget.check()?;
            let mut part = Part::new(&now, &canvas, area, width, channels, budget)?;
            let blends = index > 0 && alpha && part.leave_unchanged(channels);
            let next = match index + 1 < frames.len() {
                true => Some(pixels(index + 1)?),
                false => None,
            };
            let mut dispose = Dispose::Keep;
            let drawn = area;
            if let Some(next) = &next {
                area = difference(next, &now, width, channels);
                let mut consider = |kind, left: &[u8]| {
                    let other = difference(next, left, width, channels);
                    if other.width * other.height < area.width * area.height {
                        (area, dispose) = (other, kind);
                    }
                };
                if index > 0 {
                    consider(Dispose::Restore, &canvas);
                }
                if alpha {
                    let mut cleared = copied(&now, budget)?;
                    drawn.rows(width, channels).for_each(|row| cleared[row].fill(0));
                    consider(Dispose::Clear, &cleared);
                }
            }
            let head = control_of(drawn, frame.delay_ms, dispose, blends);
            number(writer, chunk::fcTL, &mut sequence, &head)?;
            let samples = form.samples(&part.data, (drawn.width, drawn.height), options);
            let compressed = form.compress(samples, options, budget)?;
            for data in compressed.chunks(LONGEST) {
                match index {
                    0 => writer.write_chunk(chunk::IDAT, data).map_err(failed)?,
                    _ => number(writer, chunk::fdAT, &mut sequence, data)?,
                }
            }
            if dispose != Dispose::Restore {
                canvas.copy_from_slice(&now);
            }
            if dispose == Dispose::Clear {
                drawn.rows(width, channels).for_each(|row| canvas[row].fill(0));
            }
            match next {
                Some(next) => now = next,
                None => break,
            }
        }
        Ok(())
    })
}

/// The pixels of a frame's area.
struct Part {
    data: Buffer<u8>,
    /// For each, whether it differs from what is shown.
    changes: Buffer<u8>,
}

impl Part {
    fn new(now: &[u8], canvas: &[u8], area: Area, width: usize, channels: usize, budget: &Budget) -> Result<Self> {
        let mut data = budget.zeroed::<u8>(area.width * area.height * channels, "a frame's area")?;
        let mut changes = budget.zeroed::<u8>(area.width * area.height, "changes of a frame")?;
        let outs = data.chunks_exact_mut(area.width * channels);
        let rows = outs.zip(changes.chunks_exact_mut(area.width));
        for ((out, changes), row) in rows.zip(area.rows(width, channels)) {
            let (now, canvas) = (&now[row.clone()], &canvas[row]);
            out.copy_from_slice(now);
            let pairs = now.chunks_exact(channels).zip(canvas.chunks_exact(channels));
            for (change, (now, canvas)) in changes.iter_mut().zip(pairs) {
                *change = u8::from(now != canvas);
            }
        }
        Ok(Part { data, changes })
    }

    /// Makes unchanged pixels transparent, so that they show what is below, if all the others are opaque and they are
    /// the larger part. Returns whether it did.
    fn leave_unchanged(&mut self, channels: usize) -> bool {
        let pixels = self.data.chunks_exact(channels).zip(self.changes.iter());
        let opaque = pixels
            .clone()
            .all(|(pixel, &change)| change == 0 || pixel[channels - 1] == 255);
        let changes = self.changes.iter().filter(|&&change| change == 1).count();
        let leaves = opaque && changes * 2 < self.changes.len();
        if leaves {
            let pixels = self.data.chunks_exact_mut(channels).zip(self.changes.iter());
            pixels
                .filter(|(_, change)| **change == 0)
                .for_each(|(pixel, _)| pixel.fill(0));
        }
        leaves
    }
}

fn difference(now: &[u8], before: &[u8], width: usize, channels: usize) -> Area {
    match channels {
        1 => changed::<1>(now, before, width),
        2 => changed::<2>(now, before, width),
        3 => changed::<3>(now, before, width),
        _ => changed::<4>(now, before, width),
    }
}

/// What a frame control chunk says, after its number.
fn control_of(area: Area, delay_ms: u32, dispose: Dispose, blends: bool) -> Vec<u8> {
    let sides = [area.width, area.height, area.left, area.top].map(|side| (side as u32).to_be_bytes());
    let delay = delay(shown_ms(delay_ms)).map(u16::to_be_bytes);
    [
        sides.as_flattened(),
        delay.as_flattened(),
        &[dispose as u8, blends.into()],
    ]
    .concat()
}

/// A time as a fraction of a second, as exact as 16 bits allow.
fn delay(ms: u32) -> [u16; 2] {
    let fit = [(1, 1000), (10, 100), (100, 10)]
        .into_iter()
        .find_map(|(ms_each, parts)| Some([u16::try_from(ms.saturating_add(ms_each / 2) / ms_each).ok()?, parts]));
    fit.unwrap_or_else(|| [u16::try_from(ms / 1000).unwrap_or(u16::MAX), 1])
}

/// Writes a chunk that begins with a number.
fn number(writer: &mut Writer<&mut Vec<u8>>, kind: chunk::ChunkType, sequence: &mut u32, data: &[u8]) -> Result<()> {
    let numbered = [&sequence.to_be_bytes()[..], data].concat();
    *sequence += 1;
    writer.write_chunk(kind, &numbered).map_err(failed)
}

#[cfg(test)]
mod tests;

//! Animations (RFC 9649, 2.7.1.1): each frame is the rectangle in which it differs from what is shown before it.

use super::container::{self, Features};
use super::difference::{Difference, Similar};
use super::part::Part;
use crate::budget::{Budget, Buffer};
use crate::encode::changes::Area;
use crate::encode::{options, shown_ms};
use crate::error::Result;
use crate::image::{Image, Picture};
use crate::metadata::MetadataBlocks;

/// The longest delay, of 24 bits, in milliseconds.
const LONGEST: u32 = (1 << 24) - 1;

/// A frame's flag: its area is cleared before the next one is drawn.
pub(super) const CLEARS: u8 = 1;

/// A frame's flag: it replaces what is below, and transparent pixels clear it.
const REPLACES: u8 = 2;

pub(super) fn encode(
    picture: &Picture,
    options: &options::Webp,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let image = &picture.frames[0].image;
    let features = Features {
        animation: true,
        extended: true,
        ..Features::new(image, image.layout.has_alpha())
    };
    let mut transparent = false;
    let mut file = container::file(features, metadata, |out| {
        container::chunk(out, b"ANIM", |out| {
            let loops = u16::try_from(picture.loops).unwrap_or(u16::MAX);
            out.extend_from_slice(&u32::MAX.to_le_bytes());
            out.extend_from_slice(&loops.to_le_bytes());
            Ok(())
        })?;
        let mut writer = Writer::new(image, options, budget, out)?;
        for frame in &picture.frames {
            let now = pixels(&frame.image, options.exact, budget)?;
            writer.frame(&now, shown_ms(frame.delay_ms).min(LONGEST))?;
        }
        transparent = writer.alpha;
        Ok(())
    })?;
    if transparent {
        container::set_alpha(&mut file);
    }
    Ok(file)
}

/// RGBA. Colours that can't be seen are those of nothing, unless `exact`, so that they don't count as a change.
fn pixels(image: &Image, exact: bool, budget: &Budget) -> Result<Buffer<u8>> {
    let mut pixels = image.to_rgba(budget)?;
    if !exact && image.layout.has_alpha() {
        for pixel in pixels.as_chunks_mut::<4>().0 {
            if pixel[3] == 0 {
                *pixel = [0; 4];
            }
        }
    }
    Ok(pixels)
}

/// Where the last frame is in the file, to change what is said of it.
struct Last {
    area: Area,
    delay: u32,
    /// Of its delay, which its flags follow.
    at: usize,
}

struct Writer<'a> {
    width: usize,
    options: &'a options::Webp,
    similar: Similar,
    budget: &'a Budget,
    out: &'a mut Vec<u8>,
    /// What is shown before a frame is drawn.
    canvas: Buffer<u8>,
    last: Option<Last>,
    /// Whether any has transparent pixels.
    alpha: bool,
}

impl<'a> Writer<'a> {
    fn new(image: &Image, options: &'a options::Webp, budget: &'a Budget, out: &'a mut Vec<u8>) -> Result<Self> {
        let (width, height) = (image.width as usize, image.height as usize);
        Ok(Writer {
            width,
            options,
            similar: Similar::new(options),
            budget,
            out,
            canvas: budget.zeroed(width * height * 4, "WebP canvas")?,
            last: None,
            alpha: false,
        })
    }

    fn frame(&mut self, now: &[u8], delay: u32) -> Result<()> {
        let Some(mut last) = self.last.take() else {
            // The first one is whole, for those who show only that.
            let area = Area::whole(self.width, now.len() / 4 / self.width);
            return self.put(now, area, false, delay);
        };
        let width = self.width;
        let found = Difference::new(now, &self.canvas, width, &self.similar, self.budget)?;
        let Some(mut difference) = found else {
            let sum = last.delay + delay;
            last.delay = sum.min(LONGEST);
            self.out[last.at..last.at + 3].copy_from_slice(&last.delay.to_le_bytes()[..3]);
            self.last = Some(last);
            return match sum.checked_sub(LONGEST) {
                None | Some(0) => Ok(()),
                Some(rest) => self.put(now, Area::whole(1, 1), false, rest),
            };
        };
        // It can only help where something has become transparent.
        if difference.vanishes {
            let mut cleared = self.budget.zeroed::<u8>(now.len(), "WebP canvas")?;
            cleared.copy_from_slice(&self.canvas);
            last.area.rows(width, 4).for_each(|row| cleared[row].fill(0));
            let other = Difference::new(now, &cleared, width, &self.similar, self.budget)?;
            let other = other.unwrap_or(Difference::NONE);
            if other.cost() < difference.cost() {
                difference = other;
                self.canvas = cleared;
                self.out[last.at + 3] |= CLEARS;
            }
        }
        self.put(now, difference.area.even(), difference.blends(), delay)
    }

    /// Writes a frame, and draws it on the canvas. If it `blends`, what is opaque may be laid over what is below.
    fn put(&mut self, now: &[u8], area: Area, blends: bool, delay: u32) -> Result<()> {
        let whole = Part::new(now, area, self.width, self.budget)?;
        let laid = match blends {
            true => whole.laid_over(
                &self.canvas,
                self.width,
                &self.similar,
                self.options.lossless,
                self.budget,
            )?,
            false => None,
        };
        let start = self.out.len();
        let last = self.chunk(area, laid.as_ref().unwrap_or(&whole), delay)?;
        let mut kept = laid;
        if kept.as_ref().is_some_and(Part::is_doubtful) {
            // What is smaller can't be known.
            let blended = self.out.split_off(start);
            self.chunk(area, &whole, delay)?;
            if blended.len() < self.out.len() - start {
                self.out.truncate(start);
                self.out.extend_from_slice(&blended);
            } else {
                kept = None;
            }
        }
        let drawn = kept.as_ref().unwrap_or(&whole);
        self.alpha |= drawn.alpha;
        drawn.draw(&mut self.canvas, self.width);
        self.last = Some(last);
        Ok(())
    }

    fn chunk(&mut self, area: Area, part: &Part, delay: u32) -> Result<Last> {
        let flags = if part.blends { 0 } else { REPLACES };
        let mut at = 0;
        let (options, budget) = (self.options, self.budget);
        container::chunk(self.out, b"ANMF", |out| {
            let numbers = [
                area.left / 2,
                area.top / 2,
                area.width - 1,
                area.height - 1,
                delay as usize,
            ];
            for number in numbers {
                out.extend_from_slice(&(number as u32).to_le_bytes()[..3]);
            }
            at = out.len() - 3;
            out.push(flags);
            part.write(options, budget, out)
        })?;
        Ok(Last { area, delay, at })
    }
}

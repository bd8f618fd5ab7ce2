//! Finds the borders of one colour that a plan trims, in a separate decode of which only the rows around the
//! current one are kept. Borders are defined as in libvips' `vips_find_trim`, as called by sharp.

use std::borrow::Cow;

use crate::budget::{Budget, Buffer};
use crate::colour::Colour;
use crate::decode::Opened;
use crate::error::{Error, Reason, Result};
use crate::geometry;
use crate::image::Layout;
use crate::plan::{Crop, Plan, Trim};
use crate::rect::{Rect, to_stored, to_upright};
use crate::request::Request;
use crate::rows::{Frame, RowSink};

/// A plan without a trim: the trim has become part of the crop.
pub(crate) struct Trimmed<'a> {
    pub(crate) plan: Cow<'a, Plan>,
    /// Columns and rows that were trimmed on the left and at the top, if a trim was requested.
    pub(crate) offset: Option<(u32, u32)>,
}

/// Finds the borders where a plan asks for a trim.
///
/// # Errors
///
/// [`Error::BadPlan`] for an image smaller than 3 pixels each way, a threshold that isn't a number, or a crop that is
/// not within what is left.
pub(crate) fn solve<'a>(opened: &Opened<'_>, plans: &'a [Plan], budget: &Budget) -> Result<Vec<Trimmed<'a>>> {
    let solved = plans
        .iter()
        .enumerate()
        .map(|(index, plan)| solve_one(opened, plan, budget).map_err(|error| error.in_plan(index, plans.len())));
    solved.collect()
}

fn solve_one<'a>(opened: &Opened<'_>, plan: &'a Plan, budget: &Budget) -> Result<Trimmed<'a>> {
    let Some(trim) = plan.trim else {
        return Ok(Trimmed {
            plan: Cow::Borrowed(plan),
            offset: None,
        });
    };
    let info = &opened.info;
    if info.width < 3 && info.height < 3 {
        let got = format!("{}×{} pixels", info.width, info.height);
        return Err(
            Error::out_of_range("trim", "an image of at least 3 pixels in one direction", &got)
                .because(Reason::TrimTooSmall)
                .saying(format_args!(
                    "the image has {got}, expected at least 3 in one direction"
                )),
        );
    }
    let orientation = geometry::orientation(info.orientation, &plan.orient);
    let stored = (info.width, info.height);
    let scan = |sink: &mut dyn RowSink| {
        // Warnings about the file will come again when it is decoded for the output.
        opened.decode(&Request::whole(plan.tolerate), budget, sink, &mut Vec::new())
    };
    let background = match trim.background {
        Some(colour) => Background::Given(colour),
        None => {
            let first = Rect {
                left: 0.0,
                top: 0.0,
                width: 1.0,
                height: 1.0,
            };
            let first = to_stored(first, (stored.0.into(), stored.1.into()), orientation);
            let mut corner = Corner {
                at: (first.left as usize, first.top as usize),
                ..Corner::default()
            };
            if corner.at == (0, 0) {
                Background::First
            } else {
                scan(&mut corner)?;
                Background::Pixel(corner.pixel)
            }
        }
    };
    let mut finder = Finder::new(trim, background, budget);
    scan(&mut finder)?;
    let (width, height) = orientation.size(stored);
    let found = finder.found()?.map(|found| {
        let upright = to_upright(found.rect(), (stored.0.into(), stored.1.into()), orientation);
        with_margin(upright, trim.margin, (width, height))
    });
    let found = found.unwrap_or(Crop {
        left: 0,
        top: 0,
        width,
        height,
    });
    let mut solved = plan.clone();
    solved.trim = None;
    solved.crop = Some(within(plan.crop, found)?);
    Ok(Trimmed {
        plan: Cow::Owned(solved),
        offset: Some((found.left, found.top)),
    })
}

/// The plan's crop, which is relative to the trimmed image's corner.
fn within(crop: Option<Crop>, trimmed: Crop) -> Result<Crop> {
    let Some(crop) = crop else {
        return Ok(trimmed);
    };
    let inside = |start: u32, length: u32, whole: u32| start.checked_add(length).is_some_and(|end| end <= whole);
    if !inside(crop.left, crop.width, trimmed.width) || !inside(crop.top, crop.height, trimmed.height) {
        let (at, size) = ((crop.left, crop.top), (crop.width, crop.height));
        return Err(Error::crop_outside(at, size, (trimmed.width, trimmed.height)).at("crop"));
    }
    Ok(Crop {
        left: trimmed.left + crop.left,
        top: trimmed.top + crop.top,
        ..crop
    })
}

/// Leaves a margin. Like sharp, adds twice its width even if the left edge is too close for all of it.
fn with_margin(rect: Rect, margin: u32, (width, height): (u32, u32)) -> Crop {
    let axis = |start: f64, length: f64, whole: u32| {
        let (start, length) = (start as u32, length as u32);
        let first = start.saturating_sub(margin);
        (
            first,
            length.saturating_add(margin.saturating_mul(2)).min(whole - first),
        )
    };
    let (left, width) = axis(rect.left, rect.width, width);
    let (top, height) = axis(rect.top, rect.height, height);
    Crop {
        left,
        top,
        width,
        height,
    }
}

/// Keeps one pixel.
#[derive(Default)]
struct Corner {
    at: (usize, usize),
    y: usize,
    channels: usize,
    pixel: [u8; 4],
}

impl RowSink for Corner {
    fn begin(&mut self, frame: &Frame) -> Result<()> {
        self.channels = frame.layout.channels();
        self.y = 0;
        Ok(())
    }

    fn row(&mut self, _: usize, row: &[u8]) -> Result<()> {
        if self.y == self.at.1
            && let Some(pixel) = row.chunks_exact(self.channels).nth(self.at.0)
        {
            self.pixel[..self.channels].copy_from_slice(pixel);
        }
        self.y += 1;
        Ok(())
    }
}

/// Where the border's colour comes from.
enum Background {
    Given(Colour),
    /// The colour of the first pixel.
    First,
    /// These samples, in the image's channels.
    Pixel([u8; 4]),
}

/// Columns and rows that differ from the background.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Found {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Found {
    fn rect(self) -> Rect {
        Rect {
            left: self.left as f64,
            top: self.top as f64,
            width: (self.right - self.left + 1) as f64,
            height: (self.bottom - self.top + 1) as f64,
        }
    }
}

/// Looks at every row, smoothed by a median of 3 × 3 pixels.
struct Finder<'a> {
    budget: &'a Budget,
    trim: Trim,
    background: Background,
    layout: Layout,
    height: usize,
    /// The background in the image's channels, once a row has arrived.
    colour: Option<[u8; 4]>,
    /// The last three rows, flattened onto the background; alpha unchanged.
    rows: [Option<Buffer<u8>>; 3],
    taken: usize,
    /// Minimum, median and maximum of each column of three.
    sorted: [Option<Buffer<u8>>; 3],
    found: Option<Found>,
}

impl<'a> Finder<'a> {
    fn new(trim: Trim, background: Background, budget: &'a Budget) -> Self {
        Finder {
            budget,
            trim,
            background,
            layout: Layout::Grey,
            height: 0,
            colour: None,
            rows: [None, None, None],
            taken: 0,
            sorted: [None, None, None],
            found: None,
        }
    }

    fn found(mut self) -> Result<Option<Found>> {
        if self.taken > 0 && self.taken == self.height && !self.trim.lineart {
            self.smoothed(self.taken - 1);
        }
        Ok(self.found)
    }

    /// The row `y` is complete: so is its neighbour below, unless it is the last.
    fn smoothed(&mut self, y: usize) {
        let last = self.taken - 1;
        let row = |y: usize| self.rows[y % 3].as_deref().unwrap_or(&[]);
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(last)));
        let [Some(low), Some(middle), Some(high)] = &mut self.sorted else {
            return;
        };
        for (i, (&a, (&b, &c))) in above.iter().zip(here.iter().zip(below)).enumerate() {
            (low[i], middle[i], high[i]) = (a.min(b).min(c), median(a, b, c), a.max(b).max(c));
        }
        let channels = self.layout.channels();
        let columns = low.len() / channels;
        let sample = |x: usize, c: usize| {
            let at = |x: usize| x * channels + c;
            let (left, here, right) = (at(x.saturating_sub(1)), at(x), at((x + 1).min(columns - 1)));
            median(
                low[left].max(low[here]).max(low[right]),
                median(middle[left], middle[here], middle[right]),
                high[left].min(high[here]).min(high[right]),
            )
        };
        let border = (self.colour.unwrap_or_default(), channels, self.trim.threshold);
        let found = (0..columns).find(|x| differs(border, |c| sample(*x, c)));
        let ends = found.map(|first| {
            let last = (first..columns).rev().find(|x| differs(border, |c| sample(*x, c)));
            (first, last.unwrap_or(first))
        });
        self.note(y, ends);
    }

    fn note(&mut self, y: usize, ends: Option<(usize, usize)>) {
        let Some((left, right)) = ends else { return };
        let found = self.found.get_or_insert(Found {
            left,
            right,
            top: y,
            bottom: y,
        });
        found.left = found.left.min(left);
        found.right = found.right.max(right);
        found.bottom = y;
    }
}

impl RowSink for Finder<'_> {
    fn begin(&mut self, frame: &Frame) -> Result<()> {
        let [plane] = frame.planes[..] else {
            return Err(Error::internal(
                "trimming",
                format!("pixels in the layout {:?}", frame.layout),
            ));
        };
        self.layout = frame.layout;
        self.height = plane.height as usize;
        let length = plane.width as usize * frame.layout.channels();
        for row in self.rows.iter_mut().chain(&mut self.sorted) {
            *row = Some(self.budget.zeroed(length, "rows to trim")?);
        }
        Ok(())
    }

    fn row(&mut self, _: usize, row: &[u8]) -> Result<()> {
        self.budget.check()?;
        let channels = self.layout.channels();
        let colour = *self.colour.get_or_insert_with(|| match self.background {
            Background::Given(colour) => in_channels(colour, self.layout),
            Background::Pixel(pixel) => pixel,
            Background::First => {
                let mut pixel = [0; 4];
                pixel[..channels].copy_from_slice(&row[..channels]);
                pixel
            }
        });
        let y = self.taken;
        let Some(kept) = &mut self.rows[y % 3] else {
            return Ok(());
        };
        kept.copy_from_slice(row);
        match self.layout {
            Layout::GreyAlpha => flatten::<2>(kept, colour),
            Layout::Rgba => flatten::<4>(kept, colour),
            _ => {}
        }
        self.taken += 1;
        if self.trim.lineart {
            let border = (colour, channels, self.trim.threshold);
            let pixels = || self.rows[y % 3].as_deref().unwrap_or(&[]).chunks_exact(channels);
            let first = pixels().position(|pixel| differs(border, |c| pixel[c]));
            let last = pixels().rposition(|pixel| differs(border, |c| pixel[c]));
            self.note(y, first.zip(last));
        } else if y > 0 {
            self.smoothed(y - 1);
        }
        Ok(())
    }
}

/// Whether a pixel differs from the background by more than the threshold, in any of its channels.
fn differs((colour, channels, threshold): Border, sample: impl Fn(usize) -> u8) -> bool {
    (0..channels).any(|c| f64::from(sample(c).abs_diff(colour[c])) > threshold)
}

/// The border's colour, the number of channels, the threshold.
type Border = ([u8; 4], usize, f64);

/// Flattens colours onto the background, in whole levels; alpha is kept.
fn flatten<const C: usize>(row: &mut [u8], colour: [u8; 4]) {
    for pixel in row.as_chunks_mut::<C>().0 {
        let alpha = u32::from(pixel[C - 1]);
        for (sample, background) in pixel[..C - 1].iter_mut().zip(colour) {
            *sample = ((u32::from(*sample) * alpha + u32::from(background) * (255 - alpha)) / 255) as u8;
        }
    }
}

fn in_channels(colour: Colour, layout: Layout) -> [u8; 4] {
    let Colour {
        red,
        green,
        blue,
        alpha,
    } = colour;
    match layout {
        Layout::GreyAlpha => [red, alpha, 0, 0],
        Layout::Cmyk => [255 - red, 255 - green, 255 - blue, 0],
        _ => [red, green, blue, alpha],
    }
}

fn median(a: u8, b: u8, c: u8) -> u8 {
    a.min(b).max(a.max(b).min(c))
}

#[cfg(test)]
mod tests;

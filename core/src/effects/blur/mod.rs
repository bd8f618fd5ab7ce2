//! A blur: libvips' Gaussian, in integers, one direction after the other.
//!
//! The mask's weights are whole numbers up to 20, cut off where they fall below a fifth of that. A short mask is
//! applied tap by tap. A long one has many taps but at most 17 different weights: it is a stack of boxes, and from one
//! sample to the next a box's sum changes only by the sample that enters and the one that leaves. So the cost of a
//! blur does not grow with sigma.

use fearless_simd::{Level, dispatch};

use crate::budget::{Budget, Buffer};
use crate::error::Result;
use crate::image::{Image, Plane};
use crate::options::options;

use super::shared::mask::Mask;
use super::shared::{alpha, neighbours};
use super::{Context, EffectOptions};

options! {
    /// A blur.
    ///
    /// ```
    /// use keenpix::effect::Blur;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Blur::new().with_sigma(2.0));
    /// let soft = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!((soft.width, soft.height), (64, 48));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Blur {
        /// Standard deviation of the Gaussian, in pixels, 0.3 to 1000. Default: none, which averages 3 × 3 pixels.
        sigma (with_sigma): f64, 0.3..=1000.0;
        /// Where the tails of the Gaussian are cut off, as a fraction of its height, 0.001 to 1. Default: 0.2.
        amplitude (with_amplitude): f64 = 0.2, 0.001..=1.0;
    }
}

impl EffectOptions for Blur {
    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let budget = context.budget;
        alpha::premultiplied(image, budget, |image| match self.sigma {
            None => neighbours::average(image, budget),
            Some(sigma) => convolve(image, &Mask::gaussian(sigma, self.amplitude), budget),
        })
    }
}

/// Samples processed at once: they stay in registers.
const LANES: usize = 64;

fn convolve(image: Image, mask: &Mask, budget: &Budget) -> Result<Image> {
    if mask.radius() == 0 {
        return Ok(image);
    }
    let from = &image.planes[0];
    let mut plane = Plane::new(image.width, image.height, from.channels, budget)?;
    // Sums of taps have to fit 16 bits.
    if mask.sum() * 255 <= u32::from(u16::MAX) {
        with_taps(from, &mut plane, mask, budget)?;
    } else {
        with_boxes(from, &mut plane, mask, budget)?;
    }
    Ok(Image {
        planes: vec![plane],
        ..image
    })
}

/// A row between its edge pixels, repeated as far as the mask reaches.
struct Padded {
    samples: Buffer<u8>,
    pad: usize,
    channels: usize,
}

impl Padded {
    fn new(plane: &Plane, reach: usize, budget: &Budget) -> Result<Self> {
        let pad = reach * plane.channels;
        Ok(Padded {
            samples: budget.zeroed(plane.stride() + 2 * pad, "blur rows")?,
            pad,
            channels: plane.channels,
        })
    }

    fn row_mut(&mut self) -> &mut [u8] {
        let end = self.samples.len() - self.pad;
        &mut self.samples[self.pad..end]
    }

    fn repeat_edges(&mut self) {
        let (pad, channels) = (self.pad, self.channels);
        let (left, rest) = self.samples.split_at_mut(pad);
        let (row, right) = rest.split_at_mut(rest.len() - pad);
        let (first, last) = (&row[..channels], &row[row.len() - channels..]);
        left.chunks_exact_mut(channels)
            .for_each(|pixel| pixel.copy_from_slice(first));
        right
            .chunks_exact_mut(channels)
            .for_each(|pixel| pixel.copy_from_slice(last));
    }
}

/// Divides sums of weighted samples by the sum of the weights, rounded to the nearest.
#[derive(Clone, Copy)]
struct Scale(f32);

impl Scale {
    fn new(mask: &Mask) -> Self {
        Scale(1.0 / mask.sum() as f32)
    }

    #[inline(always)]
    fn apply(self, sum: i32) -> u8 {
        // At 3 × 2²² a float's last bit is worth 1: the sum is rounded, and its low bits are the number. A cast would
        // look for what can't be here. The quarter takes exact halves up.
        ((sum as f32 + 0.25) * self.0 + 12_582_912.0).to_bits() as u8
    }
}

/// Calls `$kernel` for each stretch of [`LANES`] samples: the last one overlaps the one before, and rows that are
/// shorter than a stretch are done sample by sample.
macro_rules! stretches {
    ($len:expr, $kernel:ident, $($argument:expr),*) => {
        if $len >= LANES {
            let mut start = 0;
            while start + LANES < $len {
                $kernel::<LANES>(start, $($argument),*);
                start += LANES;
            }
            $kernel::<LANES>($len - LANES, $($argument),*);
        } else {
            for start in 0..$len {
                $kernel::<1>(start, $($argument),*);
            }
        }
    };
}

fn with_taps(from: &Plane, to: &mut Plane, mask: &Mask, budget: &Budget) -> Result<()> {
    let (radius, scale, level) = (mask.radius(), Scale::new(mask), Level::new());
    let mut padded = Padded::new(from, radius, budget)?;
    let mut rows: Vec<&[u8]> = Vec::with_capacity(2 * radius + 1);
    for y in 0..from.height {
        budget.check()?;
        rows.clear();
        rows.extend((0..=2 * radius).map(|i| nearest_row(from, i64::from(y) + i as i64 - radius as i64)));
        dispatch!(level, _simd => tap_row(&rows, &mask.0, scale, padded.row_mut()));
        padded.repeat_edges();
        let stride = from.stride();
        let shifted: Vec<&[u8]> = (0..=2 * radius)
            .map(|i| &padded.samples[i * from.channels..][..stride])
            .collect();
        dispatch!(level, _simd => tap_row(&shifted, &mask.0, scale, to.row_mut(y)));
    }
    Ok(())
}

fn nearest_row(plane: &Plane, y: i64) -> &[u8] {
    plane.row(y.clamp(0, i64::from(plane.height) - 1) as u32)
}

/// One output row from the rows (or the row's shifts) that the mask's taps fall on.
#[inline(always)]
fn tap_row(rows: &[&[u8]], mask: &[u16], scale: Scale, out: &mut [u8]) {
    stretches!(out.len(), taps, rows, mask, scale, out);
}

#[inline(always)]
fn taps<const N: usize>(start: usize, rows: &[&[u8]], mask: &[u16], scale: Scale, out: &mut [u8]) {
    let radius = mask.len() - 1;
    let stretch = |row: usize| -> &[u8; N] { (&rows[row][start..start + N]).try_into().expect("N samples") };
    let mut sums = [0u16; N];
    for (sum, &sample) in sums.iter_mut().zip(stretch(radius)) {
        *sum = mask[0] * u16::from(sample);
    }
    for (i, &weight) in mask.iter().enumerate().skip(1) {
        for (sum, (&a, &b)) in sums.iter_mut().zip(stretch(radius - i).iter().zip(stretch(radius + i))) {
            *sum += weight * (u16::from(a) + u16::from(b));
        }
    }
    for (out, sum) in out[start..start + N].iter_mut().zip(sums) {
        *out = scale.apply(i32::from(sum));
    }
}

fn with_boxes(from: &Plane, to: &mut Plane, mask: &Mask, budget: &Budget) -> Result<()> {
    let (radius, scale, level) = (mask.radius(), Scale::new(mask), Level::new());
    let boxes = mask.boxes();
    let (stride, channels) = (from.stride(), from.channels);
    let mut padded = Padded::new(from, radius + 1, budget)?;
    let mut down = budget.zeroed::<i32>(stride, "blur sums")?;
    let mut across = budget.zeroed::<i32>(stride, "blur sums")?;
    let mut changes = budget.zeroed::<i16>(stride, "blur sums")?;
    first_sums(from, mask, &mut down, budget)?;
    let mut steps: Vec<(&[u8], &[u8], i16)> = Vec::with_capacity(boxes.len());
    for y in 0..from.height {
        budget.check()?;
        steps.clear();
        steps.extend(boxes.iter().map(|&(radius, height)| {
            let (y, radius) = (i64::from(y), radius as i64);
            (nearest_row(from, y + 1 + radius), nearest_row(from, y - radius), height)
        }));
        dispatch!(level, _simd => narrow(&down, scale, padded.row_mut()));
        dispatch!(level, _simd => change_row(&steps, &mut changes));
        dispatch!(level, _simd => add(&mut down, &changes));
        padded.repeat_edges();
        let samples = &padded.samples;
        let shifted: Vec<(&[u8], &[u8], i16)> = boxes
            .iter()
            .map(|&(reach, height)| {
                let (incoming, outgoing) = (radius + 2 + reach, radius + 1 - reach);
                (
                    &samples[incoming * channels..][..stride - channels],
                    &samples[outgoing * channels..][..stride - channels],
                    height,
                )
            })
            .collect();
        dispatch!(level, _simd => change_row(&shifted, &mut changes[channels..]));
        first_pixel(samples, mask, channels, &mut across);
        match channels {
            1 => run::<1>(&mut across, &changes),
            2 => run::<2>(&mut across, &changes),
            3 => run::<3>(&mut across, &changes),
            _ => run::<4>(&mut across, &changes),
        }
        dispatch!(level, _simd => narrow(&across, scale, to.row_mut(y)));
    }
    Ok(())
}

/// The mask's sums over the rows around the first one.
fn first_sums(from: &Plane, mask: &Mask, sums: &mut [i32], budget: &Budget) -> Result<()> {
    let radius = mask.radius() as i64;
    for distance in -radius..=radius {
        budget.check()?;
        let weight = i32::from(mask.0[distance.unsigned_abs() as usize]);
        for (sum, &sample) in sums.iter_mut().zip(nearest_row(from, distance)) {
            *sum += weight * i32::from(sample);
        }
    }
    Ok(())
}

/// The mask's sum around the first pixel of a padded row, which has one pixel more than the mask reaches.
fn first_pixel(samples: &[u8], mask: &Mask, channels: usize, sums: &mut [i32]) {
    let radius = mask.radius();
    sums[..channels].fill(0);
    for (i, pixel) in samples.chunks_exact(channels).skip(1).take(2 * radius + 1).enumerate() {
        let weight = i32::from(mask.0[i.abs_diff(radius)]);
        for (sum, &sample) in sums.iter_mut().zip(pixel) {
            *sum += weight * i32::from(sample);
        }
    }
}

/// By how much the sums change to the next sample: what comes into each box less what goes, times its height.
#[inline(always)]
fn change_row(steps: &[(&[u8], &[u8], i16)], out: &mut [i16]) {
    stretches!(out.len(), changes, steps, out);
}

#[inline(always)]
fn changes<const N: usize>(start: usize, steps: &[(&[u8], &[u8], i16)], out: &mut [i16]) {
    let mut sums = [0i16; N];
    for &(incoming, outgoing, height) in steps {
        let incoming: &[u8; N] = incoming[start..start + N].try_into().expect("N samples");
        let outgoing: &[u8; N] = outgoing[start..start + N].try_into().expect("N samples");
        for (sum, (&a, &b)) in sums.iter_mut().zip(incoming.iter().zip(outgoing)) {
            *sum += height * (i16::from(a) - i16::from(b)); // the heights' sum is 20
        }
    }
    out[start..start + N].copy_from_slice(&sums);
}

#[inline(always)]
fn add(sums: &mut [i32], changes: &[i16]) {
    for (sum, &change) in sums.iter_mut().zip(changes) {
        *sum += i32::from(change);
    }
}

/// Every pixel's sums from the first one's and the changes.
fn run<const C: usize>(sums: &mut [i32], changes: &[i16]) {
    let (sums, changes) = (sums.as_chunks_mut::<C>().0, changes.as_chunks::<C>().0);
    let Some((first, rest)) = sums.split_first_mut() else {
        return;
    };
    let mut running = *first;
    for (sum, change) in rest.iter_mut().zip(&changes[1..]) {
        for (running, &change) in running.iter_mut().zip(change) {
            *running += i32::from(change);
        }
        *sum = running;
    }
}

#[inline(always)]
fn narrow(sums: &[i32], scale: Scale, out: &mut [u8]) {
    for (out, &sum) in out.iter_mut().zip(sums) {
        *out = scale.apply(sum);
    }
}

#[cfg(test)]
mod tests;

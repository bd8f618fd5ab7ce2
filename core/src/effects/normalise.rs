//! The lightness, stretched to the full range.

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::image::{Image, Layout};
use crate::options::options;

use super::shared::lab::{self, Block, STEPS, Tables};
use super::{Context, EffectOptions};

options! {
    /// The lightness, stretched so that a part of the pixels lies at either end.
    ///
    /// ```
    /// use keenpix::effect::Normalise;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Normalise::new().with_lower(0.5).with_upper(99.5));
    /// let stretched = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!((stretched.width, stretched.height), (64, 48));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Normalise {
        /// The percentile that becomes black, 0 to 99. Default: 1.
        lower (with_lower): f64 = 1.0, 0.0..=99.0;
        /// The percentile that becomes white, 1 to 100. Default: 99.
        upper (with_upper): f64 = 99.0, 1.0..=100.0;
    }
}

impl EffectOptions for Normalise {
    fn check(&self) -> Result<()> {
        if self.lower < self.upper {
            return Ok(());
        }
        let expected = format_args!("less than upper, which is {}", self.upper);
        Err(Error::out_of_range("lower", expected, self.lower))
    }

    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let ends = ends(&histogram(&image, context.budget)?, self);
        stretch(image, ends, context.budget)
    }
}

fn stretch(image: Image, (low, high): (usize, usize), budget: &Budget) -> Result<Image> {
    if high.abs_diff(low) <= 1 {
        return Ok(image);
    }
    let factor = 100.0 / (high as f32 - low as f32);
    let offset = -(low as f32) * factor;
    lab::change(
        image,
        budget,
        #[inline(always)]
        |[l, _, _]: &mut Block| {
            for l in l {
                *l = *l * factor + offset;
            }
        },
    )
}

/// Whole numbers of lightness.
const BINS: usize = 101;

fn histogram(image: &Image, budget: &Budget) -> Result<[u64; BINS]> {
    let tables = Tables::shared();
    // By luminance first: then a pixel needs no cube root.
    let mut counts = budget.zeroed::<u64>(STEPS + 1, "a histogram")?;
    for y in 0..image.height {
        budget.check()?;
        let row = image.planes[0].row(y);
        match image.layout {
            Layout::Grey => row.iter().for_each(|&v| counts[tables.luminance(v, v, v)] += 1),
            Layout::GreyAlpha => {
                let pixels = row.as_chunks::<2>().0;
                pixels.iter().for_each(|&[v, _]| counts[tables.luminance(v, v, v)] += 1);
            }
            Layout::Rgb => {
                let pixels = row.as_chunks::<3>().0;
                pixels
                    .iter()
                    .for_each(|&[r, g, b]| counts[tables.luminance(r, g, b)] += 1);
            }
            _ => {
                let pixels = row.as_chunks::<4>().0;
                pixels
                    .iter()
                    .for_each(|&[r, g, b, _]| counts[tables.luminance(r, g, b)] += 1);
            }
        }
    }
    let mut bins = [0; BINS];
    for (i, count) in counts.iter().enumerate() {
        let lightness = lab::lightness(i as f32 / STEPS as f32);
        bins[(lightness.max(0.0) as usize).min(BINS - 1)] += count;
    }
    Ok(bins)
}

/// The lightness that becomes 0 and the one that becomes 100.
fn ends(bins: &[u64; BINS], options: &Normalise) -> (usize, usize) {
    let darkest = bins.iter().position(|&count| count > 0).unwrap_or(0);
    let lightest = bins.iter().rposition(|&count| count > 0).unwrap_or(0);
    let low = if options.lower == 0.0 {
        darkest
    } else {
        percentile(bins, lightest, options.lower)
    };
    let high = if options.upper == 100.0 {
        lightest
    } else {
        percentile(bins, lightest, options.upper)
    };
    (low, high)
}

/// libvips' percentile: the cumulative histogram is scaled to its own number of bins, in whole numbers. The result is
/// the first bin above the requested part; if there is none, the number of bins.
fn percentile(bins: &[u64; BINS], lightest: usize, percent: f64) -> usize {
    let bins = &bins[..=lightest];
    let total = bins.iter().sum::<u64>().max(1);
    let threshold = percent / 100.0 * bins.len() as f64;
    let mut sum = 0;
    bins.iter()
        .position(|count| {
            sum += count;
            (u128::from(sum) * lightest as u128 / u128::from(total)) as f64 > threshold
        })
        .unwrap_or(bins.len())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LAYOUTS, applied, budget, image, noise};
    use super::*;

    #[test]
    fn the_range_becomes_the_full_one() {
        let ramp: Vec<u8> = (80..=150).flat_map(|v| [v; 3]).collect();
        let options = Normalise::new().with_lower(0.0).with_upper(100.0);
        let full = applied(image(Layout::Rgb, 71, &ramp), &options);
        let samples = &full.planes[0].data;
        assert!(samples[0] <= 2 && samples[samples.len() - 1] >= 252, "{samples:?}");
        assert!(samples.is_sorted());
    }

    #[test]
    fn what_is_flat_stays() {
        for layout in LAYOUTS {
            let flat = vec![90; layout.channels() * 12];
            let same = applied(image(layout, 4, &flat), &Normalise::default());
            assert_eq!(same.planes[0].data[..], flat);
        }
    }

    #[test]
    fn percentiles_by_hand() {
        let mut bins = [0; BINS];
        bins[10] = 50;
        bins[20] = 40;
        bins[39] = 10;
        // 40 bins; cumulated and scaled to 39: 19 from bin 10 on, 35 from 20 on, 39 at the end.
        assert_eq!(percentile(&bins, 39, 1.0), 10);
        assert_eq!(percentile(&bins, 39, 50.0), 20);
        assert_eq!(percentile(&bins, 39, 90.0), 39);
        assert_eq!(percentile(&bins, 39, 99.0), 40);
        assert_eq!(
            ends(&bins, &Normalise::new().with_lower(0.0).with_upper(100.0)),
            (10, 39)
        );
    }

    #[test]
    fn every_pixel_is_counted() {
        for layout in LAYOUTS {
            let bins = histogram(&noise(layout, 30, 20, 4), &budget()).unwrap();
            assert_eq!(bins.iter().sum::<u64>(), 600);
        }
    }
}

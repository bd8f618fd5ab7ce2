//! Effects that look at one sample at a time: a table of 256 values for each channel.
//!
//! Results are cut to whole numbers, not rounded, as libvips does.

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::image::Image;
use crate::plan::{Gamma, Linear, Negate, Threshold};

use super::channels;

type Table = [u8; 256];

pub(super) fn gamma(image: Image, options: &Gamma, budget: &Budget) -> Result<Image> {
    let power = 1.0 / options.exponent;
    let full = 255f64.powf(power) / 255.0;
    let curve = table(|v| v.powf(power) / full);
    apply_to_colours(image, &curve, &IDENTITY, budget)
}

pub(super) fn negate(image: Image, options: &Negate, budget: &Budget) -> Result<Image> {
    let opposite = table(|v| 255.0 - v);
    let alpha = if options.alpha { &opposite } else { &IDENTITY };
    apply_to_colours(image, &opposite, alpha, budget)
}

pub(super) fn linear(image: Image, index: usize, options: &Linear, budget: &Budget) -> Result<Image> {
    let channels = image.layout.channels();
    let colours = channels - usize::from(image.layout.has_alpha());
    let given = options.slope.len().max(options.offset.len());
    if given != 1 && given != colours && given != channels {
        return Err(Error::bad_plan(format_args!(
            "effects[{index}] has {given} slopes and offsets, and the image {channels} channels; expected 1, {colours} or {channels}"
        )));
    }
    let pick = |list: &[f64], channel: usize| list.get(channel).or(list.first()).copied().unwrap_or_default();
    let mut tables = [IDENTITY; 4];
    for (channel, out) in tables
        .iter_mut()
        .enumerate()
        .take(colours.max(if given == channels { channels } else { 0 }))
    {
        let (slope, offset) = (pick(&options.slope, channel), pick(&options.offset, channel));
        // In single precision, so that the whole numbers come out that libvips cuts to.
        *out = table(|v| f64::from(slope as f32 * v as f32 + offset as f32));
    }
    apply(image, &tables, budget)
}

/// Black and white. Alpha is cut like the colours.
pub(super) fn threshold(image: Image, options: &Threshold, budget: &Budget) -> Result<Image> {
    let image = if options.greyscale {
        channels::grey(image, budget)?
    } else {
        image
    };
    let lowest = f64::from(options.value);
    let cut = table(|v| if v >= lowest { 255.0 } else { 0.0 });
    apply(image, &[cut; 4], budget)
}

const IDENTITY: Table = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = i as u8;
        i += 1;
    }
    table
};

fn table(value: impl Fn(f64) -> f64) -> Table {
    std::array::from_fn(|i| value(i as f64) as u8)
}

/// One table for the colours, and one for alpha.
pub(super) fn apply_to_colours(image: Image, colours: &Table, alpha: &Table, budget: &Budget) -> Result<Image> {
    let mut tables = [*colours; 4];
    if image.layout.has_alpha() {
        tables[image.layout.channels() - 1] = *alpha;
    }
    apply(image, &tables, budget)
}

fn apply(mut image: Image, tables: &[Table; 4], budget: &Budget) -> Result<Image> {
    for y in 0..image.height {
        budget.check()?;
        let row = image.planes[0].row_mut(y);
        match image.layout.channels() {
            1 => look_up::<1>(row, tables),
            2 => look_up::<2>(row, tables),
            3 => look_up::<3>(row, tables),
            _ => look_up::<4>(row, tables),
        }
    }
    Ok(image)
}

fn look_up<const C: usize>(row: &mut [u8], tables: &[Table; 4]) {
    for pixel in row.as_chunks_mut::<C>().0 {
        for (sample, table) in pixel.iter_mut().zip(tables) {
            *sample = table[usize::from(*sample)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LAYOUTS, budget, image, noise};
    use super::*;
    use crate::image::Layout;

    fn samples(image: Result<Image>) -> Vec<u8> {
        image.unwrap().planes[0].data.to_vec()
    }

    #[test]
    fn gamma_and_its_opposite_nearly_cancel() {
        for layout in LAYOUTS {
            let there = gamma(noise(layout, 20, 20, 1), &Gamma { exponent: 2.2 }, &budget()).unwrap();
            let back = samples(gamma(there, &Gamma { exponent: 1.0 / 2.2 }, &budget()));
            for (back, sample) in back.iter().zip(noise(layout, 20, 20, 1).planes[0].data.iter()) {
                assert!(back.abs_diff(*sample) <= 4, "{back} {sample}");
            }
        }
        let one = samples(gamma(
            image(Layout::GreyAlpha, 1, &[64, 64]),
            &Gamma { exponent: 2.0 },
            &budget(),
        ));
        assert_eq!(one, [127, 64]); // 255 √(64 / 255) = 127.7
    }

    #[test]
    fn negating_twice_is_nothing() {
        for layout in LAYOUTS {
            for alpha in [true, false] {
                let once = negate(noise(layout, 9, 9, 2), &Negate { alpha }, &budget()).unwrap();
                assert_ne!(once.planes[0].data[..], noise(layout, 9, 9, 2).planes[0].data[..]);
                let twice = samples(negate(once, &Negate { alpha }, &budget()));
                assert_eq!(twice, noise(layout, 9, 9, 2).planes[0].data[..]);
            }
        }
        let kept = negate(
            image(Layout::Rgba, 1, &[0, 1, 2, 3]),
            &Negate { alpha: false },
            &budget(),
        );
        assert_eq!(samples(kept), [255, 254, 253, 3]);
    }

    #[test]
    fn lines_count_for_the_channels_they_are_given_for() {
        let lines = |layout, pixel: &[u8], slope: &[f64], offset: &[f64]| {
            let options = Linear {
                slope: slope.into(),
                offset: offset.into(),
            };
            linear(image(layout, 1, pixel), 3, &options, &budget()).map(|image| image.planes[0].data.to_vec())
        };
        let rgba = |slope: &[f64], offset: &[f64]| lines(Layout::Rgba, &[91, 100, 200, 50], slope, offset);
        assert_eq!(rgba(&[1.5], &[10.0]).unwrap(), [146, 160, 255, 50]);
        assert_eq!(rgba(&[1.0, 2.0, -1.0], &[0.0]).unwrap(), [91, 200, 0, 50]);
        assert_eq!(rgba(&[1.0], &[0.0, 0.0, 1.0, 2.0]).unwrap(), [91, 100, 201, 52]);
        assert_eq!(lines(Layout::Grey, &[7], &[2.0], &[1.0]).unwrap(), [15]);
        assert_eq!(
            lines(Layout::GreyAlpha, &[7, 7], &[2.0, 3.0], &[0.0]).unwrap(),
            [14, 21]
        );
        for (layout, pixel, slopes) in [
            (Layout::Rgba, &[0; 4][..], 2),
            (Layout::Rgb, &[0; 3], 4),
            (Layout::Grey, &[0], 3),
        ] {
            let error = lines(layout, pixel, &vec![1.0; slopes], &[0.0]).unwrap_err();
            assert!(error.to_string().contains("effects[3] has"), "{error}");
        }
    }

    #[test]
    fn thresholds_start_at_their_value() {
        let cut = |greyscale, value, pixel: &[u8]| {
            let picture = image(Layout::Rgba, 1, pixel);
            samples(threshold(picture, &Threshold { value, greyscale }, &budget()))
        };
        assert_eq!(cut(false, 128, &[127, 128, 129, 200]), [0, 255, 255, 255]);
        assert_eq!(cut(true, 128, &[128, 128, 128, 127]), [255, 0]);
        assert_eq!(cut(true, 0, &[0, 0, 0, 0]), [255, 255]);
    }
}

//! Refuses what libaom can't encode before the deadline. It can't be stopped, so small parts of the image are encoded
//! first, to see how long that takes with this image on this machine.

use std::time::{Duration, Instant};

use keenpix_avif_encode as av1;

use super::failed;
use crate::budget::Budget;
use crate::error::Result;

/// Sides of the parts, from a quick guess to a good one, and by what factor the time for the whole may differ.
const PARTS: [(u32, f64); 4] = [(16, 8.0), (32, 4.0), (64, 2.0), (128, 1.25)];
/// A side that costs hardly more than starting the encoder, except at the slowest speeds.
const SMALLEST: u32 = 8;
/// The longest that a part may take: being late by this much is no harm.
const PATIENCE: Duration = Duration::from_millis(50);
/// Microseconds that a pixel takes at most, by libaom's speed, on a busy machine: what fits so needs no closer look.
const MOST: [u64; 10] = [2000, 2000, 2000, 1000, 500, 200, 100, 40, 40, 40];

/// Fails if encoding `count` images like this one would take longer than there is time.
pub(super) fn check(image: &av1::Image, count: usize, settings: &av1::Settings, budget: &Budget) -> Result<()> {
    let pixels = (u64::from(image.width) * u64::from(image.height)).saturating_mul(count as u64);
    let most = Duration::from_micros(MOST[usize::from(settings.speed.min(9))].saturating_mul(pixels));
    match budget.remaining() {
        Some(remaining) if most > remaining => {}
        _ => return Ok(()),
    }
    let area = |side: u32| f64::from(side.min(image.width)) * f64::from(side.min(image.height));
    // The lesser of two: the first of a process builds tables, and a pause would make everything else look free.
    let start = time(image, SMALLEST, (1, 1), settings)?.min(time(image, SMALLEST, (1, 1), settings)?);
    let mut a_pixel = start.div_f64(area(SMALLEST));
    let places = [(3, 3), (3, 1), (1, 3), (2, 2)];
    for ((side, doubt), place) in PARTS.into_iter().zip(places) {
        let remaining = budget.remaining().unwrap_or(Duration::MAX);
        // The first estimate is never too low: it includes the start.
        let estimate = a_pixel.mul_f64(pixels as f64);
        if estimate < remaining && side == PARTS[0].0 {
            return Ok(());
        }
        if a_pixel.mul_f64(area(side)) > PATIENCE.min(remaining / 4) || area(side) <= area(SMALLEST) {
            break;
        }
        let taken = time(image, side, place, settings)?;
        budget.check()?;
        // Where the start takes as long as the part, the start is an upper bound.
        a_pixel = match taken.checked_sub(start) {
            Some(more) if more > start / 4 => more.div_f64(area(side) - area(SMALLEST)),
            _ => taken.div_f64(area(side)),
        };
        let remaining = budget.remaining().unwrap_or(Duration::MAX);
        let estimate = a_pixel.mul_f64(pixels as f64);
        if estimate > remaining.mul_f64(doubt) {
            break;
        }
        if estimate.mul_f64(doubt) < remaining {
            return Ok(());
        }
    }
    match budget.remaining() {
        Some(remaining) if a_pixel.mul_f64(pixels as f64) > remaining => Err(budget.too_late()),
        _ => Ok(()),
    }
}

/// What it takes to encode a square of the image, around so many quarters of its width and height.
fn time(image: &av1::Image, side: u32, quarters: (u32, u32), settings: &av1::Settings) -> Result<Duration> {
    let started = Instant::now();
    let (width, height) = (side.min(image.width), side.min(image.height));
    // At an even sample, for halved chroma.
    let place = |whole: u32, quarters: u32, part: u32| {
        let start = (whole / 4 * quarters).saturating_sub(part / 2);
        start.min(whole - part) & !1
    };
    let (left, top) = (
        place(image.width, quarters.0, width),
        place(image.height, quarters.1, height),
    );
    let mut planes = Vec::with_capacity(3);
    for (index, plane) in image.planes.iter().enumerate() {
        let (left, top) = match index {
            0 => (left, top),
            _ => image.chroma.size(left, top),
        };
        let start = top as usize * plane.stride + left as usize;
        planes.push(av1::Plane {
            samples: plane.samples.get(start..).unwrap_or_default(),
            stride: plane.stride,
        });
    }
    let part = av1::Image {
        width,
        height,
        chroma: image.chroma,
        planes: &planes,
    };
    av1::encode(&part, settings).map_err(failed)?;
    Ok(started.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn what_takes_too_long_is_refused_at_once() {
        let samples: Vec<u8> = (0..1_000_000u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        let plane = av1::Plane {
            samples: &samples,
            stride: 1000,
        };
        let image = av1::Image {
            width: 1000,
            height: 1000,
            chroma: av1::Chroma::None,
            planes: &[plane],
        };
        let check = |speed, deadline: Option<Duration>| {
            let settings = av1::Settings {
                speed,
                ..av1::Settings::default()
            };
            let budget = Budget::new(&Limits::new().with_deadline(deadline));
            check(&image, 1, &settings, &budget).map_err(|error| error.code())
        };
        assert_eq!(check(1, Some(Duration::from_millis(200))), Err("DEADLINE"));
        assert_eq!(check(1, None), Ok(()));
        assert_eq!(check(9, Some(Duration::from_secs(600))), Ok(()));
    }

    #[test]
    fn every_shape_has_parts() {
        let samples = vec![100; 300 * 300];
        for (width, height, chroma) in [
            (1, 300, av1::Chroma::Half),
            (9, 9, av1::Chroma::Full),
            (300, 17, av1::Chroma::HalfWidth),
        ] {
            let plane = av1::Plane {
                samples: &samples,
                stride: width as usize,
            };
            let image = av1::Image {
                width,
                height,
                chroma,
                planes: &[plane; 3],
            };
            let settings = av1::Settings::default();
            for (side, quarters) in [(8, (1, 1)), (16, (3, 3)), (128, (2, 2))] {
                assert!(
                    time(&image, side, quarters, &settings).is_ok(),
                    "{width} × {height}, {side}"
                );
            }
        }
    }
}

use super::super::testing::{LAYOUTS, applied, budget, image, nearest, noise, try_apply};
use super::*;
use crate::image::Layout;

/// Down first, then across, as the definition says.
fn slow(image: &Image, mask: &Mask) -> Vec<u8> {
    let radius = mask.radius() as i64;
    let mean = |sample: &dyn Fn(i64) -> u8| {
        let weighted = |d: i64| u32::from(mask.0[d.unsigned_abs() as usize]) * u32::from(sample(d));
        let sum: u32 = (-radius..=radius).map(weighted).sum();
        ((sum + mask.sum() / 2) / mask.sum()) as u8
    };
    let (layout, channels) = (image.layout, image.layout.channels());
    let pass = |from: &Image, dx: i64, dy: i64| -> Vec<u8> {
        (0..from.planes[0].data.len())
            .map(|i| {
                let (pixel, c) = ((i / channels) as i64, i % channels);
                let (x, y) = (pixel % i64::from(from.width), pixel / i64::from(from.width));
                mean(&|d| nearest(from, x + d * dx, y + d * dy, c))
            })
            .collect()
    };
    let down = super::super::testing::image(layout, image.width, &pass(image, 0, 1));
    pass(&down, 1, 0)
}

#[test]
fn as_the_slow_way() {
    for layout in LAYOUTS {
        for (width, height) in [(1, 1), (3, 40), (90, 5), (70, 33)] {
            for sigma in [0.5, 0.9, 1.0, 3.0, 5.4, 5.6, 6.0, 12.0, 40.0] {
                let mask = Mask::gaussian(sigma, 0.2);
                let expected = slow(&noise(layout, width, height, 7), &mask);
                let fast = convolve(noise(layout, width, height, 7), &mask, &budget()).unwrap();
                assert_eq!(fast.planes[0].data[..], expected, "{layout:?} {width}×{height} {sigma}");
            }
        }
    }
}

#[test]
fn what_is_flat_stays() {
    for value in [0, 1, 127, 254, 255] {
        for sigma in [0.6, 1.0, 2.5, 8.0, 100.0, 1000.0] {
            let blur = Blur::new().with_sigma(sigma);
            let flat = applied(image(Layout::Rgb, 20, &[value; 20 * 9 * 3]), &blur);
            assert!(
                flat.planes[0].data.iter().all(|&sample| sample == value),
                "{value} {sigma}"
            );
        }
    }
}

#[test]
fn what_is_transparent_does_not_bleed() {
    let mut samples = [255, 0, 0, 255].repeat(20);
    samples.extend([0, 255, 0, 0].repeat(20));
    let blurred = applied(image(Layout::Rgba, 40, &samples), &Blur::new().with_sigma(4.0));
    for pixel in blurred.planes[0].data.as_chunks::<4>().0 {
        assert!(pixel[3] == 0 || (pixel[0] >= 254 && pixel[1..3] == [0, 0]), "{pixel:?}");
    }
}

#[test]
fn a_blur_is_stopped_in_its_midst() {
    let limits = crate::Limits::new().with_deadline(std::time::Duration::ZERO);
    let error = try_apply(
        noise(Layout::Rgb, 50, 50, 1),
        &Blur::new().with_sigma(9.0),
        &Budget::new(&limits),
    )
    .unwrap_err();
    assert_eq!(error.code(), "DEADLINE");
}

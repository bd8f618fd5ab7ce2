use super::super::testing::{LAYOUTS, applied, image, nearest, noise};
use super::*;

fn options(sigma: f64) -> Sharpen {
    Sharpen::new().with_sigma(sigma)
}

#[test]
fn the_curve_by_hand() {
    let curve = Curve::new(&options(1.0));
    for (difference, expected) in [
        (0.0, 0.0),
        (1.0, 1.0),
        (-2.0, -2.0),
        (3.0, 4.0),
        (-5.0, -8.0),
        (20.0, 10.0),
        (-30.0, -20.0),
    ] {
        assert_eq!(curve.at(difference), expected);
    }
}

#[test]
fn nothing_to_sharpen_changes_nothing() {
    for layout in LAYOUTS {
        let flat = vec![200; layout.channels() * 100 * 3];
        let same = applied(image(layout, 100, &flat), &options(2.0));
        for (same, sample) in same.planes[0].data.iter().zip(flat) {
            // What premultiplied samples lose at this alpha is two levels more.
            let allowed = if layout.has_alpha() { 3 } else { 1 };
            assert!(same.abs_diff(sample) <= allowed, "{layout:?}");
        }
        let narrow = applied(noise(layout, 9, 9, 1), &options(0.1));
        assert_eq!(narrow.width, 9);
    }
}

/// On grey, in double precision, by the definition.
#[test]
fn as_the_slow_way() {
    let tables = Tables::shared();
    for (width, height) in [(1, 1), (2, 30), (100, 4), (70, 40)] {
        for sigma in [0.5, 1.0, 3.0, 10.0] {
            let source = noise(Layout::Grey, width, height, 4);
            let fast = applied(noise(Layout::Grey, width, height, 4), &options(sigma));
            let mask = Mask::gaussian(sigma, 0.1);
            let radius = mask.radius() as i64;
            let weight = |d: i64| f64::from(mask.0[d.unsigned_abs() as usize]) / f64::from(mask.sum());
            for y in 0..i64::from(height) {
                for x in 0..i64::from(width) {
                    let lightness = |x, y| f64::from(tables.lightness(nearest(&source, x, y, 0)));
                    let mut mean = 0.0;
                    for dy in -radius..=radius {
                        for dx in -radius..=radius {
                            mean += weight(dx) * weight(dy) * lightness(x + dx, y + dy);
                        }
                    }
                    let difference = (lightness(x, y) - mean) as f32;
                    let expected = lightness(x, y) as f32 + Curve::new(&options(1.0)).at(difference);
                    let expected = tables.level(lab::light_of(expected.clamp(0.0, 100.0)));
                    assert!(nearest(&fast, x, y, 0).abs_diff(expected) <= 1);
                }
            }
        }
    }
}

#[test]
fn grey_in_colour_is_grey() {
    let grey = noise(Layout::Grey, 80, 20, 3);
    let coloured: Vec<u8> = grey.planes[0].data.iter().flat_map(|&v| [v; 3]).collect();
    let coloured = applied(image(Layout::Rgb, 80, &coloured), &options(1.5));
    let grey = applied(grey, &options(1.5));
    for (pixel, value) in coloured.planes[0]
        .data
        .as_chunks::<3>()
        .0
        .iter()
        .zip(&grey.planes[0].data[..])
    {
        assert!(pixel.iter().all(|sample| sample.abs_diff(*value) <= 1));
    }
}

use super::super::testing::{LAYOUTS, applied, image, noise};
use super::*;
use crate::image::Layout;

fn turned(image: Image, angle: f64, background: &str) -> Image {
    let options = Rotate::new()
        .with_angle(angle)
        .with_background(background.parse().unwrap());
    let size = options.size((image.width, image.height)).unwrap();
    let turned = applied(image, &options);
    assert_eq!((turned.width, turned.height), size);
    turned
}

#[test]
fn quarter_turns_move_pixels() {
    for (angle, expected) in [
        (0.0, [1, 2, 3, 4, 5, 6]),
        (90.0, [5, 3, 1, 6, 4, 2]),
        (-180.0, [6, 5, 4, 3, 2, 1]),
        (270.0, [2, 4, 6, 1, 3, 5]),
        (-90.0, [2, 4, 6, 1, 3, 5]),
        (720.0, [1, 2, 3, 4, 5, 6]),
    ] {
        let turned = turned(image(Layout::Grey, 2, &[1, 2, 3, 4, 5, 6]), angle, "#0000");
        assert_eq!(turned.planes[0].data[..], expected, "{angle}");
    }
}

/// In floating point, pixel by pixel, over a picture that is continued by the background.
#[test]
fn as_the_slow_way() {
    for layout in LAYOUTS {
        for angle in [30.0, 135.5, -20.0, 200.0, 300.25] {
            let source = noise(layout, 23, 17, 6);
            let fast = turned(noise(layout, 23, 17, 6), angle, "#404040");
            let (sin, cos) = f64::to_radians(angle).sin_cos();
            let ((left, top), _) = canvas((23, 17), sin, cos);
            let channels = layout.channels();
            let ink = if layout.has_alpha() { [64, 64, 64, 255] } else { [64; 4] };
            let ink = if channels == 2 { [64, 255, 0, 0] } else { ink };
            for y in 0..fast.height {
                for x in 0..fast.width {
                    let (ox, oy) = (f64::from(x) + left, f64::from(y) + top);
                    let (sx, sy) = (cos * ox + sin * oy, cos * oy - sin * ox);
                    let at = |x: f64, y: f64, c: usize| {
                        let inside = (0.0..23.0).contains(&x) && (0.0..17.0).contains(&y);
                        f64::from(if inside {
                            source.planes[0].row(y as u32)[x as usize * channels + c]
                        } else {
                            ink[c]
                        })
                    };
                    let mean = |value: &dyn Fn(f64, f64) -> f64| {
                        let (fx, fy) = (sx - sx.floor(), sy - sy.floor());
                        let (x, y) = (sx.floor(), sy.floor());
                        (value(x, y) * (1.0 - fx) + value(x + 1.0, y) * fx) * (1.0 - fy)
                            + (value(x, y + 1.0) * (1.0 - fx) + value(x + 1.0, y + 1.0) * fx) * fy
                    };
                    for c in 0..channels {
                        let slow = if layout.has_alpha() && c < channels - 1 {
                            mean(&|x, y| at(x, y, c) * at(x, y, channels - 1))
                                / mean(&|x, y| at(x, y, channels - 1)).max(1e-9)
                        } else {
                            mean(&|x, y| at(x, y, c))
                        };
                        let value = f64::from(fast.planes[0].row(y)[x as usize * channels + c]);
                        // As far as it can be seen: without alpha a colour is anything.
                        let seen = if layout.has_alpha() && c < channels - 1 {
                            mean(&|x, y| at(x, y, channels - 1)) / 255.0
                        } else {
                            1.0
                        };
                        assert!(
                            (value - slow).abs() * seen < 1.6,
                            "{layout:?} {angle} {x},{y},{c}: {value} {slow}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_transparent_background_brings_alpha_and_no_fringe() {
    let white = turned(image(Layout::Rgb, 8, &[255; 8 * 8 * 3]), 45.0, "#0000");
    assert_eq!(white.layout, Layout::Rgba);
    let pixels = white.planes[0].data.as_chunks::<4>().0;
    assert!(pixels.iter().any(|pixel| pixel[3] == 0));
    assert!(pixels.iter().all(|pixel| pixel[3] == 0 || pixel[..3] == [255; 3]));
}

#[test]
fn slivers_and_giants() {
    assert_eq!(turned(image(Layout::Grey, 1, &[9]), 45.0, "#000").width, 1);
    let size = |size, angle| Rotate::new().with_angle(angle).size(size).ok();
    assert_eq!(size((u32::MAX, u32::MAX), 1.0), None);
    assert_eq!(size((u32::MAX, 1), 90.0), Some((1, u32::MAX)));
}

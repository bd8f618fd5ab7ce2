use fearless_simd::Level;

use super::*;
use crate::encode::testing::budget;

/// Blocks of strong colours beside each other, in a picture of odd sides.
fn edges(width: usize, height: usize) -> Vec<[u8; 3]> {
    let colours = [
        [255, 0, 0],
        [0, 0, 255],
        [0, 255, 0],
        [255, 255, 255],
        [0, 0, 0],
        [200, 30, 180],
    ];
    (0..width * height)
        .map(|at| {
            let (x, y) = (at % width, at / width);
            colours[(x / 3 + y / 5 * 2 + x * y / 40) % colours.len()]
        })
        .collect()
}

/// What viewers show: chroma is spread as libwebp and browsers do it.
fn shown([luma, blue, red]: &[Buffer<u8>; 3], width: usize) -> Vec<[f64; 3]> {
    let height = luma.len() / width;
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let spread = |plane: &[u8], x: usize, y: usize| {
        let near = |at: usize, count: usize| {
            let here = at / 2;
            let next = if at.is_multiple_of(2) {
                here.saturating_sub(1)
            } else {
                (here + 1).min(count - 1)
            };
            [here, next]
        };
        let ([x, beside], [y, other]) = (near(x, across), near(y, down));
        let at = |x: usize, y: usize| f64::from(plane[y * across + x]);
        (9.0 * at(x, y) + 3.0 * at(beside, y) + 3.0 * at(x, other) + at(beside, other)) / 16.0 - 128.0
    };
    (0..luma.len())
        .map(|at| {
            let (x, y) = (at % width, at / width);
            let grey = (f64::from(luma[at]) - 16.0) * 255.0 / 219.0;
            let (blue, red) = (spread(blue, x, y), spread(red, x, y));
            let (blue, red) = (blue * f64::from(BLUE_STEP), red * f64::from(RED_STEP));
            let green = -(0.114 * blue + 0.299 * red) / 0.587;
            [red, green, blue].map(|difference| (grey + difference).clamp(0.0, 255.0))
        })
        .collect()
}

/// The mean square of the errors of brightness.
fn error(pixels: &[[u8; 3]], planes: &[Buffer<u8>; 3], width: usize) -> f64 {
    let bright = |[r, g, b]: [f64; 3]| (0.2126 * r * r + 0.7152 * g * g + 0.0722 * b * b).sqrt();
    let errors = pixels.iter().zip(shown(planes, width));
    let sum: f64 = errors
        .map(|(pixel, shown)| (bright(pixel.map(f64::from)) - bright(shown)).powi(2))
        .sum();
    sum / pixels.len() as f64
}

fn plain(pixels: &[[u8; 3]], width: usize) -> [Buffer<u8>; 3] {
    let rgba: Vec<u8> = pixels.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
    crate::encode::webp::transparent::planes(&rgba, width, true, false, &budget())
        .unwrap()
        .colours
}

#[test]
fn edges_between_colours_have_the_right_brightness() {
    for (width, height) in [(64, 48), (51, 37)] {
        let pixels = edges(width, height);
        let sharp = error(&pixels, &planes(&pixels, width, &budget()).unwrap(), width);
        let plain = error(&pixels, &plain(&pixels, width), width);
        assert!(sharp < plain * 0.5, "{sharp} {plain}");
    }
}

#[test]
fn vectors_and_plain_code_agree_and_stripes_have_no_seams() {
    for (width, height) in [(1, 1), (2, 1), (1, 3), (17, 90), (40, 33), (131, 200)] {
        let pixels = edges(width, height);
        let planes = |rows, level| {
            planes_by(&pixels, width, rows, level, &budget())
                .unwrap()
                .map(|plane| plane.to_vec())
        };
        let whole = planes(1000, Level::new());
        assert_eq!(planes(1000, Level::baseline()), whole);
        assert_eq!(planes(ROWS, Level::new()), whole);
        assert_eq!(planes(1, Level::new()), whole);
        // The bytes beside the first three have no say.
        let wide: Vec<[u8; 4]> = pixels.iter().map(|&[r, g, b]| [r, g, b, (r ^ b) & 7]).collect();
        assert_eq!(
            super::planes(&wide, width, &budget())
                .unwrap()
                .map(|plane| plane.to_vec()),
            whole
        );
    }
}

#[test]
fn areas_of_one_colour_are_as_without() {
    for colour in [[0, 0, 0], [255, 255, 255], [10, 200, 90], [255, 0, 0], [0, 0, 255]] {
        let pixels = vec![colour; 20 * 20];
        let sharp = planes(&pixels, 20, &budget()).unwrap();
        let plain = plain(&pixels, 20);
        for (sharp, plain) in sharp.iter().zip(&plain) {
            assert!(
                sharp.iter().zip(&plain[..]).all(|(a, b)| a.abs_diff(*b) <= 1),
                "{colour:?}"
            );
        }
    }
}

#[test]
fn what_cannot_be_seen_has_no_say() {
    let (width, height) = (30, 22);
    let pixels = |hidden: [u8; 3]| -> Vec<u8> {
        let source = edges(width, height);
        let shown = source.iter().enumerate().flat_map(|(at, &[r, g, b])| {
            let [x, y] = [at % width, at / width];
            match (x * y + x) % 5 {
                0 => [hidden[0], hidden[1], hidden[2], 0],
                alpha => [r, g, b, if alpha == 1 { 90 } else { 255 }],
            }
        });
        shown.collect()
    };
    let planes = |hidden, exact| {
        let planes = crate::encode::webp::transparent::planes(&pixels(hidden), width, exact, true, &budget()).unwrap();
        planes.colours.map(|plane| plane.to_vec())
    };
    assert_eq!(planes([255, 0, 255], false), planes([0, 90, 0], false));
    assert_ne!(planes([255, 0, 255], true), planes([0, 90, 0], true));
}

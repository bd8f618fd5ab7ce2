use super::*;
use crate::encode::testing::{budget, image};

fn mapped(transfer: Transfer, primaries: u16, pixel: [u8; 3]) -> [u8; 3] {
    let hdr = Hdr {
        transfer,
        primaries,
        peak: 1000.0,
    };
    mapped_from(hdr, pixel)
}

fn mapped_from(hdr: Hdr, pixel: [u8; 3]) -> [u8; 3] {
    let made = |layout| {
        let image = image(1, 1, layout, |_, _, c| [pixel[0], pixel[1], pixel[2], 77][c]);
        tone_map(image, hdr, &budget()).unwrap().planes[0].data.to_vec()
    };
    assert_eq!(made(Layout::Rgba)[3], 77);
    if pixel == [pixel[0]; 3] {
        assert_eq!(made(Layout::Grey)[0], made(Layout::Rgb)[0]);
    }
    made(Layout::Rgb).try_into().unwrap()
}

#[test]
fn curves_are_those_of_the_standard() {
    for (value, nits) in [
        (0.0, 0.0),
        (0.5081, 100.0),
        (0.5807, 203.0),
        (0.7518, 1000.0),
        (1.0, 10_000.0),
    ] {
        assert!((pq(value) - nits).abs() <= nits * 0.002, "{value}: {}", pq(value));
    }
    for (value, light) in [(0.0, 0.0), (0.5, 1.0 / 12.0), (0.75, 0.265), (1.0, 1.0)] {
        assert!((hlg(value) - light).abs() < 0.001, "{value}: {}", hlg(value));
    }
}

#[test]
fn the_peak_is_white_and_grey_stays_grey() {
    for (transfer, peak) in [(Transfer::Pq, 192), (Transfer::Hlg, 255)] {
        assert_eq!(mapped(transfer, 9, [0; 3]), [0; 3]);
        assert_eq!(mapped(transfer, 9, [peak; 3]), [255; 3]);
        let mut before = 0;
        for value in 0..=255 {
            let [red, green, blue] = mapped(transfer, 9, [value; 3]);
            assert!(red.abs_diff(green) <= 1 && red.abs_diff(blue) <= 1 && red >= before);
            before = red;
        }
    }
    // White of 203 nits: half of the screen's light.
    assert!(mapped(Transfer::Pq, 9, [148; 3])[0].abs_diff(188) <= 2);
}

#[test]
fn greys_are_as_browsers_show_them() {
    // As Chromium 156 shows PNGs with cICP and cLLI.
    let pq = |peak, expected: &[(u8, u8)]| are_shown(Transfer::Pq, peak, expected);
    let hlg = |peak, expected: &[(u8, u8)]| are_shown(Transfer::Hlg, peak, expected);
    pq(100.0, &[(64, 44), (112, 135), (128, 181), (140, 223), (148, 255)]);
    pq(400.0, &[(64, 39), (112, 121), (128, 163), (148, 229), (164, 253)]);
    pq(
        1000.0,
        &[(64, 30), (112, 98), (128, 132), (148, 187), (164, 220), (180, 242)],
    );
    pq(
        4000.0,
        &[(128, 132), (148, 187), (164, 205), (180, 217), (208, 238), (224, 250)],
    );
    hlg(400.0, &[(64, 55), (128, 123), (164, 173), (192, 231), (208, 248)]);
    hlg(1000.0, &[(64, 43), (128, 99), (164, 141), (192, 189), (224, 228)]);
}

/// Within three levels.
fn are_shown(transfer: Transfer, peak: f32, expected: &[(u8, u8)]) {
    let hdr = Hdr {
        transfer,
        primaries: 9,
        peak,
    };
    for &(value, expected) in expected {
        let [grey, ..] = mapped_from(hdr, [value; 3]);
        assert!(grey.abs_diff(expected) <= 3, "{hdr:?}, {value}: {grey} for {expected}");
    }
}

#[test]
fn wide_primaries_are_more_colourful() {
    let [red, green, blue] = mapped(Transfer::Pq, 1, [148, 100, 100]);
    let wide = mapped(Transfer::Pq, 9, [148, 100, 100]);
    assert!(wide[0] > red && wide[1] < green && wide[2] <= blue);
    assert_eq!(mapped(Transfer::Pq, 9, [150, 0, 0])[1..], [0, 0]);
}

use super::*;
use crate::image::{Layout, Plane};
use crate::limits::Limits;

type Painter<'a> = &'a dyn Fn(u32, u32) -> [u8; 4];

/// Paints an image of any layout from RGBA; YCbCr gets 4:2:0 chroma.
fn paint(layout: Layout, width: u32, height: u32, colour: Painter) -> Image {
    let budget = Budget::new(&Limits::default());
    let ycc = |[r, g, b, _]: [u8; 4]| {
        let [r, g, b] = [r, g, b].map(f64::from);
        let y = 0.299 * r + 0.587 * g + 0.114 * b;
        [y, (b - y) / 1.772 + 128.0, (r - y) / 1.402 + 128.0].map(|v| v.round() as u8)
    };
    let mut planes = Vec::new();
    for index in 0..layout.planes() {
        let step = if index == 0 { 1 } else { 2 };
        let (w, h) = (width.div_ceil(step), height.div_ceil(step));
        let mut plane = Plane::new(w, h, layout.channels(), &budget).unwrap();
        for y in 0..h {
            for (x, pixel) in plane.row_mut(y).chunks_mut(layout.channels()).enumerate() {
                let [r, g, b, a] = colour(x as u32 * step, y * step);
                let grey = ycc([r, g, b, a])[0];
                match layout {
                    Layout::Grey => pixel[0] = grey,
                    Layout::GreyAlpha => pixel.copy_from_slice(&[grey, a]),
                    Layout::Rgb => pixel.copy_from_slice(&[r, g, b]),
                    Layout::Rgba => pixel.copy_from_slice(&[r, g, b, a]),
                    Layout::YCbCr => pixel[0] = ycc([r, g, b, a])[index],
                    Layout::Cmyk => pixel.copy_from_slice(&[255 - r, 255 - g, 255 - b, 0]),
                }
            }
        }
        planes.push(plane);
    }
    Image {
        width,
        height,
        layout,
        planes,
    }
}

/// A plain backdrop with a busy, skin-coloured square of 40 × 40 at (`left`, `top`).
fn subject(left: u32, top: u32) -> impl Fn(u32, u32) -> [u8; 4] {
    move |x, y| {
        let inside = (left..left + 40).contains(&x) && (top..top + 40).contains(&y);
        let texture = ((x / 4 * 37 + y / 4 * 91) % 90) as u8;
        if inside {
            [165 + texture, 110 + texture, 85 + texture, 255]
        } else {
            [60, 70, 80, 255]
        }
    }
}

const LAYOUTS: [Layout; 6] = [
    Layout::Grey,
    Layout::GreyAlpha,
    Layout::Rgb,
    Layout::Rgba,
    Layout::YCbCr,
    Layout::Cmyk,
];

#[test]
fn keeps_the_subject_in_every_layout() {
    let budget = Budget::new(&Limits::default());
    for layout in LAYOUTS {
        for strategy in [Anchor::Entropy, Anchor::Attention] {
            for (width, height, left, top) in [(301, 99, 10, 30), (301, 99, 240, 20), (99, 301, 30, 200)] {
                let image = paint(layout, width, height, &subject(left, top));
                let side = width.min(height);
                let found = find(&image, side, side, strategy, &budget).unwrap();
                let near = |start: u32, at: u32| start <= at + 4 && at + 40 <= start + side + 4;
                assert!(
                    near(found.left, left) && near(found.top, top),
                    "{layout:?} {strategy:?} {width}×{height}: subject at {left},{top}, crop at {found:?}"
                );
                assert!(found.left + side <= width && found.top + side <= height);
                let focus = found.focus;
                assert_eq!(focus.is_some(), strategy == Anchor::Attention);
                assert!(
                    focus.is_none_or(|(x, y)| x.abs_diff(left + 20) <= 32 && y.abs_diff(top + 20) <= 32),
                    "{layout:?} {width}×{height}: subject at {left},{top}, focus at {focus:?}"
                );
            }
        }
    }
}

#[test]
fn ignores_what_is_transparent() {
    let budget = Budget::new(&Limits::default());
    let hidden = subject(10, 30);
    let shown = subject(240, 30);
    let colour = |x: u32, y: u32| {
        let mut pixel = if x < 150 { hidden(x, y) } else { shown(x, y) };
        if x < 150 {
            pixel[3] = 0;
        }
        pixel
    };
    for layout in [Layout::GreyAlpha, Layout::Rgba] {
        for strategy in [Anchor::Entropy, Anchor::Attention] {
            let found = find(&paint(layout, 300, 100, &colour), 100, 100, strategy, &budget).unwrap();
            assert!(found.left >= 150, "{layout:?} {strategy:?}: {found:?}");
        }
    }
}

#[test]
fn copes_with_tiny_images_and_whole_windows() {
    let budget = Budget::new(&Limits::default());
    for layout in LAYOUTS {
        for (width, height) in [(1, 1), (2, 1), (1, 7), (5, 3), (31, 33), (65, 1)] {
            let image = paint(layout, width, height, &|x, y| [x as u8 * 3, y as u8 * 7, 90, 255]);
            for strategy in [Anchor::Entropy, Anchor::Attention] {
                for (w, h) in [(1, 1), (width, height), (width, 1), (1, height)] {
                    let found = find(&image, w, h, strategy, &budget).unwrap();
                    assert!(found.left + w <= width && found.top + h <= height);
                    assert!(found.focus.is_none_or(|(x, y)| x < width && y < height));
                }
            }
        }
    }
}

#[test]
fn refuses_what_does_not_fit() {
    let budget = Budget::new(&Limits::default());
    let image = paint(Layout::Rgb, 4, 4, &|_, _| [0; 4]);
    for (width, height) in [(5, 4), (4, 5), (0, 4), (4, 0)] {
        let error = find(&image, width, height, Anchor::Attention, &budget).unwrap_err();
        assert_eq!(error.code(), "BAD_PLAN");
    }
    assert_eq!(find(&image, 4, 4, Anchor::Top, &budget).unwrap_err().code(), "BAD_PLAN");
}

#[test]
fn stops_when_cancelled() {
    let cancel = crate::Cancel::default();
    cancel.cancel();
    let budget = Budget::new(&Limits::new().with_cancel(cancel));
    let image = paint(Layout::Rgb, 64, 64, &|x, _| [x as u8; 4]);
    for strategy in [Anchor::Entropy, Anchor::Attention] {
        assert_eq!(find(&image, 32, 64, strategy, &budget).unwrap_err().code(), "CANCELLED");
    }
}

use super::*;
use crate::blob::Base64;
use crate::colour::Colour;
use crate::error::Reason;
use crate::input::Create;
use crate::limits::Limits;

use super::super::testing::try_apply;

pub(super) const ALL: [Blend; 25] = [
    Blend::Clear,
    Blend::Source,
    Blend::Over,
    Blend::In,
    Blend::Out,
    Blend::Atop,
    Blend::Dest,
    Blend::DestOver,
    Blend::DestIn,
    Blend::DestOut,
    Blend::DestAtop,
    Blend::Xor,
    Blend::Add,
    Blend::Saturate,
    Blend::Multiply,
    Blend::Screen,
    Blend::Overlay,
    Blend::Darken,
    Blend::Lighten,
    Blend::ColourDodge,
    Blend::ColourBurn,
    Blend::HardLight,
    Blend::SoftLight,
    Blend::Difference,
    Blend::Exclusion,
];

/// Grey pixels that say where they are: 10 × row + column + 1.
fn numbered(width: u32, height: u32) -> Layer {
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (10 * y + x + 1) as u8))
        .collect();
    Layer::new(Source::Raw {
        width,
        height,
        channels: 1,
        pixels: Base64::from(pixels),
    })
}

fn compose(size: (u32, u32), layers: Vec<Layer>) -> Result<Image> {
    let budget = Budget::new(&Limits::default());
    let plane = Plane::new(size.0, size.1, 1, &budget)?;
    let image = Image {
        width: size.0,
        height: size.1,
        layout: Layout::Grey,
        planes: vec![plane],
    };
    let composite = Composite::new().with_layers(layers);
    composite.check()?;
    composite.size(size)?;
    try_apply(image, &composite, &budget)
}

/// The red channel, row by row.
fn red(size: (u32, u32), layer: Layer) -> Vec<Vec<u8>> {
    let image = compose(size, vec![layer]).unwrap();
    assert_eq!(image.layout, Layout::Rgba);
    let rows = 0..image.height;
    rows.map(|y| image.planes[0].row(y).as_chunks::<4>().0.iter().map(|p| p[0]).collect())
        .collect()
}

fn at(left: i32, top: i32, layer: Layer) -> Layer {
    layer.with_offset(left, top)
}

#[test]
fn layers_lie_where_sharp_puts_them() {
    let at_anchor = |position| numbered(2, 1).with_position(position);
    // What can't be halved goes to the right and down.
    assert_eq!(red((3, 2), at_anchor(Anchor::Centre)), [[0, 0, 0], [0, 1, 2]]);
    assert_eq!(red((3, 2), at_anchor(Anchor::LeftTop)), [[1, 2, 0], [0, 0, 0]]);
    assert_eq!(red((3, 2), at_anchor(Anchor::RightBottom)), [[0, 0, 0], [0, 1, 2]]);
    assert_eq!(red((4, 2), at_anchor(Anchor::Top)), [[0, 1, 2, 0], [0; 4]]);
}

#[test]
fn what_hangs_over_an_edge_is_cut() {
    assert_eq!(red((3, 2), at(-1, -1, numbered(3, 2))), [[12, 13, 0], [0, 0, 0]]);
    assert_eq!(red((3, 2), at(2, 1, numbered(3, 2))), [[0, 0, 0], [0, 0, 1]]);
    for (left, top) in [(3, 0), (-3, 0), (0, 2), (0, -2), (i32::MIN, i32::MAX)] {
        assert_eq!(red((3, 2), at(left, top, numbered(3, 2))), [[0; 3]; 2], "{left}, {top}");
    }
}

#[test]
fn tiles_cover_the_picture() {
    let tiled = |layer: Layer| layer.with_tile(true);
    // Three tiles of two: the picture of five is cut out of six, from the second column on.
    assert_eq!(red((5, 2), tiled(numbered(2, 1))), [[2, 1, 2, 1, 2], [2, 1, 2, 1, 2]]);
    let corner = tiled(numbered(2, 1)).with_position(Anchor::LeftTop);
    assert_eq!(red((5, 1), corner), [[1, 2, 1, 2, 1]]);
    assert_eq!(red((5, 1), tiled(at(1, 0, numbered(2, 1)))), [[2, 1, 2, 1, 2]]);
    assert_eq!(red((4, 1), tiled(at(-1, -7, numbered(3, 1)))), [[3, 1, 2, 3]]);
}

#[test]
fn a_layer_may_be_as_large_as_the_picture_and_no_larger() {
    assert!(compose((3, 2), vec![numbered(3, 2)]).is_ok());
    for (width, height) in [(4, 2), (3, 3)] {
        let error = compose((3, 2), vec![numbered(width, height)]).unwrap_err();
        assert_eq!(error.reason(), Some(Reason::LayerTooLarge));
        let words = format!("layers[0] is {width}×{height} pixels, expected at most 3×2 pixels");
        assert!(error.to_string().contains(&words), "{error}");
    }
}

#[test]
fn half_a_place_and_wrong_pixels_are_refused() {
    let half = Layer {
        left: Some(1),
        ..numbered(1, 1)
    };
    let search = numbered(1, 1).with_position(Anchor::Entropy);
    let raw = |width, height, channels, len| {
        Layer::new(Source::Raw {
            width,
            height,
            channels,
            pixels: Base64::from(vec![0; len]),
        })
    };
    let create = |width, channels| {
        Layer::new(Source::Create(Create {
            width,
            height: 1,
            channels,
            background: Colour::WHITE,
        }))
    };
    let bad = [
        half,
        search,
        raw(1, 1, 0, 0),
        raw(1, 1, 5, 5),
        raw(2, 1, 3, 5),
        raw(2, 1, 3, 7),
        raw(0, 1, 3, 0),
        raw(u32::MAX, u32::MAX, 4, 4),
        create(0, 3),
        create(1, 2),
    ];
    for layer in bad {
        let error = compose((3, 3), vec![layer]).unwrap_err();
        assert_eq!(error.code(), "BAD_PLAN", "{error}");
    }
    assert!(compose((3, 3), vec![raw(2, 1, 3, 6), create(1, 4)]).is_ok());
}

#[test]
fn layers_follow_each_other_without_rounding() {
    let half = |grey: u8| {
        Layer::new(Source::Create(Create {
            width: 1,
            height: 1,
            channels: 4,
            background: Colour {
                red: grey,
                green: grey,
                blue: grey,
                alpha: 128,
            },
        }))
    };
    let image = compose((1, 1), vec![half(255); 6]).unwrap();
    let left = (127.0f64 / 255.0).powi(6);
    assert_eq!(image.planes[0].row(0)[0], (255.0 * (1.0 - left)).round() as u8);
}

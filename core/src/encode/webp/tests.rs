use super::*;
use crate::decode::testing::whole;
use crate::decode::webp::open;
use crate::encode::testing::{budget, image, still};
use crate::image::{PictureFrame, Plane};
use crate::limits::Limits;

fn options() -> options::Webp {
    options::Webp::default()
}

fn gradient(width: u32, height: u32, layout: Layout) -> Image {
    image(width, height, layout, |x, y, c| match c {
        0 => (x * 255 / width) as u8,
        1 => (y * 255 / height) as u8,
        2 => 100,
        _ => (255 - x * 3) as u8,
    })
}

fn blocks() -> MetadataBlocks {
    MetadataBlocks {
        icc: Some(b"profile".to_vec()),
        exif: Some(b"II*\0odd".to_vec()),
        xmp: Some(b"<x/>".to_vec()),
        ..MetadataBlocks::default()
    }
}

#[test]
fn lossless_round_trips_in_every_layout() {
    let lossless = options().with_lossless(true);
    for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
        let source = gradient(37, 21, layout);
        let expected = source.to_rgba(&budget()).unwrap();
        let file = encode(&still(source), &lossless, &MetadataBlocks::default(), &budget()).unwrap();
        let sink = whole(open, &file, false);
        let channels = sink.frames[0].frame.layout.channels();
        assert_eq!(channels == 4, layout.has_alpha());
        for (got, expected) in sink.pixels().chunks_exact(channels).zip(expected.chunks_exact(4)) {
            assert!(got == &expected[..channels] || expected[3] == 0);
        }
    }
}

#[test]
fn planes_give_the_colours_that_rgb_gives() {
    let rgb = gradient(64, 48, Layout::Rgb);
    let plane = |width, height, f: &dyn Fn(u32, u32) -> f64| {
        let mut plane = Plane::new(width, height, 1, &budget()).unwrap();
        for y in 0..height {
            for (x, out) in plane.row_mut(y).iter_mut().enumerate() {
                *out = f(x as u32, y).round() as u8;
            }
        }
        plane
    };
    let at = |x: u32, y: u32| {
        let pixel = &rgb.planes[0].row(y)[x as usize * 3..][..3];
        [f64::from(pixel[0]), f64::from(pixel[1]), f64::from(pixel[2])]
    };
    let luma = |[r, g, b]: [f64; 3]| 0.299 * r + 0.587 * g + 0.114 * b;
    let image = Image {
        width: 64,
        height: 48,
        layout: Layout::YCbCr,
        planes: vec![
            plane(64, 48, &|x, y| luma(at(x, y))),
            plane(32, 24, &|x, y| {
                128.0 + (at(x * 2, y * 2)[2] - luma(at(x * 2, y * 2))) / 1.772
            }),
            plane(32, 24, &|x, y| {
                128.0 + (at(x * 2, y * 2)[0] - luma(at(x * 2, y * 2))) / 1.402
            }),
        ],
    };
    let file = encode(
        &still(image),
        &options().with_quality(95),
        &MetadataBlocks::default(),
        &budget(),
    )
    .unwrap();
    let sink = whole(open, &file, false);
    let sum: u32 = sink
        .pixels()
        .iter()
        .zip(rgb.planes[0].data.iter())
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    assert!(f64::from(sum) / f64::from(64 * 48 * 3) < 2.5, "{sum}");
}

#[test]
fn metadata_is_written_where_it_belongs() {
    for layout in [Layout::Rgb, Layout::Rgba] {
        for lossless in [false, true] {
            let picture = still(gradient(30, 20, layout));
            let file = encode(&picture, &options().with_lossless(lossless), &blocks(), &budget()).unwrap();
            let header = open(&file).unwrap();
            assert_eq!(header.metadata.icc.as_deref(), Some(&b"profile"[..]));
            assert_eq!(header.metadata.exif.as_deref(), Some(&b"II*\0odd"[..]));
            assert_eq!(header.metadata.xmp.as_deref(), Some(&b"<x/>"[..]));
            // Not only our reader takes it.
            let theirs = image_webp::WebPDecoder::new(std::io::Cursor::new(&file)).unwrap();
            assert_eq!(
                (theirs.dimensions(), theirs.has_alpha()),
                ((30, 20), layout == Layout::Rgba)
            );
        }
    }
}

#[test]
fn animations_round_trip() {
    let frames = (0..3u32)
        .map(|i| PictureFrame {
            image: image(
                24,
                16,
                Layout::Rgba,
                |x, y, c| if c == 3 { 255 } else { (x * 3 + y * i) as u8 },
            ),
            delay_ms: 50 + i,
        })
        .collect();
    let picture = Picture { frames, loops: 2 };
    let file = encode(&picture, &options().with_lossless(true), &blocks(), &budget()).unwrap();
    assert_eq!(open(&file).unwrap().metadata.icc.map_or(0, |block| block.len()), 7);
    let sink = whole(open, &file, true);
    for ((got, frame), delay) in sink.frames.iter().zip(&picture.frames).zip([50, 51, 52]) {
        assert_eq!((got.frame.delay_ms, got.frame.loops), (delay, 2));
        assert_eq!(got.planes[0][..], frame.image.planes[0].data[..]);
    }
}

#[test]
fn no_time_at_all_is_a_tenth_of_a_second() {
    let frame = |delay_ms| PictureFrame {
        image: image(8, 8, Layout::Rgb, |x, y, _| (x + y + delay_ms * 12) as u8),
        delay_ms,
    };
    let picture = Picture {
        frames: [0, 10, 11, 20].map(frame).into(),
        loops: 0,
    };
    let file = encode(&picture, &options(), &MetadataBlocks::default(), &budget()).unwrap();
    assert_eq!(open(&file).unwrap().info.delays, [100, 100, 11, 20]);
}

#[test]
fn what_webp_cannot_hold_is_refused() {
    let wide = still(image(16_384, 1, Layout::Grey, |_, _, _| 0));
    let error = encode(&wide, &options(), &MetadataBlocks::default(), &budget()).unwrap_err();
    assert_eq!(error.code(), "BAD_PLAN");
    assert!(error.to_string().contains("16384×1"), "{error}");
    let picture = still(gradient(4, 4, Layout::Rgb));
    let late = Budget::new(&Limits::new().with_deadline(std::time::Duration::ZERO));
    assert_eq!(
        encode(&picture, &options(), &MetadataBlocks::default(), &late)
            .unwrap_err()
            .code(),
        "DEADLINE"
    );
}

#[test]
fn options_do_what_they_say() {
    let file = |layout, options: options::Webp| {
        // Noise over a gradient, with a part that can't be seen.
        let mut random = crate::decode::testing::Random(7);
        let picture = still(image(64, 48, layout, |x, y, c| match c {
            3 => ((x / 16) * 85) as u8,
            _ => ((x * 3 + y * (c as u32 + 1)) as u8) ^ (random.below(8) as u8),
        }));
        let file = encode(&picture, &options, &MetadataBlocks::default(), &budget()).unwrap();
        let pixels = whole(open, &file, false).pixels().to_vec();
        let source = picture.frames[0].image.planes[0].data.to_vec();
        (file, pixels, source)
    };
    let lossless = options().with_lossless(true);
    let (same, _, _) = file(Layout::Rgb, lossless);
    let (near, pixels, source) = file(Layout::Rgb, lossless.with_near(20));
    assert!(near.len() < same.len() && pixels != source);
    assert!(pixels.iter().zip(&source).all(|(a, b)| a.abs_diff(*b) <= 32));
    let (_, pixels, source) = file(Layout::Rgba, lossless);
    assert_ne!(pixels, source);
    let (_, pixels, source) = file(Layout::Rgba, lossless.with_exact(true));
    assert_eq!(pixels, source);
    let (plain, ..) = file(Layout::Rgb, options());
    for other in [
        options().with_sharp(true),
        options().with_preset(options::Preset::Text),
        options().with_preset(options::Preset::Photo),
    ] {
        assert_ne!(file(Layout::Rgb, other).0, plain, "{other:?}");
    }
}

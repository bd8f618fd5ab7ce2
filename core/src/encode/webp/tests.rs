use super::animation::CLEARS;
use super::*;
use crate::decode::testing::whole;
use crate::decode::webp::open;
use crate::encode::testing::{budget, image, still};
use crate::image::{Image, PictureFrame, Plane};
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
        for options in [
            options(),
            options().with_lossless(true),
            options().with_sharp(true),
            options().with_effort(0),
        ] {
            let picture = still(gradient(30, 20, layout));
            let file = encode(&picture, &options, &blocks(), &budget()).unwrap();
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

/// Frames that differ in a part each, of every kind.
fn changing(random: &mut crate::decode::testing::Random, layout: Layout) -> Picture {
    let (width, height) = (1 + random.below(60) as u32, 1 + random.below(60) as u32);
    let holes = random.below(2) * 128;
    let colours = 1 << (1 + random.below(8));
    let alpha = |value: usize| if value < holes { [0, 90][value % 2] } else { 255 };
    let is_alpha = |c: usize| layout.has_alpha() && c + 1 == layout.channels();
    let mut frames = vec![image(width, height, layout, |x, _, c| match is_alpha(c) {
        true => alpha(random.below(256)),
        false => (x as usize * colours + random.below(3)) as u8,
    })];
    for _ in 0..random.below(7) {
        let [left, top] = [width, height].map(|side| random.below(side as usize) as u32);
        let [right, bottom] = [left, top].map(|side| side + random.below(40) as u32);
        let last = &frames[frames.len() - 1].planes[0];
        let sparse = 1 + random.below(3);
        let next = image(width, height, layout, |x, y, c| {
            let inside = (left..right).contains(&x) && (top..bottom).contains(&y);
            match inside && random.below(sparse) == 0 {
                true if is_alpha(c) => alpha(random.below(256)),
                true => random.below(colours) as u8,
                false => last.row(y)[x as usize * layout.channels() + c],
            }
        });
        frames.push(next);
    }
    let frames = frames.into_iter().map(|image| PictureFrame { image, delay_ms: 20 });
    Picture {
        frames: frames.collect(),
        loops: 3,
    }
}

/// What is shown at each twenty milliseconds.
fn shown(file: &[u8]) -> Vec<Vec<[u8; 4]>> {
    let sink = whole(open, file, true);
    let frames = sink.frames.iter().flat_map(|got| {
        let mut rgba = vec![[0; 4]; got.planes[0].len() / got.frame.layout.channels()];
        got.frame.layout.widen(&got.planes[0], &mut rgba);
        std::iter::repeat_n(rgba, (got.frame.delay_ms / 20).max(1) as usize)
    });
    frames.collect()
}

#[test]
fn what_changes_comes_back() {
    let mut random = crate::decode::testing::Random(31);
    for round in 0..300 {
        let layout = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba][round % 4];
        let picture = changing(&mut random, layout);
        let effort = (round % 7) as u8;
        let exact = options()
            .with_lossless(true)
            .with_exact(round % 3 == 0)
            .with_effort(effort);
        for options in [exact, options().with_effort(effort)] {
            let file = encode(&picture, &options, &MetadataBlocks::default(), &budget()).unwrap();
            let shown = shown(&file);
            // A single one is read as a still, which is shown for ever.
            assert!(shown.len() == picture.frames.len() || frames_of(&file).len() == 1);
            for (shown, frame) in shown.iter().zip(&picture.frames) {
                let rgba = frame.image.to_rgba(&budget()).unwrap();
                for (got, expected) in shown.iter().zip(rgba.as_chunks::<4>().0) {
                    assert_eq!(got[3], expected[3], "alpha is kept in round {round}");
                    let hidden = expected[3] == 0 && !options.exact;
                    assert!(!options.lossless || got == expected || hidden, "round {round}");
                }
            }
        }
    }
}

/// The numbers of a frame: left, top, width, height, delay, flags.
fn frames_of(file: &[u8]) -> Vec<([u32; 4], u32, u8)> {
    let number = |bytes: &[u8]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]);
    let starts = file.windows(4).enumerate().filter(|(_, kind)| *kind == b"ANMF");
    let data = starts.map(|(at, _)| &file[at + 8..]);
    data.map(|data| {
        let [left, top, width, height, delay] = [0, 3, 6, 9, 12].map(|at| number(&data[at..]));
        ([2 * left, 2 * top, width + 1, height + 1], delay, data[15])
    })
    .collect()
}

#[test]
fn a_frame_is_what_has_changed() {
    let spot = |left: u32| {
        image(40, 30, Layout::Rgba, move |x, y, c| {
            match (left..left + 4).contains(&x) && (5..9).contains(&y) {
                true => [200, 10, 30, 255][c],
                false => 0,
            }
        })
    };
    let picture = |spots: &[u32], delay_ms| Picture {
        frames: spots
            .iter()
            .map(|&left| PictureFrame {
                image: spot(left),
                delay_ms,
            })
            .collect(),
        loops: 0,
    };
    for lossless in [false, true] {
        let options = options().with_lossless(lossless);
        let written = |picture: &Picture| encode(picture, &options, &MetadataBlocks::default(), &budget()).unwrap();
        // Each is drawn where there is nothing, because the one before is cleared. What stays is shown longer.
        let file = written(&picture(&[2, 20, 20, 33, 33], 50));
        let frames = frames_of(&file);
        assert_eq!(frames.len(), 3);
        assert_eq!(
            (frames[0].0, frames[0].1, frames[0].2 & CLEARS),
            ([0, 0, 40, 30], 50, CLEARS)
        );
        assert_eq!(
            (frames[1].0, frames[1].1, frames[1].2 & CLEARS),
            ([20, 4, 4, 5], 100, CLEARS)
        );
        assert_eq!(
            (frames[2].0, frames[2].1, frames[2].2 & CLEARS),
            ([32, 4, 5, 5], 100, 0)
        );
        assert!(file[20] & 0x10 != 0);
        // The longest delay has 24 bits, so what stays longer is drawn again.
        let frames = frames_of(&written(&picture(&[2, 2, 20], 10_000_000)));
        assert_eq!(
            frames.iter().map(|frame| frame.1).collect::<Vec<_>>(),
            [16_777_215, 3_222_785, 10_000_000]
        );
        // If nothing ever changes, one frame is shown for all the time.
        let frames = frames_of(&written(&picture(&[7, 7, 7], 50)));
        assert_eq!(frames.iter().map(|frame| frame.1).collect::<Vec<_>>(), [150]);
    }
}

#[test]
fn animations_keep_limits() {
    let frames = |i: u32| image(64, 64, Layout::Rgb, move |x, y, _| (x * y * i) as u8);
    let picture = Picture {
        frames: (0..3)
            .map(|i| PictureFrame {
                image: frames(i),
                delay_ms: 20,
            })
            .collect(),
        loops: 0,
    };
    for lossless in [false, true] {
        let with = |limits: &Limits| {
            let options = options().with_lossless(lossless);
            let result = encode(&picture, &options, &MetadataBlocks::default(), &Budget::new(limits));
            result.unwrap_err().code()
        };
        assert_eq!(
            with(&Limits::new().with_deadline(std::time::Duration::ZERO)),
            "DEADLINE"
        );
        assert_eq!(with(&Limits::new().with_memory(60_000)), "LIMIT_MEMORY");
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

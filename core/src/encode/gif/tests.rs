use super::*;
use crate::decode::gif::open;
use crate::decode::testing::whole;
use crate::encode::testing::{budget, image, still};

fn write(picture: &Picture) -> Vec<u8> {
    encode(picture, &options::Gif::default(), &MetadataBlocks::default(), &budget()).unwrap()
}

#[test]
fn few_colours_come_back_exactly() {
    let source = image(40, 30, Layout::Rgb, |x, y, c| {
        ((x / 10 + y / 10 * 4) * 9) as u8 + c as u8
    });
    let expected = source.planes[0].data.to_vec();
    assert_eq!(whole(open, &write(&still(source)), false).pixels(), expected);
    let grey = image(16, 16, Layout::Grey, |x, y, _| (y * 16 + x) as u8);
    let expected: Vec<u8> = grey.planes[0].data.iter().flat_map(|&v| [v; 3]).collect();
    assert_eq!(whole(open, &write(&still(grey)), false).pixels(), expected);
}

#[test]
fn alpha_becomes_one_bit() {
    let source = image(
        32,
        8,
        Layout::Rgba,
        |x, y, c| if c == 3 { (x * 8) as u8 } else { (y * 20) as u8 },
    );
    let sink = whole(open, &write(&still(source)), false);
    assert_eq!(sink.frames[0].frame.layout, Layout::Rgba);
    for (i, pixel) in sink.pixels().chunks_exact(4).enumerate() {
        let (x, y) = (i as u32 % 32, i as u32 / 32);
        let shade = (y * 20) as u8;
        assert_eq!(pixel, if x < 16 { [0; 4] } else { [shade, shade, shade, 255] });
    }
}

fn animation(layout: Layout, sample: impl Fn(u32, u32, u32, usize) -> u8) -> Picture {
    let frames = (0..6)
        .map(|i| PictureFrame {
            image: image(30, 20, layout, |x, y, c| sample(i, x, y, c)),
            delay_ms: 40 + i * 10,
        })
        .collect();
    Picture { frames, loops: 4 }
}

#[test]
fn frames_that_repeat_are_joined_on_demand() {
    // 40 and 50 of stripes, 60 to 80 of other ones, and the first ones again.
    let picture = animation(Layout::Rgb, |i, x, _, c| {
        (x / 5 * 8) as u8 + c as u8 + u8::from((2..5).contains(&i)) * 90
    });
    let delays = |duplicates: bool| {
        let options = options::Gif::default().with_duplicates(duplicates);
        let file = encode(&picture, &options, &MetadataBlocks::default(), &budget()).unwrap();
        let sink = whole(open, &file, true);
        assert_eq!(sink.frames[sink.frames.len() - 1].planes, sink.frames[0].planes);
        sink.frames.iter().map(|frame| frame.frame.delay_ms).collect::<Vec<_>>()
    };
    assert_eq!(delays(true), [40, 50, 60, 70, 80, 90]);
    assert_eq!(delays(false), [90, 210, 90]);
}

#[test]
fn what_is_transparent_has_no_colour() {
    let picture = animation(Layout::Rgba, |i, x, y, c| match (c, x > 9) {
        (3, opaque) => {
            if opaque {
                255
            } else {
                i as u8
            }
        }
        (_, true) => y as u8,
        (_, false) => (i * 30) as u8,
    });
    let file = encode(
        &picture,
        &options::Gif::default().with_duplicates(false),
        &MetadataBlocks::default(),
        &budget(),
    )
    .unwrap();
    assert_eq!(open(&file).unwrap().info.frames, 1);
}

#[test]
fn pixels_that_hardly_change_stay_as_they_are() {
    // Each frame is lighter by 3 levels of each channel, which is a way of 5.2.
    let picture = animation(Layout::Rgb, |i, x, _, c| (x * 4) as u8 + c as u8 + 3 * i as u8);
    let file = |change: u8| {
        let options = options::Gif::default().with_change(change);
        encode(&picture, &options, &MetadataBlocks::default(), &budget())
    };
    let frames = |change: u8| whole(open, &file(change).unwrap(), true).frames;
    let first = |change: u8, frame: usize| frames(change)[frame].planes[0][0];
    assert_eq!((first(5, 1), first(5, 5)), (3, 15));
    // A way of 6 leaves the next frame as it was, and not the one after it.
    assert_eq!((first(6, 1), first(6, 2), first(6, 3)), (0, 6, 6));
    assert!(file(6).unwrap().len() < file(0).unwrap().len());
    assert!(file(32).is_ok());
}

#[test]
fn animations_round_trip() {
    // A square that moves over stripes; in the second one, over nothing.
    let square = |i: u32, x: u32, y: u32| (i * 3..i * 3 + 6).contains(&x) && (5..11).contains(&y);
    let opaque = animation(Layout::Rgb, |i, x, y, c| {
        if square(i, x, y) {
            200 + c as u8
        } else {
            (x / 5 * 8) as u8
        }
    });
    let holes = animation(
        Layout::Rgba,
        |i, x, y, c| if square(i, x, y) { 200 + c as u8 } else { 0 },
    );
    for picture in [opaque, holes] {
        let file = write(&picture);
        assert_eq!(open(&file).unwrap().info.frames, 6);
        let sink = whole(open, &file, true);
        for (i, (got, frame)) in sink.frames.iter().zip(&picture.frames).enumerate() {
            assert_eq!((got.frame.delay_ms, got.frame.loops), (frame.delay_ms, 4));
            let rgba = frame.image.to_rgba(&budget()).unwrap();
            assert_eq!(got.planes[0].len(), rgba.len());
            for (at, (got, expected)) in got.planes[0].chunks_exact(4).zip(rgba.chunks_exact(4)).enumerate() {
                let expected = if expected[3] < OPAQUE {
                    [0; 4]
                } else {
                    [expected[0], expected[1], expected[2], 255]
                };
                assert_eq!(got, expected, "frame {i}, row {}", at / 30);
            }
        }
    }
}

#[test]
fn only_what_changes_is_written() {
    let noise = |x: u32, y: u32| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 7;
    let still_frames = animation(Layout::Grey, |_, x, y, _| noise(x, y) as u8);
    let one = Picture {
        frames: animation(Layout::Grey, |_, x, y, _| noise(x, y) as u8)
            .frames
            .into_iter()
            .take(1)
            .collect(),
        loops: 1,
    };
    assert!(write(&still_frames).len() < write(&one).len() + 6 * 40);
}

#[test]
fn what_gif_cannot_hold_is_refused() {
    let wide = still(image(65_536, 1, Layout::Grey, |_, _, _| 0));
    let error = encode(&wide, &options::Gif::default(), &MetadataBlocks::default(), &budget()).unwrap_err();
    assert_eq!(error.code(), "BAD_PLAN");
}

#[test]
fn passes_hold_the_same_rows() {
    for (width, height) in (1..=9).flat_map(|width| (1..=9).map(move |height| (width, height))) {
        let picture = still(image(width, height, Layout::Rgb, |x, y, c| [x, y, 7][c] as u8));
        let options = options::Gif::default().with_progressive(true);
        let file = encode(&picture, &options, &MetadataBlocks::default(), &budget()).unwrap();
        assert!(open(&file).unwrap().info.progressive);
        assert_eq!(
            whole(open, &file, false).pixels(),
            &picture.frames[0].image.planes[0].data[..]
        );
        let other = ::image::load_from_memory(&file).unwrap().to_rgb8();
        assert_eq!(other.into_raw(), &picture.frames[0].image.planes[0].data[..]);
    }
    // Frames that are cut to what changes.
    let moving = animation(
        Layout::Rgb,
        |i, x, y, c| {
            if x / 5 == i && y > 3 { 200 } else { [9, 60, 20][c] }
        },
    );
    let [plain, passes] = [false, true].map(|progressive| {
        let options = options::Gif::default().with_progressive(progressive);
        let file = encode(&moving, &options, &MetadataBlocks::default(), &budget()).unwrap();
        let sink = whole(open, &file, true);
        sink.frames.into_iter().map(|frame| frame.planes).collect::<Vec<_>>()
    });
    assert_eq!(plain.len(), 6);
    assert!(plain == passes);
}

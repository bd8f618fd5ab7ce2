use super::*;
use crate::decode::png::open;
use crate::decode::testing::{Random, whole};
use crate::encode::png::encode;
use crate::encode::testing::{budget, image};
use crate::image::PictureFrame;
use crate::limits::Limits;

fn animation(frames: Vec<Image>) -> Picture {
    let delays = [20, 5, 70_000, 1_000_000].into_iter().cycle();
    let frames = frames.into_iter().zip(delays);
    Picture {
        frames: frames
            .map(|(image, delay_ms)| PictureFrame { image, delay_ms })
            .collect(),
        loops: 7,
    }
}

fn written(picture: &Picture, options: &options::Png) -> Vec<u8> {
    encode(picture, options, &MetadataBlocks::default(), &budget()).unwrap()
}

/// Width, height, left, top, what becomes of it and how it is drawn, for each frame.
fn controls(file: &[u8]) -> Vec<([u32; 4], u8, u8)> {
    let places = file.windows(4).enumerate().filter(|(_, kind)| kind == b"fcTL");
    let long = |at: usize| u32::from_be_bytes(*file[at..].first_chunk().unwrap());
    let control = |(at, _): (usize, _)| ([8, 12, 16, 20].map(|i| long(at + i)), file[at + 28], file[at + 29]);
    places.map(control).collect()
}

/// Pixels that are shown, without the colours of those that can't be seen.
fn shown(rgba: &[u8]) -> Vec<[u8; 4]> {
    let pixels = rgba.as_chunks::<4>().0.iter();
    pixels
        .map(|pixel| if pixel[3] == 0 { [0; 4] } else { *pixel })
        .collect()
}

fn assert_same(file: &[u8], picture: &Picture) {
    let sink = whole(open, file, true);
    assert_eq!(sink.frames.len(), picture.frames.len());
    for (got, frame) in sink.frames.iter().zip(&picture.frames) {
        let (width, layout) = (frame.image.width as usize, got.frame.layout);
        let mut rgba = vec![[0; 4]; width * frame.image.height as usize];
        layout.widen(&got.planes[0], &mut rgba);
        assert!(shown(rgba.as_flattened()) == shown(&frame.image.to_rgba(&budget()).unwrap()));
    }
}

#[test]
fn every_layout_comes_back() {
    let mut random = Random(5);
    for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
        for (colours, palette) in [(3, true), (16, true), (200, false)] {
            for (progressive, few) in [(false, false), (true, true), (false, true)] {
                let mut frames = vec![image(23, 17, layout, |_, _, _| random.below(colours) as u8)];
                for _ in 0..6 {
                    let (left, top) = (random.below(20) as u32, random.below(14) as u32);
                    let right = left + if few { 3 } else { 23 };
                    let last = &frames[frames.len() - 1].planes[0];
                    let next = image(23, 17, layout, |x, y, c| match (left..right).contains(&x) && y >= top {
                        true if c + 1 == layout.channels() && layout.has_alpha() => 255 * random.below(2) as u8,
                        true => random.below(colours) as u8 / 2,
                        false => last.row(y)[x as usize * layout.channels() + c],
                    });
                    frames.push(next);
                }
                let picture = animation(frames);
                let options = options::Png::default().with_progressive(progressive);
                // With so many colours a palette would change them.
                let exact = palette && matches!(layout, Layout::Grey);
                let file = written(&picture, &options.with_palette(exact));
                assert_same(&file, &picture);
                assert_eq!(whole(open, &file, true).frames[0].frame.loops, 7);
            }
        }
    }
}

#[test]
fn times_are_those_that_browsers_show() {
    let picture = animation(
        (0..4)
            .map(|i| image(2, 2, Layout::Grey, |x, _, _| (x * i) as u8))
            .collect(),
    );
    let file = written(&picture, &options::Png::default());
    let delays: Vec<u32> = whole(open, &file, true)
        .frames
        .iter()
        .map(|frame| frame.frame.delay_ms)
        .collect();
    assert_eq!(delays, [20, 100, 70_000, 1_000_000]);
}

#[test]
fn a_frame_is_what_has_changed() {
    // A spot on a noisy ground, then nothing new, then a spot elsewhere.
    let ground = |x: u32, y: u32, c: usize| ((x * 31 + y * 57 + x * y * 7) as usize * (c + 3)) as u8;
    let spot = |left: u32| {
        image(40, 30, Layout::Rgb, move |x, y, c| {
            match (left..left + 3).contains(&x) && (10..13).contains(&y) {
                true => 255,
                false => ground(x, y, c),
            }
        })
    };
    let picture = animation(vec![image(40, 30, Layout::Rgb, ground), spot(2), spot(2), spot(30)]);
    let file = written(&picture, &options::Png::default());
    assert_same(&file, &picture);
    let places = controls(&file);
    assert_eq!(places[0], ([40, 30, 0, 0], 0, 0));
    assert_eq!(places[1], ([3, 3, 2, 10], 0, 0));
    assert_eq!(places[2].0, [1, 1, 0, 0]);
    assert_eq!(places[3].0, [31, 3, 2, 10]);
    // Opaque, so it is read without alpha.
    assert!(!open(&file).unwrap().info.alpha);
    // The ground comes back by itself.
    let picture = animation(vec![image(40, 30, Layout::Rgb, ground), spot(2), spot(30)]);
    let file = written(&picture, &options::Png::default());
    assert_same(&file, &picture);
    let places = controls(&file);
    assert_eq!(places[1], ([3, 3, 2, 10], Dispose::Restore as u8, 0));
    assert_eq!(places[2], ([3, 3, 30, 10], 0, 0));
    assert!(!open(&file).unwrap().info.alpha);
}

#[test]
fn transparent_pixels_are_cleared_or_leave_what_is_below() {
    let sprite = |left: u32| {
        image(40, 30, Layout::Rgba, move |x, y, c| {
            match (left..left + 4).contains(&x) && (5..9).contains(&y) {
                true => [200, 10, 30, 255][c],
                false => 0,
            }
        })
    };
    let picture = animation(vec![sprite(2), sprite(20), sprite(33)]);
    let file = written(&picture, &options::Png::default());
    assert_same(&file, &picture);
    let places = controls(&file);
    // Each is drawn where there is nothing, because the one before it is gone.
    assert_eq!(places[0], ([40, 30, 0, 0], Dispose::Clear as u8, 0));
    assert_eq!(places[1], ([4, 4, 20, 5], Dispose::Restore as u8, 0));
    assert_eq!(places[2], ([4, 4, 33, 5], 0, 0));
    // Two far corners change: what is between them is left.
    let dots = |colour: u8| {
        image(40, 30, Layout::Rgba, move |x, y, c| match (x, y) {
            (0, 0) | (39, 29) => [colour, 0, 0, 255][c],
            _ => [x as u8, y as u8, 99, 128][c],
        })
    };
    let picture = animation(vec![dots(1), dots(2), dots(3)]);
    let file = written(&picture, &options::Png::default());
    assert_same(&file, &picture);
    assert_eq!(controls(&file)[2], ([40, 30, 0, 0], 0, 1));
}

#[test]
fn a_palette_is_shared_and_still_pixels_stay() {
    let mut random = Random(3);
    let noise: Vec<u8> = (0..60 * 50 * 3).map(|_| random.below(256) as u8).collect();
    let frame = |shift: u8| {
        image(60, 50, Layout::Rgb, |x, y, c| match x < 8 {
            true => shift.wrapping_mul(60).wrapping_add((x * 9 + y) as u8),
            false => noise[(y * 60 + x) as usize * 3 + c],
        })
    };
    let picture = animation(vec![frame(0), frame(1), frame(2)]);
    let file = written(&picture, &options::Png::default().with_palette(true).with_colours(32));
    assert_eq!(file.windows(4).filter(|kind| kind == b"PLTE").count(), 1);
    assert!(controls(&file)[1..].iter().all(|(area, ..)| area[0] <= 8));
    assert_eq!(whole(open, &file, true).frames.len(), 3);
}

#[test]
fn limits_hold() {
    let frames = || {
        (0..3)
            .map(|i| image(64, 64, Layout::Rgb, |x, y, _| (x * y * i) as u8))
            .collect()
    };
    let with = |limits: &Limits| {
        let budget = Budget::new(limits);
        encode(
            &animation(frames()),
            &options::Png::default(),
            &MetadataBlocks::default(),
            &budget,
        )
    };
    let late = Limits::new().with_deadline(std::time::Duration::ZERO);
    assert_eq!(with(&late).unwrap_err().code(), "DEADLINE");
    assert_eq!(
        with(&Limits::new().with_memory(1 << 20)).unwrap_err().code(),
        "LIMIT_MEMORY"
    );
}

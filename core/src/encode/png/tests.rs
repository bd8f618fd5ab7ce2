use super::*;
use crate::decode::png::open;
use crate::decode::testing::{Random, whole};
use crate::encode::testing::{budget, image, still};
use crate::limits::Limits;

fn options() -> options::Png {
    options::Png::default()
}

#[test]
fn every_layout_and_compression_round_trips() {
    for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
        let mut random = Random(11);
        let picture = still(image(33, 19, layout, |x, _, _| {
            (x * 4) as u8 ^ (random.below(16) as u8)
        }));
        let mut sizes = Vec::new();
        for compression in 0..=9 {
            let file = encode(
                &picture,
                &options().with_compression(compression),
                &MetadataBlocks::default(),
                &budget(),
            )
            .unwrap();
            let sink = whole(open, &file, false);
            assert_eq!(sink.frames[0].frame.layout, layout);
            assert_eq!(sink.pixels(), &picture.frames[0].image.planes[0].data[..]);
            sizes.push(file.len());
        }
        assert!(sizes[0] > sizes[2] && sizes[1] >= sizes[9], "{sizes:?}");
    }
}

#[test]
fn what_is_not_needed_is_left_out() {
    for (from, to, sample) in [
        (
            Layout::Rgba,
            Layout::Rgb,
            (|x, _, c| if c == 3 { 255 } else { x as u8 * c as u8 }) as fn(u32, u32, usize) -> u8,
        ),
        (
            Layout::Rgba,
            Layout::Grey,
            |x, y, c| if c == 3 { 255 } else { (x * y) as u8 },
        ),
        (
            Layout::Rgba,
            Layout::GreyAlpha,
            |x, y, c| if c == 3 { x as u8 } else { y as u8 },
        ),
        (Layout::Rgb, Layout::Grey, |x, _, _| x as u8),
        (
            Layout::GreyAlpha,
            Layout::Grey,
            |x, _, c| if c == 1 { 255 } else { x as u8 },
        ),
    ] {
        let source = image(20, 20, from, sample);
        let rgba = source.to_rgba(&budget()).unwrap();
        let expected = image(20, 20, Layout::Rgba, |x, y, c| {
            rgba[(y as usize * 20 + x as usize) * 4 + c]
        });
        let file = encode(&still(source), &options(), &MetadataBlocks::default(), &budget()).unwrap();
        let sink = whole(open, &file, false);
        assert_eq!(sink.frames[0].frame.layout, to);
        for (got, expected) in sink
            .pixels()
            .chunks_exact(to.channels())
            .zip(expected.planes[0].data.chunks_exact(4))
        {
            assert_eq!(got[0], expected[0]);
            assert!(!to.has_alpha() || got[to.channels() - 1] == expected[3]);
        }
    }
}

#[test]
fn palettes_have_the_depth_they_need() {
    for (colours, bits) in [(2u32, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8)] {
        let source = image(19, 57, Layout::Rgba, |x, y, c| {
            let colour = (x + y * 19) % colours;
            if c == 3 && colour == 1 {
                77
            } else {
                [colour as u8, 255 - colour as u8, 9, 255][c]
            }
        });
        let expected = source.planes[0].data.to_vec();
        let palette = options().with_palette(true);
        let file = encode(&still(source), &palette, &MetadataBlocks::default(), &budget()).unwrap();
        assert_eq!(open(&file).unwrap().info.bits, bits, "{colours}");
        assert_eq!(whole(open, &file, false).pixels(), expected);
    }
    let many = still(image(64, 64, Layout::Rgb, |x, y, c| [x * 4, y * 4, x ^ y][c] as u8));
    let file = encode(
        &many,
        &options().with_palette(true).with_colours(16),
        &MetadataBlocks::default(),
        &budget(),
    )
    .unwrap();
    assert_eq!(open(&file).unwrap().info.bits, 4);
}

#[test]
fn metadata_is_written() {
    let metadata = MetadataBlocks {
        icc: Some(b"profile".to_vec()),
        exif: Some(b"MM\0*".to_vec()),
        xmp: Some("<x>é</x>".as_bytes().to_vec()),
        ..MetadataBlocks::default()
    };
    let picture = still(image(3, 3, Layout::Rgb, |_, _, c| c as u8));
    for progressive in [false, true] {
        let options = options().with_progressive(progressive);
        let file = encode(&picture, &options, &metadata, &budget()).unwrap();
        let read = open(&file).unwrap().metadata;
        assert_eq!(
            (&read.icc, &read.exif, &read.xmp),
            (&metadata.icc, &metadata.exif, &metadata.xmp)
        );
    }
}

/// The picture's file in passes and in one go: what our decoder and the crate's make of both.
fn same_in_passes(picture: &Picture, options: options::Png) -> usize {
    let files = [false, true].map(|progressive| {
        let options = options.with_progressive(progressive);
        encode(picture, &options, &MetadataBlocks::default(), &budget()).unwrap()
    });
    let [plain, passes] = [&files[0], &files[1]].map(|file| {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(reader.info().interlaced, *file == files[1]);
        let sink = whole(open, file, false);
        (sink.frames[0].frame.layout, sink.pixels().to_vec(), pixels)
    });
    assert!(plain == passes, "{options:?}");
    files[1].len()
}

#[test]
fn passes_hold_the_same_pixels() {
    for (width, height) in (1..=9).flat_map(|width| (1..=9).map(move |height| (width, height))) {
        for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
            let mut random = Random(width.into());
            let noise = still(image(width, height, layout, |_, _, _| random.below(256) as u8));
            for compression in [0, 1, 2, 6] {
                same_in_passes(&noise, options().with_reduce(false).with_compression(compression));
            }
        }
        for colours in [2, 4, 16, 256] {
            let few = still(image(width, height, Layout::Rgba, |x, y, c| {
                let colour = (x + y * width) % colours;
                [colour as u8 * 3, 7, 9, if colour == 1 { 99 } else { 255 }][c]
            }));
            for compression in [0, 2] {
                same_in_passes(&few, options().with_palette(true).with_compression(compression));
            }
        }
    }
}

fn scene() -> Picture {
    let sink = whole(open, include_bytes!("../../../tests/images/scene.png"), false);
    let (frame, pixels) = (&sink.frames[0].frame, sink.pixels());
    let (width, channels) = (frame.planes[0].width as usize, frame.layout.channels());
    let at = |x: u32, y: u32, c: usize| pixels[(y as usize * width + x as usize) * channels + c];
    still(image(width as u32, frame.planes[0].height, frame.layout, at))
}

#[test]
fn a_photograph_in_passes() {
    let scene = scene();
    let sizes = [0, 1, 2, 6, 9, 10].map(|level| same_in_passes(&scene, options().with_compression(level)));
    assert!(sizes.is_sorted_by(|larger, smaller| larger >= smaller), "{sizes:?}");
    same_in_passes(&scene, options().with_palette(true));
    same_in_passes(
        &scene,
        options().with_palette(true).with_colours(16).with_adaptive(true),
    );
}

#[test]
fn noise_in_passes_is_stored() {
    let mut random = Random(3);
    let noise = still(image(100, 100, Layout::Rgb, |_, _, _| random.below(256) as u8));
    assert!(same_in_passes(&noise, options()) < 100 * 300 + 1000);
}

#[test]
fn passes_heed_the_deadline() {
    let limits = Limits::new().with_deadline(std::time::Duration::ZERO);
    let samples = Samples {
        data: &[0; 64],
        width: 8,
        height: 8,
        bits: 8,
        channels: 1,
        interlaced: true,
    };
    let error = choose::compressed(samples, &options(), false, &Budget::new(&limits)).unwrap_err();
    assert_eq!(error.code(), "DEADLINE");
}

/// The filters of the rows of a file.
fn filters(picture: &Picture, options: options::Png) -> std::collections::BTreeSet<u8> {
    let file = encode(picture, &options, &MetadataBlocks::default(), &budget()).unwrap();
    let start = file.windows(4).position(|kind| kind == b"IDAT").unwrap();
    let len = u32::from_be_bytes(*file[start - 4..].first_chunk().unwrap()) as usize;
    let rows = fdeflate::decompress_to_vec(&file[start + 4..][..len]).unwrap();
    let stride = rows.len() / picture.frames[0].image.height as usize;
    rows.chunks_exact(stride).map(|row| row[0]).collect()
}

#[test]
fn rows_get_the_filters_that_are_asked_for() {
    let scene = scene();
    let several = |options| filters(&scene, options).len() > 1;
    let only = |options| Vec::from_iter(filters(&scene, options));
    for level in [1, 2, 5, 6, 9] {
        let default = options().with_compression(level);
        assert!(several(default.with_adaptive(true)), "{level}");
        assert_eq!(only(default.with_adaptive(false)).len(), 1, "{level}");
    }
    // Lines and letters are best without a filter.
    let drawing = still(image(300, 300, Layout::Rgb, |x, y, c| {
        let ink = (x / 7 * 5 + y / 11 * 3) % 13 == 0 || (x ^ y) % 31 == 3;
        if ink { 40 * c as u8 } else { 250 }
    }));
    let filters = |options| Vec::from_iter(filters(&drawing, options));
    assert_eq!(filters(options()), [0]);
    assert!(filters(options().with_adaptive(true)).len() > 1);
    let palette = options().with_palette(true);
    assert_eq!(only(palette), [0]);
    assert!(several(palette.with_adaptive(true)));
}

//! Files of our own encoder, whole and damaged, and what the boxes say.

use super::*;
use crate::decode::testing::{Random, request, run, survives_damage, whole};
use crate::encode::avif::{encode, encode_cells};
use crate::encode::{Avif, Chroma, testing};
use crate::image::{Image, Picture, PictureFrame};
use crate::limits::Limits;
use crate::request::Tolerate;

fn image(layout: Layout, width: u32, height: u32) -> Image {
    let size = |plane: usize| {
        if plane > 0 {
            (width.div_ceil(2), height.div_ceil(2))
        } else {
            (width, height)
        }
    };
    let planes = (0..if layout == Layout::YCbCr { 3 } else { 1 }).flat_map(|number| {
        let (columns, rows) = size(number);
        let sample = |x: u32, y: u32, channel: usize| {
            let slope = [(2, 1), (1, 2), (1, 1), (3, 3)][(channel + number) % 4];
            (20 + x * slope.0 + y * slope.1).min(250) as u8
        };
        testing::image(columns, rows, layout, sample).planes
    });
    Image {
        width,
        height,
        layout,
        planes: planes.collect(),
    }
}

fn file(layout: Layout, width: u32, height: u32, options: &Avif, metadata: &MetadataBlocks) -> (Image, Vec<u8>) {
    let budget = Budget::new(&Limits::default());
    let mut picture = Picture {
        frames: vec![PictureFrame {
            image: image(layout, width, height),
            delay_ms: 0,
        }],
        loops: 0,
    };
    let bytes = encode(&picture, options, metadata, &budget).unwrap();
    (picture.frames.remove(0).image, bytes)
}

fn mean_difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let total: u64 = a.iter().zip(b).map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
    total as f64 / a.len() as f64
}

#[test]
fn what_was_encoded_comes_back() {
    let options = Avif::new().with_quality(90).with_effort(4);
    for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
        for chroma in [Chroma::Half, Chroma::HalfWidth, Chroma::Full] {
            for (width, height) in [(1, 1), (40, 30), (33, 21)] {
                let options = options.with_chroma(chroma);
                let (image, bytes) = file(layout, width, height, &options, &MetadataBlocks::default());
                let header = open(&bytes).unwrap();
                assert_eq!((header.info.width, header.info.height), (width, height));
                assert_eq!(header.info.alpha, layout.has_alpha());
                let decoded = whole(open, &bytes, false);
                assert_eq!(decoded.frames[0].frame.layout, layout);
                let difference = mean_difference(&image.planes[0].data, decoded.pixels());
                assert!(
                    difference < 2.5,
                    "{layout:?} {chroma:?} {width} × {height}: {difference}"
                );
            }
        }
    }
}

#[test]
fn planes_come_back_as_planes() {
    let options = Avif::new().with_quality(90).with_chroma(Chroma::Half);
    for (width, height) in [(1, 1), (40, 30), (33, 21)] {
        let (image, bytes) = file(Layout::YCbCr, width, height, &options, &MetadataBlocks::default());
        let planar = Request {
            planar: true,
            ..request(Tolerate::None, false)
        };
        let (decoded, _) = run(open, &bytes, &planar, &Limits::default()).unwrap();
        let frame = &decoded.frames[0];
        assert_eq!(frame.frame.layout, Layout::YCbCr);
        assert_eq!(frame.frame.planes[1].step_x, 2.0);
        for (plane, decoded) in image.planes.iter().zip(&frame.planes) {
            assert!(mean_difference(&plane.data, decoded) < 2.5, "{width} × {height}");
        }
    }
}

#[test]
fn metadata_survive() {
    let metadata = MetadataBlocks {
        icc: Some(b"not really a profile".to_vec()),
        exif: Some(b"II*\0 and so on".to_vec()),
        xmp: Some(b"<x:xmpmeta/>".to_vec()),
        ..MetadataBlocks::default()
    };
    for layout in [Layout::Rgb, Layout::Rgba] {
        let (_, bytes) = file(layout, 16, 16, &Avif::default(), &metadata);
        let found = open(&bytes).unwrap();
        assert_eq!(found.metadata.icc, metadata.icc);
        assert_eq!(found.metadata.exif, metadata.exif);
        assert_eq!(found.metadata.xmp, metadata.xmp);
        assert_eq!(found.info.bits, 8);
        assert_eq!(whole(open, &bytes, false).pixels().len(), 16 * 16 * layout.channels());
    }
}

#[test]
fn every_truncation_and_random_changes_end_in_an_error_or_a_picture() {
    let (_, bytes) = file(
        Layout::Rgba,
        40,
        30,
        &Avif::new().with_effort(0),
        &MetadataBlocks::default(),
    );
    for len in 0..bytes.len() {
        let _ = open(&bytes[..len]);
        let result = run(open, &bytes[..len], &request(Tolerate::None, false), &Limits::default());
        assert!(result.is_err(), "{len} of {}", bytes.len());
    }
    survives_damage(open, &bytes);
    // The boxes alone, harder.
    let boxes = bytes.windows(4).position(|window| window == b"mdat").unwrap();
    let mut random = Random(7);
    for _ in 0..20_000 {
        let mut damaged = bytes.clone();
        for _ in 0..1 + random.below(4) {
            damaged[random.below(boxes)] = [0, 1, 2, 127, 128, 255, random.below(256) as u8][random.below(7)];
        }
        let _ = open(&damaged);
    }
}

#[test]
fn memory_is_refused_before_it_is_taken_and_just_enough_passes() {
    let (_, bytes) = file(
        Layout::Rgb,
        200,
        150,
        &Avif::new().with_effort(0),
        &MetadataBlocks::default(),
    );
    let attempt = |memory: u64| {
        let limits = Limits::new().with_memory(memory);
        run(open, &bytes, &request(Tolerate::None, false), &limits)
    };
    let mut enough = (0u64, 64 << 20);
    while enough.1 - enough.0 > 1 {
        let middle = (enough.0 + enough.1) / 2;
        match attempt(middle) {
            Ok(_) => enough.1 = middle,
            Err(error) => {
                assert_eq!(error.code(), "LIMIT_MEMORY");
                enough.0 = middle;
            }
        }
    }
    assert!((4 << 20..6 << 20).contains(&enough.1), "{enough:?}");
}

#[test]
fn a_size_that_the_boxes_only_claim_is_refused() {
    let (_, bytes) = file(
        Layout::Rgb,
        64,
        64,
        &Avif::new().with_effort(0),
        &MetadataBlocks::default(),
    );
    let ispe = bytes.windows(4).position(|window| window == b"ispe").unwrap() + 8;
    for (width, height, code) in [
        (30_000u32, 30_000u32, "LIMIT_PIXELS"),
        (12_000, 12_000, "LIMIT_MEMORY"),
        (65, 64, "BAD_INPUT"),
        (0, 64, "BAD_INPUT"),
    ] {
        let mut changed = bytes.clone();
        changed[ispe..ispe + 4].copy_from_slice(&width.to_be_bytes());
        changed[ispe + 4..ispe + 8].copy_from_slice(&height.to_be_bytes());
        let error = run(open, &changed, &request(Tolerate::None, false), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), code, "{width} × {height}: {error}");
    }
}

#[test]
fn turns_and_mirrors_are_an_orientation() {
    let (_, bytes) = file(
        Layout::Rgb,
        16,
        16,
        &Avif::new().with_effort(0),
        &MetadataBlocks::default(),
    );
    let mut source = parse(&bytes).unwrap();
    let expected = [(None, [1, 8, 3, 6]), (Some(0), [4, 5, 2, 7]), (Some(1), [2, 7, 4, 5])];
    for (mirror, orientations) in expected {
        for (turns, orientation) in (0..).zip(orientations) {
            (source.mirror, source.turns) = (mirror, turns);
            assert_eq!(source.orientation(), orientation, "{mirror:?} {turns}");
        }
    }
}

#[test]
fn lossless_keeps_every_sample() {
    let budget = Budget::new(&Limits::default());
    let mut random = Random(9);
    for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
        for (width, height, effort) in [(1, 1, 4), (5, 3, 0), (33, 17, 2), (70, 66, 4), (19, 23, 9)] {
            let mut picture = Picture {
                frames: vec![PictureFrame {
                    image: image(layout, width, height),
                    delay_ms: 0,
                }],
                loops: 0,
            };
            // A slope above, noise below.
            let data = &mut picture.frames[0].image.planes[0].data;
            let half = data.len() / 2;
            data[half..].fill_with(|| random.below(256) as u8);
            let options = Avif::new().with_lossless(true).with_quality(1).with_effort(effort);
            let bytes = encode(&picture, &options, &MetadataBlocks::default(), &budget).unwrap();
            let sink = whole(open, &bytes, false);
            assert_eq!(sink.frames[0].frame.layout, layout);
            assert!(
                sink.pixels() == &picture.frames[0].image.planes[0].data[..],
                "{layout:?} {width} × {height}"
            );
            if matches!(layout, Layout::Rgb | Layout::Rgba) {
                // sRGB's primaries and transfer, the identity matrix, full range.
                let colr = b"colrnclx\0\x01\0\x0d\0\0\x80";
                assert!(bytes.windows(colr.len()).any(|window| window == colr));
            }
        }
    }
}

/// Planes of a JPEG go to the encoder as they are; without loss they become RGB first.
#[test]
fn lossless_from_a_jpeg_is_what_a_png_has() {
    let jpeg = include_bytes!("../../../tests/images/420.jpg");
    let plan = |encode: crate::encode::Encode| crate::Plan::new().with_encode(encode);
    let limits = Limits::default();
    let avif = Avif::new().with_lossless(true).with_effort(2);
    let avif = crate::transform(jpeg, &plan(avif.into()), &limits).unwrap();
    let png = |bytes: &[u8]| crate::transform(bytes, &plan(crate::encode::Png::new().into()), &limits).unwrap();
    assert!(png(&avif.bytes).bytes == png(jpeg).bytes);
}

#[test]
fn a_grid_of_cells_is_one_picture() {
    let budget = Budget::new(&Limits::default());
    let metadata = MetadataBlocks {
        icc: Some(b"not really a profile".to_vec()),
        exif: Some(b"II*\0 and so on".to_vec()),
        ..MetadataBlocks::default()
    };
    for lossless in [false, true] {
        for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
            for (width, height) in [(128, 64), (70, 130)] {
                let image = image(layout, width, height);
                let options = Avif::new().with_quality(90).with_effort(0).with_lossless(lossless);
                let bytes = encode_cells(&image, (64, 64), &options, &metadata, &budget).unwrap();
                let header = open(&bytes).unwrap();
                assert_eq!((header.info.width, header.info.height), (width, height));
                assert_eq!(header.info.alpha, layout.has_alpha());
                assert_eq!(header.metadata.icc, metadata.icc);
                assert_eq!(header.metadata.exif, metadata.exif);
                let decoded = whole(open, &bytes, false);
                assert_eq!(decoded.frames[0].frame.layout, layout);
                let difference = mean_difference(&image.planes[0].data, decoded.pixels());
                let most = if lossless { 0.0 } else { 2.5 };
                assert!(difference <= most, "{layout:?} {width} × {height}: {difference}");
            }
        }
    }
}

/// What `clap` keeps is what the whole picture has there, in its colours and in its transparency.
#[test]
fn a_clean_aperture_is_cut_out_of_colours_and_alpha() {
    for layout in [
        Layout::Grey,
        Layout::GreyAlpha,
        Layout::Rgb,
        Layout::Rgba,
        Layout::YCbCr,
    ] {
        let options = Avif::new().with_effort(0).with_chroma(Chroma::Half);
        let (_, bytes) = file(layout, 40, 30, &options, &MetadataBlocks::default());
        let all = whole(open, &bytes, false);
        let (channels, pixels) = (all.frames[0].frame.layout.channels(), all.pixels().to_vec());
        // An odd height, though chroma is halved: centred 2.5 pixels left of and above the middle.
        let clapped = with_clap(&bytes, [15, 1, 9, 1, -5i32 as u32, 2, -5i32 as u32, 2]);
        let header = open(&clapped).unwrap();
        assert_eq!((header.info.width, header.info.height), (15, 9));
        let cut = whole(open, &clapped, false);
        let expected: Vec<u8> = (8..17)
            .flat_map(|y| &pixels[(y * 40 + 10) * channels..][..15 * channels])
            .copied()
            .collect();
        assert_eq!(cut.pixels().len(), expected.len());
        assert!(cut.pixels() == &expected[..], "{layout:?}");
        // As in libavif: what reaches beyond the picture is damaged.
        assert!(open(&with_clap(&bytes, [41, 1, 9, 1, 0, 1, 0, 1])).is_err());
        assert!(open(&with_clap(&bytes, [15, 1, 9, 1, 0, 0, 0, 1])).is_err());
    }
}

/// Adds a clean aperture to the properties of the picture, which is the first item.
fn with_clap(bytes: &[u8], fields: [u32; 8]) -> Vec<u8> {
    let at = |kind: &[u8; 4]| bytes.windows(4).position(|window| window == kind).unwrap();
    let (ipco, ipma) = (at(b"ipco"), at(b"ipma"));
    let mut clap = 40u32.to_be_bytes().to_vec();
    clap.extend(b"clap");
    clap.extend(fields.map(u32::to_be_bytes).as_flattened());
    let count = {
        let mut body = Reader(&bytes[ipco + 4..ipma - 4]);
        std::iter::from_fn(|| body.next_box().unwrap()).count() as u8
    };
    let mut out = bytes.to_vec();
    // One more property of the first item: version and flags, entries, item, how many.
    let number = ipma + 4 + 4 + 4 + 2;
    out[number] += 1;
    out.insert(number + 1, 0x80 | (count + 1));
    out.splice(ipma - 4..ipma - 4, clap);
    let mut grow = |kind: usize, by: u32| {
        let size = u32::from_be_bytes(bytes[kind - 4..kind].try_into().unwrap()) + by;
        out[kind - 4..kind].copy_from_slice(&size.to_be_bytes());
    };
    for (kind, by) in [(at(b"meta"), 41), (at(b"iprp"), 41), (ipco, 40)] {
        grow(kind, by);
    }
    let size = u32::from_be_bytes(bytes[ipma - 4..ipma].try_into().unwrap()) + 1;
    out[ipma + 40 - 4..ipma + 40].copy_from_slice(&size.to_be_bytes());
    // The data lie 41 bytes further on: `iloc` has 4 bytes for where an extent starts and how long it is.
    let iloc = at(b"iloc") + 4 + 4 + 2;
    let items = u16::from_be_bytes(bytes[iloc..iloc + 2].try_into().unwrap());
    for item in 0..usize::from(items) {
        let start = iloc + 2 + item * 14 + 6;
        let offset = u32::from_be_bytes(bytes[start..start + 4].try_into().unwrap()) + 41;
        out[start..start + 4].copy_from_slice(&offset.to_be_bytes());
    }
    out
}

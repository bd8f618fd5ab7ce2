use super::*;
use crate::decode::png::{decode, probe};
use crate::decode::testing::{Random, whole};
use crate::encode::testing::{budget, image, still};

fn options() -> plan::Png {
    plan::Png::default()
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
                &Blocks::default(),
                &budget(),
            )
            .unwrap();
            let sink = whole(decode, &file, false);
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
        let expected = image(20, 20, Layout::Rgba, |x, y, c| {
            let mut row = vec![0; 80];
            rgba_row(&source, y, &mut row);
            row[x as usize * 4 + c]
        });
        let file = encode(&still(source), &options(), &Blocks::default(), &budget()).unwrap();
        let sink = whole(decode, &file, false);
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
        let file = encode(&still(source), &palette, &Blocks::default(), &budget()).unwrap();
        assert_eq!(probe(&file).unwrap().info.bits, bits, "{colours}");
        assert_eq!(whole(decode, &file, false).pixels(), expected);
    }
    let many = still(image(64, 64, Layout::Rgb, |x, y, c| [x * 4, y * 4, x ^ y][c] as u8));
    let file = encode(
        &many,
        &options().with_palette(true).with_colours(16),
        &Blocks::default(),
        &budget(),
    )
    .unwrap();
    assert_eq!(probe(&file).unwrap().info.bits, 4);
}

#[test]
fn metadata_is_written() {
    let metadata = Blocks {
        icc: Some(b"profile".to_vec()),
        exif: Some(b"MM\0*".to_vec()),
        xmp: Some("<x>é</x>".as_bytes().to_vec()),
        ..Blocks::default()
    };
    let file = encode(
        &still(image(3, 3, Layout::Rgb, |_, _, c| c as u8)),
        &options(),
        &metadata,
        &budget(),
    )
    .unwrap();
    let read = probe(&file).unwrap().metadata;
    assert_eq!(
        (read.icc, read.exif, read.xmp),
        (metadata.icc, metadata.exif, metadata.xmp)
    );
}

#[test]
fn options_out_of_range_are_refused() {
    let picture = still(image(2, 2, Layout::Grey, |_, _, _| 0));
    for wrong in [
        options().with_compression(10),
        options().with_colours(1),
        options().with_colours(257),
    ] {
        assert_eq!(
            encode(&picture, &wrong, &Blocks::default(), &budget())
                .unwrap_err()
                .code(),
            "BAD_PLAN"
        );
    }
}

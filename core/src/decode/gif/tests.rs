use super::*;
use crate::decode::testing::{Random, request, run, survives_damage, whole};
use crate::limits::Limits;

struct Sample {
    rect: (u16, u16, u16, u16),
    disposal: gif::DisposalMethod,
    transparent: Option<u8>,
    interlaced: bool,
    pixels: Vec<u8>,
}

const PALETTE: [u8; 12] = [10, 20, 30, 40, 50, 60, 70, 80, 90, 255, 0, 255];

fn sample(rect: (u16, u16, u16, u16), seed: u64) -> Sample {
    let mut random = Random(seed);
    let count = usize::from(rect.2) * usize::from(rect.3);
    Sample {
        rect,
        disposal: gif::DisposalMethod::Keep,
        transparent: None,
        interlaced: false,
        pixels: (0..count).map(|_| random.below(4) as u8).collect(),
    }
}

fn write(size: (u16, u16), frames: &[Sample]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, size.0, size.1, &PALETTE).unwrap();
    if frames.len() > 1 {
        encoder.set_repeat(gif::Repeat::Finite(3)).unwrap();
    }
    for (i, sample) in frames.iter().enumerate() {
        let (left, top, width, height) = sample.rect;
        let mut buffer = Vec::new();
        if sample.interlaced {
            for (first, step) in [(0, 8), (4, 8), (2, 4), (1, 2)] {
                for y in (first..usize::from(height)).step_by(step) {
                    buffer.extend_from_slice(&sample.pixels[y * usize::from(width)..][..usize::from(width)]);
                }
            }
        } else {
            buffer.clone_from(&sample.pixels);
        }
        encoder
            .write_frame(&gif::Frame {
                delay: 5 + i as u16,
                dispose: sample.disposal,
                transparent: sample.transparent,
                left,
                top,
                width,
                height,
                interlaced: sample.interlaced,
                buffer: buffer.into(),
                ..gif::Frame::default()
            })
            .unwrap();
    }
    drop(encoder);
    bytes
}

/// The slow twin: compositing pixel by pixel.
fn composite(size: (u16, u16), frames: &[Sample]) -> Vec<Vec<u8>> {
    let (width, height) = (usize::from(size.0), usize::from(size.1));
    let mut canvas = vec![0; width * height * 4];
    let mut shown = Vec::new();
    for sample in frames {
        let before = canvas.clone();
        let (left, top, w, h) = sample.rect;
        let mut each = |pixel: &mut dyn FnMut(&mut [u8], u8)| {
            for y in 0..usize::from(h) {
                for x in 0..usize::from(w) {
                    let (cx, cy) = (x + usize::from(left), y + usize::from(top));
                    if cx < width && cy < height {
                        let index = sample.pixels[y * usize::from(w) + x];
                        pixel(&mut canvas[(cy * width + cx) * 4..][..4], index);
                    }
                }
            }
        };
        each(&mut |pixel, index| {
            if Some(index) != sample.transparent {
                pixel[..3].copy_from_slice(&PALETTE[usize::from(index) * 3..][..3]);
                pixel[3] = 255;
            }
        });
        shown.push(canvas.clone());
        match sample.disposal {
            gif::DisposalMethod::Background => {
                for y in usize::from(top)..(usize::from(top) + usize::from(h)).min(height) {
                    for x in usize::from(left)..(usize::from(left) + usize::from(w)).min(width) {
                        canvas[(y * width + x) * 4..][..4].fill(0);
                    }
                }
            }
            gif::DisposalMethod::Previous => canvas = before,
            _ => {}
        }
    }
    shown
}

#[test]
fn a_still_that_fills_the_screen_is_rgb() {
    for (interlaced, height) in [(false, 7), (true, 7), (true, 1), (true, 33)] {
        let frame = Sample {
            interlaced,
            ..sample((0, 0, 9, height), 3)
        };
        let expected: Vec<u8> = frame
            .pixels
            .iter()
            .flat_map(|&i| PALETTE[usize::from(i) * 3..][..3].to_vec())
            .collect();
        let bytes = write((9, height), &[frame]);
        let header = open(&bytes).unwrap();
        assert_eq!(
            (header.info.width, header.info.height, header.info.frames),
            (9, height.into(), 1)
        );
        assert!(!header.info.alpha);
        let sink = whole(open, &bytes, false);
        assert_eq!(sink.frames[0].frame.layout, Layout::Rgb);
        assert_eq!(sink.pixels(), expected);
    }
}

#[test]
fn frames_are_composited_as_they_are_disposed_of() {
    use gif::DisposalMethod::{Any, Background, Keep, Previous};
    let size = (20, 16);
    let frames: Vec<Sample> = [
        ((0, 0, 20, 16), Keep, None),
        ((3, 4, 9, 5), Previous, Some(1)),
        ((10, 8, 20, 20), Background, Some(2)),
        ((0, 0, 5, 16), Previous, None),
        ((1, 1, 3, 3), Any, Some(0)),
        ((19, 15, 1, 1), Keep, None),
        ((40, 40, 2, 2), Keep, None),
    ]
    .into_iter()
    .enumerate()
    .map(|(i, (rect, disposal, transparent))| Sample {
        disposal,
        transparent,
        interlaced: i % 2 == 1,
        ..sample(rect, i as u64 + 1)
    })
    .collect();
    let bytes = write(size, &frames);
    let sink = whole(open, &bytes, true);
    assert_eq!(sink.frames.len(), frames.len());
    for (i, (got, expected)) in sink.frames.iter().zip(composite(size, &frames)).enumerate() {
        assert_eq!(got.planes[0], expected, "frame {i}");
        // The file says that it starts again three times.
        assert_eq!((got.frame.delay_ms, got.frame.loops), (50 + 10 * i as u32, 4));
    }
    assert_eq!(whole(open, &bytes, false).frames.len(), 1);
    let first_small = write(size, &frames[1..2]);
    let sink = whole(open, &first_small, false);
    assert_eq!(sink.pixels(), composite(size, &frames[1..2])[0]);
}

#[test]
fn an_animation_without_a_transparent_colour_is_opaque_as_in_libnsgif() {
    use gif::DisposalMethod::{Background, Keep};
    let frames = |first, transparent| {
        [
            Sample {
                disposal: first,
                ..sample((2, 1, 4, 5), 1)
            },
            Sample {
                transparent,
                ..sample((5, 0, 3, 3), 2)
            },
        ]
    };
    for (first, transparent, alpha) in [(Keep, None, false), (Keep, Some(1), true), (Background, None, true)] {
        let bytes = write((9, 8), &frames(first, transparent));
        assert_eq!(open(&bytes).unwrap().info.alpha, alpha);
        let expected = composite((9, 8), &frames(first, transparent));
        let layout = if alpha { Layout::Rgba } else { Layout::Rgb };
        for animated in [false, true] {
            let sink = whole(open, &bytes, animated);
            assert_eq!(sink.frames.len(), if animated { 2 } else { 1 });
            for (got, expected) in sink.frames.iter().zip(&expected) {
                assert_eq!(got.frame.layout, layout);
                // Where no frame has drawn, it is black.
                let colours = expected.as_chunks::<4>().0.iter();
                match alpha {
                    true => assert_eq!(got.planes[0], *expected),
                    false => assert!(got.planes[0].iter().eq(colours.flat_map(|pixel| &pixel[..3]))),
                }
            }
        }
    }
}

#[test]
fn limits_hold_in_both_directions() {
    let frames: Vec<Sample> = (1..=4).map(|seed| sample((0, 0, 30, 30), seed)).collect();
    let bytes = write((30, 30), &frames);
    let with_frames = |frames| Limits::new().with_frames(frames);
    assert!(run(open, &bytes, &request(Tolerate::None, true), &with_frames(4)).is_ok());
    let error = run(open, &bytes, &request(Tolerate::None, true), &with_frames(3)).unwrap_err();
    assert_eq!(error.code(), "LIMIT_FRAMES");
    assert!(run(open, &bytes, &request(Tolerate::None, false), &with_frames(1)).is_ok());

    let with_memory = |memory| Limits::new().with_memory(memory);
    let needed = 30 * 30 * 4 + 30;
    assert!(run(open, &bytes, &request(Tolerate::None, true), &with_memory(needed)).is_ok());
    let error = run(open, &bytes, &request(Tolerate::None, true), &with_memory(needed - 1)).unwrap_err();
    assert_eq!(error.code(), "LIMIT_MEMORY");
    // A screen of 65,535 × 65,535 in a file of a few bytes is refused before it is allocated.
    let huge = write((65_535, 65_535), &[sample((0, 0, 1, 1), 1), sample((0, 0, 1, 1), 2)]);
    let any = Limits::new().with_total_pixels(u64::MAX);
    let error = run(open, &huge, &request(Tolerate::None, true), &any).unwrap_err();
    assert_eq!(error.code(), "LIMIT_MEMORY");
}

#[test]
fn what_arrived_of_a_truncated_image_is_kept() {
    let frame = sample((0, 0, 40, 40), 5);
    let bytes = write((40, 40), &[frame]);
    let cut = &bytes[..bytes.len() / 2];
    let (sink, warnings) = run(open, cut, &request(Tolerate::Truncated, false), &Limits::default()).unwrap();
    assert_eq!(warnings.len(), 1);
    assert_eq!(sink.frames[0].frame.layout, Layout::Rgba);
    assert_eq!(sink.pixels()[3], 255);
    assert_eq!(sink.pixels().last(), Some(&0));
    let error = run(open, cut, &request(Tolerate::None, false), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "TRUNCATED");
    let error = run(
        open,
        &bytes[..30],
        &request(Tolerate::Truncated, false),
        &Limits::default(),
    )
    .unwrap_err();
    assert_eq!(error.code(), "TRUNCATED");
}

#[test]
fn frames_that_did_not_arrive_are_reported() {
    let frames = [1; 3].map(|seed| sample((0, 0, 8, 8), seed));
    let bytes = write((8, 8), &frames);
    // Without the trailer, the second frame ends here.
    let end = write((8, 8), &frames[..2]).len() - 1;
    let frame = bytes.len() - 1 - end;
    let limits = Limits::default();
    for length in end - frame..end {
        let cut = &bytes[..length];
        let refused = run(open, cut, &request(Tolerate::None, true), &limits).is_err();
        let (sink, warnings) = run(open, cut, &request(Tolerate::Truncated, true), &limits).unwrap();
        // Of the second frame, only the end of its data may be missing.
        assert!(
            refused == (warnings.len() == 1) || sink.frames.len() == 2,
            "{length}: {warnings:?}"
        );
    }
}

#[test]
fn metadata_is_found() {
    let bytes = write((2, 2), &[sample((0, 0, 2, 2), 1)]);
    let palette_end = 13 + 12;
    let mut icc = b"\x21\xff\x0bICCRGBG1012\x03pro\x04file\0".to_vec();
    icc.extend_from_slice(b"\x21\xff\x0bXMP DataXMP<x:xmpmeta/>\x01");
    icc.extend((0..=255u8).rev());
    icc.push(0);
    let bytes = [&bytes[..palette_end], &icc, &bytes[palette_end..]].concat();
    let header = open(&bytes).unwrap();
    assert_eq!(header.metadata.icc.unwrap(), b"profile");
    assert_eq!(header.metadata.xmp.unwrap(), b"<x:xmpmeta/>");
    assert_eq!(header.info.frames, 1);
}

#[test]
fn damage_is_survived() {
    let frames = [
        sample((0, 0, 30, 20), 1),
        sample((3, 3, 20, 20), 2),
        sample((0, 0, 30, 20), 3),
    ];
    survives_damage(open, &write((30, 20), &frames));
    let interlaced = Sample {
        interlaced: true,
        ..sample((0, 0, 30, 20), 9)
    };
    survives_damage(open, &write((30, 20), &[interlaced]));
}

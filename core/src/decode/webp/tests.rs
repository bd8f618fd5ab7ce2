use image_webp::WebPDecoder;
use keenpix_webp::{Animation, Config, Pixels, encode};

use super::*;
use crate::decode::testing::{Random, request, run, survives_damage, whole};
use crate::limits::Limits;

fn lossless() -> Config {
    Config {
        lossless: true,
        exact: true,
        ..Config::default()
    }
}

fn noise(len: usize, seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    (0..len).map(|_| random.below(256) as u8).collect()
}

/// Smooth colours, which a lossy picture keeps.
fn smooth(width: usize, height: usize) -> Vec<u8> {
    (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| [(x * 255 / width) as u8, (y * 255 / height) as u8, 128]))
        .collect()
}

#[test]
fn lossless_pictures_come_back_as_they_were() {
    for (width, height) in [(1u32, 1u32), (33, 17), (64, 2)] {
        let rgb = noise((width * height * 3) as usize, 1);
        let bytes = encode(width, height, Pixels::Rgb(&rgb), &lossless(), &mut || true).unwrap();
        let sink = whole(open, &bytes, false);
        assert_eq!((sink.frames[0].frame.layout, sink.pixels()), (Layout::Rgb, &rgb[..]));
        let rgba = noise((width * height * 4) as usize, 2);
        let bytes = encode(width, height, Pixels::Rgba(&rgba), &lossless(), &mut || true).unwrap();
        let sink = whole(open, &bytes, false);
        assert_eq!((sink.frames[0].frame.layout, sink.pixels()), (Layout::Rgba, &rgba[..]));
        let info = open(&bytes).unwrap().info;
        assert_eq!(
            (info.width, info.height, info.alpha, info.frames),
            (width, height, true, 1)
        );
    }
}

#[test]
fn lossy_pictures_come_back_nearly() {
    let rgb = smooth(50, 40);
    let bytes = encode(50, 40, Pixels::Rgb(&rgb), &Config::default(), &mut || true).unwrap();
    let sink = whole(open, &bytes, false);
    let worst = sink
        .pixels()
        .iter()
        .zip(&rgb)
        .map(|(a, b)| a.abs_diff(*b))
        .max()
        .unwrap();
    assert!(worst < 24, "{worst}");
    assert_eq!(open(&bytes).unwrap().info.colour, ColourModel::Ycbcr);
    let alpha = noise(50 * 40, 3);
    let rgba: Vec<u8> = rgb
        .chunks_exact(3)
        .zip(&alpha)
        .flat_map(|(c, &a)| [c[0], c[1], c[2], a])
        .collect();
    let bytes = encode(50, 40, Pixels::Rgba(&rgba), &Config::default(), &mut || true).unwrap();
    let sink = whole(open, &bytes, false);
    assert!(
        sink.pixels()
            .chunks_exact(4)
            .zip(&alpha)
            .all(|(pixel, &alpha)| pixel[3] == alpha)
    );
}

#[test]
fn lossy_pixels_are_those_of_other_decoders() {
    for (number, (width, height)) in [(1u32, 1u32), (16, 16), (17, 33), (2, 50), (75, 31), (130, 64)]
        .into_iter()
        .enumerate()
    {
        let mut rgb = smooth(width as usize, height as usize);
        for (sample, noise) in rgb.iter_mut().zip(noise((width * height * 3) as usize, 9)) {
            *sample = sample.saturating_add(noise >> (number % 4 * 2));
        }
        for quality in [0.0, 20.0, 50.0, 80.0, 100.0] {
            let config = Config {
                quality,
                method: number as u8,
                ..Config::default()
            };
            let bytes = encode(width, height, Pixels::Rgb(&rgb), &config, &mut || true).unwrap();
            let mut theirs = vec![0; rgb.len()];
            let mut decoder = WebPDecoder::new(std::io::Cursor::new(&bytes)).unwrap();
            decoder.read_image(&mut theirs).unwrap();
            assert!(
                whole(open, &bytes, false).pixels() == theirs,
                "{width}×{height} at {quality}"
            );
        }
    }
}

#[test]
fn lossy_planes_have_the_full_range() {
    let bytes = encode(
        35,
        21,
        Pixels::Rgb(&[255; 35 * 21 * 3]),
        &Config::default(),
        &mut || true,
    )
    .unwrap();
    let planar = Request {
        planar: true,
        luma_step: 2.0,
        chroma_step: 2.0,
        ..request(Tolerate::None, false)
    };
    let (sink, _) = run(open, &bytes, &planar, &Limits::default()).unwrap();
    let frame = &sink.frames[0];
    let shapes = frame
        .frame
        .planes
        .iter()
        .map(|plane| (plane.width, plane.height, plane.step_x));
    assert_eq!(
        shapes.collect::<Vec<_>>(),
        [(35, 21, 1.0), (18, 11, 2.0), (18, 11, 2.0)]
    );
    assert_eq!(frame.planes[0], [255; 35 * 21]);
    assert!(frame.planes[1..].iter().flatten().all(|&chroma| chroma == 128));
    // One to one, pixels come from the decoder.
    let whole = Request {
        luma_step: 1.0,
        chroma_step: 1.0,
        ..planar
    };
    let (sink, _) = run(open, &bytes, &whole, &Limits::default()).unwrap();
    assert_eq!(sink.frames[0].frame.layout, Layout::Rgb);
}

#[test]
fn of_a_truncated_picture_the_rows_that_arrived_are_shown() {
    let rgb = noise(64 * 96 * 3, 6).iter().map(|v| v / 2).collect::<Vec<u8>>();
    let bytes = encode(64, 96, Pixels::Rgb(&rgb), &Config::default(), &mut || true).unwrap();
    let all = whole(open, &bytes, false);
    let cut = &bytes[..bytes.len() / 2];
    let (sink, warnings) = run(open, cut, &request(Tolerate::Truncated, false), &Limits::default()).unwrap();
    assert_eq!(warnings.len(), 1);
    let rows: Vec<_> = sink.pixels().chunks(64 * 3).zip(all.pixels().chunks(64 * 3)).collect();
    // The last rows of what arrived would have been filtered with what did not.
    let whole = rows.iter().take_while(|(cut, all)| cut == all).count();
    let white = rows
        .iter()
        .rev()
        .take_while(|(cut, _)| cut.iter().all(|&v| v == 255))
        .count();
    assert!(
        whole > 12 && white.is_multiple_of(16) && (93..=96).contains(&(whole + white)),
        "{whole} {white}"
    );
    for tolerate in [Tolerate::None, Tolerate::Damage] {
        let error = run(open, cut, &request(tolerate, false), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "TRUNCATED");
    }
}

#[test]
fn a_truncated_lossless_picture_is_transparent_where_nothing_arrived() {
    let rgba = noise(64 * 96 * 4, 7);
    let bytes = encode(64, 96, Pixels::Rgba(&rgba), &lossless(), &mut || true).unwrap();
    let cut = &bytes[..bytes.len() / 2];
    let (sink, warnings) = run(open, cut, &request(Tolerate::Truncated, false), &Limits::default()).unwrap();
    let rows = sink.pixels().chunks(64 * 4).zip(rgba.chunks(64 * 4));
    let arrived = rows.take_while(|(got, all)| got == all).count();
    assert!((40..56).contains(&arrived), "{arrived}");
    assert!(sink.pixels()[arrived * 64 * 4..].iter().all(|&v| v == 0));
    assert_eq!(warnings.len(), 1);
}

#[test]
fn alpha_is_unfiltered_from_plain_bytes_too() {
    let size = (7, 5);
    let values = noise(35, 8);
    for filter in 0..4u8 {
        let mut data = vec![filter << 2];
        for (i, &value) in values.iter().enumerate() {
            let (x, y) = (i % 7, i / 7);
            let at = |dx: usize, dy: usize| values[i - dx - 7 * dy];
            let predicted = match filter {
                _ if i == 0 => 0,
                0 => 0,
                1 | 3 if y == 0 => at(1, 0),
                2 if y == 0 => at(1, 0),
                1 if x == 0 => at(0, 1),
                1 => at(1, 0),
                2 => at(0, 1),
                _ if x == 0 => at(0, 1),
                _ => (i32::from(at(1, 0)) + i32::from(at(0, 1)) - i32::from(at(1, 1))).clamp(0, 255) as u8,
            };
            data.push(value.wrapping_sub(predicted));
        }
        let budget = Budget::new(&Limits::default());
        assert_eq!(
            *crate::webp::decode::alpha::decode(&data, size, &budget).unwrap(),
            values[..]
        );
        assert!(crate::webp::decode::alpha::decode(&data[..30], size, &budget).is_err());
    }
}

fn animated() -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut animation = Animation::new(40, 30, 5, &lossless()).unwrap();
    let mut frames = vec![noise(40 * 30 * 4, 4)];
    for i in 1..5 {
        let mut next = frames[i - 1].clone();
        for y in i * 3..i * 3 + 7 {
            next[(y * 40 + i) * 4..][..i * 16].fill(if i % 2 == 0 { 0 } else { 200 });
        }
        frames.push(next);
    }
    for (i, frame) in frames.iter().enumerate() {
        animation
            .frame(Pixels::Rgba(frame), 40 + i as u32, &mut || true)
            .unwrap();
    }
    (animation.finish(&mut || true).unwrap(), frames)
}

#[test]
fn animations_are_composited() {
    let (bytes, frames) = animated();
    assert_eq!(open(&bytes).unwrap().info.frames, 5);
    let sink = whole(open, &bytes, true);
    assert_eq!(sink.frames.len(), 5);
    for (i, (got, expected)) in sink.frames.iter().zip(&frames).enumerate() {
        assert_eq!((got.frame.delay_ms, got.frame.loops), (40 + i as u32, 5));
        for (a, b) in got.planes[0].chunks_exact(4).zip(expected.chunks_exact(4)) {
            assert!(a == b || (a[3] == 0 && b[3] == 0), "frame {i}: {a:?} where {b:?} was");
        }
    }
    assert_eq!(whole(open, &bytes, false).pixels(), frames[0]);
    let cut = &bytes[..bytes.len() - 20];
    let (sink, warnings) = run(open, cut, &request(Tolerate::Truncated, true), &Limits::default()).unwrap();
    assert!(sink.frames.len() < 5 && !warnings.is_empty());
    assert_eq!(
        run(open, cut, &request(Tolerate::None, true), &Limits::default())
            .unwrap_err()
            .code(),
        "TRUNCATED"
    );
}

#[test]
fn frames_that_did_not_arrive_are_reported_wherever_the_file_ends() {
    let (bytes, _) = animated();
    let limits = Limits::default();
    let mut arrived = 0;
    for length in 12..bytes.len() {
        let cut = &bytes[..length];
        assert!(
            run(open, cut, &request(Tolerate::None, true), &limits).is_err(),
            "{length}"
        );
        if let Ok((_, warnings)) = run(open, cut, &request(Tolerate::Truncated, true), &limits) {
            arrived += 1;
            assert_eq!(warnings.len(), 1, "{length}: {warnings:?}");
        }
    }
    assert!(arrived > bytes.len() / 2);
}

#[test]
fn blending_follows_the_standard() {
    assert_eq!(over([1, 2, 3, 255], [9, 9, 9, 9]), [1, 2, 3, 255]);
    assert_eq!(over([1, 2, 3, 0], [9, 9, 9, 9]), [9, 9, 9, 9]);
    assert_eq!(over([1, 2, 3, 4], [9, 9, 9, 0]), [1, 2, 3, 4]);
    assert_eq!(over([200, 0, 100, 128], [0, 100, 100, 255]), [100, 50, 100, 255]);
    assert_eq!(over([255, 255, 255, 128], [0, 0, 0, 128]), [170, 170, 170, 192]);
}

#[test]
fn limits_hold_in_both_directions() {
    let (bytes, _) = animated();
    let frames = |frames| Limits::new().with_frames(frames);
    assert!(run(open, &bytes, &request(Tolerate::None, true), &frames(5)).is_ok());
    let error = run(open, &bytes, &request(Tolerate::None, true), &frames(4)).unwrap_err();
    assert_eq!(error.code(), "LIMIT_FRAMES");
    let rgb = smooth(200, 200);
    let bytes = encode(200, 200, Pixels::Rgb(&rgb), &Config::default(), &mut || true).unwrap();
    let memory = |memory| Limits::new().with_memory(memory);
    // A row of thirteen macroblocks, what waits above it, and the pixels that it is predicted from.
    let needed = 208 * (16 + 8) * 3 / 2 + 13 * 32;
    assert!(run(open, &bytes, &request(Tolerate::None, false), &memory(needed)).is_ok());
    let error = run(open, &bytes, &request(Tolerate::None, false), &memory(needed - 1)).unwrap_err();
    assert_eq!(error.code(), "LIMIT_MEMORY");
    let hurried = Limits::new().with_deadline(std::time::Duration::ZERO);
    assert_eq!(
        run(open, &bytes, &request(Tolerate::None, false), &hurried)
            .unwrap_err()
            .code(),
        "DEADLINE"
    );
}

#[test]
fn damage_is_survived() {
    let rgb = smooth(40, 30);
    survives_damage(
        open,
        &encode(40, 30, Pixels::Rgb(&rgb), &Config::default(), &mut || true).unwrap(),
    );
    let rgba = noise(20 * 20 * 4, 5);
    survives_damage(
        open,
        &encode(20, 20, Pixels::Rgba(&rgba), &Config::default(), &mut || true).unwrap(),
    );
    survives_damage(
        open,
        &encode(20, 20, Pixels::Rgba(&rgba), &lossless(), &mut || true).unwrap(),
    );
    survives_damage(open, &animated().0);
}

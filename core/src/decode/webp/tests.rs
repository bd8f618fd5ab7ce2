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
    let held = 2 * (bytes.len() as u64 - 20);
    let memory = |memory| Limits::new().with_memory(memory);
    let needed = 200 * 200 * 5 + (1 << 20) + held;
    assert!(run(open, &bytes, &request(Tolerate::None, false), &memory(needed)).is_ok());
    let error = run(open, &bytes, &request(Tolerate::None, false), &memory(needed - 2)).unwrap_err();
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

use super::*;
use crate::decode::testing::Random;
use crate::encode::testing::budget;
use crate::error::Error;
use crate::limits::Limits;
use crate::webp::decode;

/// Noise, few colours, runs, repetitions, gradients with holes.
fn picture(random: &mut Random, width: usize, height: usize) -> Vec<u32> {
    let bits = random.below(12);
    let colours: Vec<u32> = (0..=random.below(1 << bits))
        .map(|_| random.below(1 << 32) as u32)
        .collect();
    let style = random.below(5);
    let len = width * height;
    let mut pixels = Vec::with_capacity(len);
    while pixels.len() < len {
        let at = pixels.len();
        let colour = colours[random.below(colours.len())];
        match style {
            0 => pixels.push(colour),
            1 => pixels.extend(std::iter::repeat_n(colour, 1 + random.below(600))),
            2 if at > 0 && random.below(3) > 0 => {
                let back = 1 + random.below(at);
                (0..=random.below(300)).for_each(|_| pixels.push(pixels[pixels.len() - back]));
            }
            3 => pixels.push(random.below(1 << 32) as u32),
            _ => {
                let (x, y) = (at % width, at / width);
                let alpha = if x % 7 == 0 { 0 } else { 0xff };
                let [red, green, blue] = [x + random.below(3), 2 * y, x + y + random.below(4)];
                pixels.push(u32::from_le_bytes([blue as u8, green as u8, red as u8, alpha]));
            }
        }
    }
    pixels.truncate(len);
    pixels
}

fn compressed(pixels: &[u32], width: usize, effort: u8) -> Vec<u8> {
    let mut out = Vec::new();
    encode(
        &mut pixels.to_vec(),
        width,
        Options { effort, near: 100 },
        &budget(),
        &mut out,
    )
    .unwrap();
    out
}

/// Two decoders that know nothing of each other get the pixels back.
fn round_trips(pixels: &[u32], width: usize, effort: u8) -> usize {
    let data = compressed(pixels, width, effort);
    let height = pixels.len() / width;
    let mut back = Vec::new();
    let put = &mut |row: &[u32]| {
        back.extend_from_slice(row);
        Ok(())
    };
    let rows = decode::lossless::decode(&data, (width, height), &budget(), put).unwrap();
    assert!(rows == height && back == pixels, "effort {effort}, {width}×{height}");
    let header = (width as u32 - 1) | (height as u32 - 1) << 14 | 1 << 28;
    let payload = [&[0x2f][..], &header.to_le_bytes(), &data].concat();
    let mut file = b"RIFF....WEBPVP8L".to_vec();
    file.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    file.extend_from_slice(&payload);
    file.extend(std::iter::repeat_n(0, payload.len() % 2));
    let size = file.len() as u32 - 8;
    file[4..8].copy_from_slice(&size.to_le_bytes());
    let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(file)).unwrap();
    let mut rgba = vec![0; 4 * pixels.len()];
    decoder.read_image(&mut rgba).unwrap();
    for (pixel, rgba) in pixels.iter().zip(rgba.as_chunks::<4>().0) {
        let [blue, green, red, alpha] = pixel.to_le_bytes();
        assert_eq!([red, green, blue, alpha], *rgba);
    }
    data.len()
}

#[test]
fn random_pictures_round_trip() {
    let mut random = Random(11);
    for round in 0..400 {
        let mut edge = || {
            let bits = 1 + random.below(8);
            1 + random.below(1 << bits)
        };
        let (width, height) = (edge(), edge());
        let pixels = picture(&mut random, width, height);
        round_trips(&pixels, width, (round % 7) as u8);
    }
}

#[test]
fn narrow_and_wide_ones_round_trip() {
    let mut random = Random(12);
    for (width, height) in [(1, 1), (1, 700), (16_383, 1), (2, 3000), (3000, 2), (5, 1), (4, 4)] {
        for effort in 0..=6 {
            let pixels = picture(&mut random, width, height);
            round_trips(&pixels, width, effort);
        }
    }
}

#[test]
fn flat_and_repeated_pixels_take_hardly_a_byte() {
    let flat = vec![0xff12_3456; 300 * 200];
    let mut random = Random(13);
    let row: Vec<u32> = (0..300).map(|_| 0xff00_0000 | random.below(1 << 24) as u32).collect();
    for effort in 0..=6 {
        assert!(round_trips(&flat, 300, effort) < 40);
        assert!(round_trips(&row.repeat(200), 300, effort) < 1400);
    }
}

#[test]
fn more_effort_is_smaller() {
    let mut random = Random(14);
    let noise: Vec<u32> = (0..256 * 192)
        .map(|_| random.below(1 << 24) as u32 & 0x0003_0303)
        .collect();
    let pixels: Vec<u32> = (0..256 * 192u32)
        .zip(noise)
        .map(|(at, noise)| {
            let (x, y) = (at % 256, at / 256);
            let green = ((x * x / 400 + y) & 0xff).min(250);
            (0xff00_0000 | green << 16 | green << 8 | (green / 2 + x / 8)) + noise
        })
        .collect();
    let sizes: Vec<usize> = [0, 2, 4, 6].map(|effort| round_trips(&pixels, 256, effort)).into();
    assert!(sizes.is_sorted_by(|a, b| a > b), "{sizes:?}");
    assert!(sizes[2] < pixels.len() * 7 / 5, "{sizes:?}");
}

#[test]
fn limits_are_kept() {
    let mut pixels = picture(&mut Random(15), 300, 300);
    let options = Options { effort: 4, near: 100 };
    let little = Budget::new(&Limits::new().with_memory(100_000));
    let error = encode(&mut pixels, 300, options, &little, &mut Vec::new()).unwrap_err();
    assert_eq!(error.code(), "LIMIT_MEMORY");
    let late = Budget::new(&Limits::new().with_deadline(std::time::Duration::ZERO));
    let error = encode(&mut pixels, 300, options, &late, &mut Vec::new()).unwrap_err();
    assert!(matches!(error, Error::Deadline { .. }));
}

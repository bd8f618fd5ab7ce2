use super::*;
use crate::decode::testing::Random;
use crate::encode::testing::budget;
use crate::limits::Limits;
use crate::webp::decode;

/// Noise, few values, slopes, edges.
fn plane(random: &mut Random, width: usize, height: usize) -> Vec<u8> {
    let style = random.below(4);
    let (across, down) = (1 + random.below(9), random.below(9));
    (0..width * height)
        .map(|at| {
            let (x, y) = (at % width, at / width);
            match style {
                0 => random.below(256) as u8,
                1 => 255 * u8::from(x * 3 > y + random.below(2)),
                2 => (x * across + y * down + random.below(2)) as u8,
                _ => (40 * random.below(5)) as u8,
            }
        })
        .collect()
}

fn written(plane: &mut [u8], width: usize, effort: u8, quality: u8) -> Vec<u8> {
    let mut data = Vec::new();
    encode(plane, width, Options { effort, quality }, &budget(), &mut data).unwrap();
    data
}

#[test]
fn random_planes_round_trip() {
    let mut random = Random(21);
    for round in 0..400 {
        let (width, height) = (1 + random.below(70), 1 + random.below(70));
        let mut values = plane(&mut random, width, height);
        let before = values.clone();
        let data = written(&mut values, width, (round % 7) as u8, 100);
        assert!(values == before && data.len() <= 1 + values.len());
        let back = decode::alpha::decode(&data, (width, height), &budget()).unwrap();
        assert!(back[..] == before[..], "{width}×{height}");
        for filter in 0..4 {
            let (mut data, options) = (
                Vec::new(),
                Options {
                    effort: 1,
                    quality: 100,
                },
            );
            compress(&before, width, filter, 0, options, &budget(), &mut data).unwrap();
            let back = decode::alpha::decode(&data, (width, height), &budget()).unwrap();
            assert!(back[..] == before[..], "filter {filter}, {width}×{height}");
        }
    }
}

#[test]
fn noise_is_stored() {
    let mut random = Random(22);
    let mut noise: Vec<u8> = (0..90 * 80).map(|_| random.below(256) as u8).collect();
    let data = written(&mut noise, 90, 4, 100);
    assert!(data[0] == 0 && data[1..] == noise);
}

#[test]
fn a_lower_quality_has_fewer_levels() {
    let mut random = Random(24);
    let noise: Vec<u8> = (0..256 * 20).map(|_| random.below(256) as u8).collect();
    let mut last = usize::MAX;
    for (quality, levels) in [(100, 256), (99, 248), (71, 24), (70, 16), (30, 8), (0, 2)] {
        let mut values = noise.clone();
        let data = written(&mut values, 256, 4, quality);
        let back = decode::alpha::decode(&data, (256, 20), &budget()).unwrap();
        assert_eq!(back[..], values[..]);
        let counts = levels::count(&values, &budget()).unwrap();
        assert_eq!(counts.iter().filter(|&&count| count > 0).count(), levels);
        // What is invisible stays so, and what is opaque.
        assert!(counts[0] > 0 && counts[255] > 0);
        assert_eq!(data[0] >> 4 & 3, u8::from(quality < 100));
        assert!(data.len() <= last);
        last = data.len();
    }
}

#[test]
fn limits_are_kept() {
    let mut values = plane(&mut Random(23), 300, 300);
    let options = Options {
        effort: 4,
        quality: 100,
    };
    let little = Budget::new(&Limits::new().with_memory(100_000));
    let error = encode(&mut values, 300, options, &little, &mut Vec::new()).unwrap_err();
    assert_eq!(error.code(), "LIMIT_MEMORY");
    let late = Budget::new(&Limits::new().with_deadline(std::time::Duration::ZERO));
    let error = encode(&mut values, 300, options, &late, &mut Vec::new()).unwrap_err();
    assert_eq!(error.code(), "DEADLINE");
}

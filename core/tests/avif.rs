//! What callers of this crate rely on when they read AVIF with a deadline, and write large ones.
#![cfg(all(feature = "avif", target_os = "linux"))]

use std::time::{Duration, Instant};

use keenpix::{Limits, Plan, transform};

/// Noise at the best quality, which takes longer than photos.
fn slow(side: u32) -> Vec<u8> {
    let mut state = 1u32;
    let noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let pixels: Vec<u8> = std::iter::repeat_with(noise).take((side * side * 3) as usize).collect();
    let input = format!(r#"{{"raw": {{"width": {side}, "height": {side}, "channels": 3}}}}"#);
    let encode = r#"{"format": "avif", "quality": 100, "effort": 0}"#;
    let plan = Plan::from_json(&format!(r#"{{"input": {input}, "encode": {encode}}}"#)).unwrap();
    transform(&pixels, &plan, &Limits::new()).unwrap().bytes.to_vec()
}

/// Decoders at work in this process.
fn decoders() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let name = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm")).unwrap_or_default();
    tasks
        .flatten()
        .map(name)
        .filter(|name| name.trim() == "keenpix-av1")
        .count()
}

#[test]
fn deadlines_are_kept_and_one_decoder_at_most_is_left_behind() {
    let file = slow(1500);
    let plan = Plan::from_json(r#"{"encode": {"format": "raw"}}"#).unwrap();
    let attempt = |deadline: u64| {
        let deadline = Duration::from_millis(deadline);
        let started = Instant::now();
        let outcome = transform(&file, &plan, &Limits::new().with_deadline(deadline));
        (outcome.map_err(|error| error.code()), started.elapsed())
    };
    // Refused at once: there is no time for so many bytes.
    let (outcome, taken) = attempt(20);
    assert!(outcome.is_err_and(|code| code == "DEADLINE") && taken < Duration::from_millis(100));
    assert_eq!(decoders(), 0);
    // Four callers, none of which knows beforehand.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..3 {
                    let (outcome, taken) = attempt(120);
                    assert!(outcome.is_ok() || outcome.is_err_and(|code| code == "DEADLINE"));
                    assert!(taken < Duration::from_millis(120 + 250), "{taken:?}");
                    assert!(decoders() <= 1, "{}", decoders());
                }
            });
        }
    });
    let (outcome, _) = attempt(60_000);
    assert!(outcome.is_ok());
    let started = Instant::now();
    while decoders() > 0 {
        assert!(started.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_large_picture_becomes_avif_within_the_memory_limit() {
    let small = include_bytes!("images/420.jpg");
    let plan = |size: &str, encode: &str| {
        Plan::from_json(&format!(
            r#"{{"resize": {{{size}, "fit": "fill"}}, "encode": {encode}}}"#
        ))
        .unwrap()
    };
    // Sides of an odd number of pixels can't be a grid with half of the chroma samples.
    for (width, height, chroma, full_chroma) in [
        (8000, 6000, "4:4:4", true),
        (8000, 6000, "4:2:0", false),
        (5601, 4201, "4:2:0", true),
    ] {
        let size = format!(r#""width": {width}, "height": {height}"#);
        let encode = format!(r#"{{"format": "avif", "effort": 0, "chroma": "{chroma}"}}"#);
        let large = plan(&size, &encode);
        let avif = transform(small, &large, &Limits::new()).unwrap();
        assert_eq!((avif.width, avif.height), (width, height));
        assert!(avif.bytes.windows(4).any(|bytes| bytes == b"grid"));
        // `av1C`: chroma_subsampling_x and _y.
        let config = avif.bytes.windows(4).position(|bytes| bytes == b"av1C").unwrap() + 4;
        assert_eq!(avif.bytes[config + 2] & 0b1100 == 0, full_chroma);
        // It is one picture: what comes back is what was enlarged.
        let back = plan(r#""width": 80, "height": 60"#, r#"{"format": "raw"}"#);
        let raw = |bytes: &[u8]| transform(bytes, &back, &Limits::new()).unwrap().bytes.to_vec();
        let (found, expected) = (raw(&avif.bytes), raw(small));
        assert_eq!(found.len(), expected.len());
        let total: u64 = found
            .iter()
            .zip(&expected)
            .map(|(a, b)| u64::from(a.abs_diff(*b)))
            .sum();
        assert!(total < 3 * found.len() as u64, "{total} of {}", found.len());
    }
}

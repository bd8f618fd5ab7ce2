//! Whether deadlines are kept: `deadlines [CASE…]` writes a table of each encoder and decoder with deadlines of 50, 200
//! and 1,000 ms and images of 1, 12 and 48 megapixels.
//!
//! A cell says when the call came back and how: `done`, or how late the error was. The last columns are what calls one
//! after the other leave behind: how late the latest was, resident memory over the start, and threads.

use std::error::Error;
use std::time::{Duration, Instant};

use keenpix::{Limits, Plan, transform};
use keenpix_benches::{resident_kb, threads};

const SIZES: [(u32, u32); 3] = [(1250, 800), (4000, 3000), (8000, 6000)];
const DEADLINES: [u64; 3] = [50, 200, 1000];
/// Calls one after the other: how many, with which of the sizes and deadlines.
const SERIES: [(usize, usize, usize); 2] = [(50, 1, 0), (12, 2, 2)];

/// Name, the slowest options of each encoder, the fastest for the files that are decoded.
const ENCODERS: [(&str, &str); 9] = [
    ("JPEG", r#"{"format": "jpeg"}"#),
    ("JPEG, progressive", r#"{"format": "jpeg", "progressive": true}"#),
    ("PNG, level 9", r#"{"format": "png", "compression": 9}"#),
    ("PNG, palette", r#"{"format": "png", "palette": true}"#),
    ("GIF", r#"{"format": "gif"}"#),
    ("WebP, effort 6", r#"{"format": "webp", "effort": 6}"#),
    (
        "WebP, lossless, effort 6",
        r#"{"format": "webp", "lossless": true, "effort": 6}"#,
    ),
    ("AVIF, effort 4", r#"{"format": "avif", "effort": 4}"#),
    ("AVIF, effort 9", r#"{"format": "avif", "effort": 9}"#),
];
const DECODERS: [(&str, &str); 9] = [
    ("JPEG", r#"{"format": "jpeg", "chroma": "4:4:4"}"#),
    ("JPEG, progressive", r#"{"format": "jpeg", "progressive": true}"#),
    ("PNG", r#"{"format": "png", "compression": 1}"#),
    (
        "PNG, interlaced",
        r#"{"format": "png", "compression": 1, "progressive": true}"#,
    ),
    ("GIF", r#"{"format": "gif", "dither": 0}"#),
    ("WebP", r#"{"format": "webp", "effort": 0}"#),
    ("WebP, lossless", r#"{"format": "webp", "lossless": true, "effort": 0}"#),
    ("AVIF", r#"{"format": "avif", "effort": 0}"#),
    (
        "AVIF, quality 100",
        r#"{"format": "avif", "quality": 100, "effort": 0}"#,
    ),
];

#[allow(clippy::print_stdout, reason = "the table is what the program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let series = SERIES.map(|(calls, size, deadline)| {
        let (size, deadline) = (megapixels(SIZES[size]), DEADLINES[deadline]);
        format!("{calls} × {size} MP, {deadline} ms")
    });
    println!("| | {} | {} |", SIZES.map(heading).join(" | "), series.join(" | "));
    println!("|---|---|---|---|---|---|");
    for (name, encode) in ENCODERS {
        let name = format!("encoding {name}");
        if is_wanted(&name) && Plan::from_json(&format!(r#"{{"encode": {encode}}}"#)).is_ok() {
            let inputs = SIZES.map(|size| (pixels(size), raw(size, encode)));
            println!("{}", row(&name, &inputs)?);
        }
    }
    for (name, encode) in DECODERS {
        let name = format!("decoding {name}");
        if !is_wanted(&name) {
            continue;
        }
        let mut inputs = Vec::new();
        for size in SIZES {
            let plan = Plan::from_json(&raw(size, encode))?;
            match transform(&pixels(size), &plan, &unlimited()) {
                Ok(file) => inputs.push((file.bytes.to_vec(), r#"{"encode": {"format": "raw"}}"#.to_owned())),
                Err(error) => println!("| {name} | {error} |"),
            }
        }
        if inputs.len() == SIZES.len() {
            println!("{}", row(&name, &inputs)?);
        }
    }
    Ok(())
}

fn megapixels((width, height): (u32, u32)) -> f64 {
    f64::from(width) * f64::from(height) / 1e6
}

fn heading(size: (u32, u32)) -> String {
    let deadlines = DEADLINES.map(|deadline| deadline.to_string());
    format!("{} MP: {} ms", megapixels(size), deadlines.join(", "))
}

fn row(name: &str, inputs: &[(Vec<u8>, String)]) -> Result<String, Box<dyn Error>> {
    let mut cells = Vec::new();
    for (bytes, plan) in inputs {
        let plan = Plan::from_json(plan)?;
        let outcomes = DEADLINES.map(|deadline| attempt(bytes, &plan, deadline).0);
        cells.push(outcomes.join(", "));
    }
    for (calls, size, deadline) in SERIES {
        let (bytes, plan) = &inputs[size];
        let plan = Plan::from_json(plan)?;
        settle();
        let (memory, others) = (resident_kb().unwrap_or(0), threads().unwrap_or(1));
        let mut latest = i128::MIN;
        for _ in 0..calls {
            latest = latest.max(attempt(bytes, &plan, DEADLINES[deadline]).1);
        }
        let grown = (resident_kb().unwrap_or(0) as f64 - memory as f64) * 1024.0 / 1e6;
        let left = threads().unwrap_or(1) as i64 - others as i64;
        cells.push(format!("{} late, {grown:+.0} MB, {left} threads", latest.max(0)));
    }
    Ok(format!("| {name} | {} |", cells.join(" | ")))
}

/// Waits for what the calls before have left behind.
fn settle() {
    let started = Instant::now();
    while threads().unwrap_or(1) > 1 && started.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// How one call ends, and how many milliseconds after its deadline.
fn attempt(bytes: &[u8], plan: &Plan, deadline: u64) -> (String, i128) {
    let limits = unlimited().with_deadline(Duration::from_millis(deadline));
    let started = Instant::now();
    let outcome = transform(bytes, plan, &limits);
    let taken = started.elapsed().as_millis() as i128;
    let late = taken - i128::from(deadline);
    let how = match outcome {
        Ok(_) if late > 0 => format!("done {late} late"),
        Ok(_) => "done".into(),
        Err(error) if error.code() != "DEADLINE" => error.code().into(),
        Err(_) if late < 0 => format!("refused after {taken}"),
        Err(_) => format!("{late} late"),
    };
    (how, late)
}

fn unlimited() -> Limits {
    Limits::new()
        .with_memory(6 << 30)
        .with_pixels(1 << 28)
        .with_input_bytes(1 << 30)
}

fn raw((width, height): (u32, u32), encode: &str) -> String {
    format!(r#"{{"input": {{"raw": {{"width": {width}, "height": {height}, "channels": 3}}}}, "encode": {encode}}}"#)
}

/// Waves and noise: what no encoder makes short work of.
fn pixels((width, height): (u32, u32)) -> Vec<u8> {
    let mut state = 1u32;
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 27) as u8;
            pixels.extend([(x / 7) as u8 ^ noise, (y / 5) as u8 ^ noise, ((x + y) / 11) as u8]);
        }
    }
    pixels
}

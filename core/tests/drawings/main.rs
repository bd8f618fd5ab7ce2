//! Hostile drawings: any of them gives a picture or an error with a code; none ends the process, panics or hangs.
//!
//! A batch runs in a process of its own, because an abort can't be caught. The long run:
//!
//! ```sh
//! KEENPIX_DRAWINGS=1000000 cargo test --release -p keenpix --features svg --test drawings -- --nocapture
//! ```
//!
//! Text is drawn with the fonts in `KEENPIX_FONTS`, or those in `tests/fonts`. `KEENPIX_DRAWINGS_FROM` is the first
//! seed (0), and `KEENPIX_DRAWING=SEED` prints that drawing. What is found goes to `saved`, by a name that says what it
//! was.
#![cfg(feature = "svg")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a run reports what it did")]

mod grammar;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use keenpix::{Limits, Plan, encode};

/// Drawings in the normal tests.
const DRAWINGS: u64 = 400;
/// Drawings in a process.
const BATCH: u64 = 2000;
/// Seconds of the processor's time for a drawing that may be slow by right: more is a hang.
const HANG: f64 = 30.0;
/// Seeds from here on are the files in `saved`, which once ended a process, panicked or took for ever.
const SAVED: u64 = 1 << 60;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn hostile_drawings_give_a_picture_or_an_error() {
    if let Some(seed) = number("KEENPIX_DRAWING") {
        println!("{}", drawing(seed));
        return;
    }
    if let (Some(from), Some(to)) = (number("KEENPIX_BATCH_FROM"), number("KEENPIX_BATCH_TO")) {
        return batch(from, to);
    }
    let from = number("KEENPIX_DRAWINGS_FROM").unwrap_or(0);
    let to = from + number("KEENPIX_DRAWINGS").unwrap_or(DRAWINGS);
    let mut findings: Vec<String> = Vec::new();
    in_a_process(SAVED, SAVED + saved().len() as u64, &mut findings);
    let (mut at, started) = (from, Instant::now());
    let mut codes = BTreeMap::new();
    while at < to {
        let end = (at + BATCH).min(to);
        for (code, count) in in_a_process(at, end, &mut findings) {
            *codes.entry(code).or_insert(0u64) += count;
        }
        at = end;
        println!(
            "{} drawings, {} findings, {:.0?}",
            at - from,
            findings.len(),
            started.elapsed()
        );
    }
    println!("{codes:?}");
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

fn drawing(seed: u64) -> String {
    match seed.checked_sub(SAVED) {
        Some(index) => std::fs::read_to_string(&saved()[index as usize]).unwrap(),
        None => grammar::drawing(seed),
    }
}

fn fonts() -> std::ffi::OsString {
    std::env::var_os("KEENPIX_FONTS").unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fonts").into())
}

fn saved() -> Vec<std::path::PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drawings/saved");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
}

/// Draws `from..to` in child processes, going on behind a drawing that ended one.
fn in_a_process(mut from: u64, to: u64, findings: &mut Vec<String>) -> BTreeMap<String, u64> {
    let mut codes = BTreeMap::new();
    while from < to {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "hostile_drawings_give_a_picture_or_an_error", "--nocapture"])
            .env("KEENPIX_BATCH_FROM", from.to_string())
            .env("KEENPIX_BATCH_TO", to.to_string())
            .env("KEENPIX_FONTS", fonts())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let mut last = None;
        for line in text.lines() {
            let mut words = line.split(' ');
            match (words.next(), words.next(), words.next()) {
                (Some("drawing"), Some(seed), None) => last = seed.parse::<u64>().ok(),
                (Some("finding"), Some(seed), Some(_)) => {
                    println!("{line}");
                    findings.push(format!("{seed}: {line}"));
                }
                (Some("code"), Some(code), Some(count)) => {
                    *codes.entry(code.to_owned()).or_insert(0) += count.parse::<u64>().unwrap_or(0);
                }
                _ => {}
            }
        }
        if output.status.success() {
            break;
        }
        let seed = last.unwrap_or(from);
        let said = String::from_utf8_lossy(&output.stderr);
        let panics: Vec<_> = said.lines().filter(|line| line.contains("panicked at")).collect();
        findings.push(format!(
            "{seed}: the process ended, {}: {}",
            output.status,
            panics.join("; ")
        ));
        println!("{}", findings[findings.len() - 1]);
        from = seed + 1;
    }
    codes
}

/// In the child: every drawing, within a deadline. The seed comes first, so that the parent knows the last one.
fn batch(from: u64, to: u64) {
    let limits = Limits::new()
        .with_memory(256_000_000)
        .with_pixels(1_000_000)
        .with_deadline(Duration::from_secs(5));
    let plan = Plan::new().with_encode(encode::RawPixels::new());
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    let watcher = std::thread::Builder::new().spawn(move || watch(&receiver));
    watcher.expect("a thread that watches");
    let mut codes = BTreeMap::new();
    for seed in from..to {
        println!("drawing {seed}");
        let _ = sender.send(());
        let text = drawing(seed);
        let _ = keenpix::probe(text.as_bytes());
        let code = match keenpix::transform(text.as_bytes(), &plan, &limits) {
            Ok(_) => "OK",
            Err(error) if error.code() == "INTERNAL" => {
                println!("finding {seed} INTERNAL {error}");
                "INTERNAL"
            }
            Err(error) => error.code(),
        };
        *codes.entry(code).or_insert(0u64) += 1;
    }
    for (code, count) in codes {
        println!("code {code} {count}");
    }
}

/// Ends the process if a drawing takes too long; other processes that take the processor don't count.
fn watch(drawings: &std::sync::mpsc::Receiver<()>) {
    let mut since = used();
    loop {
        match drawings.recv_timeout(Duration::from_secs(1)) {
            Ok(()) => since = used(),
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) if used() - since > HANG => {
                eprintln!("panicked at: no end after {HANG} s");
                std::process::abort();
            }
            Err(_) => {}
        }
    }
}

/// Seconds of the processor's time that this process has used; where the system doesn't tell, the time of day.
fn used() -> f64 {
    let ticks = std::fs::read_to_string("/proc/self/stat").ok().and_then(|stat| {
        let mut fields = stat.rsplit(')').next()?.split_ascii_whitespace().skip(11);
        Some(fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?)
    });
    ticks.map_or_else(
        || {
            std::time::SystemTime::UNIX_EPOCH
                .elapsed()
                .map_or(0.0, |now| now.as_secs_f64())
        },
        |ticks| ticks / 100.0,
    )
}

//! A sample of the corpus of odd, broken and hostile files, in this process. Any bytes must give an image, or an error
//! that is not our fault, in time. `benches/corpus/run.py` runs all of it, and compares the images.
//!
//! The corpus is not part of the project: `KEENPIX_CORPUS` names its folder, or it is in `../shared/corpus`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use keenpix::encode::Png;
use keenpix::input::Tolerate;
use keenpix::{Error, Fit, Limits, Plan, Resize, transform};

const FILES: usize = 600;
const SEED: u64 = 20;
const DEADLINE: Duration = Duration::from_secs(2);
/// The promise is 250 ms; the machine may be busy with other tests.
const GRACE: Duration = Duration::from_millis(1_500);

#[test]
fn a_sample_of_the_corpus() {
    let Some(folder) = corpus() else {
        // Not captured by the test harness, because a skipped test must be visible.
        let _ = writeln!(
            std::io::stderr(),
            "\n!!! SKIPPED a_sample_of_the_corpus: no public.tar.xz in $KEENPIX_CORPUS or ../shared/corpus\n"
        );
        return;
    };
    let mut files = files(&folder);
    files.sort();
    assert!(files.len() > FILES, "{} files in {}", files.len(), folder.display());
    let mut outcomes = BTreeMap::<&str, usize>::new();
    for path in sample(files) {
        let bytes = fs::read(&path).unwrap();
        for tolerate in [Tolerate::None, Tolerate::Truncated, Tolerate::Errors] {
            *outcomes.entry(outcome(&path, &bytes, tolerate)).or_default() += 1;
        }
    }
    let _ = writeln!(
        std::io::stderr(),
        "{FILES} files of the corpus, three times each: {outcomes:?}"
    );
}

/// `decoded`, or the error's code.
fn outcome(path: &Path, bytes: &[u8], tolerate: Tolerate) -> &'static str {
    let plan = Plan::new()
        .with_tolerate(tolerate)
        .with_resize(
            Resize::new()
                .with_width(200)
                .with_height(2_000)
                .with_fit(Fit::Inside)
                .with_enlarge(false),
        )
        .with_encode(Png::new().with_compression(0));
    let limits = Limits::new().with_deadline(DEADLINE);
    let started = Instant::now();
    let result = transform(bytes, &plan, &limits);
    let elapsed = started.elapsed();
    let path = path.display();
    assert!(
        elapsed <= DEADLINE + GRACE,
        "{path}, tolerate {tolerate:?}: {elapsed:?}"
    );
    match result {
        Ok(image) => {
            assert!(
                image.width <= 200 && image.height <= 2_000,
                "{path}: {}×{}",
                image.width,
                image.height
            );
            "decoded"
        }
        Err(error @ (Error::Internal { .. } | Error::Encoder { .. } | Error::BadPlan { .. })) => {
            panic!("{path}, tolerate {tolerate:?}: {error}")
        }
        Err(error) => error.code(),
    }
}

/// The unpacked corpus.
fn corpus() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let folder = env::var_os("KEENPIX_CORPUS").map_or_else(|| workspace.join("../shared/corpus"), PathBuf::from);
    let archive = folder.join("public.tar.xz");
    if !archive.exists() {
        return None;
    }
    let unpacked = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus");
    if !unpacked.exists() {
        let half = unpacked.with_extension("half");
        let _ = fs::remove_dir_all(&half);
        fs::create_dir_all(&half).unwrap();
        let status = Command::new("tar")
            .arg("-xf")
            .arg(&archive)
            .arg("-C")
            .arg(&half)
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "tar and xz unpack {}",
            archive.display()
        );
        fs::rename(&half, &unpacked).unwrap();
    }
    Some(unpacked)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// The same files in every run, from a shuffle with a fixed seed.
fn sample(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut state = SEED;
    for index in 0..FILES {
        // Knuth's MMIX generator; its high bits are good enough to choose files.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = index + (state >> 33) as usize % (files.len() - index);
        files.swap(index, other);
    }
    files.truncate(FILES);
    files
}

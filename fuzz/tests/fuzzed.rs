//! Every property holds for every file that fuzzing left behind: `corpus/NAME`, which reaches what the fuzzer reached,
//! and `regressions/NAME`, which once broke it. `make fuzz` looks for more.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use keenpix_fuzz::{CHECKS, Check};

/// One after the other, because libwebp's kernels are chosen for the process.
#[test]
fn properties_hold_for_what_was_fuzzed() {
    let mut broken = Vec::new();
    for &(name, check) in CHECKS {
        let files = files(name);
        assert!(!files.is_empty(), "no files for {name}");
        broken.extend(files.into_iter().filter(|path| !holds(check, path)));
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_property_is_a_target() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(here.join("libfuzzer/Cargo.toml")).unwrap();
    for (name, _) in CHECKS {
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
    }
}

fn holds(check: Check, path: &Path) -> bool {
    let bytes = fs::read(path).unwrap();
    catch_unwind(|| check(&bytes)).is_ok()
}

fn files(name: &str) -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["corpus", "regressions"].map(|kind| here.join(kind).join(name));
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

//! Golden cases, each a test of its own: `cargo test --test golden -- NAME` runs those whose name contains NAME.
//!
//! Every `golden/*.json` is a plan and an image, every `golden/*.png` the expected result, made by independent means
//! (`golden/reference.py`, `golden/reference.mjs`, `golden/effects.mjs`); drawings are in `golden/svg/`. Outputs are
//! judged by decoded pixels. A failure writes the expected image, the difference and the actual image side by side to
//! `target/tmp/golden/`. Node and Python run the same cases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use image::{Rgba, RgbaImage};
use keenpix::{Limits, Output, Plan, transform};
use libtest_mimic::{Arguments, Trial};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    image: String,
    plan: serde_json::Value,
    expect: Expect,
    /// Largest mean difference of a sample. For lossless outputs, what rounding twice can cause.
    #[serde(default = "default_mean")]
    mean: f64,
    /// Largest difference of a sample.
    #[serde(default = "default_max")]
    max: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    format: String,
    width: u32,
    height: u32,
    #[serde(default)]
    alpha: Option<bool>,
    #[serde(default)]
    frames: Option<u32>,
}

fn default_mean() -> f64 {
    0.5
}

fn default_max() -> f64 {
    2.0
}

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut trials = cases(&folder, "", 100);
    if cfg!(feature = "svg") {
        trials.extend(cases(&folder.join("svg"), "svg-", 10));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The cases in a folder, which must have at least this many, because an empty folder must not pass.
fn cases(folder: &Path, prefix: &str, least: usize) -> Vec<Trial> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(
        names.len() >= least,
        "only {} golden cases in {}",
        names.len(),
        folder.display()
    );
    names
        .into_iter()
        .map(|name| {
            let (folder, test) = (folder.to_owned(), format!("{prefix}{name}"));
            Trial::test(test.clone(), move || Ok(run(&folder, &name, &test)?))
        })
        .collect()
}

fn run(folder: &Path, name: &str, test: &str) -> Result<(), String> {
    let json = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let case: Case = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let input = fs::read(images().join(&case.image)).map_err(|error| error.to_string())?;
    let plan = Plan::from_json(&case.plan.to_string()).map_err(|error| error.to_string())?;
    let output = transform(&input, &plan, &Limits::default()).map_err(|error| error.to_string())?;
    check_facts(&output, &case.expect)?;
    let actual = image::load_from_memory(&output.bytes)
        .map_err(|error| error.to_string())?
        .to_rgba8();
    let expected = image::open(folder.join(format!("{name}.png"))).unwrap().to_rgba8();
    if actual.dimensions() != expected.dimensions() {
        return Err(format!(
            "{:?} pixels, expected {:?}",
            actual.dimensions(),
            expected.dimensions()
        ));
    }
    let (mean, max) = difference(&actual, &expected);
    if mean <= case.mean && max <= case.max {
        return Ok(());
    }
    let picture = leave_evidence(test, &expected, &actual);
    Err(format!(
        "mean {mean:.2} of {}, max {max:.0} of {}; see {}",
        case.mean,
        case.max,
        picture.display()
    ))
}

fn images() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images")
}

fn check_facts(output: &Output, expect: &Expect) -> Result<(), String> {
    let actual = (output.format.name(), output.width, output.height);
    let expected = (expect.format.as_str(), expect.width, expect.height);
    if actual != expected {
        return Err(format!("{actual:?}, expected {expected:?}"));
    }
    if expect.alpha.is_some_and(|alpha| alpha != output.alpha) {
        return Err(format!("alpha: {}", output.alpha));
    }
    if expect.frames.is_some_and(|frames| frames != output.frames) {
        return Err(format!("{} frames", output.frames));
    }
    if !output.warnings.is_empty() {
        return Err(format!("warnings: {:?}", output.warnings));
    }
    Ok(())
}

/// Mean and largest difference over all samples, with colours weighted by their alpha.
fn difference(a: &RgbaImage, b: &RgbaImage) -> (f64, f64) {
    let premultiplied = |Rgba([r, g, b, a]): &Rgba<u8>| [r, g, b, &255].map(|v| f64::from(*v) * f64::from(*a) / 255.0);
    let (mut sum, mut max) = (0.0, 0.0f64);
    for (a, b) in a.pixels().zip(b.pixels()) {
        for (a, b) in premultiplied(a).iter().zip(premultiplied(b)) {
            let difference = (a - b).abs();
            sum += difference;
            max = max.max(difference);
        }
    }
    (sum / f64::from(a.width() * a.height() * 4), max)
}

/// Expected, difference (eightfold) and actual, side by side.
fn leave_evidence(test: &str, expected: &RgbaImage, actual: &RgbaImage) -> PathBuf {
    let (width, height) = expected.dimensions();
    let mut sheet = RgbaImage::from_pixel(width * 3 + 16, height, Rgba([255, 0, 255, 255]));
    for (x, y, e) in expected.enumerate_pixels() {
        let a = actual.get_pixel(x, y);
        let mut d = [0, 1, 2].map(|i| (8 * (i32::from(e[i]) - i32::from(a[i])).abs()).min(255) as u8);
        let alpha = (8 * (i32::from(e[3]) - i32::from(a[3])).abs()).min(255) as u8;
        d = d.map(|v| v.max(alpha));
        sheet.put_pixel(x, y, *e);
        sheet.put_pixel(width + 8 + x, y, Rgba([d[0], d[1], d[2], 255]));
        sheet.put_pixel(2 * width + 16 + x, y, *a);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("golden");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{test}.png"));
    sheet.save(&path).unwrap();
    path
}

//! Reports what was made and what failed: to people on standard error, to programs in a JSON file.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::args::Make;
use crate::batch::{Batch, Made, Outcome};
use crate::inputs::Inputs;
use crate::say;

/// More outputs than this are only summarised, unless `--verbose`.
const LISTED: usize = 24;

pub(crate) fn print(batch: &Batch, inputs: &Inputs, arguments: &Make) {
    let made: usize = batch
        .outcomes
        .iter()
        .filter_map(|o| o.result.as_ref().ok())
        .map(Vec::len)
        .sum();
    if !arguments.quiet {
        if arguments.verbose || made <= LISTED {
            list(batch);
        }
        warnings(batch);
    }
    for outcome in &batch.outcomes {
        if let Err(failure) = &outcome.result {
            say(&format!(
                "keenpix: {}: {} [{}]",
                outcome.input, failure.message, failure.code
            ));
        }
    }
    if !arguments.quiet && (batch.outcomes.len() > 1 || inputs.many) {
        say(&totals(batch, made, inputs.skipped));
    }
}

pub(crate) fn write_json(path: &Path, batch: &Batch) -> std::io::Result<()> {
    let entries: Vec<Value> = batch.outcomes.iter().map(entry).collect();
    let mut text = serde_json::to_vec_pretty(&entries)?;
    text.push(b'\n');
    crate::atomic::write(path, &text)
}

fn list(batch: &Batch) {
    let mut rows = Vec::new();
    for outcome in &batch.outcomes {
        let (Some(info), Ok(made)) = (&outcome.info, &outcome.result) else {
            continue;
        };
        for (number, Made { path, image, bytes }) in made.iter().enumerate() {
            let first = number == 0;
            let source = format!(
                "{} {}×{}, {}",
                info.format,
                info.width,
                info.height,
                size(outcome.bytes)
            );
            rows.push([
                if first {
                    outcome.input.to_string()
                } else {
                    String::new()
                },
                if first { source } else { String::new() },
                "→".into(),
                path.as_ref().map_or("-".into(), |path| path.display().to_string()),
                format!("{} {}×{}, {}", image.format, image.width, image.height, size(*bytes)),
                if first { time(outcome.time) } else { String::new() },
            ]);
        }
    }
    for line in columns(&rows) {
        say(&line);
    }
}

fn warnings(batch: &Batch) {
    for outcome in &batch.outcomes {
        for warning in distinct_warnings(outcome) {
            say(&format!("keenpix: {}: warning: {warning}", outcome.input));
        }
    }
}

fn totals(batch: &Batch, made: usize, skipped: usize) -> String {
    let failed = batch.failed();
    let done = batch.outcomes.iter().filter(|outcome| outcome.result.is_ok());
    let before: usize = done.clone().map(|outcome| outcome.bytes).sum();
    let after: usize = done
        .flat_map(|o| o.result.iter().flatten())
        .map(|made| made.bytes)
        .sum();
    let inputs = batch.outcomes.len() - failed;
    let mut text = format!(
        "{inputs} {} → {made} {}, {} → {}, in {}",
        if inputs == 1 { "image" } else { "images" },
        if made == 1 { "file" } else { "files" },
        size(before),
        size(after),
        time(batch.time),
    );
    if failed > 0 {
        text += &format!("; {failed} failed");
    }
    if skipped > 0 {
        text += &format!(
            "; {skipped} other {} skipped",
            if skipped == 1 { "file" } else { "files" }
        );
    }
    text
}

fn entry(outcome: &Outcome) -> Value {
    let mut entry = json!({
        "input": outcome.input.to_string(),
        "bytes": outcome.bytes,
        "ms": milliseconds(outcome.time),
        "info": outcome.info,
    });
    match &outcome.result {
        Ok(made) => {
            entry["warnings"] = distinct_warnings(outcome).into();
            entry["outputs"] = made
                .iter()
                .map(|Made { path, image, bytes }| {
                    json!({
                        "file": path.as_ref().map_or("-".into(), |path| path.to_string_lossy()),
                        "format": image.format,
                        "width": image.width,
                        "height": image.height,
                        "frames": image.frames,
                        "alpha": image.alpha,
                        "bytes": bytes,
                    })
                })
                .collect();
        }
        Err(failure) => entry["error"] = json!({ "code": failure.code, "message": failure.message }),
    }
    entry
}

fn distinct_warnings(outcome: &Outcome) -> Vec<&str> {
    let mut warnings: Vec<&str> = Vec::new();
    for made in outcome.result.iter().flatten() {
        for warning in &made.image.warnings {
            if !warnings.contains(&warning.as_str()) {
                warnings.push(warning);
            }
        }
    }
    warnings
}

/// Cells of equal width in each column, two spaces apart.
pub(crate) fn columns<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let width = |text: &String| text.chars().count();
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0));
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

/// A number of bytes with three digits: `829 kB`.
pub(crate) fn size(bytes: usize) -> String {
    let mut value = bytes as f64;
    if value < 1e3 {
        return format!("{bytes} B");
    }
    for unit in ["kB", "MB"] {
        value /= 1e3;
        if value < 999.5 {
            return format!("{value:.0$} {unit}", usize::from(value < 9.95));
        }
    }
    format!("{:.1} GB", value / 1e3)
}

fn time(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 0.01 => format!("{:.1} ms", seconds * 1e3),
        seconds if seconds < 1.0 => format!("{:.0} ms", seconds * 1e3),
        seconds => format!("{seconds:.1} s"),
    }
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (24_100, "24 kB"),
            (999_600, "1.0 MB"),
        ] {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(size(3_400_000_000), "3.4 GB");
    }
}

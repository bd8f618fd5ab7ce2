//! The command line that all runners of `peers/compare.py` share, whatever their language.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::process::{cpu_time, peak_memory_kb};

/// What a runner provides: its name with its version, and the work.
pub struct Runner<W> {
    /// Its name in the report.
    pub version: String,
    /// Takes the input file and the list of plans, and returns a file for each plan.
    pub work: W,
}

/// Runs the command line, and prints one line of JSON.
///
/// - `--empty`: does nothing, and reports the memory that the process has used anyway.
/// - `INPUT PLANS ITERATIONS PREFIX`: does the work once to warm up and writes the results to `PREFIX-0`, `PREFIX-1`,
///   …; then does it ITERATIONS more times, and reports the CPU and wall time of one of these, in milliseconds.
///
/// # Errors
///
/// A wrong command line, a file that can't be read or written, and the errors of the work.
pub fn run<W>(runner: &Runner<W>) -> Result<(), Box<dyn Error>>
where
    W: Fn(&[u8], &[Value]) -> Result<Vec<Vec<u8>>, Box<dyn Error>>,
{
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let report = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--empty"] => json!({}),
        [input, plans, iterations, prefix] => measure(runner, input, plans, iterations.parse()?, prefix)?,
        _ => return Err("usage: --empty | INPUT PLANS ITERATIONS PREFIX".into()),
    };
    let mut report = report;
    report["version"] = json!(runner.version);
    report["peak_kb"] = json!(peak_memory_kb());
    #[allow(clippy::print_stdout, reason = "the report is what the program is for")]
    {
        println!("{report}");
    }
    Ok(())
}

fn measure<W>(
    runner: &Runner<W>,
    input: &str,
    plans: &str,
    iterations: u32,
    prefix: &str,
) -> Result<Value, Box<dyn Error>>
where
    W: Fn(&[u8], &[Value]) -> Result<Vec<Vec<u8>>, Box<dyn Error>>,
{
    let bytes = std::fs::read(input)?;
    let plans: Vec<Value> = serde_json::from_slice(&std::fs::read(plans)?)?;
    for (index, output) in (runner.work)(&bytes, &plans)?.iter().enumerate() {
        std::fs::write(Path::new(&format!("{prefix}-{index}")), output)?;
    }
    let (cpu, wall) = (cpu_time(), Instant::now());
    for _ in 0..iterations {
        std::hint::black_box((runner.work)(&bytes, &plans)?);
    }
    let (cpu, wall) = (cpu_time() - cpu, wall.elapsed());
    let each = |time: std::time::Duration| time.as_secs_f64() * 1e3 / f64::from(iterations.max(1));
    Ok(json!({ "cpu_ms": each(cpu), "wall_ms": each(wall) }))
}

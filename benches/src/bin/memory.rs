//! Peak heap of one transform, on top of the input's bytes: `memory [--plan JSON] FILE…`.
//!
//! Without files, it shrinks the 100-megapixel images of the inputs' folder to 512 pixels. The allocator counts the
//! heap, so memory that C code allocates itself (libwebp's encoder) is missing; the resident peak includes it.

use std::error::Error;
use std::path::PathBuf;

use keenpix::{Limits, Plan, transform};
use keenpix_benches::{Inputs, peak_memory_kb};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const PLAN: &str = r#"{"resize": {"width": 512}, "encode": {"format": "jpeg", "quality": 80}}"#;
const LARGE: [&str; 3] = [
    "large-11600x8700.jpg",
    "large-11600x8700-progressive.jpg",
    "large-11600x8700.png",
];

#[allow(clippy::print_stdout, reason = "the table is what the program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut plan = PLAN.to_owned();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--plan" => plan = arguments.next().ok_or("--plan needs a plan as JSON")?,
            _ => files.push(argument.into()),
        }
    }
    if files.is_empty() {
        files = LARGE.iter().map(|name| Inputs::find().path(name)).collect();
    }
    let plan = Plan::from_json(&plan)?;
    println!("| file | its bytes | output | peak heap over the input, MB | resident peak of the process so far, MB |");
    println!("|---|---|---|---|---|");
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let before = HEAP.current_usage();
        HEAP.reset_peak_usage();
        let outcome = transform(&bytes, &plan, &Limits::default());
        let heap = HEAP.peak_usage().saturating_sub(before) as f64 / 1e6;
        let resident = peak_memory_kb().map_or("–".into(), |kb| format!("{:.1}", kb as f64 * 1024.0 / 1e6));
        let outcome = match outcome {
            Ok(output) => format!("{}×{}, {} bytes", output.width, output.height, output.bytes.len()),
            Err(error) => format!("{}: {error}", error.code()),
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!("| `{name}` | {} | {outcome} | {heap:.2} | {resident} |", bytes.len());
    }
    Ok(())
}

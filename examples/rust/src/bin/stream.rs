//! A filter: an image of unknown origin on standard input becomes a thumbnail on standard output, within limits of
//! size, memory and time.
//!
//!     curl -s https://example.com/photo.jpg | cargo run -p keenpix-examples --bin stream > thumbnail.webp

use std::error::Error;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use keenpix::{Limits, Plan, transform};

/// A plan is data: this one could come from a file or a request.
const PLAN: &str = r#"{
    "resize": {"width": 240, "height": 240, "position": "attention"},
    "encode": {"format": "webp", "quality": 75}
}"#;

/// From the first input byte to the last output byte.
const TIME: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut limits = Limits::new()
        .with_input_bytes(25_000_000)
        .with_pixels(100_000_000)
        .with_memory(200_000_000);

    // One byte more than allowed, so that `transform` notices and reports it.
    let mut bytes = Vec::new();
    io::stdin().take(limits.input_bytes + 1).read_to_end(&mut bytes)?;

    limits.deadline = Some(TIME.saturating_sub(start.elapsed()));
    let image = transform(&bytes, &Plan::from_json(PLAN)?, &limits)?;
    io::stdout().write_all(&image.bytes)?;
    Ok(())
}

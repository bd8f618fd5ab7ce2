//! `keenpix`: the command line. Arguments become a plan and limits, files become jobs, and jobs a summary.
//!
//! Standard output carries only data (an image for `-o -`, a table or JSON for `probe`); everything else goes to
//! standard error. Exit codes: 0 all done, 1 some input failed, 2 wrong usage.
#![forbid(unsafe_code)]

mod args;
mod atomic;
mod batch;
mod inputs;
mod outputs;
mod plan_from_args;
mod probe;
mod report;
mod values;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use args::{Cli, Command, Make};
use inputs::Inputs;
use outputs::Destination;
use plan_from_args::Recipe;

/// Wrong arguments that clap can't detect: exit code 2.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

fn main() -> ExitCode {
    let cli = Cli::read();
    let result = match cli.command {
        Some(Command::Probe(arguments)) => probe::run(&arguments),
        None => make(&cli.make),
    };
    result.unwrap_or_else(|Usage(message)| {
        say(&format!(
            "keenpix: {message}\nFor more information, try `keenpix --help`."
        ));
        ExitCode::from(2)
    })
}

/// Everything is decided and checked here, before the first image is read.
fn make(arguments: &Make) -> Result<ExitCode, Usage> {
    let limits = arguments.limits.to_limits();
    let recipe = Recipe::new(arguments)?;
    let output = arguments.output.as_deref().unwrap_or(Path::new("-")); // clap requires it
    let inputs = Inputs::find(&arguments.inputs, Some(output))?;
    let destination = Destination::decide(output, &inputs, &recipe)?;
    let jobs = outputs::assign(&inputs, &destination, &recipe)?;
    let batch = batch::run(&jobs, &recipe, &limits, arguments);
    if let Some(path) = &arguments.report {
        report::write_json(path, &batch).map_err(|error| Usage(format!("{}: {error}", path.display())))?;
    }
    report::print(&batch, &inputs, arguments);
    Ok(ExitCode::from(u8::from(batch.failed() > 0)))
}

/// Writes a line to standard error, whose reader may be gone.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

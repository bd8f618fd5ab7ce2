//! The avatar stack on one machine: an S3, the functions in the runtimes that Lambda gives them, an HTTP API, a CDN and the page.
//!
//! `stack.rs` puts it together; each part is one file.

mod aws;
mod cdn;
mod check;
mod delivery;
mod http_api;
mod identity;
mod keys;
mod lambda;
mod net;
mod options;
mod page;
mod stack;

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use net::AnyError;
use options::Options;

static VERBOSE: AtomicBool = AtomicBool::new(false);

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), AnyError> {
    if std::env::args().any(|argument| argument == "--help" || argument == "-h") {
        say(options::USAGE);
        return Ok(());
    }
    let options = Options::parse(std::env::args().skip(1))?;
    VERBOSE.store(options.verbose, Ordering::Relaxed);
    let started = Instant::now();
    let at = stack::start(&options).await?;
    if options.check {
        say(&format!("Checked: {}", check::check(&at).await?));
    }
    say(&format!(
        "\n  Page      {}\n  HTTP API  {}\n  S3        {}\n  CDN       {}\n  Data      {}\n\nReady after {:.1} s. Ctrl-C stops it.",
        at.page,
        at.api,
        at.s3,
        at.cdn,
        options.data.display(),
        started.elapsed().as_secs_f64(),
    ));
    stop_asked().await?;
    say("Stopped.");
    Ok(())
}

/// Ctrl-C, or a polite kill. Leaving `run` drops the runtime, and with it every function's process.
async fn stop_asked() -> Result<(), AnyError> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Prints a line; a reader that is gone is no reason to stop.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn verbose() -> bool {
    VERBOSE.load(Ordering::Relaxed)
}

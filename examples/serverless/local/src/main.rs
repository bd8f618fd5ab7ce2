//! The avatar stack on one machine: an S3, the functions in the runtimes that Lambda would give them, an HTTP API, a
//! CDN and the page.
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

use std::convert::Infallible;
use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use net::AnyError;
use options::Options;
use tokio::signal::unix::{SignalKind, signal};

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
    // Before anything is started, because users may press Ctrl-C at any time, even right after "Ready".
    let stop = stop_asked()?;
    tokio::select! {
        stopped = stay_up(&options) => match stopped? {},
        () = stop => say("Stopped."),
    }
    Ok(())
}

/// Starts the stack, says where it is, and keeps it running.
async fn stay_up(options: &Options) -> Result<Infallible, AnyError> {
    let started = Instant::now();
    let at = stack::start(options).await?;
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
    std::future::pending().await
}

/// Resolves on Ctrl-C or SIGTERM; the handlers are installed when this returns. Leaving `run` drops the runtime, and
/// with it every function's process.
fn stop_asked() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Prints a line, ignoring a reader that is gone.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn verbose() -> bool {
    VERBOSE.load(Ordering::Relaxed)
}

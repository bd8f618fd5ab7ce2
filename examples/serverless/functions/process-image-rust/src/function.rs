//! The function: an event in, objects out.

use std::time::{Duration, Instant};

use aws_sdk_s3::Client;
use keenpix::s3::{Entry, Handler, Outcome, Unsettled};
use serde_json::{Value, json};

use crate::config::Config;

/// The time reserved for responding.
const MARGIN: Duration = Duration::from_millis(1500);

/// The function, ready to be called.
#[derive(Debug, Clone)]
pub struct Function {
    handler: Handler,
}

impl Function {
    /// A function over a client.
    pub fn new(client: Client, config: Config) -> Self {
        let handler = Handler::new(client, config.rule).with_limits(config.limits);
        Function { handler }
    }

    /// Sets where final failures are reported: see [`Handler::with_rejects`].
    pub fn with_rejects<F>(self, report: impl Fn(Entry) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        let handler = self.handler.with_rejects(report);
        Function { handler }
    }

    /// Handles an event; `deadline` is when the runtime ends the function.
    ///
    /// # Errors
    ///
    /// If something failed that Lambda must try again and that did not come in an SQS batch.
    pub async fn handle(&self, event: Value, deadline: Option<Instant>) -> Result<Value, Unsettled> {
        let deadline = deadline.map(|deadline| deadline.checked_sub(MARGIN).unwrap_or(deadline));
        let report = self.handler.handle_value(event, deadline).await;
        report.entries.iter().map(line).for_each(|line| log(&line));
        report.response()
    }
}

/// The log line of a record, the same as in the Node function.
fn line(entry: &Entry) -> Value {
    let record = entry.record.as_ref();
    let mut line = json!({
        "bucket": record.map(|record| &record.bucket),
        "key": record.map(|record| &record.key),
        "item": entry.message,
    });
    line["outcome"] = match &entry.result {
        Ok(Outcome::Written(_)) => "written",
        Ok(Outcome::Removed(_)) => "removed",
        Ok(Outcome::Current) => "current",
        Ok(Outcome::Superseded) => "superseded",
        Ok(Outcome::Vanished) => "vanished",
        Ok(Outcome::Dead) => "dead",
        Ok(_) => "ignored",
        Err(_) => "failed",
    }
    .into();
    match &entry.result {
        Ok(Outcome::Written(keys) | Outcome::Removed(keys)) => line["keys"] = json!(keys),
        Ok(Outcome::Ignored(why)) => line["why"] = (*why).into(),
        Ok(_) => {}
        Err(failure) => {
            line["code"] = failure.code().into();
            line["retryable"] = failure.retryable().into();
            line["message"] = failure.to_string().into();
        }
    }
    line
}

#[allow(clippy::print_stdout, reason = "what a function prints is its log")]
fn log(line: &Value) {
    println!("{line}");
}

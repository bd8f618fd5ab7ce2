//! The function: an event in, objects out.

use std::time::{Duration, Instant};

use aws_sdk_s3::Client;
use keenpix::s3::{Handler, Unsettled};
use serde_json::Value;

use crate::config::Config;
use crate::status;

/// What has to be left of the function's time to answer in.
const MARGIN: Duration = Duration::from_millis(500);

/// The function, ready to be called.
#[derive(Debug, Clone)]
pub struct Function {
    client: Client,
    config: Config,
    handler: Handler,
}

impl Function {
    /// A function over a client.
    pub fn new(client: Client, config: Config) -> Self {
        let handler = Handler::new(client.clone(), config.rule.clone()).with_limits(config.limits.clone());
        Function {
            client,
            config,
            handler,
        }
    }

    /// Handles an event; `deadline` is when the runtime ends the function.
    ///
    /// # Errors
    ///
    /// If something failed that Lambda has to try again, and that came in no SQS batch.
    pub async fn handle(&self, event: Value, deadline: Option<Instant>) -> Result<Value, Unsettled> {
        let deadline = deadline.and_then(|deadline| deadline.checked_sub(MARGIN));
        let report = self.handler.handle_value(event, deadline).await;
        for entry in &report.entries {
            say(entry);
            if self.config.status {
                status::write(&self.client, &self.config, entry).await;
            }
        }
        report.response()
    }
}

/// One line of the log for each record.
fn say(entry: &keenpix::s3::Entry) {
    let record = entry.record.as_ref();
    let mut line = serde_json::json!({
        "bucket": record.map(|record| &record.bucket),
        "key": record.map(|record| &record.key),
        "item": entry.message,
    });
    match &entry.result {
        Ok(outcome) => line["outcome"] = format!("{outcome:?}").into(),
        Err(failure) => {
            line["outcome"] = "failed".into();
            line["code"] = failure.code().into();
            line["retryable"] = failure.retryable().into();
            line["message"] = failure.to_string().into();
        }
    }
    log(&line);
}

#[allow(clippy::print_stdout, reason = "what a function prints is its log")]
fn log(line: &Value) {
    println!("{line}");
}

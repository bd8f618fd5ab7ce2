//! Wires the function to Lambda's runtime, to S3 and to SQS.

mod clients;
mod rejects;

use std::time::{Duration, Instant, SystemTime};

use lambda_runtime::{Diagnostic, Error, LambdaEvent, service_fn};
use process_image::{Config, Function};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = Config::read(|name| std::env::var(name).ok())?;
    let queue = config.rejects.clone();
    let function = Function::new(clients::s3(), config);
    let function = &match queue {
        Some(queue) => function.with_rejects(rejects::to_queue(clients::sqs(), queue)),
        None => function,
    };
    let handler = |event: LambdaEvent<Value>| async move {
        let end = Duration::from_millis(event.context.deadline);
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let deadline = Instant::now() + end.saturating_sub(now);
        let answer = function.handle(event.payload, Some(deadline)).await;
        answer.map_err(|unsettled| Diagnostic {
            error_type: unsettled.code().to_owned(),
            error_message: unsettled.to_string(),
        })
    };
    lambda_runtime::run(service_fn(handler)).await
}

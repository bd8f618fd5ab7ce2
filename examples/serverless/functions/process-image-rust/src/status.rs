//! The status beside an avatar: what the page waits for, and what it shows of a refusal.

use aws_sdk_s3::Client;
use keenpix::Plan;
use keenpix::s3::{Entry, Fault, KeyTemplate, Outcome};
use serde_json::{Value, json};

use crate::config::Config;

/// Writes what became of a record, if there is something to say. The avatar counts, not its status: an error is logged.
pub(crate) async fn write(client: &Client, config: &Config, entry: &Entry) {
    let (Some(record), Some(status)) = (&entry.record, status(entry)) else {
        return;
    };
    let folder = if config.output.is_empty() {
        String::new()
    } else {
        format!("{}/", config.output)
    };
    let Ok(template) = KeyTemplate::new(&format!("{folder}{{name}}.json"), &Plan::new()) else {
        return;
    };
    let name = record.key.rsplit('/').next().unwrap_or(&record.key);
    let put = client.put_object().bucket(&config.bucket).key(template.key(name, ""));
    let state = status["state"].as_str().unwrap_or_default().to_owned();
    let put = put
        .content_type("application/json")
        .cache_control("no-cache")
        .metadata("state", state);
    if let Err(error) = put.body(status.to_string().into_bytes().into()).send().await {
        report(&error);
    }
}

fn status(entry: &Entry) -> Option<Value> {
    let record = entry.record.as_ref()?;
    let source = json!({"key": record.key, "etag": record.etag});
    match &entry.result {
        Ok(Outcome::Written(keys)) => {
            let files: Vec<Value> = keys.iter().map(|key| json!({"key": key})).collect();
            Some(json!({"state": "ready", "source": source, "files": files}))
        }
        Err(failure) if failure.fault() == Fault::Poison => {
            let text = failure.to_string();
            let message = text
                .strip_prefix(failure.code())
                .map_or(text.as_str(), |rest| rest.trim_start_matches(": "));
            Some(json!({"state": "rejected", "source": source, "code": failure.code(), "message": message}))
        }
        _ => None,
    }
}

#[allow(clippy::print_stderr, reason = "what a function prints is its log")]
fn report(error: &dyn std::error::Error) {
    eprintln!("the status was not written: {error}");
}

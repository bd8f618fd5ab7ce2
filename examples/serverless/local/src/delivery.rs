//! From a change in a bucket to a function: asynchronous invocation, with its tries and its dead letters.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::lambda::{Failure, Function};
use crate::s3::{Change, notification};

/// Lambda waits one minute and then two; here a minute is a second.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// What could not be delivered, in memory for the tests and in a file for people.
#[derive(Clone)]
pub(crate) struct DeadLetters(Arc<Letters>);

struct Letters {
    file: PathBuf,
    letters: Mutex<Vec<Value>>,
}

impl DeadLetters {
    /// Goes on with the letters of the last run.
    pub(crate) fn open(file: PathBuf) -> Self {
        let letters = std::fs::read(&file)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        DeadLetters(Arc::new(Letters {
            file,
            letters: Mutex::new(letters.unwrap_or_default()),
        }))
    }

    pub(crate) fn push(&self, letter: Value) {
        let mut letters = self.0.letters.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push(letter);
        if let Err(error) = std::fs::write(&self.0.file, json!(*letters).to_string()) {
            crate::say(&format!("{}: {error}", self.0.file.display()));
        }
    }

    pub(crate) fn all(&self) -> Vec<Value> {
        self.0.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Hands the changes of each bucket to its function.
pub(crate) fn deliver(
    mut changes: mpsc::UnboundedReceiver<Change>,
    routes: Vec<(String, Function)>,
    dead: DeadLetters,
) {
    tokio::spawn(async move {
        while let Some(change) = changes.recv().await {
            for (_, function) in routes.iter().filter(|(bucket, _)| *bucket == change.bucket) {
                let event = notification(&change, function.name());
                tokio::spawn(invoke(function.clone(), event, dead.clone()));
            }
        }
    });
}

async fn invoke(function: Function, event: Value, dead: DeadLetters) {
    let mut outcome = function.invoke(&event).await;
    for pause in PAUSES {
        if outcome.is_ok() {
            return;
        }
        tokio::time::sleep(pause).await;
        outcome = function.invoke(&event).await;
    }
    if let Err(Failure { kind, message }) = outcome {
        crate::say(&format!("{}: given up: {message}", function.name()));
        dead.push(json!({ "function": function.name(), "code": kind, "message": message, "event": event }));
    }
}

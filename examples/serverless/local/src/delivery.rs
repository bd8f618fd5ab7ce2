//! Delivers changes in a bucket to a function: asynchronous invocation, with retries and dead letters.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keenpix_s3_server::{Event, Object, Store};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::lambda::{Failure, Function};

/// Lambda waits one minute and then two; here a minute is a second.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// Events that could not be delivered, in memory for the tests and in a file for people.
#[derive(Clone)]
pub(crate) struct DeadLetters(Arc<Letters>);

struct Letters {
    file: PathBuf,
    letters: Mutex<Vec<Value>>,
}

impl DeadLetters {
    /// Continues with the letters of the last run.
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

/// The events of everything that is in a bucket. When this program was killed, nobody knows which of them had been
/// handled; a function that is told again finds that nothing is left to do.
pub(crate) fn again(store: &Store, bucket: &str) -> Vec<Event> {
    let event = |(key, object): (String, Object)| Event {
        name: "ObjectCreated:Put",
        bucket: bucket.to_owned(),
        key,
        size: object.bytes.len() as u64,
        etag: Some(object.etag),
        version: None,
        // Of no known place among the events of its key: the object itself decides.
        sequencer: String::new(),
        time: object.modified * 1000,
    };
    store.list(bucket, "").into_iter().map(event).collect()
}

/// Passes a bucket's events to a function, those of the `last` run first.
pub(crate) fn deliver(last: Vec<Event>, mut events: UnboundedReceiver<Event>, function: Function, dead: DeadLetters) {
    tokio::spawn(async move {
        for event in last {
            tokio::spawn(invoke(function.clone(), event.to_json(), dead.clone()));
        }
        while let Some(event) = events.recv().await {
            tokio::spawn(invoke(function.clone(), event.to_json(), dead.clone()));
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

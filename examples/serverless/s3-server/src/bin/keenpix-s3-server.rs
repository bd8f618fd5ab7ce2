//! The server for tests in other languages. A test starts it and controls it over standard input and output, with a
//! line of JSON for each message; it ends with its input. All clients sign with the key `test` and the secret `secret`.
//!
//! | in | out |
//! |---|---|
//! | | `{"endpoint"}`, once it listens |
//! | `{"id", "do": "bucket", "bucket", "versioned"}` | `{"id", "value": null}` |
//! | `{"id", "do": "put", "bucket", "key", "body"}`, in base64 | `{"id", "value"}`: the event, as `record` and as `eventbridge` |
//! | `{"id", "do": "delete", "bucket", "key"}` | the same; null if there was nothing |
//! | `{"id", "do": "list", "bucket", "prefix"}` | `{"id", "value"}`: everything about the objects |
//! | `{"id", "do": "tick", "milliseconds"}` | `{"id", "value": null}`: every write is so long after the one before it |
//! | `{"id", "do": "delay", "milliseconds"}` | `{"id", "value": null}`: every request is answered so late |
//! | `{"id", "do": "ask"}` | from now on `{"call", "method", "bucket", "key"}` before each request is answered… |
//! | `{"answer", "fault"}`: of the call with that number | …and it meets null, `{"status", "code"}`, `"drop"`, `"lose"`, `{"cut"}` or `{"piece", "pause"}` (milliseconds) |
//!
//! The clock advances by a second with every write, so that two servers given the same commands behave identically.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use keenpix_s3_server::{Call, Event, Fault, Object, Options, Server, Store};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::oneshot;

type Failed = Box<dyn std::error::Error + Send + Sync>;
type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Fault>>>>;

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Answer { answer: u64, fault: Option<Met> },
    Order(Order),
}

#[derive(Deserialize)]
struct Order {
    id: u64,
    #[serde(rename = "do")]
    what: String,
    #[serde(default)]
    bucket: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    versioned: bool,
    #[serde(default)]
    milliseconds: i64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Met {
    Word(String),
    Status { status: u16, code: String },
    Cut { cut: usize },
    Slow { piece: usize, pause: u64 },
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let options = Options {
        store: Store::ticking(1_700_000_000),
        ..Options::default()
    };
    let server = Server::start(options).await?;
    let waiting = Waiting::default();
    say(&json!({"endpoint": server.endpoint()}));
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line)? {
            Line::Order(order) => {
                let value = obey(&server, &order, &waiting)?;
                say(&json!({"id": order.id, "value": value}));
            }
            Line::Answer { answer, fault } => {
                let asked = waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&answer);
                // The client may have disconnected by now.
                let _ = asked.map(|asked| asked.send(fault.map_or(Fault::None, Met::fault)));
            }
        }
    }
    Ok(())
}

fn obey(server: &Server, order: &Order, waiting: &Waiting) -> Result<Value, Failed> {
    let store = server.store();
    let failed = |refused| format!("{}/{}: {refused:?}", order.bucket, order.key);
    Ok(match order.what.as_str() {
        "bucket" if order.versioned => {
            store.create_versioned_bucket(&order.bucket);
            Value::Null
        }
        "bucket" => {
            store.create_bucket(&order.bucket);
            Value::Null
        }
        "put" => {
            let bytes = BASE64_STANDARD.decode(&order.body)?;
            told(&store.put(&order.bucket, &order.key, bytes).map_err(failed)?)
        }
        "delete" => store
            .delete(&order.bucket, &order.key)
            .map_err(failed)?
            .map_or(Value::Null, |event| told(&event)),
        "list" => store.list(&order.bucket, &order.prefix).iter().map(described).collect(),
        "tick" => {
            store.set_tick(order.milliseconds);
            Value::Null
        }
        "delay" => {
            let delay = Duration::from_millis(order.milliseconds.max(0).unsigned_abs());
            server.set_hook(move |_| async move {
                tokio::time::sleep(delay).await;
                Fault::None
            });
            Value::Null
        }
        "ask" => {
            ask(server, waiting.clone());
            Value::Null
        }
        other => return Err(format!("unknown: {other}").into()),
    })
}

/// Asks the test before every request which fault to inject.
fn ask(server: &Server, waiting: Waiting) {
    server.set_hook(move |call: Call| {
        let (sender, receiver) = oneshot::channel();
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(call.number, sender);
        say(&json!({"call": call.number, "method": call.method, "bucket": call.bucket, "key": call.key}));
        async move { receiver.await.unwrap_or(Fault::Drop) }
    });
}

impl Met {
    fn fault(self) -> Fault {
        match self {
            Met::Word(word) if word == "lose" => Fault::Lose,
            Met::Word(_) => Fault::Drop,
            // Leaks a few strings per test.
            Met::Status { status, code } => Fault::Status(status, code.leak()),
            Met::Cut { cut } => Fault::Cut(cut),
            Met::Slow { piece, pause } => Fault::Slow(piece, Duration::from_millis(pause)),
        }
    }
}

fn told(event: &Event) -> Value {
    json!({
        "etag": event.etag, "version": event.version, "sequencer": event.sequencer, "time": event.time,
        "record": event.record(), "eventbridge": event.to_eventbridge(),
    })
}

fn described((key, object): &(String, Object)) -> Value {
    json!({
        "key": key, "body": BASE64_STANDARD.encode(&object.bytes), "etag": object.etag, "version": object.version,
        "modified": object.modified, "contentType": object.content_type, "cacheControl": object.cache_control,
        "metadata": object.metadata,
    })
}

/// Prints a line, ignoring a test that is gone.
fn say(line: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

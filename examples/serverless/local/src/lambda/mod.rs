//! Lambda on this machine: a Runtime API for each function, and the process that asks it for work.

mod child;
mod runtime_api;

pub(crate) use child::Program;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc, oneshot};

use crate::net::{self, AnyError};

/// Why an invocation failed, as Lambda reports it.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) kind: String,
    pub(crate) message: String,
}

pub(crate) type Outcome = Result<Value, Failure>;

/// A function with one sandbox, so that invocations wait for each other. Clones are the same function.
#[derive(Clone)]
pub(crate) struct Function(Arc<Shared>);

struct Shared {
    name: String,
    timeout: Duration,
    queue: mpsc::UnboundedSender<Invocation>,
    waiting: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    running: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    kill: Notify,
    count: AtomicU64,
}

/// The work that the process receives when it asks for it.
struct Invocation {
    id: String,
    payload: Bytes,
    deadline: u128,
    done: oneshot::Sender<Outcome>,
    started: oneshot::Sender<()>,
}

impl Function {
    /// Starts the function's Runtime API and its process.
    pub(crate) async fn start(name: &str, program: Program, timeout: Duration) -> Result<Self, AnyError> {
        let (listener, address) = net::listen(0).await?;
        let (queue, waiting) = mpsc::unbounded_channel();
        let function = Function(Arc::new(Shared {
            name: name.to_owned(),
            timeout,
            queue,
            waiting: AsyncMutex::new(waiting),
            running: Mutex::default(),
            kill: Notify::new(),
            count: AtomicU64::new(1),
        }));
        let api = function.clone();
        net::serve(listener, move |request| runtime_api::answer(api.clone(), request));
        child::keep_running(function.clone(), program, address);
        Ok(function)
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    /// Runs the function and waits for its response. Its time counts from when it takes the work; a function that takes
    /// too long is killed, as on Lambda.
    pub(crate) async fn invoke(&self, payload: &Value) -> Outcome {
        let id = format!(
            "00000000-0000-4000-8000-{:012x}",
            self.0.count.fetch_add(1, Ordering::Relaxed)
        );
        let (done, outcome) = oneshot::channel();
        let (started, taken) = oneshot::channel();
        let invocation = Invocation {
            id: id.clone(),
            payload: payload.to_string().into(),
            deadline: 0,
            done,
            started,
        };
        if self.0.queue.send(invocation).is_err() || taken.await.is_err() {
            return Err(Failure::new("Runtime.Gone", "the function is no longer there"));
        }
        match tokio::time::timeout(self.0.timeout, outcome).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Failure::new(
                "Runtime.ExitError",
                "the process ended in the middle of its work",
            )),
            Err(_) => {
                self.0.kill.notify_one();
                self.running().remove(&id);
                let seconds = self.0.timeout.as_secs_f64();
                Err(Failure::new(
                    "Sandbox.Timedout",
                    &format!("{id} timed out after {seconds:.2} seconds"),
                ))
            }
        }
    }

    /// Waits for the next piece of work.
    async fn next(&self) -> Option<(String, Bytes, u128)> {
        let mut invocation = self.0.waiting.lock().await.recv().await?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        invocation.deadline = (now + self.0.timeout).as_millis();
        self.running().insert(invocation.id.clone(), invocation.done);
        let _ = invocation.started.send(());
        Some((invocation.id, invocation.payload, invocation.deadline))
    }

    /// Passes the response to whoever is waiting for it. False if nobody is, because it came too late.
    fn finish(&self, id: &str, outcome: Outcome) -> bool {
        self.running()
            .remove(id)
            .is_some_and(|waiting| waiting.send(outcome).is_ok())
    }

    /// The process is gone, and so is what it was working on.
    fn lost(&self, reason: &str) {
        for (_, waiting) in self.running().drain() {
            let _ = waiting.send(Err(Failure::new("Runtime.ExitError", reason)));
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<Outcome>>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Failure {
    fn new(kind: &str, message: &str) -> Self {
        Failure {
            kind: kind.to_owned(),
            message: message.to_owned(),
        }
    }

    /// Parses the error that a runtime client posts.
    fn from_report(report: &Value) -> Self {
        let text = |name: &str| report[name].as_str().unwrap_or("unknown").to_owned();
        Failure {
            kind: text("errorType"),
            message: text("errorMessage"),
        }
    }
}

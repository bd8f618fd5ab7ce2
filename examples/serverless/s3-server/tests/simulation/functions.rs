//! Sandboxes that run the function; each of their requests waits at the gate.
//!
//! A function sends several at the same time. It stands still once all that it has begun and not ended are at the gate:
//! then what happens next depends on nothing but the seed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use keenpix::encode::Jpeg;
use keenpix::s3::{Backoff, Handler, Report, Rule, Stale};
use keenpix::{Limits, Plan, Resize, transform_many};
use keenpix_s3_server::{Call, Fault, Server};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::queue::Batch;
use crate::requests::Requests;
use crate::world::Setup;

pub(crate) const SANDBOXES: usize = 3;
/// Longer than any invocation, shorter than the time between two tries of an event.
const LEASE: Duration = Duration::from_secs(30);

pub(crate) struct Functions {
    handlers: Vec<Handler>,
    requests: Vec<Requests>,
    running: BTreeMap<usize, Run>,
    clock: Arc<AtomicU64>,
    /// How often each content was decoded.
    pub(crate) decodes: Arc<Mutex<BTreeMap<Vec<u8>, u32>>>,
    inbox: UnboundedReceiver<Message>,
    outbox: UnboundedSender<Message>,
}

struct Run {
    task: JoinHandle<()>,
    batch: Batch,
    /// Sorted, because requests that are sent at the same time arrive in any order.
    at_gate: BTreeMap<(String, String, u64), (Call, oneshot::Sender<Fault>)>,
    report: Option<Report>,
}

enum Message {
    Called(usize, Call, oneshot::Sender<Fault>),
    /// A request has ended.
    Moved,
    Done(usize, Report),
}

/// The sizes of the outputs, of which the first is always made, and their keys' ends.
pub(crate) const OUTPUTS: [(u32, &str); 3] = [(4, ".jpg"), (3, "-3.jpg"), (2, "-2.jpg")];

pub(crate) fn plan(side: u32) -> Plan {
    Plan::new()
        .with_resize(Resize::new().with_width(side).with_height(side))
        .with_encode(Jpeg::new().with_quality(80))
}

pub(crate) fn limits() -> Limits {
    Limits::new().with_pixels(1_000_000)
}

impl Functions {
    pub(crate) fn new(server: &Server, setup: &Setup) -> Self {
        let bucket = if setup.one_bucket { "uploads" } else { "assets" };
        let prefix = if setup.one_bucket { "in/" } else { "" };
        let stale = if setup.remove_stale { Stale::Remove } else { Stale::Keep };
        let rule = Rule::new(bucket)
            .with_prefix(prefix)
            .with_removal(true)
            .with_stale(stale)
            .with_ledger(bucket, "ledger/", LEASE);
        let rule = OUTPUTS[..setup.outputs].iter().fold(rule, |rule, (side, end)| {
            rule.with_output(&format!("avatars/{{dir}}{{name}}{end}"), plan(*side))
                .expect("a sound template")
        });
        let rule = match setup.status {
            true => rule.with_status("avatars/{dir}{name}.json").expect("a sound template"),
            false => rule,
        };
        let clock = Arc::new(AtomicU64::new(0));
        let decodes: Arc<Mutex<BTreeMap<Vec<u8>, u32>>> = Arc::default();
        let (outbox, inbox) = unbounded_channel();
        let moved = outbox.clone();
        let requests: Vec<Requests> = (0..SANDBOXES)
            .map(|_| {
                let moved = moved.clone();
                Requests::new(move || {
                    let _ = moved.send(Message::Moved); // the simulation may have ended
                })
            })
            .collect();
        let handlers = requests.iter().enumerate().map(|(index, requests)| {
            let (clock, decodes) = (clock.clone(), decodes.clone());
            let client = server.client_of(&format!("sandbox{index}"));
            let config = client.config().to_builder().interceptor(requests.clone()).build();
            Handler::new(aws_sdk_s3::Client::from_conf(config), rule.clone())
                .with_limits(limits())
                .with_backoff(Backoff::new().with_tries(3).with_base(Duration::ZERO))
                .with_clock(move || SystemTime::UNIX_EPOCH + Duration::from_millis(clock.load(Ordering::Relaxed)))
                .with_transform(move |bytes, plans, limits| {
                    *decodes.lock().unwrap().entry(bytes.to_vec()).or_default() += 1;
                    transform_many(bytes, plans, limits)
                })
        });
        let gate = outbox.clone();
        server.set_hook(move |call| {
            let (sender, receiver) = oneshot::channel();
            let sandbox = call
                .access_key
                .trim_start_matches("sandbox")
                .parse()
                .expect("a sandbox");
            let sent = gate.send(Message::Called(sandbox, call, sender));
            async move {
                match sent {
                    Ok(()) => receiver.await.unwrap_or(Fault::Drop),
                    Err(_) => Fault::Drop,
                }
            }
        });
        Functions {
            handlers: handlers.collect(),
            requests,
            running: BTreeMap::new(),
            clock,
            decodes,
            inbox,
            outbox,
        }
    }

    /// Waits until every running function stands still or is done. Returns those that are done.
    pub(crate) async fn quiet(&mut self) -> Vec<(usize, Batch, Report)> {
        while self.running.keys().any(|sandbox| !self.stands_still(*sandbox)) {
            self.take_message().await;
        }
        let done: Vec<usize> = self
            .running
            .iter()
            .filter(|(_, run)| run.report.is_some())
            .map(|(index, _)| *index)
            .collect();
        done.into_iter()
            .filter_map(|index| {
                let run = self.running.remove(&index)?;
                Some((index, run.batch, run.report?))
            })
            .collect()
    }

    fn stands_still(&self, sandbox: usize) -> bool {
        let run = &self.running[&sandbox];
        let waiting = run.at_gate.len();
        run.report.is_some() || waiting > 0 && waiting == self.requests[sandbox].under_way()
    }

    async fn take_message(&mut self) {
        let message = tokio::time::timeout(Duration::from_secs(60), self.inbox.recv()).await;
        match message.expect("a function hangs").expect("the channel is open") {
            Message::Called(sandbox, call, sender) => {
                // A killed function's last request may arrive late; its sender is dropped.
                if let Some(run) = self.running.get_mut(&sandbox) {
                    let place = (call.method.clone(), call.key.clone(), call.number);
                    run.at_gate.insert(place, (call, sender));
                }
            }
            Message::Moved => {}
            Message::Done(sandbox, report) => {
                if let Some(run) = self.running.get_mut(&sandbox) {
                    run.report = Some(report);
                }
            }
        }
    }

    pub(crate) fn blocked(&self) -> Vec<usize> {
        self.running.keys().copied().collect()
    }

    pub(crate) fn idle(&self) -> Option<usize> {
        (0..SANDBOXES).find(|index| !self.running.contains_key(index))
    }

    /// The requests of a function at the gate.
    pub(crate) fn calls(&self, sandbox: usize) -> Vec<Call> {
        let waiting = self.running[&sandbox].at_gate.values();
        waiting.map(|(call, _)| call.clone()).collect()
    }

    pub(crate) fn start(&mut self, sandbox: usize, batch: Batch, now: u64) {
        self.clock.store(now, Ordering::Relaxed);
        let (handler, event, outbox) = (self.handlers[sandbox].clone(), batch.event.clone(), self.outbox.clone());
        let task = tokio::spawn(async move {
            let report = handler.handle_value(event, None).await;
            let _ = outbox.send(Message::Done(sandbox, report)); // the simulation may have ended
        });
        let run = Run {
            task,
            batch,
            at_gate: BTreeMap::new(),
            report: None,
        };
        self.running.insert(sandbox, run);
    }

    pub(crate) fn release(&mut self, sandbox: usize, call: &Call, fault: Fault) {
        let run = self.running.get_mut(&sandbox).expect("it runs");
        let place = (call.method.clone(), call.key.clone(), call.number);
        if let Some((_, sender)) = run.at_gate.remove(&place) {
            let _ = sender.send(fault); // the connection may be gone
        }
    }

    /// Kills a function in the middle of its requests. One of them takes effect if only its response is `lost`.
    pub(crate) async fn kill(&mut self, sandbox: usize, call: &Call, lost: bool) -> Batch {
        if lost {
            self.release(sandbox, call, Fault::Lose);
            // The response never arrives; the next request, or the end, shows that it took effect.
            while !self.stands_still(sandbox) {
                self.take_message().await;
            }
        }
        let run = self.running.remove(&sandbox).expect("it runs");
        run.task.abort();
        let _ = run.task.await;
        run.batch
    }
}

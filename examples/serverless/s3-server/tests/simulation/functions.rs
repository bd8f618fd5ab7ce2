//! Sandboxes that run the function; each of their requests waits at the gate.

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
use crate::world::Setup;

pub(crate) const SANDBOXES: usize = 3;
/// Longer than any invocation, shorter than the time between two tries of an event.
const LEASE: Duration = Duration::from_secs(30);

pub(crate) struct Functions {
    handlers: Vec<Handler>,
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
    at_gate: Option<(Call, oneshot::Sender<Fault>)>,
    report: Option<Report>,
}

enum Message {
    Called(usize, Call, oneshot::Sender<Fault>),
    Done(usize, Report),
}

pub(crate) fn plan() -> Plan {
    Plan::new()
        .with_resize(Resize::new().with_width(4).with_height(4))
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
            .with_output("avatars/{dir}{name}.jpg", plan())
            .expect("a sound template")
            .with_removal(true)
            .with_stale(stale)
            .with_ledger(bucket, "ledger/", LEASE);
        let rule = match setup.status {
            true => rule.with_status("avatars/{dir}{name}.json").expect("a sound template"),
            false => rule,
        };
        let clock = Arc::new(AtomicU64::new(0));
        let decodes: Arc<Mutex<BTreeMap<Vec<u8>, u32>>> = Arc::default();
        let handlers = (0..SANDBOXES).map(|index| {
            let (clock, decodes) = (clock.clone(), decodes.clone());
            Handler::new(server.client_of(&format!("sandbox{index}")), rule.clone())
                .with_limits(limits())
                .with_backoff(Backoff::new().with_tries(3).with_base(Duration::ZERO))
                .with_clock(move || SystemTime::UNIX_EPOCH + Duration::from_millis(clock.load(Ordering::Relaxed)))
                .with_transform(move |bytes, plans, limits| {
                    *decodes.lock().unwrap().entry(bytes.to_vec()).or_default() += 1;
                    transform_many(bytes, plans, limits)
                })
        });
        let (outbox, inbox) = unbounded_channel();
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
            running: BTreeMap::new(),
            clock,
            decodes,
            inbox,
            outbox,
        }
    }

    /// Waits until every running function is at the gate or done. Returns those that are done.
    pub(crate) async fn quiet(&mut self) -> Vec<(usize, Batch, Report)> {
        while self
            .running
            .values()
            .any(|run| run.at_gate.is_none() && run.report.is_none())
        {
            let message = tokio::time::timeout(Duration::from_secs(60), self.inbox.recv()).await;
            match message.expect("a function hangs").expect("the channel is open") {
                Message::Called(sandbox, call, sender) => {
                    // A killed function's last request may arrive late; its sender is dropped.
                    if let Some(run) = self.running.get_mut(&sandbox) {
                        run.at_gate = Some((call, sender));
                    }
                }
                Message::Done(sandbox, report) => {
                    if let Some(run) = self.running.get_mut(&sandbox) {
                        run.report = Some(report);
                    }
                }
            }
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

    pub(crate) fn blocked(&self) -> Vec<usize> {
        self.running.keys().copied().collect()
    }

    pub(crate) fn idle(&self) -> Option<usize> {
        (0..SANDBOXES).find(|index| !self.running.contains_key(index))
    }

    pub(crate) fn call(&self, sandbox: usize) -> &Call {
        &self.running[&sandbox].at_gate.as_ref().expect("at the gate").0
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
            at_gate: None,
            report: None,
        };
        self.running.insert(sandbox, run);
    }

    pub(crate) fn release(&mut self, sandbox: usize, fault: Fault) {
        let run = self.running.get_mut(&sandbox).expect("it runs");
        if let Some((_, sender)) = run.at_gate.take() {
            let _ = sender.send(fault); // the connection may be gone
        }
    }

    /// Kills a function in the middle of its request. The request takes effect if only its response is `lost`.
    pub(crate) async fn kill(&mut self, sandbox: usize, lost: bool) -> Batch {
        if lost {
            self.release(sandbox, Fault::Lose);
            // The response never arrives; the next request, or the end, shows that it took effect.
            loop {
                let run = &self.running[&sandbox];
                if run.at_gate.is_some() || run.report.is_some() {
                    break;
                }
                let message = tokio::time::timeout(Duration::from_secs(60), self.inbox.recv()).await;
                match message.expect("a function hangs").expect("the channel is open") {
                    Message::Called(index, call, sender) => {
                        if let Some(run) = self.running.get_mut(&index) {
                            run.at_gate = Some((call, sender));
                        }
                    }
                    Message::Done(index, report) => {
                        if let Some(run) = self.running.get_mut(&index) {
                            run.report = Some(report);
                        }
                    }
                }
            }
        }
        let run = self.running.remove(&sandbox).expect("it runs");
        run.task.abort();
        let _ = run.task.await;
        run.batch
    }
}

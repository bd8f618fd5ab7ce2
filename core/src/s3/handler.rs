//! From an event to its report: one record after another, each until outputs and source agree.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use aws_sdk_s3::Client;
use futures_util::future::join_all;
use serde_json::Value;

use super::backoff::Backoff;
use super::decide::{Object, Slot, Source, Step, decide};
use super::event::{Message, Record, parse, parse_value};
use super::make::{End, Verdict, Work};
use super::report::{Entry, Failure, Fault, Outcome, Report};
use super::rule::{Rule, Task};
use super::slots::First;
use super::store::Store;
use crate::{Limits, Output, Plan, transform_many};

/// Turns S3 events into images. See the [module's documentation](super) for its guarantees.
///
/// Clones are cheap and share everything. Records are processed one at a time: the function's memory only has to hold
/// one image, not a batch.
#[derive(Clone)]
pub struct Handler {
    pub(super) store: Store,
    pub(super) rule: Arc<Rule>,
    pub(super) limits: Limits,
    pub(super) transform: Arc<Transform>,
    pub(super) clock: Arc<Clock>,
    pub(super) rejects: Option<Arc<Rejects>>,
}

type Transform = dyn Fn(&[u8], &[Plan], &Limits) -> crate::Result<Vec<Output>> + Send + Sync;
type Clock = dyn Fn() -> SystemTime + Send + Sync;
type Rejects = dyn Fn(Entry) -> Pin<Box<dyn Future<Output = Result<(), Unreported>> + Send>> + Send + Sync;
type Unreported = Box<dyn std::error::Error + Send + Sync>;

/// After this many retries the event goes back to the queue: the key is being written faster than it can be
/// read.
const ROUNDS: u32 = 8;

impl Handler {
    /// A handler with [`Limits::default`] and [`Backoff::default`].
    ///
    /// The client's own retries are disabled for the handler's requests: the handler's retries know the deadline, and
    /// also cover truncated bodies.
    pub fn new(client: Client, rule: Rule) -> Self {
        Handler {
            store: Store::new(&client),
            rule: Arc::new(rule),
            limits: Limits::default(),
            transform: Arc::new(transform_many),
            clock: Arc::new(SystemTime::now),
            rejects: None,
        }
    }

    /// Sets what one image may use; [`Limits::input_bytes`] is enforced while an object streams in.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how often requests are tried.
    pub fn with_backoff(mut self, backoff: Backoff) -> Self {
        self.store.backoff = backoff;
        self
    }

    /// Sets what makes the images. Default: [`transform_many`]. Runs on a thread that may block; the same bytes and
    /// plans must give the same outputs.
    pub fn with_transform(
        mut self,
        transform: impl Fn(&[u8], &[Plan], &Limits) -> crate::Result<Vec<Output>> + Send + Sync + 'static,
    ) -> Self {
        self.transform = Arc::new(transform);
        self
    }

    /// Sets the clock for the ledger's leases. Default: the system's.
    pub fn with_clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets where final failures are reported, for example an SQS queue. They are then settled, and neither retried
    /// nor kept by the queue. Default: nowhere.
    ///
    /// Only [poison](Fault::Poison) is reported: objects, and events that can't be parsed. A
    /// [status](Rule::with_status) or a [ledger](Rule::with_ledger), written afterwards, records it: a
    /// repeated event reports nothing, unless the function was killed in between or both came at once.
    pub fn with_rejects<F: Future<Output = Result<(), Unreported>> + Send + 'static>(
        mut self,
        report: impl Fn(Entry) -> F + Send + Sync + 'static,
    ) -> Self {
        self.rejects = Some(Arc::new(move |entry| Box::pin(report(entry))));
        self
    }

    /// Handles an event: JSON, as passed by Lambda. Work unfinished at the deadline is reported as a passing
    /// failure, `DEADLINE`; set it somewhat earlier than the function's own.
    pub async fn handle(&self, event: &str, deadline: Option<Instant>) -> Report {
        self.handle_messages(parse(event), deadline).await
    }

    /// Like [`Handler::handle`], for an event that is already parsed JSON.
    pub async fn handle_value(&self, event: Value, deadline: Option<Instant>) -> Report {
        self.handle_messages(parse_value(event), deadline).await
    }

    async fn handle_messages(&self, messages: Vec<Message>, deadline: Option<Instant>) -> Report {
        let mut report = Report::default();
        for Message { id, records } in messages {
            for record in records {
                let (record, result) = match record {
                    Ok(record) => {
                        let result = self.in_time(id.as_deref(), &record, deadline).await;
                        (Some(record), result)
                    }
                    Err(failure) => {
                        let reported = self.reported(id.as_deref(), None, failure).await;
                        (None, Err(reported.unwrap_or_else(|unreported| unreported)))
                    }
                };
                report.entries.push(Entry {
                    message: id.clone(),
                    record,
                    result,
                });
            }
        }
        report
    }

    async fn in_time(
        &self,
        message: Option<&str>,
        record: &Record,
        deadline: Option<Instant>,
    ) -> Result<Outcome, Failure> {
        // Boxed: the SDK's futures are nested so deeply that callers would come close to the compiler's limit.
        let settle = Box::pin(self.settle(message, record));
        let Some(deadline) = deadline else {
            return settle.await;
        };
        let late = || Failure::new(Fault::Transient, "DEADLINE", "the invocation's time was over");
        if deadline <= Instant::now() {
            return Err(late());
        }
        match tokio::time::timeout_at(deadline.into(), settle).await {
            Ok(result) => result,
            Err(_) => Err(late()),
        }
    }

    /// Continues until outputs and source agree.
    async fn settle(&self, message: Option<&str>, record: &Record) -> Result<Outcome, Failure> {
        let task = match self.rule.task(record)? {
            Ok(task) => Task { message, ..task },
            Err(outcome) => return Ok(outcome),
        };
        let mut poison: Option<Verdict> = None;
        let mut work = Work::default();
        let (mut source, mut seen) = match self.first(&task, &mut work, &mut poison).await? {
            First::Done(outcome) => return Ok(outcome),
            First::Look => (self.look(&task).await?, None),
            First::Seen(object, slots) => (Source::Object(object), Some(slots)),
            First::Nothing => (Source::Unseen, None),
        };
        let (mut written, mut removed) = (Vec::new(), Vec::new());
        let mut proven = false;
        for _ in 0..ROUNDS {
            let slots = match seen.take() {
                Some(slots) => slots,
                None => self.slots(&task, &source).await?,
            };
            if let Source::Object(object) = &source
                && self.remembers()
                && slots.iter().any(|slot| slot.rejects(object, &task.id))
            {
                poison = Some(Verdict::known(object.clone()));
            }
            match decide(record, &source, &slots, &task.id, self.rule.removal) {
                Step::Done(_) if !written.is_empty() => return Ok(Outcome::Written(written)),
                Step::Done(_) if !removed.is_empty() => return Ok(Outcome::Removed(removed)),
                Step::Done(outcome) => return Ok(outcome),
                Step::Look => source = self.look(&task).await?,
                Step::Remove(indices) => {
                    removed.extend(
                        self.remove(indices.iter().filter_map(|index| slots.get(*index)))
                            .await?,
                    );
                    source = self.look(&task).await?;
                }
                Step::Make(indices) => {
                    let chosen: Vec<&Slot> = indices.iter().filter_map(|index| slots.get(*index)).collect();
                    let end = match poison.take().filter(|known| is(&source, &known.object)) {
                        Some(known) => End::Poison(known),
                        None => self.make(&task, &source, &chosen, &mut work).await?,
                    };
                    match end {
                        End::Lost | End::Conflict => source = self.look(&task).await?,
                        End::Written(object) => {
                            let outputs = chosen.iter().filter(|slot| slot.output.is_some());
                            written = outputs.map(|slot| slot.key.clone()).collect();
                            source = self.look(&task).await?;
                            if is(&source, &object) {
                                let status_alone = written.is_empty();
                                return Ok(if status_alone {
                                    Outcome::Current
                                } else {
                                    Outcome::Written(written)
                                });
                            }
                        }
                        End::Poison(verdict) => {
                            // What was not looked at may be an older version's.
                            let slots = self.slots(&task, &source).await?;
                            // A version can be read even if it is no longer the newest, and what is left of it must go.
                            if record.version.is_some() && !proven && slots.iter().any(|slot| slot.made.is_some()) {
                                (source, proven) = (self.look(&task).await?, true);
                                if !is(&source, &verdict.object) {
                                    poison = Some(verdict);
                                    continue;
                                }
                            }
                            match self.after_poison(&task, &verdict, &slots).await? {
                                Ok(outcome) => return Ok(outcome),
                                Err(changed) => source = changed,
                            }
                            poison = Some(verdict);
                        }
                    }
                }
            }
        }
        Err(Failure::new(
            Fault::Transient,
            "UNSETTLED",
            format!(
                "{}/{} changed {ROUNDS} times while it was read",
                record.bucket, record.key
            ),
        ))
    }

    pub(super) async fn look(&self, task: &Task<'_>) -> Result<Source, Failure> {
        let source = self.store.look(&task.record.bucket, &task.record.key).await?;
        Ok(match source {
            Source::Object(object) => Source::Object(task.dated(object)),
            other => other,
        })
    }

    pub(super) async fn remove(&self, slots: impl Iterator<Item = &Slot>) -> Result<Vec<String>, Failure> {
        let there = slots.filter_map(|slot| Some((slot, slot.made.as_ref()?)));
        let removed = there.map(|(slot, made)| async move {
            self.store.delete(&self.rule.bucket, &slot.key, &made.etag).await?;
            Ok(slot.key.clone())
        });
        join_all(removed).await.into_iter().collect()
    }
}

impl std::fmt::Debug for Handler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Handler { rule, limits, .. } = self;
        f.debug_struct("Handler")
            .field("rule", rule)
            .field("limits", limits)
            .finish_non_exhaustive()
    }
}

pub(super) fn is(source: &Source, object: &Object) -> bool {
    match source {
        Source::Object(now) => now.etag == object.etag && now.version == object.version,
        _ => false,
    }
}

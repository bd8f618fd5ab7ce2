//! Reads an object, makes its outputs off the async threads, and writes them.

use std::collections::{BTreeMap, HashMap};

use futures_util::future::join_all;

use super::decide::{Object, Slot, Source, is_about};
use super::handler::Handler;
use super::ledger::{Claim, Letter, Page};
use super::report::{Failure, Fault, Outcome};
use super::rule::Task;
use super::status::Status;
use super::store::{Fetched, Get, Put, Written, meta};
use crate::{Cancel, Output, Plan};

/// How making the outputs ended.
pub(super) enum End {
    /// Everything is written, made from this.
    Written(Object),
    /// Another writer interfered: look again.
    Conflict,
    /// The object is gone or has been replaced.
    Lost,
    /// This one is poison.
    Poison(Verdict),
}

/// What is wrong with an object.
pub(super) struct Verdict {
    pub(super) object: Object,
    pub(super) code: String,
    pub(super) reason: String,
    /// What to report, if the event is about this object.
    pub(super) said: Result<Outcome, Failure>,
}

/// What was read and made so far, kept while conflicts are resolved so that nothing is read or decoded again.
#[derive(Default)]
pub(super) struct Work {
    /// The object's content, or why it was not read to its end.
    read: Option<(Result<Vec<u8>, Failure>, Object)>,
    made: Option<Cached>,
}

/// The outputs of an object.
struct Cached {
    object: Object,
    outputs: BTreeMap<usize, Output>,
}

impl Cached {
    fn has(&self, etag: Option<&str>, outputs: &[usize]) -> bool {
        etag == Some(&self.object.etag) && outputs.iter().all(|output| self.outputs.contains_key(output))
    }
}

impl Work {
    /// Keeps what was read, and returns the object; one that is gone has none.
    pub(super) fn keep(&mut self, fetched: Fetched, task: &Task<'_>) -> Option<Object> {
        let (read, object) = match fetched {
            Fetched::Body(bytes, object) => (Ok(bytes), object),
            Fetched::TooLarge(failure, object) => (Err(failure), object),
            Fetched::Gone | Fetched::Replaced => return None,
        };
        let object = task.dated(object);
        self.read = Some((read, object.clone()));
        Some(object)
    }
}

impl Verdict {
    /// What a status says already.
    pub(super) fn known(object: Object) -> Self {
        Verdict {
            object,
            code: String::new(),
            reason: String::new(),
            said: Ok(Outcome::Dead),
        }
    }
}

/// Stops the work if nobody waits for it any more.
struct Stop(Cancel);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Handler {
    /// The request for a source.
    pub(super) fn source<'a>(&self, task: &Task<'a>, etag: Option<&'a str>, version: Option<&'a str>) -> Get<'a> {
        Get {
            bucket: &task.record.bucket,
            key: &task.record.key,
            etag,
            version,
            limit: self.limits.input_bytes,
            chained: self.rule.chained,
        }
    }

    /// Makes some outputs of the source and writes them, replacing what the slots have recorded.
    pub(super) async fn make(
        &self,
        task: &Task<'_>,
        source: &Source,
        slots: &[&Slot],
        work: &mut Work,
    ) -> Result<End, Failure> {
        // A status covers all the outputs.
        let outputs: Vec<usize> = match slots.iter().map(|slot| slot.output).collect() {
            Some(outputs) => outputs,
            None => (0..self.rule.plans.len()).collect(),
        };
        if let Err(end) = self.prepare(task, source, outputs, work).await? {
            return Ok(end);
        }
        match &work.made {
            Some(cached) => self.write(task, slots, cached).await,
            None => Ok(End::Lost),
        }
    }

    /// Reads the source and makes some of its outputs, unless that was done before.
    pub(super) async fn prepare(
        &self,
        task: &Task<'_>,
        source: &Source,
        outputs: Vec<usize>,
        work: &mut Work,
    ) -> Result<Result<(), End>, Failure> {
        let (etag, version) = match source {
            Source::Object(object) => (Some(object.etag.as_str()), object.version.as_deref()),
            _ => (task.record.etag.as_deref(), task.record.version.as_deref()),
        };
        if work.made.as_ref().is_some_and(|made| made.has(etag, &outputs)) {
            return Ok(Ok(()));
        }
        if work.read.as_ref().is_none_or(|(_, object)| etag != Some(&object.etag)) {
            let fetched = self.store.fetch(&self.source(task, etag, version)).await?;
            if work.keep(fetched, task).is_none() {
                return Ok(Err(End::Lost));
            }
        }
        let Some((read, object)) = work.read.take() else {
            return Ok(Err(End::Lost));
        };
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(failure) => return self.poison(task, object, failure).await.map(Err),
        };
        if let Some(page) = self.page(task, &object) {
            match page.claim((self.clock)()).await? {
                Claim::Granted => {}
                Claim::Exhausted(failure) => return self.poison(task, object, failure).await.map(Err),
                Claim::Dead(Letter { code, reason, .. }) => {
                    let said = Ok(Outcome::Dead);
                    return Ok(Err(End::Poison(Verdict {
                        object,
                        code,
                        reason,
                        said,
                    })));
                }
            }
        }
        match self.transformed(bytes, outputs).await {
            Ok(outputs) => {
                work.made = Some(Cached { object, outputs });
                Ok(Ok(()))
            }
            Err(failure) if failure.fault() == Fault::Poison => self.poison(task, object, failure).await.map(Err),
            Err(failure) => {
                if let Some(page) = self.page(task, &object).filter(|_| failure.fault() == Fault::Setup) {
                    // A try that can't be returned stays counted; the failure to report is the set-up's.
                    let _ = page.give_back().await;
                }
                Err(failure)
            }
        }
    }

    /// Writes the outputs at the same time, and then the status, which says that the others exist.
    async fn write(&self, task: &Task<'_>, slots: &[&Slot], cached: &Cached) -> Result<End, Failure> {
        let outputs = slots.iter().filter_map(|slot| Some((slot, slot.output?)));
        let puts = outputs.filter_map(|(slot, index)| {
            let (template, output) = (self.rule.templates.get(index)?, cached.outputs.get(&index)?);
            Some(async move {
                let put = Put {
                    bucket: &self.rule.bucket,
                    key: &slot.key,
                    body: &output.bytes,
                    content_type: output.format.media_type(),
                    cache_control: self.rule.cache_control(template),
                    metadata: metadata(task, &cached.object, &slot.plan),
                    replaces: slot.made.as_ref().map(|made| made.etag.as_str()),
                };
                self.store.put(&put).await
            })
        });
        let mut written: Vec<Written> = join_all(puts).await.into_iter().collect::<Result<_, _>>()?;
        let status = slots.iter().find(|slot| slot.output.is_none());
        if let Some(slot) = status.filter(|_| !written.iter().any(Written::is_conflict)) {
            let made: Vec<(String, &Output)> = self.files(task, cached);
            // Copies of what was there before may be kept elsewhere.
            let replaced = slots.iter().any(|slot| slot.made.is_some());
            let status = Status::ready(task.record, &cached.object, &made, replaced);
            written.push(self.write_status(task, slot, &cached.object, &status).await?);
        }
        Ok(match written.iter().any(Written::is_conflict) {
            true => End::Conflict,
            false => End::Written(cached.object.clone()),
        })
    }

    /// Writes a status, replacing what is there.
    pub(super) async fn write_status(
        &self,
        task: &Task<'_>,
        slot: &Slot,
        object: &Object,
        status: &Status<'_>,
    ) -> Result<Written, Failure> {
        let mut metadata = metadata(task, object, &slot.plan);
        metadata.extend(status.metadata());
        let put = Put {
            bucket: &self.rule.bucket,
            key: &slot.key,
            body: &status.body(),
            content_type: "application/json",
            cache_control: "no-cache",
            metadata,
            replaces: slot.made.as_ref().map(|made| made.etag.as_str()),
        };
        self.store.put(&put).await
    }

    /// Everything that is made from an object, and where it is.
    fn files<'a>(&self, task: &Task<'_>, cached: &'a Cached) -> Vec<(String, &'a Output)> {
        let key = |index: &usize| Some(self.rule.templates.get(*index)?.key(task.below, &cached.object.etag));
        let outputs = cached.outputs.iter();
        outputs
            .filter_map(|(index, output)| Some((key(index)?, output)))
            .collect()
    }

    /// Decoding is CPU-bound, so it runs where it may block.
    async fn transformed(&self, bytes: Vec<u8>, outputs: Vec<usize>) -> Result<BTreeMap<usize, Output>, Failure> {
        let plans: Vec<Plan> = outputs
            .iter()
            .filter_map(|output| self.rule.plans.get(*output).cloned())
            .collect();
        let mut limits = self.limits.clone();
        // The host's own flag stays the host's.
        let _stop = limits
            .cancel
            .is_none()
            .then(|| Stop(limits.cancel.insert(Cancel::default()).clone()));
        let transform = self.transform.clone();
        let work = tokio::task::spawn_blocking(move || transform(&bytes, &plans, &limits));
        let crashed = |error| Failure::new(Fault::Poison, "INTERNAL", format!("while transforming: {error}"));
        let made = work.await.map_err(crashed)??;
        Ok(outputs.into_iter().zip(made).collect())
    }

    /// Reports a final failure, then records that it was reported: in this order, a function may be killed in
    /// between.
    async fn poison(&self, task: &Task<'_>, object: Object, failure: Failure) -> Result<End, Failure> {
        let (code, reason) = (failure.code().to_owned(), failure.reason().to_owned());
        let page = self.page(task, &object);
        let failure = match is_about(task.record, &object) || page.is_some() {
            true => self.reported(task.message, Some(task.record), failure).await?,
            false => failure,
        };
        let failure = match page {
            Some(page) => page.give_up(failure).await?,
            None => failure,
        };
        Ok(End::Poison(Verdict {
            object,
            code,
            reason,
            said: Err(failure),
        }))
    }

    fn page<'a>(&'a self, task: &Task<'a>, object: &'a Object) -> Option<Page<'a>> {
        let ledger = self.rule.ledger.as_ref()?;
        Some(Page::new(
            &self.store,
            ledger,
            &self.rule.plans_hash(),
            task.record,
            object,
        ))
    }
}

fn metadata(task: &Task<'_>, object: &Object, plan: &str) -> HashMap<String, String> {
    let record = task.record;
    // The event's sequencer is the object's only if the event is about this object.
    let sequencer = record.sequencer.as_ref().filter(|_| task.names(object));
    let values = [
        (meta::ID, Some(task.id.clone())),
        (meta::ETAG, Some(object.etag.clone())),
        (meta::VERSION, object.version.clone()),
        (
            meta::SEQUENCER,
            sequencer.map(|sequencer| sequencer.as_str().to_owned()),
        ),
        (meta::MODIFIED, Some(object.modified.to_string())),
        (meta::TIME, object.time.map(|time| time.to_string())),
        (meta::PLAN, Some(plan.to_owned())),
    ];
    values
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

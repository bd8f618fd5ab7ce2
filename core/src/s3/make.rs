//! Reads an object, makes its outputs off the async threads, and writes them.

use std::collections::{BTreeMap, HashMap};

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
    Lost(Outcome),
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

/// The outputs of an object, kept while conflicts are resolved so that it is not decoded again.
pub(super) struct Cached {
    object: Object,
    outputs: BTreeMap<usize, Output>,
}

impl Cached {
    fn has(&self, etag: Option<&str>, outputs: &[usize]) -> bool {
        etag == Some(&self.object.etag) && outputs.iter().all(|output| self.outputs.contains_key(output))
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
    /// Makes some outputs of the source and writes them, replacing what the slots have recorded.
    pub(super) async fn make(
        &self,
        task: &Task<'_>,
        source: &Source,
        slots: &[&Slot],
        cached: &mut Option<Cached>,
    ) -> Result<End, Failure> {
        let (etag, version) = match source {
            Source::Object(object) => (Some(object.etag.as_str()), object.version.as_deref()),
            _ => (task.record.etag.as_deref(), task.record.version.as_deref()),
        };
        // A status covers all the outputs.
        let outputs: Vec<usize> = match slots.iter().map(|slot| slot.output).collect() {
            Some(outputs) => outputs,
            None => (0..self.rule.plans.len()).collect(),
        };
        if !cached.as_ref().is_some_and(|cached| cached.has(etag, &outputs)) {
            let get = Get {
                bucket: &task.record.bucket,
                key: &task.record.key,
                etag,
                version,
                limit: self.limits.input_bytes,
                chained: self.rule.chained,
            };
            let (bytes, object) = match self.store.fetch(&get).await? {
                Fetched::Body(bytes, object) => (bytes, object),
                Fetched::TooLarge(failure, object) => return self.poison(task, object, failure).await,
                Fetched::Gone => return Ok(End::Lost(Outcome::Vanished)),
                Fetched::Replaced => return Ok(End::Lost(Outcome::Superseded)),
            };
            if let Some(page) = self.page(task, &object) {
                match page.claim((self.clock)()).await? {
                    Claim::Granted => {}
                    Claim::Exhausted(failure) => return self.poison(task, object, failure).await,
                    Claim::Dead(Letter { code, reason, .. }) => {
                        let said = Ok(Outcome::Dead);
                        return Ok(End::Poison(Verdict {
                            object,
                            code,
                            reason,
                            said,
                        }));
                    }
                }
            }
            match self.transformed(bytes, outputs).await {
                Ok(outputs) => *cached = Some(Cached { object, outputs }),
                Err(failure) if failure.fault() == Fault::Poison => return self.poison(task, object, failure).await,
                Err(failure) => {
                    if let Some(page) = self.page(task, &object).filter(|_| failure.fault() == Fault::Setup) {
                        // A try that can't be returned stays counted; the failure to report is the set-up's.
                        let _ = page.give_back().await;
                    }
                    return Err(failure);
                }
            }
        }
        match cached {
            Some(cached) => self.write(task, slots, cached).await,
            None => Ok(End::Lost(Outcome::Vanished)),
        }
    }

    async fn write(&self, task: &Task<'_>, slots: &[&Slot], cached: &Cached) -> Result<End, Failure> {
        // The status comes last, in the list too: it says that the others exist.
        for slot in slots {
            let written = match slot.output {
                None => {
                    let made: Vec<(String, &Output)> = self.files(task, cached);
                    let status = Status::ready(task.record, &cached.object, &made);
                    self.write_status(task, slot, &cached.object, &status).await?
                }
                Some(index) => {
                    let (Some(template), Some(output)) = (self.rule.templates.get(index), cached.outputs.get(&index))
                    else {
                        continue;
                    };
                    let put = Put {
                        bucket: &self.rule.bucket,
                        key: &slot.key,
                        body: &output.bytes,
                        content_type: output.format.media_type(),
                        cache_control: self.rule.cache_control(template),
                        metadata: metadata(task, &cached.object, &slot.plan),
                        replaces: slot.made.as_ref().map(|made| made.etag.as_str()),
                    };
                    self.store.put(&put).await?
                }
            };
            if let Written::Conflict = written {
                return Ok(End::Conflict);
            }
        }
        Ok(End::Written(cached.object.clone()))
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
    let own =
        record.etag.as_deref() == Some(&object.etag) && (record.version.is_none() || record.version == object.version);
    let sequencer = record.sequencer.as_ref().filter(|_| own);
    let values = [
        (meta::ID, Some(task.id.clone())),
        (meta::ETAG, Some(object.etag.clone())),
        (meta::VERSION, object.version.clone()),
        (
            meta::SEQUENCER,
            sequencer.map(|sequencer| sequencer.as_str().to_owned()),
        ),
        (meta::MODIFIED, Some(object.modified.to_string())),
        (meta::PLAN, Some(plan.to_owned())),
    ];
    values
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

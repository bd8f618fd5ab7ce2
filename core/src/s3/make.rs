//! Reads an object, makes its outputs off the async threads, and writes them.

use std::collections::HashMap;

use super::decide::{Object, Slot, Source};
use super::handler::Handler;
use super::ledger::{Claim, Page};
use super::report::{Failure, Fault, Outcome};
use super::rule::Task;
use super::store::{Fetched, Put, Written, meta};
use crate::{Cancel, Output, Plan};

/// How making ended.
pub(super) enum End {
    /// All of it is written, made of this.
    Written(Object),
    /// Another writer came in between: look again.
    Conflict,
    /// The object is not there any more, or is another.
    Lost(Outcome),
    /// This one is poison; what to say of it, if the event is about it.
    Poison(Object, Result<Outcome, Failure>),
}

/// What was made of an object, kept while conflicts are sorted out: it is not decoded again.
pub(super) struct Cached {
    object: Object,
    outputs: HashMap<usize, Output>,
}

impl Cached {
    fn has(&self, etag: Option<&str>, slots: &[&Slot]) -> bool {
        etag == Some(&self.object.etag) && slots.iter().all(|slot| self.outputs.contains_key(&slot.output))
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
    /// Makes some outputs of the source, and writes them over what the slots say lies there.
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
        if !cached.as_ref().is_some_and(|cached| cached.has(etag, slots)) {
            let place = (task.record.bucket.as_str(), task.record.key.as_str());
            let (bytes, object) = match self.store.fetch(place, etag, version, self.limits.input_bytes).await? {
                Fetched::Body(bytes, object) => (bytes, object),
                Fetched::TooLarge(failure, object) => return self.poison(task, object, failure).await,
                Fetched::Gone => return Ok(End::Lost(Outcome::Vanished)),
                Fetched::Replaced => return Ok(End::Lost(Outcome::Superseded)),
            };
            if let Some(page) = self.page(task, &object)
                && let Claim::Dead = page.claim((self.clock)()).await?
            {
                return Ok(End::Poison(object, Ok(Outcome::Dead)));
            }
            match self.transformed(bytes, slots).await {
                Ok(outputs) => *cached = Some(Cached { object, outputs }),
                Err(failure) if failure.fault() == Fault::Poison => return self.poison(task, object, failure).await,
                Err(failure) => return Err(failure),
            }
        }
        match cached {
            Some(cached) => self.write(task, slots, cached).await,
            None => Ok(End::Lost(Outcome::Vanished)),
        }
    }

    async fn write(&self, task: &Task<'_>, slots: &[&Slot], cached: &Cached) -> Result<End, Failure> {
        for slot in slots {
            let (Some(template), Some(output)) =
                (self.rule.templates.get(slot.output), cached.outputs.get(&slot.output))
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
            if let Written::Conflict = self.store.put(&put).await? {
                return Ok(End::Conflict);
            }
        }
        Ok(End::Written(cached.object.clone()))
    }

    /// Decoding takes a processor, not a socket: it runs where it may block.
    async fn transformed(&self, bytes: Vec<u8>, slots: &[&Slot]) -> Result<HashMap<usize, Output>, Failure> {
        let plans: Vec<Plan> = slots
            .iter()
            .filter_map(|slot| self.rule.plans.get(slot.output).cloned())
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
        Ok(slots.iter().map(|slot| slot.output).zip(made).collect())
    }

    async fn poison(&self, task: &Task<'_>, object: Object, failure: Failure) -> Result<End, Failure> {
        let failure = match self.page(task, &object) {
            Some(page) => page.give_up(failure).await?,
            None => failure,
        };
        Ok(End::Poison(object, Err(failure)))
    }

    fn page<'a>(&'a self, task: &Task<'a>, object: &'a Object) -> Option<Page<'a>> {
        let ledger = self.rule.ledger.as_ref()?;
        Some(Page::new(&self.store, ledger, task.record, object))
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

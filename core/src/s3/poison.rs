//! What happens when an object is poison: the report, the existing outputs, the status.

use super::decide::{Made, Slot, Source, is_about};
use super::event::{Kind, Record};
use super::handler::{Handler, is};
use super::make::Verdict;
use super::report::{Entry, Failure, Fault, Outcome};
use super::rule::{Stale, Task};
use super::status::Status;
use super::store::Written;

impl Handler {
    /// Reports a final failure, if there is anywhere to report it.
    pub(super) async fn reported(
        &self,
        message: Option<&str>,
        record: Option<&Record>,
        failure: Failure,
    ) -> Result<Failure, Failure> {
        let Some(rejects) = self.rejects.as_ref().filter(|_| failure.fault() == Fault::Poison) else {
            return Ok(failure);
        };
        let entry = Entry {
            message: message.map(str::to_owned),
            record: record.cloned(),
            result: Err(failure.clone()),
        };
        match rejects(entry).await {
            Ok(()) => Ok(failure.recorded()),
            Err(error) => Err(Failure::new(
                Fault::Transient,
                "UNREPORTED",
                format!("could not be reported ({error}): {failure}"),
            )),
        }
    }

    /// Whether an object is known to have been reported.
    pub(super) fn remembers(&self) -> bool {
        self.rejects.is_some() || self.rule.ledger.is_some()
    }

    /// A poison object is this event's failure only if the event is about it; otherwise its own event reports it.
    /// `Ok(Err(source))` if the source has changed, so that the outputs must be examined again.
    pub(super) async fn after_poison(
        &self,
        task: &Task<'_>,
        verdict: &Verdict,
        slots: &[Slot],
    ) -> Result<Result<Outcome, Source>, Failure> {
        let Verdict { object, said, .. } = verdict;
        let record = task.record;
        // Whatever the rule: a deleted object's outputs don't survive a broken upload, and neither do outputs that this
        // event wrote too late.
        let goes = |made: &Made| {
            self.rule.stale == Stale::Remove
                || record.kind == Kind::Removed
                || record.etag.as_deref() == Some(&made.source_etag)
        };
        let stale = |slot: &&Slot| {
            let ours = slot.made.as_ref().filter(|made| made.id.as_deref() == Some(&task.id));
            slot.output.is_some() && ours.is_some_and(|made| made.source_etag != object.etag && goes(made))
        };
        let stale: Vec<&Slot> = slots.iter().filter(stale).collect();
        if !stale.is_empty() {
            for removed in [false, true] {
                let now = self.look(task).await?;
                if !is(&now, object) {
                    return Ok(Err(now));
                }
                if !removed {
                    self.remove(stale.iter().copied()).await?;
                }
            }
        }
        let about = is_about(record, object);
        if !about {
            // This event's own status of an object that is replaced, written too late by a handler that was killed.
            let late = |slot: &Slot| slot.output.is_none() && slot.is_of(record.etag.as_deref(), &task.id);
            if !slots.iter().any(late) {
                return Ok(Ok(Outcome::Superseded));
            }
            // Its own event may have reported it, but nothing says so any more.
            if let Err(failure) = said
                && !failure.is_recorded()
            {
                let theirs = Record {
                    etag: Some(object.etag.clone()),
                    version: object.version.clone(),
                    size: None,
                    sequencer: None,
                    time: None,
                    ..record.clone()
                };
                self.reported(task.message, Some(&theirs), failure.clone()).await?;
            }
        }
        if let Some(written) = self.say_rejected(task, verdict, slots).await? {
            let now = self.look(task).await?;
            if matches!(written, Written::Conflict) || !is(&now, object) {
                return Ok(Err(now));
            }
        }
        if !about {
            return Ok(Ok(Outcome::Superseded));
        }
        said.clone().map(Ok)
    }

    /// The status, unless it already says so or now belongs to another source.
    async fn say_rejected(
        &self,
        task: &Task<'_>,
        verdict: &Verdict,
        slots: &[Slot],
    ) -> Result<Option<Written>, Failure> {
        let object = &verdict.object;
        let Some(slot) = slots.iter().find(|slot| slot.output.is_none()) else {
            return Ok(None);
        };
        if slot.rejects(object, &task.id) || slot.owned_by_another(object, &task.id) {
            return Ok(None);
        }
        let status = Status::rejected(task.record, object, &verdict.code, &verdict.reason);
        self.write_status(task, slot, object, &status).await.map(Some)
    }
}

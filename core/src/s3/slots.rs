//! The first requests of a record: what is looked at, and what goes together.

use futures_util::future::{join, join_all};

use super::decide::{Object, Slot, Source};
use super::event::Kind;
use super::handler::Handler;
use super::key::digest;
use super::make::{End, Verdict, Work};
use super::report::{Failure, Outcome};
use super::rule::Task;
use super::store::Fetched;

/// What the first requests show.
pub(super) enum First {
    Done(Outcome),
    /// The source has to be looked at.
    Look,
    /// It is this, and here is where its outputs go, with what is there as far as it matters.
    Seen(Object, Vec<Slot>),
    /// The event names no object to read.
    Nothing,
}

impl Handler {
    /// Reads the object that an event names, and looks at one of its outputs, at the same time: the status, or else the
    /// first output. If nothing is there, nothing is at the others either, as a rule, and the condition of their writes
    /// proves it. If an older version's is there, the others are looked at while the new ones are made.
    pub(super) async fn first(
        &self,
        task: &Task<'_>,
        work: &mut Work,
        poison: &mut Option<Verdict>,
    ) -> Result<First, Failure> {
        let record = task.record;
        let (Kind::Created, Some(etag)) = (record.kind, record.etag.as_deref()) else {
            return Ok(First::Nothing);
        };
        let mut slots = self.places(task, Some(etag)).await?;
        let Some(place) = slots
            .iter()
            .position(|slot| slot.output.is_none())
            .or(slots.first().map(|_| 0))
        else {
            return Ok(First::Nothing);
        };
        let get = self.source(task, Some(etag), record.version.as_deref());
        let (fetched, made) = join(
            self.store.fetch(&get),
            self.store.output(&self.rule.bucket, &slots[place].key),
        )
        .await;
        let fetched = fetched?;
        slots[place].made = made?;
        if slots[place].is_after(record, &task.id) {
            return Ok(First::Done(Outcome::Superseded));
        }
        let outcome = match &fetched {
            Fetched::Gone => Some(Outcome::Vanished),
            Fetched::Replaced => Some(Outcome::Superseded),
            _ => None,
        };
        if let Some(outcome) = outcome {
            self.fill(&mut slots, |at| at != place).await?;
            if slots.iter().any(|slot| slot.is_after(record, &task.id)) {
                return Ok(First::Done(Outcome::Superseded));
            }
            // Outputs of this very object may have been written too late, by a handler that was killed.
            let late = slots.iter().any(|slot| slot.is_of(Some(etag), &task.id));
            return Ok(if late { First::Look } else { First::Done(outcome) });
        }
        let Some(object) = work.keep(fetched, task) else {
            return Ok(First::Look);
        };
        if slots[place].made.is_none() {
            return Ok(First::Seen(object, slots));
        }
        if record.version.is_some() {
            // A version can be read even if it is no longer the newest.
            return Ok(First::Look);
        }
        let replaces = slots[place].made.as_ref().is_some_and(|made| {
            made.id.as_deref() == Some(&task.id) && made.source_etag != etag && (!made.rejected || !self.remembers())
        });
        let all: Vec<usize> = (0..self.rule.plans.len()).collect();
        let source = Source::Object(object.clone());
        let others = self.fill(&mut slots, |at| at != place);
        if replaces {
            let (filled, prepared) = join(others, self.prepare(task, &source, all, work)).await;
            filled?;
            if let Err(End::Poison(verdict)) = prepared? {
                *poison = Some(verdict);
            }
        } else {
            others.await?;
        }
        Ok(First::Seen(object, slots))
    }

    /// Looks at some of the places at the same time.
    async fn fill(&self, slots: &mut [Slot], which: impl Fn(usize) -> bool) -> Result<(), Failure> {
        let wanted = slots.iter_mut().enumerate().filter(|(at, _)| which(*at));
        let looked = wanted.map(|(_, slot)| async move {
            slot.made = self.store.output(&self.rule.bucket, &slot.key).await?;
            Ok(())
        });
        join_all(looked).await.into_iter().collect()
    }

    /// The places for outputs, and what is there now.
    pub(super) async fn slots(&self, task: &Task<'_>, source: &Source) -> Result<Vec<Slot>, Failure> {
        let mut slots = match source {
            Source::Object(object) => self.places(task, Some(object.etag.as_str())).await?,
            Source::Gone if self.rule.removal => self.places(task, None).await?,
            Source::Unseen | Source::Gone => Vec::new(),
        };
        self.fill(&mut slots, |_| true).await?;
        Ok(slots)
    }

    /// The places for outputs of an object, or for all that were ever made from this source.
    async fn places(&self, task: &Task<'_>, etag: Option<&str>) -> Result<Vec<Slot>, Failure> {
        let mut slots: Vec<Slot> = Vec::new();
        for (output, template) in self.rule.templates.iter().enumerate() {
            let keys = match etag {
                None if template.is_content_addressed() => {
                    let start = template.prefix_before_hash(task.below);
                    self.store.list(&self.rule.bucket, &start).await?
                }
                _ => vec![template.key(task.below, etag.unwrap_or_default())],
            };
            for key in keys {
                // Templates that differ only after their hashes find each other's outputs.
                if slots.iter().any(|slot| slot.key == key) {
                    continue;
                }
                slots.push(Slot {
                    output: Some(output),
                    made: None,
                    key,
                    plan: template.plan_hash().to_owned(),
                });
            }
        }
        if let Some(template) = &self.rule.status {
            let made: Vec<&str> = slots
                .iter()
                .flat_map(|slot| [slot.key.as_str(), slot.plan.as_str()])
                .collect();
            slots.push(Slot {
                output: None,
                made: None,
                plan: digest(&made),
                key: template.key(task.below, ""),
            });
        }
        Ok(slots)
    }
}

//! What to do next: a pure function of the event, the source and the outputs.
//!
//! The source is the truth; an event only says that a key has changed. It is trusted for one thing: to read at once
//! the object that it names, on condition that it is still the same one.

use super::event::{Kind, Record};
use super::report::Outcome;
use super::sequence::Sequencer;

/// What is known of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// It has not been examined.
    Unseen,
    /// It does not exist, or a delete marker hides it.
    Gone,
    /// It is this version.
    Object(Object),
}

/// A version of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) etag: String,
    pub(super) version: Option<String>,
    /// Seconds since 1970.
    pub(super) modified: i64,
}

/// An existing output, with the contents of its metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Made {
    /// Its own ETag.
    pub(super) etag: String,
    /// The source that it was made from; `None` if something else wrote it.
    pub(super) id: Option<String>,
    pub(super) source_etag: String,
    pub(super) plan: String,
    pub(super) sequencer: Option<Sequencer>,
    /// When its source was written; seconds since 1970.
    pub(super) modified: i64,
    /// Whether it is a status saying that the source was rejected.
    pub(super) rejected: bool,
}

/// A place for an output, and what is there now.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// The output's number in the rule; `None` for the status.
    pub(super) output: Option<usize>,
    pub(super) key: String,
    /// The hash of the plan that it should be made with.
    pub(super) plan: String,
    pub(super) made: Option<Made>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Done(Outcome),
    /// Look at the source.
    Look,
    /// Make these from the current source, or, if that has not been examined, from the event's object.
    Make(Vec<usize>),
    /// Delete these.
    Remove(Vec<usize>),
}

impl Slot {
    /// Whether the status is here and says that this very upload was rejected. The same bytes uploaded again are
    /// another try.
    pub(super) fn rejects(&self, object: &Object, id: &str) -> bool {
        let says = |made: &Made| {
            made.rejected
                && made.id.as_deref() == Some(id)
                && (made.source_etag == object.etag && made.modified == object.modified && made.plan == self.plan)
        };
        self.output.is_none() && self.made.as_ref().is_some_and(says)
    }

    /// Whether the output here belongs to another, later source. For the same second it is an arbitrary one, but always
    /// the same.
    pub(super) fn owned_by_another(&self, object: &Object, id: &str) -> bool {
        self.made.as_ref().is_some_and(|made| {
            made.id.as_deref().is_some_and(|other| other != id)
                && (made.modified, made.id.as_deref()) > (object.modified, Some(id))
        })
    }
}

/// Whether an event is about this object: then the object's failure is the event's.
pub(super) fn is_about(record: &Record, object: &Object) -> bool {
    record.kind == Kind::Created && record.etag.as_ref().is_none_or(|etag| *etag == object.etag)
}

/// The next step for a record. `id` identifies its bucket and key. Steps refer to slots by index.
pub(super) fn decide(record: &Record, source: &Source, slots: &[Slot], id: &str, removal: bool) -> Step {
    let ours = |made: &Made| made.id.as_deref() == Some(id);
    let those = |wanted: &dyn Fn(&Slot) -> bool| -> Vec<usize> {
        let chosen = slots.iter().enumerate().filter(|(_, slot)| wanted(slot));
        chosen.map(|(index, _)| index).collect()
    };
    match source {
        Source::Unseen => {
            let (Kind::Created, Some(etag)) = (record.kind, &record.etag) else {
                return Step::Look;
            };
            // Written by a later event's handler, which checks the source after its write: nothing to do. A handler
            // that rejects writes only the status, which says nothing about outputs written since.
            let late = |made: &Made| ours(made) && !made.rejected && is_after(made, record);
            if slots.iter().filter_map(|slot| slot.made.as_ref()).any(late) {
                return Step::Done(Outcome::Superseded);
            }
            // Another source's can be compared only with the source's own time. Outputs of this very object may
            // have been written too late, by a handler that was killed. A version can be read even if it is no longer
            // the newest.
            let look_first = |slot: &Slot| {
                let look = |made: &Made| {
                    !ours(made) || record.version.is_some() || made.source_etag == *etag && made.plan == slot.plan
                };
                slot.made.as_ref().is_some_and(look)
            };
            if slots.iter().any(look_first) {
                return Step::Look;
            }
            Step::Make(those(&|_| true))
        }
        Source::Gone => {
            let left = those(&|slot| slot.made.as_ref().is_some_and(ours));
            if removal && !left.is_empty() {
                return Step::Remove(left);
            }
            Step::Done(Outcome::Vanished)
        }
        Source::Object(object) => {
            let fits = |slot: &Slot, made: &Made| {
                ours(made) && !made.rejected && made.source_etag == object.etag && made.plan == slot.plan
            };
            let right = |slot: &Slot| {
                slot.owned_by_another(object, id) || slot.made.as_ref().is_some_and(|made| fits(slot, made))
            };
            let wrong = those(&|slot| !right(slot));
            if !wrong.is_empty() {
                return Step::Make(wrong);
            }
            Step::Done(if is_about(record, object) {
                Outcome::Current
            } else {
                Outcome::Superseded
            })
        }
    }
}

fn is_after(made: &Made, record: &Record) -> bool {
    match (&made.sequencer, &record.sequencer) {
        (Some(made), Some(record)) => made.is_after(record),
        _ => false,
    }
}

#[cfg(test)]
mod tests;

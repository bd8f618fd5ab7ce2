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
    /// It has not been examined: the event names no object to read.
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
    /// Milliseconds since 1970, as the object's own event says; otherwise nobody knows.
    pub(super) time: Option<i64>,
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
    /// The same in milliseconds, if known.
    pub(super) time: Option<i64>,
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
    /// Make these from the current source.
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

    /// Whether the output here belongs to another, later source. What is known to the second only leaves its output to
    /// another source of that second: its own event knows better. Of the same millisecond it is an arbitrary one, but
    /// always the same.
    pub(super) fn owned_by_another(&self, object: &Object, id: &str) -> bool {
        let Some((made, other)) = self.made.as_ref().and_then(|made| Some((made, made.id.as_deref()?))) else {
            return false;
        };
        other != id
            && match (made.time, object.time) {
                (Some(theirs), Some(ours)) => (theirs, other) > (ours, id),
                (_, None) => made.modified >= object.modified,
                (None, Some(_)) => made.modified > object.modified,
            }
    }

    /// Whether this was made from an object, with the plan that it should be made with.
    pub(super) fn fits(&self, etag: &str, id: &str) -> bool {
        let fits = |made: &Made| {
            made.id.as_deref() == Some(id) && !made.rejected && made.source_etag == etag && made.plan == self.plan
        };
        self.made.as_ref().is_some_and(fits)
    }

    /// Whether this tells of an object, be it that it was rejected.
    pub(super) fn is_of(&self, etag: Option<&str>, id: &str) -> bool {
        let made = self.made.as_ref().filter(|made| made.id.as_deref() == Some(id));
        made.is_some_and(|made| Some(made.source_etag.as_str()) == etag)
    }

    /// Whether a later event's handler wrote this. It looks at the source after its write, so that nothing is left to
    /// do. A handler that rejects writes only the status, which says nothing about outputs written since.
    pub(super) fn is_after(&self, record: &Record, id: &str) -> bool {
        let after = |made: &Made| match (&made.sequencer, &record.sequencer) {
            (Some(made), Some(record)) => made.is_after(record),
            _ => false,
        };
        let made = self
            .made
            .as_ref()
            .filter(|made| made.id.as_deref() == Some(id) && !made.rejected);
        made.is_some_and(after)
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
        Source::Unseen => Step::Look,
        Source::Gone => {
            let left = those(&|slot| slot.made.as_ref().is_some_and(ours));
            if removal && !left.is_empty() {
                return Step::Remove(left);
            }
            Step::Done(Outcome::Vanished)
        }
        Source::Object(object) => {
            let anothers = |slot: &Slot| slot.owned_by_another(object, id);
            let right = |slot: &Slot| anothers(slot) || slot.fits(&object.etag, id);
            let wrong = those(&|slot| !right(slot));
            if !wrong.is_empty() {
                return Step::Make(wrong);
            }
            Step::Done(if is_about(record, object) && !slots.iter().any(anothers) {
                Outcome::Current
            } else {
                Outcome::Superseded
            })
        }
    }
}

#[cfg(test)]
mod tests;

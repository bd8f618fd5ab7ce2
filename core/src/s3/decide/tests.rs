use super::*;

fn slot(made: Option<Made>) -> Slot {
    Slot {
        output: Some(0),
        key: "a.jpg".into(),
        plan: "plan".into(),
        made,
    }
}

fn event(kind: Kind, etag: &str, sequencer: &str) -> Record {
    Record {
        kind,
        name: String::new(),
        bucket: "uploads".into(),
        key: "a.jpg".into(),
        size: None,
        etag: Some(etag.to_owned()).filter(|etag| !etag.is_empty()),
        version: None,
        sequencer: Some(Sequencer::new(sequencer)),
    }
}

fn created(etag: &str, sequencer: &str) -> Record {
    event(Kind::Created, etag, sequencer)
}

fn object(etag: &str) -> Source {
    Source::Object(Object {
        etag: etag.into(),
        version: None,
        modified: 100,
    })
}

fn made(source_etag: &str, sequencer: &str) -> Option<Made> {
    Some(Made {
        etag: "output".into(),
        id: Some("id".into()),
        source_etag: source_etag.into(),
        plan: "plan".into(),
        sequencer: Some(Sequencer::new(sequencer)),
        modified: 100,
        rejected: false,
    })
}

fn foreign(modified: i64, id: &str) -> Option<Made> {
    let id = Some(id.to_owned());
    made("x", "01").map(|made| Made { id, modified, ..made })
}

fn step(record: &Record, source: &Source, output: Option<Made>) -> Step {
    decide(record, source, &[slot(output)], "id", true)
}

fn make() -> Step {
    Step::Make(vec![0])
}

#[test]
fn a_first_event_is_made_at_once() {
    assert_eq!(step(&created("a", "05"), &Source::Unseen, None), make());
    assert_eq!(step(&created("b", "05"), &Source::Unseen, made("a", "04")), make());
}

#[test]
fn a_duplicate_looks_at_the_source_before_it_is_done() {
    let record = created("a", "05");
    assert_eq!(step(&record, &Source::Unseen, made("a", "05")), Step::Look);
    assert_eq!(
        step(&record, &object("a"), made("a", "05")),
        Step::Done(Outcome::Current)
    );
    // Its handler was killed after it wrote, and the source is another by now.
    assert_eq!(step(&record, &object("b"), made("a", "05")), make());
}

#[test]
fn a_late_event_is_superseded() {
    assert_eq!(
        step(&created("a", "05"), &Source::Unseen, made("b", "06")),
        Step::Done(Outcome::Superseded)
    );
    // The paddings disagree on B and A0: it is read on condition.
    assert_eq!(step(&created("a", "B"), &Source::Unseen, made("b", "A0")), make());
}

#[test]
fn another_plan_makes_the_output_again() {
    let other = made("a", "05").map(|made| Made {
        plan: "old".into(),
        ..made
    });
    assert_eq!(step(&created("a", "05"), &Source::Unseen, other.clone()), make());
    assert_eq!(step(&created("a", "05"), &object("a"), other), make());
}

#[test]
fn a_deletion_always_looks() {
    let record = event(Kind::Removed, "", "07");
    assert_eq!(step(&record, &Source::Unseen, None), Step::Look);
    assert_eq!(step(&record, &Source::Gone, made("a", "05")), Step::Remove(vec![0]));
    assert_eq!(step(&record, &Source::Gone, None), Step::Done(Outcome::Vanished));
    // It was uploaded again; the output may have fallen to an earlier try of this very event.
    assert_eq!(step(&record, &object("a"), None), make());
    assert_eq!(
        step(&record, &object("a"), made("a", "08")),
        Step::Done(Outcome::Superseded)
    );
}

#[test]
fn outputs_stay_if_removal_was_not_asked() {
    let record = created("a", "05");
    let step = decide(&record, &Source::Gone, &[slot(made("a", "05"))], "id", false);
    assert_eq!(step, Step::Done(Outcome::Vanished));
}

#[test]
fn a_versioned_object_is_looked_at_before_it_replaces_anything() {
    let mut record = created("a", "05");
    record.version = Some("v1".into());
    assert_eq!(step(&record, &Source::Unseen, None), make());
    assert_eq!(step(&record, &Source::Unseen, made("b", "04")), Step::Look);
}

#[test]
fn only_what_is_missing_is_made() {
    let slots = [slot(made("a", "05")), slot(None)];
    let step = decide(&created("a", "05"), &object("a"), &slots, "id", true);
    assert_eq!(step, Step::Make(vec![1]));
}

#[test]
fn of_two_sources_with_one_output_the_later_wins() {
    let record = created("a", "05");
    assert_eq!(step(&record, &Source::Unseen, foreign(99, "other")), Step::Look);
    assert_eq!(step(&record, &object("a"), foreign(99, "other")), make());
    assert_eq!(
        step(&record, &object("a"), foreign(101, "other")),
        Step::Done(Outcome::Current)
    );
    // In one second the greater id wins, whoever asks.
    assert_eq!(step(&record, &object("a"), foreign(100, "a")), make());
    assert_eq!(
        step(&record, &object("a"), foreign(100, "z")),
        Step::Done(Outcome::Current)
    );
    // What is nobody's is replaced; what is another's isn't deleted.
    let nobodys = foreign(999, "x").map(|made| Made { id: None, ..made });
    assert_eq!(step(&record, &object("a"), nobodys), make());
    assert_eq!(
        step(&record, &Source::Gone, foreign(1, "other")),
        Step::Done(Outcome::Vanished)
    );
}

fn status(made: Option<Made>) -> Slot {
    Slot {
        output: None,
        ..slot(made)
    }
}

fn rejected(source_etag: &str, modified: i64) -> Option<Made> {
    made(source_etag, "05").map(|made| Made {
        modified,
        rejected: true,
        ..made
    })
}

#[test]
fn a_missing_status_is_made_when_the_outputs_are_there() {
    let slots = [slot(made("a", "05")), status(None)];
    let step = decide(&created("a", "05"), &object("a"), &slots, "id", true);
    assert_eq!(step, Step::Make(vec![1]));
}

#[test]
fn what_the_status_rejects_is_known_by_the_upload() {
    let Source::Object(object_a) = object("a") else {
        unreachable!()
    };
    assert!(status(rejected("a", 100)).rejects(&object_a, "id"));
    // The same bytes uploaded again, another object, another source's, no status.
    assert!(!status(rejected("a", 99)).rejects(&object_a, "id"));
    assert!(!status(rejected("b", 100)).rejects(&object_a, "id"));
    assert!(!status(rejected("a", 100)).rejects(&object_a, "other"));
    assert!(!status(made("a", "05")).rejects(&object_a, "id"));
    assert!(!slot(rejected("a", 100)).rejects(&object_a, "id"));
}

#[test]
fn a_status_that_rejects_fits_nothing() {
    let decided = |source: &Source, made: Option<Made>| {
        decide(&created("a", "05"), source, &[slot(None), status(made)], "id", true)
    };
    assert_eq!(decided(&Source::Unseen, rejected("a", 100)), Step::Look);
    assert_eq!(decided(&object("a"), rejected("a", 100)), Step::Make(vec![0, 1]));
    assert_eq!(decided(&Source::Gone, rejected("a", 100)), Step::Remove(vec![1]));
    let others = rejected("a", 101).map(|made| Made {
        id: Some("other".into()),
        ..made
    });
    assert_eq!(decided(&object("a"), others), Step::Make(vec![0]));
}

#[test]
fn a_later_rejection_does_not_settle_what_was_written_beside_it() {
    let record = created("a", "04");
    let decided = |made: Option<Made>, source: &Source| {
        decide(&record, source, &[slot(made), status(rejected("b", 100))], "id", true)
    };
    // Written by a try of this event that was killed; the source is what was rejected.
    assert_eq!(decided(made("a", "04"), &Source::Unseen), Step::Look);
    assert_eq!(decided(made("a", "04"), &object("b")), Step::Make(vec![0, 1]));
    // Not there: it is read on condition that it is still what the event says.
    assert_eq!(decided(None, &Source::Unseen), Step::Make(vec![0, 1]));
}

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
        time: None,
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
        time: Some(100_500),
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
        time: Some(100_500),
        rejected: false,
    })
}

fn foreign(time: i64, id: &str) -> Option<Made> {
    let (id, modified) = (Some(id.to_owned()), time / 1000);
    let time = Some(time);
    made("x", "01").map(|made| Made {
        id,
        modified,
        time,
        ..made
    })
}

fn step(record: &Record, source: &Source, output: Option<Made>) -> Step {
    decide(record, source, &[slot(output)], "id", true)
}

fn make() -> Step {
    Step::Make(vec![0])
}

#[test]
fn without_an_object_to_read_the_source_is_looked_at() {
    assert_eq!(step(&created("", "05"), &Source::Unseen, None), Step::Look);
    assert_eq!(step(&created("", "05"), &object("a"), None), make());
}

#[test]
fn what_fits_is_left_alone_and_what_does_not_is_made() {
    let record = created("a", "05");
    let made_with = |plan: &str| {
        made("a", "05").map(|made| Made {
            plan: plan.into(),
            ..made
        })
    };
    assert_eq!(step(&record, &object("a"), None), make());
    assert_eq!(step(&record, &object("a"), made("b", "04")), make());
    assert_eq!(step(&record, &object("a"), made_with("old")), make());
    assert_eq!(
        step(&record, &object("a"), made_with("plan")),
        Step::Done(Outcome::Current)
    );
    // Its handler was killed after it wrote, and the source is another by now.
    assert_eq!(step(&record, &object("b"), made("a", "05")), make());
}

#[test]
fn a_late_event_is_known_by_what_a_later_one_wrote() {
    let after = |made, sequencer: &str| slot(made).is_after(&created("a", sequencer), "id");
    assert!(after(made("b", "06"), "05"));
    assert!(!after(made("b", "05"), "05") && !after(made("b", "04"), "05") && !after(None, "05"));
    // The paddings disagree on B and A0.
    assert!(!after(made("b", "A0"), "B"));
    // A status that rejects says nothing about the outputs; another source's events have another order.
    assert!(!after(rejected("b", 100), "04") && !after(foreign(100_500, "other"), "00"));
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
fn only_what_is_missing_is_made() {
    let slots = [slot(made("a", "05")), slot(None)];
    let step = decide(&created("a", "05"), &object("a"), &slots, "id", true);
    assert_eq!(step, Step::Make(vec![1]));
}

#[test]
fn of_two_sources_with_one_output_the_later_wins() {
    let record = created("a", "05");
    let superseded = || Step::Done(Outcome::Superseded);
    assert_eq!(step(&record, &object("a"), foreign(99_999, "other")), make());
    assert_eq!(step(&record, &object("a"), foreign(101_000, "other")), superseded());
    // Within a second, the milliseconds decide.
    assert_eq!(step(&record, &object("a"), foreign(100_499, "z")), make());
    assert_eq!(step(&record, &object("a"), foreign(100_501, "a")), superseded());
    // Of one millisecond the greater id wins, whoever asks.
    assert_eq!(step(&record, &object("a"), foreign(100_500, "a")), make());
    assert_eq!(step(&record, &object("a"), foreign(100_500, "z")), superseded());
    // What is nobody's is replaced; what is another's isn't deleted.
    let nobodys = foreign(999_000, "x").map(|made| Made { id: None, ..made });
    assert_eq!(step(&record, &object("a"), nobodys), make());
    assert_eq!(
        step(&record, &Source::Gone, foreign(1000, "other")),
        Step::Done(Outcome::Vanished)
    );
}

#[test]
fn what_is_known_to_the_second_gives_way_within_that_second() {
    let record = created("a", "05");
    let Source::Object(known) = object("a") else {
        unreachable!()
    };
    let unknown = Source::Object(Object { time: None, ..known });
    let theirs = |modified, time| foreign(0, "other").map(|made| Made { modified, time, ..made });
    let done = Step::Done(Outcome::Superseded);
    assert_eq!(step(&record, &unknown, theirs(100, Some(100_001))), done);
    assert_eq!(step(&record, &unknown, theirs(100, None)), done);
    assert_eq!(step(&record, &unknown, theirs(99, Some(99_999))), make());
    assert_eq!(step(&record, &object("a"), theirs(100, None)), make());
    assert_eq!(step(&record, &object("a"), theirs(101, None)), done);
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
    assert_eq!(decided(&object("a"), rejected("a", 100)), Step::Make(vec![0, 1]));
    assert_eq!(decided(&Source::Gone, rejected("a", 100)), Step::Remove(vec![1]));
    let others = rejected("a", 101).map(|made| Made {
        id: Some("other".into()),
        time: None,
        ..made
    });
    assert_eq!(decided(&object("a"), others), Step::Make(vec![0]));
}

#[test]
fn a_later_rejection_does_not_settle_what_was_written_beside_it() {
    // Written by a try of this event that was killed; the source is what was rejected.
    let slots = [slot(made("a", "04")), status(rejected("b", 100))];
    let record = created("a", "04");
    assert!(slots[0].fits("a", "id") && !slots.iter().any(|slot| slot.is_after(&record, "id")));
    assert_eq!(
        decide(&record, &object("b"), &slots, "id", true),
        Step::Make(vec![0, 1])
    );
}

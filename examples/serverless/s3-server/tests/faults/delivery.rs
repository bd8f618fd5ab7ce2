//! Faults 1 to 9, 14 and 15: how events are delivered.

use std::time::{Duration, Instant};

use keenpix::s3::{Fault as Whose, Outcome, Rule, parse_value};
use keenpix_s3_server::{Fault, in_sns, in_sqs};
use serde_json::json;

use crate::world::{picture, plan, rule, world};

#[tokio::test]
async fn fault_1_the_same_event_twice_is_written_once() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    world.written(&event).await;
    assert_eq!(world.handle(&event).await, Ok(Outcome::Current));
    assert_eq!((world.count("PUT", "avatars/"), world.decodes()), (1, 1));
    let avatar = world.avatar("me").unwrap();
    assert_eq!(avatar.content_type.as_deref(), Some("image/jpeg"));
    assert_eq!(avatar.cache_control.as_deref(), Some("public, max-age=300"));
    assert_eq!(avatar.metadata["source-etag"], event.etag.clone().unwrap());
    assert_eq!(avatar.metadata["source-sequencer"], event.sequencer);
    assert_eq!(avatar.metadata["plan-hash"].len(), 32);
}

#[tokio::test]
async fn fault_2_events_out_of_order_end_with_the_newest() {
    let world = world(rule()).await;
    let first = world.upload("me.png", picture(1));
    let second = world.upload("me.png", picture(2));
    let third = world.upload("me.png", picture(3));
    assert_eq!(world.handle(&second).await, Ok(Outcome::Superseded));
    world.written(&third).await;
    assert_eq!(world.handle(&first).await, Ok(Outcome::Superseded));
    assert!(world.is_made_of("me", &picture(3)));
    assert_eq!(world.decodes(), 1);
}

#[tokio::test]
async fn fault_2_sequencers_of_other_lengths_and_none_at_all_end_the_same() {
    for (early, late) in [("A0", "B"), ("B", "A0"), ("0F", "F0F"), ("", "")] {
        let world = world(rule()).await;
        let mut first = world.upload("me.png", picture(1));
        let mut second = world.upload("me.png", picture(2));
        (first.sequencer, second.sequencer) = (early.into(), late.into());
        world.written(&second).await;
        assert_eq!(world.handle(&first).await, Ok(Outcome::Superseded), "{early} {late}");
        assert!(world.is_made_of("me", &picture(2)));
    }
}

#[tokio::test]
async fn fault_2_a_deletion_before_its_upload_leaves_nothing() {
    let world = world(rule()).await;
    let upload = world.upload("me.png", picture(1));
    let deletion = world.delete("me.png");
    assert_eq!(world.handle(&deletion).await, Ok(Outcome::Vanished));
    assert_eq!(world.handle(&upload).await, Ok(Outcome::Vanished));
    assert_eq!(world.avatar("me"), None);
    // And a deletion that arrives after the next upload removes nothing.
    let again = world.upload("me.png", picture(2));
    world.written(&again).await;
    assert_eq!(world.handle(&deletion).await, Ok(Outcome::Superseded));
    assert!(world.is_made_of("me", &picture(2)));
}

#[tokio::test]
async fn fault_3_duplicates_at_the_same_time_agree() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    let (one, two, three) = tokio::join!(world.handle(&event), world.handle(&event), world.handle(&event));
    for outcome in [one, two, three] {
        assert!(
            matches!(outcome, Ok(Outcome::Written(_) | Outcome::Current)),
            "{outcome:?}"
        );
    }
    assert!(world.is_made_of("me", &picture(1)));
}

#[tokio::test]
async fn fault_4_after_a_time_out_the_next_try_succeeds() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    world.on(|call, before| match (call.key.as_str(), before) {
        ("me.png", 0) => Fault::Slow(16, Duration::from_millis(50)),
        _ => Fault::None,
    });
    let deadline = Instant::now() + Duration::from_millis(150);
    let report = world.handler.handle_value(event.to_json(), Some(deadline)).await;
    let failure = report.entries[0].result.clone().unwrap_err();
    assert_eq!((failure.code(), failure.retryable()), ("DEADLINE", true));
    // The function fails, and Lambda tries again.
    assert_eq!(report.response().unwrap_err().code(), "DEADLINE");
    world.written(&event).await;
}

#[tokio::test]
async fn fault_4_what_was_not_begun_in_time_is_reported() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    let report = world.handler.handle_value(event.to_json(), Some(Instant::now())).await;
    assert_eq!(report.entries[0].result.clone().unwrap_err().code(), "DEADLINE");
    assert_eq!(world.server.requests(), 0);
}

#[tokio::test]
async fn fault_5_an_event_that_was_throttled_for_hours_finds_another_world() {
    let world = world(rule()).await;
    let late = world.upload("me.png", picture(1));
    let deletion = world.delete("me.png");
    let newest = world.upload("me.png", picture(2));
    world.written(&newest).await;
    assert_eq!(world.handle(&deletion).await, Ok(Outcome::Superseded));
    assert_eq!(world.handle(&late).await, Ok(Outcome::Superseded));
    assert!(world.is_made_of("me", &picture(2)));
}

#[tokio::test]
async fn fault_6_recursion_is_refused_before_the_first_request() {
    let into_itself = Rule::new("uploads").with_output("avatars/{name}.jpg", plan(8)).unwrap();
    let world = world(into_itself).await;
    let event = world.upload("me.png", picture(1));
    let failure = world.handle(&event).await.unwrap_err();
    assert_eq!((failure.code(), failure.fault()), ("RECURSION", Whose::Setup));
    assert_eq!(world.server.requests(), 0);
}

#[tokio::test]
async fn fault_6_one_bucket_with_separate_prefixes_feeds_nothing_back() {
    let rule = Rule::new("uploads")
        .with_prefix("in/")
        .with_output("out/{name}.jpg", plan(8))
        .unwrap();
    let world = world(rule).await;
    let event = world.upload("in/me.png", picture(1));
    let mut events = world.server.store().watch("uploads");
    world.written(&event).await;
    let output = events.recv().await.unwrap();
    assert_eq!(output.key, "out/me.jpg");
    assert!(matches!(world.handle(&output).await, Ok(Outcome::Ignored(_))));
}

#[tokio::test]
async fn fault_6_an_output_that_was_copied_to_the_uploads_is_refused() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    world.written(&event).await;
    let mut events = world.server.store().watch("uploads");
    let copy = world.server.client().copy_object().bucket("uploads").key("copy.jpg");
    copy.copy_source("assets/avatars/me.jpg").send().await.unwrap();
    let copied = events.recv().await.unwrap();
    let failure = world.handle(&copied).await.unwrap_err();
    assert_eq!((failure.code(), failure.fault()), ("RECURSION", Whose::Setup));
    assert_eq!((world.avatar("copy"), world.decodes()), (None, 1));
    let chained = world.handler_for(rule().with_chaining(true));
    assert!(chained.handle_value(copied.to_json(), None).await.response().is_ok());
    assert!(world.avatar("copy").is_some());
}

#[tokio::test]
async fn fault_7_keys_are_decoded_once() {
    let world = world(rule()).await;
    for key in [
        "my photo.png",
        "1+1.png",
        "100%.png",
        "a%2Bb.png",
        "写真 ü.png",
        "a&b=c;d.png",
        "q?#.png",
    ] {
        let event = world.upload(key, picture(1));
        world.written(&event).await;
        assert!(world.avatar(key.strip_suffix(".png").unwrap()).is_some(), "{key}");
    }
}

#[tokio::test]
async fn fault_8_the_version_of_the_event_is_read() {
    let world = world(rule()).await;
    world.server.store().create_versioned_bucket("uploads");
    let first = world.upload("me.png", picture(1));
    let marker = world.delete("me.png");
    // The version can still be read though the object is deleted: it must not come back.
    let outcome = world.handle(&first).await.unwrap();
    assert!(
        matches!(outcome, Outcome::Written(_)),
        "made, and removed again: {outcome:?}"
    );
    assert_eq!((world.decodes(), world.avatar("me")), (1, None));
    assert_eq!(world.handle(&marker).await, Ok(Outcome::Vanished));
    let second = world.upload("me.png", picture(2));
    let third = world.upload("me.png", picture(3));
    world.written(&third).await;
    assert_eq!(world.handle(&second).await, Ok(Outcome::Superseded));
    assert!(world.is_made_of("me", &picture(3)));
    assert_eq!(
        world.avatar("me").unwrap().metadata["source-version"],
        third.version.unwrap()
    );
}

#[tokio::test]
async fn fault_9_every_version_envelope_and_number_of_records_is_read() {
    let world = world(rule()).await;
    let one = world.upload("one.png", picture(1));
    let two = world.upload("two.png", picture(2));
    let mut both = json!({"Records": [one.record(), two.record()]});
    both["Records"][1]["eventVersion"] = "2.6".into();
    both["Records"][1]["s3"]["object"]["someday"] = json!({"new": true});
    let sns = json!({"Type": "Notification", "Message": both.to_string()}).to_string();
    let events = [
        both.clone(),
        in_sns(&both),
        in_sqs(&[("1".into(), both.to_string())]),
        in_sqs(&[("1".into(), sns)]),
        in_sqs(&[
            ("1".into(), one.to_eventbridge().to_string()),
            ("2".into(), two.to_eventbridge().to_string()),
        ]),
    ];
    for event in events {
        let report = world.handler.handle_value(event.clone(), None).await;
        assert_eq!(report.entries.len(), 2, "{event}");
        assert!(report.entries.iter().all(|entry| entry.result.is_ok()), "{report:?}");
    }
    assert!(world.is_made_of("one", &picture(1)) && world.is_made_of("two", &picture(2)));
    assert_eq!(world.decodes(), 2);
    let test = json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "uploads"});
    assert!(world.handler.handle_value(test, None).await.entries.is_empty());
}

#[tokio::test]
async fn fault_14_one_bad_record_of_a_batch_is_reported_alone() {
    let world = world(rule()).await;
    let good = world.upload("good.png", picture(1));
    let bad = world.upload("bad.png", b"<html>".to_vec());
    let batch = in_sqs(&[
        ("m1".into(), good.to_json().to_string()),
        ("m2".into(), bad.to_json().to_string()),
        ("m3".into(), "no JSON".into()),
    ]);
    assert_eq!(parse_value(batch.clone()).len(), 3);
    let report = world.handler.handle_value(batch, None).await;
    assert_eq!(
        report.response().unwrap(),
        json!({"batchItemFailures": [{"itemIdentifier": "m2"}, {"itemIdentifier": "m3"}]})
    );
    let codes: Vec<&str> = report.unsettled().map(|(_, failure)| failure.code()).collect();
    assert_eq!(codes, ["NOT_AN_IMAGE", "BAD_EVENT"]);
    assert!(world.is_made_of("good", &picture(1)));
}

#[tokio::test]
async fn fault_15_a_message_that_becomes_visible_too_early_does_no_harm() {
    let ledger = rule().with_ledger("assets", "ledger/", Duration::from_secs(60));
    let world = world(ledger).await;
    let event = world.upload("me.png", picture(1));
    world.on(|call, before| match (call.key.as_str(), before) {
        ("me.png", 0) => Fault::Slow(64, Duration::from_millis(20)),
        _ => Fault::None,
    });
    let early = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        world.handle(&event).await
    };
    let (slow, early) = tokio::join!(world.handle(&event), early);
    assert!(slow.is_ok() && early.is_ok(), "{slow:?} {early:?}");
    assert!(world.is_made_of("me", &picture(1)));
    assert!(world.decodes() <= 3);
}

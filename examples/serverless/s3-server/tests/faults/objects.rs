//! Faults 16 to 19, 22 and 24: what the objects are and leave behind.

use std::time::{Duration, SystemTime};

use keenpix::Limits;
use keenpix::input::Tolerate;
use keenpix::s3::{Fault as Whose, Outcome, Rule, Stale};
use serde_json::Value;

use crate::world::{World, picture, plan, rule, world};

const LEASE: Duration = Duration::from_secs(60);

async fn code(world: &World, bytes: Vec<u8>) -> (&'static str, Whose) {
    let event = world.upload("me.png", bytes);
    let failure = world.handle(&event).await.unwrap_err();
    (failure.code(), failure.fault())
}

fn dead_letters(world: &World) -> Vec<Value> {
    let letters = world.server.store().list("assets", "ledger/dead/");
    letters
        .iter()
        .map(|(_, letter)| serde_json::from_slice(&letter.bytes).unwrap())
        .collect()
}

#[tokio::test]
async fn fault_16_a_picture_that_needs_more_than_the_machine_has() {
    let mut world = world(rule()).await;
    world.handler = world.handler.clone().with_limits(Limits::new().with_memory(64));
    assert_eq!(code(&world, picture(1)).await, ("LIMIT_MEMORY", Whose::Poison));
    world.handler = world.handler.clone().with_limits(Limits::new().with_pixels(143));
    assert_eq!(code(&world, picture(1)).await, ("LIMIT_PIXELS", Whose::Poison));
}

#[tokio::test]
async fn fault_17_an_empty_object_is_no_image() {
    let world = world(rule()).await;
    assert_eq!(code(&world, Vec::new()).await, ("NOT_AN_IMAGE", Whose::Poison));
}

#[tokio::test]
async fn fault_18_a_folders_marker_is_ignored() {
    let world = world(rule()).await;
    let event = world.upload("folder/", Vec::new());
    assert!(matches!(world.handle(&event).await, Ok(Outcome::Ignored(_))));
    assert_eq!(world.server.requests(), 0);
}

#[tokio::test]
async fn fault_19_the_content_counts_not_the_name() {
    let world = world(rule()).await;
    for key in ["a.jpg", "b.txt", "c", "d.png.exe"] {
        let event = world.upload(key, picture(1));
        world.written(&event).await;
    }
    for bytes in ["GIF?", "<!doctype html>", "{\"a\": 1}"] {
        assert_eq!(
            code(&world, bytes.into()).await,
            ("NOT_AN_IMAGE", Whose::Poison),
            "{bytes}"
        );
    }
}

#[tokio::test]
async fn fault_22_a_poison_object_is_recorded_once_however_often_it_comes() {
    let world = world(rule().with_ledger("assets", "ledger/", LEASE)).await;
    let event = world.upload("me.png", b"<html>".to_vec());
    let failure = world.handle(&event).await.unwrap_err();
    assert_eq!((failure.code(), failure.is_recorded()), ("NOT_AN_IMAGE", true));
    for _ in 0..5 {
        assert_eq!(world.handle(&event).await, Ok(Outcome::Dead));
    }
    assert_eq!(world.decodes(), 1);
    let letters = dead_letters(&world);
    assert_eq!(letters.len(), 1);
    assert_eq!(
        (&letters[0]["key"], &letters[0]["code"]),
        (&"me.png".into(), &"NOT_AN_IMAGE".into())
    );
    // The queue has nothing to keep.
    let report = world.handler.handle_value(event.to_json(), None).await;
    assert!(report.response().is_ok());
    // Uploading the same bytes again is another try.
    let again = world.upload("me.png", b"<html>".to_vec());
    assert!(world.handle(&again).await.is_err());
    assert_eq!(dead_letters(&world).len(), 2);
}

#[tokio::test]
async fn fault_22_under_other_plans_a_dead_object_is_tried_again() {
    let ruled = |tolerate| {
        let plan = plan(8).with_tolerate(tolerate);
        let rule = Rule::new("assets").with_output("avatars/{name}.jpg", plan).unwrap();
        rule.with_status("avatars/{name}.json")
            .unwrap()
            .with_ledger("assets", "ledger/", LEASE)
    };
    let mut world = world(ruled(Tolerate::None)).await;
    let event = world.upload("me.png", picture(1)[..300].to_vec());
    assert_eq!(world.handle(&event).await.unwrap_err().code(), "TRUNCATED");
    assert_eq!(world.handle(&event).await, Ok(Outcome::Dead));
    world.handler = world.handler_for(ruled(Tolerate::Truncated));
    world.written(&event).await;
    assert_eq!(world.handle(&event).await, Ok(Outcome::Current));
    let status = world.server.store().get("assets", "avatars/me.json").unwrap();
    assert_eq!(status.metadata["state"], "ready");
    // What was recorded under the former plans still holds under them.
    world.handler = world.handler_for(ruled(Tolerate::None));
    assert_eq!(world.handle(&event).await, Ok(Outcome::Dead));
}

#[tokio::test]
async fn what_the_set_up_can_not_make_is_never_poison() {
    let rule = rule().with_status("avatars/{name}.json").unwrap();
    let mut world = world(rule.with_ledger("assets", "ledger/", LEASE)).await;
    let sound = world.handler.clone();
    world.handler = sound
        .clone()
        .with_transform(|_, _, _| Err(keenpix::Error::bad_plan("it contradicts itself")))
        .with_rejects(|entry| async move { panic!("reported: {entry:?}") });
    let event = world.upload("me.png", picture(1));
    // More often than an object that is itself at fault would be tried.
    for _ in 0..5 {
        let failure = world.handle(&event).await.unwrap_err();
        assert_eq!((failure.code(), failure.fault()), ("BAD_PLAN", Whose::Setup));
        assert!(!failure.is_recorded());
    }
    assert!(dead_letters(&world).is_empty());
    assert!(world.server.store().get("assets", "avatars/me.json").is_none());
    world.handler = sound;
    world.written(&event).await;
}

#[tokio::test]
async fn a_limit_is_the_set_ups_fault_if_the_plan_passes_it_and_the_files_if_that_does() {
    let mut world = world(rule()).await;
    world.handler = world.handler.clone().with_limits(Limits::new().with_width(11));
    let wide = Rule::new("assets").with_output("avatars/{name}.jpg", plan(16)).unwrap();
    assert_eq!(code(&world, picture(1)).await, ("LIMIT_WIDTH", Whose::Poison));
    world.handler = world.handler_for(wide).with_limits(Limits::new().with_width(15));
    assert_eq!(code(&world, picture(1)).await, ("LIMIT_WIDTH", Whose::Setup));
}

#[tokio::test]
async fn fault_22_without_a_ledger_the_queue_keeps_it() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1)[..40].to_vec());
    let report = world.handler.handle_value(event.to_json(), None).await;
    let error = report.response().unwrap_err();
    assert!(error.to_string().contains("uploads/me.png"), "{error}");
}

#[tokio::test]
async fn fault_22_an_object_that_kills_its_function_is_given_up_after_three_tries() {
    let mut world = world(rule().with_ledger("assets", "ledger/", LEASE)).await;
    let event = world.upload("me.png", picture(1));
    let start = SystemTime::now();
    for _ in 0..3 {
        let began = std::sync::Arc::new(tokio::sync::Notify::new());
        let told = began.clone();
        let killed = world.handler.clone().with_transform(move |_, _, limits| {
            told.notify_one();
            let cancel = limits.cancel.clone().unwrap();
            while !cancel.is_cancelled() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(keenpix::Error::Cancelled)
        });
        tokio::select! {
            _ = killed.handle_value(event.to_json(), None) => panic!("it can't have ended"),
            _ = began.notified() => {}
        }
    }
    // The third may still be at work…
    let failure = world.handle(&event).await.unwrap_err();
    assert_eq!((failure.code(), failure.retryable()), ("BUSY", true));
    // …until its lease is over.
    world.handler = world.handler.clone().with_clock(move || start + 2 * LEASE);
    let failure = world.handle(&event).await.unwrap_err();
    assert_eq!((failure.code(), failure.is_recorded()), ("ATTEMPTS", true));
    assert_eq!(world.handle(&event).await, Ok(Outcome::Dead));
    assert_eq!((dead_letters(&world).len(), world.decodes()), (1, 0));
}

#[tokio::test]
async fn a_broken_upload_keeps_or_removes_what_was_there_as_the_rule_says() {
    for (stale, left) in [(Stale::Keep, true), (Stale::Remove, false)] {
        let world = world(rule().with_stale(stale)).await;
        let first = world.upload("me.png", picture(1));
        world.written(&first).await;
        let broken = world.upload("me.png", b"<html>".to_vec());
        assert_eq!(world.handle(&broken).await.unwrap_err().code(), "NOT_AN_IMAGE");
        assert_eq!(world.avatar("me").is_some(), left);
    }
}

#[tokio::test]
async fn fault_24_a_warm_sandbox_remembers_nothing() {
    let mut world = world(rule()).await;
    let sound = world.handler.clone();
    let panicking = sound.clone().with_transform(|_, _, _| panic!("a codec's fault"));
    for seed in 0..10 {
        let event = world.upload("me.png", picture(seed));
        world.handler = panicking.clone();
        assert_eq!(world.handle(&event).await.unwrap_err().code(), "INTERNAL");
        world.handler = sound.clone();
        world.written(&event).await;
        assert!(world.is_made_of("me", &picture(seed)));
        let other = world.upload("other.png", b"text".to_vec());
        assert!(world.handle(&other).await.is_err());
    }
}

#[tokio::test]
async fn content_addressed_outputs_stay_until_their_source_goes() {
    let rule = Rule::new("assets")
        .with_output("avatars/{name}-{width}-{hash}.jpg", plan(8))
        .unwrap()
        .with_output("avatars/{name}-{width}-{hash}.jpg", plan(4))
        .unwrap()
        .with_removal(true);
    let world = world(rule).await;
    let keys = |world: &World| world.server.store().list("assets", "avatars/").len();
    let first = world.upload("me.png", picture(1));
    world.written(&first).await;
    assert_eq!((keys(&world), world.decodes()), (2, 1));
    let second = world.upload("me.png", picture(2));
    world.written(&second).await;
    assert_eq!(keys(&world), 4);
    // Another source whose keys have the same prefix.
    let other = world.upload("me-8.png", picture(2));
    world.written(&other).await;
    let deletion = world.delete("me.png");
    assert!(matches!(world.handle(&deletion).await, Ok(Outcome::Removed(keys)) if keys.len() == 4));
    assert_eq!(keys(&world), 2);
}

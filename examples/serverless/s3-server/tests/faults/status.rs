//! The status next to the outputs, and the reports of poison objects.

use std::sync::{Arc, Mutex};

use keenpix::s3::{Entry, Outcome};
use keenpix_s3_server::Fault;
use serde_json::Value;

use crate::world::{World, picture, plan, rule, world};

fn status(world: &World) -> Option<Value> {
    let object = world.server.store().get("assets", "avatars/me.json")?;
    assert_eq!(object.content_type.as_deref(), Some("application/json"));
    assert_eq!(object.cache_control.as_deref(), Some("no-cache"));
    let status: Value = serde_json::from_slice(&object.bytes).unwrap();
    assert_eq!(object.metadata["state"], status["state"]);
    assert_eq!(object.metadata.get("code").map(String::as_str), status["code"].as_str());
    assert_eq!(object.metadata["source-etag"], status["source"]["etag"]);
    Some(status)
}

async fn with_status() -> World {
    let rule = rule().with_output("avatars/{name}-4.jpg", plan(4)).unwrap();
    world(rule.with_status("avatars/{name}.json").unwrap()).await
}

type Reported = Arc<Mutex<Vec<Entry>>>;

fn reporting(world: &mut World) -> Reported {
    let reported = Reported::default();
    let list = reported.clone();
    world.handler = world.handler.clone().with_rejects(move |entry| {
        list.lock().unwrap().push(entry);
        async { Ok(()) }
    });
    reported
}

#[tokio::test]
async fn it_says_which_files_there_are_and_goes_with_them() {
    let world = with_status().await;
    let event = world.upload("me.png", picture(1));
    world.written(&event).await;
    let said = status(&world).unwrap();
    assert_eq!(
        (&said["state"], &said["source"]["key"]),
        (&"ready".into(), &"me.png".into())
    );
    let files = said["files"].as_array().unwrap();
    assert_eq!(
        (
            &files[0]["key"],
            &files[0]["width"],
            &files[1]["key"],
            &files[1]["width"]
        ),
        (
            &"avatars/me.jpg".into(),
            &8.into(),
            &"avatars/me-4.jpg".into(),
            &4.into()
        )
    );
    assert_eq!(files[0]["bytes"], world.avatar("me").unwrap().bytes.len());
    assert_eq!(files[0]["sha256"].as_str().unwrap().len(), 16);
    let deletion = world.delete("me.png");
    world.handle(&deletion).await.unwrap();
    assert_eq!((status(&world), world.avatar("me")), (None, None));
}

#[tokio::test]
async fn killed_before_the_status_the_next_try_writes_it() {
    let world = with_status().await;
    let event = world.upload("me.png", picture(1));
    world.on(|call, _| match (call.method.as_str(), call.key.ends_with(".json")) {
        ("PUT", true) => Fault::Status(500, "InternalError"),
        _ => Fault::None,
    });
    assert_eq!(world.handle(&event).await.unwrap_err().code(), "S3_UNAVAILABLE");
    let avatar = world.avatar("me");
    world.on(|_, _| Fault::None);
    assert_eq!(world.handle(&event).await, Ok(Outcome::Current));
    assert_eq!(status(&world).unwrap()["state"], "ready");
    // With its time: it was not written again.
    assert!(avatar.is_some() && world.avatar("me") == avatar);
}

#[tokio::test]
async fn the_status_of_a_slow_function_does_not_cover_that_of_a_newer_photo() {
    let world = with_status().await;
    let event = world.upload("me.png", picture(1));
    let (store, handler) = (world.server.store().clone(), world.handler.clone());
    let newer = Arc::new(Mutex::new(None));
    let keep = newer.clone();
    world.on(move |call, _| {
        // Just before the status is written, another photo arrives and another function processes it.
        if call.method == "PUT" && call.key.ends_with(".json") && keep.lock().unwrap().is_none() {
            let event = store.put("uploads", "me.png", picture(2)).unwrap();
            *keep.lock().unwrap() = event.etag.clone();
            let handler = handler.clone();
            tokio::spawn(async move { handler.handle_value(event.to_json(), None).await });
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Fault::None
    });
    world.handle(&event).await.unwrap();
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        if status(&world).is_some_and(|said| said["source"]["etag"].as_str() == newer.lock().unwrap().as_deref()) {
            break;
        }
    }
    assert!(world.is_made_of("me", &picture(2)));
    assert_eq!(
        status(&world).unwrap()["source"]["etag"].as_str(),
        newer.lock().unwrap().as_deref()
    );
}

#[tokio::test]
async fn what_is_rejected_is_reported_once_and_said_and_not_decoded_again() {
    let mut world = with_status().await;
    let reported = reporting(&mut world);
    let first = world.upload("me.png", picture(1));
    world.written(&first).await;
    let event = world.upload("me.png", b"<html>".to_vec());
    let failure = world.handle(&event).await.unwrap_err();
    assert_eq!((failure.code(), failure.is_recorded()), ("NOT_AN_IMAGE", true));
    let said = status(&world).unwrap();
    assert_eq!(
        (&said["state"], &said["code"]),
        (&"rejected".into(), &"NOT_AN_IMAGE".into())
    );
    for _ in 0..3 {
        assert_eq!(world.handle(&event).await, Ok(Outcome::Dead));
    }
    assert_eq!((reported.lock().unwrap().len(), world.decodes()), (1, 2));
    assert!(world.is_made_of("me", &picture(1)), "the former picture stays");
    // Uploading the same bytes again is another try.
    let again = world.upload("me.png", b"<html>".to_vec());
    assert!(world.handle(&again).await.is_err());
    assert_eq!(reported.lock().unwrap().len(), 2);
    let sound = world.upload("me.png", picture(2));
    world.written(&sound).await;
    assert_eq!(status(&world).unwrap()["state"], "ready");
}

#[tokio::test]
async fn what_can_not_be_reported_is_tried_again() {
    let mut world = with_status().await;
    let sound = world.handler.clone();
    world.handler = sound.clone().with_rejects(|_| async { Err("no queue".into()) });
    let event = world.upload("me.png", b"<html>".to_vec());
    let failure = world.handle(&event).await.unwrap_err();
    assert_eq!((failure.code(), failure.retryable()), ("UNREPORTED", true));
    assert_eq!(status(&world), None);
    let reported = reporting(&mut world);
    assert!(world.handle(&event).await.unwrap_err().is_recorded());
    let entries = reported.lock().unwrap();
    assert_eq!(entries[0].record.as_ref().unwrap().key, "me.png");
}

#[tokio::test]
async fn what_can_not_be_read_is_reported_and_settled() {
    let mut world = with_status().await;
    let reported = reporting(&mut world);
    let batch = keenpix_s3_server::in_sqs(&[("m1".into(), "no JSON".into())]);
    let report = world.handler.handle_value(batch, None).await;
    assert_eq!(report.response().unwrap().to_string(), r#"{"batchItemFailures":[]}"#);
    assert_eq!(reported.lock().unwrap()[0].message.as_deref(), Some("m1"));
}

#[tokio::test]
async fn a_rejection_that_was_written_too_late_is_put_right_by_the_next_try() {
    let world = with_status().await;
    let event = world.upload("me.png", b"<html>".to_vec());
    let store = world.server.store().clone();
    let replaced = Arc::new(Mutex::new(false));
    world.on(move |call, _| {
        // Another upload that is no photo arrives, and is rejected, just before; and the function is killed just after.
        if call.method == "PUT" && !std::mem::replace(&mut *replaced.lock().unwrap(), true) {
            store.put("uploads", "me.png", b"GIF?".to_vec()).unwrap();
        }
        match (call.method.as_str(), call.key.as_str()) {
            ("HEAD", "me.png") => Fault::Status(500, "InternalError"),
            _ => Fault::None,
        }
    });
    assert_eq!(world.handle(&event).await.unwrap_err().code(), "S3_UNAVAILABLE");
    let newest = world.server.store().get("uploads", "me.png").unwrap();
    let says = |world: &crate::world::World| status(world).unwrap()["source"]["etag"].as_str().map(str::to_owned);
    assert_ne!(says(&world), Some(newest.etag.clone()));
    world.on(|_, _| Fault::None);
    assert_eq!(world.handle(&event).await, Ok(Outcome::Superseded));
    assert_eq!(says(&world), Some(newest.etag));
    assert_eq!(status(&world).unwrap()["state"], "rejected");
}

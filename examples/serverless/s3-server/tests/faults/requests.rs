//! Faults 10 to 13, 20, 21 and 23: what happens between two requests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use keenpix::Limits;
use keenpix::s3::{Fault as Whose, Outcome};
use keenpix_s3_server::{Event, Fault};

use crate::world::{picture, plan, rule, world};

#[tokio::test]
async fn fault_10_an_object_that_has_vanished_is_done() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    world.delete("me.png");
    assert_eq!(world.handle(&event).await, Ok(Outcome::Vanished));
    assert_eq!(world.avatar("me"), None);
}

#[tokio::test]
async fn fault_10_an_object_that_vanishes_after_it_was_read_leaves_no_output() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    let store = world.server.store().clone();
    world.on(move |call, _| {
        if call.method == "PUT" {
            store.delete("uploads", "me.png").unwrap();
        }
        Fault::None
    });
    world.handle(&event).await.unwrap();
    assert_eq!(world.avatar("me"), None);
}

#[tokio::test]
async fn fault_11_what_is_replaced_while_it_is_read_is_left_to_the_later_event() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    let later: Arc<Mutex<Option<Event>>> = Arc::default();
    let (store, keep) = (world.server.store().clone(), later.clone());
    world.on(move |call, before| {
        if call.method == "GET" && before == 0 {
            *keep.lock().unwrap() = store.put("uploads", "me.png", picture(2)).ok();
        }
        Fault::None
    });
    assert_eq!(world.handle(&event).await, Ok(Outcome::Superseded));
    assert_eq!((world.avatar("me"), world.decodes()), (None, 0));
    let later = later.lock().unwrap().take().unwrap();
    world.written(&later).await;
    assert!(world.is_made_of("me", &picture(2)));
}

#[tokio::test]
async fn fault_11_what_is_replaced_after_it_was_read_is_made_again() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    let store = world.server.store().clone();
    world.on(move |call, before| {
        if call.method == "PUT" && before == 0 {
            store.put("uploads", "me.png", picture(2)).unwrap();
        }
        Fault::None
    });
    world.written(&event).await;
    assert!(world.is_made_of("me", &picture(2)));
}

#[tokio::test]
async fn fault_12_of_two_sources_with_one_output_the_later_wins() {
    for reversed in [false, true] {
        let world = world(rule()).await;
        let mut events = [world.upload("me.png", picture(1)), world.upload("me.jpg", picture(2))];
        if reversed {
            events.reverse();
        }
        for event in &events {
            world.handle(event).await.unwrap();
        }
        assert!(world.is_made_of("me", &picture(2)), "{reversed}");
        // The loser's deletion removes nothing.
        let deletion = world.delete("me.png");
        world.handle(&deletion).await.unwrap();
        assert!(world.is_made_of("me", &picture(2)));
    }
}

#[tokio::test]
async fn fault_12_within_a_second_the_later_wins_too() {
    for reversed in [false, true] {
        let world = world(rule()).await;
        world.server.store().set_tick(300);
        let events = [world.upload("me.png", picture(1)), world.upload("me.jpg", picture(2))];
        let order = if reversed { [1, 0] } else { [0, 1] };
        world.written(&events[order[0]]).await;
        let second = world.handle(&events[order[1]]).await;
        assert_eq!(second == Ok(Outcome::Superseded), reversed, "{second:?}");
        assert!(world.is_made_of("me", &picture(2)), "{reversed}");
        // The loser's event again, and the winner's.
        assert_eq!(world.handle(&events[0]).await, Ok(Outcome::Superseded));
        assert_eq!(world.handle(&events[1]).await, Ok(Outcome::Current));
        assert!(world.is_made_of("me", &picture(2)));
    }
}

#[tokio::test]
async fn no_more_requests_are_made_than_needed() {
    let several = rule().with_output("avatars/{name}-{width}.jpg", plan(4)).unwrap();
    let world = world(several.with_status("avatars/{name}.json").unwrap()).await;
    let counts = || ["HEAD", "GET", "PUT"].map(|method| world.count(method, ""));
    let first = world.upload("me.png", picture(1));
    world.written(&first).await;
    assert_eq!(counts(), [2, 1, 3]);
    let second = world.upload("me.png", picture(2));
    world.written(&second).await;
    assert_eq!(counts(), [2 + 4, 2, 6]);
    assert!(world.is_made_of("me", &picture(2)));
}

#[tokio::test]
async fn fault_12_a_writer_that_lost_the_race_notices() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    let store = world.server.store().clone();
    world.on(move |call, before| {
        if call.method == "PUT" && before == 0 {
            store.put("assets", "avatars/me.jpg", "somebody else's").unwrap();
        }
        Fault::None
    });
    world.written(&event).await;
    assert!(world.is_made_of("me", &picture(1)));
    assert_eq!((world.count("PUT", "avatars/"), world.decodes()), (2, 1));
}

#[tokio::test]
async fn fault_12_a_conflict_of_two_requests_is_looked_at_again() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    world.on(|call, before| match (call.method.as_str(), before) {
        ("PUT", 0) => Fault::Status(409, "ConditionalRequestConflict"),
        _ => Fault::None,
    });
    world.written(&event).await;
    assert_eq!((world.count("PUT", "avatars/"), world.decodes()), (2, 1));
}

#[tokio::test]
async fn fault_13_slow_down_is_waited_for() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    world.on(|_, before| match before {
        0 | 1 => Fault::Status(503, "SlowDown"),
        _ => Fault::None,
    });
    world.written(&event).await;
    assert_eq!((world.count("GET", "me.png"), world.decodes()), (3, 1));
}

#[tokio::test]
async fn fault_13_slow_down_without_an_end_is_left_to_the_queue() {
    for (status, code, expected) in [
        (503, "SlowDown", "S3_SLOW_DOWN"),
        (500, "InternalError", "S3_UNAVAILABLE"),
        (400, "RequestTimeout", "S3_UNAVAILABLE"),
    ] {
        let world = world(rule()).await;
        let event = world.upload("me.png", picture(1));
        world.on(move |call, _| match call.method.as_str() {
            "GET" => Fault::Status(status, code),
            _ => Fault::None,
        });
        let failure = world.handle(&event).await.unwrap_err();
        assert_eq!((failure.code(), failure.fault()), (expected, Whose::Transient));
        assert_eq!(world.count("GET", "me.png"), 4);
    }
}

#[tokio::test]
async fn what_the_set_up_lacks_is_not_the_objects_fault() {
    for (status, code, expected) in [
        (403, "AccessDenied", "S3_DENIED"),
        (404, "NoSuchBucket", "S3_NO_BUCKET"),
    ] {
        let ledger = rule().with_ledger("assets", "ledger/", Duration::from_secs(60));
        let world = world(ledger).await;
        let event = world.upload("me.png", picture(1));
        world.on(move |call, _| match (call.method.as_str(), call.key.as_str()) {
            ("GET", "me.png") => Fault::Status(status, code),
            _ => Fault::None,
        });
        let failure = world.handle(&event).await.unwrap_err();
        assert_eq!((failure.code(), failure.fault()), (expected, Whose::Setup));
        assert!(!failure.is_recorded());
        assert_eq!(world.count("GET", "me.png"), 1);
    }
}

#[tokio::test]
async fn fault_20_an_object_over_the_limit_is_refused_by_its_head() {
    let mut world = world(rule()).await;
    let size = picture(1).len() as u64;
    let limited = |input_bytes| Limits::new().with_input_bytes(input_bytes);
    world.handler = world.handler.clone().with_limits(limited(size - 1));
    let event = world.upload("me.png", picture(1));
    let failure = world.handle(&event).await.unwrap_err();
    assert_eq!((failure.code(), failure.fault()), ("LIMIT_INPUT_BYTES", Whose::Poison));
    assert_eq!(world.decodes(), 0);
    // Exactly the size needed is enough.
    world.handler = world.handler.clone().with_limits(limited(size));
    world.written(&event).await;
}

#[tokio::test]
async fn fault_21_a_body_that_is_cut_off_is_read_again() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    world.on(|call, before| match (call.method.as_str(), before) {
        ("GET", 0) => Fault::Cut(100),
        ("GET", 1) => Fault::Drop,
        ("GET", 2) => Fault::Lose,
        _ => Fault::None,
    });
    world.written(&event).await;
    assert!(world.is_made_of("me", &picture(1)));
    assert_eq!(world.decodes(), 1);
}

#[tokio::test]
async fn fault_21_a_body_that_never_comes_is_a_passing_failure() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    world.on(|call, _| match call.method.as_str() {
        "GET" => Fault::Cut(100),
        _ => Fault::None,
    });
    let failure = world.handle(&event).await.unwrap_err();
    assert_eq!((failure.code(), failure.retryable()), ("S3_CUT", true));
    assert_eq!((world.count("GET", "me.png"), world.decodes()), (4, 0));
}

#[tokio::test]
async fn fault_23_killed_before_and_after_the_upload_took_effect() {
    for fault in [Fault::Drop, Fault::None] {
        let world = world(rule()).await;
        let event = world.upload("me.png", picture(1));
        let put = Arc::new(tokio::sync::Notify::new());
        let told = put.clone();
        world.on(move |call, before| {
            if call.method == "PUT" && before == 0 {
                told.notify_one();
                return fault.clone();
            }
            Fault::None
        });
        // The function is stopped in the middle of the request.
        tokio::select! {
            _ = world.handle(&event) => {}
            _ = put.notified() => {}
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        // The source changes back and forth before the event is delivered again, which ETags alone don't show.
        let other = world.upload("me.png", picture(2));
        world.handle(&event).await.unwrap();
        world.handle(&other).await.unwrap();
        assert!(world.is_made_of("me", &picture(2)));
    }
}

#[tokio::test]
async fn fault_23_a_lost_answer_to_a_write_is_not_taken_for_anothers_write() {
    let world = world(rule()).await;
    let event = world.upload("me.png", picture(1));
    world.on(|call, before| match (call.method.as_str(), before) {
        ("PUT", 0) => Fault::Lose,
        _ => Fault::None,
    });
    world.handle(&event).await.unwrap();
    assert!(world.is_made_of("me", &picture(1)));
    assert_eq!(world.decodes(), 1);
}

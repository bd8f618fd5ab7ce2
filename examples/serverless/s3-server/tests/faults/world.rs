//! A server with two buckets, a handler on top, and images small enough to make thousands of them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keenpix::encode::Jpeg;
use keenpix::s3::{Backoff, Failure, Handler, Outcome, Rule};
use keenpix::{Plan, Resize, transform_many};
use keenpix_s3_server::{Call, Event, Fault, Object, Options, Server, Store};

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) handler: Handler,
    pub(crate) decodes: Arc<AtomicU32>,
    calls: Arc<Mutex<Vec<Call>>>,
}

/// Turns uploads into `assets/avatars/{name}.jpg`, deleted with their source.
pub(crate) fn rule() -> Rule {
    Rule::new("assets")
        .with_output("avatars/{name}.jpg", plan(8))
        .unwrap()
        .with_removal(true)
}

pub(crate) fn plan(width: u32) -> Plan {
    Plan::new()
        .with_resize(Resize::new().with_width(width).with_height(8))
        .with_encode(Jpeg::new().with_quality(80))
}

pub(crate) async fn world(rule: Rule) -> World {
    let store = Store::ticking(1_700_000_000);
    store.create_bucket("uploads");
    store.create_bucket("assets");
    let options = Options {
        store,
        ..Options::default()
    };
    let server = Server::start(options).await.unwrap();
    let decodes = Arc::new(AtomicU32::new(0));
    let count = decodes.clone();
    let handler = Handler::new(server.client(), rule)
        .with_backoff(quick())
        .with_transform(move |bytes, plans, limits| {
            count.fetch_add(1, Ordering::Relaxed);
            transform_many(bytes, plans, limits)
        });
    let world = World {
        server,
        handler,
        decodes,
        calls: Arc::default(),
    };
    world.on(|_, _| Fault::None);
    world
}

/// As many tries as by default, without the waiting.
pub(crate) fn quick() -> Backoff {
    Backoff::new().with_base(Duration::from_millis(1))
}

impl World {
    pub(crate) fn upload(&self, key: &str, bytes: Vec<u8>) -> Event {
        self.server.store().put("uploads", key, bytes).unwrap()
    }

    pub(crate) fn delete(&self, key: &str) -> Event {
        self.server.store().delete("uploads", key).unwrap().unwrap()
    }

    /// Another handler over the same server.
    pub(crate) fn handler_for(&self, rule: Rule) -> Handler {
        Handler::new(self.server.client(), rule).with_backoff(quick())
    }

    /// Handles an event of one record.
    pub(crate) async fn handle(&self, event: &Event) -> Result<Outcome, Failure> {
        let mut report = self.handler.handle_value(event.to_json(), None).await;
        assert_eq!(report.entries.len(), 1);
        report.entries.remove(0).result
    }

    pub(crate) async fn written(&self, event: &Event) {
        let outcome = self.handle(event).await.unwrap();
        assert!(matches!(outcome, Outcome::Written(_)), "{outcome:?}");
    }

    /// The object at `avatars/{name}.jpg`.
    pub(crate) fn avatar(&self, name: &str) -> Option<Object> {
        self.server.store().get("assets", &format!("avatars/{name}.jpg"))
    }

    /// Whether the avatar was made from these bytes.
    pub(crate) fn is_made_of(&self, name: &str, bytes: &[u8]) -> bool {
        let expected = transform_many(bytes, &[plan(8)], &Default::default()).unwrap();
        self.avatar(name)
            .is_some_and(|avatar| avatar.bytes == expected[0].bytes)
    }

    /// Decides the fault of each request: `fault(call, how many of its method and key came before)`.
    pub(crate) fn on(&self, fault: impl Fn(&Call, usize) -> Fault + Send + Sync + 'static) {
        let calls = self.calls.clone();
        self.server.set_hook(move |call| {
            let mut calls = calls.lock().unwrap();
            let same = |other: &&Call| other.method == call.method && other.key == call.key;
            let before = calls.iter().filter(same).count();
            calls.push(call.clone());
            let fault = fault(&call, before);
            async move { fault }
        });
    }

    /// How many requests of a method have arrived for keys with this prefix.
    pub(crate) fn count(&self, method: &str, prefix: &str) -> usize {
        let calls = self.calls.lock().unwrap();
        calls
            .iter()
            .filter(|call| call.method == method && call.key.starts_with(prefix))
            .count()
    }

    pub(crate) fn decodes(&self) -> u32 {
        self.decodes.load(Ordering::Relaxed)
    }
}

/// A small image (BMP), different for each seed.
pub(crate) fn picture(seed: u8) -> Vec<u8> {
    let side = 12_u32;
    let mut bytes = b"BM".to_vec();
    for value in [
        54 + side * side * 3,
        0,
        54,
        40,
        side,
        side,
        1 | 24 << 16,
        0,
        side * side * 3,
        2835,
        2835,
        0,
        0,
    ] {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    for pixel in 0..side * side {
        let at = pixel as u8;
        bytes.extend_from_slice(&[seed.wrapping_mul(37), at, seed.wrapping_mul(91) ^ at]);
    }
    bytes
}

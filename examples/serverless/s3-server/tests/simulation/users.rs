//! The users, who upload valid images, broken ones and the same ones again, and delete them.

use std::collections::BTreeMap;

use fastrand::Rng;
use keenpix_s3_server::Store;

use crate::world::Setup;

pub(crate) struct Users {
    left: u32,
    keys: Vec<String>,
    /// Every version of each key, oldest first.
    pub(crate) history: BTreeMap<String, Vec<Version>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) bytes: Vec<u8>,
    pub(crate) etag: String,
    pub(crate) modified: i64,
    /// The code that it must fail with; `None` if it is an image.
    pub(crate) poison: Option<&'static str>,
    pub(crate) deleted: bool,
}

impl Users {
    pub(crate) fn new(rng: &mut Rng, setup: &Setup) -> Self {
        let prefix = if setup.one_bucket { "in/" } else { "" };
        let keys = ["me.png", "a b+c.jpg", "\u{fc}/42.png"];
        Users {
            left: rng.u32(2..9),
            keys: keys[..rng.usize(1..=keys.len())]
                .iter()
                .map(|key| format!("{prefix}{key}"))
                .collect(),
            history: BTreeMap::new(),
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.left == 0
    }

    /// Does something at random.
    pub(crate) fn act(&mut self, rng: &mut Rng, store: &Store) -> String {
        self.left -= 1;
        let number = rng.usize(..self.keys.len());
        let key = self.keys[number].clone();
        let history = self.history.entry(key.clone()).or_default();
        let there = history.last().is_some_and(|version| !version.deleted);
        if there && rng.u8(..4) == 0 {
            let event = store.delete("uploads", &key).unwrap().unwrap();
            history.push(Version {
                bytes: Vec::new(),
                etag: String::new(),
                modified: event.time.div_euclid(1000),
                poison: None,
                deleted: true,
            });
            return format!("{key} is deleted");
        }
        // Only a few different contents, so that the same one often comes again.
        let (bytes, poison) = match rng.u8(..10) {
            0 => (Vec::new(), Some("NOT_AN_IMAGE")),
            1 => (format!("<html>{key}").into_bytes(), Some("NOT_AN_IMAGE")),
            2 => (bomb(), Some("LIMIT_PIXELS")),
            other => (picture(number as u8, other % 3), None),
        };
        let event = store.put("uploads", &key, bytes.clone()).unwrap();
        let etag = event.etag.unwrap_or_default();
        let text = format!("{key} is uploaded: {etag} {poison:?}");
        history.push(Version {
            bytes,
            etag,
            modified: event.time.div_euclid(1000),
            poison,
            deleted: false,
        });
        text
    }
}

fn picture(key: u8, seed: u8) -> Vec<u8> {
    let side = 8_u32;
    let mut bytes = head(side, side);
    for pixel in 0..side * side {
        bytes.extend_from_slice(&[seed.wrapping_mul(80), pixel as u8, key.wrapping_mul(60)]);
    }
    bytes
}

/// A few bytes that claim to be 30,000 by 30,000 pixels.
fn bomb() -> Vec<u8> {
    head(30_000, 30_000)
}

fn head(width: u32, height: u32) -> Vec<u8> {
    let size = width * height * 3;
    let mut bytes = b"BM".to_vec();
    for value in [
        54_u32.wrapping_add(size),
        0,
        54,
        40,
        width,
        height,
        1 | 24 << 16,
        0,
        size,
        2835,
        2835,
        0,
        0,
    ] {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes
}

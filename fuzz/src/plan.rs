//! Any text as a plan: an accepted plan survives being written and read again, and is either solved or refused.

use keenpix::{Plan, transform};

use crate::shared::{done, limits};

const PICTURE: &[u8] = include_bytes!("../../core/tests/images/rgba.png");

/// See above.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(plan) = Plan::from_json(text) else { return };
    let json = serde_json::to_string(&plan).expect("a plan can be written");
    assert_eq!(Plan::from_json(&json).expect("a written plan can be read"), plan);
    done(transform(PICTURE, &plan, &limits()));
}

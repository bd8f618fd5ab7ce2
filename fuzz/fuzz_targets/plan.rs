//! Any text as a plan: an accepted plan survives being written and read again, and is either solved or refused.
#![no_main]

use keenpix::{Error, Limits, Plan, transform};
use libfuzzer_sys::fuzz_target;

const PICTURE: &[u8] = include_bytes!("../../core/tests/images/rgba.png");

fuzz_target!(|text: &str| {
    let Ok(plan) = Plan::from_json(text) else { return };
    let json = serde_json_of(&plan);
    assert_eq!(Plan::from_json(&json).expect("a written plan can be read"), plan);
    let limits = Limits::new().with_pixels(1 << 18).with_memory(64_000_000);
    if let Err(error @ Error::Internal { .. }) = transform(PICTURE, &plan, &limits) {
        panic!("{error}");
    }
});

fn serde_json_of(plan: &Plan) -> String {
    serde_json::to_string(plan).expect("a plan can be written")
}

//! Limits as JSON: only what the host sets is there, the rest are the core's defaults.

use keenpix::{Cancel, Error, LimitKind, Limits};
use napi_derive::napi;
use serde::Deserialize;

use crate::faults::Fault;

/// The numbers of [`Limits`] by their names in JavaScript.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Given {
    pixels: Option<u64>,
    width: Option<u64>,
    height: Option<u64>,
    input_bytes: Option<u64>,
    memory: Option<u64>,
    frames: Option<u64>,
    scans: Option<u64>,
}

/// The limits of a call, unless it was cancelled while it waited in the pool's queue.
pub(crate) fn parse(json: &str, cancel: Option<Cancel>) -> Result<Limits, Fault> {
    if cancel.as_ref().is_some_and(Cancel::is_cancelled) {
        return Err(Error::Cancelled.into());
    }
    let given: Given = serde_json::from_str(json).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        Fault::bad_argument(
            format!("bad limits: {reason}"),
            "A limit is a whole number, or Infinity for none.",
        )
    })?;
    let default = Limits::default();
    let narrow = |given: Option<u64>, default: u32| given.map_or(default, |n| u32::try_from(n).unwrap_or(u32::MAX));
    Ok(Limits {
        pixels: given.pixels.unwrap_or(default.pixels),
        width: narrow(given.width, default.width),
        height: narrow(given.height, default.height),
        input_bytes: given.input_bytes.unwrap_or(default.input_bytes),
        memory: given.memory.unwrap_or(default.memory),
        frames: narrow(given.frames, default.frames),
        scans: narrow(given.scans, default.scans),
        cancel,
        ..default
    })
}

/// How many bytes may be read, and the fault if that is passed already.
#[napi(object, object_from_js = false)]
pub struct InputLimit {
    pub bytes: f64,
    pub fault: Option<Fault>,
}

/// Looks at the limit on input while it is being read: `read` bytes are there.
#[napi]
pub fn input_limit(limits: String, read: f64) -> InputLimit {
    match parse(&limits, None) {
        Ok(limits) => InputLimit {
            bytes: limits.input_bytes as f64,
            fault: (read > limits.input_bytes as f64)
                .then(|| Error::limit(LimitKind::InputBytes, read as u64, limits.input_bytes).into()),
        },
        Err(fault) => InputLimit {
            bytes: 0.0,
            fault: Some(fault),
        },
    }
}

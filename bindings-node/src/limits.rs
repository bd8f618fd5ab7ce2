//! Limits as JSON, with only those that the host sets; the rest are the core's defaults.

use keenpix::{Cancel, Error, LimitKind, Limits};
use napi_derive::napi;

use crate::faults::Fault;

/// The limits of a call, unless it was cancelled while waiting for a thread.
pub(crate) fn parse(json: &str, cancel: Option<Cancel>) -> Result<Limits, Fault> {
    if cancel.as_ref().is_some_and(Cancel::is_cancelled) {
        return Err(Error::Cancelled.into());
    }
    let limits = Limits::from_json(json)?;
    Ok(limits.with_cancel(cancel))
}

/// How many bytes may be read, and the fault if that is already exceeded.
#[napi(object, object_from_js = false)]
pub struct InputLimit {
    pub bytes: f64,
    pub fault: Option<Fault>,
}

/// Checks the limit on input bytes while the input is being read: `read` bytes have arrived.
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

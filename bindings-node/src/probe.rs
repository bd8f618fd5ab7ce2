//! `probe`: reads only a header, so it has no asynchronous version.

use napi_derive::napi;

use crate::faults::{Fault, guarded, json};

/// Either what the header says, as JSON, or a fault.
#[napi(object, object_from_js = false)]
pub struct Probed {
    pub info: Option<String>,
    pub fault: Option<Fault>,
}

/// Reads the header of the image in `bytes`.
#[napi]
pub fn probe(bytes: &[u8]) -> Probed {
    let (info, fault) = match guarded(|| json(&keenpix::probe(bytes)?)) {
        Ok(info) => (Some(info), None),
        Err(fault) => (None, Some(fault)),
    };
    Probed { info, fault }
}

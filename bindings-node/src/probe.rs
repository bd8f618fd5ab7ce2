//! `probe`: reads a header only, so it has no twin on another thread.

use keenpix::Error;
use napi_derive::napi;

use crate::faults::{Fault, guarded};

/// Either what the header says, as JSON, or a fault.
#[napi(object, object_from_js = false)]
pub struct Probed {
    pub info: Option<String>,
    pub fault: Option<Fault>,
}

/// Reads the header of the image in `bytes`.
#[napi]
pub fn probe(bytes: &[u8]) -> Probed {
    let json = guarded(|| {
        let info = keenpix::probe(bytes)?;
        serde_json::to_string(&info).map_err(|error| {
            Fault::from(Error::Internal {
                stage: "probing",
                reason: error.to_string(),
            })
        })
    });
    match json {
        Ok(info) => Probed {
            info: Some(info),
            fault: None,
        },
        Err(fault) => Probed {
            info: None,
            fault: Some(fault),
        },
    }
}

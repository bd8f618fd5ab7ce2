//! Faults as plain objects, from which `lib/` makes a `KeenpixError`. `format`, `place`, `expected`, `got` and `reason`
//! are the facts of `keenpix::Fault`, each present if known; `reason` is the name of a `keenpix::Reason`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use keenpix::Error;
use napi_derive::napi;
use serde::Serialize;

/// Why a call failed.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct Fault {
    pub code: String,
    pub message: String,
    pub hint: String,
    pub retryable: bool,
    pub http_status: u16,
    pub format: Option<String>,
    pub place: Option<String>,
    pub expected: Option<String>,
    pub got: Option<String>,
    pub reason: Option<String>,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let fault = error.fault();
        Fault {
            code: fault.code.into(),
            message: fault.message,
            hint: fault.hint.into(),
            retryable: fault.retryable,
            http_status: fault.http_status,
            format: fault.format.map(|format| format.name().into()),
            place: fault.place,
            expected: fault.expected,
            got: fault.got,
            reason: fault.reason.map(|reason| reason.name().into()),
        }
    }
}

/// The fault of a call that was cancelled while its input was being read.
#[napi]
pub fn cancelled_fault() -> Fault {
    Error::Cancelled.into()
}

/// The fault of an input that did not arrive in time; both in milliseconds.
#[napi]
pub fn deadline_fault(elapsed: f64, deadline: f64) -> Fault {
    Error::deadline(elapsed as u64, deadline as u64).into()
}

/// The core catches its own panics. Any other would end the process, because a panic can't pass through Node.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::internal("calling", "a panic outside of the pipeline").into()))
}

/// A value of the core as JSON, so that new fields need no change here.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Error::internal("reporting", error).into())
}

//! The core's errors as Python exceptions: `keenpix.errors` has a class for each code.

use keenpix::{Error, Format, Reason};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// The exception for an error of the core.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    static MAKER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let fault = error.fault();
    let facts = (
        fault.code,
        fault.message,
        fault.hint,
        fault.retryable,
        fault.http_status,
        fault.format.map(Format::name),
        fault.place,
        fault.expected,
        fault.got,
        fault.reason.map(Reason::name),
    );
    let made = MAKER
        .get_or_try_init(py, || {
            py.import("keenpix._fault")?.getattr("from_fault").map(Bound::unbind)
        })
        .and_then(|maker| maker.bind(py).call1(facts));
    made.map_or_else(|error| error, PyErr::from_value)
}

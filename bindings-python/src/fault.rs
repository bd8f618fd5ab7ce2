//! The core's errors as Python exceptions: `keenpix.errors` has a class for each code.

use keenpix::Error;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// The exception for an error of the core's.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    let facts = (
        error.code(),
        error.to_string(),
        error.hint(),
        error.retryable(),
        error.http_status(),
    );
    exception(py, facts)
}

/// The exception for arguments that make no sense, whatever the image.
pub(crate) fn bad_argument(py: Python<'_>, message: String, hint: &str) -> PyErr {
    exception(py, ("BAD_ARGUMENT", message, hint, false, 500))
}

fn exception(py: Python<'_>, facts: (&str, String, &str, bool, u16)) -> PyErr {
    static MAKER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let made = MAKER
        .get_or_try_init(py, || {
            py.import("keenpix._fault")?.getattr("from_fault").map(Bound::unbind)
        })
        .and_then(|maker| maker.bind(py).call1(facts));
    made.map_or_else(|error| error, PyErr::from_value)
}

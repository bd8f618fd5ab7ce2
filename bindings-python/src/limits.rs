//! Limits as JSON, with only those that the host sets; the rest are the core's defaults.

use std::time::Duration;

use keenpix::{Error, LimitKind, Limits};
use pyo3::prelude::*;

use crate::fault;

/// A flag that stops running calls when another thread sets it.
#[pyclass(frozen, module = "keenpix")]
#[derive(Default)]
pub(crate) struct Cancel(pub(crate) keenpix::Cancel);

#[pymethods]
impl Cancel {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Stops every call that uses this flag, within a few rows.
    fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether the flag is set.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// The core's limits, from Python's arguments: JSON, seconds, a flag.
pub(crate) fn limits(
    py: Python<'_>,
    json: Option<&str>,
    deadline: Option<f64>,
    cancel: Option<&Cancel>,
) -> PyResult<Limits> {
    let limits = match json {
        None => Limits::default(),
        Some(json) => Limits::from_json(json).map_err(|error| fault::raise(py, &error))?,
    };
    let deadline = deadline
        .map(|seconds| {
            Duration::try_from_secs_f64(seconds)
                .map_err(|_| Error::bad_argument("deadline", "a number of seconds from 0 on", seconds))
        })
        .transpose()
        .map_err(|error| fault::raise(py, &error))?;
    Ok(limits
        .with_deadline(deadline)
        .with_cancel(cancel.map(|cancel| cancel.0.clone())))
}

/// How many bytes of input are allowed; raises if `read` is more. Readers of files and streams check it while reading.
#[pyfunction]
pub(crate) fn input_limit(py: Python<'_>, json: Option<&str>, read: u64) -> PyResult<u64> {
    let limit = limits(py, json, None, None)?.input_bytes;
    if read <= limit {
        return Ok(limit);
    }
    let error = Error::limit(LimitKind::InputBytes, read, limit);
    Err(fault::raise(py, &error))
}

/// The fault of a call that was cancelled while its input was being read.
#[pyfunction]
pub(crate) fn given_up(py: Python<'_>) -> Py<PyAny> {
    fault::raise(py, &Error::Cancelled).into_value(py).into_any()
}

/// The fault of an input that did not arrive in time; both in seconds.
#[pyfunction]
pub(crate) fn deadline_passed(py: Python<'_>, elapsed: f64, deadline: f64) -> Py<PyAny> {
    let error = Error::deadline((elapsed * 1e3) as u64, (deadline * 1e3) as u64);
    fault::raise(py, &error).into_value(py).into_any()
}

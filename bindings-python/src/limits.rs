//! Limits as JSON: only what the host sets is there, the rest are the core's defaults.

use std::time::Duration;

use keenpix::{Error, LimitKind, Limits};
use pyo3::prelude::*;
use serde::Deserialize;

use crate::fault;

/// The numbers of [`Limits`], by their names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    pixels: Option<u64>,
    width: Option<u32>,
    height: Option<u32>,
    input_bytes: Option<u64>,
    memory: Option<u64>,
    frames: Option<u32>,
    scans: Option<u32>,
}

/// A flag that stops running calls: raise it from another thread.
#[pyclass(frozen, module = "keenpix")]
#[derive(Default)]
pub(crate) struct Cancel(pub(crate) keenpix::Cancel);

#[pymethods]
impl Cancel {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Stops every call that was given this flag, within a few rows.
    fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether the flag is up.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// The core's limits from what Python gives: JSON, seconds, a flag.
pub(crate) fn limits(
    py: Python<'_>,
    json: Option<&str>,
    deadline: Option<f64>,
    cancel: Option<&Cancel>,
) -> PyResult<Limits> {
    let default = Limits::default();
    let given: Given = serde_json::from_str(json.unwrap_or("{}")).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        fault::bad_argument(py, format!("bad limits: {reason}"), "A limit is a whole number.")
    })?;
    let deadline = deadline.map(Duration::try_from_secs_f64).transpose().map_err(|error| {
        fault::bad_argument(
            py,
            format!("bad deadline: {error}"),
            "A deadline is a number of seconds.",
        )
    })?;
    Ok(Limits {
        pixels: given.pixels.unwrap_or(default.pixels),
        width: given.width.unwrap_or(default.width),
        height: given.height.unwrap_or(default.height),
        input_bytes: given.input_bytes.unwrap_or(default.input_bytes),
        memory: given.memory.unwrap_or(default.memory),
        frames: given.frames.unwrap_or(default.frames),
        scans: given.scans.unwrap_or(default.scans),
        deadline,
        cancel: cancel.map(|cancel| cancel.0.clone()),
    })
}

/// How many bytes of input are allowed; raises if `read` are more. For readers of files and streams, which look at it
/// while they read.
#[pyfunction]
pub(crate) fn input_limit(py: Python<'_>, json: Option<&str>, read: u64) -> PyResult<u64> {
    let limit = limits(py, json, None, None)?.input_bytes;
    if read <= limit {
        return Ok(limit);
    }
    let error = Error::limit(LimitKind::InputBytes, read, limit);
    Err(fault::raise(py, &error))
}

/// The fault of a caller that gives up while the input is still being read.
#[pyfunction]
pub(crate) fn given_up(py: Python<'_>) -> Py<PyAny> {
    fault::raise(py, &Error::Cancelled).into_value(py).into_any()
}

/// The fault of an input that has not arrived in time; both in seconds.
#[pyfunction]
pub(crate) fn deadline_passed(py: Python<'_>, elapsed: f64, deadline: f64) -> Py<PyAny> {
    let error = Error::deadline((elapsed * 1e3) as u64, (deadline * 1e3) as u64);
    fault::raise(py, &error).into_value(py).into_any()
}

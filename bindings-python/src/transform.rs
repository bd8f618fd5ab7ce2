//! The calls. The GIL is released while the core works.

use keenpix::{Error, Plan, Result};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::Serialize;

use crate::bytes::{Bytes, Made};
use crate::fault;
use crate::limits::{Cancel, limits};
use crate::pixels::Pixels;

/// The input of a call: immutable bytes, or an array's pixels.
#[derive(FromPyObject)]
pub(crate) enum Data<'py> {
    #[pyo3(transparent)]
    Bytes(Bound<'py, PyBytes>),
    #[pyo3(transparent)]
    Made(Bound<'py, Bytes>),
    #[pyo3(transparent)]
    Pixels(Pixels<'py>),
}

impl Data<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Data::Bytes(bytes) => bytes.as_bytes(),
            Data::Made(bytes) => bytes.get().as_slice(),
            Data::Pixels(pixels) => pixels.bytes(),
        }
    }
}

/// A plan: JSON, and the bytes that belong in it, each with a JSON pointer to its place.
type PlanParts<'py> = (String, Vec<(String, Data<'py>)>);

/// The same, to be read without Python.
type ReadParts<'a> = (&'a str, Vec<(&'a str, &'a [u8])>);

/// One output for each plan, all from one decode.
#[pyfunction]
#[pyo3(signature = (data, plans, limits_json=None, deadline=None, cancel=None))]
pub(crate) fn transform(
    py: Python<'_>,
    data: Data<'_>,
    plans: Vec<PlanParts<'_>>,
    limits_json: Option<&str>,
    deadline: Option<f64>,
    cancel: Option<PyRef<'_, Cancel>>,
) -> PyResult<Vec<Made>> {
    let limits = limits(py, limits_json, deadline, cancel.as_deref())?;
    let bytes = data.bytes();
    let plans: Vec<ReadParts<'_>> = plans
        .iter()
        .map(|(json, beside)| {
            let beside = beside.iter().map(|(pointer, data)| (pointer.as_str(), data.bytes()));
            (json.as_str(), beside.collect())
        })
        .collect();
    let made = py.detach(|| {
        let plans = plans
            .iter()
            .enumerate()
            .map(|(index, (json, beside))| {
                Plan::from_json_beside(json, beside).map_err(|error| match plans.len() {
                    1 => error,
                    _ => error.at(format_args!("plans[{index}]")),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        keenpix::transform_many(bytes, &plans, &limits)
    });
    match made {
        Ok(outputs) => outputs.into_iter().map(|output| Made::new(py, output)).collect(),
        Err(error) => Err(fault::raise(py, &error)),
    }
}

/// Statistics of an image's pixels, as JSON.
#[pyfunction]
#[pyo3(signature = (data, limits_json=None, deadline=None, cancel=None))]
pub(crate) fn stats(
    py: Python<'_>,
    data: Data<'_>,
    limits_json: Option<&str>,
    deadline: Option<f64>,
    cancel: Option<PyRef<'_, Cancel>>,
) -> PyResult<String> {
    let limits = limits(py, limits_json, deadline, cancel.as_deref())?;
    let bytes = data.bytes();
    let json = py.detach(|| json(&keenpix::stats(bytes, keenpix::input::Tolerate::Truncated, &limits)?));
    json.map_err(|error| fault::raise(py, &error))
}

/// What the header says, as JSON.
#[pyfunction]
pub(crate) fn probe(py: Python<'_>, data: Data<'_>) -> PyResult<String> {
    let bytes = data.bytes();
    let json = py.detach(|| json(&keenpix::probe(bytes)?));
    json.map_err(|error| fault::raise(py, &error))
}

fn json(facts: &impl Serialize) -> Result<String> {
    serde_json::to_string(facts).map_err(|error| Error::internal("writing JSON", error))
}

//! The native part of the Python package `keenpix`: it takes bytes and plans as JSON, calls the core without the GIL,
//! and returns bytes. Everything about Python's own types (paths, files, images of other libraries, coroutines) is in
//! `python/keenpix`; every option is the core's.

mod bytes;
mod fault;
mod limits;
mod pixels;
mod transform;

#[global_allocator]
static ALLOCATOR: keenpix_allocator::Mapping = keenpix_allocator::Mapping;

/// The extension module.
#[pyo3::pymodule(gil_used = false)]
mod _keenpix {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::bytes::Made;
    #[pymodule_export]
    use crate::limits::{Cancel, deadline_passed, given_up, input_limit};
    #[pymodule_export]
    use crate::transform::{probe, stats, transform};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("Bytes", crate::bytes::exporting(module.py())?)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}

//! NumPy arrays, read in place.

use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The samples of a NumPy array: 8 bits each, C-contiguous.
pub(crate) struct Pixels<'py> {
    /// Keeps the memory alive. NumPy doesn't resize an array in place while others refer to it.
    _array: Bound<'py, PyAny>,
    address: usize,
    length: usize,
}

impl Pixels<'_> {
    pub(crate) fn bytes(&self) -> &[u8] {
        if self.length == 0 {
            return &[];
        }
        // SAFETY: `extract` made sure that the address comes from NumPy itself and that the array is `length`
        // contiguous bytes, and `_array` keeps it alive. Another thread may write to the array during the call, which
        // NumPy's own functions allow as well: the bytes are samples, any value of which is valid, and nothing in the
        // core derives an index, a length or an address from them.
        unsafe { std::slice::from_raw_parts(self.address as *const u8, self.length) }
    }
}

impl<'py> FromPyObject<'_, 'py> for Pixels<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let wrong = || pyo3::exceptions::PyTypeError::new_err("expected a C-contiguous numpy.ndarray of uint8");
        let py = object.py();
        // Exactly this class, so that `__array_interface__` is NumPy's and not a subclass's.
        let class = py.import("numpy")?.getattr("ndarray")?;
        if !object.get_type().is(&class) {
            return Err(wrong());
        }
        let interface = object.getattr("__array_interface__")?.cast_into::<PyDict>()?;
        let item = |key: &str| interface.get_item(key)?.ok_or_else(wrong);
        let contiguous = item("strides")?.is_none();
        if !contiguous || item("typestr")?.extract::<String>()? != "|u1" {
            return Err(wrong());
        }
        let shape: Vec<usize> = item("shape")?.extract()?;
        let (address, _read_only): (usize, bool) = item("data")?.extract()?;
        let length = shape
            .iter()
            .try_fold(1usize, |product, &n| product.checked_mul(n))
            .ok_or_else(wrong)?;
        Ok(Pixels {
            _array: object.to_owned(),
            address,
            length,
        })
    }
}

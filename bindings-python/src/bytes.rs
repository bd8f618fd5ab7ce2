//! The result of a call: bytes that Python reads through the buffer protocol, without a copy.
//!
//! The buffer protocol's slots are part of the stable ABI only since 3.11, but every CPython since 3.9 accepts them
//! when a type is made from a spec (bpo-40724). So pyo3 makes the class, and a subclass made here adds the one slot.

use std::ffi::{c_char, c_int, c_void};
use std::sync::Mutex;

use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple, PyType};
use pyo3::{PyTypeInfo, ffi};
use serde::Serialize;

use crate::fault;

/// A finished image on its way to the Python class that represents it.
#[pyclass(frozen, module = "keenpix._keenpix")]
pub(crate) struct Made {
    bytes: Mutex<Option<Bytes>>,
    /// Facts about the image, as JSON.
    #[pyo3(get)]
    facts: String,
}

#[derive(Serialize)]
struct Facts<'a> {
    media_type: &'static str,
    extension: &'static str,
    #[serde(flatten)]
    output: &'a keenpix::Output,
}

impl Made {
    pub(crate) fn new(py: Python<'_>, mut output: keenpix::Output) -> PyResult<Self> {
        let facts = Facts {
            media_type: output.format.media_type(),
            extension: output.format.extension(),
            output: &output,
        };
        let facts = serde_json::to_string(&facts)
            .map_err(|error| fault::raise(py, &keenpix::Error::internal("writing JSON", error)))?;
        // A growing vector doubles its capacity, and the excess would live as long as the object.
        output.bytes.shrink_to_fit();
        Ok(Made {
            bytes: Mutex::new(Some(Bytes::new(output))),
            facts,
        })
    }
}

/// Bytes that never change. Those of raw pixels have the pixels' dimensions.
#[pyclass(frozen, subclass, module = "keenpix._keenpix", name = "Bytes")]
pub(crate) struct Bytes {
    bytes: Vec<u8>,
    shape: Vec<isize>,
    strides: Vec<isize>,
}

impl Bytes {
    fn new(output: keenpix::Output) -> Self {
        let bytes = output.bytes;
        let mut shape = vec![bytes.len()];
        if output.format == keenpix::Format::Raw {
            let pixel = [
                output.height as usize,
                output.width as usize,
                usize::from(output.channels),
            ];
            let frames = (output.frames > 1).then_some(output.frames as usize);
            let dimensions: Vec<usize> = frames.into_iter().chain(pixel).collect();
            // Consumers rely on the shape, so it must be correct.
            if dimensions.iter().product::<usize>() == bytes.len() {
                shape = dimensions;
            }
        }
        let strides = (1..=shape.len())
            .map(|after| shape[after..].iter().product::<usize>() as isize)
            .collect();
        Bytes {
            bytes,
            shape: shape.into_iter().map(|n| n as isize).collect(),
            strides,
        }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.bytes
    }
}

#[pymethods]
impl Bytes {
    /// Takes the bytes from `made`, which works only once.
    #[new]
    fn take(made: &Bound<'_, Made>) -> PyResult<Self> {
        let taken = made.get().bytes.lock().ok().and_then(|mut bytes| bytes.take());
        taken.ok_or_else(|| PyTypeError::new_err("these bytes are taken already"))
    }

    /// A copy of the bytes.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.bytes)
    }

    fn __len__(&self) -> usize {
        self.bytes.len()
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.data(py)
    }
}

/// The subclass of [`Bytes`] that has the buffer protocol.
pub(crate) fn exporting(py: Python<'_>) -> PyResult<Bound<'_, PyType>> {
    let bases = PyTuple::new(py, [Bytes::type_object(py)])?;
    let mut slots = [
        ffi::PyType_Slot {
            slot: PY_BF_GETBUFFER,
            pfunc: view as *mut c_void,
        },
        ffi::PyType_Slot {
            slot: 0,
            pfunc: std::ptr::null_mut(),
        },
    ];
    let mut spec = ffi::PyType_Spec {
        name: c"keenpix._keenpix.Bytes".as_ptr(),
        basicsize: 0, // the base's
        itemsize: 0,
        flags: (ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_BASETYPE) as _,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the spec, its slots and the bases outlive the call, and the name and the function are static. The call
    // returns a new reference to a type, or null with an exception set.
    let made = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpecWithBases(&mut spec, bases.as_ptr()))? };
    Ok(made.cast_into::<PyType>()?)
}

/// The number of the slot, from `typeslots.h`; the same in every CPython.
const PY_BF_GETBUFFER: c_int = 1;
/// `PyBUF_WRITABLE`, `PyBUF_FORMAT`, `PyBUF_ND`, `PyBUF_STRIDES` and the bit of `PyBUF_F_CONTIGUOUS` (`pybuffer.h`).
const WRITABLE: c_int = 0x1;
const FORMAT: c_int = 0x4;
const DIMENSIONS: c_int = 0x8;
const STRIDES: c_int = 0x10 | DIMENSIONS;
const COLUMNS_FIRST: c_int = 0x40;

/// `Py_buffer`: the same since CPython 3.3, and part of the stable ABI since 3.11.
#[repr(C)]
struct View {
    start: *mut c_void,
    owner: *mut ffi::PyObject,
    length: isize,
    item: isize,
    readonly: c_int,
    dimensions: c_int,
    format: *mut c_char,
    shape: *mut isize,
    strides: *mut isize,
    suboffsets: *mut isize,
    internal: *mut c_void,
}

/// `bf_getbuffer`: does what `PyBuffer_FillInfo` does, which the stable ABI lacks before 3.11 and which supports only
/// one dimension.
unsafe extern "C" fn view(object: *mut ffi::PyObject, view: *mut View, flags: c_int) -> c_int {
    // SAFETY: the interpreter calls a slot while attached, with a live object and a view to fill (null only from broken
    // callers, which are refused).
    let (py, Some(view)) = (unsafe { Python::assume_attached() }, unsafe { view.as_mut() }) else {
        return -1;
    };
    view.owner = std::ptr::null_mut();
    // SAFETY: as above; this takes a reference of its own.
    let object = unsafe { Bound::from_borrowed_ptr(py, object) };
    match object
        .cast_into::<Bytes>()
        .map_err(PyErr::from)
        .and_then(|bytes| fill(bytes, view, flags))
    {
        Ok(()) => 0,
        Err(error) => {
            error.restore(py);
            -1
        }
    }
}

fn fill(object: Bound<'_, Bytes>, view: &mut View, flags: c_int) -> PyResult<()> {
    let bytes = object.get();
    if flags & WRITABLE != 0 {
        return Err(PyBufferError::new_err("the image is read-only; copy it to change it"));
    }
    if flags & COLUMNS_FIRST != 0 && bytes.shape.len() > 1 {
        return Err(PyBufferError::new_err("the pixels lie row by row"));
    }
    let asked = |bits: c_int| flags & bits == bits;
    let or_null = |asked: bool, pointer: *const isize| {
        if asked {
            pointer.cast_mut()
        } else {
            std::ptr::null_mut()
        }
    };
    view.start = bytes.bytes.as_ptr().cast_mut().cast();
    view.length = bytes.bytes.len() as isize; // a Vec is never longer
    view.item = 1;
    view.readonly = 1;
    view.dimensions = if asked(DIMENSIONS) {
        bytes.shape.len() as c_int
    } else {
        1
    };
    view.format = if asked(FORMAT) {
        c"B".as_ptr().cast_mut()
    } else {
        std::ptr::null_mut()
    };
    view.shape = or_null(asked(DIMENSIONS), bytes.shape.as_ptr());
    view.strides = or_null(asked(STRIDES), bytes.strides.as_ptr());
    view.suboffsets = std::ptr::null_mut();
    view.internal = std::ptr::null_mut();
    // The view owns a reference, so what it points to lives, unchanged, as long as the view.
    view.owner = object.into_ptr();
    Ok(())
}

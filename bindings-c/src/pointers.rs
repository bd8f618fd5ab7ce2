//! Converts the caller's pointers to references, and back.

use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::Error;

/// The caller's bytes; none for null with a length of 0.
///
/// # Safety
///
/// `bytes` is null, or has `length` readable bytes that live and don't change for `'a`.
pub(crate) unsafe fn slice<'a>(bytes: *const u8, length: usize) -> Result<&'a [u8], Error> {
    match (bytes.is_null(), isize::try_from(length)) {
        (true, Ok(0)) => Ok(&[]),
        (true, _) => Err(Error::bad_argument("bytes", "the bytes of a file", "null")),
        (false, Err(_)) => Err(Error::bad_argument(
            "length",
            "the number of bytes",
            "larger than memory",
        )),
        // SAFETY: as the caller promises; the length was checked.
        (false, Ok(_)) => Ok(unsafe { std::slice::from_raw_parts(bytes, length) }),
    }
}

/// The caller's string; `None` for null.
///
/// # Safety
///
/// `text` is null, or is null-terminated, lives and doesn't change for `'a`.
pub(crate) unsafe fn text<'a>(text: *const c_char) -> Result<Option<&'a str>, Error> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller promises.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str()
        .map(Some)
        .map_err(|_| Error::bad_argument("plan", "JSON in UTF-8", "not UTF-8"))
}

/// The place for a result, set to null.
///
/// # Safety
///
/// `to` is null, or can be written for `'a`.
pub(crate) unsafe fn place<'a, T>(to: *mut *mut T) -> Option<&'a mut *mut T> {
    if to.is_null() {
        return None;
    }
    // SAFETY: as the caller promises; it is written without reading the old value, which may be anything.
    unsafe {
        to.write(std::ptr::null_mut());
        to.as_mut()
    }
}

/// Runs `work`; a panic becomes an error.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Error::from(keenpix::Error::internal(
            "calling",
            "a panic outside of the pipeline",
        )))
    })
}

/// Stores the result or the error, and returns 0 or 1. Callers have checked that there is a place for the result.
pub(crate) fn report<T>(
    made: Result<*mut T, Error>,
    output: Option<&mut *mut T>,
    error: Option<&mut *mut Error>,
) -> i32 {
    match made {
        Ok(made) => {
            if let Some(output) = output {
                *output = made;
            }
            0
        }
        Err(fault) => {
            if let Some(error) = error {
                *error = Box::into_raw(Box::new(fault));
            }
            1
        }
    }
}

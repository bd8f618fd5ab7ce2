//! Errors, read through functions.

use std::ffi::{CString, c_char};

/// Why a call failed.
pub struct Error {
    code: CString,
    message: CString,
    hint: CString,
    retryable: bool,
    http_status: u16,
}

impl From<keenpix::Error> for Error {
    fn from(error: keenpix::Error) -> Self {
        Error {
            code: c_string(error.code()),
            message: c_string(&error.to_string()),
            hint: c_string(error.hint()),
            retryable: error.retryable(),
            http_status: error.http_status(),
        }
    }
}

impl Error {
    /// An argument that makes no sense: a fault of the program.
    pub(crate) fn bad_argument(message: impl AsRef<str>) -> Self {
        Error {
            code: c_string("BAD_ARGUMENT"),
            message: c_string(message.as_ref()),
            hint: c_string("keenpix.h says what each argument has to be."),
            retryable: false,
            http_status: 500,
        }
    }
}

/// A text for C; zeros, which would end it early, are left out.
pub(crate) fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "")).unwrap_or_default()
}

/// A stable name for the kind of error, such as NOT_AN_IMAGE; null for null. It lives as long as the error, like the
/// other texts.
///
/// # Safety
///
/// `error` is null or was set by a call and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_code(error: *const Error) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(std::ptr::null(), |error| error.code.as_ptr())
}

/// What was expected and what came, with the numbers; null for null.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_message(error: *const Error) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(std::ptr::null(), |error| error.message.as_ptr())
}

/// What can be done about it, in a sentence; null for null.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_hint(error: *const Error) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(std::ptr::null(), |error| error.hint.as_ptr())
}

/// Whether the same call may succeed later, with the same bytes and the same plan.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_retryable(error: *const Error) -> bool {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.is_some_and(|error| error.retryable)
}

/// The status for an HTTP answer that passes the fault on; 0 for null.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_http_status(error: *const Error) -> u16 {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(0, |error| error.http_status)
}

/// Frees an error. Null is ignored.
///
/// # Safety
///
/// `error` is null, or was set by a call and not freed before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_free(error: *mut Error) {
    if !error.is_null() {
        // SAFETY: it was made by `Box::into_raw`.
        drop(unsafe { Box::from_raw(error) });
    }
}

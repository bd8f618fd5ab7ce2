//! Errors, read through functions.

use std::ffi::{CString, c_char};

/// Why a call failed.
pub struct Error {
    code: CString,
    message: CString,
    hint: CString,
    retryable: bool,
    http_status: u16,
    format: Option<CString>,
    place: Option<CString>,
    expected: Option<CString>,
    got: Option<CString>,
    reason: Option<CString>,
}

impl From<keenpix::Error> for Error {
    fn from(error: keenpix::Error) -> Self {
        let fault = error.fault();
        let maybe = |text: Option<&str>| text.map(c_string);
        Error {
            code: c_string(fault.code),
            message: c_string(&fault.message),
            hint: c_string(fault.hint),
            retryable: fault.retryable,
            http_status: fault.http_status,
            format: maybe(fault.format.map(keenpix::Format::name)),
            place: maybe(fault.place.as_deref()),
            expected: maybe(fault.expected.as_deref()),
            got: maybe(fault.got.as_deref()),
            reason: maybe(fault.reason.map(keenpix::Reason::name)),
        }
    }
}

impl Error {
    /// An invalid argument: a bug in the calling program.
    pub(crate) fn bad_argument(name: &str, expected: &str, got: &str) -> Self {
        keenpix::Error::bad_argument(name, expected, got).into()
    }
}

/// One of the optional strings.
///
/// # Safety
///
/// `error` is null or was set by a call and not freed.
unsafe fn text(error: *const Error, of: impl FnOnce(&Error) -> Option<&CString>) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }
        .and_then(of)
        .map_or(std::ptr::null(), |text| text.as_ptr())
}

/// A string for C, without NULs, which would end it early.
pub(crate) fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "")).unwrap_or_default()
}

/// A stable name for the kind of error, such as NOT_AN_IMAGE; null for null. It lives as long as the error, as do the
/// other strings.
///
/// # Safety
///
/// `error` is null or was set by a call and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_code(error: *const Error) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(std::ptr::null(), |error| error.code.as_ptr())
}

/// What was expected and what was given, with the numbers; null for null.
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

/// The HTTP status for a response that passes the error on; 0 for null.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_http_status(error: *const Error) -> u16 {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(0, |error| error.http_status)
}

/// The format that was being read or written, such as jpeg; null if none.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_format(error: *const Error) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(error, |error| error.format.as_ref()) }
}

/// Where in the plan the fault is, such as effects[0].sigma; null if nowhere in particular.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_place(error: *const Error) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(error, |error| error.place.as_ref()) }
}

/// What would have been accepted, such as 0.3 to 1000; null if unknown.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_expected(error: *const Error) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(error, |error| error.expected.as_ref()) }
}

/// What was given instead, shortened if it is long; null if unknown.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_got(error: *const Error) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(error, |error| error.got.as_ref()) }
}

/// A stable word for what exactly is wrong, such as crop-outside; null if the code says it all.
///
/// # Safety
///
/// As for [`keenpix_error_code`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_error_reason(error: *const Error) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(error, |error| error.reason.as_ref()) }
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

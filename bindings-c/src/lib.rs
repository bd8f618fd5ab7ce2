//! keenpix behind a small C ABI: bytes and a plan as JSON in, bytes out.
//!
//! The test `header` generates `include/keenpix.h` from this crate's source, with the first paragraphs of its comments.
//! Every optional argument may be null; panics are caught. `unsafe` is used only for the caller's pointers: functions
//! turn them into references at once, and the rest is safe code.

mod error;
mod limits;
mod output;
mod pointers;

use std::ffi::{CString, c_char};

pub use error::{
    Error, keenpix_error_code, keenpix_error_expected, keenpix_error_format, keenpix_error_free, keenpix_error_got,
    keenpix_error_hint, keenpix_error_http_status, keenpix_error_message, keenpix_error_place, keenpix_error_reason,
    keenpix_error_retryable,
};
pub use limits::Limits;
pub use output::{Output, keenpix_output_data, keenpix_output_free, keenpix_output_info, keenpix_output_length};

use pointers::{guarded, place, report, slice, text};

/// Turns one image into another. `bytes` is a file of `length` bytes; `plan` says what to make of it, as JSON (null:
/// {}); `limits` what the call may use (null: the defaults). Returns 0 and sets `*output`, or 1 and sets `*error`;
/// the other is set to null. `error` may be null. Free them with keenpix_output_free and keenpix_error_free.
/// Thread-safe.
///
/// # Safety
///
/// `bytes` has `length` readable bytes that don't change during the call, or is null if there are none; `plan` is
/// null-terminated; `output` and `error` are null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_transform(
    bytes: *const u8,
    length: usize,
    plan: *const c_char,
    limits: *const Limits,
    output: *mut *mut Output,
    error: *mut *mut Error,
) -> i32 {
    // SAFETY: as the caller promises.
    let (bytes, plan, limits) = unsafe { (slice(bytes, length), text(plan), limits.as_ref()) };
    // SAFETY: as the caller promises.
    let (output, error) = unsafe { (place(output), place(error)) };
    if output.is_none() {
        return report(
            Err(Error::bad_argument("output", "a pointer for the image", "null")),
            output,
            error,
        );
    }
    let made = guarded(|| {
        let plan = keenpix::Plan::from_json(plan?.unwrap_or("{}"))?;
        let limits = limits.map(Limits::resolve).unwrap_or_default();
        Output::new(keenpix::transform(bytes?, &plan, &limits)?)
    });
    report(made.map(Box::new).map(Box::into_raw), output, error)
}

/// Reads an image's header; no pixels are decoded. Returns 0 and sets `*info` to JSON (freed by keenpix_string_free),
/// or returns 1 and sets `*error`, as keenpix_transform does.
///
/// # Safety
///
/// As for [`keenpix_transform`]; `info` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_probe(
    bytes: *const u8,
    length: usize,
    info: *mut *mut c_char,
    error: *mut *mut Error,
) -> i32 {
    // SAFETY: as the caller promises.
    let (bytes, info, error) = unsafe { (slice(bytes, length), place(info), place(error)) };
    if info.is_none() {
        return report(
            Err(Error::bad_argument("info", "a pointer for the text", "null")),
            info,
            error,
        );
    }
    let read = guarded(|| output::json(&keenpix::probe(bytes?)?));
    report(read.map(CString::into_raw), info, error)
}

/// Frees a string that keenpix_probe has set. Null is ignored.
///
/// # Safety
///
/// `text` comes from keenpix_probe and was not freed before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_string_free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: keenpix_probe made it with `CString::into_raw`.
        drop(unsafe { CString::from_raw(text) });
    }
}

/// The library's version, such as 0.1.0. It is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn keenpix_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

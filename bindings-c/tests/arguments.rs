//! Callers' mistakes: null where a pointer is required, text that is not UTF-8.

use std::ffi::{CStr, c_char};
use std::ptr::{null, null_mut};

use keenpix_c::*;

const PNG: &[u8] = include_bytes!("../../core/tests/images/rgb.png");

/// The code of the error of a call with these arguments.
fn code(bytes: *const u8, length: usize, plan: *const c_char) -> String {
    let (mut output, mut error) = (null_mut(), null_mut());
    // SAFETY: the tests pass pointers that are null or valid.
    unsafe {
        assert_eq!(
            keenpix_transform(bytes, length, plan, null(), &mut output, &mut error),
            1
        );
        assert!(output.is_null());
        let code = CStr::from_ptr(keenpix_error_code(error)).to_str().unwrap().to_owned();
        keenpix_error_free(error);
        code
    }
}

#[test]
fn null_and_nonsense_are_errors() {
    assert_eq!(code(null(), 0, null()), "NOT_AN_IMAGE");
    assert_eq!(code(null(), 5, null()), "BAD_ARGUMENT");
    assert_eq!(code(PNG.as_ptr(), usize::MAX, null()), "BAD_ARGUMENT");
    assert_eq!(code(PNG.as_ptr(), PNG.len(), c"{".as_ptr()), "BAD_PLAN");
    assert_eq!(code(PNG.as_ptr(), PNG.len(), c"{\"widht\": 1}".as_ptr()), "BAD_PLAN");
    assert_eq!(code(PNG.as_ptr(), PNG.len(), c"\xff".as_ptr()), "BAD_ARGUMENT");
}

#[test]
fn nowhere_to_write_is_an_error_too() {
    let mut error = null_mut();
    // SAFETY: every pointer is null or valid.
    unsafe {
        assert_eq!(
            keenpix_transform(PNG.as_ptr(), PNG.len(), null(), null(), null_mut(), &mut error),
            1
        );
        assert_eq!(
            CStr::from_ptr(keenpix_error_message(error)),
            c"bad argument: output is null, expected a pointer for the image"
        );
        keenpix_error_free(error);
        assert_eq!(keenpix_transform(null(), 0, null(), null(), null_mut(), null_mut()), 1);
        assert_eq!(keenpix_probe(PNG.as_ptr(), PNG.len(), null_mut(), null_mut()), 1);
    }
}

#[test]
fn null_can_be_read_and_freed() {
    // SAFETY: null is allowed.
    unsafe {
        assert!(keenpix_output_data(null()).is_null() && keenpix_output_info(null()).is_null());
        assert_eq!(keenpix_output_length(null()), 0);
        assert!(keenpix_error_code(null()).is_null() && keenpix_error_message(null()).is_null());
        assert!(keenpix_error_hint(null()).is_null() && !keenpix_error_retryable(null()));
        for text in [
            keenpix_error_format,
            keenpix_error_place,
            keenpix_error_expected,
            keenpix_error_got,
            keenpix_error_reason,
        ] {
            assert!(text(null()).is_null());
        }
        assert_eq!(keenpix_error_http_status(null()), 0);
        keenpix_output_free(null_mut());
        keenpix_error_free(null_mut());
        keenpix_string_free(null_mut());
    }
}

#[test]
fn threads_may_call_at_once() {
    std::thread::scope(|scope| {
        for width in 1..=8 {
            scope.spawn(move || {
                let plan = std::ffi::CString::new(format!("{{\"resize\": {{\"width\": {width}}}}}")).unwrap();
                let mut output = null_mut();
                // SAFETY: every pointer is valid, and the output is read before it is freed.
                unsafe {
                    let ended =
                        keenpix_transform(PNG.as_ptr(), PNG.len(), plan.as_ptr(), null(), &mut output, null_mut());
                    assert_eq!(ended, 0);
                    let info = CStr::from_ptr(keenpix_output_info(output)).to_str().unwrap();
                    assert!(info.contains(&format!("\"width\":{width},")), "{info}");
                    keenpix_output_free(output);
                }
            });
        }
    });
}

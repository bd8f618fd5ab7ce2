//! Finished images, read through functions.

use std::ffi::{CString, c_char};

use serde::Serialize;

use crate::Error;
use crate::error::c_string;

/// A finished image.
pub struct Output {
    bytes: Vec<u8>,
    info: CString,
}

#[derive(Serialize)]
struct Facts<'a> {
    media_type: &'static str,
    extension: &'static str,
    #[serde(flatten)]
    output: &'a keenpix::Output,
}

impl Output {
    pub(crate) fn new(output: keenpix::Output) -> Result<Self, Error> {
        let info = json(&Facts {
            media_type: output.format.media_type(),
            extension: output.format.extension(),
            output: &output,
        })?;
        Ok(Output {
            bytes: output.bytes,
            info,
        })
    }
}

pub(crate) fn json(facts: &impl Serialize) -> Result<CString, Error> {
    let text = serde_json::to_string(facts).map_err(|error| keenpix::Error::internal("writing JSON", error))?;
    Ok(c_string(&text))
}

/// The file's bytes; null for null. They live as long as the output.
///
/// # Safety
///
/// `output` is null or was set by keenpix_transform and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_output_data(output: *const Output) -> *const u8 {
    // SAFETY: as the caller promises.
    unsafe { output.as_ref() }.map_or(std::ptr::null(), |output| output.bytes.as_ptr())
}

/// The size of the file in bytes; 0 for null.
///
/// # Safety
///
/// As for [`keenpix_output_data`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_output_length(output: *const Output) -> usize {
    // SAFETY: as the caller promises.
    unsafe { output.as_ref() }.map_or(0, |output| output.bytes.len())
}

/// Facts about the image, as JSON: format, media_type, extension, width, height, frames, channels, alpha, warnings
/// and more; null for null. It lives as long as the output.
///
/// # Safety
///
/// As for [`keenpix_output_data`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_output_info(output: *const Output) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { output.as_ref() }.map_or(std::ptr::null(), |output| output.info.as_ptr())
}

/// Frees an output. Null is ignored.
///
/// # Safety
///
/// `output` is null, or was set by keenpix_transform and not freed before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keenpix_output_free(output: *mut Output) {
    if !output.is_null() {
        // SAFETY: it was made by `Box::into_raw`.
        drop(unsafe { Box::from_raw(output) });
    }
}

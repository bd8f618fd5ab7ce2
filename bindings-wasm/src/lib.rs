//! keenpix as a WebAssembly module.
//!
//! The JavaScript side (`lib/instance.js`) takes memory with [`alloc`], writes the file and the plan there, and calls
//! [`transform`] or [`probe`]. The answer is one block: a byte that says whether it worked, the length of a text of
//! JSON (4 bytes, little-endian), the text, and the file's bytes. There are no threads, and so one answer at a time: it
//! is kept here until the next call or [`release`].
//!
//! A panic can't be caught here. The hook sends its message to the host before the module traps; the host throws the
//! instance away.

use std::cell::RefCell;

use keenpix::{Error, Limits, Plan};
use serde::Serialize;

thread_local! {
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

#[link(wasm_import_module = "keenpix")]
unsafe extern "C" {
    /// Takes the message of a panic, in UTF-8.
    fn panicked(text: *const u8, length: usize);
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Facts<'a> {
    media_type: &'static str,
    extension: &'static str,
    #[serde(flatten)]
    output: &'a keenpix::Output,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    code: &'a str,
    message: &'a str,
    hint: &'a str,
    retryable: bool,
    http_status: u16,
    format: Option<&'a str>,
    place: Option<&'a str>,
    expected: Option<&'a str>,
    got: Option<&'a str>,
    reason: Option<&'a str>,
}

/// Called once for each instance.
#[unsafe(no_mangle)]
pub extern "C" fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.to_string();
        // SAFETY: the host reads these bytes before it returns.
        unsafe { panicked(text.as_ptr(), text.len()) };
    }));
}

/// Memory for `length` bytes, filled with zeros; null if there is not enough.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    let mut bytes: Vec<u8> = Vec::new();
    if bytes.try_reserve_exact(length).is_err() {
        return std::ptr::null_mut();
    }
    bytes.resize(length, 0);
    Box::into_raw(bytes.into_boxed_slice()).cast()
}

/// Gives back what [`alloc`] returned for the same length.
///
/// # Safety
///
/// `bytes` was returned by `alloc(length)` and not given back before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(bytes: *mut u8, length: usize) {
    // SAFETY: as the caller promises.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(bytes, length)) });
}

/// Turns one image into another. `plan` and `limits` are JSON. Returns the answer, as [`answer_length`] bytes.
///
/// # Safety
///
/// Each pointer was returned by [`alloc`] for the length that follows it, and not given back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn transform(
    bytes: *const u8,
    length: usize,
    plan: *const u8,
    plan_length: usize,
    limits: *const u8,
    limits_length: usize,
) -> *const u8 {
    // SAFETY: as the caller promises.
    let (bytes, plan, limits) = unsafe {
        (
            slice(bytes, length),
            slice(plan, plan_length),
            slice(limits, limits_length),
        )
    };
    answer(|| {
        let plan = Plan::from_json(text(plan, "plan")?)?;
        let limits = Limits::from_json(text(limits, "limits")?)?;
        let output = keenpix::transform(bytes, &plan, &limits)?;
        let facts = json(&Facts {
            media_type: output.format.media_type(),
            extension: output.format.extension(),
            output: &output,
        })?;
        Ok((facts, output.bytes))
    })
}

/// Reads an image's header. Returns the answer, without a file.
///
/// # Safety
///
/// As for [`transform`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe(bytes: *const u8, length: usize) -> *const u8 {
    // SAFETY: as the caller promises.
    let bytes = unsafe { slice(bytes, length) };
    answer(|| Ok((json(&keenpix::probe(bytes)?)?, Vec::new())))
}

/// The length of the last answer.
#[unsafe(no_mangle)]
pub extern "C" fn answer_length() -> usize {
    ANSWER.with_borrow(Vec::len)
}

/// Gives back the last answer's memory.
#[unsafe(no_mangle)]
pub extern "C" fn release() {
    ANSWER.take();
}

/// # Safety
///
/// As for [`transform`].
unsafe fn slice<'a>(bytes: *const u8, length: usize) -> &'a [u8] {
    // SAFETY: as the caller promises; `alloc` fills what it returns.
    unsafe { std::slice::from_raw_parts(bytes, length) }
}

fn text<'a>(bytes: &'a [u8], name: &str) -> Result<&'a str, Error> {
    str::from_utf8(bytes).map_err(|_| Error::bad_argument(name, "JSON in UTF-8", "not UTF-8"))
}

fn json(facts: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(facts).map_err(|error| Error::internal("writing JSON", error))
}

fn answer(make: impl FnOnce() -> Result<(Vec<u8>, Vec<u8>), Error>) -> *const u8 {
    let made = make();
    let worked = made.is_ok();
    let (facts, file) = made.unwrap_or_else(|error| (failure(&error), Vec::new()));
    let mut block = Vec::with_capacity(5 + facts.len() + file.len());
    block.push(u8::from(worked));
    // A text of 4 GiB doesn't fit into the module's memory.
    block.extend_from_slice(&(facts.len() as u32).to_le_bytes());
    block.extend_from_slice(&facts);
    block.extend_from_slice(&file);
    ANSWER.with_borrow_mut(|answer| {
        *answer = block;
        answer.as_ptr()
    })
}

fn failure(error: &Error) -> Vec<u8> {
    let fault = error.fault();
    let failure = Failure {
        code: fault.code,
        message: &fault.message,
        hint: fault.hint,
        retryable: fault.retryable,
        http_status: fault.http_status,
        format: fault.format.map(keenpix::Format::name),
        place: fault.place.as_deref(),
        expected: fault.expected.as_deref(),
        got: fault.got.as_deref(),
        reason: fault.reason.map(keenpix::Reason::name),
    };
    // Strings, numbers and flags can always be written.
    serde_json::to_vec(&failure).unwrap_or_default()
}

//! An error as plain data, for other languages and for logs.

use serde::Serialize;

use super::{Error, Reason};
use crate::format::Format;

/// An [`Error`] as plain data: the same fields in every language and in JSON.
///
/// ```
/// let error = keenpix::Plan::from_json(r#"{"resize": {"width": "200"}}"#).unwrap_err();
/// let fault = error.fault();
/// assert_eq!(fault.code, "BAD_PLAN");
/// assert_eq!(fault.place.as_deref(), Some("resize.width"));
/// ```
///
/// A binding makes its exception of it and adds nothing: `message` is complete, and what a program wants to know is in
/// the other fields, so that no caller has to take a message apart. In JavaScript all of them are fields of
/// `KeenpixError`: the compatible layer for sharp chooses sharp's sentences by `code`, `reason` and `format`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Fault {
    /// See [`Error::code`].
    pub code: &'static str,
    /// What was expected and what came, in a sentence.
    pub message: String,
    /// See [`Error::hint`].
    pub hint: &'static str,
    /// See [`Error::retryable`].
    pub retryable: bool,
    /// See [`Error::http_status`].
    pub http_status: u16,
    /// The format that was being read or written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Where in the plan: `effects[0].sigma`; the layer whose file is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What would be accepted there: `0.3 to 1000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What came instead, shortened if it is long: `2000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
    /// What exactly is wrong, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        Fault {
            code: error.code(),
            message: error.to_string(),
            hint: error.hint(),
            retryable: error.retryable(),
            http_status: error.http_status(),
            format: error.format(),
            place: error.place().map(str::to_owned),
            expected: error.expected(),
            got: error.got(),
            reason: error.reason(),
        }
    }
}

//! The result of each record, and the response to Lambda.

use serde_json::{Value, json};

use super::event::Record;
use crate::{Error, Reason};

/// The results of an invocation's records, in order.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Report {
    /// One entry for each record, parsed or not, and one for each message that could not be parsed.
    pub entries: Vec<Entry>,
}

/// The result of one record.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Entry {
    /// The SQS message that it came in.
    pub message: Option<String>,
    /// The record; `None` if it could not be parsed.
    pub record: Option<Record>,
    /// Its result.
    pub result: Result<Outcome, Failure>,
}

/// How a record ended without a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Outputs were written; these are their keys.
    Written(Vec<String>),
    /// Outputs were deleted because the source is gone; these are their keys.
    Removed(Vec<String>),
    /// The outputs already existed.
    Current,
    /// The object has been overwritten, so a later event handles it.
    Superseded,
    /// The object is gone.
    Vanished,
    /// The object is poison and was already reported.
    Dead,
    /// Nothing to do, and why.
    Ignored(&'static str),
}

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A transient condition's: the same event may succeed later.
    Transient,
    /// The object's: it fails whenever it is tried.
    Poison,
    /// The set-up's: a missing permission or bucket, a plan that can't work, a format that is not built in, a
    /// rule that feeds itself. Somebody has to correct it; no object is given up for it.
    Setup,
}

/// Why a record failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct Failure {
    code: &'static str,
    reason: String,
    fault: Fault,
    recorded: bool,
}

/// The failures that the queue must know about, as one error: Lambda retries the event, and then puts it in the
/// dead-letter queue with this message.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Unsettled {
    message: String,
    code: &'static str,
}

impl Failure {
    /// A stable name for the kind of failure: a [code of `keenpix::Error`](Error::code), or one of `BAD_EVENT`,
    /// `RECURSION`, `ATTEMPTS`, `BUSY`, `UNSETTLED`, `UNREPORTED`, `S3_SLOW_DOWN`, `S3_UNAVAILABLE`, `S3_CUT`,
    /// `S3_DENIED`, `S3_NO_BUCKET`, `S3_REFUSED`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// Whether the same event may succeed later.
    pub fn retryable(&self) -> bool {
        self.fault == Fault::Transient
    }

    /// Whether it was [reported](crate::s3::Handler::with_rejects), or is in the ledger as a dead letter, so that
    /// the queue needn't keep it.
    pub fn is_recorded(&self) -> bool {
        self.recorded
    }

    pub(super) fn new(fault: Fault, code: &'static str, reason: impl Into<String>) -> Self {
        Failure {
            code,
            reason: reason.into(),
            fault,
            recorded: false,
        }
    }

    pub(super) fn bad_event(reason: impl Into<String>) -> Self {
        Failure::new(Fault::Poison, "BAD_EVENT", reason)
    }

    /// What was expected and what came, without the code.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    pub(super) fn recorded(self) -> Self {
        Failure { recorded: true, ..self }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let fault = match (&error, error.reason()) {
            (Error::BadPlan { .. } | Error::BadArgument { .. }, _) => Fault::Setup,
            (_, Some(Reason::NotBuilt | Reason::OutputTooLarge | Reason::BadLayer)) => Fault::Setup,
            _ if error.retryable() => Fault::Transient,
            _ => Fault::Poison,
        };
        Failure::new(fault, error.code(), error.to_string())
    }
}

impl Report {
    /// The failures that are not settled yet: the queue must keep their events.
    pub fn unsettled(&self) -> impl Iterator<Item = (&Entry, &Failure)> {
        self.entries
            .iter()
            .filter_map(|entry| entry.result.as_ref().err().map(|failure| (entry, failure)))
            .filter(|(_, failure)| !failure.recorded)
    }

    /// The response of a Lambda function.
    ///
    /// For an SQS batch: `batchItemFailures`, the messages to keep (the event source mapping needs
    /// `ReportBatchItemFailures`). Otherwise an empty list.
    ///
    /// # Errors
    ///
    /// If a record failed that didn't come from SQS: an error is the only way to have such an event retried.
    ///
    /// ```
    /// let report = keenpix::s3::Report::default();
    /// assert_eq!(report.response().unwrap().to_string(), r#"{"batchItemFailures":[]}"#);
    /// ```
    pub fn response(&self) -> Result<Value, Unsettled> {
        let mut failed: Vec<&str> = Vec::new();
        let mut alone = Vec::new();
        for (entry, failure) in self.unsettled() {
            match &entry.message {
                Some(id) if failed.contains(&id.as_str()) => {}
                Some(id) => failed.push(id),
                None => alone.push((entry, failure)),
            }
        }
        if let Some((_, first)) = alone.first() {
            let code = first.code;
            let texts = alone.iter().map(|(entry, failure)| match &entry.record {
                Some(record) => format!("{failure} ({}/{})", record.bucket, record.key),
                None => failure.to_string(),
            });
            let message = texts.collect::<Vec<_>>().join("; ");
            return Err(Unsettled { message, code });
        }
        let failed: Vec<Value> = failed.iter().map(|id| json!({"itemIdentifier": id})).collect();
        Ok(json!({"batchItemFailures": failed}))
    }
}

impl Unsettled {
    /// The first failure's code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(message: Option<&str>, result: Result<Outcome, Failure>) -> Entry {
        Entry {
            message: message.map(str::to_owned),
            record: None,
            result,
        }
    }

    #[test]
    fn failed_messages_are_named_once_and_recorded_ones_not() {
        let passing = Failure::new(Fault::Transient, "S3_SLOW_DOWN", "slow down");
        let poison = Failure::from(Error::not_an_image("text"));
        assert!(passing.retryable() && !poison.retryable());
        let report = Report {
            entries: vec![
                entry(Some("1"), Ok(Outcome::Current)),
                entry(Some("2"), Err(passing.clone())),
                entry(Some("2"), Err(poison.clone())),
                entry(Some("3"), Err(poison.recorded())),
            ],
        };
        assert_eq!(
            report.response().unwrap(),
            json!({"batchItemFailures": [{"itemIdentifier": "2"}]})
        );
    }

    #[test]
    fn without_a_message_a_failure_is_an_error() {
        let failure = Failure::new(Fault::Transient, "S3_CUT", "cut");
        let report = Report {
            entries: vec![entry(None, Ok(Outcome::Current)), entry(None, Err(failure))],
        };
        let error = report.response().unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), ("S3_CUT", "S3_CUT: cut"));
    }
}

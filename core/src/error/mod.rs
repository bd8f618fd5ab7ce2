//! One error type, sorted by whose fault it is.

mod fault;
mod left_out;
mod reason;
mod sentence;
#[cfg(test)]
mod tests;

pub use fault::Fault;
pub use reason::Reason;

use crate::format::Format;
use sentence::{before, sentence};

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a picture could not be made.
///
/// The variants say whose fault it is; [`Error::code`] is the same short string in every language that
/// keenpix speaks, and stays the same from version to version. The message says what was expected and what
/// came, with the numbers.
///
/// ```
/// use keenpix::{Limits, Plan, transform};
///
/// let error = transform(b"<!doctype html>", &Plan::new(), &Limits::default()).unwrap_err();
/// assert_eq!(error.code(), "NOT_AN_IMAGE");
/// assert!(!error.retryable());
/// ```
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not an image. `diagnosis` says what they look like instead.
    #[error("{}input is not an image: {diagnosis}", before(.place.as_deref()))]
    #[non_exhaustive]
    NotAnImage {
        /// What the bytes look like, in words.
        diagnosis: String,
        /// The same for programs, where they may want to know.
        reason: Option<Reason>,
        /// Which layer of the plan the bytes are: `effects[0].layers[0]`; `None` for the input.
        place: Option<String>,
    },
    /// The bytes are an image of a known format, and damaged or against the format's rules.
    #[error("{}damaged {format} input: {detail}", before(.place.as_deref()))]
    #[non_exhaustive]
    BadInput {
        /// The format that the bytes claim to be.
        format: Format,
        /// What is wrong, and where.
        detail: String,
        /// The same for programs, where they may want to know.
        reason: Option<Reason>,
        /// Which layer of the plan it is; `None` for the input.
        place: Option<String>,
    },
    /// An image that ends too early, with [`Tolerate::None`](crate::input::Tolerate::None), or before its first pixel.
    #[error("{}truncated {format} input: {detail}", before(.place.as_deref()))]
    #[non_exhaustive]
    Truncated {
        /// The format that the bytes claim to be.
        format: Format,
        /// Where the data ended.
        detail: String,
        /// The same for programs, where they may want to know.
        reason: Option<Reason>,
        /// Which layer of the plan it is; `None` for the input.
        place: Option<String>,
    },
    /// An image that is legal and that keenpix does not read or write.
    #[error("{}unsupported: {detail}", before(.place.as_deref()))]
    #[non_exhaustive]
    Unsupported {
        /// What is not supported, by the name its standard gives it.
        detail: String,
        /// The same for programs, where they may want to know.
        reason: Option<Reason>,
        /// Which layer of the plan it is in, if it is in one.
        place: Option<String>,
    },
    /// A limit of [`Limits`](crate::Limits) would be passed.
    #[error("{}{what} limit exceeded: {actual} {} where {limit} are allowed", before(.place.as_deref()), .what.unit())]
    #[non_exhaustive]
    Limit {
        /// Which limit.
        what: LimitKind,
        /// What the input or the plan asks for.
        actual: u64,
        /// What the limit allows.
        limit: u64,
        /// Whether it is the plan that asks for too much.
        reason: Option<Reason>,
        /// Which layer of the plan would pass it, if it is one.
        place: Option<String>,
    },
    /// The deadline of [`Limits`](crate::Limits) has passed.
    #[error("deadline exceeded: stopped after {elapsed_ms} ms where {deadline_ms} ms are allowed")]
    #[non_exhaustive]
    Deadline {
        /// Time from the start to the stop, in milliseconds.
        elapsed_ms: u64,
        /// Time that was allowed, in milliseconds.
        deadline_ms: u64,
    },
    /// The caller's cancel flag was raised.
    #[error("cancelled by the caller")]
    Cancelled,
    /// The plan can't be read, contradicts itself, or does not fit the image.
    #[error("bad plan: {}", sentence(.place, .detail.as_deref(), .expected.as_deref(), .got.as_deref()))]
    #[non_exhaustive]
    BadPlan {
        /// Where in the plan: `effects[0].sigma`; empty for the plan as a whole.
        place: String,
        /// What would be accepted there.
        expected: Option<String>,
        /// What came instead, shortened if it is long.
        got: Option<String>,
        /// What exactly is wrong, for programs.
        reason: Reason,
        /// The sentence, where it is not "`place` is `got`, expected `expected`".
        detail: Option<String>,
    },
    /// An argument of the call other than the plan is invalid, whatever the image: the program is at fault.
    #[error("bad argument: {}", sentence(.place, .detail.as_deref(), .expected.as_deref(), .got.as_deref()))]
    #[non_exhaustive]
    BadArgument {
        /// Which argument: `limits.pixels`.
        place: String,
        /// What would be accepted there.
        expected: Option<String>,
        /// What came instead, shortened if it is long.
        got: Option<String>,
        /// What exactly is wrong, for programs.
        reason: Reason,
        /// The sentence, where it is not "`place` is `got`, expected `expected`".
        detail: Option<String>,
    },
    /// The encoder gave up.
    #[error("{format} encoder failed: {detail}")]
    #[non_exhaustive]
    Encoder {
        /// The format that was being written.
        format: Format,
        /// What the encoder said.
        detail: String,
    },
    /// The system refused memory that the limits allow.
    #[error("out of memory: {bytes} bytes for {what}")]
    #[non_exhaustive]
    OutOfMemory {
        /// How much was asked for, in bytes.
        bytes: u64,
        /// What it was for.
        what: &'static str,
    },
    /// A codec panicked. That is a fault in keenpix or in a codec crate; please report it with the file.
    #[error("internal error while {stage}: {detail}")]
    #[non_exhaustive]
    Internal {
        /// What was being done.
        stage: &'static str,
        /// The panic's message.
        detail: String,
    },
}

/// The limits that [`Error::Limit`] can name.
///
/// ```
/// use keenpix::{Error, LimitKind, Limits, Plan, transform};
///
/// let limits = Limits::new().with_width(50);
/// let error = transform(include_bytes!("../../tests/images/rgb.png"), &Plan::new(), &limits).unwrap_err(); // 64 × 48
/// assert!(matches!(error, Error::Limit { what: LimitKind::Width, actual: 64, limit: 50, .. }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitKind {
    /// Width × height of the input or of the output.
    Pixels,
    /// Width of the input or of the output.
    Width,
    /// Height of the input or of the output.
    Height,
    /// Length of the input.
    InputBytes,
    /// Memory for pixels and tables, all stages together.
    Memory,
    /// Frames of an animation.
    Frames,
    /// Pixels decoded in the call, over all frames and passes.
    TotalPixels,
    /// Scans of a JPEG, or chunks of a PNG: passes over the same pixels.
    Scans,
    /// Parts of an SVG drawing, or steps to draw it; the text says of what. These limits are fixed.
    Drawing(&'static str),
}

impl std::fmt::Display for LimitKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            LimitKind::Pixels => "pixels",
            LimitKind::Width => "width",
            LimitKind::Height => "height",
            LimitKind::InputBytes => "input bytes",
            LimitKind::Memory => "memory",
            LimitKind::Frames => "frames",
            LimitKind::TotalPixels => "total pixels",
            LimitKind::Scans => "scans",
            LimitKind::Drawing(_) => "drawing",
        })
    }
}

impl LimitKind {
    /// What the limit counts, for messages.
    fn unit(self) -> &'static str {
        match self {
            LimitKind::Pixels | LimitKind::Width | LimitKind::Height | LimitKind::TotalPixels => "pixels",
            LimitKind::InputBytes | LimitKind::Memory => "bytes",
            LimitKind::Frames => "frames",
            LimitKind::Scans => "scans",
            LimitKind::Drawing(of) => of,
        }
    }
}

impl Error {
    /// A stable name for the kind of error: the same in Rust, Node and Python, in every version.
    pub fn code(&self) -> &'static str {
        match self {
            Error::NotAnImage { .. } => "NOT_AN_IMAGE",
            Error::BadInput { .. } => "BAD_INPUT",
            Error::Truncated { .. } => "TRUNCATED",
            Error::Unsupported { .. } => "UNSUPPORTED",
            Error::Limit { what, .. } => match what {
                LimitKind::Pixels => "LIMIT_PIXELS",
                LimitKind::Width => "LIMIT_WIDTH",
                LimitKind::Height => "LIMIT_HEIGHT",
                LimitKind::InputBytes => "LIMIT_INPUT_BYTES",
                LimitKind::Memory => "LIMIT_MEMORY",
                LimitKind::Frames => "LIMIT_FRAMES",
                LimitKind::TotalPixels => "LIMIT_TOTAL_PIXELS",
                LimitKind::Scans => "LIMIT_SCANS",
                LimitKind::Drawing(_) => "LIMIT_DRAWING",
            },
            Error::Deadline { .. } => "DEADLINE",
            Error::Cancelled => "CANCELLED",
            Error::BadPlan { .. } => "BAD_PLAN",
            Error::BadArgument { .. } => "BAD_ARGUMENT",
            Error::Encoder { .. } => "ENCODER",
            Error::OutOfMemory { .. } => "OUT_OF_MEMORY",
            Error::Internal { .. } => "INTERNAL",
        }
    }

    /// Whether the same call may succeed later, with the same bytes and the same plan.
    pub fn retryable(&self) -> bool {
        matches!(
            self,
            Error::Deadline { .. } | Error::Cancelled | Error::OutOfMemory { .. }
        )
    }

    /// The status for an HTTP answer that passes the fault on: 4xx where the client's file is at fault, 5xx where the
    /// service is.
    pub fn http_status(&self) -> u16 {
        match self {
            Error::NotAnImage { .. } | Error::Unsupported { .. } => 415,
            Error::BadInput { .. } | Error::Truncated { .. } => 422,
            Error::Limit { .. } => 413,
            Error::Cancelled => 499,
            Error::BadPlan { .. } => 400,
            Error::Deadline { .. } | Error::OutOfMemory { .. } => 503,
            Error::BadArgument { .. } | Error::Encoder { .. } | Error::Internal { .. } => 500,
        }
    }

    /// What the caller can do about it, in a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Error::NotAnImage { .. } => "Check where the bytes come from: they must be the image file itself.",
            Error::BadInput { .. } => {
                "Request another file, or set `tolerate` to `errors` in the plan to keep what can be decoded."
            }
            Error::Truncated { .. } => {
                "Upload the file again, or set `tolerate` to `truncated` in the plan to keep the part that arrived."
            }
            Error::Unsupported { reason, .. } if *reason == Some(Reason::NotBuilt) => {
                "Convert the image first, or choose another output format: the message lists those of this build."
            }
            Error::Unsupported { .. } => "Convert the image to JPEG or PNG first.",
            Error::Limit { .. } => {
                "Refuse the file, or raise that limit if the host can afford it; limits are never part of a plan."
            }
            Error::Deadline { .. } => "Try again, allow more time, or ask for less: a smaller output, a lower effort.",
            Error::Cancelled => "The caller stopped it; call again if the result is still needed.",
            Error::BadPlan { .. } => "Correct the plan; the message names the place.",
            Error::BadArgument { .. } => "Correct the call; the message names the argument.",
            Error::Encoder { .. } => "Try another output format or size.",
            Error::OutOfMemory { .. } => "Give the process more memory, or run fewer calls at a time.",
            Error::Internal { .. } => "A bug in keenpix or in a codec: please report it with the file.",
        }
    }

    /// The error as plain data, for other languages and for logs.
    pub fn fault(&self) -> Fault {
        self.into()
    }

    /// The format that was being read or written, if the fault is in it.
    pub fn format(&self) -> Option<Format> {
        match self {
            Error::BadInput { format, .. } | Error::Truncated { format, .. } | Error::Encoder { format, .. } => {
                Some(*format)
            }
            _ => None,
        }
    }

    /// Where in the plan: `effects[0].sigma`, or a layer whose file is at fault: `effects[0].layers[0]`. None for the
    /// plan as a whole, and for faults of the input.
    pub fn place(&self) -> Option<&str> {
        match self {
            Error::BadPlan { place, .. } | Error::BadArgument { place, .. } => {
                Some(place.as_str()).filter(|place| !place.is_empty())
            }
            Error::NotAnImage { place, .. }
            | Error::BadInput { place, .. }
            | Error::Truncated { place, .. }
            | Error::Unsupported { place, .. }
            | Error::Limit { place, .. } => place.as_deref(),
            _ => None,
        }
    }

    /// What would have been accepted: `0.3 to 1000`.
    pub fn expected(&self) -> Option<String> {
        match self {
            Error::BadPlan { expected, .. } | Error::BadArgument { expected, .. } => expected.clone(),
            Error::Limit { limit, what, .. } => Some(format!("at most {limit} {}", what.unit())),
            Error::Deadline { deadline_ms, .. } => Some(format!("at most {deadline_ms} ms")),
            _ => None,
        }
    }

    /// What came instead, shortened if it is long.
    pub fn got(&self) -> Option<String> {
        match self {
            Error::BadPlan { got, .. } | Error::BadArgument { got, .. } => got.clone(),
            Error::Limit { actual, what, .. } => Some(format!("{actual} {}", what.unit())),
            Error::Deadline { elapsed_ms, .. } => Some(format!("{elapsed_ms} ms")),
            Error::NotAnImage { diagnosis, .. } => Some(diagnosis.clone()),
            _ => None,
        }
    }

    /// What exactly is wrong, where a program may want to know more than the [code](Error::code).
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Error::BadPlan { reason, .. } | Error::BadArgument { reason, .. } => Some(*reason),
            Error::NotAnImage { reason, .. }
            | Error::BadInput { reason, .. }
            | Error::Truncated { reason, .. }
            | Error::Unsupported { reason, .. }
            | Error::Limit { reason, .. } => *reason,
            _ => None,
        }
    }

    /// A value in a plan that is not what is accepted: `Error::out_of_range("quality", "1 to 100", 101)`.
    ///
    /// ```
    /// let error = keenpix::Error::out_of_range("sigma", "0.3 to 1000", 2000).at("effects[0]");
    /// assert_eq!(error.to_string(), "bad plan: effects[0].sigma is 2000, expected 0.3 to 1000");
    /// ```
    pub fn out_of_range(
        place: impl Into<String>,
        expected: impl std::fmt::Display,
        got: impl std::fmt::Display,
    ) -> Self {
        Error::BadPlan {
            place: place.into(),
            expected: Some(expected.to_string()),
            got: Some(got.to_string()),
            reason: Reason::OutOfRange,
            detail: None,
        }
    }

    /// A plan that contradicts itself, in a sentence.
    pub fn bad_plan(detail: impl std::fmt::Display) -> Self {
        Error::BadPlan {
            place: String::new(),
            expected: None,
            got: None,
            reason: Reason::Contradiction,
            detail: Some(detail.to_string()),
        }
    }

    /// A crop that leaves the image, which has the size `whole` at that point.
    pub(crate) fn crop_outside((left, top): (u32, u32), (width, height): (u32, u32), whole: (u32, u32)) -> Self {
        let expected = format_args!("a part of the image of {}×{}", whole.0, whole.1);
        let got = format_args!("{width}×{height} at {left},{top}");
        Error::out_of_range("", expected, got).because(Reason::CropOutside)
    }

    /// A part of a plan that is missing.
    pub(crate) fn missing(place: impl Into<String>, expected: impl std::fmt::Display) -> Self {
        Error::BadPlan {
            place: place.into(),
            expected: Some(expected.to_string()),
            got: None,
            reason: Reason::MissingKey,
            detail: None,
        }
    }

    /// An argument of a call, other than the plan, that is not what is accepted; for bindings.
    pub fn bad_argument(
        place: impl Into<String>,
        expected: impl std::fmt::Display,
        got: impl std::fmt::Display,
    ) -> Self {
        Error::out_of_range(place, expected, got).into_bad_argument()
    }

    /// The same fault in an argument that is not the plan.
    pub(crate) fn into_bad_argument(self) -> Self {
        match self {
            Error::BadPlan {
                place,
                expected,
                got,
                reason,
                detail,
            } => Error::BadArgument {
                place,
                expected,
                got,
                reason,
                detail,
            },
            other => other,
        }
    }

    /// Puts the fault into another sentence.
    #[must_use]
    pub(crate) fn saying(mut self, sentence: impl std::fmt::Display) -> Self {
        if let Error::BadPlan { detail, .. } | Error::BadArgument { detail, .. } = &mut self {
            *detail = Some(sentence.to_string());
        }
        self
    }

    /// Says where in the plan the fault is, or what its place is a part of: `sigma` at `effects[0]` is
    /// `effects[0].sigma`. Other errors stay as they are.
    #[must_use]
    pub fn at(mut self, outer: impl std::fmt::Display) -> Self {
        if let Error::BadPlan { place, .. }
        | Error::BadArgument { place, .. }
        | Error::NotAnImage { place: Some(place), .. }
        | Error::BadInput { place: Some(place), .. }
        | Error::Truncated { place: Some(place), .. }
        | Error::Unsupported { place: Some(place), .. }
        | Error::Limit { place: Some(place), .. } = &mut self
        {
            let dot = if place.is_empty() || place.starts_with('[') {
                ""
            } else {
                "."
            };
            *place = format!("{outer}{dot}{place}");
        }
        self
    }

    /// Says that it is a layer of the plan that is at fault, and not the input.
    #[must_use]
    pub(crate) fn of_layer(mut self, layer: impl std::fmt::Display) -> Self {
        if let Error::NotAnImage { place, reason, .. }
        | Error::BadInput { place, reason, .. }
        | Error::Truncated { place, reason, .. }
        | Error::Unsupported { place, reason, .. }
        | Error::Limit { place, reason, .. } = &mut self
        {
            reason.get_or_insert(Reason::BadLayer);
            place.get_or_insert_default();
        }
        self.at(layer)
    }

    /// Says which of several plans is at fault; of a single one there is nothing to say.
    #[must_use]
    pub(crate) fn in_plan(self, index: usize, of: usize) -> Self {
        if of > 1 {
            self.at(format_args!("plans[{index}]"))
        } else {
            self
        }
    }

    /// Says what exactly is wrong, for programs.
    #[must_use]
    pub(crate) fn because(mut self, why: Reason) -> Self {
        match &mut self {
            Error::BadPlan { reason, .. } | Error::BadArgument { reason, .. } => *reason = why,
            Error::NotAnImage { reason, .. }
            | Error::BadInput { reason, .. }
            | Error::Truncated { reason, .. }
            | Error::Unsupported { reason, .. }
            | Error::Limit { reason, .. } => *reason = Some(why),
            _ => {}
        }
        self
    }

    /// A limit that would be passed.
    pub fn limit(what: LimitKind, actual: u64, limit: u64) -> Self {
        Error::Limit {
            what,
            actual,
            limit,
            reason: None,
            place: None,
        }
    }

    /// A deadline that has passed; both in milliseconds.
    pub fn deadline(elapsed_ms: u64, deadline_ms: u64) -> Self {
        Error::Deadline {
            elapsed_ms,
            deadline_ms,
        }
    }

    /// A fault in keenpix, in a codec or in a binding.
    pub fn internal(stage: &'static str, detail: impl std::fmt::Display) -> Self {
        Error::Internal {
            stage,
            detail: detail.to_string(),
        }
    }

    pub(crate) fn not_an_image(diagnosis: impl std::fmt::Display) -> Self {
        Error::NotAnImage {
            diagnosis: diagnosis.to_string(),
            reason: None,
            place: None,
        }
    }

    pub(crate) fn bad_input(format: Format, detail: impl std::fmt::Display) -> Self {
        Error::BadInput {
            format,
            detail: detail.to_string(),
            reason: None,
            place: None,
        }
    }

    pub(crate) fn truncated(format: Format, detail: impl std::fmt::Display) -> Self {
        Error::Truncated {
            format,
            detail: detail.to_string(),
            reason: None,
            place: None,
        }
    }

    pub(crate) fn unsupported(detail: impl std::fmt::Display) -> Self {
        Error::Unsupported {
            detail: detail.to_string(),
            reason: None,
            place: None,
        }
    }

    pub(crate) fn encoder(format: Format, detail: impl std::fmt::Display) -> Self {
        Error::Encoder {
            format,
            detail: detail.to_string(),
        }
    }
}

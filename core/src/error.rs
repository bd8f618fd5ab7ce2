//! One error type, sorted by whose fault it is.

use crate::format::Format;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a picture could not be made.
///
/// The variants say whose fault it is; [`Error::code`] is the same short string in every language that
/// keenpix speaks, and stays the same from version to version. The message says what was expected and what
/// came, with the numbers.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no image. `diagnosis` says what they look like instead.
    #[error("input is not an image: {diagnosis}")]
    NotAnImage {
        /// What the bytes look like, in words.
        diagnosis: String,
    },
    /// The bytes are an image of a known format, and damaged or against the format's rules.
    #[error("damaged {format} input: {reason}")]
    BadInput {
        /// The format that the bytes claim to be.
        format: Format,
        /// What is wrong, and where.
        reason: String,
    },
    /// An image that ends too early, with [`Tolerate::None`](crate::Tolerate::None), or before its first pixel.
    #[error("truncated {format} input: {reason}")]
    Truncated {
        /// The format that the bytes claim to be.
        format: Format,
        /// Where the data ended.
        reason: String,
    },
    /// An image that is legal and that keenpix does not read or write.
    #[error("unsupported: {reason}")]
    Unsupported {
        /// What is not supported, by the name its standard gives it.
        reason: String,
    },
    /// A limit of [`Limits`](crate::Limits) would be passed.
    #[error("{what} limit exceeded: {actual} {unit} where {limit} are allowed")]
    Limit {
        /// Which limit: `pixels`, `width`, `height`, `input bytes`, `memory`, `frames` or `scans`.
        what: LimitKind,
        /// What the input or the plan asks for.
        actual: u64,
        /// What the limit allows.
        limit: u64,
        /// The unit of both numbers.
        unit: &'static str,
    },
    /// The deadline of [`Limits`](crate::Limits) has passed.
    #[error("deadline exceeded: stopped after {elapsed_ms} ms where {deadline_ms} ms are allowed")]
    Deadline {
        /// Time from the start to the stop, in milliseconds.
        elapsed_ms: u64,
        /// Time that was allowed, in milliseconds.
        deadline_ms: u64,
    },
    /// The caller's cancel flag was raised.
    #[error("cancelled by the caller")]
    Cancelled,
    /// The plan contradicts itself, or does not fit the image.
    #[error("bad plan: {reason}")]
    BadPlan {
        /// Which part of the plan, and what would be legal.
        reason: String,
    },
    /// The encoder gave up.
    #[error("{format} encoder failed: {reason}")]
    Encoder {
        /// The format that was being written.
        format: Format,
        /// What the encoder said.
        reason: String,
    },
    /// The system refused memory that the limits allow.
    #[error("out of memory: {bytes} bytes for {what}")]
    OutOfMemory {
        /// How much was asked for, in bytes.
        bytes: u64,
        /// What it was for.
        what: &'static str,
    },
    /// A codec panicked. That is a fault in keenpix or in a codec crate; please report it with the file.
    #[error("internal error while {stage}: {reason}")]
    Internal {
        /// What was being done.
        stage: &'static str,
        /// The panic's message.
        reason: String,
    },
}

/// The limits that [`Error::Limit`] can name.
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
    /// Scans of a JPEG, or chunks of a PNG: passes over the same pixels.
    Scans,
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
            LimitKind::Scans => "scans",
        })
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
                LimitKind::Scans => "LIMIT_SCANS",
            },
            Error::Deadline { .. } => "DEADLINE",
            Error::Cancelled => "CANCELLED",
            Error::BadPlan { .. } => "BAD_PLAN",
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
            Error::Encoder { .. } | Error::Internal { .. } => 500,
        }
    }

    /// What the caller can do about it, in a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Error::NotAnImage { .. } => "Check where the bytes come from: they have to be the image file itself.",
            Error::BadInput { .. } => {
                "Ask for another file, or set `tolerate` to `errors` in the plan to keep what can be decoded."
            }
            Error::Truncated { .. } => {
                "Upload the file again, or set `tolerate` to `truncated` in the plan to keep the part that arrived."
            }
            Error::Unsupported { .. } => "Convert the image to JPEG, PNG, WebP, GIF or AVIF first.",
            Error::Limit { .. } => {
                "Refuse the file, or raise that limit if the host can afford it; limits are never part of a plan."
            }
            Error::Deadline { .. } => "Try again, allow more time, or ask for less: a smaller output, a lower effort.",
            Error::Cancelled => "The caller stopped it; call again if the result is wanted after all.",
            Error::BadPlan { .. } => "Mend the plan; the message names the place.",
            Error::Encoder { .. } => "Try another output format or size.",
            Error::OutOfMemory { .. } => "Give the process more memory, or run fewer calls at a time.",
            Error::Internal { .. } => "A fault in keenpix or in a codec: please report it with the file.",
        }
    }

    pub(crate) fn bad_input(format: Format, reason: impl std::fmt::Display) -> Self {
        Error::BadInput {
            format,
            reason: reason.to_string(),
        }
    }

    pub(crate) fn truncated(format: Format, reason: impl std::fmt::Display) -> Self {
        Error::Truncated {
            format,
            reason: reason.to_string(),
        }
    }

    pub(crate) fn unsupported(reason: impl std::fmt::Display) -> Self {
        Error::Unsupported {
            reason: reason.to_string(),
        }
    }

    pub(crate) fn bad_plan(reason: impl std::fmt::Display) -> Self {
        Error::BadPlan {
            reason: reason.to_string(),
        }
    }

    pub(crate) fn out_of_range(
        place: impl std::fmt::Display,
        expected: impl std::fmt::Display,
        got: impl std::fmt::Display,
    ) -> Self {
        Error::bad_plan(format_args!("{place} is {got}, expected {expected}"))
    }

    /// Says what the place of a [`Error::BadPlan`] is a part of.
    pub(crate) fn at(mut self, outer: impl std::fmt::Display) -> Self {
        if let Error::BadPlan { reason } = &mut self {
            let dot = if reason.starts_with([' ', '[']) { "" } else { "." };
            *reason = format!("{outer}{dot}{reason}");
        }
        self
    }

    pub(crate) fn encoder(format: Format, reason: impl std::fmt::Display) -> Self {
        Error::Encoder {
            format,
            reason: reason.to_string(),
        }
    }
}

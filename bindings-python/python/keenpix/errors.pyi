from typing import Optional

class KeenpixError(Exception):
    """Why an image could not be made."""

    code: str
    """A stable name for the kind of error: the same in Rust, Node and Python, in every version."""
    hint: str
    """What can be done about it, in a sentence."""
    retryable: bool
    """Whether the same call may succeed later, with the same bytes and the same plan."""
    http_status: int
    """The HTTP status for a response that passes the error on."""
    format: Optional[str]
    """The format that was being read or written: ``jpeg``."""
    place: Optional[str]
    """Where in the plan, or which limit: ``effects[0].sigma``; the layer whose file is at fault."""
    expected: Optional[str]
    """What would have been accepted: ``0.3 to 1000``."""
    got: Optional[str]
    """What was given instead, shortened if it is long: ``2000``."""
    reason: Optional[str]
    """A stable word for what exactly is wrong: ``crop-outside``."""

class NotAnImageError(KeenpixError, ValueError):
    """The input is not an image; the message says what it looks like."""

class BadInputError(KeenpixError, ValueError):
    """The image is damaged, or violates its format's rules."""

class TruncatedError(KeenpixError, ValueError):
    """The image ends too early."""

class UnsupportedError(KeenpixError, ValueError):
    """The image is valid, but keenpix does not support its kind."""

class LimitError(KeenpixError):
    """A limit would be exceeded; ``code`` says which: ``LIMIT_PIXELS``, ``LIMIT_MEMORY``, …"""

class DeadlineError(KeenpixError, TimeoutError):
    """The deadline has passed."""

class CancelledError(KeenpixError):
    """The caller cancelled the call."""

class BadPlanError(KeenpixError, ValueError):
    """The plan contradicts itself, or does not fit the image."""

class BadArgumentError(KeenpixError, TypeError):
    """An argument is invalid, whatever the image: a bug in the calling program."""

class EncoderError(KeenpixError):
    """The encoder failed."""

class OutOfMemoryError(KeenpixError, MemoryError):
    """The system refused memory that the limits allow."""

class InternalError(KeenpixError):
    """A bug in keenpix or in a codec: please report it with the file."""

"""From faults of the native part to exceptions."""

from . import errors

_CLASSES = {
    "NOT_AN_IMAGE": errors.NotAnImageError,
    "BAD_INPUT": errors.BadInputError,
    "TRUNCATED": errors.TruncatedError,
    "UNSUPPORTED": errors.UnsupportedError,
    "DEADLINE": errors.DeadlineError,
    "CANCELLED": errors.CancelledError,
    "BAD_PLAN": errors.BadPlanError,
    "BAD_ARGUMENT": errors.BadArgumentError,
    "ENCODER": errors.EncoderError,
    "OUT_OF_MEMORY": errors.OutOfMemoryError,
    "INTERNAL": errors.InternalError,
}


def from_fault(code, message, hint, retryable, http_status):
    """The exception for a fault of the native part."""
    kind = errors.LimitError if code.startswith("LIMIT_") else _CLASSES.get(code, errors.KeenpixError)
    error = kind(message)
    error.code, error.hint, error.retryable, error.http_status = code, hint, retryable, http_status
    return error


def bad_argument(message, hint):
    """The exception for an argument that makes no sense."""
    return from_fault("BAD_ARGUMENT", message, hint, False, 500)

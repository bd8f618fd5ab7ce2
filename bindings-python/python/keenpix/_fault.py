"""Turns faults of the native part into exceptions."""

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


def from_fault(
    code,
    message,
    hint,
    retryable=False,
    http_status=500,
    format=None,
    place=None,
    expected=None,
    got=None,
    reason=None,
):
    """The exception for a fault; its arguments are the fields of the core's `Fault`."""
    kind = errors.LimitError if code.startswith("LIMIT_") else _CLASSES.get(code, errors.KeenpixError)
    error = kind(message)
    error.code, error.hint, error.retryable, error.http_status = code, hint, retryable, http_status
    error.format, error.place, error.expected, error.got, error.reason = format, place, expected, got, reason
    return error


def bad_argument(message, hint):
    """The exception for an invalid argument."""
    return from_fault("BAD_ARGUMENT", message, hint)

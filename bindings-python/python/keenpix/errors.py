"""One exception for each kind of error, all of them a :class:`KeenpixError`.

What a call raises is a ``KeenpixError``, with these exceptions and no others:

- ``OSError`` where a file that is named by its path can't be opened, read or written (``FileNotFoundError``, …);
- what the caller's own objects raise while they are used: streams, paths, plans, arrays, images of other libraries;
- ``ImportError`` of ``numpy()`` and ``pillow()`` where that library is not installed;
- what Python itself raises in any code: ``MemoryError``, ``KeyboardInterrupt``, asyncio's ``CancelledError``, and
  ``TypeError`` for a call that does not fit the function's signature.
"""


class KeenpixError(Exception):
    """Why an image could not be made.

    ``code`` is a stable string, the same in Rust, Node and Python; ``hint`` says what can be done about it,
    ``retryable`` whether the same call may succeed later, and ``http_status`` which status to send to a client.

    Facts for programs, each ``None`` if unknown: the ``format`` that was being read or written, the ``place`` in the
    plan (``effects[0].sigma``), what was ``expected`` there and what it ``got``, and ``reason``, a stable word for what
    exactly is wrong (``crop-outside``).
    """

    code = "INTERNAL"
    hint = ""
    retryable = False
    http_status = 500
    format = None
    place = None
    expected = None
    got = None
    reason = None


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

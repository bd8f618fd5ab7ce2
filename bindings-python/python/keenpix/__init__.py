"""Image bytes and a plan in, right-sized image bytes out.

>>> import keenpix
>>> avatar = keenpix.transform(upload, resize={"width": 512, "height": 512}, encode={"format": "webp"})
>>> avatar.width, avatar.height, avatar.media_type
(512, 512, 'image/webp')

A plan is plain data, the same in Rust, Node and Python: ``keenpix.plan`` has its types.
"""

from ._async import probe_async, stats_async, transform_async, transform_many_async
from ._calls import probe, stats, transform, transform_many
from ._info import ChannelStats, Info, Stats
from ._keenpix import Cancel, __version__
from ._output import Output
from .errors import (
    BadArgumentError,
    BadInputError,
    BadPlanError,
    CancelledError,
    DeadlineError,
    EncoderError,
    InternalError,
    KeenpixError,
    LimitError,
    NotAnImageError,
    OutOfMemoryError,
    TruncatedError,
    UnsupportedError,
)

__all__ = [
    "BadArgumentError",
    "BadInputError",
    "BadPlanError",
    "Cancel",
    "CancelledError",
    "ChannelStats",
    "DeadlineError",
    "EncoderError",
    "Info",
    "InternalError",
    "KeenpixError",
    "LimitError",
    "NotAnImageError",
    "OutOfMemoryError",
    "Output",
    "Stats",
    "TruncatedError",
    "UnsupportedError",
    "__version__",
    "probe",
    "probe_async",
    "stats",
    "stats_async",
    "transform",
    "transform_async",
    "transform_many",
    "transform_many_async",
]

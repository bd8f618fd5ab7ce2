"""Image bytes and a plan in, right-sized image bytes out.

Generated from the core's schema; update it with: python bindings-python/scripts/generate_types.py
"""

import os
from collections.abc import Mapping, Sequence
from typing import IO, Any, ClassVar, Final, Literal, Optional, Protocol, TypedDict, Union, final

import numpy as _numpy
import numpy.typing as _npt
from PIL import Image as _PILImage
from typing_extensions import Buffer

from ._keenpix import Bytes as _Bytes
from .errors import BadArgumentError as BadArgumentError
from .errors import BadInputError as BadInputError
from .errors import BadPlanError as BadPlanError
from .errors import CancelledError as CancelledError
from .errors import DeadlineError as DeadlineError
from .errors import EncoderError as EncoderError
from .errors import InternalError as InternalError
from .errors import KeenpixError as KeenpixError
from .errors import LimitError as LimitError
from .errors import NotAnImageError as NotAnImageError
from .errors import OutOfMemoryError as OutOfMemoryError
from .errors import TruncatedError as TruncatedError
from .errors import UnsupportedError as UnsupportedError
from .plan import (
    Assume,
    Colour,
    Crop,
    Effect,
    Encode,
    Frames,
    Input,
    Metadata,
    Model,
    Orient,
    Plan,
    Resize,
    Tolerate,
    Trim,
)

__version__: Final[str]
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

class _Readable(Protocol):
    def read(self, size: int, /) -> Any: ...

_Path = Union[str, os.PathLike[str]]
_Data = Union[Buffer, _Path, _Readable, _npt.NDArray[_numpy.uint8], _PILImage.Image, None]
_Plans = Sequence[Union[Plan, str, None]]

class _Limits(TypedDict, total=False):
    pixels: int
    """Maximum pixels in a frame of the input, and of each output. Default: 268,402,689 (16,383²)."""
    width: int
    """Maximum width of the input and of each output. Default: 65,535."""
    height: int
    """Maximum height of the input and of each output. Default: 65,535."""
    input_bytes: int
    """Maximum bytes of input. Default: 512 MiB."""
    memory: int
    """Maximum bytes for pixels and tables, for all stages together, on top of the input itself. Default: 512 MB."""
    frames: int
    """Maximum frames decoded from an animation. Default: 1,000."""
    total_pixels: int
    """Maximum pixels decoded in the call: those of all frames of an animation, of the passes that a trim adds, and of
    layers. Default: 2,000,000,000."""
    scans: int
    """Maximum scans of a JPEG: each may go over every pixel again. Default: 100."""

@final
class Cancel:
    """A flag that stops running calls when another thread sets it."""

    def __new__(cls) -> Cancel: ...
    def cancel(self) -> None:
        """Stops every call that uses this flag, within a few rows."""
    @property
    def cancelled(self) -> bool:
        """Whether the flag is set."""

class _Facts:
    def __init__(self, facts: Mapping[str, Any]) -> None: ...
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict, for JSON."""
    def __eq__(self, other: object) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

class ChannelStats(_Facts):
    """Statistics of a channel's samples, which range from 0 to 255."""

    min: int
    """The lowest value."""
    max: int
    """The highest value."""
    sum: int
    """The sum of all values."""
    squares_sum: int
    """The sum of their squares."""
    mean: float
    """The mean."""
    stdev: float
    """The sample standard deviation."""
    min_x: int
    """The column of the first lowest value."""
    min_y: int
    """Its row."""
    max_x: int
    """The column of the first highest value."""
    max_y: int
    """Its row."""

class Stats(_Facts):
    """Pixel statistics of an image's first frame, as stored."""

    channels: list[ChannelStats]
    """Statistics of each channel, alpha last."""
    is_opaque: bool
    """Whether every pixel is opaque."""
    entropy: float
    """Entropy of the grey levels, in bits: from 0 for a single colour to 8."""
    sharpness: float
    """Standard deviation of the Laplacian of the grey levels: higher is sharper."""
    dominant: tuple[int, int, int]
    """The most frequent colour, of 4,096 possible: red, green, blue."""

class Info(_Facts):
    """What an image's header says."""

    format: Literal["jpeg", "png", "webp", "gif", "avif", "bmp", "ico", "svg"]
    """The format, detected from the content."""
    width: int
    """Width as stored, before the orientation is applied, in pixels."""
    height: int
    """Height as stored, in pixels."""
    orientation: int
    """The EXIF orientation, 1 (upright) to 8. With 5 to 8, width and height swap when shown."""
    colour: Literal["grey", "rgb", "ycbcr", "cmyk", "palette"]
    """How colours are stored."""
    alpha: bool
    """Whether the image has an alpha channel or a transparent colour."""
    bits: int
    """Bits per sample (per index for palette images)."""
    frames: int
    """Number of frames; 1 for a still image."""
    channels: int
    """Channels per decoded pixel, alpha included: 1 to 4; 3 or 4 for palette images."""
    chroma: Optional[str]
    """Chroma subsampling of a JPEG: `4:2:0`, `4:2:2`, `4:4:4`, …; `4:4:4:4` with a black channel."""
    density: Optional[int]
    """Horizontal dots per inch from JFIF, PNG or EXIF, rounded; None if the file doesn't say."""
    background: Optional[list[int]]
    """The background colour that a GIF or PNG suggests: red, green, blue."""
    loops: Optional[int]
    """How many times an animation plays, 0 for forever; None without animation."""
    delays: list[int]
    """How long each frame is shown, in milliseconds; empty without animation."""
    progressive: bool
    """Whether the image is stored in passes: a progressive JPEG, an interlaced PNG or GIF."""
    icc: int
    """Length of the embedded ICC profile in bytes; 0 if there is none."""
    exif: int
    """Length of the EXIF block in bytes; 0 if there is none."""
    xmp: int
    """Length of the XMP block in bytes; 0 if there is none."""

class Output(_Bytes):
    """A finished image: bytes-like, with attributes that describe it. ``data`` is the file as bytes."""

    format: Literal["jpeg", "png", "webp", "gif", "avif", "raw"]
    """Its format."""
    media_type: str
    """The format's media type, for a Content-Type header."""
    extension: str
    """The format's usual file extension, without the dot."""
    width: int
    """Its width, in pixels."""
    height: int
    """Its height, in pixels."""
    frames: int
    """Number of frames; 1 for a still image."""
    channels: int
    """Channels per pixel, alpha included. A file may have fewer: PNGs that are all grey or opaque do."""
    alpha: bool
    """Whether it has an alpha channel."""
    crop: Optional[tuple[int, int]]
    """Where `entropy` or `attention` placed the crop: pixels from the left and top of the resized image."""
    focus: Optional[tuple[int, int]]
    """The most eye-catching point that `attention` found, in pixels of the resized image before the crop."""
    trim: Optional[tuple[int, int]]
    """What `trim` removed on the left and at the top, in pixels of the upright input; None if it found nothing."""
    warnings: list[str]
    """What was wrong with the input, or could not be kept, in words."""
    def __new__(cls, made: Any, warnings: Sequence[str] = ()) -> Output: ...
    def save(self, path: Union[_Path, IO[bytes]]) -> None:
        """Writes the file; `path` may also be an open binary file. A name of another format (`x.webp` for a JPEG) is
        refused."""
    def numpy(self) -> _npt.NDArray[_numpy.uint8]:
        """Raw pixels as a read-only NumPy array, not copied: (height, width, channels), frames first if several."""
    def pillow(self) -> _PILImage.Image:
        """Raw pixels as a Pillow image; grey and RGBA are not copied."""
    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Mapping[str, str]: ...

def transform(
    data: _Data,
    plan: Union[Plan, str, None] = None,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
    assume: Assume = ...,
    background: Colour = ...,
    crop: Optional[Crop] = None,
    dpi: Optional[float] = None,
    effects: list[Effect] = ...,
    encode: Optional[Encode] = None,
    flatten: bool = ...,
    frames: Frames = ...,
    input: Input = ...,
    metadata: Metadata = ...,
    model: Model = ...,
    orient: Orient = ...,
    resize: Optional[Resize] = None,
    tolerate: Tolerate = ...,
    trim: Optional[Trim] = None,
) -> Output:
    """Turns one image into another.

    Args:
        data: bytes, a path, a binary file or stream, a NumPy array or a Pillow image.
        plan: what to make of it, as a dict or JSON text; its parts may be passed as keywords instead.
        limits: what the call may use; never part of a plan.
        deadline: how many seconds it may take, including reading.
        cancel: a flag that stops it.
        assume: What space the input's colours are assumed to be in. Default: `profile`.
        background: The colour behind transparent pixels if the output has no alpha, and around an image with fit
            `contain`. Default: `#ffffff`.
        crop: The part of the upright (and trimmed) image to use. Default: all of it.
        dpi: Dots per inch for drawing SVG, 1 to 100,000: 144 makes it twice as large. Default: 72.
        effects: Effects on the resized image, in this order, at most 100. Default: none.
        encode: The output's format and its options. Default: the input's format, or PNG for read-only formats, `raw`
            and `create`.
        flatten: Whether transparent pixels are flattened onto the background even if the output could keep them.
            Default: `false`.
        frames: Which frames of an animation to read. Default: `first`.
        input: What the bytes are. All plans of a call must agree. Default: an image file.
        metadata: Which of the input's metadata to keep. Default: none.
        model: The colour channels of the output. Default: `auto`, as they come.
        orient: Rotation and mirroring. Default: upright, according to the camera's orientation tag.
        resize: The size to resize to. Default: unchanged.
        tolerate: How much damage in the input is accepted. Default: `truncated`.
        trim: Whether to trim borders of one colour before anything else. Default: no.
    """

def transform_many(
    data: _Data,
    plans: _Plans,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> list[Output]:
    """Makes several images from one, which is decoded once: an output for each plan, in the same order."""

def probe(data: _Data, /, *, limits: Optional[_Limits] = None) -> Info:
    """Reads an image's header; no pixels are decoded."""

def stats(
    data: _Data,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> Stats:
    """Computes pixel statistics of an image's first frame, as stored."""

async def transform_async(
    data: _Data,
    plan: Union[Plan, str, None] = None,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
    assume: Assume = ...,
    background: Colour = ...,
    crop: Optional[Crop] = None,
    dpi: Optional[float] = None,
    effects: list[Effect] = ...,
    encode: Optional[Encode] = None,
    flatten: bool = ...,
    frames: Frames = ...,
    input: Input = ...,
    metadata: Metadata = ...,
    model: Model = ...,
    orient: Orient = ...,
    resize: Optional[Resize] = None,
    tolerate: Tolerate = ...,
    trim: Optional[Trim] = None,
) -> Output:
    """Async :func:`transform`, on a thread pool. Cancelling the task stops the work."""

async def transform_many_async(
    data: _Data,
    plans: _Plans,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> list[Output]:
    """Async :func:`transform_many`, on a thread pool. Cancelling the task stops the work."""

async def probe_async(data: _Data, /, *, limits: Optional[_Limits] = None) -> Info:
    """Async :func:`probe`, on a thread pool."""

async def stats_async(
    data: _Data,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> Stats:
    """Async :func:`stats`, on a thread pool. Cancelling the task stops the work."""

"""Image bytes and a plan in, right-sized image bytes out.

Made from the core's schema; mend it with: python bindings-python/scripts/generate_types.py
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
    Colour,
    Colours,
    Crop,
    Effect,
    Encode,
    Frames,
    Icc,
    Input,
    Metadata,
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
    """Most pixels in the input's frame and in an output's. Default: 268,402,689 (16,383²)."""
    width: int
    """Largest width of the input and of an output. Default: 65,535."""
    height: int
    """Largest height of the input and of an output. Default: 65,535."""
    input_bytes: int
    """Most bytes of input. Default: 512 MiB."""
    memory: int
    """Most bytes for pixels and tables, all stages of a call together, over the input's own. Default: 512 MB."""
    frames: int
    """Most frames that are decoded from an animation. Default: 1,000."""
    scans: int
    """Most scans of a JPEG: each may pass over every pixel once more. Default: 100."""

@final
class Cancel:
    """A flag that stops running calls: raise it from another thread."""

    def __new__(cls) -> Cancel: ...
    def cancel(self) -> None:
        """Stops every call that was given this flag, within a few rows."""
    @property
    def cancelled(self) -> bool:
        """Whether the flag is up."""

class _Facts:
    def __init__(self, facts: Mapping[str, Any]) -> None: ...
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict, for JSON."""
    def __eq__(self, other: object) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

class ChannelStats(_Facts):
    """Figures about the samples of a channel, which are from 0 to 255."""

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
    """The standard deviation, of a sample."""
    min_x: int
    """The column of the first lowest value."""
    min_y: int
    """Its row."""
    max_x: int
    """The column of the first highest value."""
    max_y: int
    """Its row."""

class Stats(_Facts):
    """Figures about a picture's pixels: its first frame, as it is stored."""

    channels: list[ChannelStats]
    """Figures about each channel, alpha last."""
    is_opaque: bool
    """Whether no pixel lets anything through."""
    entropy: float
    """Entropy of the grey levels, in bits: 0 for one colour, 8 at most."""
    sharpness: float
    """Standard deviation of the grey levels' Laplacian: the higher, the sharper."""
    dominant: tuple[int, int, int]
    """The colour that most pixels have, of 4,096: red, green, blue."""

class Info(_Facts):
    """What an image's header says."""

    format: Literal["jpeg", "png", "webp", "gif", "avif", "bmp", "ico", "svg"]
    """The format, by content."""
    width: int
    """Width as stored, before the orientation is applied, in pixels."""
    height: int
    """Height as stored, in pixels."""
    orientation: int
    """The EXIF orientation, 1 (upright) to 8. With 5 to 8, width and height change places when shown."""
    colour: Literal["grey", "rgb", "ycbcr", "cmyk", "palette"]
    """How colours are stored."""
    alpha: bool
    """Whether the image has an alpha channel, or a transparent colour."""
    bits: int
    """Bits of a sample (of a palette's index for palette images)."""
    frames: int
    """How many frames an animation has; 1 for a still."""
    channels: int
    """Channels of a pixel when decoded, alpha included: 1 to 4; a palette's colours have 3 or 4."""
    chroma: Optional[str]
    """Chroma subsampling of a JPEG: `4:2:0`, `4:2:2`, `4:4:4`, …; with black, `4:4:4:4`."""
    density: Optional[int]
    """Dots per inch across, as JFIF, PNG or EXIF says it, rounded; None if the file says nothing."""
    background: Optional[list[int]]
    """The background colour that a GIF or a PNG suggests, in red, green and blue."""
    loops: Optional[int]
    """How often an animation plays, 0 for ever; None for a format or a file without animation."""
    delays: list[int]
    """How long each frame is shown, in milliseconds; empty for a format or a file without animation."""
    progressive: bool
    """Whether the picture is stored in passes: a progressive JPEG, an interlaced PNG or GIF."""
    icc: int
    """Length of the embedded ICC profile in bytes; 0 if there is none."""
    exif: int
    """Length of the EXIF block in bytes; 0 if there is none."""
    xmp: int
    """Length of the XMP block in bytes; 0 if there is none."""

class Output(_Bytes):
    """A finished image: bytes-like, with what is known of it. ``data`` is the file as bytes."""

    format: Literal["jpeg", "png", "webp", "gif", "avif", "raw"]
    """Its format."""
    media_type: str
    """The format's media type, for a Content-Type header."""
    extension: str
    """The format's usual file name extension, without the dot."""
    width: int
    """Its width, in pixels."""
    height: int
    """Its height, in pixels."""
    frames: int
    """How many frames it has; 1 for a still."""
    channels: int
    """Channels of a pixel, alpha included. A file may have fewer: PNG leaves out what is grey or opaque."""
    alpha: bool
    """Whether it has an alpha channel."""
    crop: Optional[tuple[int, int]]
    """Where a search (`entropy`, `attention`) put the cut: pixels from the left and top of the resized picture."""
    focus: Optional[tuple[int, int]]
    """What `attention` found to draw the eye most, in pixels of the resized picture before the cut."""
    trim: Optional[tuple[int, int]]
    """What a trim took away at the left and at the top, in pixels of the upright input; None if it found nothing."""
    warnings: list[str]
    """What was wrong with the input, or could not be kept, in words."""
    def __new__(cls, made: Any, warnings: Sequence[str] = ()) -> Output: ...
    def save(self, path: Union[_Path, IO[bytes]]) -> None:
        """Writes the file; `path` may be an open binary file too."""
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
    background: Colour = ...,
    colours: Colours = ...,
    crop: Optional[Crop] = None,
    density: Optional[float] = None,
    effects: list[Effect] = ...,
    encode: Optional[Encode] = None,
    flatten: bool = ...,
    frames: Frames = ...,
    icc: Icc = ...,
    input: Input = ...,
    metadata: Metadata = ...,
    orient: Orient = ...,
    resize: Optional[Resize] = None,
    tolerate: Tolerate = ...,
    trim: Optional[Trim] = None,
) -> Output:
    """Makes one image from another.

    Args:
        data: bytes, a path, a binary file or stream, a NumPy array or a Pillow image.
        plan: what to make of it, as a dict or JSON text; its parts may be given as keywords instead.
        limits: what that may cost; the host's, never part of a plan.
        deadline: seconds it may take, reading included.
        cancel: a flag that stops it.
        background: The colour behind transparent pixels where the output has no alpha, and around a `contain`ed image.
            Default: `#ffffff`.
        colours: The colour channels of the output. Default: as they come.
        crop: The part of the upright (and trimmed) image to use. Default: all of it.
        density: Dots per inch at which a drawing (SVG) is drawn, 1 to 100,000: 144 makes it twice as large. Default:
            72.
        effects: What is done to the resized picture, in this order. Default: nothing.
        encode: The output's format and its options. Default: the input's format; PNG for the formats that are only
            read, and for `raw` and `create`.
        flatten: Whether transparent pixels are laid on the background even where the output could keep them. Default:
            `false`.
        frames: Which frames of an animation are read. Default: `first`.
        icc: What an ICC profile in the input means for its colours. Default: `heed`.
        input: What the bytes are. The plans of one call have the same. Default: an image file.
        metadata: What is kept of the input's metadata. Default: nothing.
        orient: Turning and mirroring. Default: upright, as the camera's orientation tag says.
        resize: The size to bring it to. Default: the size it has.
        tolerate: How much damage in the input is accepted. Default: `truncated`.
        trim: Whether borders of one colour are cut off before anything else is. Default: no.
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
    """Makes several images from one, which is decoded once: an output for each plan, in their order."""

def probe(data: _Data, /, *, limits: Optional[_Limits] = None) -> Info:
    """Reads an image's header; no pixel is decoded."""

def stats(
    data: _Data,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> Stats:
    """Works out figures about a picture's pixels: its first frame, as it is stored."""

async def transform_async(
    data: _Data,
    plan: Union[Plan, str, None] = None,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
    background: Colour = ...,
    colours: Colours = ...,
    crop: Optional[Crop] = None,
    density: Optional[float] = None,
    effects: list[Effect] = ...,
    encode: Optional[Encode] = None,
    flatten: bool = ...,
    frames: Frames = ...,
    icc: Icc = ...,
    input: Input = ...,
    metadata: Metadata = ...,
    orient: Orient = ...,
    resize: Optional[Resize] = None,
    tolerate: Tolerate = ...,
    trim: Optional[Trim] = None,
) -> Output:
    """:func:`transform` for coroutines, on a pool of threads. Cancelling the task stops the work."""

async def transform_many_async(
    data: _Data,
    plans: _Plans,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> list[Output]:
    """:func:`transform_many` for coroutines, on a pool of threads. Cancelling the task stops the work."""

async def probe_async(data: _Data, /, *, limits: Optional[_Limits] = None) -> Info:
    """:func:`probe` for coroutines, on a pool of threads."""

async def stats_async(
    data: _Data,
    /,
    *,
    limits: Optional[_Limits] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> Stats:
    """:func:`stats` for coroutines, on a pool of threads. Cancelling the task stops the work."""

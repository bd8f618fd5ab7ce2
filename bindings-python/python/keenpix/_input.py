"""The inputs of a call: bytes, a path, a file, a stream, an array or another library's image."""

import io
import os
import sys

from . import _keenpix
from ._fault import bad_argument, from_fault
from ._output import Output

_CHUNK = 1 << 20
_HINT = "Give bytes, a path, a file opened in binary mode, a NumPy array or a Pillow image."


def load(data, watch):
    """`data` in a form that the native part accepts, the layout of its pixels (None if it is a file), and warnings."""
    if isinstance(data, bytes):
        return data, None, ()
    if data is None:
        return b"", None, ()
    if isinstance(data, Output):
        return data, _described(data), ()
    if isinstance(data, (str, os.PathLike)):
        return _read_path(_path(data), watch), None, ()
    if numpy_array(data):
        return _array(data)
    image = _class("PIL.Image", "Image")
    if image is not None and isinstance(data, image):
        return _pillow(data)
    if callable(getattr(data, "read", None)):
        return _read_stream(data, watch), None, ()
    return _buffer(data)


class Watch:
    """Checks the input limit, the deadline and the cancel flag while input is read."""

    def __init__(self, limits, deadline, cancel, started):
        if cancel is not None and not isinstance(cancel, _keenpix.Cancel):
            message = f"cancel is {type(cancel).__name__}, expected a keenpix.Cancel"
            raise bad_argument(message, "Make one with keenpix.Cancel(), and call its cancel().")
        self.limits, self.deadline, self.cancel, self.started = limits, deadline, cancel, started
        self.read = 0
        self.start = 0  # where in a file the reading began
        self.most = _keenpix.input_limit(limits, 0)

    def add(self, length):
        self.read += length
        if self.read > self.most:
            _keenpix.input_limit(self.limits, self.read)
        if self.cancel is not None and self.cancel.cancelled:
            raise _keenpix.given_up()
        self.remaining()

    def remaining(self):
        """Seconds to the deadline, or None. An invalid deadline is passed on to the native part, which reports it."""
        if self.deadline is None:
            return None
        if not hasattr(self.deadline, "__float__"):
            message = f"deadline is {type(self.deadline).__name__}, expected a number of seconds"
            raise bad_argument(message, "For example: deadline=5.0.")
        self.deadline = float(self.deadline)
        if not self.deadline >= 0:
            return self.deadline
        import time

        elapsed = time.monotonic() - self.started
        if self.deadline < elapsed:
            raise _keenpix.deadline_passed(elapsed, self.deadline)
        return self.deadline - elapsed


def checked(chunk):
    """A piece of a stream: bytes, or an error that says what is wrong with the stream."""
    if isinstance(chunk, str):
        raise bad_argument("the file yields text, not bytes", 'Open it in binary mode: open(path, "rb").')
    if hasattr(chunk, "__await__"):
        getattr(chunk, "close", id)()  # or Python warns that it was never awaited
        raise bad_argument("the file's read() must be awaited", "Use the async twin of this function.")
    if chunk is None:
        raise bad_argument("the file has no data yet", "Wait for it, or make it blocking.")
    if not isinstance(chunk, (bytes, bytearray, memoryview)):
        raise bad_argument(f"the file yields {type(chunk).__name__}, not bytes", _HINT)
    return chunk


def _path(data):
    """A path, or an error that says why this can be none."""
    path = os.fspath(data)
    text = os.fsdecode(path)
    scheme = text.partition(":")[0].lower()
    if scheme == "data" or text[len(scheme) : len(scheme) + 3] == "://":
        message = f"{scheme}: URLs are not fetched: a string must be the path of a file"
        raise bad_argument(message, "Fetch it first, and pass the bytes.")
    if "\0" in text:
        raise bad_argument("a path can't have a zero byte in it", "Pass the bytes of a file as bytes, not as a string.")
    return path


# What a stream says of what it can't do.
_CAN_NOT = (AttributeError, OSError, ValueError)


def _read_stream(stream, watch):
    try:
        watch.start = stream.tell()
    except _CAN_NOT:
        watch.start = 0
    data = _rest(stream, watch)
    if not data and watch.start > 0:
        try:
            stream.seek(0)
        except _CAN_NOT:
            nothing_left()
        watch.start = 0
        data = _rest(stream, watch)
    return data or nothing_left()


def nothing_left():
    """Nothing came from a stream that can't be rewound, or from its start."""
    diagnosis = "nothing came from the stream: it is empty, or was read before and can't be rewound"
    hint = "Pass a new stream, or the bytes that were read."
    raise from_fault("NOT_AN_IMAGE", f"input is not an image: {diagnosis}", hint, http_status=415, got=diagnosis)


def _rest(stream, watch, start=b""):
    # Small chunks as objects would take many times their bytes.
    gathered = io.BytesIO()
    gathered.write(start)
    while True:
        chunk = checked(stream.read(_CHUNK))
        if not chunk:
            return gathered.getvalue()
        watch.add(len(chunk))
        gathered.write(chunk)


def _read_path(path, watch):
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > watch.most:
            watch.add(size)
        # Reading one byte more than its size shows whether the file has grown, or is a device.
        data = file.read(size + 1)
        watch.add(len(data))
        return _rest(file, watch, data) if len(data) > size else data


def _buffer(data):
    try:
        view = memoryview(data)
    except (TypeError, ValueError, BufferError):
        raise bad_argument(f"{type(data).__name__} is not an image", _HINT) from None
    if view.ndim < 2:
        # Copied, because other bytes-like objects may change during parsing.
        return view.tobytes(), None, ()
    if view.format != "B":
        raise bad_argument(f"pixels of format {view.format!r}, expected unsigned bytes", "Convert them to uint8.")
    return view.tobytes(), _lying(view.shape), ()


def numpy_array(data):
    """Whether this is an array of NumPy."""
    array = _class("numpy", "ndarray")
    return array is not None and isinstance(data, array)


def _array(array):
    plain = samples(array)
    if array.ndim == 1:
        return plain.tobytes(), None, ()
    return plain, _lying(array.shape), ()


def samples(array):
    """An array's samples, as a plain, contiguous ndarray. Usually it already is one, and nothing is copied."""
    import numpy

    if array.dtype != numpy.uint8:
        hint = "Scale to 0…255 and convert: array.astype(numpy.uint8)."
        raise bad_argument(f"an array of {array.dtype}, expected uint8", hint)
    return numpy.ascontiguousarray(array.view(numpy.ndarray))


def _lying(shape):
    if len(shape) == 2:
        shape = (*shape, 1)
    if len(shape) != 3 or not 1 <= shape[2] <= 4:
        message = f"an array of shape {tuple(shape)}, expected (height, width) or (height, width, 1 to 4 channels)"
        raise bad_argument(message, "Channels come last: array.transpose(1, 2, 0) turns (3, height, width).")
    return {"width": shape[1], "height": shape[0], "channels": shape[2]}


_CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}
# Modes whose values aren't bytes: only the caller knows how to scale them.
_DEEP = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")


def _pillow(image):
    warnings = []
    if image.getexif().get(0x0112, 1) != 1:
        warnings.append("the Pillow image's orientation tag was not applied; ImageOps.exif_transpose does it")
    if image.info.get("icc_profile"):
        warnings.append("the Pillow image's ICC profile was not applied; its pixels were treated as sRGB")
    if image.mode in _DEEP:
        raise bad_argument(f"a Pillow image of mode {image.mode}", 'Convert it to 8 bits first: image.convert("L").')
    if image.mode not in _CHANNELS:
        transparent = image.mode in ("PA", "RGBa") or "transparency" in image.info
        image = image.convert({"1": "L", "La": "LA"}.get(image.mode, "RGBA" if transparent else "RGB"))
    pixels = {"width": image.width, "height": image.height, "channels": _CHANNELS[image.mode]}
    return image.tobytes(), pixels, warnings


def _described(output):
    if output.format != "raw":
        return None
    return {"width": output.width, "height": output.height * output.frames, "channels": output.channels}


def _class(module, name):
    """A class of a library, if the caller has imported it; it is never imported just for this."""
    return getattr(sys.modules.get(module), name, None)

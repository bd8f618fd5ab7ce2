"""A finished image."""

import json
import os

from . import _keenpix
from ._fault import bad_argument

_WRITTEN = ("jpeg", "png", "webp", "gif", "avif")
# What the name of a file says of its format.
_FORMATS = {
    **{name: name for name in _WRITTEN},
    **dict.fromkeys(("jpg", "jpe", "jfif"), "jpeg"),
    **{"apng": "png", "bmp": "bmp", "ico": "ico", "svg": "svg", "heic": "heic", "jxl": "jxl"},
    **dict.fromkeys(("tif", "tiff"), "tiff"),
}
_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


class Output(_keenpix.Bytes):
    """A finished image: bytes-like, with attributes that describe it."""

    __slots__ = (
        "alpha",
        "channels",
        "crop",
        "extension",
        "focus",
        "format",
        "frames",
        "height",
        "media_type",
        "trim",
        "warnings",
        "width",
    )

    def __new__(cls, made, warnings=()):
        self = super().__new__(cls, made)
        for name, value in json.loads(made.facts).items():
            setattr(self, name, value)
        for name in ("crop", "focus", "trim"):
            place = getattr(self, name)
            setattr(self, name, place and tuple(place))
        self.warnings = [*warnings, *self.warnings]
        return self

    def __repr__(self):
        frames = f", {self.frames} frames" if self.frames > 1 else ""
        return f"<keenpix.Output {self.format} {self.width}×{self.height}{frames}, {len(self):,} bytes>"

    def save(self, path):
        """Writes the file; `path` may also be an open binary file.

        A name of another format (`x.webp` for a JPEG) is refused.
        """
        if hasattr(path, "write"):
            path.write(self)
            return
        if not isinstance(path, (str, bytes, os.PathLike)):
            raise bad_argument(f"save() takes a path or an open file, not {type(path).__name__}", "Pass a path.")
        self._want_name(os.fsdecode(path))
        with open(path, "wb") as file:
            file.write(self)

    def numpy(self):
        """Raw pixels as a read-only NumPy array, not copied: (height, width, channels), frames first if several."""
        self._want_raw("numpy")
        import numpy

        return numpy.asarray(memoryview(self))

    def pillow(self):
        """Raw pixels as a Pillow image; grey and RGBA are not copied."""
        self._want_raw("pillow")
        from PIL import Image

        mode = _MODES[self.channels]
        return Image.frombuffer(mode, (self.width, self.height * self.frames), self, "raw", mode, 0, 1)

    def _want_name(self, path):
        """Refuses a name that tells of another format: the file would be taken for what it is not."""
        extension = os.path.splitext(path)[1][1:].lower()
        named = _FORMATS.get(extension)
        if named in (None, self.format):
            return
        message = f"save() to a .{extension} file ({named}), and this image is {self.format}: save() does not convert"
        if named in _WRITTEN:
            hint = f'Make it in the other format: encode={{"format": "{named}"}}, or name it .{self.extension}.'
        else:
            hint = f"Name it .{self.extension}."
        raise bad_argument(message, hint)

    def _want_raw(self, method):
        if self.format != "raw":
            message = f"{method}() needs raw pixels, and this is a {self.format} file"
            raise bad_argument(message, 'Request raw pixels: encode={"format": "raw"}.')

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The image itself, for notebooks."""
        import base64

        bundle = {"text/plain": repr(self)}
        if self.format != "raw":
            text = base64.b64encode(self).decode("ascii")
            bundle[self.media_type] = text
            # For formats that notebooks can't display themselves.
            bundle["text/html"] = (
                f'<img src="data:{self.media_type};base64,{text}" width="{self.width}" height="{self.height}">'
            )
        return bundle

    def __reduce__(self):
        raise bad_argument("an Output can't be pickled", "Send its data.")

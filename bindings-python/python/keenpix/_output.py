"""A finished image."""

import json

from . import _keenpix
from ._fault import bad_argument

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
        """Writes the file; `path` may also be an open binary file."""
        if hasattr(path, "write"):
            path.write(self)
            return
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
        raise TypeError("an Output can't be pickled; send its data")

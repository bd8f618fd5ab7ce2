"""Facts about an image, from its header and from its pixels."""

import json
import re


class Facts:
    """Named attributes that can be compared, shown and turned into a dict."""

    __slots__ = ()

    def __init__(self, facts):
        for name, value in facts.items():
            setattr(self, name, value)

    def __repr__(self):
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"keenpix.{type(self).__name__}({fields})"

    def __eq__(self, other):
        return type(other) is type(self) and self.to_dict() == other.to_dict()

    def to_dict(self):
        """The same as a dict, for JSON."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}


class Info(Facts):
    """What an image's header says."""

    __slots__ = (
        "alpha",
        "background",
        "bits",
        "channels",
        "chroma",
        "colour",
        "delays",
        "density",
        "exif",
        "format",
        "frames",
        "height",
        "icc",
        "loops",
        "orientation",
        "progressive",
        "width",
        "xmp",
    )


class ChannelStats(Facts):
    """Statistics of a channel's samples."""

    __slots__ = ("max", "max_x", "max_y", "mean", "min", "min_x", "min_y", "squares_sum", "stdev", "sum")


class Stats(Facts):
    """Pixel statistics of an image."""

    __slots__ = ("channels", "dominant", "entropy", "is_opaque", "sharpness")

    def __init__(self, facts):
        super().__init__(facts)
        self.channels = [ChannelStats(channel) for channel in self.channels]
        self.dominant = tuple(self.dominant[channel] for channel in "rgb")


def parsed(text):
    """Facts from the native part, under their names in Python."""
    return json.loads(text, object_hook=_named)


def _named(facts):
    return {re.sub("([A-Z])", lambda match: "_" + match[1].lower(), key): value for key, value in facts.items()}


def _plain(value):
    return [each.to_dict() for each in value] if isinstance(value, list) else value

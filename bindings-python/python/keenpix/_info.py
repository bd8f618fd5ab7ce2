"""What a header says."""

import json


class Info:
    """What an image's header says: see the attributes in the type stub."""

    __slots__ = (
        "alpha",
        "bits",
        "colour",
        "exif",
        "format",
        "frames",
        "height",
        "icc",
        "orientation",
        "progressive",
        "width",
        "xmp",
    )

    def __init__(self, facts):
        for name, value in json.loads(facts).items():
            setattr(self, name, value)

    def __repr__(self):
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"keenpix.Info({fields})"

    def __eq__(self, other):
        return isinstance(other, Info) and self.to_dict() == other.to_dict()

    def to_dict(self):
        """The same as a dict, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

"""Turns plans from Python objects into what the core reads: JSON, and beside it the bytes. The core checks them."""

import json
import math

from . import _keenpix
from ._fault import bad_argument, from_fault
from ._input import numpy_array, samples


def plan_parts(plan, parts, pixels, place=""):
    """One plan: the plan's keys, overridden by the keywords, then by the layout of an array's pixels. It becomes JSON
    without the bytes of images, and a list of these, each with a JSON pointer to its place.

    `place` says which of several plans it is, for errors.
    """
    if isinstance(plan, str):
        if not parts and pixels is None:
            return plan.encode("utf-8", "replace").decode(), []
        plan = _loads(plan, place)
    if plan is None:
        plan = {}
    try:
        keys = {**plan, **parts}
    except TypeError:
        message = f"{place or 'a plan'} is a dict, JSON text or None, not {type(plan).__name__}"
        raise bad_argument(message, "Give the plan's parts as keywords: transform(data, resize={...}).") from None
    if pixels is not None:
        keys["input"] = {"raw": pixels}
    return _dumps(keys, place)


def _dumps(keys, place):
    spelling = _Spelling()
    try:
        return json.dumps(spelling.of(keys, "")), spelling.beside
    except (TypeError, ValueError, BufferError, RecursionError) as error:
        raise _bad_plan(error, "wrong-type", place) from None


def limits_text(limits):
    """Limits as JSON."""
    spelling = _Spelling()
    text = json.dumps(spelling.of(dict(limits), ""))
    if spelling.beside:
        raise TypeError("there are bytes in them")
    return text


class _Spelling:
    """Values as JSON has them. `beside` gathers what it can't express: bytes, with pointers to their places."""

    def __init__(self):
        self.beside, self.open = [], set()

    def of(self, value, pointer):
        if value is None or isinstance(value, (str, int)):
            return value
        if isinstance(value, float):
            if math.isfinite(value):
                return value
            # JSON has no word for them. The core takes these, and names their place.
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        if isinstance(value, (dict, list, tuple)):
            return self.parts(value, pointer)
        data = _bytes(value)
        if data is not None:
            self.beside.append((pointer, data))
            return None
        return self.of(_plain(value), pointer)

    def parts(self, value, pointer):
        if id(value) in self.open:
            raise ValueError("Circular reference detected")
        self.open.add(id(value))
        try:
            if isinstance(value, dict):
                return {key: self.of(each, f"{pointer}/{_step(key)}") for key, each in value.items()}
            return [self.of(each, f"{pointer}/{index}") for index, each in enumerate(value)]
        finally:
            self.open.discard(id(value))


def _step(key):
    return str(key).replace("~", "~0").replace("/", "~1")


def _bytes(value):
    """The bytes of what has some, in a form that the native part reads without a copy if it can't change; or None."""
    if isinstance(value, (bytes, _keenpix.Bytes)):
        return value
    if numpy_array(value):
        if value.ndim == 0:
            return None
        if value.dtype.name != "uint8":
            raise TypeError(f"an array of {value.dtype}, expected uint8 (numbers are a list: array.tolist())")
        return samples(value)
    try:
        view = memoryview(value)
    except TypeError:
        return None
    # NumPy's scalars have a buffer too.
    if view.ndim == 0:
        return None
    if view.itemsize != 1:
        raise TypeError(f"{type(value).__name__} of format {view.format!r}, expected bytes")
    return view.tobytes()


def _loads(text, place):
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"the text is not JSON from character {error.colno} of line {error.lineno} on"
        raise _bad_plan(message, "not-json", place) from None


def _bad_plan(error, reason, place):
    hint = "A plan may contain JSON values, and bytes for images."
    message = f"bad plan: {place}: {error}" if place else f"bad plan: {error}"
    return from_fault("BAD_PLAN", message, hint, http_status=400, place=place or None, reason=reason)


def _plain(value):
    """Other libraries' numbers and mappings as Python's own."""
    for number in ("__index__", "__float__"):
        if hasattr(value, number):
            return getattr(value, number)()
    if hasattr(value, "keys"):
        return dict(value)
    raise TypeError(f"{type(value).__name__} can't be part of a plan")

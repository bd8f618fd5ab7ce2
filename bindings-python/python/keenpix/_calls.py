"""The blocking calls."""

import time

from . import _keenpix
from ._fault import bad_argument
from ._info import Info, Stats, parsed
from ._input import Watch, load
from ._output import Output
from ._plan import limits_text, plan_parts
from .errors import NotAnImageError


def transform(data, plan=None, /, *, limits=None, deadline=None, cancel=None, **parts):
    """Turns one image into another.

    `data` is bytes, a path, a binary file or stream, a NumPy array or a Pillow image. `plan` says what to make of it,
    as a dict or JSON text; its parts may be passed as keywords instead. `limits` says what it may use, `deadline` how
    many seconds it may take, and `cancel` is a flag that stops it.
    """
    return run(data, [plan], parts, limits, deadline, cancel, time.monotonic())[0]


def transform_many(data, plans, /, *, limits=None, deadline=None, cancel=None):
    """Makes several images from one, which is decoded once: an output for each plan, in the same order."""
    return run(data, plans, {}, limits, deadline, cancel, time.monotonic())


def probe(data, /, *, limits=None):
    """Reads an image's header; no pixels are decoded."""
    watch = Watch(limits_json(limits), None, None, 0.0)
    bytes_, pixels, _ = load(data, watch)
    if pixels is not None:
        raise bad_argument("pixels have no header to probe", "Ask the array or the image for its size.")
    return Info(parsed(_called(watch, _keenpix.probe, bytes_)))


def stats(data, /, *, limits=None, deadline=None, cancel=None):
    """Computes pixel statistics of an image's first frame, as stored."""
    return figures(data, limits, deadline, cancel, time.monotonic())


def run(data, plans, parts, limits, deadline, cancel, started):
    """The common part of all calls, on any thread."""
    watch = Watch(limits_json(limits), deadline, cancel, started)
    bytes_, pixels, warnings = load(data, watch)
    listed = _listed(plans)
    place = "plans[{}]".format if len(listed) > 1 else (lambda _: "")
    said = [plan_parts(plan, parts, pixels, place(index)) for index, plan in enumerate(listed)]
    made = _called(watch, _keenpix.transform, bytes_, said, watch.limits, watch.remaining(), cancel)
    return [Output(each, warnings) for each in made]


def figures(data, limits, deadline, cancel, started):
    """The common part of `stats` and `stats_async`."""
    watch = Watch(limits_json(limits), deadline, cancel, started)
    bytes_, pixels, _ = load(data, watch)
    if pixels is not None:
        raise bad_argument("stats needs an image file", "Compute an array's statistics with NumPy.")
    return Stats(parsed(_called(watch, _keenpix.stats, bytes_, watch.limits, watch.remaining(), cancel)))


def _called(watch, native, *arguments):
    """Calls the native part, and adds what it can't know to its errors."""
    try:
        return native(*arguments)
    except NotAnImageError as error:
        if watch.start > 0:
            error.args = (f"{error}; the file was read from position {watch.start} on, not from its start",)
        raise


def limits_json(limits):
    """Limits as JSON, or None for the core's defaults."""
    if limits is None:
        return None
    try:
        return limits_text(limits)
    except (TypeError, ValueError, RecursionError) as error:
        raise bad_argument(f"bad limits: {error}", "Limits are a dict of whole numbers.") from None


def _listed(plans):
    if isinstance(plans, (str, bytes)) or hasattr(plans, "keys"):
        raise bad_argument("transform_many takes a list of plans", "Use transform for one plan.")
    if not hasattr(plans, "__iter__"):
        message = f"transform_many takes a list of plans, not {type(plans).__name__}"
        raise bad_argument(message, "Use transform for one plan.")
    return list(plans)

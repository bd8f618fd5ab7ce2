"""Turns plans from Python objects into the JSON that the core reads. The core checks them."""

import json
import math

from ._fault import bad_argument, from_fault


def plan_json(plan, parts, pixels, place=""):
    """One plan as JSON: the plan's keys, overridden by the keywords, then by the layout of an array's pixels.

    `place` says which of several plans it is, for errors.
    """
    if isinstance(plan, str):
        if not parts and pixels is None:
            return plan.encode("utf-8", "replace").decode()
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
    try:
        try:
            return json.dumps(keys, default=_plain, allow_nan=False)
        except ValueError as error:
            try:
                return json.dumps(spelled(keys))
            except RecursionError:
                raise error from None  # it contains itself
    except (TypeError, ValueError, RecursionError) as error:
        raise _bad_plan(error, "wrong-type", place) from None


def spelled(value):
    """The same, with NaN and the infinities as texts: JSON has no word for them, and the core names their place."""
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: spelled(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [spelled(each) for each in value]
    if value is None or isinstance(value, (str, int)):
        return value
    return spelled(_plain(value))


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
    """What JSON can't express: bytes become base64, other libraries' numbers plain numbers."""
    try:
        view = memoryview(value)
    except TypeError:
        pass
    else:
        # NumPy's scalars have a buffer too.
        if view.ndim > 0:
            import base64

            return base64.b64encode(value).decode("ascii")
    for number in ("__index__", "__float__"):
        if hasattr(value, number):
            return getattr(value, number)()
    if hasattr(value, "keys"):
        return dict(value)
    raise TypeError(f"{type(value).__name__} can't be part of a plan")

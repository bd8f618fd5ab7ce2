"""Turns plans from Python objects into the JSON that the core reads. The core checks them."""

import json

from ._fault import bad_argument, from_fault


def plan_json(plan, parts, pixels):
    """One plan as JSON: the plan's keys, overridden by the keywords, then by the layout of an array's pixels."""
    if isinstance(plan, str):
        if not parts and pixels is None:
            return plan
        plan = _loads(plan)
    if plan is None:
        plan = {}
    try:
        keys = {**plan, **parts}
    except TypeError:
        message = f"a plan is a dict, JSON text or None, not {type(plan).__name__}"
        raise bad_argument(message, "Give the plan's parts as keywords: transform(data, resize={...}).") from None
    if pixels is not None:
        keys["input"] = {"raw": pixels}
    return _dumps(keys)


def _dumps(keys):
    try:
        return json.dumps(keys, default=_plain, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise _bad_plan(error) from None


def _loads(text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise _bad_plan(error) from None


def _bad_plan(error):
    hint = "A plan holds JSON values, and bytes for the images in it."
    return from_fault("BAD_PLAN", f"bad plan: {error}", hint, False, 400)


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

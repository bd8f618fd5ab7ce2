"""Each fault has its class, its code and its words."""

import pickle

import pytest

import keenpix


def fault(*arguments, **keywords):
    with pytest.raises(keenpix.KeenpixError) as caught:
        keenpix.transform(*arguments, **keywords)
    error = caught.value
    assert error.hint and isinstance(error.retryable, bool) and 400 <= error.http_status < 600
    return error


def test_classes_and_codes(photo, images):
    cut = {"tolerate": "none"}
    rgb = (images / "rgb.png").read_bytes()
    cases = [
        (fault(b"<!doctype html>"), "NOT_AN_IMAGE", keenpix.NotAnImageError, 415),
        (fault(b""), "NOT_AN_IMAGE", keenpix.NotAnImageError, 415),
        (fault(rgb[:8] + b"\0\0\0\x0dIHDX" + rgb[16:]), "BAD_INPUT", keenpix.BadInputError, 422),
        (fault(photo[:5000], cut), "TRUNCATED", keenpix.TruncatedError, 422),
        (fault(photo, {"encode": {"format": "gif"}}, limits={"pixels": 1000}), "LIMIT_PIXELS", keenpix.LimitError, 413),
        (fault(photo, limits={"width": 100}), "LIMIT_WIDTH", keenpix.LimitError, 413),
        (fault(photo, limits={"height": 100}), "LIMIT_HEIGHT", keenpix.LimitError, 413),
        (fault(photo, limits={"memory": 1000}), "LIMIT_MEMORY", keenpix.LimitError, 413),
        (fault(photo, deadline=0), "DEADLINE", keenpix.DeadlineError, 503),
        (fault(photo, {"resize": {"widht": 3}}), "BAD_PLAN", keenpix.BadPlanError, 400),
        (fault(photo, crop={"left": 0, "top": 0, "width": 9999, "height": 1}), "BAD_PLAN", keenpix.BadPlanError, 400),
    ]
    for error, code, kind, status in cases:
        assert (error.code, type(error), error.http_status) == (code, kind, status), str(error)


def test_limits_are_kept_in_both_directions(photo):
    for limits in ({"pixels": 1632 * 1224}, {"width": 1632}, {"height": 1224}):
        assert keenpix.transform(photo, resize={"width": 10}, limits=limits).width == 10
        (key, value) = limits.popitem()
        assert fault(photo, limits={key: value - 1}).code == f"LIMIT_{key.upper()}"


def test_the_builtin_classes_catch_them_too():
    for kind, builtin in (
        (keenpix.DeadlineError, TimeoutError),
        (keenpix.BadPlanError, ValueError),
        (keenpix.NotAnImageError, ValueError),
        (keenpix.OutOfMemoryError, MemoryError),
        (keenpix.BadArgumentError, TypeError),
    ):
        assert issubclass(kind, builtin) and issubclass(kind, keenpix.KeenpixError)


def test_every_code_of_the_core_has_a_class():
    import pathlib
    import re

    from keenpix._fault import from_fault

    source = pathlib.Path(__file__).resolve().parents[2] / "core" / "src" / "error.rs"
    codes = set(re.findall(r'"([A-Z_]{5,})"', source.read_text()))
    assert {"NOT_AN_IMAGE", "LIMIT_SCANS", "ENCODER", "INTERNAL"} <= codes
    for code in codes:
        assert type(from_fault(code, "words", "hint", False, 500)) is not keenpix.KeenpixError, code


def test_words(photo):
    assert "did you mean `width`?" in str(fault(photo, resize={"widht": 3}))
    assert "unknown field `resise`" in str(fault(photo, resise={"width": 3}))
    assert "looks like HTML" in str(fault(b"<!doctype html>"))
    assert "1997568 pixels where 5 are allowed" in str(fault(photo, limits={"pixels": 5}))


def test_plans_that_json_can_not_say(photo):
    circle = {}
    circle["resize"] = circle
    for plan, words in (
        ({"resize": {"width": float("nan")}}, "JSON compliant"),
        ({"resize": {"width": object()}}, "object can't be part of a plan"),
        (circle, "Circular"),
        ("{", "bad plan"),
    ):
        error = fault(photo, plan)
        assert error.code == "BAD_PLAN" and words in str(error)


def test_arguments_that_make_no_sense(photo):
    for arguments, keywords, words in (
        ((photo, 3), {}, "a plan is a dict"),
        ((photo,), {"limits": {"pixel": 3}}, "unknown field `pixel`"),
        ((photo,), {"limits": {"pixels": -3}}, "bad limits"),
        ((photo,), {"limits": {"pixels": 1.5}}, "bad limits"),
        ((photo,), {"limits": 5}, "bad limits"),
        ((photo,), {"deadline": -1}, "bad deadline"),
        ((photo,), {"deadline": float("nan")}, "bad deadline"),
    ):
        error = fault(*arguments, **keywords)
        assert error.code == "BAD_ARGUMENT" and words in str(error)
    for keywords in ({"deadline": "1"}, {"cancel": True}):
        with pytest.raises(TypeError):
            keenpix.transform(photo, **keywords)
    with pytest.raises(keenpix.BadArgumentError, match="list of plans"):
        keenpix.transform_many(photo, {"resize": {"width": 3}})


def test_errors_travel_between_processes(photo):
    error = fault(photo, limits={"pixels": 5})
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is keenpix.LimitError
    assert (str(copy), copy.code, copy.hint, copy.http_status) == (str(error), error.code, error.hint, 413)


def test_a_fault_of_one_plan_is_the_call_s(photo):
    with pytest.raises(keenpix.BadPlanError):
        keenpix.transform_many(photo, [{}, {"resize": {"width": 0}}])


def test_exceptions_of_the_caller_s_own_objects_pass(photo):
    class Odd:
        def keys(self):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        keenpix.transform(photo, Odd())

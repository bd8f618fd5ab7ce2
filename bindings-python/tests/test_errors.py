"""Each fault has its class, its code and its message."""

import math
import pickle

import numpy
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
    for limits in ({"pixels": 1632 * 1224}, {"width": 1632}, {"height": 1224}, {"total_pixels": 1632 * 1224}):
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

    source = pathlib.Path(__file__).resolve().parents[2] / "core" / "src" / "error" / "mod.rs"
    codes = set(re.findall(r'"([A-Z_]{5,})"', source.read_text()))
    assert {"NOT_AN_IMAGE", "LIMIT_SCANS", "ENCODER", "INTERNAL"} <= codes
    for code in codes:
        assert type(from_fault(code, "words", "hint")) is not keenpix.KeenpixError, code


def test_words(photo):
    assert "did you mean `width`?" in str(fault(photo, resize={"widht": 3}))
    assert "resise: there is no such option; did you mean `resize`?" in str(fault(photo, resise={"width": 3}))
    assert "looks like HTML" in str(fault(b"<!doctype html>"))
    assert "1997568 pixels where 5 are allowed" in str(fault(photo, limits={"pixels": 5}))


def test_facts(photo):
    facts = ("format", "place", "expected", "got", "reason")
    for error, values in (
        (
            fault(photo, resize={"width": "200"}),
            (None, "resize.width", "a whole number from 0 to 4294967295", 'the text "200"', "wrong-type"),
        ),
        (
            fault(photo, encode="webp"),
            (None, "encode", 'an object such as {"format": "webp"}', 'the text "webp"', "wrong-type"),
        ),
        (fault(photo[:5000], tolerate="none"), ("jpeg", None, None, None, None)),
        (fault(photo, limits={"width": 100}), (None, None, "at most 100 pixels", "1632 pixels", None)),
    ):
        assert tuple(getattr(error, name) for name in facts) == values
    with pytest.raises(keenpix.BadPlanError) as caught:
        keenpix.transform_many(photo, [{}, {"effects": [{"effect": "blur", "sigma": "1"}]}])
    assert caught.value.place == "plans[1].effects[0].sigma"


def test_bytes_in_the_wrong_place_do_not_come_back(photo):
    for plan in (
        {"encode": photo},
        {"background": photo},
        {"effects": [{"effect": photo}]},
        {"resize": {"fit": photo}},
    ):
        error = fault(photo, plan)
        assert len(str(error)) < 600 and len(error.got) < 120


def test_nobody_reads_words_of_the_implementation(photo):
    cases = (
        {"resize": 3},
        {"resize": {"width": "3"}},
        {"effects": [{}]},
        {"frames": 3},
        "{",
        "[",
        "{} x",
        {"crop": {}},
    )
    for plan in cases:
        words = str(fault(photo, plan))
        assert not any(word in words for word in ("enum", "u32", "column", "invalid type", "Some(", "struct")), words


def test_plans_that_json_can_not_say(photo):
    circle = {}
    circle["resize"] = circle
    for plan, words in (
        ({"resize": {"width": float("nan")}}, "resize.width is NaN, expected a whole number"),
        ({"resize": {"width": numpy.float32("nan")}}, "resize.width is NaN, expected a whole number"),
        ({"effects": [{"effect": "linear", "slope": [1, -math.inf]}]}, "effects[0].slope[1] is -Infinity, expected"),
        ({"resize": {"width": math.nan, "fit": object()}}, "object can't be part of a plan"),
        ({"resize": {"width": object()}}, "object can't be part of a plan"),
        (circle, "Circular"),
        ("{", "bad plan"),
    ):
        error = fault(photo, plan)
        assert error.code == "BAD_PLAN" and words in str(error)


def test_arguments_that_make_no_sense(photo):
    for arguments, keywords, words in (
        ((photo, 3), {}, "a plan is a dict"),
        ((photo,), {"limits": {"pixel": 3}}, "limits.pixel: there is no such option; did you mean `pixels`?"),
        ((photo,), {"limits": {"pixels": -3}}, "limits.pixels is -3, expected a whole number"),
        ((photo,), {"limits": {"pixels": 1.5}}, "limits.pixels is 1.5, expected a whole number"),
        ((photo,), {"limits": 5}, "bad limits"),
        ((photo,), {"limits": {"pixels": math.nan}}, "limits.pixels is NaN, expected a whole number"),
        ((photo,), {"deadline": -1}, "deadline is -1, expected a number of seconds"),
        ((photo,), {"deadline": float("nan")}, "deadline is NaN, expected a number of seconds"),
    ):
        error = fault(*arguments, **keywords)
        assert error.code == "BAD_ARGUMENT" and words in str(error)
    for keywords in ({"deadline": "1"}, {"cancel": True}):
        assert fault(photo, **keywords).code == "BAD_ARGUMENT"
    with pytest.raises(keenpix.BadArgumentError, match="list of plans"):
        keenpix.transform_many(photo, {"resize": {"width": 3}})


def test_errors_travel_between_processes(photo):
    error = fault(photo, limits={"pixels": 5})
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is keenpix.LimitError
    assert (str(copy), vars(copy)) == (str(error), vars(error))
    assert (copy.code, copy.http_status, copy.expected) == ("LIMIT_PIXELS", 413, "at most 5 pixels")


def test_a_fault_of_one_plan_is_the_call_s(photo):
    with pytest.raises(keenpix.BadPlanError):
        keenpix.transform_many(photo, [{}, {"resize": {"width": 0}}])


def test_one_of_several_plans_is_named(photo):
    for plans, place, words in (
        ([{}, {"resize": {"width": math.nan}}], "plans[1].resize.width", "plans[1].resize.width is NaN, expected"),
        ([{}, {"resize": {"width": object()}}], "plans[1]", "plans[1]: object can't be part of a plan"),
    ):
        with pytest.raises(keenpix.BadPlanError) as caught:
            keenpix.transform_many(photo, plans)
        assert words in str(caught.value) and caught.value.place == place
    with pytest.raises(keenpix.BadArgumentError, match=r"plans\[1\] is a dict"):
        keenpix.transform_many(photo, [{}, 3])


def test_what_crosses_the_api(photo, tmp_path):
    """The promise of `keenpix.errors`."""
    small = keenpix.transform(photo, resize={"width": 8})
    for call in (
        lambda: keenpix.transform("a\0b"),
        lambda: keenpix.transform("https://example.com/a.jpg"),
        lambda: keenpix.transform("data:image/png;base64,iVBORw0KGgo="),
        lambda: keenpix.transform(photo, '{"background": "\ud800"}'),
        lambda: keenpix.transform(photo, {"background": "\ud800"}),
        lambda: keenpix.transform(photo, {("a", "b"): 1}),
        lambda: keenpix.transform(photo, cancel=3),
        lambda: keenpix.transform(photo, deadline=object()),
        lambda: keenpix.transform(photo, limits={"pixels": object()}),
        lambda: keenpix.transform_many(photo, None),
        lambda: keenpix.transform_many(photo, 5),
        lambda: keenpix.transform(numpy.zeros((0, 5, 3), numpy.uint8)),
        lambda: keenpix.transform(numpy.zeros((), numpy.uint8)),
        lambda: keenpix.probe(numpy.zeros((5, 5), numpy.uint8)),
        lambda: keenpix.stats(3),
        lambda: small.save(5),
        lambda: small.numpy(),
        lambda: pickle.dumps(small),
    ):
        with pytest.raises(keenpix.KeenpixError):
            call()
    for call in (
        lambda: keenpix.transform(tmp_path / "missing.jpg"),
        lambda: keenpix.transform(tmp_path),
        lambda: small.save(tmp_path / "missing" / "a.jpg"),
    ):
        with pytest.raises(OSError):
            call()


def test_exceptions_of_the_caller_s_own_objects_pass(photo):
    class Odd:
        def keys(self):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        keenpix.transform(photo, Odd())

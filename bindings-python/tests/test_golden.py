"""The core's golden cases: the same plans, images and tolerances as in `core/tests/golden.rs`."""

import io
import json
import pathlib

import numpy
import pytest
from PIL import Image

import keenpix

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "core" / "tests" / "golden"
# Includes those of the feature svg, which the package has.
CASES = sorted(str(path.relative_to(GOLDEN).with_suffix("")) for path in GOLDEN.rglob("*.json"))


def test_there_are_cases():
    assert len(CASES) >= 110


@pytest.mark.parametrize("name", CASES)
def test_golden(name):
    case = json.loads((GOLDEN / f"{name}.json").read_text())
    output = keenpix.transform(GOLDEN.parent / "images" / case["image"], case["plan"])
    expect = case["expect"]
    assert {key: getattr(output, key) for key in expect} == expect
    assert output.warnings == []
    actual = pixels(output)
    expected = pixels((GOLDEN / f"{name}.png").read_bytes())
    assert actual.shape == expected.shape
    difference = numpy.abs(premultiplied(actual) - premultiplied(expected))
    assert difference.mean() <= case.get("mean", 0.5)
    assert difference.max() <= case.get("max", 2.0)


def pixels(data):
    with Image.open(io.BytesIO(data)) as image:
        return numpy.asarray(image.convert("RGBA"), dtype=numpy.float64)


def premultiplied(rgba):
    """Colours weighted by their alpha, because transparent pixels have no colour."""
    alpha = rgba[:, :, 3:]
    return numpy.concatenate([rgba[:, :, :3] * alpha / 255, alpha], axis=2)

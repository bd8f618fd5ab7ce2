"""NumPy arrays and Pillow images, in and out, without an encoded file in between."""

import io

import numpy
import pytest
from PIL import Image

import keenpix

RAW = {"format": "raw"}


def ramp(*shape):
    return numpy.arange(numpy.prod(shape), dtype=numpy.uint32).astype(numpy.uint8).reshape(shape)


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 1), (5, 7, 2), (5, 7, 3), (5, 7, 4), (1, 1, 3), (300, 2)])
def test_arrays_come_out_as_they_went_in(shape):
    array = ramp(*shape)
    output = keenpix.transform(array, encode=RAW)
    channels = shape[2] if len(shape) == 3 else 1
    assert (output.width, output.height, output.channels) == (shape[1], shape[0], channels)
    assert (output.numpy() == array.reshape(*shape[:2], channels)).all()


@pytest.mark.parametrize(
    "array",
    [
        ramp(6, 8, 3)[::2],
        ramp(6, 8, 3)[:, ::-1],
        ramp(6, 8, 4)[:, :, :3],
        numpy.asfortranarray(ramp(6, 8, 3)),
        ramp(3, 6, 8).transpose(1, 2, 0),
        numpy.broadcast_to(numpy.uint8([1, 2, 3]), (6, 8, 3)),
        numpy.ma.masked_array(ramp(6, 8, 3)),
    ],
    ids=["gaps", "mirrored", "three of four", "columns first", "planes", "broadcast", "subclass"],
)
def test_any_layout(array):
    output = keenpix.transform(array, encode=RAW)
    assert (output.numpy() == numpy.asarray(array)).all()


def test_an_array_is_not_copied(monkeypatch):
    from keenpix import _input

    array = ramp(40, 30, 3)
    data, lying, _ = _input.load(array, None)
    assert numpy.shares_memory(data, array)
    assert lying == {"width": 30, "height": 40, "channels": 3}


def test_raw_output_is_not_copied():
    output = keenpix.transform(ramp(4, 6, 4), encode=RAW)
    one, other = output.numpy(), numpy.asarray(output)
    assert one.shape == other.shape == (4, 6, 4)
    assert numpy.shares_memory(one, other)
    assert not one.flags.writeable
    del output
    assert (one == ramp(4, 6, 4)).all(), "the array keeps the memory"


def test_frames_come_first(images):
    output = keenpix.transform(images / "animated.gif", frames="all", encode=RAW)
    expected = keenpix.transform(images / "animated.gif", frames="first", encode=RAW)
    pixels = output.numpy()
    assert pixels.shape == ((output.frames,) if output.frames > 1 else ()) + expected.numpy().shape
    first = pixels[0] if output.frames > 1 else pixels
    assert (first == expected.numpy()).all()


def test_an_array_becomes_a_file():
    array = ramp(48, 64, 3)
    output = keenpix.transform(array)
    assert output.format == "png", "pixels have no format of their own"
    with Image.open(io.BytesIO(output)) as image:
        assert (numpy.asarray(image) == array).all()
    small = keenpix.transform(array, resize={"width": 16}, encode={"format": "webp"})
    assert (small.width, small.height, small.format) == (16, 12, "webp")


def test_many_from_one_array():
    plans = [{"resize": {"width": width}, "encode": RAW} for width in (8, 4)]
    assert [each.numpy().shape for each in keenpix.transform_many(ramp(16, 16, 3), plans)] == [(8, 8, 3), (4, 4, 3)]


def test_a_flat_array_is_a_file(photo):
    assert keenpix.probe(numpy.frombuffer(photo, numpy.uint8)).format == "jpeg"


def test_other_buffers_of_two_or_three_dimensions():
    output = keenpix.transform(memoryview(bytes(range(24))).cast("B", (2, 4, 3)), encode=RAW)
    assert output.data == bytes(range(24))


def test_a_raw_output_goes_in_again():
    output = keenpix.transform(keenpix.transform(ramp(4, 6, 2), encode=RAW), orient={"rotate": 90}, encode=RAW)
    assert (output.numpy() == numpy.rot90(ramp(4, 6, 2), -1)).all()


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (numpy.zeros((2, 2), numpy.float32), "float32, expected uint8"),
        (numpy.zeros((2, 2), numpy.uint16), "uint16"),
        (numpy.zeros((2, 2), bool), "bool"),
        (numpy.zeros((3, 20, 20), numpy.uint8), r"shape \(3, 20, 20\)"),
        (numpy.zeros((2, 2, 0), numpy.uint8), "1 to 4 channels"),
        (numpy.zeros((1, 2, 2, 3), numpy.uint8), "shape"),
    ],
)
def test_arrays_that_are_no_pictures(array, words):
    with pytest.raises(keenpix.BadArgumentError, match=words):
        keenpix.transform(array)


def test_an_array_without_pixels():
    with pytest.raises(keenpix.KeenpixError):
        keenpix.transform(numpy.zeros((0, 5, 3), numpy.uint8))


def test_probe_is_for_files():
    with pytest.raises(keenpix.BadArgumentError, match="no header"):
        keenpix.probe(ramp(2, 2))


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_pillow_images_come_out_as_they_went_in(mode):
    channels = len(mode)
    image = Image.frombytes(mode, (9, 5), ramp(5, 9, channels).tobytes())
    output = keenpix.transform(image, encode=RAW)
    back = output.pillow()
    assert (back.mode, back.size) == (mode, (9, 5))
    assert back.tobytes() == image.tobytes()


@pytest.mark.parametrize("mode", ["1", "P", "CMYK", "YCbCr", "HSV", "LAB", "RGBX", "RGBa", "La", "PA"])
def test_other_pillow_modes(mode):
    if mode in ("RGBa", "La", "PA"):
        image = Image.new("RGBA" if mode != "La" else "LA", (4, 3), 50).convert(mode)
    else:
        image = Image.new(mode, (4, 3))
    output = keenpix.transform(image, encode=RAW)
    expected = image.convert({"1": "L", "RGBa": "RGBA", "La": "LA", "PA": "RGBA"}.get(mode, "RGB"))
    assert output.data == expected.tobytes()


def test_a_palette_with_transparency():
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    image.info["transparency"] = 1
    assert keenpix.transform(image, encode=RAW).data == bytes([10, 20, 30, 255, 40, 50, 60, 0])


@pytest.mark.parametrize("mode", ["I", "F", "I;16"])
def test_deep_pillow_modes(mode):
    with pytest.raises(keenpix.BadArgumentError, match=f"mode {mode}"):
        keenpix.transform(Image.new(mode, (2, 2)))


def test_what_a_pillow_image_brings_along_is_told(photos):
    with Image.open(photos / "portrait-orientation-6.jpg") as image:
        output = keenpix.transform(image, resize={"width": 20}, encode=RAW)
        assert any("orientation" in warning for warning in output.warnings)
    with Image.open(photos / "brushes-display-p3.jpg") as image:
        output = keenpix.transform(image, resize={"width": 20}, encode=RAW)
        assert any("ICC" in warning for warning in output.warnings)


def test_a_lazily_opened_pillow_image(photos):
    with Image.open(photos / "coffee.png") as image:
        size = image.size
        output = keenpix.transform(image, encode=RAW)
        assert (output.width, output.height) == size
        assert output.data == image.tobytes()


def test_pixels_are_asked_for(photo):
    output = keenpix.transform(photo, resize={"width": 20})
    for method in (output.numpy, output.pillow):
        with pytest.raises(keenpix.BadArgumentError, match="jpeg file") as caught:
            method()
        assert "raw" in caught.value.hint


def test_the_libraries_are_not_needed_for_bytes(photo, tmp_path):
    import subprocess
    import sys

    file = tmp_path / "photo.jpg"
    file.write_bytes(photo)
    code = (
        "import sys, keenpix; keenpix.transform(sys.argv[1], resize={'width': 10});"
        "print([name for name in ('numpy', 'PIL', 'asyncio', 'typing', 'concurrent') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code, file], capture_output=True, text=True, env=bare())
    assert done.stdout.strip() == "[]", done.stderr


def bare():
    import os
    import pathlib

    return {**os.environ, "PYTHONPATH": str(pathlib.Path(keenpix.__file__).parents[1])}

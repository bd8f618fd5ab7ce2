"""Outputs, and what can be done with them."""

import array
import asyncio
import base64
import gc
import io
import json
import os
import subprocess
import sys
import weakref

import numpy
import pytest
from PIL import Image

import keenpix


@pytest.fixture(scope="module")
def output(photo):
    return keenpix.transform(photo, resize={"width": 64}, encode={"format": "webp"})


def test_facts(output):
    assert (output.format, output.media_type, output.extension) == ("webp", "image/webp", "webp")
    assert (output.width, output.height, output.frames, output.channels, output.alpha) == (64, 48, 1, 3, False)
    assert (output.crop, output.focus, output.trim, output.warnings) == (None, None, None, [])
    assert repr(output) == f"<keenpix.Output webp 64×48, {len(output):,} bytes>"


def test_facts_of_an_animation(images):
    output = keenpix.transform(images / "animated.gif", frames="all", encode={"format": "webp"})
    assert output.frames > 1
    assert f"{output.frames} frames" in repr(output)
    assert keenpix.probe(output).frames == output.frames


def test_facts_of_a_search(photo):
    output = keenpix.transform(photo, resize={"width": 50, "height": 50, "position": "attention"})
    assert isinstance(output.crop, tuple) and output.crop[1] == 0
    assert isinstance(output.focus, tuple)


def test_warnings(photo):
    output = keenpix.transform(photo[: len(photo) // 2], resize={"width": 20})
    assert any("ends" in warning for warning in output.warnings)


def test_bytes_like(output):
    data = output.data
    assert isinstance(data, bytes) and data[8:12] == b"WEBP"
    assert bytes(output) == data == b"".join([output]) == bytearray(output)
    assert len(output) == len(data)
    view = memoryview(output)
    assert view.readonly and view.format == "B" and view.shape == (len(data),) and view.contiguous
    assert base64.b64decode(base64.b64encode(output)) == data
    assert io.BytesIO(output).getvalue() == data
    with pytest.raises((TypeError, BufferError)):
        io.BytesIO(data).readinto(output)


def test_a_view_keeps_the_bytes(photo):
    output = keenpix.transform(photo, resize={"width": 16})
    data, view = output.data, memoryview(output)
    part = view[2:10]
    del output, view
    gc.collect()
    assert part.tobytes() == data[2:10]


def test_memory_is_given_back(photo):
    class Holder(keenpix.Output):
        __slots__ = ("__weakref__",)

    made = keenpix.transform(photo, resize={"width": 16})
    assert type(made) is keenpix.Output
    from keenpix import _keenpix

    native = _keenpix.transform(photo, [('{"resize": {"width": 16}}', [])])[0]
    held = Holder(native)
    gone = weakref.ref(held)
    view = memoryview(held)
    del held
    gc.collect()
    assert gone() is not None, "the view holds it"
    view.release()
    gc.collect()
    assert gone() is None
    with pytest.raises(TypeError, match="taken already"):
        Holder(native)


def test_pixels_have_dimensions(photo):
    output = keenpix.transform(photo, resize={"width": 8, "height": 4, "fit": "fill"}, encode={"format": "raw"})
    view = memoryview(output)
    assert (view.shape, view.strides, view.ndim) == ((4, 8, 3), (24, 3, 1), 3)
    assert view[1, 2, 0] == output.data[24 + 6]
    assert output.media_type == "application/octet-stream"


def test_save(output, tmp_path):
    output.save(tmp_path / "a.webp")
    output.save(str(tmp_path / "b.webp"))
    with open(tmp_path / "c.webp", "wb") as file:
        output.save(file)
    for name in ("a", "b", "c"):
        assert (tmp_path / f"{name}.webp").read_bytes() == output.data


def test_a_name_of_another_format_is_refused(output, photo, tmp_path):
    raw = keenpix.transform(photo, resize={"width": 8}, encode={"format": "raw"})
    for image, name in ((output, "a.jpg"), (output, "a.PNG"), (output, b"a.tiff"), (raw, "a.png")):
        with pytest.raises(keenpix.BadArgumentError) as caught:
            image.save(os.path.join(os.fsencode(tmp_path), name) if isinstance(name, bytes) else tmp_path / name)
        assert image.format in str(caught.value) and "does not convert" in str(caught.value)
    with pytest.raises(keenpix.BadArgumentError, match=r"\.jpg file \(jpeg\), and this image is webp"):
        output.save("a.jpg")
    for name in ("a", "a.tmp", "a.WEBP", "a.webp.part"):
        output.save(tmp_path / name)
    raw.save(tmp_path / "a.rgb")
    assert sorted(os.listdir(tmp_path)) == ["a", "a.WEBP", "a.rgb", "a.tmp", "a.webp.part"]


def test_notebooks_show_it(output, photo):
    bundle = output._repr_mimebundle_()
    assert base64.b64decode(bundle["image/webp"]) == output.data
    assert bundle["text/html"].startswith('<img src="data:image/webp;base64,')
    assert bundle["text/plain"] == repr(output)
    raw = keenpix.transform(photo, resize={"width": 8}, encode={"format": "raw"})
    assert list(raw._repr_mimebundle_()) == ["text/plain"]


def test_info(photo, images):
    info = keenpix.probe(photo)
    assert (info.format, info.width, info.height, info.colour) == ("jpeg", 1632, 1224, "ycbcr")
    assert keenpix.probe(images / "orientation-6.jpg").orientation == 6
    assert info == keenpix.probe(photo) != keenpix.probe(images / "rgb.png")
    assert json.loads(json.dumps(info.to_dict()))["bits"] == 8
    assert repr(info).startswith("keenpix.Info(alpha=False")


def test_stats(photo, images):
    stats = keenpix.stats(images / "rgba.png")
    assert len(stats.channels) == 4 and not stats.is_opaque
    red = stats.channels[0]
    with Image.open(images / "rgba.png") as image:
        pixels = numpy.asarray(image)[:, :, 0].astype(int)
    assert (red.min, red.max, red.sum, red.squares_sum) == (
        pixels.min(),
        pixels.max(),
        pixels.sum(),
        (pixels * pixels).sum(),
    )
    assert pixels[red.min_y, red.min_x] == red.min and pixels[red.max_y, red.max_x] == red.max
    assert abs(red.stdev - pixels.std(ddof=1)) < 1e-6 and abs(red.mean - pixels.mean()) < 1e-6
    assert len(stats.dominant) == 3 and 0 < stats.entropy <= 8 and stats.sharpness > 0
    assert stats.to_dict()["channels"][0]["max_x"] == red.max_x
    assert asyncio.run(keenpix.stats_async(photo)) == keenpix.stats(photo)
    with pytest.raises(keenpix.LimitError):
        keenpix.stats(photo, limits={"pixels": 5})
    with pytest.raises(keenpix.DeadlineError):
        keenpix.stats(photo, deadline=0)
    with pytest.raises(keenpix.BadArgumentError, match="needs an image file"):
        keenpix.stats(pixels.astype(numpy.uint8))


def test_plans_of_every_kind(photo):
    for plan, parts in (
        ({"resize": {"width": 20}, "encode": {"format": "png"}}, {}),
        ('{"resize": {"width": 20}, "encode": {"format": "png"}}', {}),
        (None, {"resize": {"width": 20}, "encode": {"format": "png"}}),
        ({"resize": {"width": 20}}, {"encode": {"format": "png"}}),
        ('{"resize": {"width": 9}, "encode": {"format": "png"}}', {"resize": {"width": 20}}),
    ):
        output = keenpix.transform(photo, plan, **parts)
        assert (output.width, output.format) == (20, "png")


def test_plans_of_other_types(photo):
    from types import MappingProxyType

    plan = {"resize": MappingProxyType({"width": numpy.int64(20), "height": numpy.uint8(10)}), "effects": ()}
    assert keenpix.transform(photo, plan).height == 10


def composite(**source):
    return {"effects": [{"effect": "composite", "layers": [{"source": source}]}], "encode": {"format": "png"}}


def raw_layer(pixels):
    return composite(raw={"width": 4, "height": 3, "channels": 3, "pixels": pixels})


def test_bytes_within_a_plan(photo, images):
    """Whatever holds the bytes of a layer, the picture is the one that base64 makes."""
    ramp = numpy.arange(36, dtype=numpy.uint8).reshape(3, 4, 3)
    plain = ramp.tobytes()
    expected = keenpix.transform(photo, raw_layer(base64.b64encode(plain).decode())).data
    for pixels in (
        plain,
        bytearray(plain),
        memoryview(plain),
        array.array("B", plain),
        ramp,
        ramp.reshape(-1),
        numpy.asfortranarray(ramp),
        numpy.flip(ramp[::-1, ::-1, ::-1]),
        numpy.ma.masked_array(ramp),
        memoryview(ramp.reshape(-1).repeat(2).tobytes())[::2],
    ):
        assert keenpix.transform(photo, raw_layer(pixels)).data == expected

    file = (images / "rgba.png").read_bytes()
    made = keenpix.transform(file)
    expected = keenpix.transform(photo, composite(file=base64.b64encode(file).decode())).data
    for each in (file, bytearray(file), numpy.frombuffer(file, numpy.uint8), type("Own", (bytes,), {})(file), made):
        assert keenpix.transform(photo, composite(file=each)).data == expected
    drawing = (images / "circle.svg").read_bytes()
    text = keenpix.transform(photo, composite(svg=drawing.decode())).data
    assert keenpix.transform(photo, composite(svg=drawing)).data == text


def test_bytes_of_several_plans_stay_with_their_plan(photo):
    plans = [raw_layer(bytes([value] * 36)) for value in (0, 255)]
    plans.insert(1, {"encode": {"format": "png"}})
    together = keenpix.transform_many(photo, plans)
    assert [each.data for each in together] == [keenpix.transform(photo, plan).data for plan in plans]


def test_bytes_within_a_plan_are_not_spelled_out(photo):
    from keenpix._plan import plan_parts

    pixels = numpy.zeros((300, 400, 3), numpy.uint8)
    layers = {"width": 400, "height": 300, "channels": 3, "pixels": pixels}
    text, beside = plan_parts(composite(raw=layers), {}, None)
    assert len(text) < 200
    [(pointer, data)] = beside
    assert pointer == "/effects/0/layers/0/source/raw/pixels"
    assert numpy.shares_memory(data, pixels)


def test_bytes_of_a_plan_that_are_wrong(photo):
    """They are errors in the plan, whatever NumPy or the buffer would say of itself."""
    released = memoryview(b"abc")
    released.release()
    wrong = "effects[0].layers[0].source"
    for plan, place, words in (
        (raw_layer(numpy.zeros((3, 4, 3), numpy.float32)), None, "an array of float32, expected uint8"),
        (raw_layer(numpy.zeros(36, numpy.uint16)), None, "an array of uint16, expected uint8"),
        (raw_layer(numpy.array([None])), None, "an array of object, expected uint8"),
        (raw_layer(array.array("d", [1.0])), None, "array of format 'd', expected bytes"),
        (raw_layer(released), None, "released memoryview"),
        (raw_layer(numpy.zeros((3, 4), numpy.uint8)), f"{wrong}.raw.pixels", "12 bytes, expected 36 bytes"),
        (raw_layer(b""), f"{wrong}.raw.pixels", "0 bytes, expected 36 bytes"),
        (composite(file=b"GIF9"), "effects[0].layers[0]", "not an image"),
        ({"resize": {"width": b"abc"}}, "resize.width", "is 3 bytes, expected a whole number"),
        ({"resize": numpy.zeros(4, numpy.uint8)}, "resize", "is 4 bytes, expected an object"),
        ({"effects": b"abc"}, "effects", "is 3 bytes, expected a list"),
        ({"effects": [{"effect": "blur", "a/b~c": b"abc"}]}, "effects[0].a/b~c", "there is no such option"),
        ({1: b"abc"}, "1", "there is no such option"),
    ):
        with pytest.raises(keenpix.KeenpixError) as caught:
            keenpix.transform(photo, plan)
        assert words in str(caught.value), str(caught.value)
        assert caught.value.place == place, str(caught.value)
    with pytest.raises(keenpix.BadArgumentError, match="bad limits: there are bytes in them"):
        keenpix.transform(photo, limits={"pixels": b"5"})


def test_many(photo):
    plans = [{"resize": {"width": 40}}, '{"resize": {"width": 20}}', None]
    assert [each.width for each in keenpix.transform_many(photo, plans)] == [40, 20, 1632]
    assert keenpix.transform_many(photo, iter(plans[:1]))[0].width == 40


def test_a_subclass_of_str_or_bytes_is_what_it_is(photo, photos):
    class Name(str):
        pass

    class Blob(bytes):
        pass

    assert keenpix.probe(Name(photos / "coffee.png")).format == "png"
    assert keenpix.probe(Blob(photo)).format == "jpeg"


def test_an_interpreter_within_the_process_ends_cleanly(photo, tmp_path):
    code = "import keenpix, sys; print(keenpix.transform(sys.argv[1], resize={'width': 9}).width)"
    file = tmp_path / "photo"
    file.write_bytes(photo)
    done = subprocess.run([sys.executable, "-X", "dev", "-c", code, file], capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("9\n", "", 0)

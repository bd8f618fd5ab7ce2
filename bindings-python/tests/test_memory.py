"""Memory: nothing is kept from call to call, whether the call succeeds or fails."""

import gc
import pathlib

import numpy

import keenpix


def resident():
    """Resident memory, in kB."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


def grown(work, warm, rounds):
    for _ in range(warm):
        work()
    gc.collect()
    before = resident()
    for _ in range(rounds):
        work()
    gc.collect()
    return resident() - before


def test_transforming(photo):
    plans = [{"resize": {"width": 200}, "encode": {"format": name}} for name in ("jpeg", "webp", "png")]
    assert grown(lambda: keenpix.transform_many(photo, plans), 10, 40) < 4_000


def test_pixels():
    # 3 MB in, 3 MB out: a leak would add up to far more than the limit.
    array = numpy.zeros((1000, 1000, 3), numpy.uint8)
    work = lambda: keenpix.transform(array, encode={"format": "raw"}).numpy()  # noqa: E731
    assert grown(work, 5, 30) < 8_000


def test_errors(photo):
    def work():
        for data, plan in ((b"<html>" * 100_000, {}), (photo, {"resize": {"widht": 1}}), (photo, {"crop": {}})):
            try:
                keenpix.transform(bytearray(data), plan)
            except keenpix.KeenpixError:
                continue
            raise AssertionError("no error")

    assert grown(work, 20, 300) < 4_000

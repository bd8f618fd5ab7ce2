"""Calls on threads: the interpreter keeps running meanwhile, and a deadline or a flag stops them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import keenpix


def test_python_runs_meanwhile(large, slow):
    cancel = keenpix.Cancel()
    stopped = []

    def work():
        with pytest.raises(keenpix.CancelledError):
            keenpix.transform(large, slow, cancel=cancel)
        stopped.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    # If the GIL were held, this loop would not run until the call is over, and the flag would not be set in time.
    turns = 0
    end = time.monotonic() + 0.2
    while time.monotonic() < end:
        turns += 1
    cancel.cancel()
    thread.join()
    assert stopped and turns > 1000
    assert cancel.cancelled


def test_a_flag_that_is_up_stops_at_once(photo):
    cancel = keenpix.Cancel()
    assert not cancel.cancelled
    cancel.cancel()
    with pytest.raises(keenpix.CancelledError) as caught:
        keenpix.transform(photo, cancel=cancel)
    assert caught.value.retryable


def test_a_deadline_stops(large, slow):
    started = time.monotonic()
    with pytest.raises(keenpix.DeadlineError) as caught:
        keenpix.transform(large, slow, deadline=0.2)
    assert caught.value.code == "DEADLINE" and caught.value.retryable
    # It must stop long before the work would end by itself; benchmarks measure how soon.
    assert time.monotonic() - started < 5


def test_a_deadline_that_is_far_away(photo):
    assert keenpix.transform(photo, resize={"width": 9}, deadline=3600).width == 9


def test_a_deadline_counts_reading(photo):
    class Slow:
        def __init__(self):
            self.pieces = [photo[start : start + 50_000] for start in range(0, len(photo), 50_000)]

        def read(self, size):
            time.sleep(0.06)
            return self.pieces.pop(0) if self.pieces else b""

    with pytest.raises(keenpix.DeadlineError, match="50 ms are allowed"):
        keenpix.transform(Slow(), deadline=0.05)


def test_a_flag_stops_reading(photo):
    cancel = keenpix.Cancel()

    class Endless:
        def read(self, size):
            cancel.cancel()
            return photo

    with pytest.raises(keenpix.CancelledError):
        keenpix.transform(Endless(), cancel=cancel)


def test_many_threads_at_once(photo):
    plans = [{"resize": {"width": width}, "encode": {"format": "png"}} for width in range(16, 32)]
    alone = [keenpix.transform(photo, plan).data for plan in plans]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            together = list(pool.map(lambda plan: keenpix.transform(photo, plan).data, plans))
            assert together == alone


def test_one_array_on_many_threads():
    import numpy

    array = numpy.random.default_rng(1).integers(0, 256, (200, 300, 3), numpy.uint8)
    expected = keenpix.transform(array, resize={"width": 50}, encode={"format": "raw"}).data
    with ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(keenpix.transform, array, resize={"width": 50}, encode={"format": "raw"}) for _ in range(32)
        ]
        assert all(call.result().data == expected for call in calls)


def test_one_output_on_many_threads(photo):
    output = keenpix.transform(photo, resize={"width": 100})
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: bytes(memoryview(output)), range(64)))) == 1

"""The async versions of the calls."""

import asyncio
import io
import os
import time

import pytest

import keenpix


def test_the_same_as_without(photo):
    async def work():
        one = await keenpix.transform_async(photo, resize={"width": 32}, encode={"format": "png"})
        many = await keenpix.transform_many_async(photo, [{"resize": {"width": 20}}, {"resize": {"width": 10}}])
        return one, many, await keenpix.probe_async(io.BytesIO(photo))

    one, many, info = asyncio.run(work())
    assert one.data == keenpix.transform(photo, resize={"width": 32}, encode={"format": "png"}).data
    assert [each.width for each in many] == [20, 10]
    assert info == keenpix.probe(photo)


def test_the_loop_goes_on(photo):
    async def work():
        calls = [keenpix.transform_async(photo, resize={"width": width}) for width in range(100, 108)]
        ticks = 0
        gathered = asyncio.gather(*calls)
        while not gathered.done():
            await asyncio.sleep(0.001)
            ticks += 1
        return await gathered, ticks

    outputs, ticks = asyncio.run(work())
    assert [output.width for output in outputs] == list(range(100, 108))
    assert ticks > 1


def test_cancelling_the_task_stops_the_work(large, slow):
    async def work():
        cancel = keenpix.Cancel()
        task = asyncio.ensure_future(keenpix.transform_async(large, slow, cancel=cancel))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return cancel.cancelled

    started = time.monotonic()
    assert asyncio.run(work())
    # The pool's threads are free again and accept work.
    outputs = asyncio.run(both(large))
    assert len(outputs) == 2
    assert time.monotonic() - started < 10


async def both(data):
    calls = [keenpix.transform_async(data, resize={"width": 10}) for _ in range(2)]
    return await asyncio.gather(*calls)


def test_wait_for(large, slow):
    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(asyncio.wait_for(keenpix.transform_async(large, slow), 0.1))


def test_deadline(large, slow):
    with pytest.raises(keenpix.DeadlineError):
        asyncio.run(keenpix.transform_async(large, slow, deadline=0.1))


def test_errors(photo):
    async def work():
        with pytest.raises(keenpix.BadPlanError, match="did you mean"):
            await keenpix.transform_async(photo, resize={"widht": 1})
        with pytest.raises(keenpix.BadArgumentError):
            await keenpix.transform_async(3)
        with pytest.raises(keenpix.NotAnImageError):
            await keenpix.probe_async(b"{}")

    asyncio.run(work())


def test_streams_that_are_awaited(photo):
    class Body:
        def __init__(self):
            self.file = io.BytesIO(photo)

        async def read(self, size=-1):
            await asyncio.sleep(0)
            return self.file.read(min(size, 100_000))

    async def work():
        output = await keenpix.transform_async(Body(), resize={"width": 10})
        info = await keenpix.probe_async(Body())
        with pytest.raises(keenpix.LimitError):
            await keenpix.transform_async(Body(), limits={"input_bytes": 1000})
        return output.width, info.format

    assert asyncio.run(work()) == (10, "jpeg")


def test_a_stream_that_never_waits_lets_others_take_their_turn():
    class Endless:
        given = 0

        async def read(self, size=-1):
            self.given += 1
            return b"."

    async def work():
        endless = Endless()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(keenpix.transform_async(endless), 0.1)
        given = endless.given
        await asyncio.sleep(0.05)
        assert endless.given == given
        with pytest.raises(keenpix.DeadlineError):
            await keenpix.transform_async(endless, deadline=0.1)

    asyncio.run(work())


def test_a_child_process_has_threads_of_its_own(photo):
    from keenpix import _async

    asyncio.run(keenpix.probe_async(photo))
    parents = _async._threads()
    _async._after_fork()
    assert _async._threads() is not parents
    assert asyncio.run(keenpix.probe_async(photo)).width == 1632
    assert _async._threads()._max_workers == len(os.sched_getaffinity(0))

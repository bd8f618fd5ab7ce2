"""Async versions of the calls: the same work on a thread pool with one thread per processor."""

import os
import threading
import time

from . import _keenpix
from ._calls import figures, limits_json, probe, run
from ._input import Watch, checked, nothing_left

# Seconds after which the reading of a stream lets other tasks take their turn.
_TURN = 0.01

_lock = threading.Lock()
_pool = None


async def transform_async(data, plan=None, /, *, limits=None, deadline=None, cancel=None, **parts):
    """Async :func:`keenpix.transform`. Cancelling the task stops the work."""
    return (await _run(data, [plan], parts, limits, deadline, cancel))[0]


async def transform_many_async(data, plans, /, *, limits=None, deadline=None, cancel=None):
    """Async :func:`keenpix.transform_many`. Cancelling the task stops the work."""
    return await _run(data, plans, {}, limits, deadline, cancel)


async def probe_async(data, /, *, limits=None):
    """Async :func:`keenpix.probe`."""
    import asyncio

    data = await _arrived(data, Watch(limits_json(limits), None, None, 0.0))
    return await asyncio.get_running_loop().run_in_executor(_threads(), lambda: probe(data, limits=limits))


async def stats_async(data, /, *, limits=None, deadline=None, cancel=None):
    """Async :func:`keenpix.stats`. Cancelling the task stops the work."""
    started = time.monotonic()
    data = await _arrived(data, Watch(limits_json(limits), deadline, cancel, started))
    flag = _keenpix.Cancel() if cancel is None else cancel
    return await _threaded(lambda: figures(data, limits, deadline, flag, started), flag)


async def _run(data, plans, parts, limits, deadline, cancel):
    started = time.monotonic()
    data = await _arrived(data, Watch(limits_json(limits), deadline, cancel, started))
    flag = _keenpix.Cancel() if cancel is None else cancel
    return await _threaded(lambda: run(data, plans, parts, limits, deadline, flag, started), flag)


async def _threaded(work, flag):
    import asyncio

    try:
        return await asyncio.get_running_loop().run_in_executor(_threads(), work)
    except asyncio.CancelledError:
        flag.cancel()
        raise


async def _arrived(data, watch):
    """The bytes of a stream that must be awaited; anything else unchanged."""
    import inspect

    if not inspect.iscoroutinefunction(getattr(data, "read", None)):
        return data
    import asyncio
    import io

    gathered, turn = io.BytesIO(), time.monotonic()
    while True:
        chunk = checked(await data.read(1 << 20))
        if not chunk:
            return gathered.getvalue() or nothing_left()
        watch.add(len(chunk))
        gathered.write(chunk)
        # A stream that always has something ready would keep every other task waiting.
        if time.monotonic() - turn > _TURN:
            await asyncio.sleep(0)
            turn = time.monotonic()


def _threads():
    global _pool
    with _lock:
        if _pool is None:
            from concurrent.futures import ThreadPoolExecutor

            _pool = ThreadPoolExecutor(_processors(), thread_name_prefix="keenpix")
        return _pool


def _processors():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _after_fork():
    """Drops the pool, because a child process has none of its parent's threads."""
    global _lock, _pool
    _lock, _pool = threading.Lock(), None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

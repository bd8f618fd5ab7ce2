#!/usr/bin/env python3
"""Measures how much faster the Python package is on many threads than on one, to show that it holds no lock.

usage: threads.py [--threads 8] [--calls 64] [--rounds 5] PHOTO

Each round makes the same thumbnails on one thread and on many. The ratio of the rates is at most the number of
processors, and lower on a busy machine. What a busy machine doesn't change is how many threads at once are running or
runnable. A thread that waits for the GIL is neither, so with the GIL held that would be one.
"""

import argparse
import os
import pathlib
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import keenpix

PLAN = {"resize": {"width": 720}, "encode": {"format": "jpeg", "quality": 80}}


def main():
    parser = argparse.ArgumentParser(description="Throughput on many threads over that on one.")
    parser.add_argument("photo", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--calls", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    data = arguments.photo.read_bytes()
    ratios = []
    for _ in range(arguments.rounds):
        one, many = (rate(data, threads, arguments.calls) for threads in (1, arguments.threads))
        ratios.append(many[0] / one[0])
        print(f"1 thread: {report(one)}; {arguments.threads} threads: {report(many)}")
    print(f"ratio {statistics.median(ratios):.2f} on {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")


def report(measured):
    return "{:.1f}/s on {:.2f} processors, {:.1f} runnable".format(*measured)


def rate(data, threads, calls):
    """Calls per second, how many processors they kept busy, and how many threads were runnable on average."""
    samples, over = [], threading.Event()
    sampler = threading.Thread(target=sample, args=(samples, over))
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: keenpix.transform(data, PLAN), range(threads)))
        start, cpu = time.perf_counter(), time.process_time()
        sampler.start()
        list(pool.map(lambda _: keenpix.transform(data, PLAN), range(calls)))
        wall = time.perf_counter() - start
        busy = (time.process_time() - cpu) / wall
        over.set()
        sampler.join()
        return calls / wall, busy, statistics.mean(samples or [0])


def sample(samples, over):
    """Counts this process's other threads that are running or runnable."""
    own = str(threading.get_native_id())
    while not over.wait(0.02):
        others = [task for task in pathlib.Path("/proc/self/task").iterdir() if task.name != own]
        samples.append(sum((task / "stat").read_text().rsplit(")", 1)[1].split()[0] == "R" for task in others))


if __name__ == "__main__":
    main()

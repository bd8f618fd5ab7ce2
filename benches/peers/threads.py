#!/usr/bin/env python3
"""Measures how much more the Python package does on many threads than on one: no lock may be held while it works.

usage: threads.py [--threads 8] [--calls 64] [--rounds 5] PHOTO

Each round makes the same thumbnails on one thread and on many, in turn; the ratio of the rates is at most the number of
processors.
"""

import argparse
import os
import pathlib
import statistics
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
        print(f"1 thread {one[0]:.1f}/s ({one[1]:.2f} processors), {arguments.threads} threads {many[0]:.1f}/s ({many[1]:.2f})")
    print(f"ratio {statistics.median(ratios):.2f} on {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")


def rate(data, threads, calls):
    """Calls a second, and how many processors they kept busy."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: keenpix.transform(data, PLAN), range(threads)))
        start, cpu = time.perf_counter(), time.process_time()
        list(pool.map(lambda _: keenpix.transform(data, PLAN), range(calls)))
        wall = time.perf_counter() - start
        return calls / wall, (time.process_time() - cpu) / wall


if __name__ == "__main__":
    main()

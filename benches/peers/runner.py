"""The command line that all runners share, for those in Python; benches/src/runner.rs describes it."""

import json
import pathlib
import sys
import time


def peak_kb():
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return None


def run(load):
    """`load` imports the library and returns its name with its version, and the work: (bytes, plans) to files."""
    report = {}
    if sys.argv[1:] == ["--empty"]:
        version = None
    else:
        version, work = load()
        if sys.argv[1:] != ["--load"]:
            report = measure(work, *sys.argv[1:])
    print(json.dumps(report | {"version": version, "peak_kb": peak_kb()}))


def measure(work, path, plans, iterations, prefix):
    data = pathlib.Path(path).read_bytes()
    plans = json.loads(pathlib.Path(plans).read_text())
    for index, output in enumerate(work(data, plans)):
        pathlib.Path(f"{prefix}-{index}").write_bytes(output)
    iterations = int(iterations)
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(iterations):
        work(data, plans)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    each = 1000 / max(iterations, 1)
    return {"cpu_ms": cpu * each, "wall_ms": wall * each}

#!/usr/bin/env python3
"""Compares keenpix with its peers, for each row of rows.json, and writes out/peers.md and out/peers.json.

usage: compare.py [--inputs DIR] [--rows 1,3] [--runners keenpix,sharp] [--ours keenpix] [--pairs 11] [--out out/peers]

Every runner is a separate process that warms up and then does the work several times; the runners take turns, in an
order that shifts every round. Times are CPU time, user and system. The ratio is the peer's time over keenpix's in the
same round: the median over the rounds, with the quartiles. Sizes and SSIMULACRA2 are those of the files written, the
latter against a float64 reference (reference.py), computed by the program `score`. Equal settings don't mean equal
quality, so another line shows the lowest quality at which keenpix scores no less than sharp, and the bytes it needs.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

PEERS = pathlib.Path(__file__).resolve().parent
ROOT = PEERS.parents[1]
BIN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "VIPS_CONCURRENCY": "1"}

# The runners, in the order of the table, keenpix first. Any that is not installed is left out, with a message.
RUNNERS = {
    "keenpix": [str(BIN / "row")],
    "keenpix-node": ["node", str(PEERS / "row_keenpix.cjs")],
    "keenpix-python": [sys.executable, str(PEERS / "row_keenpix.py")],
    "sharp": ["node", str(PEERS / "row_sharp.cjs")],
    "pyvips": [sys.executable, str(PEERS / "row_pyvips.py")],
    "Pillow": [sys.executable, str(PEERS / "row_pillow.py")],
    "image": [str(BIN / "row-image")],
}
# Pillow-SIMD has Pillow's module name, so it needs its own environment, whose interpreter this variable names.
if "PILLOW_SIMD_PYTHON" in os.environ:
    RUNNERS["Pillow-SIMD"] = [os.environ["PILLOW_SIMD_PYTHON"], str(PEERS / "row_pillow.py")]


def main():
    arguments = parse()
    rows = [
        row
        for row in json.loads((PEERS / "rows.json").read_text())
        if not arguments.rows or row["row"] in arguments.rows
    ]
    runners = usable(arguments.runners)
    results = []
    for row in rows:
        source = arguments.inputs / row["input"]
        if not source.exists():
            say(f"row {row['row']} skipped: {source} is missing; see make_inputs.py")
            continue
        with tempfile.TemporaryDirectory() as folder:
            results.append(measure(row, source, runners, arguments, pathlib.Path(folder)))
        write(results, runners, arguments)
    print((arguments.out.with_suffix(".md")).read_text() if results else "nothing was measured")


def parse():
    default = os.environ.get("KEENPIX_BENCH_INPUTS", ROOT / ".cache" / "bench-inputs")
    parser = argparse.ArgumentParser(description="Measures keenpix beside its peers.")
    parser.add_argument("--inputs", type=pathlib.Path, default=pathlib.Path(default))
    parser.add_argument("--rows", type=lambda text: text.split(","), help="rows of rows.json; default: all")
    parser.add_argument("--runners", type=lambda text: text.split(","), default=list(RUNNERS))
    parser.add_argument(
        "--ours", default="keenpix", help="what the others are compared with, such as keenpix-node; default: keenpix"
    )
    parser.add_argument("--pairs", type=int, default=11, help="rounds; default: 11")
    parser.add_argument(
        "--out", type=pathlib.Path, default=ROOT / "out" / "peers", help="default: out/peers (.md, .json)"
    )
    parser.add_argument(
        "--match", default="sharp", help="the peer whose score keenpix's quality is matched to; default: sharp"
    )
    parser.add_argument("--no-score", action="store_true", help="leave SSIMULACRA2 out")
    parser.add_argument("--no-memory", action="store_true", help="leave the peak memory out")
    return parser.parse_args()


def own(name):
    """keenpix's own bindings all count as keenpix."""
    return "keenpix" if name.startswith("keenpix") else name


def usable(names):
    """The available runners, each with its version and the memory of a process that does nothing."""
    found = {}
    for name in names:
        command = RUNNERS[name]
        empty = call(command, ["--empty"])
        loaded = empty if empty and empty.get("version") else call(command, ["--load"])
        if empty is None or loaded is None:
            say(f"{name} is left out: {' '.join(command)} does not run; see benches/README.md")
            continue
        found[name] = {"command": command, "version": loaded["version"], "empty_kb": empty["peak_kb"]}
    return found


def call(command, arguments):
    """Runs a runner and returns its report. If it fails, prints the error's last line and returns None."""
    try:
        done = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, env=os.environ | ONE_THREAD, cwd=PEERS
        )
    except OSError as error:
        say(f"  {error}")
        return None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no message"]
        say(f"  {pathlib.Path(command[-1]).name}: {lines[-1]}")
        return None
    return json.loads(done.stdout)


def measure(row, source, runners, arguments, folder):
    say(f"row {row['row']}: {row['work']}")
    calls = {}
    for name, runner in runners.items():
        plans = folder / f"{name}.json"
        plans.write_text(json.dumps(row.get(own(name), row["plans"])))
        calls[name] = (runner["command"], [str(source), str(plans)], str(folder / name))
    # One run for the files, which also shows who can do this row at all; its peak memory is that of one transform.
    peaks = {}
    for name, (command, job, prefix) in calls.items():
        runs = 1 if arguments.no_memory else 3
        reports = [call(command, [*job, "0", prefix]) for _ in range(runs)]
        if all(reports):
            peaks[name] = statistics.median(report["peak_kb"] - runners[name]["empty_kb"] for report in reports)
    times = {name: [] for name in peaks}
    for turn in range(arguments.pairs):
        order = list(peaks)
        order = order[turn % len(order) :] + order[: turn % len(order)]
        for name in order:
            command, job, prefix = calls[name]
            times[name].append(call(command, [*job, str(row["iterations"]), prefix])["cpu_ms"])
    result = {"row": row["row"], "work": row["work"], "runners": {}}
    for name in peaks:
        files = [folder / f"{name}-{index}" for index in range(len(row["plans"]))]
        entry = {"cpu_ms": times[name], "bytes": sum(file.stat().st_size for file in files), "peak_kb": peaks[name]}
        if not arguments.no_score:
            entry["scores"] = [score(row["plans"][index], source, file) for index, file in enumerate(files)]
        result["runners"][name] = entry
    if not arguments.no_score and {arguments.ours, arguments.match} <= result["runners"].keys():
        result["matched"] = match(row, source, calls[arguments.ours][0], result["runners"][arguments.match], folder)
    return result


def match(row, source, command, peer, folder):
    """The lowest quality at which keenpix scores no less than the peer, and its bytes: the cost of equal quality.

    Only for rows with one output whose plan has a quality.
    """
    plans = row.get("keenpix", row["plans"])
    if len(plans) > 1 or "quality" not in plans[0]["encode"]:
        return None
    path, prefix, low, high, found = folder / "match.json", folder / "match", 1, 100, None
    while low <= high:
        quality = (low + high) // 2
        path.write_text(json.dumps([plans[0] | {"encode": plans[0]["encode"] | {"quality": quality}}]))
        if call(command, [str(source), str(path), "0", str(prefix)]) is None:
            return None
        file = folder / "match-0"
        reached = score(plans[0], source, file)
        if reached >= peer["scores"][0]:
            found = {"quality": quality, "bytes": file.stat().st_size, "score": reached}
            high = quality - 1
        else:
            low = quality + 1
    return found


def score(plan, source, file, cache={}):
    """SSIMULACRA2 of a file against the best-fitting reference; with alpha, the lower score of those on black and white."""
    import numpy
    import reference

    output = reference.full_size(file)
    size = (output.shape[1], output.shape[0])
    key = (source, json.dumps(plan["resize"], sort_keys=True), size)
    if cache.get("source") != source:
        cache.clear()
        cache.update({"source": source, "pixels": reference.full_size(source)})
    if key not in cache:
        pixels = cache["pixels"]
        whole = (pixels.shape[1], pixels.shape[0])
        found = reference.windows(whole, plan["resize"], size)
        cache[key] = [reference.resample(pixels, window, size) for window in found]
    best = min(
        cache[key], key=lambda candidate: numpy.square(reference.on(candidate, 128) - reference.on(output, 128)).mean()
    )
    backgrounds = (0, 255) if output.shape[2] == 4 else (0,)
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for background in backgrounds:
            paths = [os.path.join(folder, f"{kind}-{background}") for kind in ("reference", "output")]
            for path, pixels in zip(paths, (best, output)):
                reference.linear(reference.on(pixels, background)).astype(numpy.float32).tofile(path)
            lines.append(f"{size[0]} {size[1]} {paths[0]} {paths[1]}")
        done = subprocess.run([BIN / "score"], input="\n".join(lines), capture_output=True, text=True, check=True)
    return min(float(line) for line in done.stdout.split())


def write(results, runners, arguments):
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    versions = [runner["version"] for runner in runners.values()]
    machine = {
        "processor": processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": platform.platform(),
    }
    document = {"machine": machine, "versions": versions, "pairs": arguments.pairs, "rows": results}
    arguments.out.with_suffix(".json").write_text(json.dumps(document, indent=1) + "\n")
    lines = [
        f"{processor()}, {os.cpu_count()} cores; load {os.getloadavg()[0]:.1f} at the end. {'; '.join(versions)}.",
        "",
        f"CPU: user and system, ms for one piece of work, median of {arguments.pairs} rounds in turn (quartiles). "
        "Ratio: the peer's time over keenpix's in the same round, median (quartiles). "
        "Bytes and SSIMULACRA2: keenpix's less the peer's stand in the peer's line. "
        "Memory: resident peak of one piece of work over an empty process of the same runtime.",
        "",
        "| row | runner | CPU ms | ratio | bytes | ours | SSIMULACRA2 | ours | memory, MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        ours = result["runners"].get(arguments.ours)
        title = f"**{result['row']}** {result['work']}"
        for name, entry in result["runners"].items():
            lines.append(
                f"| {title} | {name} | " + " | ".join(cells(entry, ours if name != arguments.ours else None)) + " |"
            )
            title = ""
            matched = result.get("matched")
            if name == arguments.match and matched:
                size = f"{100 * (matched['bytes'] / entry['bytes'] - 1):+.1f} %"
                better = f"{matched['score'] - entry['scores'][0]:+.2f}"
                words = f"keenpix at quality {matched['quality']}"
                lines.append(f"| | {words} | | | {matched['bytes']:,} | {size} | {matched['score']:.2f} | {better} | |")
    arguments.out.with_suffix(".md").write_text("\n".join(lines) + "\n")


def cells(entry, ours):
    peer = ours is not None
    ratio = spread([theirs / own for theirs, own in zip(entry["cpu_ms"], ours["cpu_ms"])], 2) if peer else ""
    size = f"{100 * (ours['bytes'] / entry['bytes'] - 1):+.1f} %" if peer else ""
    scores = entry.get("scores")
    quality = f"{statistics.mean(scores):.2f}" if scores else "–"
    better = ""
    if peer and scores:
        # Of several files, the worst.
        better = f"{min(own - theirs for own, theirs in zip(ours['scores'], scores)):+.2f}"
    return [
        spread(entry["cpu_ms"], 1),
        ratio,
        f"{entry['bytes']:,}",
        size,
        quality,
        better,
        f"{entry['peak_kb'] * 1.024e-3:.1f}",
    ]


def spread(values, digits):
    if len(values) < 3:
        return f"{statistics.median(values):.{digits}f}"
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def processor():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

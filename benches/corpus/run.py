#!/usr/bin/env python3
"""Runs the corpus of odd, broken and hostile files through the release build of `keenpix`, each in its own process, and
writes a table and a summary that compare the results with those of sharp and Pillow.

    cargo build --release -p keenpix-cli --features avif
    python3 benches/corpus/run.py                  # all of it, a few minutes
    python3 benches/corpus/run.py --sample 300     # a quick look

The corpus (`public.tar.xz` and `expected.tsv`) is in `../shared/corpus` next to the project, or wherever `--corpus` or
the variable KEENPIX_CORPUS says. It is unpacked into `target/corpus`, where the references are kept too. This program
needs only Python 3.9. The comparison of pixels needs Pillow and sharp, which it installs itself:

    python3 -m venv target/corpus/venv && target/corpus/venv/bin/pip install pillow==13.0.0
    npm install --prefix target/corpus/node sharp@0.35.5
"""

import argparse
import csv
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import summary

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOLERATE = ("none", "truncated", "errors")  # `truncated` is the default
COLUMNS = ["path", "expect", "magic", "bytes", *TOLERATE, "size", "pillow", "sharp", "cpu_s", "rss_mb", "message"]


def main():
    options = arguments()
    archive, expected = options.corpus / "public.tar.xz", options.corpus / "expected.tsv"
    if not (archive.exists() and expected.exists()):
        print(f"!!! SKIPPED: there is no corpus in {options.corpus} (public.tar.xz and expected.tsv)", file=sys.stderr)
        return 0
    if not options.keenpix.exists():
        sys.exit(f"{options.keenpix} is missing: cargo build --release -p keenpix-cli --features avif")
    files = unpack(archive, options.cache)
    stored_values(options).write_text('{"assume": "srgb"}')
    rows = read(expected, options)
    run_all(rows, files, options)
    if not options.no_compare:
        compare(rows, files, options)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with open(options.out, "w", newline="", encoding="utf-8") as out:
        table = csv.DictWriter(
            out, COLUMNS, delimiter="\t", extrasaction="ignore", quoting=csv.QUOTE_NONE, escapechar="\\"
        )
        table.writeheader()
        table.writerows(rows)
    text, good = summary.of(rows)
    print(text)
    options.out.with_suffix(".txt").write_text(text + "\n", encoding="utf-8")
    print(f"\n{options.out} has a line for every file.")
    return 0 if good or options.sample else 1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    default = os.environ.get("KEENPIX_CORPUS") or ROOT.parent / "shared" / "corpus"
    parser.add_argument("--corpus", type=Path, default=Path(default), help="folder with public.tar.xz and expected.tsv")
    parser.add_argument("--keenpix", type=Path, default=ROOT / "target/release/keenpix", help="the program")
    parser.add_argument("--cache", type=Path, default=ROOT / "target/corpus", help="unpacked files and references")
    parser.add_argument("--out", type=Path, default=ROOT / "out/corpus.tsv", help="the table")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="that many files only, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only files whose path or format contains this")
    parser.add_argument("--without", default="", metavar="FORMAT", help="no files of this format: a build lacks it")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=20, help="seconds for one file")
    parser.add_argument("--no-compare", action="store_true", help="do not compare pixels")
    return parser.parse_args()


def unpack(archive, cache):
    files = cache / "files"
    if not files.exists():
        print(f"unpacking {archive} into {files}", file=sys.stderr)
        half = cache / "files.tmp"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        subprocess.run(["tar", "-xf", archive, "-C", half, "--strip-components=1"], check=True)
        half.rename(files)
    return files


def read(expected, options):
    with open(expected, newline="", encoding="utf-8") as table:
        rows = [
            {
                **row,
                "said_sharp": row["sharp_error"],
                "said_pillow": row["pillow_error"],
                "has_sharp": row["sharp"] == "ok",
                "has_pillow": row["pillow"] == "ok",
                "sharp": "",
                "pillow": "",
                "how": "",
            }
            for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
            if (options.only in row["path"] or options.only == row["magic"])
            and not (options.without and row["magic"] == options.without)
        ]
    if options.sample and options.sample < len(rows):
        rows = random.Random(options.seed).sample(rows, options.sample)
    return rows


def run_all(rows, files, options):
    """Two workers share the files; each drives a small process that starts the program and measures it."""
    ours = options.cache / "ours"
    shutil.rmtree(ours, ignore_errors=True)
    ours.mkdir(parents=True)
    todo, lock, done = iter(rows), threading.Lock(), [0]

    def work():
        measure = subprocess.Popen(
            [sys.executable, HERE / "measure.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        while True:
            with lock:
                row = next(todo, None)
                done[0] += 1
                if done[0] % 500 == 0:
                    print(f"{done[0]} of {len(rows)}", file=sys.stderr)
            if row is None:
                break
            row["ours"] = ours / (key(row["path"]) + ".png")
            one(row, files / row["path"], measure, options)
        measure.stdin.close()
        measure.wait()

    threads = [threading.Thread(target=work) for _ in range(options.workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def states_colours(file):
    """Whether it is a PNG that says in gAMA, cHRM or cICP what its colours mean, or an AVIF that does so in nclx:
    browsers heed that and map PQ, HLG and wide gamuts to the screen, as keenpix does. Pillow and sharp don't, so that
    the stored values are compared."""
    data = file.read_bytes()[:100_000]
    if data.startswith(b"\x89PNG"):
        return any(kind in data.split(b"IDAT")[0] for kind in (b"gAMA", b"cHRM", b"cICP"))
    return data[4:8] == b"ftyp" and b"colrnclx" in data


def stored_values(options):
    """The plan that takes colours as they are stored."""
    return options.cache / "stored.json"


def one(row, file, measure, options):
    plan = ["--plan", stored_values(options)] if states_colours(file) else []
    row.update(cpu_s=0.0, rss_mb=0.0, size="", message="")
    for tolerate in TOLERATE:
        target = row["ours"] if tolerate == "truncated" else "/dev/null"
        argv = [
            options.keenpix,
            file,
            *plan,
            "-o",
            target,
            "--format",
            "png",
            "--compression",
            "0",
            "--fit",
            "inside",
            "--width",
            "200",
            "--height",
            "2000",
            "--no-enlarge",
            "--tolerate",
            tolerate,
        ]
        measure.stdin.write(json.dumps({"argv": [str(word) for word in argv], "timeout": options.timeout}) + "\n")
        measure.stdin.flush()
        result = json.loads(measure.stdout.readline())
        row[tolerate] = outcome(result)
        row["cpu_s"] = round(max(row["cpu_s"], result["cpu"]), 3)
        row["rss_mb"] = round(max(row["rss_mb"], result["rss_mb"]), 1)
        if tolerate == "truncated":
            said = " ".join(result["said"].replace(str(file), "FILE").split())
            row["message"] = said.replace("keenpix: FILE: ", "")[:300]
            size = re.search(r"→ .* png (\d+)×(\d+)", said)
            row["size"] = f"{size[1]}x{size[2]}" if size else ""


def outcome(result):
    if result["timed_out"]:
        return "TIMEOUT"
    if result["signal"] or result["exit"] not in (0, 1):
        return f"ABORT {result['signal'] or result['exit']}"
    if result["exit"] == 0:
        return "ok"
    codes = re.findall(r"\[([A-Z_]+)\]\s*$", result["said"], re.M)
    return codes[-1] if codes else "ABORT without a code"


def compare(rows, files, options):
    tasks = []
    for row in rows:
        if row["truncated"] != "ok" or not (row["has_sharp"] or row["has_pillow"]):
            continue
        reference = {
            peer: str(options.cache / f"ref-{peer}" / (key(row["path"]) + ".png")) if row[f"has_{peer}"] else None
            for peer in ("pillow", "sharp")
        }
        stored = states_colours(files / row["path"])
        tasks.append({"file": str(files / row["path"]), "ours": str(row["ours"]), "stored": stored, **reference})
    for peer in ("pillow", "sharp"):
        (options.cache / f"ref-{peer}").mkdir(exist_ok=True)
    listed = options.cache / "tasks.json"
    listed.write_text(json.dumps(tasks))
    node, python = sharp(options.cache), pillow(options.cache)
    if node:
        subprocess.run(["node", HERE / "sharp.mjs", listed, node], check=False)
    if not python:
        return
    by_ours = {str(row["ours"]): row for row in rows}
    answers = subprocess.run(
        [python, HERE / "compare.py", listed], stdout=subprocess.PIPE, text=True, check=False
    ).stdout
    for line in answers.splitlines():
        answer = json.loads(line)
        by_ours[answer["ours"]].update({peer: answer[peer] for peer in ("pillow", "sharp", "how") if peer in answer})


def pillow(cache):
    """A Python that has Pillow: this one, or one made for it."""
    own = cache / "venv/bin/python"
    for python in (sys.executable, own):
        if (
            Path(python).exists()
            and subprocess.run([python, "-c", "import PIL"], stderr=subprocess.DEVNULL).returncode == 0
        ):
            return python
    print("making a venv with Pillow", file=sys.stderr)
    made = subprocess.run([sys.executable, "-m", "venv", cache / "venv"]).returncode == 0
    if made and subprocess.run([own, "-m", "pip", "install", "-q", "pillow==13.0.0"]).returncode == 0:
        return own
    print("!!! pixels are NOT COMPARED: no Pillow", file=sys.stderr)
    return None


def sharp(cache):
    """A folder whose node_modules contain sharp."""
    node = (cache / "node").resolve()
    if not (node / "node_modules/sharp").exists():
        node.mkdir(exist_ok=True)
        install = ["npm", "install", "--silent", "--prefix", node, "sharp@0.35.5"]
        if not shutil.which("npm") or subprocess.run(install).returncode:
            print("!!! NOT COMPARED with sharp: npm could not install it", file=sys.stderr)
            return None
    return node


def key(path):
    return hashlib.sha1(path.encode()).hexdigest()[:20]


if __name__ == "__main__":
    sys.exit(main())

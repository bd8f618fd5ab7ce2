#!/usr/bin/env python3
"""Compares keenpix's resizing, PNG in and PNG out, with a float64 Lanczos3 reference, pixel by pixel.

usage: quality.py [--runner PATH]

Resizes photographs of the repository, opaque and with transparency, to several sizes. Colours count as they are seen: a
transparent image is compared premultiplied, and its alpha separately. The ring of pixels whose kernel reaches beyond
the image is included. Exits with 1 if an image is off by more than 2 levels anywhere, or 0.5 on average.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

import reference

ROOT = pathlib.Path(__file__).resolve().parents[2]
PHOTOS = ROOT / "examples" / "photos"
BIN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
LARGEST, MEAN = 2.0, 0.5

# The sizes to resize each photograph to.
SIZES = [{"width": 720}, {"width": 200}, {"width": 64}, {"width": 512, "height": 512}, {"width": 301, "height": 97}]
CASES = {"landscape.jpg": SIZES, "coffee.png": SIZES, "bowl-alpha.png": [*SIZES, {"width": 900}], "grey.jpg": SIZES[:2]}


def main():
    parser = argparse.ArgumentParser(description="Compares keenpix's resizing with a float64 reference.")
    parser.add_argument("--runner", default=str(BIN / "row"), help="default: the program `row`")
    runner = parser.parse_args().runner
    failed = False
    print("| picture | from | to | largest | mean | alpha, largest | mean |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, sizes in CASES.items():
            source = pathlib.Path(folder, "source.png")
            plain(PHOTOS / name).save(source)
            pixels = reference.full_size(source)
            for resize in sizes:
                output = reference.full_size(convert(runner, source, resize, pathlib.Path(folder)))
                colour, alpha = compare(pixels, output, resize)
                failed |= any(largest > LARGEST or mean > MEAN for largest, mean in (colour, alpha or (0, 0)))
                from_to = [f"{p.shape[1]}×{p.shape[0]}" for p in (pixels, output)]
                numbers = [f"{value:.3f}" for value in (*colour, *(alpha or ()))]
                print(f"| {name} | {' | '.join([*from_to, *numbers, *([] if alpha else ['', ''])])} |")
    return int(failed)


def plain(path):
    """Only the image's pixels: no profile, no orientation."""
    with Image.open(path) as image:
        alpha = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
        image = image.convert("RGBA" if alpha else "L" if image.mode == "L" else "RGB")
        return Image.frombytes(image.mode, image.size, image.tobytes())


def convert(runner, source, resize, folder):
    plans = folder / "plans.json"
    plans.write_text(json.dumps([{"resize": resize, "encode": {"format": "png"}}]))
    subprocess.run([runner, source, plans, "0", folder / "output"], check=True, stdout=subprocess.DEVNULL)
    return folder / "output-0"


def compare(pixels, output, resize):
    """The largest and mean difference of the colours, and of any alpha, from the window that fits best."""
    size = (output.shape[1], output.shape[0])
    source = (pixels.shape[1], pixels.shape[0])
    differences = []
    for window in reference.windows(source, resize, size):
        perfect = reference.resample(pixels, window, size)
        alpha = None
        if perfect.shape[2] == 4:
            perfect[:, :, 3] = numpy.clip(perfect[:, :, 3], 0, 255)
            alpha = numpy.abs(perfect[:, :, 3] - output[:, :, 3])
        colour = numpy.abs(reference.on(clipped(perfect), 0) - reference.on(output, 0))
        differences.append((colour, alpha))
    colour, alpha = min(differences, key=lambda pair: pair[0].mean())
    return (colour.max(), colour.mean()), None if alpha is None else (alpha.max(), alpha.mean())


def clipped(pixels):
    return numpy.clip(pixels, 0, 255)


if __name__ == "__main__":
    sys.exit(main())

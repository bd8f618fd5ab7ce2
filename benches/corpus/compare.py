"""Compares keenpix's results with those of Pillow and sharp for the same files. Needs Pillow.

Reads a JSON list of tasks `{"file", "ours", "pillow", "sharp"}` (paths; the last two may be null) from the file given,
and writes one JSON line for each: the mean difference from each, in levels from 0 to 255, or a word if there is none,
and whether it is in the colours or in the transparency.
"""

import json
import os
import sys
import warnings

from PIL import Image, ImageChops, ImageOps, ImageStat

BOX = (200, 2000)
Image.MAX_IMAGE_PIXELS = None
warnings.simplefilter("ignore")


def main():
    for task in json.load(open(sys.argv[1])):
        answer = {"ours": task["ours"]}
        if task["pillow"] and not os.path.exists(task["pillow"]):
            try:
                reference(task["file"]).save(task["pillow"], compress_level=1)
            except Exception as error:
                answer["pillow"] = f"{type(error).__name__}: {error}"
        for peer in ("pillow", "sharp"):
            if task[peer] and os.path.exists(task[peer]):
                answer[peer] = difference(Image.open(task["ours"]), Image.open(task[peer]))
                answer["how"] = alpha(Image.open(task["ours"]), Image.open(task[peer]))
        print(json.dumps(answer), flush=True)


def reference(file):
    image = ImageOps.exif_transpose(Image.open(file)).convert("RGBA")
    scale = min(1, BOX[0] / image.width, BOX[1] / image.height)
    size = [max(1, round(side * scale)) for side in image.size]
    return image if scale == 1 else image.resize(size, Image.Resampling.LANCZOS)


def difference(ours, theirs):
    """Compares on black and on white, so that transparency counts and invisible colours don't."""
    ours, theirs = ours.convert("RGBA"), theirs.convert("RGBA")
    if ours.size != theirs.size:
        # A computed side may be rounded either way.
        if any(abs(a - b) > 1 for a, b in zip(ours.size, theirs.size)):
            return f"{ours.width}x{ours.height} instead of {theirs.width}x{theirs.height}"
        theirs = theirs.resize(ours.size, Image.Resampling.BILINEAR)
    return round(max(difference_on(colour, ours, theirs) for colour in ("black", "white")), 2)


def difference_on(colour, ours, theirs):
    laid = [
        Image.alpha_composite(Image.new("RGBA", image.size, colour), image).convert("RGB") for image in (ours, theirs)
    ]
    means = ImageStat.Stat(ImageChops.difference(*laid)).mean
    return sum(means) / len(means)


def alpha(ours, theirs):
    a, b = (ImageStat.Stat(image.convert("RGBA").getchannel("A")).mean[0] for image in (ours, theirs))
    if abs(a - b) < 1:
        return "colours"
    return "transparent where they are opaque" if a < b else "opaque where they are transparent"


if __name__ == "__main__":
    main()

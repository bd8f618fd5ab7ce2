"""Compares keenpix's results with those of Pillow and sharp for the same files. Needs Pillow.

Reads a JSON list of tasks `{"file", "ours", "pillow", "sharp", "stored"}` (paths, of which the second and third may be
null, and whether colours are those that are stored) from the file given, and writes one JSON line for each: the mean
difference from each, in levels from 0 to 255, or a word if there is none, and whether it is in the colours or in the
transparency.

Two things that differ between decoders are no faults, so they don't count:

- Colours. Pillow ignores ICC profiles, and sharp leaves those of some PNGs as they are: the reference is Pillow's picture
  in sRGB by LittleCMS.
- What lies between the samples of a JPEG's component: see `detail.py`.
"""

import io
import json
import os
import sys
import warnings

import detail
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat

BOX = (200, 2000)
Image.MAX_IMAGE_PIXELS = None
warnings.simplefilter("ignore")


def main():
    for task in json.load(open(sys.argv[1])):
        answer = {"ours": task["ours"]}
        if task["pillow"] and not os.path.exists(task["pillow"]):
            try:
                reference(task["file"], task["stored"]).save(task["pillow"], compress_level=1)
            except Exception as error:
                answer["pillow"] = f"{type(error).__name__}: {error}"
        cells = subsampled(task["file"])
        for peer in ("pillow", "sharp"):
            if task[peer] and os.path.exists(task[peer]):
                answer[peer] = difference(Image.open(task["ours"]), Image.open(task[peer]), cells)
                answer["how"] = alpha(Image.open(task["ours"]), Image.open(task[peer]))
        print(json.dumps(answer), flush=True)


def reference(file, stored):
    image = Image.open(file)
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if profile and not stored:
        image = managed(image, profile)
    image = image.convert("RGBA")
    scale = min(1, BOX[0] / image.width, BOX[1] / image.height)
    size = [max(1, round(side * scale)) for side in image.size]
    return image if scale == 1 else image.resize(size, Image.Resampling.LANCZOS)


def managed(image, profile):
    """In sRGB. A profile that doesn't fit the pixels is ignored, as everywhere."""
    mode = image.mode if image.mode in ("RGB", "RGBA", "CMYK") else "RGBA"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(
            image.convert(mode), source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except ImageCms.PyCMSError:
        return image
    converted.putalpha(image.convert("RGBA").getchannel("A"))
    return converted


def subsampled(file):
    """The cells of a JPEG's components, if the picture is compared pixel by pixel."""
    with open(file, "rb") as opened:
        data = opened.read()
    if not data.startswith(b"\xff\xd8"):
        return None
    with Image.open(file) as image:
        return detail.cells(data) if image.width <= BOX[0] and image.height <= BOX[1] else None


def coarse(image, cells):
    """Each component with the mean of each of its cells everywhere in it."""
    if not cells:
        return image.convert("RGB")
    bands = []
    for band, (across, down) in zip(image.convert("RGB").convert("YCbCr").split(), cells):
        if (across, down) != (1, 1):
            band = (
                band.reduce((across, down))
                .resize((-(-band.width // across) * across, -(-band.height // down) * down), Image.Resampling.NEAREST)
                .crop((0, 0, *band.size))
            )
        bands.append(band)
    return Image.merge("YCbCr", bands).convert("RGB")


def difference(ours, theirs, cells=None):
    """Compares on black and on white, so that transparency counts and invisible colours don't."""
    ours, theirs = ours.convert("RGBA"), theirs.convert("RGBA")
    if ours.size != theirs.size:
        # A computed side may be rounded either way.
        if any(abs(a - b) > 1 for a, b in zip(ours.size, theirs.size)):
            return f"{ours.width}x{ours.height} instead of {theirs.width}x{theirs.height}"
        theirs = theirs.resize(ours.size, Image.Resampling.BILINEAR)
    return round(max(difference_on(colour, ours, theirs, cells) for colour in ("black", "white")), 2)


def difference_on(colour, ours, theirs, cells):
    laid = [
        coarse(Image.alpha_composite(Image.new("RGBA", image.size, colour), image), cells) for image in (ours, theirs)
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

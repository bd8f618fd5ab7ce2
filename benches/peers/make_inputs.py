#!/usr/bin/env python3
"""Makes the images that keenpix is measured with, from the photographs in examples/photos.

usage: make_inputs.py --out FOLDER [--jpeg-2725 FILE] [--skip-large]

`--jpeg-2725` names the 2725×2225 JPEG of sharp's own benchmark (test/fixtures/2569067123_aca715a2ee_o.jpg in its
repository), which is not part of this one. Without it, a stand-in of the same size and about as many bytes is made.
LIST.md in the folder then describes each file. Needs Pillow.
"""

import argparse
import pathlib
import random
import shutil
import sys

from PIL import Image, ImageChops, ImageFile

PHOTOS = pathlib.Path(__file__).resolve().parents[2] / "examples" / "photos"
LANCZOS = Image.Resampling.LANCZOS

# A progressive file is written in one piece, which must fit in Pillow's buffer.
ImageFile.MAXBLOCK = 1 << 27
Image.MAX_IMAGE_PIXELS = None


def main():
    parser = argparse.ArgumentParser(description="Makes the pictures that keenpix is measured with.")
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--jpeg-2725", type=pathlib.Path)
    parser.add_argument("--skip-large", action="store_true", help="leave the 100-megapixel files out")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    listed = List(arguments.out)
    picture_2725(listed, arguments.jpeg_2725)
    twelve = phone(listed)
    transparent(listed, twelve)
    if not arguments.skip_large:
        hundred_megapixels(listed)
    listed.write()


def picture_2725(listed, given):
    path = listed.path("photo-2725x2225.jpg")
    if given:
        shutil.copy(given, path)
        listed.add(path, f"copy of `{given.name}`, the picture of sharp's benchmark")
    else:
        picture = Image.open(PHOTOS / "landscape.jpg")
        picture = picture.crop((66, 0, 1565, 1224)).resize((2725, 2225), LANCZOS)
        quality = save_near(with_noise(picture, 8), path, 829_000)
        listed.add(path, f"stand-in from `landscape.jpg`: cropped, enlarged, noise of ±4, JPEG 4:2:0 q{quality}")
    webp = listed.path("photo-2725x2225.webp")
    Image.open(path).convert("RGB").save(webp, quality=80, method=4)
    listed.add(webp, "`photo-2725x2225.jpg` as lossy WebP, quality 80, method 4")


def phone(listed):
    """Like a phone held upright: stored as the sensor sees it, with an orientation tag."""
    twelve = with_noise(Image.open(PHOTOS / "twelve-megapixels.jpg"), 14)
    exif = Image.Exif()
    exif[0x0112] = 6
    path = listed.path("phone-4032x3024.jpg")
    quality = save_near(twelve, path, 3_800_000, exif=exif)
    listed.add(path, f"`twelve-megapixels.jpg` with noise of ±7, baseline 4:2:0 q{quality}, Exif orientation 6")
    progressive = listed.path("phone-4032x3024-progressive.jpg")
    twelve.save(progressive, quality=quality, subsampling="4:2:0", progressive=True, exif=exif)
    listed.add(progressive, "the same pixels, quality and tag as a progressive JPEG")
    return twelve


def transparent(listed, twelve):
    picture = twelve.resize((2048, 1536), LANCZOS)
    alpha = Image.open(PHOTOS / "bowl-alpha.png").getchannel("A").resize((2048, 1536), LANCZOS)
    picture.putalpha(alpha)
    path = listed.path("photo-2048x1536-rgba.png")
    picture.save(path)
    listed.add(path, "the phone's picture at 2048×1536 with the alpha channel of `bowl-alpha.png`, PNG level 6")


def hundred_megapixels(listed):
    source = Image.open(PHOTOS / "twelve-megapixels.jpg")
    large = source.resize((11600, 8700), Image.Resampling.BICUBIC)
    png = listed.path("large-11600x8700.png")
    red, green, _ = with_noise(large, 1).split()
    Image.merge("RGB", (red, green, large.getchannel("B"))).save(png)
    listed.add(png, "`twelve-megapixels.jpg` enlarged (bicubic), one bit of noise in red and green, RGB PNG level 6")
    large = with_noise(large, 8)
    jpeg = listed.path("large-11600x8700.jpg")
    large.save(jpeg, quality=90, subsampling="4:2:0")
    listed.add(jpeg, "the same enlargement with noise of ±4, baseline JPEG 4:2:0 q90")
    progressive = listed.path("large-11600x8700-progressive.jpg")
    large.save(progressive, quality=90, subsampling="4:2:0", progressive=True)
    listed.add(progressive, "the same pixels as progressive JPEG 4:2:0 q90")


def with_noise(picture, width):
    """Adds noise from a fixed seed, because a photograph that is encoded again is smoother than a sensor's output."""
    generator = random.Random(1)
    size = picture.width * picture.height
    planes = []
    for plane in picture.split():
        noise = Image.frombytes("L", picture.size, generator.randbytes(size)).point(lambda v: v * (width + 1) // 256)
        planes.append(ImageChops.add(plane, noise, 1, -(width // 2)))
    return Image.merge(picture.mode, planes)


def save_near(picture, path, target, **options):
    """Saves as baseline 4:2:0 with the quality whose size is closest to the target, and returns the quality."""
    low, high = 30, 98
    sizes = {}
    while high - low > 1:
        quality = (low + high) // 2
        picture.save(path, quality=quality, subsampling="4:2:0", **options)
        sizes[quality] = path.stat().st_size
        low, high = (quality, high) if sizes[quality] < target else (low, quality)
    quality = min(sizes, key=lambda q: abs(sizes[q] - target))
    picture.save(path, quality=quality, subsampling="4:2:0", **options)
    return quality


class List:
    """The files made, as the table in LIST.md."""

    def __init__(self, folder):
        self.folder, self.rows = folder, []

    def path(self, name):
        return self.folder / name

    def add(self, path, made):
        with Image.open(path) as picture:
            width, height = picture.size
        size = path.stat().st_size
        self.rows.append(f"| `{path.name}` | {width}×{height} | {size:,} | {made} |")
        print(self.rows[-1], file=sys.stderr)

    def write(self):
        head = ["# Pictures to measure with", "", "Made by `benches/peers/make_inputs.py`.", ""]
        table = ["| file | pixels | bytes | how it was made |", "|---|---|---|---|"]
        self.path("LIST.md").write_text("\n".join(head + table + self.rows) + "\n")


if __name__ == "__main__":
    main()

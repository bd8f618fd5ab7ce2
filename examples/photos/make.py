#!/usr/bin/env python3
"""Makes the derived photographs of this folder from their originals.

usage: make.py ORIGINALS   (a folder with the files that README.md names as originals)

Needs Pillow 13 and `jpegtran` (libjpeg-turbo) on the PATH; the YCCK image also needs libturbojpeg and is left out
without it. Encoders change, so other versions may give different bytes for the same images.
"""

import ctypes
import ctypes.util
import io
import pathlib
import shutil
import struct
import subprocess
import sys
import zlib

from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFilter

HERE = pathlib.Path(__file__).parent


def main():
    originals = pathlib.Path(sys.argv[1])
    unchanged(originals)
    oriented(originals)
    landscape(originals)
    profiles(originals)
    cmyk(originals)
    cut_out(originals)
    deep(originals)
    animation(originals)


def unchanged(originals):
    shutil.copy(originals / "aitzgorri_by_Aitzol_Berasategi.jpg", HERE / "progressive.jpg")
    shutil.copy(originals / "coffee.png", HERE / "coffee.png")


def oriented(originals):
    """Stored on its side as the camera saw it, with an orientation tag."""
    source = originals / "friends_by_Aitzol_Berasategi.jpg"
    cropped = jpegtran(source.read_bytes(), "-crop", "2048x3088+0+0")
    sideways = jpegtran(cropped, "-perfect", "-rotate", "270")
    (HERE / "portrait-orientation-6.jpg").write_bytes(with_orientation(sideways, 6))

    picture = Image.open(originals / "Wine_by_Jakkub_Mede.jpg").resize((1000, 1499), Image.Resampling.LANCZOS)
    exif = Image.Exif()
    exif[0x0112] = 8
    picture.transpose(Image.Transpose.ROTATE_270).save(HERE / "portrait-orientation-8.jpg", quality=85, exif=exif)


def landscape(originals):
    picture = Image.open(originals / "picosdeeuropa_by_Aitzol_Berasategi.jpg")
    smaller = picture.resize((1632, 1224), Image.Resampling.LANCZOS)
    smaller.save(HERE / "landscape.jpg", quality=85)
    smaller.convert("L").resize((1200, 900), Image.Resampling.LANCZOS).save(HERE / "grey.jpg", quality=85)

    twelve = jpegtran((originals / "Dragonfly_by_Bolly.jpg").read_bytes(), "-crop", "4032x3024+96+64")
    (HERE / "twelve-megapixels.jpg").write_bytes(twelve)

    stream = Image.open(originals / "life_by_Aitzol_Berasategi.jpg").resize((1544, 1028), Image.Resampling.LANCZOS)
    stream.save(HERE / "stream.webp", quality=80, method=6)
    cat = Image.open(originals / "chelsea.png").convert("RGB")
    cat.save(HERE / "cat-lossless.webp", lossless=True, quality=100, method=6)


def profiles(originals):
    """Files whose colours are wrong without their profiles, and look like the originals with them."""
    srgb = ImageCms.createProfile("sRGB")
    brushes = Image.open(originals / "Picture_1A_by_freespace.jpg")
    convert_and_save(brushes, srgb, display_p3(), HERE / "brushes-display-p3.jpg")
    fig = Image.open(originals / "Picture_0B_by_freespace.jpg").resize((1286, 870), Image.Resampling.LANCZOS)
    convert_and_save(fig, srgb, (originals / "AdobeRGB1998.icc").read_bytes(), HERE / "fig-adobe-rgb.jpg")
    meadow = Image.open(originals / "aitzgorri_by_Aitzol_Berasategi.jpg")
    meadow = meadow.resize((1200, 799), Image.Resampling.LANCZOS)
    convert_and_save(meadow, srgb, (originals / "SwappedRedAndGreen.icc").read_bytes(), HERE / "swapped-profile.jpg")


def cmyk(originals):
    srgb = ImageCms.createProfile("sRGB")
    profile = (originals / "coated-fogra39-small.icc").read_bytes()
    fig = Image.open(originals / "Picture_0B_by_freespace.jpg").resize((1286, 870), Image.Resampling.LANCZOS)
    inks = convert(fig, srgb, profile, "CMYK")
    inks.save(HERE / "fig-cmyk.jpg", quality=80, icc_profile=profile)
    small = inks.resize((643, 435), Image.Resampling.LANCZOS)
    encoded = ycck(ImageChops.invert(small))
    if encoded:
        (HERE / "fig-ycck-no-profile.jpg").write_bytes(encoded)


def cut_out(originals):
    """The bowl with a soft edge, and its shadow as half-transparent black that fades out."""
    picture = Image.open(originals / "Picture_0B_by_freespace.jpg").resize((1000, 676), Image.Resampling.LANCZOS)
    red, green, blue = picture.split()
    redness = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    bowl = largest(redness.point(lambda v: 255 if v > 45 else 0), (800, 300))
    bowl = bowl.filter(ImageFilter.MinFilter(7)).filter(ImageFilter.GaussianBlur(1.5))

    dark = picture.convert("L").filter(ImageFilter.MedianFilter(7)).point(lambda v: 255 if v < 105 else 0)
    shadow = largest(dark, (300, 140)).filter(ImageFilter.GaussianBlur(9)).point(lambda v: v * 6 // 10)

    result = Image.new("RGBA", picture.size)
    result.putalpha(shadow)
    picture.putalpha(bowl)
    result.alpha_composite(picture)
    result.save(HERE / "bowl-alpha.png", optimize=True)
    result.save(HERE / "bowl-alpha.webp", quality=80, method=6)


def deep(originals):
    """Averages of 8×8 pixels, which have more than eight bits per sample."""
    picture = Image.open(originals / "sunset_by_Aitzol_Berasategi.jpg")
    width, height = picture.width // 8, picture.height // 8
    planes = []
    for plane in picture.split():
        wide = plane.convert("F").resize((width, height), Image.Resampling.BOX, box=(0, 0, width * 8, height * 8))
        planes.append([min(65535, round(v * 257)) for v in wide.get_flattened_data()])
    samples = [v for pixel in zip(*planes) for v in pixel]
    rows = struct.pack(f">{len(samples)}H", *samples)
    stride = width * 6
    filtered = bytearray()
    for at in range(0, len(rows), stride):
        row = rows[at : at + stride]
        filtered.append(1)
        filtered += bytes((row[i] - (row[i - 6] if i >= 6 else 0)) & 255 for i in range(stride))
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"sRGB", b"\0"), (b"IDAT", zlib.compress(bytes(filtered), 9)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n"
    for name, data in chunks:
        png += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    (HERE / "sunset-16-bit.png").write_bytes(png)


def animation(originals):
    """Small frames over a full one, with each disposal method of GIF89a: keep, background and previous."""
    ground = Image.open(originals / "aitzgorri_by_Aitzol_Berasategi.jpg").resize((320, 213), Image.Resampling.LANCZOS)
    cat = Image.open(originals / "chelsea.png").convert("RGB").resize((105, 70), Image.Resampling.LANCZOS)
    bowl = Image.open(HERE / "bowl-alpha.png").resize((90, 61), Image.Resampling.LANCZOS)

    frames = [(ground, (0, 0), 1, 400)]
    for step in range(8):
        turned = bowl.rotate(-12 * step, Image.Resampling.BICUBIC, expand=True)
        frames.append((turned, (4 + 28 * step, 70 - 8 * step), 3, 120))
    frames.append((cat, (205, 133), 1, 400))
    for step in range(3):
        frames.append((bowl, (10 + 100 * step, 140), 2, 300))
    frames.append((cat.resize((60, 40)), (40, 20), 1, 800))

    out = bytearray(b"GIF89a" + struct.pack("<HHBBB", 320, 213, 0x70, 0, 0))
    out += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    for picture, (left, top), disposal, milliseconds in frames:
        palette, body, transparent = one_frame(picture)
        bits = {256: 7, 128: 6, 64: 5}[len(palette) // 3]
        flags = disposal << 2 | (transparent is not None)
        out += b"\x21\xf9\x04" + struct.pack("<BHBB", flags, milliseconds // 10, transparent or 0, 0)
        out += b"\x2c" + struct.pack("<HHHHB", left, top, *picture.size, 0x80 | bits)
        out += palette + body
    (HERE / "animation.gif").write_bytes(out + b"\x3b")


def one_frame(picture):
    """An image's palette, compressed indices and transparent index, taken from a GIF of its own."""
    flat = picture.convert("RGB").quantize(127, dither=Image.Dither.NONE)
    transparent = None
    if picture.mode == "RGBA":
        transparent = 127
        flat.paste(transparent, mask=picture.getchannel("A").point(lambda v: 0 if v >= 128 else 255))
    palette = bytes(flat.getpalette("RGB")[: 127 * 3]).ljust(128 * 3, b"\0")
    flat.putpalette(palette)
    buffer = io.BytesIO()
    flat.save(buffer, "GIF", optimize=False, interlace=0)
    data = buffer.getvalue()
    at = data.index(b"\x2c" + struct.pack("<HHHH", 0, 0, *picture.size), 13 + 3 * 128)
    assert data[at + 9] & 0x80 == 0
    return palette, data[at + 10 : -1], transparent


def largest(mask, inside):
    """The part of a mask that contains the point `inside`, with its holes filled."""
    part = mask.copy()
    assert part.getpixel(inside) == 255, inside
    ImageDraw.floodfill(part, inside, 128)
    part = part.point(lambda v: 255 if v == 128 else 0)
    framed = Image.new("L", (mask.width + 2, mask.height + 2))
    framed.paste(part, (1, 1))
    ImageDraw.floodfill(framed, (0, 0), 128)
    framed = framed.point(lambda v: 0 if v == 128 else 255)
    return framed.crop((1, 1, mask.width + 1, mask.height + 1))


def convert(picture, from_profile, to_bytes, mode):
    to_profile = ImageCms.ImageCmsProfile(io.BytesIO(to_bytes))
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    black_point = ImageCms.Flags.BLACKPOINTCOMPENSATION
    return ImageCms.profileToProfile(picture, from_profile, to_profile, intent, mode, flags=black_point)


def convert_and_save(picture, from_profile, to_bytes, path):
    convert(picture, from_profile, to_bytes, "RGB").save(path, quality=88, icc_profile=to_bytes)


def display_p3():
    """An ICC version 4 matrix profile: the primaries of Display P3 adapted to D50, the curve of sRGB."""
    fixed = lambda *values: b"".join(struct.pack(">i", round(v * 65536)) for v in values)
    text = lambda s: (
        struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(s) * 2, 28) + s.encode("utf-16-be")
    )
    xyz = lambda *values: b"XYZ \0\0\0\0" + fixed(*values)
    curve = struct.pack(">4sIHH", b"para", 0, 3, 0) + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = [
        (b"desc", text("Display P3 (test)")),
        (b"cprt", text("CC0 1.0")),
        (b"wtpt", xyz(0.9642, 1.0, 0.8249)),
        (
            b"chad",
            b"sf32\0\0\0\0" + fixed(1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168),
        ),
        (b"rXYZ", xyz(0.51512, 0.24120, -0.00105)),
        (b"gXYZ", xyz(0.29198, 0.69225, 0.04189)),
        (b"bXYZ", xyz(0.15710, 0.06657, 0.78407)),
    ]
    shared = (b"rTRC", b"gTRC", b"bTRC")
    start = 128 + 4 + 12 * (len(tags) + len(shared))
    table, body = struct.pack(">I", len(tags) + len(shared)), b""
    for name, data in tags:
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    for name in shared:
        table += struct.pack(">4sII", name, start + len(body), len(curve))
    body += curve
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x04000000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2024, 1, 1, 0, 0, 0, b"acsp").ljust(44, b"\0") + fixed(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\0") + table + body


def jpegtran(data, *options):
    return subprocess.run(
        ["jpegtran", "-copy", "none", *options], input=data, stdout=subprocess.PIPE, check=True
    ).stdout


def with_orientation(jpeg, orientation):
    """Replaces the JFIF segment with an Exif segment (big-endian, as phones write it)."""
    assert jpeg[2:4] == b"\xff\xe0"
    rest = jpeg[4 + struct.unpack(">H", jpeg[4:6])[0] :]
    entries = struct.pack(">HHHIHH", 1, 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0MM\0\x2a\0\0\0\x08" + entries + b"\0\0\0\0"
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + rest


def ycck(picture):
    """Baseline YCCK with its chroma at half size, by TurboJPEG, which accepts Adobe's inverted inks as stored."""
    name = ctypes.util.find_library("turbojpeg")
    if not name:
        return None
    lib = ctypes.CDLL(name)
    lib.tjInitCompress.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(lib.tjInitCompress())
    out, size = ctypes.POINTER(ctypes.c_ubyte)(), ctypes.c_ulong()
    cmyk_pixels, chroma_420 = 11, 2
    width, height = picture.size
    failed = lib.tjCompress2(
        handle,
        picture.tobytes(),
        width,
        0,
        height,
        cmyk_pixels,
        ctypes.byref(out),
        ctypes.byref(size),
        chroma_420,
        85,
        0,
    )
    assert not failed
    return ctypes.string_at(out, size.value)


if __name__ == "__main__":
    main()

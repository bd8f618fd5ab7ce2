"""Draws the images in ../images: one scene, in every format and variant that keenpix reads.

The scene is computed here and may be used freely. Needs Pillow and NumPy, and the programs of libjpeg-turbo 3:

    python3 make_images.py
"""

import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path(__file__).parent.parent / "images"


def scene(width=96, height=72):
    """Sky, sun, hill and a wall: smooth and busy areas, saturated colours, no symmetry. RGB floats, 0 to 255."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    u, v = x / width, y / height
    rgb = np.stack([90 + 120 * v, 140 + 60 * v, 235 - 40 * v], axis=-1)
    sun = np.hypot((u - 0.72) * width / height, v - 0.25)
    rgb[sun < 0.13] = (255, 214, 60)
    hill = v > 0.62 + 0.12 * np.sin(u * 5 + 0.6)
    rgb[hill] = np.stack([40 + 60 * u, 120 + 50 * np.sin(u * 40) * np.cos(v * 60), 50 + 0 * u], axis=-1)[hill]
    wall = (u > 0.08) & (u < 0.36) & (v > 0.38) & (v < 0.86)
    bricks = ((np.floor(v * 36) % 2 * 3 + np.floor(u * 96)) % 6 == 0) | (np.floor(v * 72) % 4 == 0)
    rgb[wall] = (190, 60, 45)
    rgb[wall & bricks] = (225, 215, 205)
    door = (u > 0.18) & (u < 0.25) & (v > 0.62) & (v < 0.86)
    rgb[door] = (20, 25, 60)
    return np.clip(rgb, 0, 255)


def alpha(width=96, height=72):
    """Alpha of an ellipse: opaque in the middle, soft at the edge, transparent outside. 0 to 255."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    distance = np.hypot(x / width - 0.5, y / height - 0.5) / 0.47
    return np.clip((1.0 - distance) * 6, 0, 1) * 255


def quantised(values):
    return np.round(values).astype(np.uint8)


def png_chunks(chunks):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in chunks) + chunk(b"IEND", b"")


def png(width, height, depth, colour, rows, extra=(), interlace=0):
    """A PNG of any kind, including those that Pillow can't write; `rows` are packed bytes."""
    raw = b"".join(b"\0" + row for row in rows)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return png_chunks([(b"IHDR", header), *extra, (b"IDAT", zlib.compress(raw, 9))])


def adam7(pixels):
    """The seven passes of an interlaced PNG (section 8.2), as rows of bytes."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    return [row.tobytes() for left, top, dx, dy in passes for row in pixels[top::dy, left::dx] if row.size]


def exif(orientation):
    """The smallest EXIF block with an orientation tag."""
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def main():
    OUT.mkdir(exist_ok=True)
    rgb = quantised(scene())
    a = quantised(alpha())
    height, width, _ = rgb.shape
    picture = Image.fromarray(rgb)
    rgba = Image.fromarray(np.dstack([rgb, a]))
    grey = picture.convert("L")
    grey_alpha = Image.merge("LA", [grey, Image.fromarray(a)])

    def save(image, name, **options):
        image.save(OUT / name, **options)

    def recoded(name, command, source):
        (OUT / name).write_bytes(subprocess.run([*command, OUT / source], check=True, capture_output=True).stdout)

    # PNG
    save(Image.fromarray(quantised(scene(64, 48))), "rgb.png", optimize=True)
    save(picture, "scene.png", optimize=True)
    save(rgba, "rgba.png", optimize=True)
    save(grey, "grey.png", optimize=True)
    save(grey_alpha, "grey-alpha.png", optimize=True)
    save(picture.quantize(64), "palette.png", optimize=True)
    soft = rgba.quantize(64, method=Image.Quantize.FASTOCTREE)
    save(soft, "palette-alpha.png", optimize=True)
    save(picture.convert("1"), "one-bit.png", optimize=True)
    wide = np.round(scene() * 257).astype(">u2")
    (OUT / "rgb-16.png").write_bytes(png(width, height, 16, 2, [row.tobytes() for row in wide]))
    wide_alpha = np.round(np.dstack([scene(), alpha()]) * 257).astype(">u2")
    (OUT / "rgba-16.png").write_bytes(png(width, height, 16, 6, [row.tobytes() for row in wide_alpha]))
    (OUT / "grey-4.png").write_bytes(
        png(width, height, 4, 0, [bytes((row[::2] >> 4 << 4) | (row[1::2] >> 4)) for row in np.array(grey)])
    )
    (OUT / "interlaced.png").write_bytes(png(width, height, 8, 2, adam7(rgb), interlace=1))
    key = b"".join(struct.pack(">H", v) for v in (255, 214, 60))
    (OUT / "transparent-colour.png").write_bytes(
        png(width, height, 8, 2, [row.tobytes() for row in rgb], extra=[(b"tRNS", key)])
    )

    # JPEG
    for name, sampling in (("420", 2), ("422", 1), ("444", 0)):
        save(picture, f"{name}.jpg", quality=92, subsampling=sampling)
    save(picture, "progressive.jpg", quality=92, progressive=True)
    save(grey, "grey.jpg", quality=92)
    save(picture, "restart.jpg", quality=92, restart_marker_blocks=3)
    turned = {1: [], 2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}  # what undoes the tag, as Image.Transpose
    for tag, steps in turned.items():
        stored = picture
        for step in steps:
            stored = stored.transpose(Image.Transpose(step))
        save(stored, f"orientation-{tag}.jpg", quality=92, subsampling=0, exif=b"Exif\0\0" + exif(tag))
    cmyk = picture.convert("CMYK")  # 255 - RGB, no black
    save(cmyk, "cmyk.jpg", quality=95)  # Pillow inverts the samples and writes the Adobe marker, as Photoshop does
    save(picture, "rgb.jpg", quality=95, subsampling=0, keep_rgb=True)
    recoded("arithmetic.jpg", ["jpegtran", "-arithmetic", "-restart", "3B"], "420.jpg")
    recoded("arithmetic-progressive.jpg", ["jpegtran", "-arithmetic", "-progressive"], "420.jpg")
    save(picture, "lossless.ppm")
    recoded("lossless.jpg", ["cjpeg", "-lossless", "4", "-restart", "8"], "lossless.ppm")
    (OUT / "lossless.ppm").unlink()

    # WebP, GIF, BMP, ICO
    save(picture, "lossy.webp", quality=90)
    save(picture, "lossless.webp", lossless=True)
    save(rgba, "alpha.webp", quality=90)
    save(picture.quantize(64), "still.gif")
    frames = [Image.fromarray(np.roll(rgb, 12 * i, axis=1)).quantize(64) for i in range(4)]
    frames[0].save(OUT / "animated.gif", save_all=True, append_images=frames[1:], duration=[100, 200, 300, 400], loop=0)
    films = [Image.fromarray(np.dstack([np.roll(rgb, 12 * i, axis=1), a])) for i in range(4)]
    films[0].save(OUT / "animated.webp", save_all=True, append_images=films[1:], duration=[100, 200, 300, 400], loop=3)
    save(picture, "scene.bmp")
    save(rgba.resize((48, 48), Image.Resampling.BOX), "scene.ico", sizes=[(16, 16), (48, 48)])

    # Pixel art, for the nearest kernel; thin lines, for linear light.
    art = np.kron(np.array([[0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]]), np.ones((4, 4)))
    save(Image.fromarray(quantised(np.dstack([art * 255, 255 - art * 255, art * 90]))), "art.png", optimize=True)
    lines = np.where(np.arange(96) % 3 == 0, 255.0, 0.0)[None, :, None] * np.ones((72, 1, 3))
    save(Image.fromarray(quantised(lines)), "lines.png", optimize=True)


if __name__ == "__main__":
    main()

"""Makes the expected image of every golden case, independently of keenpix.

Pillow decodes, this program computes the geometry independently, and NumPy resamples in double precision, without
intermediate rounding. The results are committed, so this is only needed for new cases:

    python3 reference.py [CASE…]

sharp makes the cases with effects (`effect-…`): see effects.mjs.

A case is a JSON file: `image` (a file in ../images; for raw input, of pixels), `plan`, `expect` (format, width, height, and what else the
output says of itself) and, for lossy outputs, `mean` and `max`: how far the decoded pixels may be off.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent
IMAGES = HERE.parent / "images"


def sinc(x):
    return np.sinc(x)


def lanczos(lobes):
    return lambda x: np.where(np.abs(x) < lobes, np.sinc(x) * np.sinc(x / lobes), 0.0)


def cubic(b, c):
    def kernel(x):
        x = np.abs(x)
        near = (12 - 9 * b - 6 * c) * x**3 + (-18 + 12 * b + 6 * c) * x**2 + (6 - 2 * b)
        far = (-b - 6 * c) * x**3 + (6 * b + 30 * c) * x**2 + (-12 * b - 48 * c) * x + (8 * b + 24 * c)
        return np.where(x < 1, near, np.where(x < 2, far, 0.0)) / 6

    return kernel


KERNELS = {
    "linear": (1, lambda x: np.maximum(0.0, 1 - np.abs(x))),
    "cubic": (2, cubic(0, 0.5)),
    "mitchell": (2, cubic(1 / 3, 1 / 3)),
    "lanczos2": (2, lanczos(2)),
    "lanczos3": (3, lanczos(3)),
}


def weights(start, length, size, source, kernel):
    """A matrix, size × source: the weight of every source sample in every output sample."""
    scale = length / size
    centres = start + (np.arange(size) + 0.5) * scale
    matrix = np.zeros((size, source))
    if kernel == "nearest":
        matrix[np.arange(size), np.clip(np.floor(centres), 0, source - 1).astype(int)] = 1
        return matrix
    if kernel == "box":  # the exact coverage of the output sample's span
        half = scale / 2
        left = np.arange(source)[None, :]
        overlap = np.minimum(left + 1, centres[:, None] + half) - np.maximum(left, centres[:, None] - half)
        matrix = np.maximum(overlap, 0)
    else:
        support, function = KERNELS[kernel]
        stretch = max(scale, 1.0)
        position = np.arange(source)[None, :] + 0.5 - centres[:, None]
        matrix = function(position / stretch)
        matrix[np.abs(position) >= support * stretch] = 0
    return matrix / matrix.sum(axis=1, keepdims=True)


def to_linear(v):
    v = v / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4) * 255


def to_srgb(v):
    v = np.clip(v / 255, 0, 1)
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055) * 255


def half_up(x):
    return max(1, math.floor(x + 0.5))


ANCHORS = {
    "centre": (0.5, 0.5), "top": (0.5, 0), "right top": (1, 0), "right": (1, 0.5), "right bottom": (1, 1),
    "bottom": (0.5, 1), "left bottom": (0, 1), "left": (0, 0.5), "left top": (0, 0),
}  # fmt: skip


def solve(width, height, resize):
    """The window in the source, the size it is scaled to, the canvas offset and the output size."""
    whole = (0.0, 0.0, width, height)
    w, h = resize.get("width"), resize.get("height")
    if not w and not h:
        return whole, (width, height), None, (width, height)

    def bound(s):
        s = s if resize.get("enlarge", True) else min(s, 1.0)
        return s if resize.get("reduce", True) else max(s, 1.0)

    def sized(s):
        return half_up(width * s), half_up(height * s)

    if not (w and h):
        size = sized(bound(w / width if w else h / height))
        return whole, size, None, size
    fit = resize.get("fit", "cover")
    sx, sy = w / width, h / height
    if fit == "fill":
        size = half_up(width * bound(sx)), half_up(height * bound(sy))
        return whole, size, None, size
    if fit in ("inside", "outside"):
        size = sized(bound(min(sx, sy) if fit == "inside" else max(sx, sy)))
        return whole, size, None, size
    position = resize.get("position", "centre")
    focal = isinstance(position, dict)
    fx, fy = (position["x"], position["y"]) if focal else ANCHORS[position]
    if fit == "contain":
        size = sized(bound(min(sx, sy)))
        return whole, size, (int((w - size[0]) * fx), int((h - size[1]) * fy)), (w, h)
    scale = bound(max(sx, sy))
    size = sized(scale)
    out = min(size[0], w), min(size[1], h)

    def axis(length, scaled, kept, fraction):
        if scaled == kept:
            return 0.0, length
        over = scaled - kept
        start = min(max(np.round(scaled * fraction - kept / 2), 0), over) if focal else math.ceil(over * fraction)
        window = min(kept / scale, length)
        return min(max((start - scaled / 2) / scale + length / 2, 0), length - window), window

    left, ww = axis(width, size[0], out[0], fx)
    top, wh = axis(height, size[1], out[1], fy)
    return (left, top, ww, wh), out, None, out


def colour(text):
    text = {"white": "#ffffffff", "black": "#000000ff", "transparent": "#00000000"}.get(text, text)[1:]
    text = "".join(c * 2 for c in text) if len(text) < 5 else text
    values = [int(text[i : i + 2], 16) for i in range(0, len(text), 2)]
    return values if len(values) == 4 else [*values, 255]


def source(name, plan):
    bands = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
    given = plan.get("input", {})
    if "raw" in given:
        raw = given["raw"]
        size = (raw["width"], raw["height"])
        return Image.frombytes(bands[raw["channels"]], size, (IMAGES / name).read_bytes())
    if "create" in given:
        new = given["create"]
        fill = tuple(colour(new["background"])[: new["channels"]])
        return Image.new(bands[new["channels"]], (new["width"], new["height"]), fill)
    # Pillow reads no lossless JPEG.
    return Image.open(IMAGES / ("scene.png" if name == "lossless.jpg" else name))


def load(name, plan):
    image = source(name, plan)
    orient = plan.get("orient", {})
    if orient.get("auto", True):
        image = ImageOps.exif_transpose(image)
    alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    image = image.convert("RGBA" if alpha else "RGB")
    image = image.rotate(-orient.get("rotate", 0), expand=True)
    if orient.get("flip"):
        image = ImageOps.flip(image)
    if orient.get("flop"):
        image = ImageOps.mirror(image)
    if "crop" in plan:
        c = plan["crop"]
        image = image.crop((c["left"], c["top"], c["left"] + c["width"], c["top"] + c["height"]))
    return np.array(image).astype(np.float64)


def make(case):
    plan, expect = case["plan"], case["expect"]
    pixels = load(case["image"], plan)
    resize = plan.get("resize", {})
    window, size, canvas, output = solve(pixels.shape[1], pixels.shape[0], resize)
    kernel = resize.get("kernel", "lanczos3")
    linear = resize.get("light", "encoded") == "linear"
    across = weights(window[0], window[2], size[0], pixels.shape[1], kernel)
    down = weights(window[1], window[3], size[1], pixels.shape[0], kernel)
    if linear:
        pixels[..., :3] = to_linear(pixels[..., :3])
    if pixels.shape[2] == 4:
        pixels[..., :3] *= pixels[..., 3:] / 255
    pixels = np.einsum("yv,xu,vuc->yxc", down, across, pixels, optimize=True)
    if pixels.shape[2] == 4:
        a = pixels[..., 3:]  # not clamped yet, because colour and alpha overshoot together
        pixels[..., :3] = np.where(a > 0, pixels[..., :3] * 255 / np.maximum(a, 1e-9), 0)
    if linear:
        pixels[..., :3] = to_srgb(pixels[..., :3])
    pixels = np.clip(pixels, 0, 255)
    background = colour(plan.get("background", "#ffffff"))
    keeps_alpha = expect["format"] != "jpeg"
    if pixels.shape[2] == 4 and (plan.get("flatten") or not keeps_alpha):
        a = pixels[..., 3:] / 255
        pixels = pixels[..., :3] * a + np.array(background[:3]) * (1 - a)
    if canvas is not None and output != size:
        fill = background if keeps_alpha else [*background[:3], 255]
        if pixels.shape[2] == 4 or fill[3] < 255:
            if pixels.shape[2] == 3:
                pixels = np.dstack([pixels, np.full(pixels.shape[:2], 255.0)])
        else:
            fill = fill[:3]
        whole = np.tile(np.array(fill, dtype=np.float64), (output[1], output[0], 1))
        whole[canvas[1] : canvas[1] + size[1], canvas[0] : canvas[0] + size[0]] = pixels
        pixels = whole
    assert (pixels.shape[1], pixels.shape[0]) == (expect["width"], expect["height"]), (pixels.shape, expect)
    return Image.fromarray(np.round(pixels).astype(np.uint8))


def main():
    names = sys.argv[1:] or sorted(p.stem for p in HERE.glob("*.json") if not p.stem.startswith("effect-"))
    for name in names:
        case = json.loads((HERE / f"{name}.json").read_text())
        make(case).save(HERE / f"{name}.png", optimize=True)
    print(f"{len(names)} expected pictures made")


if __name__ == "__main__":
    main()

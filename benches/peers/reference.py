"""The output of a perfect resampler: full-size pixels, Lanczos3 in float64, never rounded. And the distance from it."""

import numpy
from PIL import Image, ImageOps

LOBES = 3


def full_size(path):
    """An image's upright pixels, float64, 3 channels or 4 with alpha; JPEGs are decoded by libjpeg-turbo."""
    with Image.open(path) as image:
        image = ImageOps.exif_transpose(image)
        alpha = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
        return numpy.asarray(image.convert("RGBA" if alpha else "RGB"), dtype=numpy.float64)


def resample(pixels, window, size):
    """Resizes a window (left, top, width, height; fractional) of the image to the size, premultiplied if it has alpha."""
    left, top, width, height = window
    if pixels.shape[2] == 4:
        alpha = pixels[:, :, 3:]
        pixels = numpy.concatenate([pixels[:, :, :3] * (alpha / 255), alpha], axis=2)
    pixels = along_rows(pixels, top, height, size[1])
    pixels = along_rows(pixels.transpose(1, 0, 2), left, width, size[0]).transpose(1, 0, 2)
    if pixels.shape[2] == 4:
        alpha = pixels[:, :, 3:]
        with numpy.errstate(divide="ignore", invalid="ignore"):
            colours = numpy.where(alpha > 0, pixels[:, :, :3] * 255 / alpha, 0)
        pixels = numpy.concatenate([colours, alpha], axis=2)
    return pixels


def along_rows(pixels, start, length, count):
    """Resamples the first axis. Where the kernel reaches beyond the image, the samples within share its weight."""
    rows = pixels.shape[0]
    flat = numpy.ascontiguousarray(pixels).reshape(rows, -1)
    scale = length / count
    if scale == 1 and start == 0 and count == rows:
        return pixels
    stretch = max(scale, 1.0)
    output = numpy.empty((count, flat.shape[1]))
    for index in range(count):
        centre = start + (index + 0.5) * scale
        first = max(0, int(numpy.floor(centre - LOBES * stretch)))
        last = min(rows, int(numpy.ceil(centre + LOBES * stretch)) + 1)
        weights = lanczos((numpy.arange(first, last) + 0.5 - centre) / stretch)
        output[index] = weights / weights.sum() @ flat[first:last]
    return output.reshape(count, *pixels.shape[1:])


def lanczos(x):
    return numpy.where(numpy.abs(x) < LOBES, numpy.sinc(x) * numpy.sinc(x / LOBES), 0.0)


def windows(source, resize, size):
    """The windows that programs may use for the same resize.

    The first is exact: all of the image, or the centred part with the output's aspect ratio. The others result from two
    steps, as in libvips: the whole image is scaled to a whole number of pixels, with one scale for both directions
    (which misses the edge by a fraction of a pixel) or one for each, and a whole number of pixels is then cropped. They
    are within a pixel of each other, and an image is judged by the one that it fits best.
    """
    width, height = source
    scale = min(width / size[0], height / size[1])
    exact = (size[0] * scale, size[1] * scale) if "height" in resize else (width, height)
    found = [((width - exact[0]) / 2, (height - exact[1]) / 2, *exact)]
    if "height" not in resize:
        scale = width / size[0]
    whole = (int(width / scale + 0.5), int(height / scale + 0.5))
    over = (whole[0] - size[0], whole[1] - size[1])
    for left in {over[0] // 2, (over[0] + 1) // 2}:
        for top in {over[1] // 2, (over[1] + 1) // 2}:
            for across, down in ((scale, scale), (width / whole[0], height / whole[1])):
                start = ((width - whole[0] * across) / 2 + left * across, (height - whole[1] * down) / 2 + top * down)
                found.append((*start, size[0] * across, size[1] * down))
    return list(dict.fromkeys(tuple(round(edge, 6) for edge in window) for window in found))


def on(pixels, background):
    """Flattens an image with alpha onto a grey background."""
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[:, :, 3:] / 255
    return pixels[:, :, :3] * alpha + background * (1 - alpha)


def linear(pixels):
    """Converts sRGB (0 to 255) to linear light (0 to 1). Overshoot of the kernel is clipped, as in any file."""
    values = numpy.clip(pixels, 0, 255) / 255
    return numpy.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)

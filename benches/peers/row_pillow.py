"""The runner for Pillow, with `draft` for shrink on load, as its documentation recommends for thumbnails."""

from runner import run


def load():
    import io

    import PIL
    from PIL import Image, ImageOps

    def work(data, plans):
        return [convert(data, plan) for plan in plans]

    def convert(data, plan):
        image = Image.open(io.BytesIO(data))
        turned = image.getexif().get(0x0112, 1) >= 5
        source = image.size[::-1] if turned else image.size
        width, height = size(plan["resize"], source)
        # The decoded image must be at least this large, before orientation.
        scale = max(width / source[0], height / source[1])
        image.draft(None, tuple(round(side * scale) for side in image.size))
        image = ImageOps.exif_transpose(image)
        image = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
        encode = plan["encode"]
        quality = encode.get("quality", 80)
        options = {
            "jpeg": {"quality": quality, "subsampling": "4:2:0", "optimize": True},
            "png": {"compress_level": 6},
            "webp": {"quality": quality, "method": encode.get("effort", 4)},
            "avif": {"quality": quality, "subsampling": "4:4:4", "max_threads": 1},
        }[encode["format"]]
        output = io.BytesIO()
        image.save(output, encode["format"], **options)
        return output.getvalue()

    def size(resize, source):
        width, height = resize.get("width"), resize.get("height")
        if height is None:
            height = max(1, round(source[1] * width / source[0]))
        return width, height

    return f"Pillow {PIL.__version__}", work


run(load)

"""The runner for pyvips: libvips without Node, with its operation cache off and one thread."""

import os

from runner import run


def load():
    os.environ["VIPS_CONCURRENCY"] = "1"
    import pyvips

    pyvips.cache_set_max(0)
    # No metadata and no profile in the output, as with the other runners.
    options = {
        "jpeg": lambda e: (".jpg", {"Q": e.get("quality", 80), "optimize_coding": True}),
        "png": lambda e: (".png", {"compression": 6}),
        "webp": lambda e: (".webp", {"Q": e.get("quality", 80), "effort": e.get("effort", 4)}),
        "avif": lambda e: (".avif", {"Q": e.get("quality", 50), "effort": e.get("effort", 4), "subsample_mode": "off"}),
    }

    def work(data, plans):
        return [convert(data, plan) for plan in plans]

    def convert(data, plan):
        resize = plan["resize"]
        box = {"height": resize["height"], "crop": "centre"} if "height" in resize else {"height": 10_000_000}
        image = pyvips.Image.thumbnail_buffer(data, resize["width"], **box)
        suffix, settings = options[plan["encode"]["format"]](plan["encode"])
        return image.write_to_buffer(suffix, keep="none", **settings)

    version = ".".join(str(pyvips.version(part)) for part in range(3))
    return f"pyvips, libvips {version}", work


run(load)

"""Code that type checkers must accept."""

import asyncio
from pathlib import Path
from typing import Optional

import numpy
from PIL import Image

import keenpix
from keenpix.plan import Plan, Resize

box: Resize = {"width": 512, "height": 512, "position": {"x": 0.5, "y": 0.3}}
plan: Plan = {
    "resize": box,
    "effects": [
        {"effect": "blur", "sigma": 2},
        {"effect": "composite", "layers": [{"source": {"file": b"bytes"}, "position": "right bottom"}]},
    ],
    "encode": {"format": "webp", "quality": 80},
}

output: keenpix.Output = keenpix.transform(b"", plan)
keenpix.transform("photo.jpg", resize={"width": 200}, encode={"format": "jpeg", "chroma": "4:4:4"})
keenpix.transform(Path("photo.jpg"), '{"resize": {"width": 200}}', limits={"pixels": 1_000_000}, deadline=2.5)
keenpix.transform(numpy.zeros((2, 2, 3), numpy.uint8), encode={"format": "raw"}).numpy().mean()
keenpix.transform(Image.new("RGB", (2, 2)), encode={"format": "raw"}).pillow().show()
keenpix.transform(None, input={"create": {"width": 1, "height": 1, "channels": 3, "background": "#fff"}})
keenpix.transform(output, cancel=keenpix.Cancel()).save("copy.webp")
with open("photo.jpg", "rb") as file:
    files: list[keenpix.Output] = keenpix.transform_many(file, [plan, '{"resize": {"width": 200}}', {}])

width: int = keenpix.probe(b"").width
place: Optional[tuple[int, int]] = output.crop
view: memoryview = memoryview(output)
data: bytes = output.data


async def work() -> keenpix.Output:
    return await keenpix.transform_async(b"", plan, deadline=1)


asyncio.run(work())

try:
    keenpix.transform(b"")
except keenpix.LimitError as error:
    text: str = error.code + error.hint
except keenpix.KeenpixError as error:
    again: bool = error.retryable

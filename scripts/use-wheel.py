"""Uses the installed package on every photograph of a folder, with nothing else but Python's standard library.

usage: use-wheel.py PHOTOS OUT
"""

import asyncio
import pathlib
import sys

import keenpix


def main(photos, out):
    out.mkdir(exist_ok=True)
    files = sorted(path for path in photos.iterdir() if path.suffix in (".jpg", ".png", ".webp", ".gif"))
    assert len(files) >= 10, files
    for path in files:
        info = keenpix.probe(path)
        avatar, small = keenpix.transform_many(
            path,
            [
                {"resize": {"width": 128, "height": 128}, "encode": {"format": "webp"}},
                {"resize": {"width": 320, "fit": "inside"}, "encode": {"format": "jpeg"}},
            ],
            deadline=60,
        )
        avatar.save(out / f"{path.stem}.webp")
        again = keenpix.probe(out / f"{path.stem}.webp")
        assert (again.format, again.width, again.height) == ("webp", 128, 128)
        turned = info.orientation >= 5
        assert small.width == 320
        assert abs(small.height - 320 * ((info.width / info.height) if turned else (info.height / info.width))) <= 1
        assert bytes(memoryview(avatar)) == avatar.data
        raw = keenpix.transform(path, resize={"width": 16, "height": 8}, encode={"format": "raw"})
        assert memoryview(raw).shape == (8, 16, raw.channels)
    assert asyncio.run(keenpix.transform_async(files[0], resize={"width": 9})).width == 9
    try:
        keenpix.transform(b"{}")
    except keenpix.NotAnImageError as error:
        assert error.code == "NOT_AN_IMAGE" and "JSON" in str(error)
    else:
        raise AssertionError("JSON is no image")
    place = pathlib.Path(keenpix.__file__).parent
    assert (place / "py.typed").exists() and (place / "__init__.pyi").exists()
    print(f"keenpix {keenpix.__version__} in {place}, Python {sys.version.split()[0]}: {len(files)} photographs")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))

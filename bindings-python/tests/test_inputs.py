"""Every kind of input gives the same result as bytes."""

import array
import io
import mmap
import pathlib
import tracemalloc

import pytest
from botocore.response import StreamingBody

import keenpix

PLAN = {"resize": {"width": 32}, "encode": {"format": "png"}}


@pytest.fixture(scope="module")
def path(photos):
    return photos / "landscape.jpg"


@pytest.fixture(scope="module")
def expected(photo):
    return keenpix.transform(photo, PLAN).data


def test_bytes_like(photo, expected):
    for data in (bytearray(photo), memoryview(photo), memoryview(bytearray(photo)), array.array("B", photo)):
        assert keenpix.transform(data, PLAN).data == expected
        assert keenpix.probe(data).width == 1632


def test_a_view_with_gaps(photo, expected):
    spread = bytearray(2 * len(photo))
    spread[::2] = photo
    assert keenpix.transform(memoryview(spread)[::2], PLAN).data == expected


def test_mapped_file(path, expected):
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        assert keenpix.transform(data, PLAN).data == expected


def test_paths(path, expected, tmp_path):
    assert keenpix.transform(path, PLAN).data == expected
    assert keenpix.transform(str(path), PLAN).data == expected
    odd = tmp_path / "名前 é.jpg"
    odd.write_bytes(path.read_bytes())
    assert keenpix.transform(odd, PLAN).data == expected
    with pytest.raises(FileNotFoundError) as caught:
        keenpix.transform(tmp_path / "none.jpg", PLAN)
    assert caught.value.filename == str(tmp_path / "none.jpg")
    with pytest.raises(IsADirectoryError):
        keenpix.transform(tmp_path, PLAN)


def test_a_file_whose_size_is_not_known(expected, path):
    # Files in /proc and devices claim to be empty.
    with pytest.raises(keenpix.NotAnImageError):
        keenpix.transform("/proc/self/status", PLAN)
    with pytest.raises(keenpix.LimitError):
        keenpix.transform("/dev/zero", PLAN, limits={"input_bytes": 3_000_000})


def test_open_files(path, photo, expected):
    with open(path, "rb") as file:
        assert keenpix.transform(file, PLAN).data == expected
    with open(path, "rb", buffering=0) as file:
        assert keenpix.probe(file).height == 1224
    assert keenpix.transform(io.BytesIO(photo), PLAN).data == expected


def test_a_file_is_read_from_where_it_stands(photo, expected):
    file = io.BytesIO(b"header" + photo)
    file.seek(6)
    assert keenpix.transform(file, PLAN).data == expected


def test_a_streaming_body_of_boto3(photo, expected):
    body = StreamingBody(io.BytesIO(photo), len(photo))
    assert keenpix.transform(body, PLAN).data == expected


def test_a_stream_of_small_pieces(photo, expected):
    class Drops:
        def __init__(self):
            self.file, self.buffer = io.BytesIO(photo), bytearray()

        def read(self, size):
            self.buffer[:] = self.file.read(min(size, 1000))
            return self.buffer

    assert keenpix.transform(Drops(), PLAN).data == expected


def test_outputs(expected):
    again = keenpix.transform(keenpix.transform(expected, {}), {})
    assert (again.width, again.format) == (32, "png")
    assert keenpix.probe(again).width == 32


def test_nothing_for_a_picture_that_is_created():
    create = {"width": 3, "height": 2, "channels": 3, "background": "#102030"}
    output = keenpix.transform(None, input={"create": create}, encode={"format": "raw"})
    assert output.data == bytes([0x10, 0x20, 0x30]) * 6


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (3, "int is not an image"),
        ([1, 2], "list is not an image"),
        (io.StringIO("text"), "text, not bytes"),
        (pathlib.Path, "type is not an image"),
        (memoryview(b"12345678").cast("H", (2, 2)), "pixels of format 'H'"),
    ],
)
def test_what_is_no_input(data, words):
    with pytest.raises(keenpix.BadArgumentError, match=words) as caught:
        keenpix.transform(data, PLAN)
    assert caught.value.code == "BAD_ARGUMENT"
    assert isinstance(caught.value, TypeError)
    assert caught.value.hint


def test_streams_that_misbehave():
    class Stream:
        def __init__(self, value):
            self.value = value

        def read(self, size):
            if isinstance(self.value, Exception):
                raise self.value
            return self.value

    with pytest.raises(keenpix.BadArgumentError, match="no data yet"):
        keenpix.transform(Stream(None))
    with pytest.raises(keenpix.BadArgumentError, match="int, not bytes"):
        keenpix.transform(Stream(5))
    with pytest.raises(ConnectionResetError):
        keenpix.transform(Stream(ConnectionResetError("gone")))


def test_a_file_at_its_end_is_rewound(photo, expected, path, tmp_path):
    with open(path, "rb") as file:
        file.read()
        assert keenpix.transform(file, PLAN).data == expected
        assert keenpix.probe(file).format == "jpeg"

    file = io.BytesIO(photo)
    file.read(10)
    with pytest.raises(keenpix.NotAnImageError, match="read from position 10 on, not from its start"):
        keenpix.probe(file)

    class Once:
        def read(self, size):
            return b""

    with pytest.raises(keenpix.NotAnImageError, match="was read before and can't be rewound") as caught:
        keenpix.transform(Once())
    assert (caught.value.code, caught.value.http_status) == ("NOT_AN_IMAGE", 415)
    (tmp_path / "empty").touch()
    with open(tmp_path / "empty", "rb") as file, pytest.raises(keenpix.NotAnImageError, match="empty"):
        keenpix.transform(file)

    class Awaited:
        async def read(self, size):
            return photo

    with pytest.raises(keenpix.BadArgumentError, match=r"read\(\) must be awaited"):
        keenpix.transform(Awaited())


def test_memory_follows_the_bytes_of_a_stream_not_its_chunks(images):
    file = io.BytesIO((images / "rgb.png").read_bytes() + bytes(1_000_000))

    class Trickle:
        def read(self, size):
            return file.read(3)

    tracemalloc.start()
    assert keenpix.transform(Trickle(), PLAN).width == 32
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_input_is_read_no_further_than_its_limit(photo, path):
    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return bytes(size)

    endless = Endless()
    with pytest.raises(keenpix.LimitError, match="input bytes limit exceeded") as caught:
        keenpix.transform(endless, limits={"input_bytes": 5_000_000})
    assert caught.value.code == "LIMIT_INPUT_BYTES"
    assert endless.given < 7_000_000
    for data in (photo, path, io.BytesIO(photo)):
        with pytest.raises(keenpix.LimitError):
            keenpix.transform(data, PLAN, limits={"input_bytes": len(photo) - 1})
        if not isinstance(data, io.BytesIO):
            assert keenpix.transform(data, PLAN, limits={"input_bytes": len(photo)}).width == 32

"""The Lambda handler of examples/python, with botocore's streams and a client that records what it receives."""

import importlib.util
import io
import pathlib
import urllib.parse

import pytest
from botocore.response import StreamingBody

import keenpix

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "python" / "handler.py"


@pytest.fixture
def example(monkeypatch):
    monkeypatch.setenv("DEST_BUCKET_NAME", "assets")
    spec = importlib.util.spec_from_file_location("handler", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Bucket:
    """An S3 client with two methods."""

    def __init__(self, **files):
        self.files, self.written, self.bodies = files, {}, []

    def get_object(self, Bucket, Key):
        data = self.files[f"{Bucket}/{Key}".replace("/", "_").replace(" ", "_").replace(".", "_")]
        body = StreamingBody(io.BytesIO(data), len(data))
        self.bodies.append(body)
        return {"Body": body, "ContentLength": len(data)}

    def put_object(self, Bucket, Key, Body, **headers):
        assert isinstance(Body, bytes)
        self.written[f"{Bucket}/{Key}"] = (Body, headers)


class Context:
    def __init__(self, seconds=60):
        self.seconds = seconds

    def get_remaining_time_in_millis(self):
        return int(self.seconds * 1000)


def event(key, name="ObjectCreated:Put"):
    key = urllib.parse.quote_plus(key, safe="/")
    return {"Records": [{"eventName": name, "s3": {"bucket": {"name": "uploads"}, "object": {"key": key}}}]}


def test_an_upload(example, photos):
    bucket = Bucket(uploads_in_my_photo_jpg=(photos / "portrait-orientation-6.jpg").read_bytes())
    (report,) = example.handler(event("in/my photo.jpg"), Context(), bucket)
    assert report["written"] == ["processed/my photo/avatar.webp", "processed/my photo/thumbnail.jpg"]
    data, headers = bucket.written["assets/processed/my photo/avatar.webp"]
    info = keenpix.probe(data)
    assert (info.format, info.width, info.height) == ("webp", 512, 512)
    assert headers["ContentType"] == "image/webp"
    data, headers = bucket.written["assets/processed/my photo/thumbnail.jpg"]
    assert keenpix.probe(data).width == 200 and headers["ContentType"] == "image/jpeg"


def test_a_file_that_is_no_image(example):
    bucket = Bucket(uploads_page_html=b"<!doctype html>")
    (report,) = example.handler(event("page.html"), Context(), bucket)
    assert report["error"] == "NOT_AN_IMAGE" and not bucket.written


def test_a_file_that_is_too_large(example, photo):
    example.LIMITS["input_bytes"] = 1000
    (report,) = example.handler(event("photo.jpg"), Context(), Bucket(uploads_photo_jpg=photo))
    assert report["error"] == "LIMIT_INPUT_BYTES"


def test_no_time_left_is_tried_again(example, photo):
    with pytest.raises(keenpix.DeadlineError):
        example.handler(event("photo.jpg"), Context(seconds=1), Bucket(uploads_photo_jpg=photo))


def test_other_events(example):
    assert example.handler(event("photo.jpg", "ObjectRemoved:Delete"), Context(), Bucket()) == []
    assert example.handler({"Service": "Amazon S3", "Event": "s3:TestEvent"}, Context(), Bucket()) == []

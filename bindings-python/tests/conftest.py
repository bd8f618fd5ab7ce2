import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def photos():
    """The folder of photographs."""
    return ROOT / "examples" / "photos"


@pytest.fixture(scope="session")
def images():
    """The folder of the core's small test images."""
    return ROOT / "core" / "tests" / "images"


@pytest.fixture(scope="session")
def photo(photos):
    return (photos / "landscape.jpg").read_bytes()


@pytest.fixture(scope="session")
def large(photos):
    """A photo whose largest outputs take a good part of a second."""
    return (photos / "twelve-megapixels.jpg").read_bytes()


@pytest.fixture
def slow():
    """A plan that takes seconds, so that a call that ends early must have been stopped."""
    return {"resize": {"width": 8000}, "encode": {"format": "webp", "effort": 6}}

"""Every example in the package's documents runs, in the order of the page."""

import pathlib
import re
import shutil

import pytest

HERE = pathlib.Path(__file__).resolve().parents[1]
PAGES = {"README.md": 9, "COMING-FROM-PILLOW.md": 4}


@pytest.mark.parametrize("page", PAGES)
def test_examples(page, photos, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(photos / "landscape.jpg", "photo.jpg")
    text = (HERE / page).read_text()
    blocks = [
        (match[1], text[: match.start()].count("\n") + 2) for match in re.finditer("```python\n(.*?)```", text, re.S)
    ]
    assert len(blocks) >= PAGES[page]
    names = {}
    for code, line in blocks:
        # Keeps the page's own line numbers in tracebacks.
        exec(compile("\n" * (line - 1) + code, str(HERE / page), "exec"), names)

#!/usr/bin/env python3
"""Zips folders reproducibly (same files, same bytes): zip.py ARCHIVE FOLDER [FOLDER ...]

Names in the archive begin with the last part of a folder's path.
"""

import pathlib
import sys
import zipfile

archive, *folders = map(pathlib.Path, sys.argv[1:])
archive.parent.mkdir(parents=True, exist_ok=True)
with zipfile.ZipFile(archive, "w") as zipped:
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(folder.parent)))
            entry.external_attr = 0o100644 << 16
            zipped.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)

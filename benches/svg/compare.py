"""Drawings of CSS and shapes, drawn by keenpix and by Chromium: the mean difference of each, and both side by side.

    python3 benches/svg/compare.py [NAME ...]

Needs the program (`cargo build --release -p keenpix-cli --features svg`, or KEENPIX) and Chromium (or CHROMIUM). Text is
drawn with the fonts in KEENPIX_FONTS (/usr/share/fonts/truetype/dejavu). Prints the worst first; colours are of 0 to
255, on white. out/svg.png shows them: Chromium's to the left.
"""

import base64
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out"
SIDE, ACROSS, DOWN, COLUMNS = 100, 210, 120, 6
KEENPIX = os.environ.get("KEENPIX", str(ROOT / "target/release/keenpix"))
FONTS = os.environ.get("KEENPIX_FONTS", "/usr/share/fonts/truetype/dejavu")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or "chromium"


# What several of svg/drawings.txt contain.
PARTS = {
    "GRADIENT": '<linearGradient id="l"><stop stop-color="gold"/><stop offset="1" stop-color="navy"/></linearGradient>',
    "STAR": "50,5 61,39 97,39 68,60 79,94 50,73 21,94 32,60 3,39 39,39",
    "BARS": "".join(f'<rect x="{x}" y="5" width="20" height="90"/>' for x in (5, 30, 55))
    + '<circle cx="87" cy="50" r="10"/>',
    # 2×2 pixels: red, green, blue, white that is half transparent.
    "PIXELS": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAE0lEQVR42m"
    "P4z8DwHwyBNAg0AABJSQl4nFEXkgAAAABJRU5ErkJggg==",
    "SPIRAL": "M50 50C60 30 90 40 85 65S50 100 25 80 0 30 30 15 80 5 90 20",
}


def drawings():
    """The drawings by their names: `[name]`, and the lines up to the next one are what is inside the `svg`."""
    found = {}
    name = ""
    for line in (Path(__file__).parent / "drawings.txt").read_text().splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("# "):
            found[name] = f"{found[name]}\n{line}" if name in found else line
    for part, content in PARTS.items():
        found = {name: text.replace(f"{{{part}}}", content) for name, text in found.items()}
    return found


def ours(folder, name, text):
    """keenpix's PNG, and what it warned of."""
    source, target = folder / f"{name}.svg", folder / f"{name}.png"
    source.write_text(text)
    environment = {**os.environ, "KEENPIX_FONTS": FONTS}
    run = subprocess.run([KEENPIX, source, "-o", target], capture_output=True, text=True, check=False, env=environment)
    if run.returncode != 0:
        sys.exit(f"{name}: {run.stderr}")
    return target.read_bytes(), " ".join(line.strip() for line in run.stderr.splitlines() if "warning" in line)


def image(kind, data):
    return f"<img src='data:{kind};base64,{base64.b64encode(data).decode()}'>"


def screenshot(folder, page, size):
    """The page as Chromium shows it."""
    file, target = folder / "page.html", OUT / "svg.png"
    file.write_text(page)
    options = [f"--window-size={size[0]},{size[1]}", f"--screenshot={target}", f"--user-data-dir={folder / 'profile'}"]
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *options, file.as_uri()]
    subprocess.run(command, capture_output=True, check=True, cwd=folder)
    return rows_of_png(target.read_bytes())


def rows_of_png(data):
    """Rows of a PNG with 8 bits and no interlacing, and the bytes to a pixel."""
    at, packed = 8, b""
    width = height = step = 0
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        at += length + 12
        if kind == b"IHDR":
            width, height, _, colours = struct.unpack(">IIBB", body[:10])
            step = {2: 3, 6: 4}[colours]
        elif kind == b"IDAT":
            packed += body
    raw, size = zlib.decompress(packed), width * step
    rows, above = [], bytearray(size)
    for y in range(height):
        start = y * (size + 1)
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + size])
        for x in range(size) if kind else ():
            left, corner = (row[x - step], above[x - step]) if x >= step else (0, 0)
            up = above[x]
            nearest = min((left, up, corner), key=lambda value: abs(left + up - corner - value))
            row[x] = (row[x] + (0, left, up, (left + up) // 2, nearest)[kind]) & 255
        rows.append(row)
        above = row
    return rows, step


def main(names):
    OUT.mkdir(exist_ok=True)
    texts = drawings()
    names = names or list(texts)
    warnings, cells = {}, ""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for at, name in enumerate(names):
            text = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}">{texts[name]}</svg>'
            png, warnings[name] = ours(folder, name, text)
            place = f"left:{at % COLUMNS * ACROSS}px;top:{at // COLUMNS * DOWN}px"
            pair = image("image/svg+xml", text.encode()) + image("image/png", png)
            cells += f"<div style='{place}'>{pair}<br>{name}</div>"
        style = "body{margin:0;font:11px sans-serif}div{position:absolute;white-space:nowrap}"
        page = f"<meta charset=utf-8><style>{style}</style>{cells}"
        rows, step = screenshot(folder, page, (COLUMNS * ACROSS, -(-len(names) // COLUMNS) * DOWN + 100))
    found = {}
    for at, name in enumerate(names):
        x, y = at % COLUMNS * ACROSS, at // COLUMNS * DOWN
        total = 0
        for row in rows[y : y + SIDE]:
            theirs, mine = row[x * step : (x + SIDE) * step], row[(x + SIDE) * step : (x + 2 * SIDE) * step]
            total += sum(abs(a - b) for a, b in zip(theirs, mine, strict=True))
        found[name] = total / (SIDE * SIDE * 3)
    for name in sorted(names, key=lambda name: -found[name]):
        print(f"{found[name]:7.2f}  {name:26} {warnings[name]}")
    print(f"{sum(found.values()) / len(found):7.2f}  mean of {len(found)}")


if __name__ == "__main__":
    main(sys.argv[1:])

#!/usr/bin/env python3
"""Makes Blocks.ttf, the font of the tests of text in drawings: python3 blocks.py (with fontTools).

Its characters are rectangles of known sizes, of 1000 units to the em:
A  the whole em, on the baseline      B  its lower half
C  its left half                      space, 1000 wide
Blocks Bold has only A: a square of half the size.

The fonts are made for keenpix, and dedicated to the public domain (CC0 1.0), like this script.
"""

import pathlib

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

HERE = pathlib.Path(__file__).parent


def rectangle(width, height):
    pen = TTGlyphPen(None)
    if width:
        pen.moveTo((0, 0))
        pen.lineTo((0, height))
        pen.lineTo((width, height))
        pen.lineTo((width, 0))
        pen.closePath()
    return pen.glyph()


def font(style, weight, glyphs):
    names = [".notdef", *glyphs]
    outlines = {".notdef": rectangle(100, 100), **{name: rectangle(*size) for name, (_, size) in glyphs.items()}}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): name for name, (char, _) in glyphs.items()})
    builder.setupGlyf(outlines)
    builder.setupHorizontalMetrics({name: (1000, 0) for name in names})
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({"familyName": "Blocks", "styleName": style, "psName": f"Blocks-{style}"})
    builder.setupOS2(sTypoAscender=1000, sTypoDescender=0, usWeightClass=weight, sxHeight=500)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    builder.save(HERE / f"Blocks-{style}.ttf")


font(
    "Regular", 400, {"A": ("A", (1000, 1000)), "B": ("B", (1000, 500)), "C": ("C", (500, 1000)), "space": (" ", (0, 0))}
)
font("Bold", 700, {"A": ("A", (500, 500))})

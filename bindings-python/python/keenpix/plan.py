"""The types of plans: what :func:`keenpix.transform` takes, as dicts.

Generated from the core's schema; update it with: python bindings-python/scripts/generate_types.py
"""

from __future__ import annotations

from typing import Literal, Optional, TypedDict, Union

__all__ = [
    "Anchor",
    "Assume",
    "Base64",
    "Blend",
    "Chroma",
    "Colour",
    "Create",
    "Crop",
    "Edge",
    "Effect",
    "EffectBlur",
    "EffectComposite",
    "EffectCrop",
    "EffectEnsureAlpha",
    "EffectExtend",
    "EffectFlip",
    "EffectFlop",
    "EffectGamma",
    "EffectGreyscale",
    "EffectLinear",
    "EffectMedian",
    "EffectModulate",
    "EffectNegate",
    "EffectNormalise",
    "EffectRemoveAlpha",
    "EffectRotate",
    "EffectSharpen",
    "EffectThreshold",
    "EffectTint",
    "Encode",
    "EncodeAvif",
    "EncodeGif",
    "EncodeJpeg",
    "EncodePng",
    "EncodeRaw",
    "EncodeWebp",
    "Fit",
    "Frames",
    "FramesRange",
    "FramesRangeRange",
    "Input",
    "InputCreate",
    "InputRaw",
    "Kernel",
    "Layer",
    "Light",
    "LightGamma",
    "Metadata",
    "Model",
    "Orient",
    "Plan",
    "Position",
    "PositionObject",
    "Preset",
    "Profile",
    "ProfileIcc",
    "Raw",
    "Resize",
    "Source",
    "SourceCreate",
    "SourceFile",
    "SourceRaw",
    "SourceRawRaw",
    "SourceSvg",
    "Tolerate",
    "Trim",
]


# What space the input's colours are assumed to be in.
# "profile": In that of its ICC profile; sRGB without one.
# "srgb": sRGB, whatever its ICC profile says; the profile is not kept.
Assume = Literal["profile", "srgb"]


# An sRGB colour, written as in CSS: `#fff`, `#ffffff`, `#ffffff80`, `white`, `black`, `transparent`.
Colour = str


class Crop(TypedDict):
    """A part of an image, in pixels: of the upright image for a plan's `crop`, of the image at that step for an
    effect.
    """

    height: int
    """Rows to keep."""
    left: int
    """Columns to skip on the left."""
    top: int
    """Rows to skip at the top."""
    width: int
    """Columns to keep."""


class EffectCrop(TypedDict):
    """Crops to a part."""

    effect: Literal["crop"]
    height: int
    """Rows to keep."""
    left: int
    """Columns to skip on the left."""
    top: int
    """Rows to skip at the top."""
    width: int
    """Columns to keep."""


class _EffectRotateRequired(TypedDict):
    effect: Literal["rotate"]


class EffectRotate(_EffectRotateRequired, total=False):
    """Rotates by any angle."""

    angle: float
    """Degrees clockwise; may be negative. Default: 0."""
    background: Optional[Colour]
    """The colour of the uncovered corners. Default: the plan's background."""


class EffectFlip(TypedDict):
    """Mirrors top to bottom."""

    effect: Literal["flip"]


class EffectFlop(TypedDict):
    """Mirrors left to right."""

    effect: Literal["flop"]


# The contents of a border.
# "background": The background colour.
# "copy": The nearest pixel of the image.
# "repeat": The image, repeated.
# "mirror": The image, mirrored.
Edge = Literal["background", "copy", "repeat", "mirror"]


class _EffectExtendRequired(TypedDict):
    effect: Literal["extend"]


class EffectExtend(_EffectExtendRequired, total=False):
    """Adds a border."""

    background: Optional[Colour]
    """The colour of the border. Default: the plan's background."""
    bottom: int
    """Rows to add at the bottom. Default: 0."""
    edge: Edge
    """The contents of the border. Default: `background`."""
    left: int
    """Columns to add on the left. Default: 0."""
    right: int
    """Columns to add on the right. Default: 0."""
    top: int
    """Rows to add at the top. Default: 0."""


class EffectGreyscale(TypedDict):
    """Converts to greyscale."""

    effect: Literal["greyscale"]


class _EffectGammaRequired(TypedDict):
    effect: Literal["gamma"]


class EffectGamma(_EffectGammaRequired, total=False):
    """Brightens or darkens the middle tones."""

    exponent: float
    """The exponent, 0.01 to 100: above 1 brightens, below 1 darkens. Default: 2.2."""


class _EffectLinearRequired(TypedDict):
    effect: Literal["linear"]


class EffectLinear(_EffectLinearRequired, total=False):
    """Multiplies and adds."""

    offset: list[float]
    """Values to add. Default: `[0]`."""
    slope: list[float]
    """Factors. Default: `[1]`."""


class _EffectNegateRequired(TypedDict):
    effect: Literal["negate"]


class EffectNegate(_EffectNegateRequired, total=False):
    """Inverts every value."""

    alpha: bool
    """Whether alpha is inverted too. Default: `true`."""


class _EffectNormaliseRequired(TypedDict):
    effect: Literal["normalise"]


class EffectNormalise(_EffectNormaliseRequired, total=False):
    """Stretches the lightness to the full range."""

    lower: float
    """The percentile that becomes black, 0 to 99. Default: 1."""
    upper: float
    """The percentile that becomes white, 1 to 100. Default: 99."""


class _EffectThresholdRequired(TypedDict):
    effect: Literal["threshold"]


class EffectThreshold(_EffectThresholdRequired, total=False):
    """Makes levels below a value black, and the rest white."""

    greyscale: bool
    """Whether to convert to greyscale first; otherwise each channel is thresholded on its own. Default: `true`."""
    value: int
    """The lowest value that becomes white, 0 to 255. Default: 128."""


class _EffectTintRequired(TypedDict):
    effect: Literal["tint"]


class EffectTint(_EffectTintRequired, total=False):
    """Tints with one colour and keeps the lightness."""

    colour: Colour
    """The colour. Default: white."""


class _EffectModulateRequired(TypedDict):
    effect: Literal["modulate"]


class EffectModulate(_EffectModulateRequired, total=False):
    """Changes brightness, saturation, hue and lightness."""

    brightness: float
    """A factor for the lightness. Default: 1."""
    hue: float
    """Degrees to rotate the hue. Default: 0."""
    lightness: float
    """A value to add to the lightness, which is 0 to 100. Default: 0."""
    saturation: float
    """A factor for the saturation. Default: 1."""


class _EffectMedianRequired(TypedDict):
    effect: Literal["median"]


class EffectMedian(_EffectMedianRequired, total=False):
    """Replaces each pixel by the median of its neighbourhood."""

    size: int
    """The square's side, in pixels, 1 to 1000. Default: 3."""


class _EffectBlurRequired(TypedDict):
    effect: Literal["blur"]


class EffectBlur(_EffectBlurRequired, total=False):
    """Blurs."""

    amplitude: float
    """Where the tails of the Gaussian are cut off, as a fraction of its height, 0.001 to 1. Default: 0.2."""
    sigma: Optional[float]
    """Standard deviation of the Gaussian, in pixels, 0.3 to 1000. Default: none, which averages 3 × 3 pixels."""


class _EffectSharpenRequired(TypedDict):
    effect: Literal["sharpen"]


class EffectSharpen(_EffectSharpenRequired, total=False):
    """Sharpens."""

    brighten: float
    """Maximum brightening. Default: 10."""
    darken: float
    """Maximum darkening. Default: 20."""
    flat: float
    """Strength in flat areas. Default: 1."""
    jagged: float
    """Strength in jagged areas. Default: 2."""
    sigma: Optional[float]
    """Standard deviation of the Gaussian, in pixels, up to 10. Default: none, which is a fast, mild 3 × 3
    sharpening.
    """
    threshold: float
    """The difference in lightness from which an area counts as jagged. Default: 2."""


# How a layer (the source) is blended with what is below it (the destination): the Porter-Duff operators and PDF's blend
# modes.
# "clear": Nothing.
# "source": Only the source.
# "over": The source over the destination.
# "in": The source where the destination is.
# "out": The source where the destination is not.
# "atop": The source, only where the destination is, over it.
# "dest": Only the destination.
# "dest-over": The destination over the source.
# "dest-in": The destination where the source is: a mask.
# "dest-out": The destination where the source is not.
# "dest-atop": The destination, only where the source is, over it.
# "xor": Either, but not both.
# "add": The sum.
# "saturate": The sum, up to opaque.
# "multiply": The product.
# "screen": The inverse of the product of the inverses.
# "overlay": Multiply or screen, depending on the destination.
# "darken": The darker one.
# "lighten": The lighter one.
# "colour-dodge": The destination brightened by the source.
# "colour-burn": The destination darkened by the source.
# "hard-light": Multiply or screen, depending on the source.
# "soft-light": Darken or lighten softly, depending on the source.
# "difference": The difference.
# "exclusion": Like the difference, with less contrast.
Blend = Literal[
    "clear",
    "source",
    "over",
    "in",
    "out",
    "atop",
    "dest",
    "dest-over",
    "dest-in",
    "dest-out",
    "dest-atop",
    "xor",
    "add",
    "saturate",
    "multiply",
    "screen",
    "overlay",
    "darken",
    "lighten",
    "colour-dodge",
    "colour-burn",
    "hard-light",
    "soft-light",
    "difference",
    "exclusion",
]


# A named position.
Anchor = Literal[
    "centre",
    "center",
    "top",
    "right top",
    "top right",
    "right",
    "right bottom",
    "bottom right",
    "bottom",
    "left bottom",
    "bottom left",
    "left",
    "left top",
    "top left",
    "entropy",
    "attention",
]


# Bytes; or base64, as JSON has it.
Base64 = Union[str, bytes, bytearray, memoryview]


class SourceFile(TypedDict):
    """An image file: `{"file": "<base64>"}`."""

    file: Base64


class SourceSvg(TypedDict):
    """A drawing, with the feature `svg`: `{"svg": "<svg …>"}`."""

    svg: str


class SourceRawRaw(TypedDict):
    """"""

    channels: int
    """Channels, 1 to 4: grey or RGB, with or without alpha."""
    height: int
    """Height, in pixels."""
    pixels: Base64
    """The pixels."""
    width: int
    """Width, in pixels."""


class SourceRaw(TypedDict):
    """Raw pixels."""

    raw: SourceRawRaw


class Create(TypedDict):
    """An image of one colour."""

    background: Colour
    """The colour."""
    channels: int
    """3 to 4: 3 (sRGB) or 4 (sRGB, alpha)."""
    height: int
    """Height, in pixels, at least 1."""
    width: int
    """Width, in pixels, at least 1."""


class SourceCreate(TypedDict):
    """One colour."""

    create: Create


# Where a layer's pixels come from.
Source = Union[SourceFile, SourceSvg, SourceRaw, SourceCreate]


class _LayerRequired(TypedDict):
    source: Source
    """Where its pixels come from."""


class Layer(_LayerRequired, total=False):
    """An image to put on top of another."""

    blend: Blend
    """How the two are blended. Default: `over`."""
    left: Optional[int]
    """Columns from the left edge; may be negative. Needs `top`. Default: from `position`."""
    position: Anchor
    """Where it goes if `left` and `top` are not given. Default: `centre`."""
    tile: bool
    """Whether to repeat it over the whole image. Default: `false`."""
    top: Optional[int]
    """Rows from the top edge; may be negative. Needs `left`."""


class _EffectCompositeRequired(TypedDict):
    effect: Literal["composite"]


class EffectComposite(_EffectCompositeRequired, total=False):
    """Puts other images on top."""

    layers: list[Layer]
    """The images, from bottom to top."""


class _EffectEnsureAlphaRequired(TypedDict):
    effect: Literal["ensure-alpha"]


class EffectEnsureAlpha(_EffectEnsureAlphaRequired, total=False):
    """Adds an alpha channel if there is none."""

    value: float
    """Its value, 0 (transparent) to 1 (opaque). Default: 1."""


class EffectRemoveAlpha(TypedDict):
    """Removes the alpha channel."""

    effect: Literal["remove-alpha"]


# One step: `{"effect": "blur", "sigma": 2}`. A grey image stays grey through every step: borders use their colour's
# luma, and a tint has no effect.
Effect = Union[
    EffectCrop,
    EffectRotate,
    EffectFlip,
    EffectFlop,
    EffectExtend,
    EffectGreyscale,
    EffectGamma,
    EffectLinear,
    EffectNegate,
    EffectNormalise,
    EffectThreshold,
    EffectTint,
    EffectModulate,
    EffectMedian,
    EffectBlur,
    EffectSharpen,
    EffectComposite,
    EffectEnsureAlpha,
    EffectRemoveAlpha,
]


# Chroma subsampling.
# "4:2:0": 4:2:0: half the columns and half the rows.
# "4:2:2": 4:2:2: half the columns.
# "4:4:4": 4:4:4: full resolution.
Chroma = Literal["4:2:0", "4:2:2", "4:4:4"]


class _EncodeJpegRequired(TypedDict):
    format: Literal["jpeg"]


class EncodeJpeg(_EncodeJpegRequired, total=False):
    """JPEG."""

    chroma: Chroma
    """Chroma subsampling. Default: `4:2:0`."""
    effort: int
    """Effort for fewer bytes at the same quality, 0 to 9: from 3 on optimised Huffman tables, from 5 on trellis
    quantisation, from 7 on a progressive file whose scans are chosen by trial. Default: 3.
    """
    optimise: bool
    """Whether to optimise the Huffman tables even at an `effort` below 3. Default: `false`."""
    progressive: bool
    """Whether the image is stored in passes from coarse to fine. Default: `false`."""
    quality: int
    """Quality, 1 to 100, on libjpeg's scale. Default: 80."""


class _EncodePngRequired(TypedDict):
    format: Literal["png"]


class EncodePng(_EncodePngRequired, total=False):
    """PNG."""

    adaptive: Optional[bool]
    """Whether each row gets a filter of its own, or all the same one. Default: what suits the picture; the same
    one, none, with a palette.
    """
    colours: int
    """Maximum colours in the palette, 2 to 256. Default: 256."""
    compression: int
    """Compression, 0 (none) to 10 (smallest and slowest). From 1 on, the row filter and the way to compress are
    those that suit the picture best, by a sample of its rows; 10 tries all of them on all rows and looks for the
    fewest bits, for files that are made once: it takes twenty times as long as 9, or more. Default: 2.
    """
    delay: Optional[int]
    """How long each frame of an animation is shown, in milliseconds. Default: as in the input."""
    dither: int
    """Strength of dithering for a palette image, 0 to 100. Default: 100."""
    loops: Optional[int]
    """How many times an animation plays, 0 for forever. Default: as in the input."""
    palette: bool
    """Whether colours are reduced to a palette. Default: `false`."""
    progressive: bool
    """Whether the image is stored in seven passes from coarse to fine (Adam7), at the cost of more bytes. Default:
    `false`.
    """
    quality: int
    """Quality of a palette image, 0 to 100: below 100 it uses only as many of its `colours` as it needs to reach
    that quality. Default: 100.
    """
    reduce: bool
    """Whether to drop channels without content: alpha that is opaque everywhere, colours that are all grey.
    Default: `true`.
    """


# A kind of image: libwebp's presets.
# "default": Any.
# "picture": A portrait or an indoor shot.
# "photo": An outdoor photograph.
# "drawing": A drawing with high-contrast lines.
# "icon": A small, colourful image.
# "text": Text.
Preset = Literal["default", "picture", "photo", "drawing", "icon", "text"]


class _EncodeWebpRequired(TypedDict):
    format: Literal["webp"]


class EncodeWebp(_EncodeWebpRequired, total=False):
    """WebP."""

    alpha: int
    """Quality of the alpha channel, 0 to 100. Default: 100."""
    delay: Optional[int]
    """How long each frame of an animation is shown, in milliseconds. Default: as in the input."""
    effort: int
    """Effort, 0 (fastest) to 6 (smallest). Default: 4."""
    exact: bool
    """Whether to keep the colours of transparent pixels. Default: `false`."""
    loops: Optional[int]
    """How many times an animation plays, 0 for forever. Default: as in the input."""
    lossless: bool
    """Whether compression is lossless. Default: `false`."""
    near: int
    """With `lossless`, how close pixels stay to the original where a change makes the file smaller, 0 (farthest) to
    100 (unchanged). Default: 100.
    """
    preset: Preset
    """The kind of image to tune lossy compression for. Default: `default`."""
    quality: int
    """Quality of lossy compression, 0 to 100. Default: 80."""
    sharp: bool
    """Whether to subsample chroma with care for sharp edges between colours, which takes longer. Default: `false`."""


class _EncodeGifRequired(TypedDict):
    format: Literal["gif"]


class EncodeGif(_EncodeGifRequired, total=False):
    """GIF."""

    change: int
    """How far a pixel's colour may differ from the one already shown and still be left unchanged, 0 to 32 levels:
    higher values make opaque animations smaller. Default: 0.
    """
    colours: int
    """Maximum colours in a frame, 2 to 256. Default: 256."""
    delay: Optional[int]
    """How long each frame of an animation is shown, in milliseconds, in steps of 10. Default: as in the input."""
    dither: int
    """Strength of dithering, 0 to 100. Default: 100."""
    duplicates: bool
    """Whether to write a frame that equals the one before it; if not, that one is shown for longer. Default:
    `true`.
    """
    loops: Optional[int]
    """How many times an animation plays, 0 for forever. Default: as in the input."""
    progressive: bool
    """Whether the rows of a frame are stored in four passes from coarse to fine. Default: `false`."""


class _EncodeAvifRequired(TypedDict):
    format: Literal["avif"]


class EncodeAvif(_EncodeAvifRequired, total=False):
    """AVIF; needs the feature `avif`."""

    chroma: Chroma
    """Chroma subsampling. Of a picture so large that it is a grid, `4:4:4` if a side is odd. Default: `4:4:4`."""
    effort: int
    """Effort, 0 (fastest) to 9 (smallest). Default: 4."""
    lossless: bool
    """Whether compression is lossless, whatever `quality` and `chroma` say. Default: `false`."""
    quality: int
    """Quality, 1 to 100. Default: 50."""


class EncodeRaw(TypedDict):
    """Pixels without a header, 8 bits per channel, interleaved."""

    format: Literal["raw"]


# The output's format and its options: `{"format": "webp", "quality": 80}`.
Encode = Union[EncodeJpeg, EncodePng, EncodeWebp, EncodeGif, EncodeAvif, EncodeRaw]


class FramesRangeRange(TypedDict):
    """"""

    count: int
    """How many to read, at least 1; fewer if the animation ends."""
    start: int
    """The first one to read, counted from 0."""


class FramesRange(TypedDict):
    """Consecutive ones: `{"range": {"start": 2, "count": 1}}`; only the first of these if the output's format can't
    hold an animation.
    """

    range: FramesRangeRange


# Which frames of an animation to read.
# "first": The first one; the output is a still image.
# "all": All of them, if the output's format can hold an animation (GIF, PNG and WebP); the first one otherwise.
Frames = Union[Literal["first"], Literal["all"], FramesRange]


class Raw(TypedDict):
    """The layout of raw pixels: rows from the top, pixels from the left, channels interleaved, 8 bits each, no
    padding.
    """

    channels: int
    """1 to 4: 1 (grey), 2 (grey, alpha), 3 (sRGB) or 4 (sRGB, alpha); alpha is not premultiplied."""
    height: int
    """Height, in pixels, at least 1."""
    width: int
    """Width, in pixels, at least 1."""


class InputRaw(TypedDict):
    """Pixels without a header, as many bytes as width × height × channels: `{"raw": {"width": 2, "height": 1,
    "channels": 3}}`.
    """

    raw: Raw


class InputCreate(TypedDict):
    """An image of one colour; no bytes are given."""

    create: Create


# What the bytes of a call are. Default: `"file"`.
# "file": An image file; its format is detected from the content.
Input = Union[Literal["file"], InputRaw, InputCreate]


class ProfileIcc(TypedDict):
    """The RGB space of an ICC profile with primaries and curves: `{"icc": "<base64>"}`. Grey images become RGB."""

    icc: Base64


# The colour space of an output.
# "srgb": sRGB.
# "p3": Display P3. The colours are the same as in sRGB, in different numbers.
Profile = Union[Literal["srgb"], Literal["p3"], ProfileIcc]


class Metadata(TypedDict, total=False):
    """What is kept of the input's metadata, and what is written of its own. What is kept stays true: an EXIF block
    has its orientation tag set to upright if the pixels were turned, so that no viewer turns the picture twice,
    and its size to that of the output; a thumbnail of the input, or what XMP says of a gain map, is not kept.
    """

    density: Optional[float]
    """The density to write, 1 to 65,535 dots per inch: in the format's own field for JPEG and PNG, in EXIF for WebP
    and AVIF, and in any EXIF block that is kept. GIF can't store it. Default: none.
    """
    exif: bool
    """Whether to keep the EXIF block (it may contain the place where a photo was taken). Default: `false`."""
    icc: bool
    """Whether to keep the ICC profile and leave the colours in its space. Default: `false` (converted to sRGB)."""
    iptc: bool
    """Whether to keep IPTC's fields, in Photoshop's block. Only JPEG can store them. Default: `false`."""
    orientation: Optional[int]
    """The orientation tag to write, 1 to 8, into the EXIF block that is kept or else a new one; it doesn't rotate
    the pixels. GIF can't store it, and AVIF viewers ignore it. Default: none.
    """
    profile: Optional[Profile]
    """The colour space of the output's pixels, embedded as its ICC profile; overrides `icc`. GIF can't store it,
    and stays in sRGB. Default: sRGB, without a profile.
    """
    xmp: bool
    """Whether to keep the XMP block. Default: `false`."""


# The colour channels of an output.
# "auto": Grey stays grey, colours stay colours.
# "rgb": Three channels, even if all are grey.
# "grey": One channel.
Model = Literal["auto", "rgb", "grey"]


class Orient(TypedDict, total=False):
    """Rotation and mirroring, in this order: upright, `rotate`, `flip`, `flop`. It comes before the crop and the
    resize.
    """

    auto: bool
    """Whether to turn the image upright according to its EXIF orientation tag. Default: `true`."""
    flip: bool
    """Whether to mirror top to bottom. Default: `false`."""
    flop: bool
    """Whether to mirror left to right. Default: `false`."""
    rotate: int
    """Degrees to rotate clockwise: 0, 90, 180 or 270. Default: 0."""


# How an image fits a box: the values of CSS `object-fit`, and `outside`.
# "cover": Fills the box, keeps the aspect ratio, crops the excess.
# "contain": Fits into the box, keeps the aspect ratio, fills the rest with the background.
# "fill": Fills the box, ignoring the aspect ratio.
# "inside": As large as possible within the box; the output may be smaller than the box in one direction.
# "outside": As small as possible around the box; the output may be larger than the box in one direction.
Fit = Literal["cover", "contain", "fill", "inside", "outside"]


# A resampling filter.
# "nearest": The nearest sample: hard edges, for pixel art.
# "box": The average of the area that a pixel covers.
# "linear": Triangle, also called bilinear.
# "cubic": Catmull-Rom.
# "mitchell": Mitchell–Netravali (B = C = 1/3): softer than Catmull-Rom, hardly any ringing.
# "lanczos2": Lanczos with two lobes.
# "lanczos3": Lanczos with three lobes: the sharpest.
Kernel = Literal["nearest", "box", "linear", "cubic", "mitchell", "lanczos2", "lanczos3"]


class LightGamma(TypedDict):
    """Values raised to this power, 1 to 3; the result is its root: `{"gamma": 2.2}`."""

    gamma: float


# What is averaged when pixels become one.
# "encoded": The values as they are stored: fast, and what most programs do.
# "linear": The light that they stand for: slower, and truer for fine bright detail.
Light = Union[Literal["encoded"], Literal["linear"], LightGamma]


class PositionObject(TypedDict):
    """The point to keep as close to the middle as possible, in fractions of the image: `{"x": 0.5, "y": 0.3}`."""

    x: float
    """0 is the left edge, 1 the right one."""
    y: float
    """0 is the top edge, 1 the bottom one."""


# Which part `cover` keeps, and where `contain` puts the image: a name, or a focal point.
Position = Union[Anchor, PositionObject]


class Resize(TypedDict, total=False):
    """The size to resize to."""

    background: Optional[Colour]
    """The colour around an image with fit `contain`. Default: the plan's background."""
    enlarge: bool
    """Whether the image may be enlarged. Default: `true`."""
    fit: Fit
    """How the image fits the box. Default: `cover`."""
    height: Optional[int]
    """Height of the box, in pixels, at least 1. Default: from the width and the aspect ratio."""
    kernel: Kernel
    """The resampling filter. Default: `lanczos3`."""
    light: Light
    """What is averaged when pixels become one. Default: `encoded`."""
    position: Position
    """Which part `cover` keeps, and where `contain` puts the image. Default: `centre`."""
    reduce: bool
    """Whether the image may be reduced. Default: `true`."""
    width: Optional[int]
    """Width of the box, in pixels, at least 1. Default: from the height and the aspect ratio."""


# How much damage in the input is accepted.
# "none": Any damage is an error.
# "truncated": If a file ends too early, the part that arrived is used, with a warning.
# "damage": Damage is tolerated, with a warning for each fault, as long as the whole image is present (for an animation,
# its first frame).
# "errors": Whatever can be decoded is used, with a warning for each fault.
Tolerate = Literal["none", "truncated", "damage", "errors"]


class Trim(TypedDict, total=False):
    """Trims borders of one colour."""

    background: Optional[Colour]
    """The border's colour. Default: that of the top left pixel."""
    lineart: bool
    """Whether the image is line art, in which single differing pixels count. Default: `false`: single pixels are
    noise.
    """
    margin: int
    """Pixels of the border to keep. Default: 0."""
    threshold: float
    """How far a border's pixel may be from that colour, in levels of a channel, at least 0. Default: 10."""


class Plan(TypedDict, total=False):
    """What to make of an image. `{}` re-encodes it in its own format, upright, in sRGB, without metadata."""

    assume: Assume
    """What space the input's colours are assumed to be in. Default: `profile`."""
    background: Colour
    """The colour behind transparent pixels if the output has no alpha, and around an image with fit `contain`.
    Default: `#ffffff`.
    """
    crop: Optional[Crop]
    """The part of the upright (and trimmed) image to use. Default: all of it."""
    dpi: Optional[float]
    """Dots per inch for drawing SVG, 1 to 100,000: 144 makes it twice as large. Default: 72."""
    effects: list[Effect]
    """Effects on the resized image, in this order, at most 100. Default: none."""
    encode: Optional[Encode]
    """The output's format and its options. Default: the input's format, or PNG for read-only formats, `raw` and
    `create`.
    """
    flatten: bool
    """Whether transparent pixels are flattened onto the background even if the output could keep them. Default:
    `false`.
    """
    frames: Frames
    """Which frames of an animation to read. Default: `first`."""
    input: Input
    """What the bytes are. All plans of a call must agree. Default: an image file."""
    metadata: Metadata
    """Which of the input's metadata to keep. Default: none."""
    model: Model
    """The colour channels of the output. Default: `auto`, as they come."""
    orient: Orient
    """Rotation and mirroring. Default: upright, according to the camera's orientation tag."""
    resize: Optional[Resize]
    """The size to resize to. Default: unchanged."""
    tolerate: Tolerate
    """How much damage in the input is accepted. Default: `truncated`."""
    trim: Optional[Trim]
    """Whether to trim borders of one colour before anything else. Default: no."""

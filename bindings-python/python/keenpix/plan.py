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
    """A part of an image, in its pixels: of the upright image as a plan's `crop`, of the picture at that step as an
    effect.
    """

    height: int
    """Rows to keep."""
    left: int
    """Columns to leave out on the left."""
    top: int
    """Rows to leave out at the top."""
    width: int
    """Columns to keep."""


class EffectCrop(TypedDict):
    """Cuts a part out."""

    effect: Literal["crop"]
    height: int
    """Rows to keep."""
    left: int
    """Columns to leave out on the left."""
    top: int
    """Rows to leave out at the top."""
    width: int
    """Columns to keep."""


class _EffectRotateRequired(TypedDict):
    effect: Literal["rotate"]


class EffectRotate(_EffectRotateRequired, total=False):
    """Turns by any angle."""

    angle: float
    """Degrees clockwise; may be negative. Default: 0."""
    background: Optional[Colour]
    """The colour of the corners. Default: the plan's background."""


class EffectFlip(TypedDict):
    """Mirrors top to bottom."""

    effect: Literal["flip"]


class EffectFlop(TypedDict):
    """Mirrors left to right."""

    effect: Literal["flop"]


# What a border shows.
# "background": The background colour.
# "copy": The nearest pixel of the picture.
# "repeat": The picture again.
# "mirror": The picture mirrored.
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
    """What the border shows. Default: `background`."""
    left: int
    """Columns to add on the left. Default: 0."""
    right: int
    """Columns to add on the right. Default: 0."""
    top: int
    """Rows to add at the top. Default: 0."""


class EffectGreyscale(TypedDict):
    """Turns colours to grey."""

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
    """What is added. Default: `[0]`."""
    slope: list[float]
    """Factors. Default: `[1]`."""


class _EffectNegateRequired(TypedDict):
    effect: Literal["negate"]


class EffectNegate(_EffectNegateRequired, total=False):
    """Turns every value into its opposite."""

    alpha: bool
    """Whether alpha is negated too. Default: `true`."""


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
    """Black below, white from a value on."""

    greyscale: bool
    """Whether the picture is turned to grey first; otherwise each channel is cut by itself. Default: `true`."""
    value: int
    """The lowest value that becomes white, 0 to 255. Default: 128."""


class _EffectTintRequired(TypedDict):
    effect: Literal["tint"]


class EffectTint(_EffectTintRequired, total=False):
    """Colours by one hue, keeps the lightness."""

    colour: Colour
    """The colour. Default: white."""


class _EffectModulateRequired(TypedDict):
    effect: Literal["modulate"]


class EffectModulate(_EffectModulateRequired, total=False):
    """Changes brightness, saturation, hue and lightness."""

    brightness: float
    """A factor for the lightness. Default: 1."""
    hue: float
    """Degrees to turn the hue by. Default: 0."""
    lightness: float
    """What is added to the lightness, which is 0 to 100. Default: 0."""
    saturation: float
    """A factor for the saturation. Default: 1."""


class _EffectMedianRequired(TypedDict):
    effect: Literal["median"]


class EffectMedian(_EffectMedianRequired, total=False):
    """Replaces each pixel by the median of its surroundings."""

    size: int
    """The square's side, in pixels, 1 to 1000. Default: 3."""


class _EffectBlurRequired(TypedDict):
    effect: Literal["blur"]


class EffectBlur(_EffectBlurRequired, total=False):
    """Blurs."""

    amplitude: float
    """Where the tails of the Gaussian are cut off, as a part of its height, 0.001 to 1. Default: 0.2."""
    sigma: Optional[float]
    """Standard deviation of the Gaussian, in pixels, 0.3 to 1000. Default: none, which averages 3 × 3 pixels."""


class _EffectSharpenRequired(TypedDict):
    effect: Literal["sharpen"]


class EffectSharpen(_EffectSharpenRequired, total=False):
    """Sharpens."""

    brighten: float
    """Most that is brightened. Default: 10."""
    darken: float
    """Most that is darkened. Default: 20."""
    flat: float
    """Strength in flat parts. Default: 1."""
    jagged: float
    """Strength in jagged parts. Default: 2."""
    sigma: Optional[float]
    """Standard deviation of the Gaussian, in pixels, up to 10. Default: none, which is a fast and mild 3 × 3
    sharpening.
    """
    threshold: float
    """The difference in lightness from which a part is jagged. Default: 2."""


# How a layer (the source) is mixed with what lies below it: the names of Porter and Duff, and of PDF's blend modes.
# "clear": Nothing is left.
# "source": The source alone.
# "over": The source over the destination.
# "in": The source where the destination is.
# "out": The source where the destination is not.
# "atop": The source on the destination only.
# "dest": The destination alone.
# "dest-over": The destination over the source.
# "dest-in": The destination where the source is: a mask.
# "dest-out": The destination where the source is not.
# "dest-atop": The destination on the source only.
# "xor": Either, but not both.
# "add": The sum.
# "saturate": The sum up to opaque.
# "multiply": The product.
# "screen": The product of the opposites.
# "overlay": Multiply or screen, by the destination.
# "darken": The darker one.
# "lighten": The lighter one.
# "colour-dodge": The destination brightened by the source.
# "colour-burn": The destination darkened by the source.
# "hard-light": Multiply or screen, by the source.
# "soft-light": Darken or lighten softly, by the source.
# "difference": The difference.
# "exclusion": As the difference, with less contrast.
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
    """A picture of one colour."""

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
    """A picture to lay on another."""

    blend: Blend
    """How the two are mixed. Default: `over`."""
    left: Optional[int]
    """Columns from the left edge; may be negative. Default: as `position` says. Given together with `top`."""
    position: Anchor
    """Where it goes if `left` and `top` are not given. Default: `centre`."""
    tile: bool
    """Whether it is repeated all over the picture. Default: `false`."""
    top: Optional[int]
    """Rows from the top edge; may be negative."""


class _EffectCompositeRequired(TypedDict):
    effect: Literal["composite"]


class EffectComposite(_EffectCompositeRequired, total=False):
    """Lays other pictures on it."""

    layers: list[Layer]
    """The pictures."""


class _EffectEnsureAlphaRequired(TypedDict):
    effect: Literal["ensure-alpha"]


class EffectEnsureAlpha(_EffectEnsureAlphaRequired, total=False):
    """Adds an alpha channel if there is none."""

    value: float
    """Its value, 0 (transparent) to 1. Default: 1."""


class EffectRemoveAlpha(TypedDict):
    """Drops the alpha channel."""

    effect: Literal["remove-alpha"]


# One step: `{"effect": "blur", "sigma": 2}`. A grey picture stays grey through every step: a border's colour counts by
# its luma, and a tint has nothing to do.
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
# "4:4:4": 4:4:4: all of it.
Chroma = Literal["4:2:0", "4:2:2", "4:4:4"]


class _EncodeJpegRequired(TypedDict):
    format: Literal["jpeg"]


class EncodeJpeg(_EncodeJpegRequired, total=False):
    """JPEG."""

    chroma: Chroma
    """Chroma subsampling. Default: `4:2:0`."""
    effort: int
    """Effort for fewer bytes at the same quality, 0 to 9: from 3 on Huffman tables made for the picture, from 5 on
    trellis quantisation, from 7 on a progressive file whose scans are chosen by trying. Default: 3.
    """
    optimise: bool
    """Whether the Huffman tables are made for the picture at an `effort` below 3 too. Default: `false`."""
    progressive: bool
    """Whether the picture comes in passes from coarse to fine. Default: `false`."""
    quality: int
    """Quality, 1 to 100, on libjpeg's scale. Default: 80."""


class _EncodePngRequired(TypedDict):
    format: Literal["png"]


class EncodePng(_EncodePngRequired, total=False):
    """PNG."""

    adaptive: Optional[bool]
    """Whether each row gets the filter that suits it best; if not, all get the same: the row above taken off at a
    `compression` of 1 to 5, and none at 6 to 9 and for a palette. Default: `true` from a `compression` of 2 on,
    but `false` for a palette.
    """
    colours: int
    """Most colours in the palette, 2 to 256. Default: 256."""
    compression: int
    """Compression, 0 (none) to 9 (smallest and slowest): 1 is a fast method of one filter, 2 to 5 one of five
    filters that is smaller than zlib's level 5 in a sixth of its time, 6 to 9 are zlib's levels. Default: 2.
    """
    dither: int
    """Strength of the dithering of a palette image, 0 to 100. Default: 100."""
    palette: bool
    """Whether colours are reduced to a palette. Default: `false`."""
    progressive: bool
    """Whether the picture comes in seven passes from coarse to fine (Adam7), for more bytes. Default: `false`."""
    quality: int
    """Quality of a palette image, 0 to 100: below 100 it gets only as many of its `colours` as it needs to come
    that near to the picture. Default: 100.
    """
    reduce: bool
    """Whether channels without content are left out: alpha that is opaque everywhere, colours that are all grey.
    Default: `true`.
    """


# A kind of picture: libwebp's presets.
# "default": Any.
# "picture": A portrait or an indoor shot.
# "photo": An outdoor photograph.
# "drawing": A drawing with lines of high contrast.
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
    """How long each frame of an animation is shown, in milliseconds. Default: as long as the input's."""
    effort: int
    """Effort, 0 (fastest) to 6 (smallest). Default: 4."""
    exact: bool
    """Whether the colours of transparent pixels are kept. Default: `false`."""
    loops: Optional[int]
    """How often an animation plays, 0 for ever. Default: as often as the input's."""
    lossless: bool
    """Whether every pixel is kept. Default: `false`."""
    near: int
    """With `lossless`, how near to the picture pixels stay where a change makes the file smaller, 0 (farthest) to
    100 (the same). Default: 100.
    """
    preset: Preset
    """What kind of picture lossy compression is tuned for. Default: `default`."""
    quality: int
    """Quality, 0 to 100; for `lossless` the effort spent on size. Default: 80."""
    sharp: bool
    """Whether chroma is halved with an eye on sharp edges between colours, which takes longer. Default: `false`."""


class _EncodeGifRequired(TypedDict):
    format: Literal["gif"]


class EncodeGif(_EncodeGifRequired, total=False):
    """GIF."""

    change: int
    """How far the colour of a pixel may be from what is shown there to stay as it is, 0 to 32 levels: the farther,
    the smaller an animation without transparency. Default: 0.
    """
    colours: int
    """Most colours in a frame, 2 to 256. Default: 256."""
    delay: Optional[int]
    """How long each frame of an animation is shown, in milliseconds; GIF counts in tens. Default: as long as the
    input's.
    """
    dither: int
    """Strength of the dithering, 0 to 100. Default: 100."""
    duplicates: bool
    """Whether a frame that equals the one before it is written; if not, the one before it is shown for longer.
    Default: `true`.
    """
    loops: Optional[int]
    """How often an animation plays, 0 for ever. Default: as often as the input's."""
    progressive: bool
    """Whether the rows of a frame come in four passes from coarse to fine. Default: `false`."""


class _EncodeAvifRequired(TypedDict):
    format: Literal["avif"]


class EncodeAvif(_EncodeAvifRequired, total=False):
    """AVIF; needs the feature `avif`."""

    chroma: Chroma
    """Chroma subsampling. Default: `4:2:0`."""
    effort: int
    """Effort, 0 (fastest) to 9 (smallest). Default: 4."""
    lossless: bool
    """Whether every pixel is kept, whatever `quality` and `chroma` say. Default: `false`."""
    quality: int
    """Quality, 1 to 100. Default: 50."""


class EncodeRaw(TypedDict):
    """Pixels without a header, 8 bits a channel, interleaved."""

    format: Literal["raw"]


# The output's format and its options: `{"format": "webp", "quality": 80}`.
Encode = Union[EncodeJpeg, EncodePng, EncodeWebp, EncodeGif, EncodeAvif, EncodeRaw]


class FramesRangeRange(TypedDict):
    """"""

    count: int
    """How many are read, at least 1; fewer if the animation ends."""
    start: int
    """The first one that is read, counted from 0."""


class FramesRange(TypedDict):
    """Some that follow one another: `{"range": {"start": 2, "count": 1}}`; the first of these, if the output's
    format can't hold an animation.
    """

    range: FramesRangeRange


# Which frames of an animation are read.
# "first": The first one; the output is a still.
# "all": All of them, if the output's format can hold an animation (GIF and WebP); the first one otherwise.
Frames = Union[Literal["first"], Literal["all"], FramesRange]


class Raw(TypedDict):
    """How raw pixels lie: rows from the top, pixels from the left, channels interleaved, 8 bits each, nothing in
    between.
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
    """Nothing: the picture is one colour; no bytes are given."""

    create: Create


# What the bytes of a call are. Default: `"file"`.
# "file": An image file, its format told by content.
Input = Union[Literal["file"], InputRaw, InputCreate]


class ProfileIcc(TypedDict):
    """The RGB space of an ICC profile with primaries and curves: `{"icc": "<base64>"}`. Grey pictures become RGB."""

    icc: Base64


# The colour space of an output.
# "srgb": sRGB.
# "p3": Display P3. The colours are those of sRGB, in other numbers.
Profile = Union[Literal["srgb"], Literal["p3"], ProfileIcc]


class Metadata(TypedDict, total=False):
    """What is kept of the input's metadata, and what is written of its own. An EXIF block that is kept has its
    orientation tag set to upright if the pixels were turned, so that no viewer turns the picture twice.
    """

    density: Optional[float]
    """The density to write, 1 to 65,535 dots per inch: for JPEG and PNG in the format's own way, for WebP and AVIF
    in EXIF, and in an EXIF block that is kept. GIF has no place for it. Default: none.
    """
    exif: bool
    """Whether the EXIF block is kept (it may hold the place where a photo was taken). Default: `false`."""
    icc: bool
    """Whether the ICC profile is kept, and the colours left in its space. Default: `false` (converted to sRGB)."""
    orientation: Optional[int]
    """The orientation tag to write, 1 to 8, into the EXIF block that is kept or else into a new one; the pixels are
    not turned by it. GIF has no place for it, and viewers of AVIF don't look at it. Default: none.
    """
    profile: Optional[Profile]
    """The colour space of the output's pixels, embedded as its ICC profile; `icc` does not count then. GIF has no
    place for it, and keeps sRGB. Default: sRGB, without a profile.
    """
    xmp: bool
    """Whether the XMP block is kept. Default: `false`."""


# The colour channels of an output.
# "auto": Grey stays grey, colours stay colours.
# "rgb": Three channels, even if all are grey.
# "grey": One channel.
Model = Literal["auto", "rgb", "grey"]


class Orient(TypedDict, total=False):
    """Turning and mirroring, in this order: upright, `rotate`, `flip`, `flop`. It comes before the crop and the
    resize.
    """

    auto: bool
    """Whether the image is turned upright as its EXIF orientation tag says. Default: `true`."""
    flip: bool
    """Whether to mirror top to bottom. Default: `false`."""
    flop: bool
    """Whether to mirror left to right. Default: `false`."""
    rotate: int
    """Degrees to turn clockwise: 0, 90, 180 or 270. Default: 0."""


# How an image fits a box: the words of CSS `object-fit`, and `outside`.
# "cover": Fills the box, keeps the aspect ratio, cuts off what is over.
# "contain": Fits into the box, keeps the aspect ratio, fills the rest with the background.
# "fill": Fills the box, without regard to the aspect ratio.
# "inside": As large as possible within the box; the output may be smaller than the box in one direction.
# "outside": As small as possible around the box; the output may be larger than the box in one direction.
Fit = Literal["cover", "contain", "fill", "inside", "outside"]


# A resampling filter.
# "nearest": The nearest sample: hard edges, for pixel art.
# "box": The average of what a pixel covers.
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
    """The point to keep as near the middle as possible, in fractions of the image: `{"x": 0.5, "y": 0.3}`."""

    x: float
    """0 is the left edge, 1 the right one."""
    y: float
    """0 is the top edge, 1 the bottom one."""


# Which part `cover` keeps, and where `contain` puts the image: a name, or a focal point.
Position = Union[Anchor, PositionObject]


class Resize(TypedDict, total=False):
    """The size to bring the image to."""

    background: Optional[Colour]
    """The colour around a `contain`ed image. Default: the plan's background."""
    enlarge: bool
    """Whether the image may become larger than it is. Default: `true`."""
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
    """Whether the image may become smaller than it is. Default: `true`."""
    width: Optional[int]
    """Width of the box, in pixels, at least 1. Default: from the height and the aspect ratio."""


# How much damage in the input is accepted.
# "none": Any damage is an error.
# "truncated": A file that ends too early gives the part that arrived, with a warning.
# "damage": Damage is passed over, with a warning for each fault, as long as the image is all there; of an animation its
# first frame.
# "errors": Whatever can be decoded is, with a warning for each fault.
Tolerate = Literal["none", "truncated", "damage", "errors"]


class Trim(TypedDict, total=False):
    """Cutting off borders of one colour."""

    background: Optional[Colour]
    """The border's colour. Default: that of the top left pixel."""
    lineart: bool
    """Whether the picture is a drawing: single pixels that differ count. Default: `false`, single pixels are noise."""
    margin: int
    """Pixels of the border to leave. Default: 0."""
    threshold: float
    """How far a border's pixel may be from that colour, in levels of a channel, at least 0. Default: 10."""


class Plan(TypedDict, total=False):
    """What to make of an image. `{}` re-encodes it in its own format, upright, in sRGB, stripped of metadata."""

    assume: Assume
    """What space the input's colours are assumed to be in. Default: `profile`."""
    background: Colour
    """The colour behind transparent pixels where the output has no alpha, and around a `contain`ed image. Default:
    `#ffffff`.
    """
    crop: Optional[Crop]
    """The part of the upright (and trimmed) image to use. Default: all of it."""
    dpi: Optional[float]
    """Dots per inch at which a drawing (SVG) is drawn, 1 to 100,000: 144 makes it twice as large. Default: 72."""
    effects: list[Effect]
    """What is done to the resized picture, in this order. Default: nothing."""
    encode: Optional[Encode]
    """The output's format and its options. Default: the input's format; PNG for the formats that are only read, and
    for `raw` and `create`.
    """
    flatten: bool
    """Whether transparent pixels are laid on the background even where the output could keep them. Default:
    `false`.
    """
    frames: Frames
    """Which frames of an animation are read. Default: `first`."""
    input: Input
    """What the bytes are. The plans of one call have the same. Default: an image file."""
    metadata: Metadata
    """What is kept of the input's metadata. Default: nothing."""
    model: Model
    """The colour channels of the output. Default: `auto`, as they come."""
    orient: Orient
    """Turning and mirroring. Default: upright, as the camera's orientation tag says."""
    resize: Optional[Resize]
    """The size to bring it to. Default: the size it has."""
    tolerate: Tolerate
    """How much damage in the input is accepted. Default: `truncated`."""
    trim: Optional[Trim]
    """Whether borders of one colour are cut off before anything else is. Default: no."""

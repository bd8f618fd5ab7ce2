// Generated from core/plan.schema.json by scripts/types.mjs: change the plan in the core instead.

/**
 * What to make of an image. `{}` re-encodes it in its own format, upright, in sRGB, without metadata.
 *
 * The order is fixed, whatever the order of the keys: orient, trim, crop, resize, flatten, effects, model,
 * encode.
 */
export interface Plan {
  /** What space the input's colours are assumed to be in. Default: `profile`. */
  assume?: Assume;
  /**
   * The colour behind transparent pixels if the output has no alpha, and around an image with fit `contain`.
   * Default: `#ffffff`.
   */
  background?: Colour;
  /** The part of the upright (and trimmed) image to use. Default: all of it. */
  crop?: Crop | null;
  /** Dots per inch for drawing SVG, 1 to 100,000: 144 makes it twice as large. Default: 72. */
  dpi?: number | null;
  /** Effects on the resized image, in this order, at most 100. Default: none. */
  effects?: Effect[];
  /**
   * The output's format and its options. Default: the input's format, or PNG for read-only formats, `raw` and
   * `create`.
   */
  encode?: Encode | null;
  /**
   * Whether transparent pixels are flattened onto the background even if the output could keep them. Default:
   * `false`.
   */
  flatten?: boolean;
  /** Which frames of an animation to read. Default: `first`. */
  frames?: Frames;
  /** What the bytes are. All plans of a call must agree. Default: an image file. */
  input?: Input;
  /** Which of the input's metadata to keep. Default: none. */
  metadata?: Metadata;
  /** The colour channels of the output. Default: `auto`, as they come. */
  model?: Model;
  /** Rotation and mirroring. Default: upright, according to the camera's orientation tag. */
  orient?: Orient;
  /** The size to resize to. Default: unchanged. */
  resize?: Resize | null;
  /** How much damage in the input is accepted. Default: `truncated`. */
  tolerate?: Tolerate;
  /** Whether to trim borders of one colour before anything else. Default: no. */
  trim?: Trim | null;
}

/** A named position. */
export type Anchor = 'centre' | 'center' | 'top' | 'right top' | 'top right' | 'right' | 'right bottom' | 'bottom right' | 'bottom' | 'left bottom' | 'bottom left' | 'left' | 'left top' | 'top left' | 'entropy' | 'attention';

/** What space the input's colours are assumed to be in. */
export type Assume =
  /** In that of its ICC profile; sRGB without one. */
  | 'profile'
  /** sRGB, whatever its ICC profile says; the profile is not kept. */
  | 'srgb';

/** Bytes, as base64. */
export type Base64 = string | Uint8Array | ArrayBuffer;

/**
 * How a layer (the source) is blended with what is below it (the destination): the Porter-Duff operators and PDF's
 * blend modes.
 */
export type Blend =
  /** Nothing. */
  | 'clear'
  /** Only the source. */
  | 'source'
  /** The source over the destination. */
  | 'over'
  /** The source where the destination is. */
  | 'in'
  /** The source where the destination is not. */
  | 'out'
  /** The source, only where the destination is, over it. */
  | 'atop'
  /** Only the destination. */
  | 'dest'
  /** The destination over the source. */
  | 'dest-over'
  /** The destination where the source is: a mask. */
  | 'dest-in'
  /** The destination where the source is not. */
  | 'dest-out'
  /** The destination, only where the source is, over it. */
  | 'dest-atop'
  /** Either, but not both. */
  | 'xor'
  /** The sum. */
  | 'add'
  /** The sum, up to opaque. */
  | 'saturate'
  /** The product. */
  | 'multiply'
  /** The inverse of the product of the inverses. */
  | 'screen'
  /** Multiply or screen, depending on the destination. */
  | 'overlay'
  /** The darker one. */
  | 'darken'
  /** The lighter one. */
  | 'lighten'
  /** The destination brightened by the source. */
  | 'colour-dodge'
  /** The destination darkened by the source. */
  | 'colour-burn'
  /** Multiply or screen, depending on the source. */
  | 'hard-light'
  /** Darken or lighten softly, depending on the source. */
  | 'soft-light'
  /** The difference. */
  | 'difference'
  /** Like the difference, with less contrast. */
  | 'exclusion';

/** Chroma subsampling. */
export type Chroma =
  /** 4:2:0: half the columns and half the rows. */
  | '4:2:0'
  /** 4:2:2: half the columns. */
  | '4:2:2'
  /** 4:4:4: full resolution. */
  | '4:4:4';

/** An sRGB colour, written as in CSS: `#fff`, `#ffffff`, `#ffffff80`, `white`, `black`, `transparent`. */
export type Colour = string;

/** An image of one colour. */
export interface Create {
  /** The colour. */
  background: Colour;
  /** 3 to 4: 3 (sRGB) or 4 (sRGB, alpha). */
  channels: number;
  /** Height, in pixels, at least 1. */
  height: number;
  /** Width, in pixels, at least 1. */
  width: number;
}

/**
 * A part of an image, in pixels: of the upright image for a plan's `crop`, of the image at that step for an
 * effect.
 */
export interface Crop {
  /** Rows to keep. */
  height: number;
  /** Columns to skip on the left. */
  left: number;
  /** Rows to skip at the top. */
  top: number;
  /** Columns to keep. */
  width: number;
}

/** The contents of a border. */
export type Edge =
  /** The background colour. */
  | 'background'
  /** The nearest pixel of the image. */
  | 'copy'
  /** The image, repeated. */
  | 'repeat'
  /** The image, mirrored. */
  | 'mirror';

/**
 * One step: `{"effect": "blur", "sigma": 2}`. A grey image stays grey through every step: borders use their
 * colour's luma, and a tint has no effect.
 */
export type Effect =
  | EffectCrop
  | EffectRotate
  | EffectFlip
  | EffectFlop
  | EffectExtend
  | EffectGreyscale
  | EffectGamma
  | EffectLinear
  | EffectNegate
  | EffectNormalise
  | EffectThreshold
  | EffectTint
  | EffectModulate
  | EffectMedian
  | EffectBlur
  | EffectSharpen
  | EffectComposite
  | EffectEnsureAlpha
  | EffectRemoveAlpha;

/** Crops to a part. */
export interface EffectCrop {
  effect: 'crop';
  /** Rows to keep. */
  height: number;
  /** Columns to skip on the left. */
  left: number;
  /** Rows to skip at the top. */
  top: number;
  /** Columns to keep. */
  width: number;
}

/** Rotates by any angle. */
export interface EffectRotate {
  effect: 'rotate';
  /** Degrees clockwise; may be negative. Default: 0. */
  angle?: number;
  /** The colour of the uncovered corners. Default: the plan's background. */
  background?: Colour | null;
}

/** Mirrors top to bottom. */
export interface EffectFlip {
  effect: 'flip';
}

/** Mirrors left to right. */
export interface EffectFlop {
  effect: 'flop';
}

/** Adds a border. */
export interface EffectExtend {
  effect: 'extend';
  /** The colour of the border. Default: the plan's background. */
  background?: Colour | null;
  /** Rows to add at the bottom. Default: 0. */
  bottom?: number;
  /** The contents of the border. Default: `background`. */
  edge?: Edge;
  /** Columns to add on the left. Default: 0. */
  left?: number;
  /** Columns to add on the right. Default: 0. */
  right?: number;
  /** Rows to add at the top. Default: 0. */
  top?: number;
}

/** Converts to greyscale. */
export interface EffectGreyscale {
  effect: 'greyscale';
}

/** Brightens or darkens the middle tones. */
export interface EffectGamma {
  effect: 'gamma';
  /** The exponent, 0.01 to 100: above 1 brightens, below 1 darkens. Default: 2.2. */
  exponent?: number;
}

/** Multiplies and adds. */
export interface EffectLinear {
  effect: 'linear';
  /** Values to add. Default: `[0]`. */
  offset?: number[];
  /** Factors. Default: `[1]`. */
  slope?: number[];
}

/** Inverts every value. */
export interface EffectNegate {
  effect: 'negate';
  /** Whether alpha is inverted too. Default: `true`. */
  alpha?: boolean;
}

/** Stretches the lightness to the full range. */
export interface EffectNormalise {
  effect: 'normalise';
  /** The percentile that becomes black, 0 to 99. Default: 1. */
  lower?: number;
  /** The percentile that becomes white, 1 to 100. Default: 99. */
  upper?: number;
}

/** Makes levels below a value black, and the rest white. */
export interface EffectThreshold {
  effect: 'threshold';
  /** Whether to convert to greyscale first; otherwise each channel is thresholded on its own. Default: `true`. */
  greyscale?: boolean;
  /** The lowest value that becomes white, 0 to 255. Default: 128. */
  value?: number;
}

/** Tints with one colour and keeps the lightness. */
export interface EffectTint {
  effect: 'tint';
  /** The colour. Default: white. */
  colour?: Colour;
}

/** Changes brightness, saturation, hue and lightness. */
export interface EffectModulate {
  effect: 'modulate';
  /** A factor for the lightness. Default: 1. */
  brightness?: number;
  /** Degrees to rotate the hue. Default: 0. */
  hue?: number;
  /** A value to add to the lightness, which is 0 to 100. Default: 0. */
  lightness?: number;
  /** A factor for the saturation. Default: 1. */
  saturation?: number;
}

/** Replaces each pixel by the median of its neighbourhood. */
export interface EffectMedian {
  effect: 'median';
  /** The square's side, in pixels, 1 to 1000. Default: 3. */
  size?: number;
}

/** Blurs. */
export interface EffectBlur {
  effect: 'blur';
  /** Where the tails of the Gaussian are cut off, as a fraction of its height, 0.001 to 1. Default: 0.2. */
  amplitude?: number;
  /** Standard deviation of the Gaussian, in pixels, 0.3 to 1000. Default: none, which averages 3 × 3 pixels. */
  sigma?: number | null;
}

/** Sharpens. */
export interface EffectSharpen {
  effect: 'sharpen';
  /** Maximum brightening. Default: 10. */
  brighten?: number;
  /** Maximum darkening. Default: 20. */
  darken?: number;
  /** Strength in flat areas. Default: 1. */
  flat?: number;
  /** Strength in jagged areas. Default: 2. */
  jagged?: number;
  /**
   * Standard deviation of the Gaussian, in pixels, up to 10. Default: none, which is a fast, mild 3 × 3
   * sharpening.
   */
  sigma?: number | null;
  /** The difference in lightness from which an area counts as jagged. Default: 2. */
  threshold?: number;
}

/** Puts other images on top. */
export interface EffectComposite {
  effect: 'composite';
  /** The images, from bottom to top. */
  layers?: Layer[];
}

/** Adds an alpha channel if there is none. */
export interface EffectEnsureAlpha {
  effect: 'ensure-alpha';
  /** Its value, 0 (transparent) to 1 (opaque). Default: 1. */
  value?: number;
}

/** Removes the alpha channel. */
export interface EffectRemoveAlpha {
  effect: 'remove-alpha';
}

/** The output's format and its options: `{"format": "webp", "quality": 80}`. */
export type Encode =
  | EncodeJpeg
  | EncodePng
  | EncodeWebp
  | EncodeGif
  | EncodeAvif
  | EncodeRaw;

/** JPEG. */
export interface EncodeJpeg {
  format: 'jpeg';
  /** Chroma subsampling. Default: `4:2:0`. */
  chroma?: Chroma;
  /**
   * Effort for fewer bytes at the same quality, 0 to 9: from 3 on optimised Huffman tables, from 5 on trellis
   * quantisation, from 7 on a progressive file whose scans are chosen by trial. Default: 3.
   */
  effort?: number;
  /** Whether to optimise the Huffman tables even at an `effort` below 3. Default: `false`. */
  optimise?: boolean;
  /** Whether the image is stored in passes from coarse to fine. Default: `false`. */
  progressive?: boolean;
  /** Quality, 1 to 100, on libjpeg's scale. Default: 80. */
  quality?: number;
}

/** PNG. */
export interface EncodePng {
  format: 'png';
  /**
   * Whether each row gets a filter of its own, or all the same one. Default: what suits the picture; the same
   * one, none, with a palette.
   */
  adaptive?: boolean | null;
  /** Maximum colours in the palette, 2 to 256. Default: 256. */
  colours?: number;
  /**
   * Compression, 0 (none) to 10 (smallest and slowest). From 1 on, the row filter and the way to compress are
   * those that suit the picture best, by a sample of its rows; 10 tries all of them on all rows and looks for
   * the fewest bits, for files that are made once: it takes twenty times as long as 9, or more. Default: 2.
   */
  compression?: number;
  /** How long each frame of an animation is shown, in milliseconds. Default: as in the input. */
  delay?: number | null;
  /** Strength of dithering for a palette image, 0 to 100. Default: 100. */
  dither?: number;
  /** How many times an animation plays, 0 for forever. Default: as in the input. */
  loops?: number | null;
  /** Whether colours are reduced to a palette. Default: `false`. */
  palette?: boolean;
  /**
   * Whether the image is stored in seven passes from coarse to fine (Adam7), at the cost of more bytes. Default:
   * `false`.
   */
  progressive?: boolean;
  /**
   * Quality of a palette image, 0 to 100: below 100 it uses only as many of its `colours` as it needs to reach
   * that quality. Default: 100.
   */
  quality?: number;
  /**
   * Whether to drop channels without content: alpha that is opaque everywhere, colours that are all grey.
   * Default: `true`.
   */
  reduce?: boolean;
}

/** WebP. */
export interface EncodeWebp {
  format: 'webp';
  /** Quality of the alpha channel, 0 to 100. Default: 100. */
  alpha?: number;
  /** How long each frame of an animation is shown, in milliseconds. Default: as in the input. */
  delay?: number | null;
  /** Effort, 0 (fastest) to 6 (smallest). Default: 4. */
  effort?: number;
  /** Whether to keep the colours of transparent pixels. Default: `false`. */
  exact?: boolean;
  /** How many times an animation plays, 0 for forever. Default: as in the input. */
  loops?: number | null;
  /** Whether compression is lossless. Default: `false`. */
  lossless?: boolean;
  /**
   * With `lossless`, how close pixels stay to the original where a change makes the file smaller, 0 (farthest)
   * to 100 (unchanged). Default: 100.
   */
  near?: number;
  /** The kind of image to tune lossy compression for. Default: `default`. */
  preset?: Preset;
  /** Quality of lossy compression, 0 to 100. Default: 80. */
  quality?: number;
  /** Whether to subsample chroma with care for sharp edges between colours, which takes longer. Default: `false`. */
  sharp?: boolean;
}

/** GIF. */
export interface EncodeGif {
  format: 'gif';
  /**
   * How far a pixel's colour may differ from the one already shown and still be left unchanged, 0 to 32 levels:
   * higher values make opaque animations smaller. Default: 0.
   */
  change?: number;
  /** Maximum colours in a frame, 2 to 256. Default: 256. */
  colours?: number;
  /** How long each frame of an animation is shown, in milliseconds, in steps of 10. Default: as in the input. */
  delay?: number | null;
  /** Strength of dithering, 0 to 100. Default: 100. */
  dither?: number;
  /**
   * Whether to write a frame that equals the one before it; if not, that one is shown for longer. Default:
   * `true`.
   */
  duplicates?: boolean;
  /** How many times an animation plays, 0 for forever. Default: as in the input. */
  loops?: number | null;
  /** Whether the rows of a frame are stored in four passes from coarse to fine. Default: `false`. */
  progressive?: boolean;
}

/** AVIF; needs the feature `avif`. */
export interface EncodeAvif {
  format: 'avif';
  /** Chroma subsampling. Of a picture so large that it is a grid, `4:4:4` if a side is odd. Default: `4:4:4`. */
  chroma?: Chroma;
  /** Effort, 0 (fastest) to 9 (smallest). Default: 4. */
  effort?: number;
  /** Whether compression is lossless, whatever `quality` and `chroma` say. Default: `false`. */
  lossless?: boolean;
  /** Quality, 1 to 100. Default: 50. */
  quality?: number;
}

/** Pixels without a header, 8 bits per channel, interleaved. */
export interface EncodeRaw {
  format: 'raw';
}

/** How an image fits a box: the values of CSS `object-fit`, and `outside`. */
export type Fit =
  /** Fills the box, keeps the aspect ratio, crops the excess. */
  | 'cover'
  /** Fits into the box, keeps the aspect ratio, fills the rest with the background. */
  | 'contain'
  /** Fills the box, ignoring the aspect ratio. */
  | 'fill'
  /** As large as possible within the box; the output may be smaller than the box in one direction. */
  | 'inside'
  /** As small as possible around the box; the output may be larger than the box in one direction. */
  | 'outside';

/** Which frames of an animation to read. */
export type Frames =
  | 'first'
  | 'all'
  | FramesRange;

/**
 * Consecutive ones: `{"range": {"start": 2, "count": 1}}`; only the first of these if the output's format can't
 * hold an animation.
 */
export interface FramesRange {
  range: {
    /** How many to read, at least 1; fewer if the animation ends. */
    count: number;
    /** The first one to read, counted from 0. */
    start: number;
  };
}

/** What the bytes of a call are. Default: `"file"`. */
export type Input =
  | 'file'
  | InputRaw
  | InputCreate;

/**
 * Pixels without a header, as many bytes as width × height × channels:
 * `{"raw": {"width": 2, "height": 1, "channels": 3}}`.
 */
export interface InputRaw {
  raw: Raw;
}

/** An image of one colour; no bytes are given. */
export interface InputCreate {
  create: Create;
}

/** A resampling filter. */
export type Kernel =
  /** The nearest sample: hard edges, for pixel art. */
  | 'nearest'
  /** The average of the area that a pixel covers. */
  | 'box'
  /** Triangle, also called bilinear. */
  | 'linear'
  /** Catmull-Rom. */
  | 'cubic'
  /** Mitchell–Netravali (B = C = 1/3): softer than Catmull-Rom, hardly any ringing. */
  | 'mitchell'
  /** Lanczos with two lobes. */
  | 'lanczos2'
  /** Lanczos with three lobes: the sharpest. */
  | 'lanczos3';

/** An image to put on top of another. */
export interface Layer {
  /** Where its pixels come from. */
  source: Source;
  /** How the two are blended. Default: `over`. */
  blend?: Blend;
  /** Columns from the left edge; may be negative. Needs `top`. Default: from `position`. */
  left?: number | null;
  /** Where it goes if `left` and `top` are not given. Default: `centre`. */
  position?: Anchor;
  /** Whether to repeat it over the whole image. Default: `false`. */
  tile?: boolean;
  /** Rows from the top edge; may be negative. Needs `left`. */
  top?: number | null;
}

/** What is averaged when pixels become one. */
export type Light =
  | 'encoded'
  | 'linear'
  | LightGamma;

/** Values raised to this power, 1 to 3; the result is its root: `{"gamma": 2.2}`. */
export interface LightGamma {
  gamma: number;
}

/**
 * What is kept of the input's metadata, and what is written of its own. What is kept stays true: an EXIF block has
 * its orientation tag set to upright if the pixels were turned, so that no viewer turns the picture twice, and its
 * size to that of the output; a thumbnail of the input, or what XMP says of a gain map, is not kept.
 */
export interface Metadata {
  /**
   * The density to write, 1 to 65,535 dots per inch: in the format's own field for JPEG and PNG, in EXIF for
   * WebP and AVIF, and in any EXIF block that is kept. GIF can't store it. Default: none.
   */
  density?: number | null;
  /** Whether to keep the EXIF block (it may contain the place where a photo was taken). Default: `false`. */
  exif?: boolean;
  /** Whether to keep the ICC profile and leave the colours in its space. Default: `false` (converted to sRGB). */
  icc?: boolean;
  /** Whether to keep IPTC's fields, in Photoshop's block. Only JPEG can store them. Default: `false`. */
  iptc?: boolean;
  /**
   * The orientation tag to write, 1 to 8, into the EXIF block that is kept or else a new one; it doesn't rotate
   * the pixels. GIF can't store it, and AVIF viewers ignore it. Default: none.
   */
  orientation?: number | null;
  /**
   * The colour space of the output's pixels, embedded as its ICC profile; overrides `icc`. GIF can't store it,
   * and stays in sRGB. Default: sRGB, without a profile.
   */
  profile?: Profile | null;
  /** Whether to keep the XMP block. Default: `false`. */
  xmp?: boolean;
}

/** The colour channels of an output. */
export type Model =
  /** Grey stays grey, colours stay colours. */
  | 'auto'
  /** Three channels, even if all are grey. */
  | 'rgb'
  /** One channel. */
  | 'grey';

/**
 * Rotation and mirroring, in this order: upright, `rotate`, `flip`, `flop`. It comes before the crop and the
 * resize.
 */
export interface Orient {
  /** Whether to turn the image upright according to its EXIF orientation tag. Default: `true`. */
  auto?: boolean;
  /** Whether to mirror top to bottom. Default: `false`. */
  flip?: boolean;
  /** Whether to mirror left to right. Default: `false`. */
  flop?: boolean;
  /** Degrees to rotate clockwise: 0, 90, 180 or 270. Default: 0. */
  rotate?: number;
}

/** Which part `cover` keeps, and where `contain` puts the image: a name, or a focal point. */
export type Position =
  /** A side, a corner, the centre, or a search for the best part. */
  | Anchor
  /** The point to keep as close to the middle as possible, in fractions of the image: `{"x": 0.5, "y": 0.3}`. */
  | {
    /** 0 is the left edge, 1 the right one. */
    x: number;
    /** 0 is the top edge, 1 the bottom one. */
    y: number;
  };

/** A kind of image: libwebp's presets. */
export type Preset =
  /** Any. */
  | 'default'
  /** A portrait or an indoor shot. */
  | 'picture'
  /** An outdoor photograph. */
  | 'photo'
  /** A drawing with high-contrast lines. */
  | 'drawing'
  /** A small, colourful image. */
  | 'icon'
  /** Text. */
  | 'text';

/** The colour space of an output. */
export type Profile =
  | 'srgb'
  | 'p3'
  | ProfileIcc;

/** The RGB space of an ICC profile with primaries and curves: `{"icc": "<base64>"}`. Grey images become RGB. */
export interface ProfileIcc {
  icc: Base64;
}

/**
 * The layout of raw pixels: rows from the top, pixels from the left, channels interleaved, 8 bits each, no
 * padding.
 */
export interface Raw {
  /** 1 to 4: 1 (grey), 2 (grey, alpha), 3 (sRGB) or 4 (sRGB, alpha); alpha is not premultiplied. */
  channels: number;
  /** Height, in pixels, at least 1. */
  height: number;
  /** Width, in pixels, at least 1. */
  width: number;
}

/** The size to resize to. */
export interface Resize {
  /** The colour around an image with fit `contain`. Default: the plan's background. */
  background?: Colour | null;
  /** Whether the image may be enlarged. Default: `true`. */
  enlarge?: boolean;
  /** How the image fits the box. Default: `cover`. */
  fit?: Fit;
  /** Height of the box, in pixels, at least 1. Default: from the width and the aspect ratio. */
  height?: number | null;
  /** The resampling filter. Default: `lanczos3`. */
  kernel?: Kernel;
  /** What is averaged when pixels become one. Default: `encoded`. */
  light?: Light;
  /** Which part `cover` keeps, and where `contain` puts the image. Default: `centre`. */
  position?: Position;
  /** Whether the image may be reduced. Default: `true`. */
  reduce?: boolean;
  /** Width of the box, in pixels, at least 1. Default: from the height and the aspect ratio. */
  width?: number | null;
}

/** Where a layer's pixels come from. */
export type Source =
  | SourceFile
  | SourceSvg
  | SourceRaw
  | SourceCreate;

/** An image file: `{"file": "<base64>"}`. */
export interface SourceFile {
  file: Base64;
}

/** A drawing, with the feature `svg`: `{"svg": "<svg …>"}`. */
export interface SourceSvg {
  svg: string;
}

/** Raw pixels. */
export interface SourceRaw {
  raw: {
    /** Channels, 1 to 4: grey or RGB, with or without alpha. */
    channels: number;
    /** Height, in pixels. */
    height: number;
    /** The pixels. */
    pixels: Base64;
    /** Width, in pixels. */
    width: number;
  };
}

/** One colour. */
export interface SourceCreate {
  create: Create;
}

/** How much damage in the input is accepted. */
export type Tolerate =
  /** Any damage is an error. */
  | 'none'
  /** If a file ends too early, the part that arrived is used, with a warning. */
  | 'truncated'
  /**
   * Damage is tolerated, with a warning for each fault, as long as the whole image is present (for an animation, its
   * first frame).
   */
  | 'damage'
  /** Whatever can be decoded is used, with a warning for each fault. */
  | 'errors';

/** Trims borders of one colour. */
export interface Trim {
  /** The border's colour. Default: that of the top left pixel. */
  background?: Colour | null;
  /**
   * Whether the image is line art, in which single differing pixels count. Default: `false`: single pixels are
   * noise.
   */
  lineart?: boolean;
  /** Pixels of the border to keep. Default: 0. */
  margin?: number;
  /** How far a border's pixel may be from that colour, in levels of a channel, at least 0. Default: 10. */
  threshold?: number;
}

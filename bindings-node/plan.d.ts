// Generated from core/plan.schema.json by scripts/types.mjs: change the plan in the core instead.

/**
 * What to make of an image. `{}` re-encodes it in its own format, upright, in sRGB, stripped of metadata.
 *
 * The order is fixed, whatever the order of the keys: orient, trim, crop, resize, flatten, effects, model,
 * encode.
 */
export interface Plan {
  /** What space the input's colours are assumed to be in. Default: `profile`. */
  assume?: Assume;
  /**
   * The colour behind transparent pixels where the output has no alpha, and around a `contain`ed image.
   * Default: `#ffffff`.
   */
  background?: Colour;
  /** The part of the upright (and trimmed) image to use. Default: all of it. */
  crop?: Crop | null;
  /** Dots per inch at which a drawing (SVG) is drawn, 1 to 100,000: 144 makes it twice as large. Default: 72. */
  dpi?: number | null;
  /** What is done to the resized picture, in this order. Default: nothing. */
  effects?: Effect[];
  /**
   * The output's format and its options. Default: the input's format; PNG for the formats that are only
   * read, and for `raw` and `create`.
   */
  encode?: Encode | null;
  /**
   * Whether transparent pixels are laid on the background even where the output could keep them. Default:
   * `false`.
   */
  flatten?: boolean;
  /** Which frames of an animation are read. Default: `first`. */
  frames?: Frames;
  /** What the bytes are. The plans of one call have the same. Default: an image file. */
  input?: Input;
  /** What is kept of the input's metadata. Default: nothing. */
  metadata?: Metadata;
  /** The colour channels of the output. Default: `auto`, as they come. */
  model?: Model;
  /** Turning and mirroring. Default: upright, as the camera's orientation tag says. */
  orient?: Orient;
  /** The size to bring it to. Default: the size it has. */
  resize?: Resize | null;
  /** How much damage in the input is accepted. Default: `truncated`. */
  tolerate?: Tolerate;
  /** Whether borders of one colour are cut off before anything else is. Default: no. */
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

/** How a layer (the source) is mixed with what lies below it: the names of Porter and Duff, and of PDF's blend modes. */
export type Blend =
  /** Nothing is left. */
  | 'clear'
  /** The source alone. */
  | 'source'
  /** The source over the destination. */
  | 'over'
  /** The source where the destination is. */
  | 'in'
  /** The source where the destination is not. */
  | 'out'
  /** The source on the destination only. */
  | 'atop'
  /** The destination alone. */
  | 'dest'
  /** The destination over the source. */
  | 'dest-over'
  /** The destination where the source is: a mask. */
  | 'dest-in'
  /** The destination where the source is not. */
  | 'dest-out'
  /** The destination on the source only. */
  | 'dest-atop'
  /** Either, but not both. */
  | 'xor'
  /** The sum. */
  | 'add'
  /** The sum up to opaque. */
  | 'saturate'
  /** The product. */
  | 'multiply'
  /** The product of the opposites. */
  | 'screen'
  /** Multiply or screen, by the destination. */
  | 'overlay'
  /** The darker one. */
  | 'darken'
  /** The lighter one. */
  | 'lighten'
  /** The destination brightened by the source. */
  | 'colour-dodge'
  /** The destination darkened by the source. */
  | 'colour-burn'
  /** Multiply or screen, by the source. */
  | 'hard-light'
  /** Darken or lighten softly, by the source. */
  | 'soft-light'
  /** The difference. */
  | 'difference'
  /** As the difference, with less contrast. */
  | 'exclusion';

/** Chroma subsampling. */
export type Chroma =
  /** 4:2:0: half the columns and half the rows. */
  | '4:2:0'
  /** 4:2:2: half the columns. */
  | '4:2:2'
  /** 4:4:4: all of it. */
  | '4:4:4';

/** An sRGB colour, written as in CSS: `#fff`, `#ffffff`, `#ffffff80`, `white`, `black`, `transparent`. */
export type Colour = string;

/** A picture of one colour. */
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

/** A part of an image, in its pixels: of the upright image as a plan's `crop`, of the picture at that step as an effect. */
export interface Crop {
  /** Rows to keep. */
  height: number;
  /** Columns to leave out on the left. */
  left: number;
  /** Rows to leave out at the top. */
  top: number;
  /** Columns to keep. */
  width: number;
}

/** What a border shows. */
export type Edge =
  /** The background colour. */
  | 'background'
  /** The nearest pixel of the picture. */
  | 'copy'
  /** The picture again. */
  | 'repeat'
  /** The picture mirrored. */
  | 'mirror';

/**
 * One step: `{"effect": "blur", "sigma": 2}`. A grey picture stays grey through every step: a border's colour
 * counts by its luma, and a tint has nothing to do.
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

/** Cuts a part out. */
export interface EffectCrop {
  effect: 'crop';
  /** Rows to keep. */
  height: number;
  /** Columns to leave out on the left. */
  left: number;
  /** Rows to leave out at the top. */
  top: number;
  /** Columns to keep. */
  width: number;
}

/** Turns by any angle. */
export interface EffectRotate {
  effect: 'rotate';
  /** Degrees clockwise; may be negative. Default: 0. */
  angle?: number;
  /** The colour of the corners. Default: the plan's background. */
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
  /** What the border shows. Default: `background`. */
  edge?: Edge;
  /** Columns to add on the left. Default: 0. */
  left?: number;
  /** Columns to add on the right. Default: 0. */
  right?: number;
  /** Rows to add at the top. Default: 0. */
  top?: number;
}

/** Turns colours to grey. */
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
  /** What is added. Default: `[0]`. */
  offset?: number[];
  /** Factors. Default: `[1]`. */
  slope?: number[];
}

/** Turns every value into its opposite. */
export interface EffectNegate {
  effect: 'negate';
  /** Whether alpha is negated too. Default: `true`. */
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

/** Black below, white from a value on. */
export interface EffectThreshold {
  effect: 'threshold';
  /** Whether the picture is turned to grey first; otherwise each channel is cut by itself. Default: `true`. */
  greyscale?: boolean;
  /** The lowest value that becomes white, 0 to 255. Default: 128. */
  value?: number;
}

/** Colours by one hue, keeps the lightness. */
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
  /** Degrees to turn the hue by. Default: 0. */
  hue?: number;
  /** What is added to the lightness, which is 0 to 100. Default: 0. */
  lightness?: number;
  /** A factor for the saturation. Default: 1. */
  saturation?: number;
}

/** Replaces each pixel by the median of its surroundings. */
export interface EffectMedian {
  effect: 'median';
  /** The square's side, in pixels, 1 to 1000. Default: 3. */
  size?: number;
}

/** Blurs. */
export interface EffectBlur {
  effect: 'blur';
  /** Where the tails of the Gaussian are cut off, as a part of its height, 0.001 to 1. Default: 0.2. */
  amplitude?: number;
  /** Standard deviation of the Gaussian, in pixels, 0.3 to 1000. Default: none, which averages 3 × 3 pixels. */
  sigma?: number | null;
}

/** Sharpens. */
export interface EffectSharpen {
  effect: 'sharpen';
  /** Most that is brightened. Default: 10. */
  brighten?: number;
  /** Most that is darkened. Default: 20. */
  darken?: number;
  /** Strength in flat parts. Default: 1. */
  flat?: number;
  /** Strength in jagged parts. Default: 2. */
  jagged?: number;
  /**
   * Standard deviation of the Gaussian, in pixels, up to 10. Default: none, which is a fast and mild 3 × 3
   * sharpening.
   */
  sigma?: number | null;
  /** The difference in lightness from which a part is jagged. Default: 2. */
  threshold?: number;
}

/** Lays other pictures on it. */
export interface EffectComposite {
  effect: 'composite';
  /** The pictures. */
  layers?: Layer[];
}

/** Adds an alpha channel if there is none. */
export interface EffectEnsureAlpha {
  effect: 'ensure-alpha';
  /** Its value, 0 (transparent) to 1. Default: 1. */
  value?: number;
}

/** Drops the alpha channel. */
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
   * Effort for fewer bytes at the same quality, 0 to 9: from 3 on Huffman tables made for the picture, from 5 on
   * trellis quantisation, from 7 on a progressive file whose scans are chosen by trying. Default: 3.
   */
  effort?: number;
  /** Whether the Huffman tables are made for the picture at an `effort` below 3 too. Default: `false`. */
  optimise?: boolean;
  /** Whether the picture comes in passes from coarse to fine. Default: `false`. */
  progressive?: boolean;
  /** Quality, 1 to 100, on libjpeg's scale. Default: 80. */
  quality?: number;
}

/** PNG. */
export interface EncodePng {
  format: 'png';
  /**
   * Whether each row gets the filter that suits it best; if not, all get the same: the row above taken off at a
   * `compression` of 1 to 5, and none at 6 to 9 and for a palette. Default: `true` from a `compression` of 2 on,
   * but `false` for a palette.
   */
  adaptive?: boolean | null;
  /** Most colours in the palette, 2 to 256. Default: 256. */
  colours?: number;
  /**
   * Compression, 0 (none) to 9 (smallest and slowest): 1 is a fast method of one filter, 2 to 5 one of five
   * filters that is smaller than zlib's level 5 in a sixth of its time, 6 to 9 are zlib's levels. Default: 2.
   */
  compression?: number;
  /** Strength of the dithering of a palette image, 0 to 100. Default: 100. */
  dither?: number;
  /** Whether colours are reduced to a palette. Default: `false`. */
  palette?: boolean;
  /** Whether the picture comes in seven passes from coarse to fine (Adam7), for more bytes. Default: `false`. */
  progressive?: boolean;
  /**
   * Quality of a palette image, 0 to 100: below 100 it gets only as many of its `colours` as it needs to come
   * that near to the picture. Default: 100.
   */
  quality?: number;
  /**
   * Whether channels without content are left out: alpha that is opaque everywhere, colours that are all grey.
   * Default: `true`.
   */
  reduce?: boolean;
}

/** WebP. */
export interface EncodeWebp {
  format: 'webp';
  /** Quality of the alpha channel, 0 to 100. Default: 100. */
  alpha?: number;
  /** How long each frame of an animation is shown, in milliseconds. Default: as long as the input's. */
  delay?: number | null;
  /** Effort, 0 (fastest) to 6 (smallest). Default: 4. */
  effort?: number;
  /** Whether the colours of transparent pixels are kept. Default: `false`. */
  exact?: boolean;
  /** How often an animation plays, 0 for ever. Default: as often as the input's. */
  loops?: number | null;
  /** Whether every pixel is kept. Default: `false`. */
  lossless?: boolean;
  /**
   * With `lossless`, how near to the picture pixels stay where a change makes the file smaller, 0 (farthest) to
   * 100 (the same). Default: 100.
   */
  near?: number;
  /** What kind of picture lossy compression is tuned for. Default: `default`. */
  preset?: Preset;
  /** Quality, 0 to 100; for `lossless` the effort spent on size. Default: 80. */
  quality?: number;
  /** Whether chroma is halved with an eye on sharp edges between colours, which takes longer. Default: `false`. */
  sharp?: boolean;
}

/** GIF. */
export interface EncodeGif {
  format: 'gif';
  /**
   * How far the colour of a pixel may be from what is shown there to stay as it is, 0 to 32 levels: the farther,
   * the smaller an animation without transparency. Default: 0.
   */
  change?: number;
  /** Most colours in a frame, 2 to 256. Default: 256. */
  colours?: number;
  /**
   * How long each frame of an animation is shown, in milliseconds; GIF counts in tens. Default: as long as the
   * input's.
   */
  delay?: number | null;
  /** Strength of the dithering, 0 to 100. Default: 100. */
  dither?: number;
  /**
   * Whether a frame that equals the one before it is written; if not, the one before it is shown for longer.
   * Default: `true`.
   */
  duplicates?: boolean;
  /** How often an animation plays, 0 for ever. Default: as often as the input's. */
  loops?: number | null;
  /** Whether the rows of a frame come in four passes from coarse to fine. Default: `false`. */
  progressive?: boolean;
}

/** AVIF; needs the feature `avif`. */
export interface EncodeAvif {
  format: 'avif';
  /** Chroma subsampling. Default: `4:2:0`. */
  chroma?: Chroma;
  /** Effort, 0 (fastest) to 9 (smallest). Default: 4. */
  effort?: number;
  /** Whether every pixel is kept, whatever `quality` and `chroma` say. Default: `false`. */
  lossless?: boolean;
  /** Quality, 1 to 100. Default: 50. */
  quality?: number;
}

/** Pixels without a header, 8 bits a channel, interleaved. */
export interface EncodeRaw {
  format: 'raw';
}

/** How an image fits a box: the words of CSS `object-fit`, and `outside`. */
export type Fit =
  /** Fills the box, keeps the aspect ratio, cuts off what is over. */
  | 'cover'
  /** Fits into the box, keeps the aspect ratio, fills the rest with the background. */
  | 'contain'
  /** Fills the box, without regard to the aspect ratio. */
  | 'fill'
  /** As large as possible within the box; the output may be smaller than the box in one direction. */
  | 'inside'
  /** As small as possible around the box; the output may be larger than the box in one direction. */
  | 'outside';

/** Which frames of an animation are read. */
export type Frames =
  | 'first'
  | 'all'
  | FramesRange;

/**
 * Some that follow one another: `{"range": {"start": 2, "count": 1}}`; the first of these, if the output's format
 * can't hold an animation.
 */
export interface FramesRange {
  range: {
    /** How many are read, at least 1; fewer if the animation ends. */
    count: number;
    /** The first one that is read, counted from 0. */
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

/** Nothing: the picture is one colour; no bytes are given. */
export interface InputCreate {
  create: Create;
}

/** A resampling filter. */
export type Kernel =
  /** The nearest sample: hard edges, for pixel art. */
  | 'nearest'
  /** The average of what a pixel covers. */
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

/** A picture to lay on another. */
export interface Layer {
  /** Where its pixels come from. */
  source: Source;
  /** How the two are mixed. Default: `over`. */
  blend?: Blend;
  /** Columns from the left edge; may be negative. Default: as `position` says. Given together with `top`. */
  left?: number | null;
  /** Where it goes if `left` and `top` are not given. Default: `centre`. */
  position?: Anchor;
  /** Whether it is repeated all over the picture. Default: `false`. */
  tile?: boolean;
  /** Rows from the top edge; may be negative. */
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
 * What is kept of the input's metadata, and what is written of its own. An EXIF block that is kept has its
 * orientation tag set to upright if the pixels were turned, so that no viewer turns the picture twice.
 */
export interface Metadata {
  /**
   * The density to write, 1 to 65,535 dots per inch: for JPEG and PNG in the format's own way, for WebP and AVIF
   * in EXIF, and in an EXIF block that is kept. GIF has no place for it. Default: none.
   */
  density?: number | null;
  /** Whether the EXIF block is kept (it may hold the place where a photo was taken). Default: `false`. */
  exif?: boolean;
  /** Whether the ICC profile is kept, and the colours left in its space. Default: `false` (converted to sRGB). */
  icc?: boolean;
  /**
   * The orientation tag to write, 1 to 8, into the EXIF block that is kept or else into a new one; the pixels are
   * not turned by it. GIF has no place for it, and viewers of AVIF don't look at it. Default: none.
   */
  orientation?: number | null;
  /**
   * The colour space of the output's pixels, embedded as its ICC profile; `icc` does not count then. GIF has no
   * place for it, and keeps sRGB. Default: sRGB, without a profile.
   */
  profile?: Profile | null;
  /** Whether the XMP block is kept. Default: `false`. */
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

/** Turning and mirroring, in this order: upright, `rotate`, `flip`, `flop`. It comes before the crop and the resize. */
export interface Orient {
  /** Whether the image is turned upright as its EXIF orientation tag says. Default: `true`. */
  auto?: boolean;
  /** Whether to mirror top to bottom. Default: `false`. */
  flip?: boolean;
  /** Whether to mirror left to right. Default: `false`. */
  flop?: boolean;
  /** Degrees to turn clockwise: 0, 90, 180 or 270. Default: 0. */
  rotate?: number;
}

/** Which part `cover` keeps, and where `contain` puts the image: a name, or a focal point. */
export type Position =
  /** A side, a corner, the centre, or a search. */
  | Anchor
  /** The point to keep as near the middle as possible, in fractions of the image: `{"x": 0.5, "y": 0.3}`. */
  | {
    /** 0 is the left edge, 1 the right one. */
    x: number;
    /** 0 is the top edge, 1 the bottom one. */
    y: number;
  };

/** A kind of picture: libwebp's presets. */
export type Preset =
  /** Any. */
  | 'default'
  /** A portrait or an indoor shot. */
  | 'picture'
  /** An outdoor photograph. */
  | 'photo'
  /** A drawing with lines of high contrast. */
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

/** The RGB space of an ICC profile with primaries and curves: `{"icc": "<base64>"}`. Grey pictures become RGB. */
export interface ProfileIcc {
  icc: Base64;
}

/** How raw pixels lie: rows from the top, pixels from the left, channels interleaved, 8 bits each, nothing in between. */
export interface Raw {
  /** 1 to 4: 1 (grey), 2 (grey, alpha), 3 (sRGB) or 4 (sRGB, alpha); alpha is not premultiplied. */
  channels: number;
  /** Height, in pixels, at least 1. */
  height: number;
  /** Width, in pixels, at least 1. */
  width: number;
}

/** The size to bring the image to. */
export interface Resize {
  /** The colour around a `contain`ed image. Default: the plan's background. */
  background?: Colour | null;
  /** Whether the image may become larger than it is. Default: `true`. */
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
  /** Whether the image may become smaller than it is. Default: `true`. */
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
  /** A file that ends too early gives the part that arrived, with a warning. */
  | 'truncated'
  /**
   * Damage is passed over, with a warning for each fault, as long as the image is all there; of an animation its
   * first frame.
   */
  | 'damage'
  /** Whatever can be decoded is, with a warning for each fault. */
  | 'errors';

/** Cutting off borders of one colour. */
export interface Trim {
  /** The border's colour. Default: that of the top left pixel. */
  background?: Colour | null;
  /** Whether the picture is a drawing: single pixels that differ count. Default: `false`, single pixels are noise. */
  lineart?: boolean;
  /** Pixels of the border to leave. Default: 0. */
  margin?: number;
  /** How far a border's pixel may be from that colour, in levels of a channel, at least 0. Default: 10. */
  threshold?: number;
}

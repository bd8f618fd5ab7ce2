// The options of `keenpix/sharp`: what `sharp()` and the methods of a chain take. sharp.d.ts has the methods.

/** Where an image can come from; streams, blobs and bodies are read once, when the chain runs. */
export type SharpInput =
  | Buffer
  | Uint8Array
  | Uint8ClampedArray
  | ArrayBuffer
  | SharedArrayBuffer
  | string
  | Blob
  | NodeJS.ReadableStream
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | { transformToByteArray(): Promise<Uint8Array> };

/** How the input is read. */
export interface SharpOptions {
  /** How much damage is an error. Default: `warning`, meaning any damage. */
  failOn?: FailOn;
  /** The older spelling: `false` is `failOn: 'none'`. */
  failOnError?: boolean;
  /** Maximum pixels of the input; `false` or 0 for no limit. Default: 268402689. */
  limitInputPixels?: number | boolean;
  /** Maximum channels of the input; `false` or 0 for no limit. Default: 5. */
  limitInputChannels?: number | boolean;
  /** Lifts the limits on memory and input length. Default: `false`. */
  unlimited?: boolean;
  /** Applies the EXIF orientation. Default: `false`. */
  autoOrient?: boolean;
  /** Treats colours as sRGB, whatever the profile. Default: `false`. */
  ignoreIcc?: boolean;
  /** No effect: rows are read sequentially wherever the format allows it. */
  sequentialRead?: boolean;
  /** Dots per inch at which an SVG is drawn, 1 to 100000. Default: 72. */
  density?: number;
  /** All frames: the same as `pages: -1`. Default: `false`. */
  animated?: boolean;
  /** Number of frames, up to 100000; -1 for all. Default: 1. */
  pages?: number;
  /** The first frame, 0 to 100000. Default: 0. */
  page?: number;
  /** The input is raw pixels without a header. */
  raw?: CreateRaw;
  /** Creates an image of one colour; there is no input. */
  create?: Create;
}

/**
 * The kinds of damage for which an input is refused. `truncated`: it ends early. `error`: that, or data that makes no
 * sense. `warning`: both, or anything odd. `none`: nothing is refused, and whatever can be decoded is used.
 */
export type FailOn = 'none' | 'truncated' | 'error' | 'warning';

/** Grey, grey with alpha, RGB, RGB with alpha. */
export type Channels = 1 | 2 | 3 | 4;

/** The size of raw pixels, with 8 bits per channel. */
export interface Raw {
  /** Pixels in a row, 1 to 100000000. */
  width: number;
  /** Rows, 1 to 100000000. */
  height: number;
  /** Bytes per pixel, 1 to 4. */
  channels: Channels;
}

/** Pixels as an input. */
export interface CreateRaw extends Raw {
  /** Whether colours are premultiplied by alpha: they must not be. Default: `false`. */
  premultiplied?: false;
  /** Rows of a page: all of them, because there is only one page. Default: `height`. */
  pageHeight?: number;
}

/** An image of one colour. */
export interface Create {
  /** Pixels in a row, 1 to 100000000. */
  width: number;
  /** Rows, 1 to 100000000. */
  height: number;
  /** 3, or 4 for one with alpha. */
  channels: 3 | 4;
  /** The colour. */
  background: Colour;
}

/** A colour as numbers; missing values are 0, and `alpha` is 1. */
export interface RGBA {
  /** Red, 0 to 255. */
  r?: number;
  /** Green, 0 to 255. */
  g?: number;
  /** Blue, 0 to 255. */
  b?: number;
  /** Opacity, 0 to 1. Default: 1. */
  alpha?: number;
}

/** A colour: CSS (`'white'`, `'#ffffff80'`, `'rgb(255 255 255 / 50%)'`), or numbers in one of these models. */
export type Colour =
  | string
  | RGBA
  | readonly [red: number, green: number, blue: number, alpha?: number]
  | { h: number; s: number; l: number; alpha?: number }
  | { h: number; s: number; v: number; alpha?: number }
  | { h: number; w: number; b: number; alpha?: number }
  | { c: number; m: number; y: number; k: number; alpha?: number }
  | { l: number; a: number; b: number; alpha?: number }
  | { l: number; c: number; h: number; alpha?: number }
  | { gray: number; alpha?: number };

/** A part of an image, which must lie within it. */
export interface Region {
  /** Pixels from the left edge, from 0. */
  left: number;
  /** Pixels from the top edge, from 0. */
  top: number;
  /** Width, from 1. */
  width: number;
  /** Height, from 1. */
  height: number;
}

/** What `fit` may be. */
export type Fit = 'contain' | 'cover' | 'fill' | 'inside' | 'outside';

/** What `kernel` may be. */
export type Kernel = 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3';

/** Options of `resize()`. */
export interface ResizeOptions {
  /** Width in pixels, 1 to 100000000. Default: from the height, in proportion. */
  width?: number | null;
  /** Height in pixels, 1 to 100000000. Default: from the width, in proportion. */
  height?: number | null;
  /** How the image fits width and height if both are given. Default: `cover`. */
  fit?: Fit;
  /** Which part `cover` keeps, and where `contain` puts the image: a gravity, side or strategy. Default: `centre`. */
  position?: number | string;
  /** Colour around the image with `contain`. Default: black. */
  background?: Colour;
  /**
   * The filter for shrinking. `nearest` and `linear` are used for enlarging too; otherwise `cubic` is. Default:
   * `lanczos3`.
   */
  kernel?: Kernel;
  /** Leaves smaller images at their size. Default: `false`. */
  withoutEnlargement?: boolean;
  /** Leaves larger images at their size. Default: `false`. */
  withoutReduction?: boolean;
  /** Rounds sizes as sharp does when its decoder shrinks; pixels stay exact. Default: `true`. */
  fastShrinkOnLoad?: boolean;
}

/** How the new edges of `extend()` are filled. */
export type ExtendWith = 'background' | 'copy' | 'repeat' | 'mirror';

/** Options of `extend()`: pixels to add on each side. */
export interface ExtendOptions {
  /** Pixels at the top, 0 to 100000000. Default: 0. */
  top?: number;
  /** Pixels on the left, 0 to 100000000. Default: 0. */
  left?: number;
  /** Pixels at the bottom, 0 to 100000000. Default: 0. */
  bottom?: number;
  /** Pixels on the right, 0 to 100000000. Default: 0. */
  right?: number;
  /** Colour of the new pixels. Default: black. */
  background?: Colour;
  /** What the new pixels show. Default: `background`. */
  extendWith?: ExtendWith;
}

/** Options of `trim()`. */
export interface TrimOptions {
  /** Colour to remove. Default: that of the top left pixel. */
  background?: Colour;
  /** How far a pixel may differ from that colour, from 0. Default: 10. */
  threshold?: number;
  /** Whether the image is line art, whose thin lines are kept. Default: `false`. */
  lineArt?: boolean;
  /** Pixels to leave around the content found, 0 to 10000000. Default: 0. */
  margin?: number;
}

/** Options of `rotate()`. */
export interface RotateOptions {
  /** Colour of the corners that the rotation uncovers. Default: black. */
  background?: Colour;
}

/** Options of `flatten()`. */
export interface FlattenOptions {
  /** Background colour for transparent areas. Default: black. */
  background?: Colour;
}

/** Options of `negate()`. */
export interface NegateOptions {
  /** Whether alpha is inverted too. Default: `true`. */
  alpha?: boolean;
}

/** The precision of `blur()`. */
export type Precision = 'integer' | 'float' | 'approximate';

/** Options of `blur()`. */
export interface BlurOptions {
  /** Standard deviation of the Gaussian, 0.3 to 1000. */
  sigma: number;
  /** How exact sharp is; keenpix is equally exact with each. Default: `integer`. */
  precision?: Precision;
  /** Where the tails of the Gaussian are cut off, 0.001 to 1. Default: 0.2. */
  minAmplitude?: number;
}

/** Options of `sharpen()`. */
export interface SharpenOptions {
  /** Standard deviation of the Gaussian that finds edges, 0.000001 to 10. */
  sigma: number;
  /** How much flat areas are sharpened, 0 to 1000000. Default: 1. */
  m1?: number;
  /** How much jagged areas are sharpened, 0 to 1000000. Default: 2. */
  m2?: number;
  /** Where flat ends and jagged begins, 0 to 1000000. Default: 2. */
  x1?: number;
  /** Maximum that a pixel is brightened, 0 to 1000000. Default: 10. */
  y2?: number;
  /** Maximum that a pixel is darkened, 0 to 1000000. Default: 20. */
  y3?: number;
}

/** Options of `normalise()`. */
export interface NormaliseOptions {
  /** Percentile of lightness that becomes black, 0 to 99. Default: 1. */
  lower?: number;
  /** Percentile of lightness that becomes white, 1 to 100. Default: 99. */
  upper?: number;
}

/** Options of `threshold()`. */
export interface ThresholdOptions {
  /**
   * Whether lightness decides for all channels, or each channel for itself. Default: `true` without options, `false`
   * with some.
   */
  greyscale?: boolean;
  /** The same as `greyscale`. */
  grayscale?: boolean;
}

/** Options of `modulate()`. */
export interface ModulateOptions {
  /** Lightness is multiplied by this, from 0. Default: 1. */
  brightness?: number;
  /** Chroma is multiplied by this, from 0. Default: 1. */
  saturation?: number;
  /** Hues are rotated by this many degrees, a whole number. Default: 0. */
  hue?: number;
  /** This is added to lightness. Default: 0. */
  lightness?: number;
}

/** A layer for `composite()`. It also takes the options of an input: `density`, `page`, `raw`, … */
export interface OverlayOptions extends SharpOptions {
  /** The image to put on top; no larger than the one below. */
  input: SharpInput | { create: Create };
  /** How the two are blended. Default: `over`. */
  blend?: Blend;
  /** Where the layer goes without `top` and `left`. Default: `centre`. */
  gravity?: Gravity;
  /** Pixels from the top edge, -100000000 to 100000000; needs `left`. */
  top?: number;
  /** Pixels from the left edge, -100000000 to 100000000; needs `top`. */
  left?: number;
  /** Repeats the layer over the whole image. Default: `false`. */
  tile?: boolean;
}

/** How a layer is blended with what is below it: the Porter-Duff operators and the blend modes of the PDF standard. */
export type Blend =
  | 'clear'
  | 'source'
  | 'over'
  | 'in'
  | 'out'
  | 'atop'
  | 'dest'
  | 'dest-over'
  | 'dest-in'
  | 'dest-out'
  | 'dest-atop'
  | 'xor'
  | 'add'
  | 'saturate'
  | 'multiply'
  | 'screen'
  | 'overlay'
  | 'darken'
  | 'lighten'
  | 'colour-dodge'
  | 'color-dodge'
  | 'colour-burn'
  | 'color-burn'
  | 'hard-light'
  | 'soft-light'
  | 'difference'
  | 'exclusion';

/** A side, a corner or the centre, by sharp's number (0 to 8) or by name: `'southeast'`. */
export type Gravity = number | string;

/** Options of all output formats. */
export interface OutputOptions {
  /** `false` sets the options and keeps the format. Default: `true`. */
  force?: boolean;
}

/** Options of `jpeg()`. */
export interface JpegOptions extends OutputOptions {
  /** Quality, 1 to 100. Default: 80. */
  quality?: number;
  /** Stores the image in passes, each finer than the one before. Default: `false`. */
  progressive?: boolean;
  /** Chroma at half or at full resolution. Default: `4:2:0`. */
  chromaSubsampling?: '4:2:0' | '4:4:4';
  /** Computes Huffman tables for the image: fewer bytes. Default: `true`. */
  optimiseCoding?: boolean;
  /** The same as `optimiseCoding`. */
  optimizeCoding?: boolean;
  /** Everything that makes the file smaller at the same visual quality; takes longer. Default: `false`. */
  mozjpeg?: boolean;
  /** Chooses coefficients by their cost: more effort, fewer bytes. Default: `false`. */
  trellisQuantisation?: boolean;
  /** The same as `trellisQuantisation`. */
  trellisQuantization?: boolean;
  /** No effect: what it fixes in sharp's encoder, keenpix's tables keep small. Default: `false`. */
  overshootDeringing?: boolean;
  /** Searches for the passes that take the fewest bytes; implies `progressive`. Default: `false`. */
  optimiseScans?: boolean;
  /** The same as `optimiseScans`. */
  optimizeScans?: boolean;
  /** No effect: the only set of tables is close to number 3. Default: 0. */
  quantisationTable?: 0 | 3;
  /** The same as `quantisationTable`. */
  quantizationTable?: 0 | 3;
}

/** Options of `png()`. */
export interface PngOptions extends OutputOptions {
  /** Interlaced (Adam7): a rough image comes first. Default: `false`. */
  progressive?: boolean;
  /** Effort of zlib, 0 to 9. Default: a faster method that makes smaller files than level 6. */
  compressionLevel?: number;
  /** Chooses a filter for each row. Default: `false`. */
  adaptiveFiltering?: boolean;
  /** Reduces colours to a palette. Default: `false`, unless an option of palettes is given. */
  palette?: boolean;
  /** Uses the fewest colours that reach this quality, 0 to 100; asks for a palette. Default: 100. */
  quality?: number;
  /** How much time sharp spends on the palette, 1 to 10: its only effect here is to ask for one. Default: 7. */
  effort?: number;
  /** Maximum colours of the palette, 2 to 256, rounded up to 2, 4, 16 or 256; asks for a palette. Default: 256. */
  colours?: number;
  /** The same as `colours`. */
  colors?: number;
  /** How much error is diffused to neighbours, 0 to 1; asks for a palette. Default: 1. */
  dither?: number;
}

/** How an animation plays. */
export interface AnimationOptions {
  /** How many times the animation plays, 0 to 65535; 0 for forever. Default: as in the input. */
  loop?: number;
  /** How long each frame is shown, 0 to 65535 milliseconds; the same for all. Default: as in the input. */
  delay?: number | number[];
}

/** Options of `webp()`. */
export interface WebpOptions extends OutputOptions, AnimationOptions {
  /** Quality, 1 to 100. Default: 80. */
  quality?: number;
  /** Quality of alpha, 0 to 100. Default: 100, lossless. */
  alphaQuality?: number;
  /** Keeps every pixel. Default: `false`. */
  lossless?: boolean;
  /** Lossless after changing pixels slightly; `quality` says how slightly. Default: `false`. */
  nearLossless?: boolean;
  /** Preserves sharp edges in chroma subsampling. Default: `false`. */
  smartSubsample?: boolean;
  /** How much time is spent, 0 to 6. Default: 4. */
  effort?: number;
  /** Only `false`: frames of animations are compressed one by one. */
  minSize?: false;
  /** Only `false`: an animation is lossy or lossless as a whole. */
  mixed?: false;
  /** Keeps the colours of transparent pixels. Default: `false`. */
  exact?: boolean;
  /** The kind of image to tune the encoder for. Default: `default`. */
  preset?: 'default' | 'photo' | 'picture' | 'drawing' | 'icon' | 'text';
}

/** Options of `gif()`. */
export interface GifOptions extends OutputOptions, AnimationOptions {
  /** Maximum colours of a frame's palette, 2 to 256, rounded up to 2, 4, 16 or 256. Default: 256. */
  colours?: number;
  /** The same as `colours`. */
  colors?: number;
  /** How much time sharp spends on the palettes, 1 to 10: no effect here. Default: 7. */
  effort?: number;
  /** How much error is diffused to neighbours, 0 to 1. Default: 1. */
  dither?: number;
  /** Whether sharp may reuse the input's palettes, to save time: no effect here. Default: `true`. */
  reuse?: boolean;
  /** How far a pixel may differ from the one shown before and still be left unchanged, 0 to 32 levels. Default: 0. */
  interFrameMaxError?: number;
  /**
   * How far colours may differ from a palette before a frame gets its own, 0 to 256; here every frame has its own.
   * Default: 3.
   */
  interPaletteMaxError?: number;
  /** Keeps frames that equal the one before; otherwise that one is shown for longer. Default: `false`. */
  keepDuplicateFrames?: boolean;
  /** Interlaced: a rough image comes first. Default: `false`. */
  progressive?: boolean;
}

/** Options of `avif()`. */
export interface AvifOptions extends OutputOptions {
  /** Quality, 1 to 100. Default: 50. */
  quality?: number;
  /** Keeps every pixel. Default: `false`. */
  lossless?: boolean;
  /** How much time is spent, 0 to 9. Default: 4. */
  effort?: number;
  /** Chroma at half or at full resolution. Default: `4:4:4`. */
  chromaSubsampling?: '4:2:0' | '4:4:4';
  /** Bits per channel: 8. */
  bitdepth?: 8;
}

/** Options of `heif()`. */
export interface HeifOptions extends AvifOptions {
  /** AV1, the only royalty-free one. */
  compression: 'av1';
}

/** Options of `raw()`. */
export interface RawOptions {
  /** Bytes: raw outputs have 8 bits per channel. Default: `uchar`. */
  depth?: 'uchar';
}

/** Options of `withIccProfile()`. */
export interface WithIccProfileOptions {
  /** Whether the profile is embedded. Default: `true`. */
  attach?: boolean;
}

/** Options of `timeout()`. */
export interface TimeoutOptions {
  /** Whole seconds, 0 to 3600; 0 for no limit. */
  seconds: number;
}

/** Options of `withMetadata()`. */
export interface WriteableMetadata {
  /** The EXIF orientation to write, 1 to 8. Default: upright if the image was rotated, else the input's. */
  orientation?: number;
  /** Dots per inch to write, above 0. Default: the input's. */
  density?: number;
  /** The colour space of the output. Default: `srgb`. */
  icc?: 'srgb' | 'p3';
}

/** Options of `toBuffer()`. */
export interface BufferOptions {
  /** Returns `{ data, info }` instead of just the bytes. Default: `false`. */
  resolveWithObject?: boolean;
  /** Stops the work. Default: none. */
  signal?: AbortSignal;
}

/** What `sharp.cache()` takes. Nothing is cached: the limits are remembered but have no effect. */
export interface CacheOptions {
  /** Maximum megabytes. Default: 50. */
  memory?: number;
  /** Maximum open files. Default: 20. */
  files?: number;
  /** Maximum operations. Default: 100. */
  items?: number;
}

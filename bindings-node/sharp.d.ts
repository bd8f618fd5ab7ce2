// Types of `keenpix/sharp`; sharp-options.d.ts has the options of its methods. Methods without a counterpart in keenpix
// are not declared: calling them is a type error, and throws.

import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import type * as keenpix from './index';
import type * as options from './sharp-options';

/** A chain over bytes that are written to it, or over an image that `options.create` makes. */
declare function sharp(options?: sharp.SharpOptions): sharp.Sharp;
/**
 * A chain over an image: its bytes, the path of its file, or a stream of it. Nothing is read before an output is asked
 * for.
 */
declare function sharp(input: sharp.SharpInput, options?: sharp.SharpOptions): sharp.Sharp;

declare namespace sharp {
  type SharpInput = options.SharpInput;
  type SharpOptions = options.SharpOptions;
  type FailOn = options.FailOn;
  type Channels = options.Channels;
  type Raw = options.Raw;
  type CreateRaw = options.CreateRaw;
  type Create = options.Create;
  type RGBA = options.RGBA;
  type Colour = options.Colour;
  type Region = options.Region;
  type Fit = options.Fit;
  type Kernel = options.Kernel;
  type ResizeOptions = options.ResizeOptions;
  type ExtendWith = options.ExtendWith;
  type ExtendOptions = options.ExtendOptions;
  type TrimOptions = options.TrimOptions;
  type RotateOptions = options.RotateOptions;
  type FlattenOptions = options.FlattenOptions;
  type NegateOptions = options.NegateOptions;
  type Precision = options.Precision;
  type BlurOptions = options.BlurOptions;
  type SharpenOptions = options.SharpenOptions;
  type NormaliseOptions = options.NormaliseOptions;
  type ThresholdOptions = options.ThresholdOptions;
  type ModulateOptions = options.ModulateOptions;
  type OverlayOptions = options.OverlayOptions;
  type Blend = options.Blend;
  type Gravity = options.Gravity;
  type OutputOptions = options.OutputOptions;
  type JpegOptions = options.JpegOptions;
  type PngOptions = options.PngOptions;
  type AnimationOptions = options.AnimationOptions;
  type WebpOptions = options.WebpOptions;
  type GifOptions = options.GifOptions;
  type AvifOptions = options.AvifOptions;
  type HeifOptions = options.HeifOptions;
  type RawOptions = options.RawOptions;
  type WithIccProfileOptions = options.WithIccProfileOptions;
  type TimeoutOptions = options.TimeoutOptions;
  type WriteableMetadata = options.WriteableMetadata;
  type BufferOptions = options.BufferOptions;
  type CacheOptions = options.CacheOptions;
  // Aliases.
  type FailOnOptions = FailOn;
  type Color = Colour;
  type NormalizeOptions = NormaliseOptions;

  /** Facts about an output. */
  interface OutputInfo {
    /** The format: `jpeg`, `png`, `webp`, `gif`, `raw`, or `heif` for AVIF. */
    format: string;
    /** Length in bytes. */
    size: number;
    /** Width in pixels. */
    width: number;
    /** Height in pixels; for an animation, of all frames stacked on top of each other. */
    height: number;
    /** Channels of the pixels. */
    channels: Channels;
    /** Whether colours were multiplied by alpha on the way. */
    premultiplied: boolean;
    /** Whether there is an alpha channel. */
    hasAlpha: boolean;
    /** Type of a sample, of raw pixels. */
    depth?: 'uchar';
    /** Where the crop of `cover` begins, from the left edge: 0 or less. */
    cropOffsetLeft?: number;
    /** Where the crop of `cover` begins, from the top edge: 0 or less. */
    cropOffsetTop?: number;
    /** The point of interest found by `attention`: pixels from the left edge. */
    attentionX?: number;
    /** The point of interest found by `attention`: pixels from the top edge. */
    attentionY?: number;
    /** What `trim()` removed on the left: 0 or less. */
    trimOffsetLeft?: number;
    /** What `trim()` removed at the top: 0 or less. */
    trimOffsetTop?: number;
    /** Number of frames of an animation. */
    pages?: number;
    /** Height of a frame of an animation. */
    pageHeight?: number;
  }

  /** The media types that `metadata()` reports. */
  type MediaType =
    | 'image/jpeg'
    | 'image/png'
    | 'image/webp'
    | 'image/gif'
    | 'image/avif'
    | 'image/svg+xml'
    | 'image/bmp'
    | 'image/x-icon';

  /** What the header says: the image as stored, whatever the chain does. */
  interface Metadata {
    /** The format: `jpeg`, `png`, `webp`, `gif`, `svg`, `bmp`, `ico`, `raw`, or `heif` for AVIF. */
    format: string;
    /** The media type of the format. */
    mediaType?: MediaType;
    /** Length in bytes, for inputs that aren't files. */
    size?: number;
    /** Width in pixels, before the EXIF orientation is applied. */
    width: number;
    /** Height in pixels, before the EXIF orientation is applied; with several pages, of all of them. */
    height: number;
    /** Width and height with the EXIF orientation applied. */
    autoOrient: { width: number; height: number };
    /** Colour space: `srgb`, `b-w`, `cmyk`, `rgb16`, `grey16`. */
    space: string;
    /** Channels of the pixels. */
    channels: Channels;
    /** Type of a sample: `uchar`, or `ushort` for 16 bits. */
    depth: string;
    /** Dots per inch, if the file says so. */
    density?: number;
    /** Chroma subsampling of a JPEG: `4:4:4`, or `4:2:0` for anything lower. */
    chromaSubsampling?: string;
    /** Whether it is stored in passes. */
    isProgressive: boolean;
    /** Whether pixels are indices into a palette. */
    isPalette: boolean;
    /** Bits per sample as stored, for PNG, GIF and AVIF. */
    bitsPerSample?: number;
    /** The unit of a JPEG's density. */
    resolutionUnit?: 'inch' | 'cm';
    /** Number of frames. */
    pages?: number;
    /** Height of a frame, if several are read. */
    pageHeight?: number;
    /** How many times an animation plays; 0 for forever. */
    loop?: number;
    /** How long each frame is shown, in milliseconds. */
    delay?: number[];
    /** The compression of an AVIF. */
    compression?: 'av1';
    /** The background colour that a GIF or PNG suggests. */
    background?: { r: number; g: number; b: number };
    /** Whether an ICC profile is embedded. */
    hasProfile: boolean;
    /** Whether there is an alpha channel. */
    hasAlpha: boolean;
    /** The EXIF orientation, 1 to 8. */
    orientation?: number;
    /** The EXIF block. */
    exif?: Buffer;
    /** The ICC profile. */
    icc?: Buffer;
    /** The IPTC block. */
    iptc?: Buffer;
    /** The XMP block. */
    xmp?: Buffer;
    /** The XMP block as text. */
    xmpAsString?: string;
    /** The text chunks of a PNG. */
    comments?: { keyword: string; text: string }[];
  }

  /** Statistics of a channel. Levels are from 0 to 255; those of 16-bit images from 0 to 65535, in steps of 257. */
  type ChannelStats = keenpix.ChannelStats;
  /** Statistics of the input's pixels. */
  type Stats = keenpix.Stats;

  /** An error: sharp's message first, then the diagnosis. */
  interface SharpError extends Error {
    /** Stable: `NOT_AN_IMAGE`, `LIMIT_PIXELS`, `BAD_ARGUMENT`, `UNSUPPORTED`, … */
    code: string;
    /** What can be done about it. */
    hint?: string;
    /** Whether the same call may succeed later. */
    retryable: boolean;
    /** The HTTP status for a response that passes the error on. */
    httpStatus: number;
  }

  /**
   * `error` is null on success. The type doesn't say so because sharp's doesn't, so that its callbacks fit unchanged.
   */
  type Callback<T extends unknown[]> = (error: SharpError, ...values: T) => void;

  /** The names of output formats. */
  type FormatName = 'jpeg' | 'jpg' | 'jpe' | 'png' | 'webp' | 'gif' | 'avif' | 'heif' | 'raw';

  /**
   * A chain of calls over one image. Calls set options, which are carried out in sharp's fixed order. Requesting an
   * output (`toBuffer()`, `toFile()`, `pipe()`) does the work, and can be done more than once.
   */
  interface Sharp extends Duplex {
    /** An independent copy of the chain over the same input; outputs that are requested together share one decode. */
    clone(): Sharp;
    /** What the input's header says; no pixels are decoded. */
    metadata(): Promise<Metadata>;
    metadata(callback: Callback<[metadata: Metadata]>): this;
    /** Statistics of the input's pixels, before any processing. */
    stats(): Promise<Stats>;
    stats(callback: Callback<[stats: Stats]>): this;

    /**
     * Scales to a width, a height or both. The last call counts. Default: if one is missing, it follows in proportion.
     */
    resize(width?: number | null, height?: number | null, options?: ResizeOptions): this;
    resize(options: ResizeOptions): this;
    /** Adds pixels at the edges: the same number on every side, 1 to 100000000, or a number for each side. */
    extend(border: number | ExtendOptions): this;
    /** Extracts a region: before the resize if called before `resize()`, otherwise after it. */
    extract(region: Region): this;
    /** Removes edges of one colour. */
    trim(options?: TrimOptions): this;
    /**
     * Rotates clockwise by degrees; angles other than quarter turns uncover corners. Without an angle, the same as
     * `autoOrient()`.
     */
    rotate(angle?: number, options?: RotateOptions): this;
    /** Applies the EXIF orientation. */
    autoOrient(): this;
    /** Mirrors top to bottom. Default: `true`. */
    flip(on?: boolean): this;
    /** Mirrors left to right. Default: `true`. */
    flop(on?: boolean): this;

    /** Gives the image the chroma of a colour and keeps its lightness. */
    tint(colour: Colour): this;
    /** Converts to greyscale. Default: `true`. */
    greyscale(on?: boolean): this;
    /** The same as `greyscale()`. */
    grayscale(on?: boolean): this;
    /** The colour space of the output. Default: `srgb`. */
    toColourspace(space: 'srgb' | 'b-w'): this;
    /** The same as `toColourspace()`. */
    toColorspace(space: 'srgb' | 'b-w'): this;
    /** Puts the image on a background colour and removes alpha. Default: `true`, on black. */
    flatten(options?: boolean | FlattenOptions): this;
    /** Inverts the image. Default: `true`, with alpha. */
    negate(options?: boolean | NegateOptions): this;
    /** Replaces each pixel by the median of a square with a side of 1 to 1000. Default: 3. */
    median(size?: number): this;
    /** Blurs with a Gaussian of this sigma, 0.3 to 1000. Default: a quick, mild blur of 3×3 pixels. */
    blur(sigma?: number | boolean | BlurOptions): this;
    /** Sharpens edges in lightness. Default: a quick, mild filter of 3×3 pixels. */
    sharpen(options?: SharpenOptions): this;
    /**
     * Darkens before the resize and brightens after it, by exponents of 1 to 3. Default: 2.2, and the same for both.
     */
    gamma(gamma?: number, gammaOut?: number): this;
    /** Stretches lightness to the whole range. */
    normalise(options?: NormaliseOptions): this;
    /** The same as `normalise()`. */
    normalize(options?: NormaliseOptions): this;
    /** Makes levels from this one up white and the rest black, 0 to 255; 0 and `false` switch it off. Default: 128. */
    threshold(value?: number | boolean, options?: ThresholdOptions): this;
    /**
     * Replaces each level by `a` × level + `b`; a list has one value per channel. Default: 1 and 0, if the other is
     * given.
     */
    linear(a?: number | number[] | null, b?: number | number[]): this;
    /** Changes brightness, saturation, hue and lightness in LCh. */
    modulate(options?: ModulateOptions): this;
    /** Removes the alpha channel. */
    removeAlpha(): this;
    /** Adds an alpha channel where there is none, with this opacity, 0 to 1. Default: 1. */
    ensureAlpha(alpha?: number): this;
    /** Puts images on top, in the order of the list; an empty list removes those of an earlier call. */
    composite(layers: OverlayOptions[]): this;

    /**
     * The output's format, by name or as in `sharp.format`. Default: the input's, or PNG where that can't be written.
     */
    toFormat(format: 'jpeg' | 'jpg' | 'jpe', options?: JpegOptions): this;
    toFormat(format: 'png', options?: PngOptions): this;
    toFormat(format: 'webp', options?: WebpOptions): this;
    toFormat(format: 'gif', options?: GifOptions): this;
    toFormat(format: 'avif', options?: AvifOptions): this;
    toFormat(format: FormatName | AvailableFormatInfo, options?: OutputOptions): this;
    /** Writes JPEG. */
    jpeg(options?: JpegOptions): this;
    /** Writes PNG. */
    png(options?: PngOptions): this;
    /** Writes WebP. */
    webp(options?: WebpOptions): this;
    /** Writes GIF. */
    gif(options?: GifOptions): this;
    /** Writes AVIF; the same as `heif({ compression: 'av1' })`. */
    avif(options?: AvifOptions): this;
    /** Writes AVIF. */
    heif(options: HeifOptions): this;
    /** Returns the raw pixels, 8 bits per channel, row by row. */
    raw(options?: RawOptions): this;
    /** Stops the work after this many seconds, with the error `timeout`. Default: no limit. */
    timeout(options: TimeoutOptions): this;

    /** Keeps the EXIF block of the input. */
    keepExif(): this;
    /** Keeps the XMP block of the input. */
    keepXmp(): this;
    /** Keeps the input's ICC profile, and leaves its colours as they are. */
    keepIccProfile(): this;
    /** Keeps EXIF, XMP, IPTC (in JPEG) and the ICC profile. */
    keepMetadata(): this;
    /** Converts to a colour space and embeds its profile. */
    withIccProfile(profile: 'srgb', options?: WithIccProfileOptions): this;
    withIccProfile(profile: 'srgb' | 'p3', options?: { attach?: true }): this;
    /** Keeps metadata, converts to sRGB and writes what the options say. */
    withMetadata(options?: WriteableMetadata): this;
    /** Writes a density in dots per inch, above 0, and keeps EXIF. */
    withDensity(density: number): this;

    /** The output's bytes. */
    toBuffer(options: BufferOptions & { resolveWithObject: true }): Promise<{ data: Buffer; info: OutputInfo }>;
    toBuffer(options?: BufferOptions): Promise<Buffer>;
    toBuffer(callback: Callback<[data: Buffer, info: OutputInfo]>): this;
    toBuffer(options: BufferOptions, callback: Callback<[data: Buffer, info: OutputInfo]>): this;
    /** The output's bytes as a plain `Uint8Array`, and its info. */
    toUint8Array(): Promise<{ data: Uint8Array; info: OutputInfo }>;
    /** Writes the output to a file other than the input's; the file name gives the format unless a call does. */
    toFile(path: string): Promise<OutputInfo>;
    toFile(path: string, callback: Callback<[info: OutputInfo]>): this;

    /** `info` comes with the output of a stream. */
    on(event: 'info', listener: (info: OutputInfo) => void): this;
    /** `warning` comes when one call undoes another, and when damage was tolerated. */
    on(event: 'warning', listener: (warning: string) => void): this;
    // biome-ignore lint/suspicious/noExplicitAny: as in @types/node, which this extends
    on(event: string | symbol, listener: (...values: any[]) => void): this;
  }

  /** What can be done with a format. */
  interface AvailableFormatInfo {
    /** Its name. */
    id: string;
    /** Where it can be read from, and its file extensions. */
    input: { file: boolean; buffer: boolean; stream: boolean; fileSuffix?: string[] };
    /** Where it can be written to, and its other names. */
    output: { file: boolean; buffer: boolean; stream: boolean; alias?: string[] };
  }

  /** How an image fits a width and a height. */
  interface FitEnum {
    /** All of the image, with bars around it. */
    contain: 'contain';
    /** No bars: the excess is cropped. */
    cover: 'cover';
    /** Exactly this size, ignoring proportions. */
    fill: 'fill';
    /** As large as fits within. */
    inside: 'inside';
    /** As small as covers it. */
    outside: 'outside';
  }
  /** The filters of `resize()`. */
  interface KernelEnum {
    /** The nearest pixel. */
    nearest: 'nearest';
    /** Linear interpolation. */
    linear: 'linear';
    /** Catmull-Rom. */
    cubic: 'cubic';
    /** Mitchell-Netravali: soft, without halos. */
    mitchell: 'mitchell';
    /** Lanczos, two lobes. */
    lanczos2: 'lanczos2';
    /** Lanczos, three lobes: sharp. */
    lanczos3: 'lanczos3';
  }
  /** Sides, corners and the centre, as numbers. */
  interface GravityEnum {
    north: number;
    northeast: number;
    southeast: number;
    south: number;
    southwest: number;
    west: number;
    northwest: number;
    east: number;
    center: number;
    centre: number;
  }
  /** What `sharp.cache()` returns: the limits, and 0 for current use. */
  interface CacheResult {
    memory: { current: number; high: number; max: number };
    files: { current: number; max: number };
    items: { current: number; max: number };
  }

  /** The operators of sharp's `boolean()`, which keenpix does not have. */
  interface BoolEnum {
    and: 'and';
    or: 'or';
    eor: 'eor';
  }
  /** Positions of `cover` that depend on the image. */
  interface StrategyEnum {
    /** Keeps the part with the most detail. */
    entropy: number;
    /** Keeps the part that catches the eye: skin, strong colours, edges. */
    attention: number;
  }
  /** How many outputs there are. */
  interface SharpCounters {
    /** Requested but not started. */
    queue: number;
    /** In progress. */
    process: number;
  }
  /** The formats that sharp knows. */
  interface FormatEnum {
    dcraw: AvailableFormatInfo;
    dz: AvailableFormatInfo;
    fits: AvailableFormatInfo;
    gif: AvailableFormatInfo;
    heif: AvailableFormatInfo;
    jp2: AvailableFormatInfo;
    jpeg: AvailableFormatInfo;
    jxl: AvailableFormatInfo;
    magick: AvailableFormatInfo;
    openslide: AvailableFormatInfo;
    pdf: AvailableFormatInfo;
    png: AvailableFormatInfo;
    ppm: AvailableFormatInfo;
    rad: AvailableFormatInfo;
    raw: AvailableFormatInfo;
    svg: AvailableFormatInfo;
    tiff: AvailableFormatInfo;
    vips: AvailableFormatInfo;
    webp: AvailableFormatInfo;
    bmp: AvailableFormatInfo;
    ico: AvailableFormatInfo;
  }
  /** The interpolators of sharp's `affine()`, which keenpix does not have. */
  interface Interpolators {
    nearest: 'nearest';
    bilinear: 'bilinear';
    bicubic: 'bicubic';
    locallyBoundedBicubic: 'lbb';
    nohalo: 'nohalo';
    vertexSplitQuadraticBasisSpline: 'vsqbs';
  }

  /** What `fit` may be. */
  const fit: FitEnum;
  /** What `kernel` may be. */
  const kernel: KernelEnum;
  /** What `gravity` and `position` may be. */
  const gravity: GravityEnum;
  /** What else `position` may be with `cover`. */
  const strategy: StrategyEnum;
  /** What `position` may be: sides and corners. */
  const position: Record<string, number>;
  /** What `blend` may be. */
  const blend: Record<string, Blend>;
  /** sharp's colour spaces; outputs are `srgb` or `b-w`. */
  const colourspace: Record<string, string>;
  /** The same as `colourspace`. */
  const colorspace: Record<string, string>;
  /** The operators of sharp's `boolean()`. */
  const bool: BoolEnum;
  /** How sharp's text is aligned. */
  const align: Record<string, string>;
  /** The interpolators of sharp's `affine()`. */
  const interpolators: Interpolators;
  /** What can be read and written. */
  const format: FormatEnum;
  /** The versions of keenpix and of the sharp it replaces; sharp's own libraries are not listed. */
  const versions: { keenpix: string; sharp: string; [library: string]: string | undefined };
  /** Emits `change` with the number of waiting outputs whenever that changes. */
  const queue: EventEmitter;
  /** Remembers limits; nothing is cached. */
  function cache(options?: boolean | CacheOptions): CacheResult;
  /** Remembers and returns a number of threads; each output takes one. Default: 1. */
  function concurrency(threads?: number): number;
  /** The numbers of outputs waiting and in progress. */
  function counters(): SharpCounters;
  /** Always `true`: vector instructions are used where the processor has them. */
  function simd(enable?: boolean): boolean;
  /** Blocks input formats by the libvips names of their loaders: `VipsForeignLoadJpeg`. */
  function block(options: { operation: string[] }): void;
  /** Undoes `block()`. */
  function unblock(options: { operation: string[] }): void;
}

export = sharp;

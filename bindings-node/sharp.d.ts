// Types of `keenpix/sharp`. Methods that keenpix has no counterpart for are not declared: calling them is an error of types, and throws.

import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import type * as keenpix from './index';

declare function sharp(options?: sharp.SharpOptions): sharp.Sharp;
declare function sharp(input: sharp.SharpInput, options?: sharp.SharpOptions): sharp.Sharp;

declare namespace sharp {
  /** What an image can come from; streams, blobs and bodies are read once, when the chain runs. */
  type SharpInput =
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

  interface SharpOptions {
    /** How much damage is an error. Default: `warning`, all of it. */
    failOn?: FailOn;
    /** The older spelling: `false` is `failOn: 'none'`. */
    failOnError?: boolean;
    /** Most pixels of the input; `false` for any number. Default: 268402689. */
    limitInputPixels?: number | boolean;
    /** Most channels of the input; `false` for any number. Default: 5. */
    limitInputChannels?: number | boolean;
    /** Lifts the limits on memory and on the length of the input. Default: `false`. */
    unlimited?: boolean;
    /** Turns the image as its EXIF orientation says. Default: `false`. */
    autoOrient?: boolean;
    /** Takes colours for sRGB, whatever profile there is. Default: `false`. */
    ignoreIcc?: boolean;
    /** Changes nothing: rows are read one after the other where the format allows it. */
    sequentialRead?: boolean;
    /** Dots per inch at which a drawing (SVG) is drawn. Default: 72. */
    density?: number;
    /** All frames: the same as `pages: -1`. Default: `false`. */
    animated?: boolean;
    /** How many frames; -1 for all. Default: 1. */
    pages?: number;
    /** The first frame, from 0. Default: 0. */
    page?: number;
    /** The input is pixels without a header. */
    raw?: CreateRaw;
    /** The picture is of one colour. */
    create?: Create;
  }

  type FailOn = 'none' | 'truncated' | 'error' | 'warning';
  type FailOnOptions = FailOn;
  type Channels = 1 | 2 | 3 | 4;

  interface Raw {
    width: number;
    height: number;
    channels: Channels;
  }

  interface CreateRaw extends Raw {
    premultiplied?: false;
    pageHeight?: number;
  }

  interface Create {
    width: number;
    height: number;
    channels: 3 | 4;
    background: Colour | Color;
  }

  interface RGBA {
    r?: number;
    g?: number;
    b?: number;
    alpha?: number;
  }

  /** CSS, or numbers in another model. */
  type Colour =
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
  type Color = Colour;

  interface Region {
    left: number;
    top: number;
    width: number;
    height: number;
  }

  interface ResizeOptions {
    width?: number | null;
    height?: number | null;
    fit?: keyof FitEnum;
    position?: number | string;
    background?: Colour;
    kernel?: keyof KernelEnum;
    withoutEnlargement?: boolean;
    withoutReduction?: boolean;
    fastShrinkOnLoad?: boolean;
  }

  interface ExtendOptions {
    top?: number;
    left?: number;
    bottom?: number;
    right?: number;
    background?: Colour;
    extendWith?: ExtendWith;
  }

  interface TrimOptions {
    background?: Colour;
    threshold?: number;
    lineArt?: boolean;
    margin?: number;
  }

  interface RotateOptions {
    background?: Colour;
  }

  interface FlattenOptions {
    background?: Colour;
  }

  interface NegateOptions {
    alpha?: boolean;
  }

  type Precision = 'integer' | 'float' | 'approximate';

  interface BlurOptions {
    sigma: number;
    /** How exact sharp is to be; keenpix is as exact whatever is asked for. Default: `integer`. */
    precision?: Precision;
    /** Where the tails of the Gaussian are cut off, 0.001 to 1. Default: 0.2. */
    minAmplitude?: number;
  }

  interface SharpenOptions {
    sigma: number;
    m1?: number;
    m2?: number;
    x1?: number;
    y2?: number;
    y3?: number;
  }

  interface NormaliseOptions {
    lower?: number;
    upper?: number;
  }
  type NormalizeOptions = NormaliseOptions;

  interface ThresholdOptions {
    greyscale?: boolean;
    grayscale?: boolean;
  }

  interface ModulateOptions {
    brightness?: number;
    saturation?: number;
    hue?: number;
    lightness?: number;
  }

  interface OverlayOptions extends SharpOptions {
    input: SharpInput | { create: Create };
    blend?: Blend;
    gravity?: Gravity;
    top?: number;
    left?: number;
    tile?: boolean;
  }

  type Blend =
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

  type Gravity = number | string;
  type ExtendWith = 'background' | 'copy' | 'repeat' | 'mirror';

  interface OutputOptions {
    /** `false` sets the options and keeps the format. Default: `true`. */
    force?: boolean;
  }

  interface JpegOptions extends OutputOptions {
    quality?: number;
    progressive?: boolean;
    chromaSubsampling?: '4:2:0' | '4:4:4';
    /** Huffman tables made for the picture: fewer bytes. Default: `true`. */
    optimiseCoding?: boolean;
    optimizeCoding?: boolean;
    /** All that makes the file smaller at the same look, and takes longer. Default: `false`. */
    mozjpeg?: boolean;
    trellisQuantisation?: boolean;
    trellisQuantization?: boolean;
    /** Changes nothing: what it mends in sharp's encoder, keenpix's keeps small with its tables. */
    overshootDeringing?: boolean;
    optimiseScans?: boolean;
    optimizeScans?: boolean;
    /** Changes nothing: the one set of tables is close to number 3. */
    quantisationTable?: 0 | 3;
    quantizationTable?: 0 | 3;
  }

  interface PngOptions extends OutputOptions {
    progressive?: boolean;
    compressionLevel?: number;
    adaptiveFiltering?: boolean;
    /** Reduces colours to a palette. Default: `false`, unless an option of palettes is given. */
    palette?: boolean;
    /** The fewest colours that keep the error of that quality, 0 to 100. Default: 100. */
    quality?: number;
    /** How much time is spent on the palette: a hint that changes nothing but that it asks for one. */
    effort?: number;
    colours?: number;
    colors?: number;
    dither?: number;
  }

  interface AnimationOptions {
    /** How often the animation plays, 0 for ever. */
    loop?: number;
    /** How long each frame is shown, in milliseconds. */
    delay?: number | number[];
  }

  interface WebpOptions extends OutputOptions, AnimationOptions {
    quality?: number;
    alphaQuality?: number;
    lossless?: boolean;
    nearLossless?: boolean;
    smartSubsample?: boolean;
    effort?: number;
    minSize?: false;
    mixed?: false;
    exact?: boolean;
    preset?: 'default' | 'photo' | 'picture' | 'drawing' | 'icon' | 'text';
  }

  interface GifOptions extends OutputOptions, AnimationOptions {
    colours?: number;
    colors?: number;
    /** How much time is spent on the palettes: a hint that changes nothing. */
    effort?: number;
    dither?: number;
    /** Whether the palettes of the input may be taken again, to save time: a hint that changes nothing. */
    reuse?: boolean;
    /** How far a pixel may be from what is shown there to stay as it is, 0 to 32 levels. Default: 0. */
    interFrameMaxError?: number;
    /** How far colours may be from those of a palette before a frame gets one of its own: each frame has, so that it always holds. */
    interPaletteMaxError?: number;
    /** Whether frames that equal the one before them stay; if not, that one is shown for longer. Default: `false`. */
    keepDuplicateFrames?: boolean;
    progressive?: boolean;
  }

  interface AvifOptions extends OutputOptions {
    quality?: number;
    lossless?: boolean;
    effort?: number;
    chromaSubsampling?: '4:2:0' | '4:4:4';
    bitdepth?: 8;
  }

  interface HeifOptions extends AvifOptions {
    compression: 'av1';
  }

  interface RawOptions {
    depth?: 'uchar';
  }

  interface WithIccProfileOptions {
    /** Whether the file names the profile. Default: `true`. */
    attach?: boolean;
  }

  interface TimeoutOptions {
    seconds: number;
  }

  interface WriteableMetadata {
    orientation?: number;
    density?: number;
    icc?: 'srgb' | 'p3';
  }

  interface BufferOptions {
    /** Gives `{ data, info }` in place of the bytes alone. Default: `false`. */
    resolveWithObject?: boolean;
    /** Stops the work. Default: none. */
    signal?: AbortSignal;
  }

  interface OutputInfo {
    /** `heif` for AVIF. */
    format: string;
    size: number;
    width: number;
    height: number;
    channels: Channels;
    premultiplied: boolean;
    hasAlpha: boolean;
    depth?: 'uchar';
    cropOffsetLeft?: number;
    cropOffsetTop?: number;
    attentionX?: number;
    attentionY?: number;
    trimOffsetLeft?: number;
    trimOffsetTop?: number;
    pages?: number;
    pageHeight?: number;
  }

  type MediaType =
    | 'image/jpeg'
    | 'image/png'
    | 'image/webp'
    | 'image/gif'
    | 'image/avif'
    | 'image/svg+xml'
    | 'image/bmp'
    | 'image/x-icon';

  interface Metadata {
    format: string;
    mediaType?: MediaType;
    size?: number;
    width: number;
    height: number;
    autoOrient: { width: number; height: number };
    space: string;
    channels: Channels;
    depth: string;
    density?: number;
    chromaSubsampling?: string;
    isProgressive: boolean;
    isPalette: boolean;
    bitsPerSample?: number;
    /** In what a JPEG counts its density. */
    resolutionUnit?: 'inch' | 'cm';
    pages?: number;
    pageHeight?: number;
    loop?: number;
    delay?: number[];
    compression?: 'av1';
    background?: { r: number; g: number; b: number };
    hasProfile: boolean;
    hasAlpha: boolean;
    orientation?: number;
    exif?: Buffer;
    icc?: Buffer;
    iptc?: Buffer;
    xmp?: Buffer;
    xmpAsString?: string;
    comments?: { keyword: string; text: string }[];
  }

  /** Levels are from 0 to 255; those of 16-bit pictures are from 0 to 65535, in steps of 257. */
  type ChannelStats = keenpix.ChannelStats;
  type Stats = keenpix.Stats;

  /** An error: sharp's sentence first, then the diagnosis. */
  interface SharpError extends Error {
    /** Stable: `NOT_AN_IMAGE`, `LIMIT_PIXELS`, `BAD_ARGUMENT`, `UNSUPPORTED`, … */
    code: string;
    hint?: string;
    retryable: boolean;
    httpStatus: number;
  }

  /** `error` is null if all is well: that the type does not say so is sharp's, whose callbacks fit here as they are. */
  type Callback<T extends unknown[]> = (error: SharpError, ...values: T) => void;

  type FormatName = 'jpeg' | 'jpg' | 'jpe' | 'png' | 'webp' | 'gif' | 'avif' | 'heif' | 'raw';

  interface Sharp extends Duplex {
    clone(): Sharp;
    metadata(): Promise<Metadata>;
    metadata(callback: Callback<[metadata: Metadata]>): this;
    stats(): Promise<Stats>;
    stats(callback: Callback<[stats: Stats]>): this;

    resize(width?: number | null, height?: number | null, options?: ResizeOptions): this;
    resize(options: ResizeOptions): this;
    extend(border: number | ExtendOptions): this;
    extract(region: Region): this;
    trim(options?: TrimOptions): this;
    rotate(angle?: number, options?: RotateOptions): this;
    autoOrient(): this;
    flip(on?: boolean): this;
    flop(on?: boolean): this;

    tint(colour: Colour): this;
    greyscale(on?: boolean): this;
    grayscale(on?: boolean): this;
    toColourspace(space: 'srgb' | 'b-w'): this;
    toColorspace(space: 'srgb' | 'b-w'): this;
    flatten(options?: boolean | FlattenOptions): this;
    negate(options?: boolean | NegateOptions): this;
    median(size?: number): this;
    blur(sigma?: number | boolean | BlurOptions): this;
    sharpen(options?: SharpenOptions): this;
    gamma(gamma?: number, gammaOut?: number): this;
    normalise(options?: NormaliseOptions): this;
    normalize(options?: NormaliseOptions): this;
    threshold(value?: number | boolean, options?: ThresholdOptions): this;
    linear(a?: number | number[] | null, b?: number | number[]): this;
    modulate(options?: ModulateOptions): this;
    removeAlpha(): this;
    ensureAlpha(alpha?: number): this;
    composite(layers: OverlayOptions[]): this;

    toFormat(format: 'jpeg' | 'jpg' | 'jpe', options?: JpegOptions): this;
    toFormat(format: 'png', options?: PngOptions): this;
    toFormat(format: 'webp', options?: WebpOptions): this;
    toFormat(format: 'gif', options?: GifOptions): this;
    toFormat(format: 'avif', options?: AvifOptions): this;
    toFormat(format: FormatName | AvailableFormatInfo, options?: OutputOptions): this;
    jpeg(options?: JpegOptions): this;
    png(options?: PngOptions): this;
    webp(options?: WebpOptions): this;
    gif(options?: GifOptions): this;
    avif(options?: AvifOptions): this;
    heif(options: HeifOptions): this;
    raw(options?: RawOptions): this;
    timeout(options: TimeoutOptions): this;

    keepExif(): this;
    keepXmp(): this;
    keepIccProfile(): this;
    keepMetadata(): this;
    withIccProfile(profile: 'srgb', options?: WithIccProfileOptions): this;
    withIccProfile(profile: 'srgb' | 'p3', options?: { attach?: true }): this;
    withMetadata(options?: WriteableMetadata): this;
    withDensity(density: number): this;

    toBuffer(options: BufferOptions & { resolveWithObject: true }): Promise<{ data: Buffer; info: OutputInfo }>;
    toBuffer(options?: BufferOptions): Promise<Buffer>;
    toBuffer(callback: Callback<[data: Buffer, info: OutputInfo]>): this;
    toBuffer(options: BufferOptions, callback: Callback<[data: Buffer, info: OutputInfo]>): this;
    toUint8Array(): Promise<{ data: Uint8Array; info: OutputInfo }>;
    toFile(path: string): Promise<OutputInfo>;
    toFile(path: string, callback: Callback<[info: OutputInfo]>): this;

    on(event: 'info', listener: (info: OutputInfo) => void): this;
    on(event: 'warning', listener: (warning: string) => void): this;
    // biome-ignore lint/suspicious/noExplicitAny: as in @types/node, which this extends
    on(event: string | symbol, listener: (...values: any[]) => void): this;
  }

  interface AvailableFormatInfo {
    id: string;
    input: { file: boolean; buffer: boolean; stream: boolean; fileSuffix?: string[] };
    output: { file: boolean; buffer: boolean; stream: boolean; alias?: string[] };
  }

  interface FitEnum {
    contain: 'contain';
    cover: 'cover';
    fill: 'fill';
    inside: 'inside';
    outside: 'outside';
  }
  interface KernelEnum {
    nearest: 'nearest';
    linear: 'linear';
    cubic: 'cubic';
    mitchell: 'mitchell';
    lanczos2: 'lanczos2';
    lanczos3: 'lanczos3';
  }
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
  interface CacheOptions {
    memory?: number;
    files?: number;
    items?: number;
  }
  interface CacheResult {
    memory: { current: number; high: number; max: number };
    files: { current: number; max: number };
    items: { current: number; max: number };
  }

  interface BoolEnum {
    and: 'and';
    or: 'or';
    eor: 'eor';
  }
  interface StrategyEnum {
    entropy: number;
    attention: number;
  }
  interface SharpCounters {
    queue: number;
    process: number;
  }
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
  interface Interpolators {
    nearest: 'nearest';
    bilinear: 'bilinear';
    bicubic: 'bicubic';
    locallyBoundedBicubic: 'lbb';
    nohalo: 'nohalo';
    vertexSplitQuadraticBasisSpline: 'vsqbs';
  }

  const fit: FitEnum;
  const kernel: KernelEnum;
  const gravity: GravityEnum;
  const strategy: StrategyEnum;
  const position: Record<string, number>;
  const blend: Record<string, Blend>;
  const colourspace: Record<string, string>;
  const colorspace: Record<string, string>;
  const bool: BoolEnum;
  const align: Record<string, string>;
  const interpolators: Interpolators;
  const format: FormatEnum;
  /** Of keenpix, and of the sharp that it stands in for; libraries that sharp is made of are not there. */
  const versions: { keenpix: string; sharp: string; [library: string]: string | undefined };
  const queue: EventEmitter;
  function cache(options?: boolean | CacheOptions): CacheResult;
  function concurrency(threads?: number): number;
  function counters(): SharpCounters;
  function simd(enable?: boolean): boolean;
  function block(options: { operation: string[] }): void;
  function unblock(options: { operation: string[] }): void;
}

export = sharp;

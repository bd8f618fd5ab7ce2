/// <reference types="node" />
import type { Plan } from './plan';

export type * from './plan';

/**
 * An image file: its bytes, its path or URL, or a stream of it. Bytes are not copied: don't change them until the call
 * is done. A string is a path. Streams are read to the end, within the limits.
 */
export type Input =
  | SyncInput
  | Blob
  | NodeJS.ReadableStream
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>
  | Body;

/** What the blocking functions can read. */
export type SyncInput = NodeJS.ArrayBufferView | ArrayBuffer | SharedArrayBuffer | string | URL;

/** The `Body` of an AWS SDK response. */
export interface Body {
  transformToByteArray(): Promise<Uint8Array>;
}

/** What one call may use. A plan can't change it. A limit is a whole number, or `Infinity` for none. */
export interface Limits {
  /** Maximum pixels in a frame of the input, and of each output. Default: 268,402,689 (16,383²). */
  pixels?: number;
  /** Maximum width of the input and of each output. Default: 65,535. */
  width?: number;
  /** Maximum height of the input and of each output. Default: 65,535. */
  height?: number;
  /** Maximum bytes of input. Default: 512 MiB. */
  inputBytes?: number;
  /**
   * Maximum bytes for pixels and tables, for all stages of a call together, on top of the input itself. Default: 512
   * MB.
   */
  memory?: number;
  /** Maximum frames decoded from an animation. Default: 1,000. */
  frames?: number;
  /**
   * Maximum pixels decoded in the call: those of all frames of an animation, of the passes that a trim adds, and of
   * layers. Default: 2e9.
   */
  totalPixels?: number;
  /** Maximum scans of a JPEG: each may go over every pixel again. Default: 100. */
  scans?: number;
}

/** The host's side of a call. */
export interface Options {
  /** What the call may use. */
  limits?: Limits;
  /** Stops the call. */
  signal?: AbortSignal;
  /** Milliseconds that the call may take, including reading the input and waiting for a thread. Default: none. */
  deadline?: number;
}

/** A file format. */
export type Format = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'bmp' | 'ico' | 'svg' | 'raw';

/** A finished image. */
export interface Image {
  /** The file. */
  bytes: Buffer;
  /** Its format. */
  format: Format;
  /** Its media type, for a `Content-Type` header. */
  mediaType: string;
  /** The usual file extension of its format, without the dot. */
  extension: string;
  /** Its width, in pixels. */
  width: number;
  /** Its height, in pixels. */
  height: number;
  /** Number of frames; 1 for a still image. */
  frames: number;
  /** Whether it has an alpha channel. */
  alpha: boolean;
  /**
   * Channels per pixel, alpha included, as laid out in `raw`. A file may have fewer: a PNG that is all grey or opaque
   * is stored with fewer.
   */
  channels: number;
  /** Where `entropy` or `attention` placed the crop: pixels from the left and top of the resized image. */
  crop: [left: number, top: number] | null;
  /** The most eye-catching point that `attention` found, in pixels of the resized image before the crop. */
  focus: [x: number, y: number] | null;
  /**
   * What `trim` removed on the left and at the top, in pixels of the upright input; null if it found nothing to remove.
   */
  trim: [left: number, top: number] | null;
  /** What was wrong with the input, or could not be kept, in words. */
  warnings: string[];
}

/** What an image's header says. */
export interface Info {
  /** The format, detected from the content. */
  format: Format;
  /** Width as stored, before the orientation is applied, in pixels. */
  width: number;
  /** Height as stored, in pixels. */
  height: number;
  /** The EXIF orientation, 1 (upright) to 8. With 5 to 8, width and height swap when shown. */
  orientation: number;
  /** How colours are stored. */
  colour: 'grey' | 'rgb' | 'ycbcr' | 'cmyk' | 'palette';
  /** Whether the image has an alpha channel or a transparent colour. */
  alpha: boolean;
  /** Channels per decoded pixel, alpha included: 1 to 4; 3 or 4 for palette images. */
  channels: number;
  /** Chroma subsampling of a JPEG: `4:2:0`, `4:2:2`, `4:4:4`, …; `4:4:4:4` with a black channel. */
  chroma: string | null;
  /** Horizontal dots per inch, rounded; null if the file doesn't say. */
  density: number | null;
  /** The background colour that a GIF or a PNG suggests. */
  background: [red: number, green: number, blue: number] | null;
  /** How many times an animation plays, 0 for forever; null without animation. */
  loops: number | null;
  /** How long each frame is shown, in milliseconds; empty without animation. */
  delays: number[];
  /** Bits per sample (per index for palette images). */
  bits: number;
  /** Number of frames; 1 for a still image. */
  frames: number;
  /** Whether the image is stored in passes: a progressive JPEG, an interlaced PNG or GIF. */
  progressive: boolean;
  /** Length of the embedded ICC profile in bytes; 0 if there is none. */
  icc: number;
  /** Length of the EXIF block in bytes; 0 if there is none. */
  exif: number;
  /** Length of the XMP block in bytes; 0 if there is none. */
  xmp: number;
}

/** Pixel statistics of an image. */
export interface Stats {
  /** Statistics of each channel, alpha last. */
  channels: ChannelStats[];
  /** Whether every pixel is opaque. */
  isOpaque: boolean;
  /** Entropy of the grey levels, in bits: from 0 for a single colour to 8. */
  entropy: number;
  /** Standard deviation of the Laplacian of the grey levels: higher is sharper. */
  sharpness: number;
  /** The most frequent colour, of 4,096 possible. */
  dominant: { r: number; g: number; b: number };
}

/** Statistics of a channel's samples, which range from 0 to 255. */
export interface ChannelStats {
  /** The lowest value. */
  min: number;
  /** The highest value. */
  max: number;
  /** The sum of all values. */
  sum: number;
  /** The sum of their squares. */
  squaresSum: number;
  /** The mean. */
  mean: number;
  /** The sample standard deviation. */
  stdev: number;
  /** The column of the first lowest value. */
  minX: number;
  /** Its row. */
  minY: number;
  /** The column of the first highest value. */
  maxX: number;
  /** Its row. */
  maxY: number;
}

/**
 * Turns one image into another, off the event loop. Without a plan it is re-encoded in its own format, upright, without
 * metadata.
 */
export function transform(input: Input, plan?: Plan, options?: Options): Promise<Image>;

/** Makes several images from one, which is decoded once. Results are in the order of the plans. */
export function transformMany(input: Input, plans: readonly Plan[], options?: Options): Promise<Image[]>;

/** Reads an image's header. */
export function probe(input: Input, options?: Options): Promise<Info>;

/** Computes pixel statistics of an image, off the event loop. */
export function stats(input: Input, options?: Options): Promise<Stats>;

/** Blocking version of `transform`. */
export function transformSync(input: SyncInput, plan?: Plan, options?: Options): Image;

/** Blocking version of `transformMany`. */
export function transformManySync(input: SyncInput, plans: readonly Plan[], options?: Options): Image[];

/** Blocking version of `probe`. */
export function probeSync(input: SyncInput, options?: Options): Info;

/** Blocking version of `stats`. */
export function statsSync(input: SyncInput, options?: Options): Stats;

/**
 * A plan as JSON with all defaults filled in. Equivalent plans give the same text, so it can be hashed or be
 * part of a cache key. The Rust library hashes this text for the metadata and names of what it writes to S3.
 */
export function canonicalPlan(plan?: Plan): string;

/** The `code` of a {@link KeenpixError}. Later versions may add more. */
export type ErrorCode =
  | 'NOT_AN_IMAGE'
  | 'BAD_INPUT'
  | 'TRUNCATED'
  | 'UNSUPPORTED'
  | 'LIMIT_PIXELS'
  | 'LIMIT_WIDTH'
  | 'LIMIT_HEIGHT'
  | 'LIMIT_INPUT_BYTES'
  | 'LIMIT_MEMORY'
  | 'LIMIT_FRAMES'
  | 'LIMIT_TOTAL_PIXELS'
  | 'LIMIT_SCANS'
  | 'LIMIT_DRAWING'
  | 'DEADLINE'
  | 'CANCELLED'
  | 'BAD_PLAN'
  | 'BAD_ARGUMENT'
  | 'ENCODER'
  | 'OUT_OF_MEMORY'
  | 'READ'
  | 'LOAD'
  | 'INTERNAL';

/** The `reason` of a {@link KeenpixError}. Later versions may add to them. */
export type Reason =
  | 'not-json'
  | 'unknown-key'
  | 'unknown-value'
  | 'wrong-type'
  | 'missing-key'
  | 'out-of-range'
  | 'contradiction'
  | 'crop-outside'
  | 'layer-too-large'
  | 'trim-too-small'
  | 'missing-eoi'
  | 'bad-layer'
  | 'not-built'
  | 'output-too-large';

/** What every function here throws, or rejects with. */
export class KeenpixError extends Error {
  private constructor();
  name: 'KeenpixError';
  /** What kind of error it is: the same string in every version. */
  code: ErrorCode | (string & {});
  /** What can be done about it. */
  hint: string;
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** The HTTP status for a response that passes the error on. */
  httpStatus: number;
  /** The format that was being read or written. */
  format?: Format;
  /** Where in the plan or in the options: `effects[0].sigma`, `limits.pixels`, the layer whose file is at fault. */
  place?: string;
  /** What would be accepted there: `0.3 to 1000`. */
  expected?: string;
  /** What came instead, shortened if it is long: `2000`. */
  got?: string;
  /** What exactly is wrong, for programs that want to know more than the `code`. */
  reason?: Reason | (string & {});
}

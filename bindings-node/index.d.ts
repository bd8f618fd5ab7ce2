/// <reference types="node" />
import type { Plan } from './plan';

export type * from './plan';

/**
 * An image file: its bytes, where it lies, or a stream of it. Bytes are not copied: leave them as they are until the call is done.
 * A string is a path. Streams are read to their end, within the limits.
 */
export type Input =
  | SyncInput
  | Blob
  | NodeJS.ReadableStream
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>
  | Body;

/** What the functions that block can read. */
export type SyncInput = NodeJS.ArrayBufferView | ArrayBuffer | SharedArrayBuffer | string | URL;

/** The `Body` of an answer of the AWS SDK. */
export interface Body {
  transformToByteArray(): Promise<Uint8Array>;
}

/** What one call may cost. A plan can't change it. A limit is a whole number, or `Infinity` for none. */
export interface Limits {
  /** Most pixels in the input's frame and in an output's. Default: 268,402,689 (16,383²). */
  pixels?: number;
  /** Largest width of the input and of an output. Default: 65,535. */
  width?: number;
  /** Largest height of the input and of an output. Default: 65,535. */
  height?: number;
  /** Most bytes of input. Default: 512 MiB. */
  inputBytes?: number;
  /** Most bytes for pixels and tables, all stages of a call together, over the input's own. Default: 512 MB. */
  memory?: number;
  /** Most frames that are decoded from an animation. Default: 1,000. */
  frames?: number;
  /** Most scans of a JPEG: each may pass over every pixel once more. Default: 100. */
  scans?: number;
}

/** The host's side of a call. */
export interface Options {
  /** What the call may cost. */
  limits?: Limits;
  /** Stops the call. */
  signal?: AbortSignal;
  /** Milliseconds from the call to its end: reading the input and waiting for a thread are part of it. Default: none. */
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
  /** The usual file name extension of its format, without the dot. */
  extension: string;
  /** Its width, in pixels. */
  width: number;
  /** Its height, in pixels. */
  height: number;
  /** How many frames it has; 1 for a still. */
  frames: number;
  /** Whether it has an alpha channel. */
  alpha: boolean;
  /** Channels of a pixel, alpha included: how `raw` lies. A file may have fewer, as PNG leaves out what is grey or opaque everywhere. */
  channels: number;
  /** Where a search (`entropy`, `attention`) put the cut: pixels from the left and from the top of the resized picture. */
  crop: [left: number, top: number] | null;
  /** What `attention` found to draw the eye most, in pixels of the resized picture before the cut. */
  focus: [x: number, y: number] | null;
  /** What a `trim` took away at the left and at the top, in pixels of the upright input; null if it found nothing to cut off. */
  trim: [left: number, top: number] | null;
  /** What was wrong with the input, or could not be kept, in words. */
  warnings: string[];
}

/** What an image's header says. */
export interface Info {
  /** The format, by content. */
  format: Format;
  /** Width as stored, before the orientation is applied, in pixels. */
  width: number;
  /** Height as stored, in pixels. */
  height: number;
  /** The EXIF orientation, 1 (upright) to 8. With 5 to 8, width and height change places when shown. */
  orientation: number;
  /** How colours are stored. */
  colour: 'grey' | 'rgb' | 'ycbcr' | 'cmyk' | 'palette';
  /** Whether the image has an alpha channel, or a transparent colour. */
  alpha: boolean;
  /** Channels of a pixel when decoded, alpha included: 1 to 4; a palette's colours have 3 or 4. */
  channels: number;
  /** Chroma subsampling of a JPEG: `4:2:0`, `4:2:2`, `4:4:4`, …; with black, `4:4:4:4`. */
  chroma: string | null;
  /** Dots per inch across, rounded; null if the file says nothing. */
  density: number | null;
  /** The background colour that a GIF or a PNG suggests. */
  background: [red: number, green: number, blue: number] | null;
  /** How often an animation plays, 0 for ever; null for a format or a file without animation. */
  loops: number | null;
  /** How long each frame is shown, in milliseconds; empty for a format or a file without animation. */
  delays: number[];
  /** Bits of a sample (of a palette's index for palette images). */
  bits: number;
  /** How many frames an animation has; 1 for a still. */
  frames: number;
  /** Whether the picture is stored in passes: a progressive JPEG, an interlaced PNG or GIF. */
  progressive: boolean;
  /** Length of the embedded ICC profile in bytes; 0 if there is none. */
  icc: number;
  /** Length of the EXIF block in bytes; 0 if there is none. */
  exif: number;
  /** Length of the XMP block in bytes; 0 if there is none. */
  xmp: number;
}

/** Figures about an image's pixels. */
export interface Stats {
  /** Figures about each channel, alpha last. */
  channels: ChannelStats[];
  /** Whether no pixel lets anything through. */
  isOpaque: boolean;
  /** Entropy of the grey levels, in bits: 0 for one colour, 8 at most. */
  entropy: number;
  /** Standard deviation of the grey levels' Laplacian: the higher, the sharper. */
  sharpness: number;
  /** The colour that most pixels have, of 4,096. */
  dominant: { r: number; g: number; b: number };
}

/** Figures about the samples of a channel, which are from 0 to 255. */
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
  /** The standard deviation, of a sample. */
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

/** Makes one image from another, off the event loop. Without a plan it is encoded again in its own format, upright, stripped of metadata. */
export function transform(input: Input, plan?: Plan, options?: Options): Promise<Image>;

/** Makes several images from one, which is decoded once: they come in the order of the plans. */
export function transformMany(input: Input, plans: readonly Plan[], options?: Options): Promise<Image[]>;

/** Reads an image's header. */
export function probe(input: Input, options?: Options): Promise<Info>;

/** Works out figures about an image's pixels, off the event loop. */
export function stats(input: Input, options?: Options): Promise<Stats>;

/** `transform` that blocks. */
export function transformSync(input: SyncInput, plan?: Plan, options?: Options): Image;

/** `transformMany` that blocks. */
export function transformManySync(input: SyncInput, plans: readonly Plan[], options?: Options): Image[];

/** `probe` that blocks. */
export function probeSync(input: SyncInput, options?: Options): Info;

/** `stats` that blocks. */
export function statsSync(input: SyncInput, options?: Options): Stats;

/**
 * A plan as JSON, with all that it leaves to its defaults: plans that mean the same give the same text, so it can be hashed or be
 * part of a cache's key. The Rust library hashes this text for the metadata and the names of what it writes to S3.
 */
export function canonicalPlan(plan?: Plan): string;

/** The `code` of a {@link KeenpixError}. Later versions may add to them. */
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
  | 'LIMIT_SCANS'
  | 'DEADLINE'
  | 'CANCELLED'
  | 'BAD_PLAN'
  | 'BAD_ARGUMENT'
  | 'ENCODER'
  | 'OUT_OF_MEMORY'
  | 'READ'
  | 'LOAD'
  | 'INTERNAL';

/** What every function here throws, or rejects with. */
export class KeenpixError extends Error {
  private constructor();
  name: 'KeenpixError';
  /** What kind of fault it is: the same string in every version. */
  code: ErrorCode | (string & {});
  /** What can be done about it. */
  hint: string;
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** The status for an HTTP answer that passes the fault on. */
  httpStatus: number;
}

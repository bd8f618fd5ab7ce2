import type { Image, Info, Limits } from './facts.js';
import type { Plan } from './plan.js';

export type * from './facts.js';
export type * from './plan.js';

/** An image file. A `File` is a `Blob`. */
export type Input = ArrayBufferView | ArrayBuffer | Blob;

/** The host's side of a call. */
export interface Options {
  /** What the call may use. */
  limits?: Limits;
}

/** Turns one image into another. Without a plan it is re-encoded in its own format, upright, without metadata. */
export function transform(input: Input, plan?: Plan, options?: Options): Promise<Image>;

/** Reads an image's header. */
export function probe(input: Input): Promise<Info>;

/** The only error that is thrown. */
export class KeenpixError extends Error {
  /** A stable name for the kind of error, such as `NOT_AN_IMAGE`; the same as in the npm package `keenpix`. */
  code: string;
  /** What can be done about it, in a sentence. */
  hint: string;
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** The HTTP status for a response that passes the error on. */
  httpStatus: number;
  /** The format that was being read or written. */
  format?: string;
  /** Where in the plan the fault is, such as `effects[0].sigma`. */
  place?: string;
  /** What would have been accepted. */
  expected?: string;
  /** What was given instead. */
  got?: string;
  /** A stable word for what exactly is wrong. */
  reason?: string;
}

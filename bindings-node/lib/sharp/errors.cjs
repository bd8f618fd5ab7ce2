'use strict';

// Errors: sharp's sentence first, because callers match on it, then the diagnosis; `code` and `hint` on the error.

const { KeenpixError } = require('../error.cjs');

/** A fault of the program that calls: `httpStatus` 500 unless told otherwise. */
const fault = (message, code, hint, rest = {}) =>
  new KeenpixError({ code, message, hint, retryable: false, httpStatus: 500, ...rest });

/** A part of sharp that keenpix does not have: `what is not supported by keenpix: reason`. */
const unsupported = (what, reason, hint = 'leave it out, or keep sharp for this chain') =>
  fault(`${what} is not supported by keenpix: ${reason}`, 'UNSUPPORTED', hint);

/** An error that sharp throws in these words. */
const plain = (sentence, code = 'BAD_ARGUMENT', hint = undefined) => fault(sentence, code, hint);

/** The first line of what sharp says of a file that ends in its pixels. */
const PREMATURE = {
  jpeg: 'VipsJpeg: premature end of JPEG image',
  png: 'vipspng: libpng read error',
  webp: 'Input buffer has corrupt header: webp: unable to parse image',
};

/** The same for a file that ends in its header. */
const CUT_OFF = {
  jpeg: ': VipsJpeg: premature end of JPEG image',
  webp: ': webp: unable to parse image',
  png: ':',
};

const unreadable = ({ kind }) => `Input ${kind} contains unsupported image format`;
const corrupt = ({ kind }) => `Input ${kind} has corrupt header`;
const cutOff = ({ kind, format }) => corrupt({ kind }) + (CUT_OFF[format] ?? '');
/** What sharp says of a file of a format that ends before its pixels do. */
function prematureEnd({ format, kind }) {
  if (format === 'gif')
    return `${corrupt({ kind })}: gifload${kind === 'buffer' ? '_buffer' : ''}: Unexpected end of GIF source data`;
  return PREMATURE[format] ?? corrupt({ kind });
}

/** What it says of pixels that make no sense. */
function damaged({ format, kind, reason }) {
  if (reason === 'missing-eoi') return prematureEnd({ format, kind });
  return { jpeg: 'VipsJpeg: Corrupt JPEG data', png: 'vipspng: libpng read error' }[format];
}

const tooLarge = () => 'Input image exceeds pixel limit';

/** What sharp says where keenpix's error has this code: of a header, and of what comes after it. */
const SENTENCES = {
  NOT_AN_IMAGE: { header: unreadable, pixels: unreadable },
  UNSUPPORTED: { header: unreadable },
  BAD_INPUT: { header: corrupt, pixels: damaged },
  TRUNCATED: { header: cutOff, pixels: prematureEnd },
  LIMIT_PIXELS: { header: tooLarge, pixels: tooLarge },
  LIMIT_WIDTH: { header: tooLarge, pixels: tooLarge },
  LIMIT_HEIGHT: { header: tooLarge, pixels: tooLarge },
  DEADLINE: { header: () => 'timeout', pixels: () => 'timeout' },
};

/** What can be seen to be wrong with a plan only when the size is known: after a trim, or a turn by an angle. */
const REASONS = {
  'crop-outside': 'extract_area: bad extract area',
  'trim-too-small': 'Image to trim must be at least 3x3 pixels',
  'layer-too-large': 'Image to composite must have same dimensions or smaller',
};

const TAKE_ALL = "pass { failOn: 'none' } to take what there is";
const RAISE = 'raise limitInputPixels if files of this size are to be accepted';

/** What helps, where the core would speak of plans and limits. */
const HINTS = {
  BAD_INPUT: TAKE_ALL,
  TRUNCATED: TAKE_ALL,
  LIMIT_PIXELS: RAISE,
  LIMIT_WIDTH: RAISE,
  LIMIT_HEIGHT: RAISE,
};

/**
 * The error of a native call, in sharp's words: they are chosen by the error's facts. `context`: `kind` is `buffer` or `file`,
 * `stage` is `header` or `pixels`, `format` is the input's, if it is known.
 */
function inSharpsWords(error, { kind, stage, format = error.format }) {
  if (!(error instanceof KeenpixError)) return error;
  const { code, reason } = error;
  const sentence = REASONS[reason] ?? SENTENCES[code]?.[stage]?.({ kind, format, reason });
  if (!sentence) return error;
  const hint = HINTS[code] ?? error.hint;
  return new KeenpixError({ ...error, hint, message: `${sentence}: ${error.message}` }, error.cause ?? error);
}

/** Gives an error the stack of the call that the user made. */
function at(error, stack) {
  if (error instanceof KeenpixError) {
    const frames = String(stack.stack).split('\n').slice(1);
    error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  }
  return error;
}

module.exports = { KeenpixError, at, fault, inSharpsWords, plain, unsupported };

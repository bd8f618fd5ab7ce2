'use strict';

// Errors: sharp's message first, because callers match on it, then the diagnosis; `code` and `hint` are on the error.

const { KeenpixError } = require('../error.cjs');

/** A fault of the calling program: `httpStatus` is 500 unless `rest` overrides it. */
const fault = (message, code, hint, rest = {}) =>
  new KeenpixError({ code, message, hint, retryable: false, httpStatus: 500, ...rest });

/** A feature of sharp that keenpix lacks: `what is not supported by keenpix: reason`. */
const unsupported = (what, reason, hint = 'leave it out, or keep sharp for this chain') =>
  fault(`${what} is not supported by keenpix: ${reason}`, 'UNSUPPORTED', hint);

/** An error with sharp's own message. */
const plain = (sentence, code = 'BAD_ARGUMENT', hint = undefined) => fault(sentence, code, hint);

/** The first line of sharp's message about a file that ends within its pixels. */
const PREMATURE = {
  jpeg: 'VipsJpeg: premature end of JPEG image',
  png: 'vipspng: libpng read error',
  webp: 'Input buffer has corrupt header: webp: unable to parse image',
};

/** The same for a file that ends within its header. */
const CUT_OFF = {
  jpeg: ': VipsJpeg: premature end of JPEG image',
  webp: ': webp: unable to parse image',
  png: ':',
};

const unreadable = ({ kind }) => `Input ${kind} contains unsupported image format`;
const corrupt = ({ kind }) => `Input ${kind} has corrupt header`;
const cutOff = ({ kind, format }) => corrupt({ kind }) + (CUT_OFF[format] ?? '');
/** sharp's message about a file that ends within its pixels. */
function prematureEnd({ format, kind }) {
  if (format === 'gif')
    return `${corrupt({ kind })}: gifload${kind === 'buffer' ? '_buffer' : ''}: Unexpected end of GIF source data`;
  return PREMATURE[format] ?? corrupt({ kind });
}

/** sharp's message about corrupt pixels. */
function damaged({ format, kind, reason }) {
  if (reason === 'missing-eoi') return prematureEnd({ format, kind });
  return { jpeg: 'VipsJpeg: Corrupt JPEG data', png: 'vipspng: libpng read error' }[format];
}

const tooLarge = () => 'Input image exceeds pixel limit';

/** sharp's message for each code of keenpix, for a fault in the header and for one in the pixels. */
const SENTENCES = {
  NOT_AN_IMAGE: { header: unreadable, pixels: unreadable },
  UNSUPPORTED: { header: unreadable },
  BAD_INPUT: { header: corrupt, pixels: damaged },
  TRUNCATED: { header: cutOff, pixels: prematureEnd },
  LIMIT_PIXELS: { header: tooLarge, pixels: tooLarge },
  LIMIT_WIDTH: { header: tooLarge, pixels: tooLarge },
  LIMIT_HEIGHT: { header: tooLarge, pixels: tooLarge },
  LIMIT_TOTAL_PIXELS: { header: tooLarge, pixels: tooLarge },
  DEADLINE: { header: () => 'timeout', pixels: () => 'timeout' },
};

/** Faults in a plan that only show once the size is known: after a trim, or a rotation by any angle. */
const REASONS = {
  'crop-outside': 'extract_area: bad extract area',
  'trim-too-small': 'Image to trim must be at least 3x3 pixels',
  'layer-too-large': 'Image to composite must have same dimensions or smaller',
};

const TAKE_ALL = "pass { failOn: 'none' } to use whatever can be decoded";
const RAISE = 'raise limitInputPixels if files of this size are to be accepted';

/** Hints by the error's reason or code, where those of the core would speak of plans and limits. */
const HINTS = {
  'crop-outside': 'compare with metadata().autoOrient, or with the size after resize()',
  'layer-too-large': 'resize the layer first',
  'trim-too-small': 'leave trim() out for images this small',
  BAD_INPUT: TAKE_ALL,
  TRUNCATED: TAKE_ALL,
  LIMIT_PIXELS: RAISE,
  LIMIT_WIDTH: RAISE,
  LIMIT_HEIGHT: RAISE,
  LIMIT_TOTAL_PIXELS: RAISE,
};

/**
 * The error of a native call with sharp's message in front, chosen by the error's code and reason. `kind` is `buffer`
 * or `file`, `stage` is `header` or `pixels`, and `format` is the input's, if known.
 */
function inSharpsWords(error, { kind, stage, format = error.format }) {
  if (!(error instanceof KeenpixError)) return error;
  const { code, reason } = error;
  const sentence = REASONS[reason] ?? SENTENCES[code]?.[stage]?.({ kind, format, reason });
  if (!sentence) return error;
  const hint = HINTS[reason] ?? HINTS[code] ?? error.hint;
  return new KeenpixError({ ...error, hint, message: `${sentence}: ${error.message}` }, error.cause ?? error);
}

/** Gives an error the stack of the user's call. */
function at(error, stack) {
  if (error instanceof KeenpixError) {
    const frames = String(stack.stack).split('\n').slice(1);
    error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  }
  return error;
}

module.exports = { KeenpixError, at, fault, inSharpsWords, plain, unsupported };

'use strict';

// The input of a chain: what `sharp(input, options)` and each layer of `composite` accept.

const { Chunks } = require('../../chunks.cjs');
const {
  MOST,
  boolean,
  defined,
  integer,
  invalid,
  isObject,
  isPlain,
  isString,
  number,
  oneOf,
  shown,
} = require('../check.cjs');
const { parseColour } = require('../colours.cjs');
const { plain, unsupported } = require('../errors.cjs');

/**
 * Maximum pixels of an input without `limitInputPixels`: sharp's default, the square of WebP's largest side.
 */
const PIXELS = 0x3fff ** 2;

/** Options for reading a stream: `sharp({ failOn: 'none' })` is a stream with an option. */
const STREAM_OPTIONS = [
  'failOn',
  'failOnError',
  'limitInputPixels',
  'limitInputChannels',
  'unlimited',
  'animated',
  'autoOrient',
  'density',
  'ignoreIcc',
  'page',
  'pages',
  'sequentialRead',
  'jp2',
  'openSlide',
  'pdf',
  'raw',
  'svg',
  'tiff',
  'openSlideLevel',
  'pdfBackground',
  'tiffSubifd',
  'level',
  'subifd',
];

/**
 * Describes an input. Its bytes come from one of `file`, `buffer` (an array of chunks if it is to be written to),
 * `source` (a stream, Blob or body to read once), `raw` and `create`.
 */
function describe(input, options, { allowStream = false } = {}) {
  const descriptor = {
    failOn: 'warning',
    limitInputPixels: PIXELS,
    limitInputChannels: 5,
    unlimited: false,
    sequentialRead: true,
    autoOrient: false,
    ignoreIcc: false,
    pages: 1,
    page: 0,
    density: 72,
  };
  const remaining = takeInput(descriptor, input, options, allowStream);
  if (isObject(remaining)) takeInputOptions(descriptor, remaining, input);
  else if (defined(remaining)) throw plain(`Invalid input options ${shown(remaining)}`);
  return descriptor;
}

function takeInput(descriptor, input, options, allowStream) {
  if (isString(input)) {
    descriptor.file = input;
  } else if (Buffer.isBuffer(input)) {
    if (input.length === 0) throw empty('Input Buffer is empty');
    descriptor.buffer = input;
  } else if (input instanceof ArrayBuffer || input instanceof SharedArrayBuffer) {
    if (input.byteLength === 0) throw empty('Input bit Array is empty');
    descriptor.buffer = Buffer.from(input);
  } else if (ArrayBuffer.isView(input) && !(input instanceof DataView)) {
    if (input.length === 0) throw empty('Input Bit Array is empty');
    descriptor.buffer = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  } else if (isReadable(input)) {
    descriptor.source = { input };
  } else if (isPlain(input) && !defined(options)) {
    if (STREAM_OPTIONS.some((name) => defined(input[name]))) descriptor.buffer = new Chunks();
    return input;
  } else if (!defined(input) && !defined(options) && allowStream) {
    descriptor.buffer = new Chunks();
  } else if (Array.isArray(input)) {
    if (input.length < 2) throw plain('Expected at least two images to join');
    throw unsupported(
      'Joining an array of images',
      'it makes one image from one file',
      'use composite() on a created canvas',
    );
  } else {
    const also = defined(options) ? ` when also providing options of type ${typeof options}` : '';
    throw plain(`Unsupported input '${shown(input)}' of type ${typeof input}${also}`);
  }
  return options;
}

const empty = (sentence) => plain(sentence, 'NOT_AN_IMAGE', 'check that the upload or read finished');

/** Whether an input is a stream of any kind, a Blob, or a body of the AWS SDK, none of which sharp accepts. */
function isReadable(input) {
  return (
    isObject(input) &&
    (typeof input.transformToByteArray === 'function' ||
      input instanceof Blob ||
      typeof input.getReader === 'function' ||
      (typeof input.pipe === 'function' && typeof input.on === 'function') ||
      typeof input[Symbol.asyncIterator] === 'function')
  );
}

function takeInputOptions(descriptor, options, input) {
  if (defined(options.failOn)) {
    descriptor.failOn = oneOf('failOn', options.failOn, ['none', 'truncated', 'error', 'warning']);
  } else if (defined(options.failOnError)) {
    descriptor.failOn = boolean('failOnError', options.failOnError) ? 'warning' : 'none';
  }
  const takeBoolean = (name) => {
    if (defined(options[name])) descriptor[name] = boolean(name, options[name]);
  };
  // In sharp's order, which decides which of several wrong options is reported.
  takeBoolean('autoOrient');
  if (defined(options.density)) descriptor.density = number('density', options.density, 1, 100000);
  takeBoolean('ignoreIcc');
  takeLimit(descriptor, options, 'limitInputPixels', PIXELS);
  takeLimit(descriptor, options, 'limitInputChannels', 5);
  takeBoolean('unlimited');
  takeBoolean('sequentialRead');
  if (defined(options.raw)) takeRaw(descriptor, options.raw, input);
  if (defined(options.animated)) descriptor.pages = boolean('animated', options.animated) ? -1 : 1;
  if (defined(options.pages)) descriptor.pages = integer('pages', options.pages, -1, 100000);
  if (defined(options.page)) descriptor.page = integer('page', options.page, 0, 100000);
  if (defined(options.create)) takeCreate(descriptor, options.create);
  refuse(options);
}

function takeLimit(descriptor, options, name, whenTrue) {
  const value = options[name];
  if (!defined(value)) return;
  descriptor[name] =
    typeof value === 'boolean'
      ? value
        ? whenTrue
        : 0
      : integer(name, value, 0, Number.MAX_SAFE_INTEGER, 'positive integer');
}

function takeRaw(descriptor, raw, input) {
  const size = (value) => Number.isInteger(value) && value >= 1 && value <= MOST;
  if (
    !isObject(raw) ||
    !size(raw.width) ||
    !size(raw.height) ||
    !Number.isInteger(raw.channels) ||
    raw.channels < 1 ||
    raw.channels > 4
  ) {
    throw plain('Expected width, height and channels for raw pixel input');
  }
  if (ArrayBuffer.isView(input) && ![Uint8Array, Uint8ClampedArray, Buffer].includes(input.constructor)) {
    throw unsupported(
      `Raw input of type ${input.constructor.name}`,
      'raw pixels have 8 bits per channel',
      'convert to Uint8Array first',
    );
  }
  if (defined(raw.premultiplied) && boolean('raw.premultiplied', raw.premultiplied)) {
    throw unsupported('raw.premultiplied', 'raw pixels must not be premultiplied');
  }
  checkPageHeight('raw', raw);
  descriptor.raw = { width: raw.width, height: raw.height, channels: raw.channels };
}

function takeCreate(descriptor, create) {
  const size = (value) => Number.isInteger(value) && value >= 1 && value <= MOST;
  if (!isObject(create) || !size(create.width) || !size(create.height) || !Number.isInteger(create.channels)) {
    throw plain('Expected valid width, height and channels to create a new input image');
  }
  checkPageHeight('create', create);
  if (defined(create.noise)) throw unsupported('create.noise', 'a created image has a single colour');
  if (!defined(create.background)) throw plain('Expected valid noise or background to create a new input image');
  integer('create.channels', create.channels, 3, 4, 'number between 3 and 4');
  descriptor.create = {
    width: create.width,
    height: create.height,
    channels: create.channels,
    background: parseColour(create.background),
  };
  delete descriptor.buffer;
}

function checkPageHeight(name, { height, pageHeight }) {
  if (!defined(pageHeight)) return;
  if (!Number.isInteger(pageHeight) || pageHeight <= 0 || pageHeight > height) {
    throw invalid(`${name}.pageHeight`, 'positive integer', pageHeight);
  }
  if (height % pageHeight !== 0) {
    throw plain(`Expected ${name}.height ${height} to be a multiple of ${name}.pageHeight ${pageHeight}`);
  }
  if (pageHeight !== height) throw unsupported(`${name}.pageHeight`, 'raw and created images have one page');
}

/** Refuses options for formats and sources that keenpix lacks. */
function refuse(options) {
  const missing = {
    text: 'it has no fonts of its own',
    join: 'it makes one image from one file',
    openSlide: 'it does not read slides',
    openSlideLevel: 'it does not read slides',
    level: 'it does not read slides',
    tiff: 'it does not read TIFF',
    tiffSubifd: 'it does not read TIFF',
    subifd: 'it does not read TIFF',
    pdf: 'it does not read PDF',
    pdfBackground: 'it does not read PDF',
    jp2: 'it does not read JPEG 2000',
  };
  for (const [name, reason] of Object.entries(missing)) {
    if (defined(options[name])) throw unsupported(`Input option ${name}`, reason);
  }
  if (isObject(options.svg)) {
    for (const name of ['stylesheet', 'highBitdepth']) {
      if (defined(options.svg[name]))
        throw unsupported(`Input option svg.${name}`, 'drawings are rendered as they are, at 8 bits per channel');
    }
  }
}

module.exports = { PIXELS, STREAM_OPTIONS, describe };

'use strict';

// The calls that set the output format and its options.

const {
  check,
  boolean,
  defined,
  flag,
  integer,
  invalid,
  isNumber,
  isObject,
  isPlain,
  isString,
  number,
  oneOf,
  shown,
  takeOptions,
} = require('../check.cjs');
const { unsupported } = require('../errors.cjs');
const names = require('../names.cjs');

const between = (min, max) => (name, value) => integer(name, value, min, max);
const fraction = (name, value) => number(name, value, 0, 1, 'number between 0.0 and 1.0');
const chroma = (name, value) => oneOf(name, value, ['4:2:0', '4:4:4']);

/** Rounds up to 2, 4, 16 or 256 colours, because an index into the palette has 1, 2, 4 or 8 bits. */
function paletteSize(_name, value) {
  const bits = Math.ceil(Math.log2(integer('colours', value, 2, 256)));
  return 2 ** (2 ** Math.ceil(Math.log2(bits)));
}

/** Refuses options without a counterpart, unless they are set to what happens anyway. */
function refuse(options, format, reasons) {
  if (!isObject(options)) return;
  for (const [name, [accepted, reason]] of Object.entries(reasons)) {
    if (defined(options[name]) && !accepted.includes(options[name])) {
      throw unsupported(`${format} option ${name}: ${shown(options[name])}`, reason);
    }
  }
}

function toFormat(format, options) {
  const name = isObject(format) && isString(format.id) ? format.id : format;
  const method = Object.hasOwn(names.formats, String(name).toLowerCase()) && names.formats[String(name).toLowerCase()];
  if (!method) throw invalid('format', `one of: ${Object.keys(names.formats).join(', ')}`, format);
  return this[method](options);
}

/** Options with two spellings, and those that imply others, are taken last. */
function jpeg(options) {
  const state = this.options;
  takeOptions(state, options, {
    quality: ['jpegQuality', between(1, 100)],
    progressive: ['jpegProgressive', flag],
    chromaSubsampling: ['jpegChromaSubsampling', chroma],
  });
  if (isObject(options)) {
    const spelt = (british, american, passes) => (passes(options[american]) ? options[american] : options[british]);
    const isBoolean = (value) => typeof value === 'boolean';
    const rest = {
      optimiseCoding: spelt('optimiseCoding', 'optimizeCoding', isBoolean),
      mozjpeg: options.mozjpeg,
      trellisQuantisation: spelt('trellisQuantisation', 'trellisQuantization', isBoolean),
      overshootDeringing: options.overshootDeringing,
      optimiseScans: spelt('optimiseScans', 'optimizeScans', isBoolean),
      quantisationTable: spelt('quantisationTable', 'quantizationTable', isNumber),
    };
    takeOptions(state, rest, { optimiseCoding: ['jpegOptimiseCoding', flag] });
    if (defined(rest.mozjpeg) && boolean('mozjpeg', rest.mozjpeg)) {
      Object.assign(state, {
        jpegTrellisQuantisation: true,
        jpegOvershootDeringing: true,
        jpegOptimiseScans: true,
        jpegProgressive: true,
        jpegQuantisationTable: 3,
      });
    }
    takeOptions(state, rest, {
      trellisQuantisation: ['jpegTrellisQuantisation', flag],
      overshootDeringing: ['jpegOvershootDeringing', flag],
      optimiseScans: ['jpegOptimiseScans', flag],
      quantisationTable: ['jpegQuantisationTable', between(0, 8)],
    });
    if (rest.optimiseScans === true) state.jpegProgressive = true;
    refuse(rest, 'JPEG', { quantisationTable: [[0, 3], "it has one set of tables, Robidoux's, which is number 3"] });
  }
  return this._updateFormatOut('jpeg', options);
}

function png(options) {
  const state = this.options;
  takeOptions(state, options, {
    progressive: ['pngProgressive', flag],
    compressionLevel: ['pngCompressionLevel', between(0, 9)],
    adaptiveFiltering: ['pngAdaptiveFiltering', flag],
  });
  if (isObject(options)) {
    const colours = options.colours || options.colors;
    if (defined(colours)) state.pngColours = paletteSize('colours', colours);
    if (defined(options.palette)) state.pngPalette = boolean('pngPalette', options.palette);
    else if ([options.quality, options.effort, options.colours, options.colors, options.dither].some(defined))
      state.pngPalette = true;
    if (state.pngPalette) {
      takeOptions(state, options, {
        quality: ['pngQuality', between(0, 100)],
        effort: ['pngEffort', between(1, 10)],
        dither: ['pngDither', fraction],
      });
    }
  }
  return this._updateFormatOut('png', options);
}

function webp(options) {
  takeOptions(this.options, options, {
    quality: ['webpQuality', between(1, 100)],
    alphaQuality: ['webpAlphaQuality', between(0, 100)],
    lossless: ['webpLossless', flag],
    nearLossless: ['webpNearLossless', flag],
    smartSubsample: ['webpSmartSubsample', flag],
    smartDeblock: ['webpSmartDeblock', flag],
    preset: [
      'webpPreset',
      (name, value) => oneOf(name, value, ['default', 'photo', 'picture', 'drawing', 'icon', 'text']),
    ],
    effort: ['webpEffort', between(0, 6)],
    minSize: ['webpMinSize', flag],
    mixed: ['webpMixed', flag],
    exact: ['webpExact', flag],
  });
  refuse(options, 'WebP', {
    smartDeblock: [[false], "the deblocking filter is libwebp's default one"],
    minSize: [[false], 'frames of animations are compressed one by one'],
    mixed: [[false], 'an animation is lossy or lossless as a whole'],
  });
  takeAnimation(this.options, options);
  return this._updateFormatOut('webp', options);
}

function gif(options) {
  takeOptions(this.options, options, {
    reuse: ['gifReuse', flag],
    progressive: ['gifProgressive', flag],
  });
  const colours = isObject(options) ? options.colours || options.colors : undefined;
  if (defined(colours)) this.options.gifColours = paletteSize('colours', colours);
  takeOptions(this.options, options, {
    effort: ['gifEffort', between(1, 10)],
    dither: ['gifDither', fraction],
    interFrameMaxError: [
      'gifInterFrameMaxError',
      (name, value) => number(name, value, 0, 32, 'number between 0.0 and 32.0'),
    ],
    interPaletteMaxError: [
      'gifInterPaletteMaxError',
      (name, value) => number(name, value, 0, 256, 'number between 0.0 and 256.0'),
    ],
    keepDuplicateFrames: ['gifKeepDuplicateFrames', boolean],
  });
  takeAnimation(this.options, options);
  return this._updateFormatOut('gif', options);
}

function takeAnimation(state, options) {
  if (!isObject(options)) return;
  const most = 65535;
  if (defined(options.loop)) state.loop = integer('loop', options.loop, 0, most);
  const { delay } = options;
  if (!defined(delay)) return;
  const list = Array.isArray(delay) ? delay : [delay];
  const legal = list.length > 0 && list.every((value) => Number.isInteger(value) && value >= 0 && value <= most);
  check(legal, 'delay', `integer or an array of integers between 0 and ${most}`, delay);
  if (list.some((value) => value !== list[0])) {
    throw unsupported(
      'A list of different delays',
      'all frames of an animation get one delay, or keep those of the input',
      'pass one number',
    );
  }
  state.delay = list;
}

function avif(options) {
  return this.heif({ ...options, compression: 'av1' });
}

function heif(options) {
  if (!isObject(options)) throw invalid('options', 'Object', options);
  oneOf('compression', options.compression, ['av1', 'hevc']);
  takeOptions(this.options, options, {
    quality: ['heifQuality', between(1, 100)],
    lossless: ['heifLossless', boolean],
    effort: ['heifEffort', between(0, 9)],
    chromaSubsampling: ['heifChromaSubsampling', chroma],
    bitdepth: ['heifBitdepth', (name, value) => oneOf(name, value, [8, 10, 12], '8, 10 or 12')],
    tune: ['heifTune', (name, value) => oneOf(name, value, ['auto', 'iq', 'psnr', 'ssim'])],
  });
  refuse(options, 'AVIF', {
    compression: [['av1'], 'HEVC is not free to use'],
    bitdepth: [[8], 'outputs have 8 bits per channel'],
    tune: [['auto'], 'the encoder is tuned for what libaom finds best'],
  });
  return this._updateFormatOut('heif', options);
}

const DEPTHS = ['char', 'uchar', 'short', 'ushort', 'int', 'uint', 'float', 'complex', 'double', 'dpcomplex'];

function raw(options) {
  if (isObject(options) && defined(options.depth)) {
    oneOf('depth', options.depth, DEPTHS);
    refuse(options, 'Raw', { depth: [['uchar'], 'raw outputs have 8 bits per channel'] });
  }
  return this._updateFormatOut('raw');
}

function timeout(options) {
  if (!isPlain(options)) throw invalid('options', 'object', options);
  this.options.timeoutSeconds = integer('seconds', options.seconds, 0, 3600);
  return this;
}

/** With `force: false` the options are set but the format stays. */
function _updateFormatOut(format, options) {
  if (!(isObject(options) && options.force === false)) this.options.formatOut = format;
  return this;
}

module.exports = { toFormat, jpeg, png, webp, gif, avif, heif, raw, timeout, _updateFormatOut };

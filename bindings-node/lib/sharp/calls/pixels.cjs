'use strict';

// The calls that change pixels but not sizes.

const {
  MOST,
  boolean,
  check,
  defined,
  integer,
  invalid,
  isNumber,
  isObject,
  isPlain,
  number,
  shown,
  string,
  takeOptions,
} = require('../check.cjs');
const { parseColour } = require('../colours.cjs');
const { plain, unsupported } = require('../errors.cjs');
const { describe, STREAM_OPTIONS } = require('../input/describe.cjs');
const names = require('../names.cjs');

function tint(colour) {
  if (defined(colour)) this.options.tint = parseColour(colour);
  return this;
}

function greyscale(on) {
  this.options.greyscale = typeof on === 'boolean' ? on : true;
  return this;
}

function toColourspace(space) {
  string('colourspace', space);
  if (space !== 'srgb' && space !== 'b-w') {
    throw unsupported(
      `Colour space ${shown(space)}`,
      'outputs are sRGB or grey, with 8 bits per channel',
      "use 'srgb' or 'b-w'",
    );
  }
  this.options.colourspace = space;
  return this;
}

function flatten(options) {
  this.options.flatten = typeof options === 'boolean' ? options : true;
  if (isObject(options) && defined(options.background))
    this.options.flattenBackground = parseColour(options.background);
  return this;
}

function negate(options) {
  this.options.negate = typeof options === 'boolean' ? options : true;
  if (isPlain(options) && 'alpha' in options) {
    this.options.negateAlpha = check(
      typeof options.alpha === 'boolean',
      'alpha',
      'should be boolean value',
      options.alpha,
    );
  }
  return this;
}

function median(size) {
  this.options.medianSize = defined(size) ? integer('size', size, 1, 1000) : 3;
  return this;
}

const SIGMA = 'number between 0.3 and 1000';

function blur(options) {
  const state = this.options;
  if (!defined(options)) {
    state.blurSigma = -1;
    return this;
  }
  if (typeof options === 'boolean') {
    state.blurSigma = options ? -1 : 0;
    return this;
  }
  let sigma = options;
  if (isPlain(options)) {
    ({ sigma } = options);
    if (!isNumber(sigma)) throw invalid('options.sigma', SIGMA, undefined);
    takeOptions(state, options, {
      precision: [
        'precision',
        (name, value) =>
          check(
            ['integer', 'float', 'approximate'].includes(value),
            name,
            'one of: integer, float, approximate',
            value,
          ),
      ],
      minAmplitude: ['minAmpl', (name, value) => number(name, value, 0.001, 1)],
    });
  }
  if (!isNumber(sigma)) throw invalid('sigma', SIGMA, undefined);
  state.blurSigma = number('sigma', sigma, 0.3, 1000);
  return this;
}

const million = (name, value) => number(`options.${name}`, value, 0, 1000000);

function sharpen(options) {
  const state = this.options;
  if (!isPlain(options)) {
    state.sharpenSigma = -1;
    return this;
  }
  state.sharpenSigma = number('options.sigma', options.sigma, 0.000001, 10);
  takeOptions(state, options, {
    m1: ['sharpenM1', million],
    m2: ['sharpenM2', million],
    x1: ['sharpenX1', million],
    y2: ['sharpenY2', million],
    y3: ['sharpenY3', million],
  });
  return this;
}

function gamma(exponent, exponentOut) {
  const state = this.options;
  const between = (name, value) => number(name, value, 1, 3, 'number between 1.0 and 3.0');
  state.gamma = defined(exponent) ? between('gamma', exponent) : 2.2;
  state.gammaOut = defined(exponentOut) ? between('gammaOut', exponentOut) : state.gamma;
  return this;
}

function normalise(options) {
  const state = this.options;
  if (isPlain(options)) {
    takeOptions(state, options, {
      lower: ['normaliseLower', (name, value) => number(name, value, 0, 99)],
      upper: ['normaliseUpper', (name, value) => number(name, value, 1, 100)],
    });
  }
  if (state.normaliseLower >= state.normaliseUpper) {
    throw invalid('range', 'lower to be less than upper', `${state.normaliseLower} >= ${state.normaliseUpper}`);
  }
  state.normalise = true;
  return this;
}

function threshold(value, options) {
  const state = this.options;
  if (!defined(value)) state.threshold = 128;
  else if (typeof value === 'boolean') state.threshold = value ? 128 : 0;
  else state.threshold = integer('threshold', value, 0, 255);
  state.thresholdGrayscale = !isObject(options) || options.greyscale === true || options.grayscale === true;
  return this;
}

function linear(a, b) {
  const state = this.options;
  const list = (name, value) => {
    if (!defined(value)) return [];
    const values = Array.isArray(value) ? value : [value];
    check(values.length > 0 && values.every(isNumber), name, 'number or array of numbers', value);
    return values;
  };
  state.linearA = list('a', !defined(a) && isNumber(b) ? 1 : a);
  state.linearB = list('b', isNumber(a) && !defined(b) ? 0 : b);
  if (state.linearA.length !== state.linearB.length) throw plain('Expected a and b to be arrays of the same length');
  return this;
}

function modulate(options) {
  if (!isPlain(options)) throw invalid('options', 'plain object', options);
  const positive = (name, value) => number(name, value, 0, Infinity, 'number above zero');
  for (const [name, rule] of Object.entries({
    brightness: positive,
    saturation: positive,
    hue: (_, value) => integer('hue', value, -Infinity, Infinity, 'number') % 360,
    lightness: (_, value) => number('lightness', value, -Infinity, Infinity, 'number'),
  })) {
    if (name in options) this.options[name] = rule(name, options[name]);
  }
  return this;
}

function removeAlpha() {
  this.options.removeAlpha = true;
  return this;
}

function ensureAlpha(alpha) {
  this.options.ensureAlpha = defined(alpha) ? number('alpha', alpha, 0, 1) : 1;
  return this;
}

function composite(images) {
  if (!Array.isArray(images)) throw invalid('images to composite', 'array', images);
  this.options.composite = images.map(layer);
  return this;
}

function layer(image) {
  if (typeof image !== 'object') throw invalid('image to composite', 'object', image);
  const options = Object.fromEntries(
    STREAM_OPTIONS.filter((name) => defined(image[name])).map((name) => [name, image[name]]),
  );
  const taken = {
    input: describe(image.input, Object.keys(options).length > 0 ? options : undefined),
    blend: 'over',
    tile: false,
    gravity: 0,
    premultiplied: false,
  };
  const offset = (name, value) => integer(name, value, -MOST, MOST);
  takeOptions(taken, image, {
    blend: [
      'blend',
      (name, value) => names.blend[check(Object.hasOwn(names.blend, value), name, 'valid blend name', value)],
    ],
    tile: ['tile', boolean],
    left: ['left', offset],
    top: ['top', offset],
  });
  if (defined(image.top) !== defined(image.left)) throw plain('Expected both left and top to be set');
  if (defined(image.gravity)) taken.gravity = gravity(image.gravity);
  if (defined(image.premultiplied) && boolean('premultiplied', image.premultiplied)) {
    throw unsupported('composite with premultiplied', 'layers must not be premultiplied');
  }
  return taken;
}

function gravity(value) {
  const number = Number.isInteger(value) ? value : names.gravity[value];
  check(Number.isInteger(number) && number >= 0 && number <= 8, 'gravity', 'valid gravity', value);
  return number;
}

module.exports = {
  tint,
  greyscale,
  grayscale: greyscale,
  toColourspace,
  toColorspace: toColourspace,
  flatten,
  negate,
  median,
  blur,
  sharpen,
  gamma,
  normalise,
  normalize: normalise,
  threshold,
  linear,
  modulate,
  removeAlpha,
  ensureAlpha,
  composite,
};

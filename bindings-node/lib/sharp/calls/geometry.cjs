'use strict';

// The calls that change the geometry: resize, extract, extend, trim, rotate, flip, flop.

const {
  MOST,
  boolean,
  check,
  defined,
  flag,
  integer,
  invalid,
  number,
  isObject,
  takeOptions,
  within,
} = require('../check.cjs');
const { parseColour } = require('../colours.cjs');
const { unsupported } = require('../errors.cjs');
const names = require('../names.cjs');

const side = (name, value) => integer(name, value, 1, MOST, `positive integer between 1 and ${MOST}`);
const colour = (_name, value) => parseColour(value);

const RESIZE_OPTIONS = {
  width: ['width', side],
  height: ['height', side],
  fit: ['canvas', (name, value) => check(Object.hasOwn(names.fit, value), name, 'valid fit', value)],
  position: ['position', place],
  background: ['resizeBackground', colour],
  kernel: ['kernel', kernel],
  withoutEnlargement: ['withoutEnlargement', flag],
  withoutReduction: ['withoutReduction', flag],
  fastShrinkOnLoad: ['fastShrinkOnLoad', flag],
};

function place(name, value) {
  const number = Number.isInteger(value)
    ? value
    : (names.strategy[value] ?? names.position[value] ?? names.gravity[value]);
  check(
    Number.isInteger(number) && (within(number, 0, 8) || within(number, 16, 17)),
    name,
    'valid position/gravity/strategy',
    value,
  );
  return number;
}

function kernel(name, value) {
  check(Object.hasOwn(names.kernel, value), name, 'valid kernel name', value);
  if (value.startsWith('mks'))
    throw unsupported(`Kernel ${value}`, 'it has no Magic Kernel', 'lanczos3 and mitchell come close');
  return value;
}

const resizes = (options) => options.width !== -1 || options.height !== -1;
const rotates = (options) => options.angle % 360 !== 0 || options.rotationAngle !== 0;

function resize(widthOrOptions, height, options) {
  const state = this.options;
  if (resizes(state)) this._warn('ignoring previous resize options');
  if (state.extractPost) this._warn('operation order will be: extract, resize, extract');
  let rest = options;
  if (isObject(widthOrOptions) && !defined(options))
    rest = widthOrOptions; // keeps an earlier width, as sharp does
  else state.width = defined(widthOrOptions) ? side('width', widthOrOptions) : -1;
  state.height = defined(height) ? side('height', height) : -1;
  takeOptions(state, rest, RESIZE_OPTIONS);
  if (rotates(state) && resizes(state)) state.rotateBefore = true;
  return this;
}

function extract(region) {
  const state = this.options;
  const key = resizes(state) || state.extractPre ? 'extractPost' : 'extractPre';
  if (state[key]) this._warn('ignoring previous extract options');
  const taken = {};
  for (const name of ['left', 'top', 'width', 'height']) taken[name] = integer(name, region[name], 0, MOST);
  state[key] = taken;
  if (rotates(state) && !resizes(state) && (!state.extractPre || !state.extractPost)) state.rotateBefore = true;
  if (state.input.autoOrient) state.orientBefore = true;
  return this;
}

function extend(border) {
  const state = this.options;
  if (Number.isInteger(border)) {
    const all = integer('extend', border, 1, MOST);
    state.extend = { top: all, right: all, bottom: all, left: all };
    return this;
  }
  if (!isObject(border)) throw invalid('extend', 'integer or object', border);
  state.extend ??= { top: 0, right: 0, bottom: 0, left: 0 };
  for (const name of ['top', 'bottom', 'left', 'right']) {
    if (defined(border[name])) state.extend[name] = integer(name, border[name], 0, MOST);
  }
  if (defined(border.background)) state.extendBackground = parseColour(border.background);
  if (defined(border.extendWith)) {
    state.extendWith = check(
      names.extendWith.includes(border.extendWith),
      'extendWith',
      `one of: ${names.extendWith.join(', ')}`,
      border.extendWith,
    );
  }
  return this;
}

function trim(options) {
  const state = this.options;
  state.trim ??= { threshold: 10, lineart: false, margin: 0 };
  state.trim.threshold = 10;
  if (defined(options)) {
    if (!isObject(options)) throw invalid('trim', 'object', options);
    takeOptions(state.trim, options, {
      background: ['background', colour],
      threshold: ['threshold', (name, value) => number(name, value, 0, Infinity, 'positive number')],
      lineArt: ['lineart', (_name, value) => boolean('trimLineArt', value)],
      // The value of VIPS_MAX_COORD when sharp added the option.
      margin: ['margin', (name, value) => integer(name, value, 0, 10000000)],
    });
  }
  if (rotates(state)) state.rotateBefore = true;
  return this;
}

function rotate(angle, options) {
  if (!defined(angle)) return this.autoOrient();
  const state = this.options;
  if (state.angle || state.rotationAngle) {
    this._warn('ignoring previous rotate options');
    state.angle = 0;
    state.rotationAngle = 0;
  }
  if (Number.isInteger(angle) && angle % 90 === 0) {
    state.angle = angle;
  } else {
    state.rotationAngle = number('angle', angle, -Infinity, Infinity, 'numeric');
    if (isObject(options) && options.background) state.rotationBackground = parseColour(options.background);
  }
  return this;
}

function autoOrient() {
  this.options.input.autoOrient = true;
  return this;
}

function flip(on) {
  this.options.flip = typeof on === 'boolean' ? on : true;
  return this;
}

function flop(on) {
  this.options.flop = typeof on === 'boolean' ? on : true;
  return this;
}

module.exports = { resize, extract, extend, trim, rotate, autoOrient, flip, flop };

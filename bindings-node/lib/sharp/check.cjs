'use strict';

// Argument checks. Each returns its value, or throws sharp's error message.

const { shortened } = require('../error.cjs');
const { plain } = require('./errors.cjs');

const defined = (value) => value !== undefined && value !== null;
const isObject = (value) => typeof value === 'object' && value !== null;
const isPlain = (value) => Object.prototype.toString.call(value) === '[object Object]';
const isString = (value) => typeof value === 'string' && value.length > 0;
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
/** The largest coordinate in libvips (VIPS_MAX_COORD). */
const MOST = 100000000;

const within = (value, min, max) => value >= min && value <= max;

/**
 * A value as text for a message; `undefined` if it can't be converted. sharp prints all of it, even megabytes.
 */
function shown(value) {
  try {
    return shortened(String(value));
  } catch {
    return undefined;
  }
}

/** The error for an argument: `Expected <what> for <name> but received <value> of type <type>`. */
function invalid(name, expected, actual, hint = `pass ${expected}`) {
  const sentence = `Expected ${expected} for ${name} but received ${shown(actual)} of type ${typeof actual}`;
  return plain(sentence, 'BAD_ARGUMENT', hint);
}

function check(passes, name, expected, value, hint) {
  if (!passes) throw invalid(name, expected, value, hint);
  return value;
}

const integer = (name, value, min, max, expected = `integer between ${min} and ${max}`) =>
  check(Number.isInteger(value) && within(value, min, max), name, expected, value, wholeNumberHint(value));

const number = (name, value, min, max, expected = `number between ${min} and ${max}`) =>
  check(isNumber(value) && within(value, min, max), name, expected, value, numberHint(value));

/** A hint for a number passed as a string. */
function numberHint(value) {
  if (typeof value !== 'string' || value.trim() === '' || !isNumber(Number(value))) return undefined;
  return `pass the number ${Number(value)}, not the string '${shortened(value, 20)}'`;
}

function wholeNumberHint(value) {
  if (isNumber(value) && !Number.isInteger(value))
    return `round it first: Math.round(${value}) is ${Math.round(value)}`;
  return numberHint(value);
}

const boolean = (name, value) => check(typeof value === 'boolean', name, 'boolean', value);

const string = (name, value, expected = 'string') => check(isString(value), name, expected, value);

const oneOf = (name, value, list, expected = `one of: ${list.join(', ')}`) =>
  check(list.includes(value), name, expected, value);

/**
 * Copies options into `state`, each through its own check, in the order of `rules`:
 * `{ quality: ['jpegQuality', (name, value) => …] }`. Missing options leave the state unchanged.
 */
function takeOptions(state, options, rules) {
  if (!isObject(options)) return;
  for (const [name, [key, rule]] of Object.entries(rules)) {
    if (defined(options[name])) state[key] = rule(name, options[name], state, key);
  }
}

/** A rule for [`takeOptions`] whose error names the state's key, as sharp does for booleans. */
const flag = (_name, value, _state, key) => boolean(key, value);

module.exports = {
  MOST,
  boolean,
  check,
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
  string,
  takeOptions,
  within,
};

'use strict';

// Checks of arguments. Each returns the value it was given, or throws sharp's sentence.

const { plain } = require('./errors.cjs');

const defined = (value) => value !== undefined && value !== null;
const isObject = (value) => typeof value === 'object' && value !== null;
const isPlain = (value) => Object.prototype.toString.call(value) === '[object Object]';
const isString = (value) => typeof value === 'string' && value.length > 0;
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const within = (value, min, max) => value >= min && value <= max;

/** The error for an argument: `Expected <what> for <name> but received <value> of type <type>`. */
function invalid(name, expected, actual) {
  let text;
  try {
    text = String(actual).slice(0, 100);
  } catch {
    text = undefined; // an object without a usable toString
  }
  const sentence = `Expected ${expected} for ${name} but received ${text} of type ${typeof actual}`;
  return plain(sentence, 'BAD_ARGUMENT', hintFor(expected, actual));
}

function hintFor(expected, actual) {
  if (
    typeof actual === 'string' &&
    actual.trim() !== '' &&
    isNumber(Number(actual)) &&
    /integer|number/.test(expected)
  ) {
    return `pass the number ${Number(actual)}, not the string '${actual.slice(0, 20)}'`;
  }
  if (
    typeof actual === 'number' &&
    !Number.isInteger(actual) &&
    Number.isFinite(actual) &&
    expected.includes('integer')
  ) {
    return `round it first: Math.round(${actual}) is ${Math.round(actual)}`;
  }
  return `pass ${expected}`;
}

function check(passes, name, expected, value) {
  if (!passes) throw invalid(name, expected, value);
  return value;
}

const integer = (name, value, min, max, expected = `integer between ${min} and ${max}`) =>
  check(Number.isInteger(value) && within(value, min, max), name, expected, value);

const number = (name, value, min, max, expected = `number between ${min} and ${max}`) =>
  check(isNumber(value) && within(value, min, max), name, expected, value);

const boolean = (name, value) => check(typeof value === 'boolean', name, 'boolean', value);

const string = (name, value, expected = 'string') => check(isString(value), name, expected, value);

const oneOf = (name, value, list, expected = `one of: ${list.join(', ')}`) =>
  check(list.includes(value), name, expected, value);

/**
 * Takes options over into `state`, each through its own check, in the order of `rules`:
 * `{ quality: ['jpegQuality', (name, value) => …] }`. Options that are not there leave the state as it is.
 */
function takeOptions(state, options, rules) {
  if (!isObject(options)) return;
  for (const [name, [key, rule]] of Object.entries(rules)) {
    if (defined(options[name])) state[key] = rule(name, options[name], state, key);
  }
}

/** A rule for [`takeOptions`] whose error names the state's key, as sharp's booleans do. */
const flag = (_name, value, _state, key) => boolean(key, value);

module.exports = {
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
  string,
  takeOptions,
  within,
};

'use strict';

const { base64 } = require('./base64.cjs');
const { KeenpixError, badArgument, shortened } = require('./error.cjs');

const NAMES = ['limits', 'signal', 'deadline'];

/**
 * The checked options of a call and the time it began, from which `deadline` counts.
 * Limits and plans become JSON; the core checks their contents.
 */
function callOptions(options) {
  if (options === null || typeof options !== 'object') {
    throw badArgument(
      `options must be an object, not ${kind(options)}`,
      'Leave them out, or pass { limits, signal, deadline }.',
    );
  }
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) {
      throw badArgument(
        `unknown option \`${shortened(name)}\`, expected one of: ${NAMES.join(', ')}`,
        'What to make of the image belongs in the plan, the second argument.',
      );
    }
  }
  const { limits, signal, deadline } = options;
  if (deadline !== undefined && !(typeof deadline === 'number' && deadline >= 0)) {
    throw badArgument(
      `deadline must be a number of milliseconds from now, not ${kind(deadline)}`,
      'For example { deadline: 5000 }.',
    );
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw badArgument(`signal must be an AbortSignal, not ${kind(signal)}`, 'Pass the `signal` of an AbortController.');
  }
  if (limits !== undefined && (limits === null || typeof limits !== 'object')) {
    throw badArgument(`limits must be an object, not ${kind(limits)}`, 'For example { limits: { pixels: 50e6 } }.');
  }
  return {
    limits: limits === undefined ? '{}' : JSON.stringify(limits, limit),
    signal,
    deadline,
    started: performance.now(),
  };
}

/** Milliseconds since the call began. */
function elapsed(call) {
  return performance.now() - call.started;
}

/** A plan as JSON. Bytes become base64, and values that JSON can't express become strings for the core to reject. */
function planText(plan = {}, place = 'the plan') {
  if (!isData(plan)) {
    throw new KeenpixError({
      code: 'BAD_PLAN',
      message: `${place} must be an object, not ${kind(plan)}`,
      hint: "For example { resize: { width: 200 }, encode: { format: 'webp' } }.",
      retryable: false,
      httpStatus: 400,
      expected: 'an object',
      got: kind(plan),
      reason: 'wrong-type',
    });
  }
  try {
    return JSON.stringify(plan, planValue);
  } catch (cause) {
    throw badArgument(
      `${place} can't be written as JSON: ${shortened(String(cause?.message))}`,
      'A plan is plain data: objects, lists, strings, numbers, and bytes.',
      cause,
    );
  }
}

/** Whether a value can be a plan: an object, but not an array or bytes. */
const isData = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

function planValue(key, value) {
  const original = this[key];
  if (ArrayBuffer.isView(original)) return base64(original.buffer, original.byteOffset, original.byteLength);
  if (original instanceof ArrayBuffer) return base64(original, 0, original.byteLength);
  return plain(value);
}

function limit(_key, value) {
  return value === Infinity ? Number.MAX_SAFE_INTEGER : plain(value);
}

// JSON.stringify would turn NaN into null and drop functions, and the core would never see either.
function plain(value) {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return Number(value);
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    default:
      return value;
  }
}

/** A short description of a value, for messages. */
function kind(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `a string (${JSON.stringify(shortened(value, 40))})`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') {
    const name = shortened(String(value.constructor?.name ?? 'object'), 40);
    return name === 'Object' ? 'an object' : `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
  }
  return `a ${typeof value}`;
}

module.exports = { callOptions, elapsed, planText, kind };

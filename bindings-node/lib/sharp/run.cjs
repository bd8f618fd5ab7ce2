'use strict';

// Runs a chain: read, translate, transform, describe.

const fs = require('node:fs');
const path = require('node:path');
const { shortPath, shortened } = require('../error.cjs');
const { at, fault, inSharpsWords, plain } = require('./errors.cjs');
const { defined, isObject, isString, boolean } = require('./check.cjs');
const { infoOf } = require('./output-info.cjs');
const { prepareLayers } = require('./input/layers.cjs');
const { toPlan } = require('./plan/index.cjs');
const share = require('./shared-decode.cjs');
const { headerOf, limitsOf, readBytes } = require('./input/source.cjs');
const statics = require('./statics.cjs');

/** Runs the chain, and resolves with `{ data, info }`. Errors get the stack of `stack`. */
async function _run(stack = new Error()) {
  // The chain's options at this moment count; for an input that is still being written, those at its end.
  let state = this._isStreamInput() ? undefined : this._snapshot();
  try {
    if (!state) {
      await this._whenInputIsHere();
      state = this._snapshot();
    }
    return await counted((started) => transform(this, state, started));
  } catch (error) {
    throw at(error, stack);
  }
}

/** Does work that shows up in `sharp.counters()` and `sharp.queue`. */
async function counted(work) {
  let hasStarted = false;
  statics.queued();
  try {
    return await work(() => {
      statics.started();
      hasStarted = true;
    });
  } finally {
    statics.ended(hasStarted);
  }
}

async function transform(chain, state, onStart) {
  const { signal, timeoutSeconds } = state;
  const started = performance.now();
  const left = () =>
    timeoutSeconds > 0 ? Math.max(0, timeoutSeconds * 1000 - (performance.now() - started)) : undefined;
  let bytes = await readBytes(state.input, { family: chain._family, deadline: left(), signal });
  let source = headerOf(state.input, bytes);
  const { kind, format } = source;
  onStart();
  if (state.composite.length > 0) state = { ...state, composite: await prepareLayers(state) };
  const carried = {};
  while (true) {
    const step = toPlan(state, source);
    const options = { limits: limitsOf(state.input), deadline: left() && Math.ceil(left()), signal };
    const image = await share.transform(chain._family, bytes, step.plan, options).catch((error) => {
      throw inSharpsWords(error, { kind, format, stage: 'pixels' });
    });
    for (const warning of image.warnings) chain.emit('warning', warning);
    carried.trim ??= state.trim ? (image.trim ?? [0, 0]) : undefined;
    if (!step.rest) return { data: image.bytes, info: infoOf(step, image, carried) };
    bytes = image.bytes;
    source = derived(source, image, step);
    state = step.rest;
  }
}

/** The output of one plan as the input of the next. */
function derived(
  { kind, format, header, alpha: had },
  { format: as, width, height, channels, alpha: has },
  { orientation, plan },
) {
  // A GIF counts as transparent even if its first frame is opaque.
  const alpha = has || (had && !plan.flatten);
  const input = as === 'raw' ? { raw: { width, height, channels } } : 'file';
  return { format, kind, header, width, height, alpha, orientation, pages: 1, derived: true, input };
}

function toBuffer(options, callback) {
  if (isObject(options)) {
    if (defined(options.resolveWithObject))
      this.options.resolveWithObject = boolean('resolveWithObject', options.resolveWithObject);
    this.options.signal = options.signal;
  } else {
    this.options.resolveWithObject = false;
    this.options.signal = undefined;
  }
  this.options.fileOut = '';
  const whole = this.options.resolveWithObject;
  const done = this._run(new Error());
  const then = typeof options === 'function' ? options : callback;
  if (typeof then === 'function') return this._callBack(done, then, ({ data, info }) => [data, info]);
  return done.then(({ data, info }) => (whole ? { data, info } : data));
}

async function toUint8Array() {
  this.options.resolveWithObject = true;
  this.options.fileOut = '';
  const { data, info } = await this._run(new Error());
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), info };
}

function toFile(file, callback) {
  const refused = refusal(this.options, file);
  if (refused) {
    if (typeof callback !== 'function') return Promise.reject(refused);
    callback(refused);
    return this;
  }
  this.options.fileOut = file;
  const stack = new Error();
  const done = this._run(stack).then(async ({ data, info }) => {
    await fs.promises.writeFile(file, data).catch((error) => {
      throw at(unwritable(file, error), stack);
    });
    return info;
  });
  return typeof callback === 'function' ? this._callBack(done, callback, (info) => [info]) : done;
}

function refusal({ input }, file) {
  if (!isString(file)) return plain('Missing output file path');
  if (isString(input.file) && path.resolve(input.file) === path.resolve(file))
    return plain('Cannot use same file for input and output');
  if (/\.(jp[2x]|j2[kc])$/i.test(path.extname(file)))
    return plain('JP2 output requires libvips with support for OpenJPEG', 'UNSUPPORTED');
  return undefined;
}

const unwritable = (file, cause) =>
  fault(
    `${shortPath(file)}: unable to open for write\nsystem error: ${cause.code === 'ENOENT' ? 'No such file or directory' : shortened(cause.message)}`,
    'WRITE',
    'check that the folder exists and can be written to',
  );

/** Calls back outside the promise, so that an error thrown by the callback doesn't become a rejection. */
function _callBack(done, callback, values) {
  done.then(
    (result) => process.nextTick(callback, null, ...values(result)),
    (error) => process.nextTick(callback, error),
  );
  return this;
}

function _warn(message) {
  this.emit('warning', message);
}

module.exports = { toBuffer, toFile, toUint8Array, _run, _callBack, _warn };

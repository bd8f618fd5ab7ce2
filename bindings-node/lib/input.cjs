'use strict';

const native = require('./native.cjs');
const { KeenpixError, badArgument } = require('./error.cjs');
const { elapsed, kind } = require('./options.cjs');

/**
 * The bytes of any input, as a Uint8Array. The limit on input bytes, the deadline and the signal apply while it is
 * read. Bytes already in memory are not copied.
 */
async function readInput(input, call) {
  if (call.signal?.aborted) throw new KeenpixError(native.cancelledFault(), call.signal.reason);
  const guard = limitGuard(call);
  const bytes = inMemory(input);
  if (bytes !== undefined) return bytes;
  const path = pathOf(input);
  const { readPath, readBlob, readStream, readBody } = require('./readers.cjs');
  const reader = path !== undefined ? readPath : readerOf(input, { readBlob, readStream, readBody });
  call.begun = reader === readStream && require('node:stream').isDisturbed(input);
  return stoppable(call, (stop) => reader(path ?? input, guard, stop));
}

/** Blocking version of `readInput`, for inputs that can be read synchronously. */
function readInputSync(input, call) {
  const guard = limitGuard(call);
  const bytes = inMemory(input);
  if (bytes !== undefined) return bytes;
  const path = pathOf(input);
  if (path !== undefined) return require('./readers.cjs').readPathSync(path, guard);
  readerOf(input, {});
  throw badArgument(
    `${kind(input)} can't be read synchronously`,
    'Use the function without `Sync`, or read it first and pass the bytes.',
  );
}

/** A function that throws once more bytes have been read than allowed. Wrong limits are reported right away. */
function limitGuard(call) {
  const { bytes, fault } = native.inputLimit(call.limits, 0);
  if (fault) throw new KeenpixError(fault);
  return (read) => {
    if (read > bytes) throw new KeenpixError(native.inputLimit(call.limits, read).fault);
  };
}

/**
 * The bytes of a Buffer, a typed array or an ArrayBuffer. Copied only if their length or content could change during
 * the call.
 */
function inMemory(input) {
  if (ArrayBuffer.isView(input)) {
    const { buffer, byteOffset, byteLength } = input;
    if (!steady(buffer)) return new Uint8Array(buffer, byteOffset, byteLength).slice();
    return input instanceof Uint8Array ? input : new Uint8Array(buffer, byteOffset, byteLength);
  }
  if (input instanceof ArrayBuffer || input instanceof SharedArrayBuffer) {
    return steady(input) ? new Uint8Array(input) : new Uint8Array(input).slice();
  }
  return undefined;
}

// Other threads may write to shared memory at any time, and a resizable buffer may shrink while it is read.
function steady(buffer) {
  return !(buffer instanceof SharedArrayBuffer) && buffer.resizable !== true;
}

const FETCH_FIRST = 'Fetch it first, and pass the body or the bytes.';

function pathOf(input) {
  if (typeof input === 'string') {
    if (/^(https?|s3|data):/i.test(input)) {
      throw badArgument(
        `${input.slice(0, input.indexOf(':'))}: URLs are not fetched: a string must be the path of a file`,
        FETCH_FIRST,
      );
    }
    return input;
  }
  if (!(input instanceof URL)) return undefined;
  if (input.protocol !== 'file:') {
    throw badArgument(`${input.protocol} URLs are not fetched: a URL must be a file: URL`, FETCH_FIRST);
  }
  return input;
}

function readerOf(input, { readBlob, readStream, readBody }) {
  if (input instanceof Blob) return readBlob;
  if (typeof input?.getReader === 'function' || typeof input?.[Symbol.asyncIterator] === 'function') return readStream;
  if (typeof input?.transformToByteArray === 'function') return readBody;
  const wrapped = ['Body', 'body'].find((name) => input?.[name] !== undefined);
  const hint = wrapped ? `Pass its \`.${wrapped}\`.` : 'Pass the bytes of the image file.';
  throw badArgument(
    `input can't be ${kind(input)}: it must be a Buffer, Uint8Array, ArrayBuffer, path, file URL, Blob, stream or S3 Body`,
    input?.bodyUsed === true ? 'Its body has been read already: pass what was read.' : hint,
  );
}

/** Reads until the end, the signal or the deadline; `stop` tells the reader to release its source. */
async function stoppable(call, read) {
  const { signal, deadline } = call;
  if (signal === undefined && deadline === undefined) return read(undefined);
  const stop = new AbortController();
  const onAbort = () => stop.abort(new KeenpixError(native.cancelledFault(), signal.reason));
  let timer;
  const watch = () => {
    const left = deadline - elapsed(call);
    // A timer counts from when the event loop last read the clock, so it may fire early. 2³¹ - 1 is the longest
    // delay it accepts.
    if (left > 0) timer = setTimeout(watch, Math.min(left, 2 ** 31 - 1));
    else stop.abort(new KeenpixError(native.deadlineFault(elapsed(call), deadline)));
  };
  if (deadline !== undefined) watch();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    stop.signal.throwIfAborted();
    return await Promise.race([
      read(stop.signal),
      new Promise((_, reject) =>
        stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true }),
      ),
    ]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

module.exports = { readInput, readInputSync };

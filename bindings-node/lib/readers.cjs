'use strict';

// A reader for each kind of source. Loaded when first needed: bytes in memory need none.

const fs = require('node:fs');
const { isDisturbed } = require('node:stream');
const { Chunks } = require('./chunks.cjs');
const { KeenpixError, badArgument, shortPath, shortened } = require('./error.cjs');
const { kind } = require('./options.cjs');

async function readPath(path, guard) {
  let file;
  try {
    file = await fs.promises.open(path);
    const stat = await file.stat();
    checkFile(path, stat, guard);
    const bytes = await file.readFile();
    guard(bytes.length);
    return bytes;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await file?.close();
  }
}

function readPathSync(path, guard) {
  let file;
  try {
    file = fs.openSync(path);
    checkFile(path, fs.fstatSync(file), guard);
    const bytes = fs.readFileSync(file);
    guard(bytes.length);
    return bytes;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

// Only regular files have a length: a pipe or a device might never end.
function checkFile(path, stat, guard) {
  if (!stat.isFile()) throw badArgument(`${shortPath(path)} is not a file`, 'For a pipe or a device pass a stream.');
  guard(stat.size);
}

async function readBlob(blob, guard) {
  guard(blob.size);
  return new Uint8Array(await blob.arrayBuffer());
}

const READ_ONCE = 'A stream can be read once: keep its bytes, or open it again.';

/** A Node Readable, a web ReadableStream, or anything else that yields bytes. */
async function readStream(stream, guard, stop) {
  if (stream.locked === true) throw badArgument('the stream is locked: something else reads it, or has', READ_ONCE);
  const used = isDisturbed(stream);
  const chunks = new Chunks();
  const turn = turns();
  const source = typeof stream.getReader === 'function' ? webChunks(stream, stop) : nodeChunks(stream, stop);
  try {
    for await (const chunk of source) {
      if (!(chunk instanceof Uint8Array)) {
        throw badArgument(`the stream yields ${kind(chunk)}, not bytes`, "Don't set an encoding or object mode on it.");
      }
      guard(chunks.length + chunk.length);
      chunks.push(chunk);
      await turn();
      if (stop?.aborted) break; // whoever waits for it has been told
    }
  } catch (error) {
    throw error instanceof KeenpixError ? error : unreadable('the stream', error);
  }
  if (used && chunks.length === 0) {
    throw badArgument('the stream has been read already: there is nothing left in it', READ_ONCE);
  }
  return chunks.bytes();
}

/** Milliseconds after which a source that always has something ready lets others take their turn. */
const TURN = 10;

/**
 * A source that never waits keeps timers from running, the deadline's too, as well as every other call of the process.
 */
function turns() {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < TURN) return;
    await new Promise(setImmediate);
    last = performance.now();
  };
}

async function* nodeChunks(stream, stop) {
  const destroy = () => stream.destroy?.();
  stop?.addEventListener('abort', destroy, { once: true });
  try {
    yield* stream; // leaving early destroys it
  } finally {
    stop?.removeEventListener('abort', destroy);
  }
}

async function* webChunks(stream, stop) {
  const reader = stream.getReader();
  const cancel = () => void reader.cancel('not needed any more').catch(() => {});
  stop?.addEventListener('abort', cancel, { once: true });
  let done = false;
  try {
    while (true) {
      const next = await reader.read();
      done = next.done;
      if (done) return;
      yield next.value;
    }
  } finally {
    stop?.removeEventListener('abort', cancel);
    if (!done) cancel();
    reader.releaseLock();
  }
}

/** A body of the AWS SDK that is not a stream. */
async function readBody(body, guard) {
  try {
    const bytes = await body.transformToByteArray();
    guard(bytes.length);
    return bytes;
  } catch (error) {
    throw unreadable('the body', error);
  }
}

/** Whether a string is a base64 image file (JPEG, PNG, WebP, GIF, AVIF), which is sometimes passed instead of bytes. */
const isBase64 = (text) => /^(\/9j\/|iVBORw|UklGR|R0lGOD|AAAA)/.test(text);

/** Node's error codes for a string that can't be a path: too long, or with a NUL in it. */
const NO_PATH = ['ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];

function unreadable(what, cause) {
  if (cause instanceof KeenpixError) return cause;
  const missing = cause?.code === 'ENOENT';
  if (NO_PATH.includes(cause?.code) || (missing && isBase64(what))) return noPath(String(what), cause);
  return new KeenpixError(
    {
      code: 'READ',
      message: missing
        ? `no such file: ${shortPath(what)}`
        : `${shortPath(what)} can't be read: ${shortened(String(cause?.message ?? cause))}`,
      hint: missing
        ? 'Check the path; it is resolved against the working directory of the process.'
        : 'The cause has the details.',
      retryable: !missing,
      httpStatus: missing ? 404 : 502,
    },
    cause,
  );
}

function noPath(text, cause) {
  return badArgument(
    `a string must be the path of a file, but this one (${text.length} characters) can't be one: ${JSON.stringify(shortened(text, 40))}`,
    isBase64(text)
      ? "It looks like base64: pass Buffer.from(text, 'base64')."
      : 'Pass the bytes of a file as a Buffer, not as a string.',
    cause,
  );
}

module.exports = { isBase64, readPath, readPathSync, readBlob, readStream, readBody };

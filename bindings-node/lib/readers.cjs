'use strict';

// A reader for each kind of source. Loaded when first needed: bytes in memory need none.

const fs = require('node:fs');
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

/** A Node Readable, a web ReadableStream, or anything else that yields bytes. */
async function readStream(stream, guard, stop) {
  const chunks = [];
  let length = 0;
  const source = typeof stream.getReader === 'function' ? webChunks(stream, stop) : nodeChunks(stream, stop);
  try {
    for await (const chunk of source) {
      if (!(chunk instanceof Uint8Array)) {
        throw badArgument(
          `the stream yields ${kind(chunk)} where bytes are needed`,
          'Set no encoding on it, and no object mode.',
        );
      }
      length += chunk.length;
      guard(length);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof KeenpixError ? error : unreadable('the stream', error);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length);
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
  const bytes = await body.transformToByteArray();
  guard(bytes.length);
  return bytes;
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
    `a string must be the path of a file, and this one of ${text.length} characters can't be: ${JSON.stringify(shortened(text, 40))}`,
    isBase64(text)
      ? "It looks like base64: pass Buffer.from(text, 'base64')."
      : 'Pass the bytes of a file as a Buffer, not as a string.',
    cause,
  );
}

module.exports = { isBase64, readPath, readPathSync, readBlob, readStream, readBody };

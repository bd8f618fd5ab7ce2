'use strict';

const { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } = require('@aws-sdk/client-s3');
const { Failure, Conflict } = require('./failure');

const READS = 3;

/** The buckets, in the five requests that the function makes of them. */
function createStore(s3, { bucket, limits }) {
  return {
    /** What is known of an object without reading it, or undefined. */
    head(from, key, signal) {
      return head(s3, from, key, signal);
    },
    /** The object, with all of its bytes: undefined if it is gone, `{ replaced }` if it isn't the one that is meant. */
    get(source, signal) {
      return getWithRetries(s3, source, limits.inputBytes, signal);
    },
    /** Writes unless somebody else has written since `before` was seen; null stands for nothing there, undefined for no condition. */
    put(key, body, headers, before, signal) {
      return conditional(s3, new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...headers, ...condition(before) }), signal);
    },
    /** Deletes, under the same condition. */
    remove(key, before, signal) {
      return conditional(s3, new DeleteObjectCommand({ Bucket: bucket, Key: key, ...(before ? condition(before) : {}) }), signal);
    },
  };
}

async function head(s3, bucket, key, signal) {
  try {
    const found = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
    return { etag: bare(found.ETag), version: found.VersionId, modified: found.LastModified, metadata: found.Metadata ?? {} };
  } catch (error) {
    if (status(error) === 404) return undefined;
    throw error;
  }
}

/** The client tries a request again, but not a body that breaks off. */
async function getWithRetries(s3, source, limit, signal) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await get(s3, source, limit, signal);
    } catch (error) {
      if (error instanceof Failure || status(error) !== undefined || signal?.aborted || attempt === READS) throw error;
      await new Promise((done) => setTimeout(done, Math.random() * 100 * 2 ** attempt));
    }
  }
}

async function get(s3, { bucket, key, etag, version }, limit, signal) {
  let found;
  try {
    found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version, IfMatch: etag && `"${etag}"` }), { abortSignal: signal });
  } catch (error) {
    if (status(error) === 404) return undefined;
    if (status(error) === 412) return { replaced: true };
    throw error;
  }
  const bytes = await read(found, limit);
  return { bytes, etag: bare(found.ETag), version: found.VersionId, modified: found.LastModified, metadata: found.Metadata ?? {} };
}

/** Counts while it streams: what the header says of the length is not believed, and not needed. */
async function read({ Body, ContentLength }, limit) {
  const tooLarge = (actual) => new Failure('LIMIT_INPUT_BYTES', `input bytes limit exceeded: ${actual} bytes where ${limit} are allowed`);
  if (ContentLength > limit) {
    Body.destroy?.();
    throw tooLarge(ContentLength);
  }
  const parts = [];
  let length = 0;
  for await (const part of Body) {
    length += part.length;
    if (length > limit) throw tooLarge(length); // leaving the loop closes the connection
    parts.push(part);
  }
  if (ContentLength !== undefined && length !== ContentLength) throw new Error(`the body broke off after ${length} of ${ContentLength} bytes`);
  return Buffer.concat(parts, length);
}

async function conditional(s3, command, signal) {
  try {
    await s3.send(command, { abortSignal: signal });
  } catch (error) {
    // 412: it is another one by now; 409: two writers at once; 404: it was there to be replaced and is gone.
    if ([404, 409, 412].includes(status(error)) && error.name !== 'NoSuchBucket') throw new Conflict(error);
    throw error;
  }
}

function condition(before) {
  if (before === undefined) return {};
  return before === null ? { IfNoneMatch: '*' } : { IfMatch: `"${before}"` };
}

function bare(etag) {
  return etag?.replaceAll('"', '');
}

function status(error) {
  return error?.$metadata?.httpStatusCode;
}

module.exports = { createStore };

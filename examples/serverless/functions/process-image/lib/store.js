'use strict';

const {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} = require('@aws-sdk/client-s3');
const { Failure } = require('./failure');

/**
 * How often a request is tried, and the maximum wait in between: random up to `base`, which doubles with each try up to
 * `cap` (full jitter).
 */
const BACKOFF = { tries: 4, base: 100, cap: 3000 };

/**
 * The requests to S3, each tried as often as the back-off allows. The client's own retries must be off
 * (`maxAttempts: 1`), because these know the deadline and repeat interrupted bodies.
 */
function createStore(s3, backoff = BACKOFF) {
  const retried = (send, signal) => withRetries(send, backoff, signal);
  const request = (command, signal) => retried(() => s3.send(command, { abortSignal: signal }), signal);

  async function head(Bucket, Key, signal) {
    try {
      return await request(new HeadObjectCommand({ Bucket, Key }), signal);
    } catch (refusal) {
      if (refusal.missing) return null;
      throw unexpected(refusal);
    }
  }

  return {
    /** The current state of a source; null if it is gone. */
    async look(bucket, key, signal) {
      const found = await head(bucket, key, signal);
      return found && described(found);
    },

    /** What is stored where an output goes, with its metadata; undefined if there is nothing. */
    async output(bucket, key, signal) {
      const found = await head(bucket, key, signal);
      return found ? made(found) : undefined;
    },

    /**
     * Reads an object if it still has this ETag: `{ bytes, object }`, `{ tooLarge, object }`, `{ gone }` or
     * `{ replaced }`.
     */
    async fetch({ bucket, key, etag, version, limit, chained = false }, signal) {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        VersionId: version,
        IfMatch: etag && `"${etag}"`,
      });
      const read = async () => {
        const found = await s3.send(command, { abortSignal: signal });
        if (!chained && found.Metadata?.['source-id'] !== undefined && found.Metadata['plan-hash'] !== undefined) {
          found.Body.destroy();
          throw new Failure(
            'setup',
            'RECURSION',
            `${bucket}/${key} was made by a rule: the outputs would be the next inputs`,
          );
        }
        return { ...(await collect(found, limit, signal)), object: described(found) };
      };
      try {
        return await retried(read, signal);
      } catch (refusal) {
        if (refusal.missing) return { gone: true };
        if (refusal.condition) return { replaced: true };
        throw refusal;
      }
    },

    /**
     * Overwrites what was seen there (its ETag, or undefined for nothing). False if something else is there by now.
     */
    async put(bucket, key, body, headers, before, signal) {
      const condition = before === undefined ? { IfNoneMatch: '*' } : { IfMatch: `"${before}"` };
      return conditional(
        request(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...headers, ...condition }), signal),
      );
    },

    /** Deletes what was seen there, unless something else is there by now. */
    async remove(bucket, key, before, signal) {
      return conditional(
        request(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: `"${before}"` }), signal),
      );
    },

    /** The keys with this prefix. */
    async list(bucket, prefix, signal) {
      const keys = [];
      for (let token; ; ) {
        const page = await request(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
          signal,
        ).catch((refusal) => {
          throw unexpected(refusal);
        });
        keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
        token = page.NextContinuationToken;
        if (!token) return keys;
      }
    },
  };
}

async function withRetries(send, { tries, base, cap }, signal) {
  for (let tried = 0; ; tried++) {
    try {
      return await send();
    } catch (error) {
      const refusal = classified(error);
      if (refusal.fault !== 'passing' || tried + 1 >= tries || signal?.aborted) throw refusal;
      const longest = Math.min(base * 2 ** tried, cap);
      await new Promise((done) => setTimeout(done, Math.random() * longest));
    }
  }
}

/**
 * Classifies an error: `{ missing }` (404), `{ condition }` (409 or 412: it did not hold, or two writers raced), or a
 * Failure.
 */
function classified(error) {
  if (error instanceof Failure) return error;
  const [status, code] = [error?.$metadata?.httpStatusCode, error?.Code ?? error?.name];
  const said = `S3 answered ${status} ${code} ${error?.message ?? ''}`.trimEnd();
  if (status === undefined) return new Failure('passing', 'S3_UNAVAILABLE', error?.message ?? String(error), error); // no connection, half an answer
  if (status === 404 && code === 'NoSuchBucket') return new Failure('setup', 'S3_NO_BUCKET', said, error);
  // 405: the requested version is a delete marker.
  if (status === 404 || status === 405) return { missing: true };
  if (status === 409 || status === 412) return { condition: true };
  if (status === 429 || status === 503 || code === 'SlowDown')
    return new Failure('passing', 'S3_SLOW_DOWN', said, error);
  if (status >= 500 || ['RequestTimeout', 'RequestTimeTooSkewed'].includes(code))
    return new Failure('passing', 'S3_UNAVAILABLE', said, error);
  return new Failure('setup', status === 401 || status === 403 ? 'S3_DENIED' : 'S3_REFUSED', said, error);
}

/** A failure for requests that can't get such a response. */
function unexpected(refusal) {
  if (refusal.missing) return new Failure('setup', 'S3_NO_BUCKET', 'S3 answered 404 to a list');
  if (refusal.condition) return new Failure('passing', 'S3_UNAVAILABLE', 'S3 answered 409 or 412 to a read');
  return refusal;
}

async function conditional(sent) {
  try {
    await sent;
    return true;
  } catch (refusal) {
    // Missing means that what was to be replaced is gone.
    if (refusal.condition || refusal.missing) return false;
    throw refusal;
  }
}

/** Collects a body, checking the limit as it arrives. */
async function collect({ Body, ContentLength }, limit, signal) {
  const tooLarge = (actual) => ({
    tooLarge: new Failure(
      'poison',
      'LIMIT_INPUT_BYTES',
      `input bytes limit exceeded: ${actual} bytes where ${limit} are allowed`,
    ),
  });
  const cut = (after, why) => new Failure('passing', 'S3_CUT', `the object's body ended after ${after} bytes: ${why}`);
  if (ContentLength > limit) {
    Body.destroy();
    return tooLarge(ContentLength);
  }
  // The client's own signal only works until the headers arrive.
  const stop = () => Body.destroy(new Error('out of time'));
  signal?.addEventListener('abort', stop, { once: true });
  const parts = [];
  let length = 0;
  try {
    for await (const part of Body) {
      length += part.length;
      if (length > limit) return tooLarge(length); // leaving the loop closes the connection
      parts.push(part);
    }
  } catch (error) {
    throw cut(length, error.message);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  if (ContentLength !== undefined && length !== ContentLength) throw cut(length, `${ContentLength} were announced`);
  return { bytes: Buffer.concat(parts, length) };
}

function described({ ETag, VersionId, LastModified }) {
  const version = VersionId === 'null' ? undefined : VersionId;
  return { etag: bare(ETag), version, modified: LastModified ? Math.floor(LastModified.getTime() / 1000) : 0 };
}

function made({ ETag, Metadata = {} }) {
  return {
    etag: bare(ETag),
    id: Metadata['source-id'],
    sourceEtag: Metadata['source-etag'] ?? '',
    plan: Metadata['plan-hash'] ?? '',
    sequencer: Metadata['source-sequencer'],
    modified: Number.parseInt(Metadata['source-modified'], 10) || 0,
    time: Number.parseInt(Metadata['source-time'], 10) || undefined,
    rejected: Metadata.state === 'rejected',
  };
}

function bare(etag) {
  return (etag ?? '').replace(/^"+|"+$/g, '');
}

module.exports = { createStore };

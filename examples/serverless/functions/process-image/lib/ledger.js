'use strict';

const { digest } = require('./digest');
const { Failure } = require('./failure');

// The maximum number of times an object is decoded.
const TRIES = 3;
// Lambda's maximum run time in milliseconds, during which a claim may still lead to an output.
const LEASE = 900_000;

/**
 * The ledger: how often each version of an object was decoded, and which ones were given up.
 *
 * A try is claimed before it begins, with a conditional write. So a function that is killed still counts, and
 * duplicates that run at once each get their own number. A dead letter is written once, provided that there is none.
 *
 * A page belongs to an object and to what is made from it (`plans` identifies all the plans), because a failure under
 * other plans says nothing about these.
 */
function createPage({ store, config: { bucket, ledger, plans }, signal }, record, object) {
  // Uploading the same bytes again, or correcting the plans, asks for another try: hence the time and the plans.
  const { etag, version, modified } = object;
  const name = digest([record.bucket, record.key, etag, version ?? '', String(modified), plans]);
  const [triesKey, letterKey] = [`${ledger}tries/${name}.json`, `${ledger}dead/${name}.json`];
  const headers = { ContentType: 'application/json', CacheControl: 'no-store' };
  const read = async (key) => {
    const { bytes, object: found } = await store.fetch({ bucket, key, limit: 64 << 10, chained: true }, signal);
    return bytes && { ...JSON.parse(bytes), own: found.etag };
  };
  const write = (key, value, before) => store.put(bucket, key, JSON.stringify(value), headers, before, signal);

  return {
    /**
     * Asks for a try: undefined if it is granted, `{ dead }` with the existing letter, or `{ exhausted }` with the
     * failure to give up with.
     */
    async claim(now) {
      const dead = await read(letterKey);
      if (dead) return { dead };
      let page;
      for (let round = 0; round < 2 * TRIES; round++) {
        if (page?.tries >= TRIES) return exhausted(page.until, now);
        if (await write(triesKey, { tries: (page?.tries ?? 0) + 1, until: now + LEASE }, page?.own)) return undefined;
        page = await read(triesKey);
      }
      throw new Failure('passing', 'BUSY', 'other functions claim tries of the same object');
    },

    /** Returns a try that failed because of the set-up: the object is not at fault, and must not be given up for it. */
    async giveBack() {
      for (let round = 0; round < 2 * TRIES; round++) {
        const page = await read(triesKey);
        if (!page) return;
        const { tries, until, own } = page;
        if (await write(triesKey, { tries: Math.max(tries - 1, 0), until }, own)) return;
      }
    },

    /** Records that the object is given up. The first to get there writes the letter. */
    async giveUp(failure) {
      const letter = {
        bucket: record.bucket,
        key: record.key,
        etag,
        version,
        modified,
        code: failure.code,
        reason: failure.message,
      };
      for (let round = 0; round < TRIES; round++) {
        // A conflict alone is no proof, because S3 may answer 409 to both of two concurrent writers.
        if ((await write(letterKey, letter)) || (await read(letterKey))) {
          failure.recorded = true;
          return;
        }
      }
      throw new Failure('passing', 'BUSY', `the dead letter could not be written: ${failure.code}: ${failure.message}`);
    },
  };
}

/** The last try may still be running until its lease ends. */
function exhausted(until, now) {
  if (now < until)
    throw new Failure('passing', 'BUSY', `the last of ${TRIES} tries may run for another ${until - now} ms`);
  return {
    exhausted: new Failure('poison', 'ATTEMPTS', `${TRIES} functions began to decode it, and none came to an end`),
  };
}

module.exports = { createPage };

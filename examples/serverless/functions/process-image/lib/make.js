'use strict';

const { createHash } = require('node:crypto');
const { isAbout } = require('./decide');
const { Failure, toFailure } = require('./failure');
const { outputKeys } = require('./keys');
const { createPage } = require('./ledger');

/**
 * Makes outputs from the source, and overwrites what the slots say is there. Returns `{ written }`, `{ conflict }`
 * (another writer was faster: look again), `{ lost }` with an outcome (the object is gone or replaced) or `{ poison }`.
 */
async function make(task, source, slots, tools) {
  const { record, cache } = task;
  const { etag, version } = source ?? record;
  if (cache.object === undefined || cache.object.etag !== etag || !needed(slots, tools).every((i) => cache.images[i])) {
    const { store, config, signal } = tools;
    const got = await store.fetch(
      { bucket: record.bucket, key: record.key, etag, version, limit: config.limits.inputBytes },
      signal,
    );
    if (got.gone) return { lost: 'vanished' };
    if (got.replaced) return { lost: 'superseded' };
    if (got.tooLarge) return poison(task, got.object, got.tooLarge, tools);
    const page = config.ledger && createPage(tools, record, got.object);
    const { dead, exhausted } = (await page?.claim(tools.now())) ?? {};
    if (dead) return { poison: { object: got.object, code: dead.code, reason: dead.reason, known: true } };
    if (exhausted) return poison(task, got.object, exhausted, tools);
    try {
      Object.assign(cache, { object: got.object, images: await transformed(got.bytes, needed(slots, tools), tools) });
    } catch (error) {
      // If the try can't be returned, it counts; the set-up's failure is the one to report.
      if (error.fault === 'setup') await page?.giveBack().catch(() => {});
      if (error.fault !== 'poison') throw error;
      return poison(task, got.object, error, tools);
    }
  }
  return write(task, slots, tools);
}

/** A status covers all the outputs. */
function needed(slots, { config }) {
  return slots.some(({ output }) => output === undefined)
    ? [...config.outputs.keys()]
    : slots.map(({ output }) => output);
}

async function transformed(bytes, outputs, { transformMany, config, left }) {
  try {
    const made = await transformMany(
      bytes,
      outputs.map((i) => config.outputs[i].plan),
      { limits: config.limits, deadline: left() },
    );
    return Object.fromEntries(outputs.map((output, i) => [output, made[i]]));
  } catch (error) {
    throw toFailure(error);
  }
}

async function write(task, slots, tools) {
  const { store, config, signal } = tools;
  const { object, images } = task.cache;
  // The status comes last, also in the list, because it says that the others are there.
  for (const slot of slots) {
    const image = images[slot.output];
    const headers = image && {
      ContentType: image.mediaType,
      CacheControl: config.cacheControl,
      Metadata: metadata(task, object, slot.plan),
    };
    const done = image
      ? await store.put(config.bucket, slot.key, image.bytes, headers, slot.made?.etag, signal)
      : await putStatus(
          task,
          slot,
          object,
          {
            state: 'ready',
            source: sourceOf(task, object),
            files: files(outputKeys(config, task.below, object.etag), images),
          },
          tools,
        );
    if (!done) return { conflict: true };
  }
  return { written: object };
}

function files(keys, images) {
  return keys.map((key, i) => {
    const { width, height, bytes } = images[i];
    // The first 16 digits, which identify cached copies.
    return {
      key,
      width,
      height,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    };
  });
}

/**
 * Reports a final failure, and then records that it was reported. In this order the function may be killed in between.
 */
async function poison(task, object, failure, tools) {
  const { record, item } = task;
  const page = tools.config.ledger && createPage(tools, record, object);
  if (isAbout(record, object) || page) await report(record, item, failure, tools);
  await page?.giveUp(failure);
  return { poison: { object, code: failure.code, reason: failure.message, failure } };
}

/** Reports a final failure, if there is anywhere to report it; that settles it. */
async function report(record, item, failure, { reject }) {
  if (!reject || failure.fault !== 'poison') return;
  try {
    await reject(record, item, failure);
  } catch (error) {
    throw new Failure(
      'passing',
      'UNREPORTED',
      `could not be reported (${error.message}): ${failure.code}: ${failure.message}`,
      error,
    );
  }
  failure.recorded = true;
}

/** Writes the status of a source, for those waiting for it, over what is there. */
function putStatus(task, slot, object, status, { store, config, signal }) {
  const { state, code } = status;
  const headers = {
    ContentType: 'application/json',
    CacheControl: 'no-cache',
    Metadata: { ...metadata(task, object, slot.plan), state, ...(code && { code }) },
  };
  return store.put(config.bucket, slot.key, JSON.stringify(status), headers, slot.made?.etag, signal);
}

function sourceOf({ record }, { etag }) {
  return { key: record.key, etag };
}

/** What an output was made from. */
function metadata({ record, id }, object, plan) {
  // The event's sequencer belongs to the object only if the event is about it.
  const own = record.etag === object.etag && (record.version === undefined || record.version === object.version);
  const values = {
    'source-id': id,
    'source-etag': object.etag,
    'source-version': object.version,
    'source-sequencer': own ? record.sequencer?.toUpperCase() : undefined,
    'source-modified': String(object.modified),
    'plan-hash': plan,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

module.exports = { make, report, putStatus, sourceOf };

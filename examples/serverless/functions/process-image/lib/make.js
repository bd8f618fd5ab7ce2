'use strict';

const { createHash } = require('node:crypto');
const { isAbout } = require('./decide');
const { Failure, toFailure } = require('./failure');
const { outputKeys } = require('./keys');
const { createPage } = require('./ledger');

/**
 * Makes outputs from the source, and overwrites what the slots say is there. Returns `{ written }`, `{ conflict }`
 * (another writer was faster: look again), `{ lost }` (the object is gone or replaced) or `{ poison }`.
 */
async function make(task, source, slots, tools) {
  return (await prepare(task, source, needed(slots, tools), tools)) ?? (await write(task, slots, tools));
}

/** The request for a source: a version, or the newest if it is still this one. */
function read({ record }, { etag, version }, { store, config, signal }) {
  return store.fetch(
    { bucket: record.bucket, key: record.key, etag, version, limit: config.limits.inputBytes },
    signal,
  );
}

/**
 * Reads the source and makes some of its outputs, unless that was done before. Returns nothing, or `{ lost }` or
 * `{ poison }`. What was read and made stays in the task's cache, so that a conflict reads and decodes nothing again.
 */
async function prepare(task, source, outputs, tools) {
  const { record, cache } = task;
  const { etag } = source;
  if (cache.object?.etag === etag && outputs.every((i) => cache.images[i])) return undefined;
  if (cache.read?.object.etag !== etag) keep(task, await read(task, source, tools));
  const got = cache.read;
  if (!got) return { lost: true };
  cache.read = undefined;
  if (got.tooLarge) return poison(task, got.object, got.tooLarge, tools);
  const page = tools.config.ledger && createPage(tools, record, got.object);
  const { dead, exhausted } = (await page?.claim(tools.now())) ?? {};
  if (dead) return { poison: { object: got.object, code: dead.code, reason: dead.reason, known: true } };
  if (exhausted) return poison(task, got.object, exhausted, tools);
  try {
    Object.assign(cache, { object: got.object, images: await transformed(got.bytes, outputs, tools) });
  } catch (error) {
    // If the try can't be returned, it counts; the set-up's failure is the one to report.
    if (error.fault === 'setup') await page?.giveBack().catch(() => {});
    if (error.fault !== 'poison') throw error;
    return poison(task, got.object, error, tools);
  }
  return undefined;
}

/** Keeps what was read, and returns the object; one that is gone has none. */
function keep(task, got) {
  task.cache.read = undefined;
  if (!got.object) return undefined;
  task.cache.read = { ...got, object: dated(task, got.object) };
  return task.cache.read.object;
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

/** Writes the outputs at the same time, and then the status, which says that the others are there. */
async function write(task, slots, tools) {
  const { store, config, signal } = tools;
  const { object, images } = task.cache;
  const outputs = slots.filter(({ output }) => output !== undefined);
  const written = await all(
    outputs.map(({ output, key, plan, made }) => {
      const { mediaType, bytes } = images[output];
      const headers = {
        ContentType: mediaType,
        CacheControl: config.cacheControl,
        Metadata: metadata(task, object, plan),
      };
      return store.put(config.bucket, key, bytes, headers, made?.etag, signal);
    }),
  );
  if (written.includes(false)) return { conflict: true };
  const slot = slots.find(({ output }) => output === undefined);
  if (slot) {
    const status = {
      state: 'ready',
      source: sourceOf(task, object),
      files: files(outputKeys(config, task.below, object.etag), images),
    };
    // Copies of what was there before may be kept elsewhere.
    const replaced = slots.some(({ made }) => made);
    if (!(await putStatus(task, slot, object, status, tools, replaced))) return { conflict: true };
  }
  return { written: object };
}

/** The results of requests that go together, once none of them is under way any more. */
async function all(requests) {
  const results = await Promise.allSettled(requests);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  return results.map(({ value }) => value);
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
function putStatus(task, slot, object, status, { store, config, signal }, replaced = false) {
  const { state, code } = status;
  const headers = {
    ContentType: 'application/json',
    CacheControl: 'no-cache',
    Metadata: {
      ...metadata(task, object, slot.plan),
      state,
      ...(code && { code }),
      ...(replaced && { replaced: 'true' }),
    },
  };
  return store.put(config.bucket, slot.key, JSON.stringify(status), headers, slot.made?.etag, signal);
}

function sourceOf({ record }, { etag }) {
  return { key: record.key, etag };
}

/** Whether the event is about this very version of the object. */
function names({ record }, { etag, version }) {
  return record.etag === etag && (record.version === undefined || record.version === version);
}

/** The object with the time of its own event. */
function dated(task, object) {
  return { ...object, time: names(task, object) ? task.record.time : undefined };
}

/** What an output was made from. */
function metadata(task, object, plan) {
  const { record, id } = task;
  const values = {
    'source-id': id,
    'source-etag': object.etag,
    'source-version': object.version,
    // The event's sequencer belongs to the object only if the event is about it.
    'source-sequencer': names(task, object) ? record.sequencer?.toUpperCase() : undefined,
    'source-modified': String(object.modified),
    'source-time': object.time === undefined ? undefined : String(object.time),
    'plan-hash': plan,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

module.exports = { all, dated, keep, make, prepare, putStatus, read, report, sourceOf };

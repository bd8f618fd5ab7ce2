'use strict';

const { createHash } = require('node:crypto');
const { plans } = require('./config');
const { Conflict, Failure, toFailure } = require('./failure');
const { outputKeys, stateKey } = require('./keys');
const { compareSequencers } = require('./sequencer');

const ROUNDS = 3;

/**
 * Brings what was made of a key into line with the key's object, whatever the event was, and says what came of it: `written`,
 * `done` (it was there), `stale` (a newer event was faster), `replaced` (a newer event will come), `removed` or `rejected`.
 *
 * Every write is made on condition that nothing has changed since the look before it. If something has, another round looks
 * again and takes the object as it is by then; so two sandboxes with two versions end with the newer one.
 */
async function reconcile(record, tools) {
  const made = new Map(); // a second round for the same bytes decodes nothing
  for (let round = 1; ; round++) {
    try {
      return await once(record, round > 1, { ...tools, made });
    } catch (error) {
      if (!(error instanceof Conflict) || round === ROUNDS) throw error;
    }
  }
}

async function once(record, again, tools) {
  const { store, config, signal } = tools;
  const before = await look(record, tools);
  const state = before.get(stateKey(record.key, config));

  if (!again && record.kind === 'created') {
    const known = verdict(record, state, tools);
    if (known) return known;
  }
  if (!again && (record.kind === 'removed' || record.version)) {
    const current = await store.head(record.bucket, record.key, signal);
    if (!current) return remove(record, before, tools);
    if (record.kind === 'removed' || current.version !== record.version) return { outcome: 'replaced' };
  }
  return process(record, again, before, tools);
}

async function process(record, again, before, tools) {
  const { store, config, signal } = tools;
  const state = before.get(stateKey(record.key, config));
  let source, keys;
  try {
    source = await store.get(again ? { bucket: record.bucket, key: record.key } : record, signal);
    if (!source) return await remove(record, before, tools);
    if (source.replaced) return { outcome: 'replaced' };
    if (source.metadata['source-key'] !== undefined && source.metadata.plan !== undefined) {
      throw new Failure('RECURSION', 'this object was made by this function');
    }
    if (belongsToNewer(record, source, state)) return { outcome: 'stale' };
    const images = await transform(source, tools);
    keys = await write(record, source, images, before, tools);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.retryable || failure.code === 'RECURSION') throw failure;
    return await reject(record, source, failure, state, tools);
  }
  // Deleted meanwhile: the deletion's event may have found nothing to remove yet.
  if (!(await store.head(record.bucket, record.key, signal))) throw new Conflict();
  return { outcome: 'written', keys };
}

/** What is there of the outputs before the source is read: the condition of each write. */
async function look({ key }, { store, config, signal }) {
  const keys = new Set([...(config.hashed ? [] : outputKeys(key, config)), stateKey(key, config)]);
  return new Map(await Promise.all([...keys].map(async (one) => [one, await store.head(config.bucket, one, signal)])));
}

function verdict(record, state, { config, reports }) {
  if (!state || state.metadata['source-key'] !== encodeURIComponent(record.key)) return undefined;
  const { metadata } = state;
  if (record.etag && metadata['source-etag'] === record.etag && metadata.plan === planHash(config)) {
    if (metadata.state !== 'rejected') return { outcome: 'done' };
    // A failure that was final for these bytes is final still; the status was written after the report.
    if (reports) return { outcome: 'rejected', code: metadata.code };
    throw new Failure(metadata.code, 'rejected before');
  }
  if (compareSequencers(record.sequencer, metadata.sequencer) === 'older') return { outcome: 'stale' };
  return undefined;
}

/** `a.jpg` and `a.png` make the same avatar. Sequencers of two keys say nothing; the later upload wins. */
function belongsToNewer(record, source, state) {
  if (!state || state.metadata['source-key'] === encodeURIComponent(record.key)) return false;
  return Date.parse(state.metadata['source-modified']) > source.modified?.getTime();
}

async function transform({ bytes, etag }, { transformMany, config, made, left }) {
  if (!made.has(etag)) made.set(etag, await transformMany(bytes, plans(config), { limits: config.limits, deadline: left() }));
  return made.get(etag);
}

async function write(record, source, images, before, { store, config, signal }) {
  const hashes = images.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex').slice(0, 16));
  const keys = outputKeys(record.key, config, hashes);
  const Metadata = metadataOf(record, source, config);
  // The avatar itself last: it is what says that the work is done.
  for (const i of [...keys.keys()].reverse()) {
    const headers = { ContentType: images[i].mediaType, CacheControl: config.cacheControl, Metadata };
    if (config.hashed) await store.put(keys[i], images[i].bytes, headers, undefined, signal);
    else await store.put(keys[i], images[i].bytes, headers, before.get(keys[i])?.etag ?? null, signal);
  }
  if (config.status) {
    const files = keys.map((key, i) => ({ key, width: images[i].width, height: images[i].height, bytes: images[i].bytes.length, sha256: hashes[i] }));
    const { etag } = source;
    await putStatus(record, { state: 'ready', source: { key: record.key, etag }, files }, Metadata, before, { store, config, signal });
  }
  return keys;
}

async function reject(record, source, failure, state, tools) {
  const { config, report } = tools;
  const reported = await report(record, failure);
  if (config.status) {
    const etag = source?.etag ?? record.etag;
    const status = { state: 'rejected', source: { key: record.key, etag }, code: failure.code, message: failure.message };
    const metadata = { ...metadataOf(record, { etag, ...source }, config), state: 'rejected', code: failure.code };
    await putStatus(record, status, metadata, new Map([[stateKey(record.key, config), state]]), tools);
  }
  if (!reported) throw failure;
  return { outcome: 'rejected', code: failure.code };
}

function putStatus({ key }, status, Metadata, before, { store, config, signal }) {
  const at = stateKey(key, config);
  const headers = { ContentType: 'application/json', CacheControl: 'no-cache', Metadata: { state: status.state, ...Metadata } };
  return store.put(at, JSON.stringify(status), headers, before.get(at)?.etag ?? null, signal);
}

async function remove(record, before, { store, config, signal }) {
  const at = stateKey(record.key, config);
  const state = before.get(at);
  if (state && state.metadata['source-key'] !== encodeURIComponent(record.key)) return { outcome: 'stale' };
  if (config.hashed && state) {
    const status = await store.get({ bucket: config.bucket, key: at }, signal);
    for (const { key } of status ? (JSON.parse(status.bytes).files ?? []) : []) await store.remove(key, undefined, signal);
  }
  for (const [key, found] of before) if (found) await store.remove(key, found.etag, signal);
  // Uploaded again meanwhile, by a writer that may have finished before the last line.
  if (await store.head(record.bucket, record.key, signal)) throw new Conflict();
  return { outcome: 'removed' };
}

function metadataOf(record, { etag, version, modified }, config) {
  const metadata = {
    'source-bucket': record.bucket,
    'source-key': encodeURIComponent(record.key),
    'source-etag': etag,
    'source-version': version,
    'source-modified': modified?.toISOString(),
    sequencer: record.sequencer,
    plan: planHash(config),
  };
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}

function planHash(config) {
  return createHash('sha256').update(JSON.stringify([plans(config), config.template])).digest('hex').slice(0, 16);
}

module.exports = { reconcile };

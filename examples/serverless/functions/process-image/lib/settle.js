'use strict';

const { UNSEEN, decide, isAbout, isAnothers, rejects } = require('./decide');
const { digest } = require('./digest');
const { Failure } = require('./failure');
const { beforeHash, fill, outputKeys, taskOf } = require('./keys');
const { make, putStatus, sourceOf } = require('./make');

// After this many rounds the event goes back to the queue, because the key is written faster than it can be read.
const ROUNDS = 8;

/**
 * Works until outputs and source agree, whatever the event was, and returns `{ outcome }`: `written` or `removed` (with
 * `keys`), `current`, `superseded` (a later event takes care of it), `vanished`, `dead` (poison, and already reported)
 * or `ignored` (with `why`). After every write it looks at the source again.
 */
async function settle(record, item, tools) {
  const { action, why, says, below, id } = taskOf(record, tools.config);
  if (action === 'skip') return { outcome: 'ignored', why };
  if (action === 'refuse') throw new Failure('setup', why, says);
  const task = { record, item, below, id, cache: {} };
  const look = () => tools.store.look(record.bucket, record.key, tools.signal);
  let source = UNSEEN;
  let known; // a verdict on the source
  let written = [];
  const removed = [];

  for (let round = 0; round < ROUNDS; round++) {
    const slots = await slotsOf(task, source, tools);
    if (isObject(source) && tools.remembers && slots.some((slot) => rejects(slot, source, id)))
      known = { object: source, known: true };
    const step = decide(record, source, slots, id);
    if (step.done) {
      if (written.length > 0) return { outcome: 'written', keys: written };
      if (removed.length > 0) return { outcome: 'removed', keys: removed };
      return { outcome: step.done };
    }
    if (step.remove) removed.push(...(await remove(step.remove, tools)));
    if (step.look || step.remove) {
      source = await look();
      continue;
    }
    const verdict = known && is(source, known.object) ? known : undefined;
    const end = verdict
      ? { poison: verdict }
      : await make(task, isObject(source) ? source : undefined, step.make, tools);
    if (end.lost && source === UNSEEN) return { outcome: end.lost };
    if (end.poison) {
      const { outcome, changed } = await afterPoison(task, end.poison, slots, look, tools);
      if (outcome) return { outcome };
      known = end.poison;
      source = changed;
      continue;
    }
    source = await look();
    if (end.written) {
      written = step.make.filter(({ output }) => output !== undefined).map(({ key }) => key);
      if (is(source, end.written))
        return written.length > 0 ? { outcome: 'written', keys: written } : { outcome: 'current' };
    }
  }
  throw new Failure('passing', 'UNSETTLED', `${record.bucket}/${record.key} changed ${ROUNDS} times while it was read`);
}

/** Where outputs go, and what is stored there. */
async function slotsOf({ record, below }, source, { store, config, signal }) {
  const etag = isObject(source)
    ? source.etag
    : source === UNSEEN && record.kind === 'created'
      ? record.etag
      : undefined;
  if (etag === undefined && source !== null) return []; // the source is looked at first
  const slots = [];
  const push = async (slot) => slots.push({ ...slot, made: await store.output(config.bucket, slot.key, signal) });
  const keys = outputKeys(config, below, etag);
  for (const [output, { template, hash }] of config.outputs.entries()) {
    const lie =
      etag === undefined && template.includes('{hash}')
        ? await store.list(config.bucket, beforeHash(template, below), signal)
        : [keys[output]];
    // Templates that differ only after their hashes find each other's outputs.
    const others = lie.filter((key) => !slots.some((slot) => slot.key === key));
    for (const key of others) await push({ output, key, plan: hash });
  }
  if (config.status)
    await push({ key: fill(config.status, below), plan: digest(slots.flatMap(({ key, plan }) => [key, plan])) });
  return slots;
}

async function remove(slots, { store, config, signal }) {
  const lying = slots.filter(({ made }) => made);
  for (const { key, made } of lying) await store.remove(config.bucket, key, made.etag, signal);
  return lying.map(({ key }) => key);
}

/**
 * A poison object is this event's failure only if the event is about it; otherwise its own event reports it. Returns
 * `{ changed }` if the source has changed, so that the outputs must be looked at again.
 */
async function afterPoison(task, verdict, slots, look, tools) {
  const { record, id } = task;
  const { object, known, failure } = verdict;
  // Outputs of a deleted source don't survive behind a broken upload, and neither do those that this event wrote too
  // late. The rest stays.
  const goes = (made) => record.kind === 'removed' || record.etag === made.sourceEtag;
  const stale = slots.filter(
    ({ output, made }) => output !== undefined && made?.id === id && made.sourceEtag !== object.etag && goes(made),
  );
  for (const removed of stale.length > 0 ? [false, true] : []) {
    const now = await look();
    if (!is(now, object)) return { changed: now };
    if (!removed) await remove(stale, tools);
  }
  if (!isAbout(record, object)) return { outcome: 'superseded' };
  const slot = slots.find(({ output }) => output === undefined);
  if (slot && !rejects(slot, object, id) && !isAnothers(slot, object, id)) {
    const status = { state: 'rejected', source: sourceOf(task, object), code: verdict.code, message: verdict.reason };
    const done = await putStatus(task, slot, object, status, tools);
    const now = await look();
    if (!done || !is(now, object)) return { changed: now };
  }
  if (known) return { outcome: 'dead' };
  throw failure;
}

function isObject(source) {
  return source !== UNSEEN && source !== null;
}

function is(source, object) {
  return isObject(source) && source.etag === object.etag && source.version === object.version;
}

module.exports = { settle };

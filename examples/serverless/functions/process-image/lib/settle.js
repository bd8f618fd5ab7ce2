'use strict';

const { UNSEEN, decide, isAbout, isAnothers, isOf, rejects } = require('./decide');
const { Failure } = require('./failure');
const { taskOf } = require('./keys');
const { all, dated, make, putStatus, report, sourceOf } = require('./make');
const { first, slotsOf } = require('./slots');

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
  const look = async () => {
    const found = await tools.store.look(record.bucket, record.key, tools.signal);
    return found && dated(task, found);
  };
  const seen = await first(task, tools);
  if (seen.done) return { outcome: seen.done };
  let source = seen.look ? await look() : (seen.source ?? UNSEEN);
  let known = seen.poison; // a verdict on the source
  let written = [];
  let proven = false; // that a version is the newest
  const removed = [];

  for (let round = 0; round < ROUNDS; round++) {
    const slots = (round === 0 && seen.slots) || (await slotsOf(task, source, tools));
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
    const end = verdict ? { poison: verdict } : await make(task, source, step.make, tools);
    if (end.poison) {
      // What was not looked at may be an older version's.
      const there = await slotsOf(task, source, tools);
      // A version can be read even if it is no longer the newest, and what is left of it must go.
      if (record.version !== undefined && !proven && there.some(({ made }) => made)) {
        proven = true;
        source = await look();
        if (!is(source, end.poison.object)) {
          known = end.poison;
          continue;
        }
      }
      const { outcome, changed } = await afterPoison(task, end.poison, there, look, tools);
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

async function remove(slots, { store, config, signal }) {
  const lying = slots.filter(({ made }) => made);
  await all(lying.map(({ key, made }) => store.remove(config.bucket, key, made.etag, signal)));
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
  const about = isAbout(record, object);
  if (!about) {
    // This event's own status of an object that is replaced, written too late by a function that was killed.
    if (!slots.some((slot) => slot.output === undefined && isOf(slot, record.etag, id)))
      return { outcome: 'superseded' };
    // Its own event may have reported it, but nothing says so any more.
    const theirs = { bucket: record.bucket, key: record.key, etag: object.etag, version: object.version };
    if (!known && !failure.recorded) await report(theirs, task.item, failure, tools);
  }
  const slot = slots.find(({ output }) => output === undefined);
  if (slot && !rejects(slot, object, id) && !isAnothers(slot, object, id)) {
    const status = { state: 'rejected', source: sourceOf(task, object), code: verdict.code, message: verdict.reason };
    const done = await putStatus(task, slot, object, status, tools);
    const now = await look();
    if (!done || !is(now, object)) return { changed: now };
  }
  if (!about) return { outcome: 'superseded' };
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

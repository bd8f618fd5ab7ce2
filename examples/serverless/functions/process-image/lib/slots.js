'use strict';

const { UNSEEN, isAfter, isOf } = require('./decide');
const { digest } = require('./digest');
const { beforeHash, fill, outputKeys } = require('./keys');
const { all, keep, prepare, read } = require('./make');

/**
 * Reads the object that an event names, and looks at one of its outputs, at the same time: the status, or else the
 * first output. If nothing is there, nothing is at the others either, as a rule, and the condition of their writes
 * proves it. If an older version's is there, the others are looked at while the new ones are made.
 *
 * Returns `{ done }` with an outcome, `{ look }` (at the source), `{ source, slots }`, with `poison` if it is, or
 * nothing for an event that names no object to read.
 */
async function first(task, tools) {
  const { record, id } = task;
  const { kind, etag, version } = record;
  if (kind !== 'created' || etag === undefined) return {};
  const slots = await places(task, etag, tools);
  const place = slots.find(({ output }) => output === undefined) ?? slots[0];
  const [got] = await all([read(task, record, tools), look([place], tools)]);
  if (isAfter(place, record, id)) return { done: 'superseded' };
  const rest = slots.filter((slot) => slot !== place);
  if (got.gone || got.replaced) {
    await look(rest, tools);
    if (slots.some((slot) => isAfter(slot, record, id))) return { done: 'superseded' };
    // Outputs of this very object may have been written too late, by a function that was killed.
    if (slots.some((slot) => isOf(slot, etag, id))) return { look: true };
    return { done: got.gone ? 'vanished' : 'superseded' };
  }
  const source = keep(task, got);
  if (!place.made) return { source, slots };
  // A version can be read even if it is no longer the newest.
  if (version !== undefined) return { look: true };
  const { made } = place;
  const replaces = made.id === id && made.sourceEtag !== etag && !(made.rejected && tools.remembers);
  const [, end] = await all([
    look(rest, tools),
    replaces ? prepare(task, source, [...tools.config.outputs.keys()], tools) : undefined,
  ]);
  return { source, slots, poison: end?.poison };
}

/** Where the outputs of a source go, and what is stored there. */
async function slotsOf(task, source, tools) {
  if (source === UNSEEN) return []; // the source is looked at first
  const slots = await places(task, source?.etag, tools);
  await look(slots, tools);
  return slots;
}

/** Looks at some places at the same time. */
async function look(slots, { store, config, signal }) {
  await all(
    slots.map(async (slot) => {
      slot.made = await store.output(config.bucket, slot.key, signal);
    }),
  );
}

/** Where the outputs of an object go, or without one everything that was ever made from this source. */
async function places({ below }, etag, { store, config, signal }) {
  const slots = [];
  const keys = outputKeys(config, below, etag);
  for (const [output, { template, hash }] of config.outputs.entries()) {
    const lie =
      etag === undefined && template.includes('{hash}')
        ? await store.list(config.bucket, beforeHash(template, below), signal)
        : [keys[output]];
    // Templates that differ only after their hashes find each other's outputs.
    const others = lie.filter((key) => !slots.some((slot) => slot.key === key));
    slots.push(...others.map((key) => ({ output, key, plan: hash })));
  }
  if (config.status)
    slots.push({ key: fill(config.status, below), plan: digest(slots.flatMap(({ key, plan }) => [key, plan])) });
  return slots;
}

module.exports = { first, slotsOf };

'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { UNSEEN, decide, fits, isAfter, rejects } = require('../lib/decide');

const record = { kind: 'created', etag: 'a', sequencer: '04' };
const made = (sourceEtag, sequencer, more) => ({
  etag: 'output',
  id: 'id',
  sourceEtag,
  plan: 'plan',
  sequencer,
  modified: 100,
  rejected: false,
  ...more,
});
const slot = (lying) => ({ output: 0, key: 'a.jpg', plan: 'plan', made: lying });
const status = (lying) => ({ key: 'a.json', plan: 'plan', made: lying });
const object = (etag) => ({ etag, modified: 100 });

test('what is missing or of another source is made, what fits is left alone', () => {
  assert.deepEqual(decide(record, UNSEEN, [], 'id'), { look: true });
  assert.deepEqual(decide(record, object('a'), [slot()], 'id'), { make: [slot()] });
  assert.deepEqual(decide(record, object('a'), [slot(made('b', '03'))], 'id'), { make: [slot(made('b', '03'))] });
  assert.deepEqual(decide(record, object('a'), [slot(made('a', '04'))], 'id'), { done: 'current' });
  assert.deepEqual(decide(record, object('b'), [slot(made('b', '05'))], 'id'), { done: 'superseded' });
});

test('a late event is known by what a later one wrote', () => {
  assert.ok(isAfter(slot(made('b', '05')), record, 'id'));
  for (const other of [slot(), slot(made('b', '04')), slot(made('b', '05', { id: 'other' }))])
    assert.ok(!isAfter(other, record, 'id'));
});

test('a later rejection does not settle what was written beside it', () => {
  const rejected = status(made('b', '05', { rejected: true }));
  // Written by a try of this event that was killed; the source was rejected.
  const slots = [slot(made('a', '04')), rejected];
  assert.ok(fits(slots[0], 'a', 'id') && !isAfter(rejected, record, 'id'));
  assert.deepEqual(decide(record, object('b'), slots, 'id'), { make: slots });
});

test('of two sources with one output the later wins, always the same', () => {
  const others = (time, id) => slot(made('x', '01', { time, modified: Math.floor(time / 1000), id }));
  const source = { ...object('a'), time: 100_500 };
  for (const [lying, step] of [
    [others(99_999, 'other'), 'make'],
    [others(101_000, 'other'), 'superseded'],
    [others(100_499, 'z'), 'make'],
    [others(100_501, 'a'), 'superseded'],
    [others(100_500, 'a'), 'make'],
    [others(100_500, 'z'), 'superseded'],
    [others(999_000, undefined), 'make'],
  ]) {
    const { make, done } = decide(record, source, [lying], 'id');
    assert.equal(done ?? (make && 'make'), step);
  }
  // What is known to the second only gives way within that second.
  const unknown = (modified) => slot(made('x', '01', { modified, id: 'other' }));
  assert.equal(decide(record, object('a'), [others(100_001, 'other')], 'id').done, 'superseded');
  assert.equal(decide(record, object('a'), [unknown(100)], 'id').done, 'superseded');
  assert.ok(decide(record, object('a'), [unknown(99)], 'id').make);
  assert.ok(decide(record, source, [unknown(100)], 'id').make);
  assert.deepEqual(decide(record, null, [others(1000, 'other')], 'id'), { done: 'vanished' });
});

test('a rejection is known by the upload: not by its bytes alone', () => {
  const rejected = (etag, modified) => status(made(etag, '05', { modified, rejected: true }));
  assert.ok(rejects(rejected('a', 100), object('a'), 'id'));
  for (const other of [
    rejected('a', 99),
    rejected('b', 100),
    status(made('a', '05')),
    slot(made('a', '05', { rejected: true })),
  ])
    assert.ok(!rejects(other, object('a'), 'id'));
  assert.ok(!rejects(rejected('a', 100), object('a'), 'another'));
});

'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { UNSEEN, decide, rejects } = require('../lib/decide');

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

test('a first event is made at once, a late one is superseded, a repeated one looks first', () => {
  assert.deepEqual(decide(record, UNSEEN, [slot()], 'id'), { make: [slot()] });
  assert.deepEqual(decide(record, UNSEEN, [slot(made('b', '05'))], 'id'), { done: 'superseded' });
  assert.deepEqual(decide(record, UNSEEN, [slot(made('a', '04'))], 'id'), { look: true });
});

test('a later rejection does not settle what was written beside it', () => {
  const rejected = status(made('b', '05', { rejected: true }));
  // Written by a try of this event that was killed; the source was rejected.
  const slots = [slot(made('a', '04')), rejected];
  assert.deepEqual(decide(record, UNSEEN, slots, 'id'), { look: true });
  assert.deepEqual(decide(record, object('b'), slots, 'id'), { make: slots });
});

test('of two sources with one output the later wins, always the same', () => {
  const others = (modified, id) => slot(made('x', '01', { modified, id }));
  for (const [lying, step] of [
    [others(99, 'other'), 'make'],
    [others(101, 'other'), 'done'],
    [others(100, 'a'), 'make'],
    [others(100, 'z'), 'done'],
    [others(999, undefined), 'make'],
  ]) {
    assert.deepEqual(Object.keys(decide(record, object('a'), [lying], 'id')), [step]);
  }
  assert.deepEqual(decide(record, null, [others(1, 'other')], 'id'), { done: 'vanished' });
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

'use strict';

const assert = require('node:assert/strict');
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const { canonicalPlan } = require('keenpix');
const config = require('../lib/config');
const { readEvent } = require('../lib/events');
const { outputKeys, taskOf } = require('../lib/keys');
const { compareSequencers } = require('../lib/sequencer');

const readConfig = (env) => config.readConfig(env, canonicalPlan);
const folder = join(__dirname, '../../../events');
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const expected = read('expected.json');

for (const { event, says, config: own = {}, records, failures = [] } of expected.cases) {
  test(`${event}: ${says}`, () => {
    const settings = readConfig({ ...expected.config, ...own });
    const found = readEvent(read(event));
    const understood = found
      .filter(({ record }) => record)
      .map(({ item, record: { kind, ...record } }) => {
        const { action: task, why, below } = taskOf({ kind, ...record }, settings);
        const action = task === 'settle' ? { created: 'process', removed: 'remove' }[kind] : task;
        const outputs = task === 'settle' ? keysOf(below, settings) : undefined;
        return { action, why, item, ...record, outputs };
      });
    assert.deepEqual(understood.map(withoutUndefined), records);
    const unread = found.filter(({ failure }) => failure);
    assert.deepEqual(
      unread.map(({ item, failure: { code } }) => withoutUndefined({ item, code })),
      failures,
    );
  });
}

test('every recorded event is expected', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'expected.json');
  assert.deepEqual(expected.cases.map(({ event }) => event).sort(), files.sort());
});

test('what is no event at all is a failure, never an exception', () => {
  for (const event of [
    undefined,
    null,
    1,
    'text',
    [],
    {},
    { Records: 1 },
    { Records: [null] },
    { Records: [{ eventSource: 'aws:sqs' }] },
    { Records: [{ EventSource: 'aws:sns' }] },
  ]) {
    assert.deepEqual(
      readEvent(event).map(({ failure }) => failure.code),
      ['BAD_EVENT'],
      JSON.stringify(event),
    );
  }
});

test('sequencers are compared where both ways of padding agree', () => {
  assert.equal(compareSequencers('0055AED6DCD90281E5', '0055AED6DCD90281E6'), 'older');
  assert.equal(compareSequencers('0055aed6dcd90281e6', '0055AED6DCD90281E5'), 'newer');
  assert.equal(compareSequencers('0A', '0a'), 'same');
  assert.equal(compareSequencers('01', '0200'), 'older');
  assert.equal(compareSequencers('0300', '02'), 'newer');
  assert.equal(compareSequencers('02', '0100'), 'unsure');
  assert.equal(compareSequencers('01', '0100'), 'unsure');
  assert.equal(compareSequencers(undefined, '01'), 'unsure');
});

test('templates take a key as it is, and a width or a hash where they have one', () => {
  const settings = (env) => readConfig({ DEST_BUCKET_NAME: 'assets', ...env });
  assert.deepEqual(keysOf('a/{width}.jpg', settings({})), ['avatars/{width}.jpg']);
  assert.deepEqual(
    keysOf(
      'user-1/photo.jpg',
      settings({ FOLDER_INPUT: 'raw', KEY_TEMPLATE: '{sub}/{name}.{format}', PROCESS_FORMAT: 'webp' }),
    ),
    ['user-1/photo.webp'],
  );
  assert.deepEqual(keysOf('x/y.z.png', settings({ KEY_TEMPLATE: '{dir}{name}-{width}x{height}.{ext}' })), [
    'x/y.z-512x512.png',
  ]);
  assert.deepEqual(keysOf('.hidden', settings({ FOLDER_OUTPUT: '' })), ['.hidden.jpg']);
  const hashed = settings({ KEY_TEMPLATE: 'x/{hash}.{format}', EXTRA_WIDTHS: '64' });
  for (const key of keysOf('a.jpg', hashed)) assert.match(key, /^x\/[0-9a-f]{32}\.jpg$/);
  assert.equal(new Set([...keysOf('a.jpg', hashed), ...keysOf('a.jpg', hashed, 'other')]).size, 4);
});

for (const { settings, says } of JSON.parse(readFileSync(join(__dirname, '../../wrong-settings.json'), 'utf8'))) {
  test(`wrong settings are refused by name: ${JSON.stringify(settings)}`, () => {
    assert.throws(
      () => readConfig(settings),
      ({ message }) => says.every((word) => message.includes(word)) || assert.fail(message),
    );
  });
}

test('keys that are no UTF-8 and events of another major version are failures', () => {
  const record = (key, eventVersion) => ({
    Records: [{ eventVersion, eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key } } }],
  });
  for (const event of [record('%FF.jpg', '2.1'), record('a.jpg', '3.0'), record('', '2.0')]) {
    assert.deepEqual(
      readEvent(event).map(({ failure }) => failure?.code),
      ['BAD_EVENT'],
    );
  }
  assert.equal(readEvent(record('a%2.jpg', '2.6'))[0].record.key, 'a%2.jpg');
});

function keysOf(below, { outputs }, etag = 'etag') {
  return outputKeys(
    { outputs: outputs.map((output) => ({ ...output, hash: JSON.stringify(output.plan) })) },
    below,
    etag,
  );
}

function withoutUndefined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

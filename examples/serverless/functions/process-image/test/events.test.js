'use strict';

const assert = require('node:assert/strict');
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const { readConfig } = require('../lib/config');
const { readEvent } = require('../lib/events');
const { decide, outputKeys } = require('../lib/keys');
const { compareSequencers } = require('../lib/sequencer');

const folder = join(__dirname, '../../../events');
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const expected = read('expected.json');

for (const { event, says, envelope, config = {}, records, failures = [] } of expected.cases) {
  test(`${event}: ${says}`, () => {
    const settings = readConfig({ ...expected.config, ...config });
    const found = readEvent(read(event));
    assert.equal(found.envelope, envelope);
    const understood = found.records.map((record) => {
      const { action, why } = decide(record, settings);
      const outputs = ['process', 'remove'].includes(action) ? outputKeys(record.key, settings) : undefined;
      const { item, bucket, key, size, etag, version, sequencer } = record;
      return { action, why, item, bucket, key, size, etag, version, sequencer, outputs };
    });
    assert.deepEqual(understood.map(withoutUndefined), records);
    assert.deepEqual(found.failures.map(({ item, code }) => withoutUndefined({ item, code })), failures);
  });
}

test('every recorded event is expected', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'expected.json');
  assert.deepEqual(expected.cases.map(({ event }) => event).sort(), files.sort());
});

test('what is no event at all is a failure, never an exception', () => {
  for (const event of [undefined, null, 1, 'text', [], {}, { Records: 1 }, { Records: [null] }, { Records: [{ eventSource: 'aws:sqs' }] }, { Records: [{ EventSource: 'aws:sns' }] }]) {
    assert.deepEqual(readEvent(event).records, []);
    assert.equal(readEvent(event).failures[0].code, 'BAD_EVENT');
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
  const config = (env) => readConfig({ DEST_BUCKET_NAME: 'assets', ...env });
  assert.deepEqual(outputKeys('a/{width}.jpg', config({})), ['avatars/{width}.jpg']);
  assert.deepEqual(outputKeys('raw/user-1/photo.jpg', config({ FOLDER_INPUT: 'raw', KEY_TEMPLATE: '{sub}/{name}.{format}', PROCESS_FORMAT: 'webp' })), ['user-1/photo.webp']);
  assert.deepEqual(outputKeys('a.jpg', config({ KEY_TEMPLATE: 'x/{hash}.{format}', EXTRA_WIDTHS: '64' }), ['00', '11']), ['x/00.jpg', 'x/11.jpg']);
});

test('wrong settings are refused', () => {
  for (const env of [{}, { DEST_BUCKET_NAME: 'a', PROCESS_WIDTH: '0' }, { DEST_BUCKET_NAME: 'a', EXTRA_WIDTHS: '64,x' }, { DEST_BUCKET_NAME: 'a', PROCESS_FORMAT: 'tiff' }]) {
    assert.throws(() => readConfig(env), /has to be/);
  }
});

function withoutUndefined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { createHandler } = require('../handler');

/** `statuses`: by key, the status there: `{ replaced, files }`; a missing one is a 404. */
function harness(statuses = {}) {
  const sent = [];
  const cloudfront = { send: async (command) => void sent.push(command.input) };
  const s3 = {
    send: async ({ input: { Key } }) => {
      const status = statuses[Key];
      if (!status) throw Object.assign(new Error('NoSuchKey'), { $metadata: { httpStatusCode: 404 } });
      const { replaced, files = [] } = status;
      return {
        Metadata: replaced ? { replaced: 'true' } : {},
        Body: { transformToString: async () => JSON.stringify({ state: 'ready', files }) },
      };
    },
  };
  const handler = createHandler({ cloudfront, s3, distribution: 'E123', folder: 'avatars', log: { info() {} } });
  return { sent, handler };
}

const record = (key, eventName = 'ObjectCreated:Put', sequencer = '01') => ({
  eventName,
  s3: { bucket: { name: 'assets' }, object: { key, sequencer, eTag: 'e' } },
});
const file = (key) => ({ key });

test('an avatar that replaces another is one path, whatever its key and its sizes', async () => {
  const { sent, handler } = harness({
    'avatars/my photo*.json': {
      replaced: true,
      files: ['', '-256', '-64'].map((w) => file(`avatars/my photo*${w}.jpg`)),
    },
  });
  const changes = ['.jpg', '-256.jpg', '-64.jpg', '.json', '.json'].map((end) => record(`avatars/my+photo%2A${end}`));
  await handler({ Records: changes });
  assert.equal(sent.length, 1);
  assert.equal(sent[0].DistributionId, 'E123');
  assert.deepEqual(sent[0].InvalidationBatch.Paths, { Quantity: 1, Items: ['/avatars/my%20photo%2A*'] });
});

test('a first upload invalidates nothing, a deletion one path', async () => {
  const { sent, handler } = harness({ 'avatars/new.json': { files: [file('avatars/new.jpg')] } });
  assert.deepEqual(await handler({ Records: [record('avatars/new.json'), record('avatars/gone.json')] }), {
    paths: [],
  });
  assert.deepEqual(sent, []);
  await handler({ Records: [record('avatars/%C3%A9.json', 'ObjectRemoved:Delete')] });
  assert.deepEqual(sent[0].InvalidationBatch.Paths.Items, ['/avatars/%C3%A9*']);
});

test('files that a key template put elsewhere have paths of their own', async () => {
  const { sent, handler } = harness({ 'avatars/a.json': { replaced: true, files: [file('x/64/a.jpg')] } });
  await handler({ Records: [record('avatars/a.json')] });
  assert.deepEqual(sent[0].InvalidationBatch.Paths.Items, ['/avatars/a*', '/x/64/a.jpg']);
});

test('the same event twice has one reference, the next version another', async () => {
  const { sent, handler } = harness({ 'avatars/a.json': { replaced: true } });
  await handler({ Records: [record('avatars/a.json')] });
  await handler({ Records: [record('avatars/a.json')] });
  await handler({ Records: [record('avatars/a.json', undefined, '02')] });
  const [first, second, third] = sent.map((input) => input.InvalidationBatch.CallerReference);
  assert.equal(first, second);
  assert.notEqual(first, third);
});

test('a topic hands the notification on', async () => {
  const { sent, handler } = harness({ 'avatars/a.json': { replaced: true } });
  await handler({
    Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify({ Records: [record('avatars/a.json')] }) } }],
  });
  assert.deepEqual(sent[0].InvalidationBatch.Paths.Items, ['/avatars/a*']);
});

test('other folders, other events and the greeting are left alone', async () => {
  const { sent, handler } = harness();
  await handler({
    Records: [
      record('banners/a.json', 'ObjectRemoved:Delete'),
      record('avatars2/a.json'),
      record('avatars/a.json', 'ObjectTagging:Put'),
    ],
  });
  await handler({ Service: 'Amazon S3', Event: 's3:TestEvent' });
  assert.deepEqual(sent, []);
});

test('a fault of CloudFront fails the call, so that it is tried again', async () => {
  const handler = createHandler({
    cloudfront: { send: () => Promise.reject(new Error('throttled')) },
    distribution: 'E',
    folder: 'avatars',
    log: { info() {} },
  });
  await assert.rejects(handler({ Records: [record('avatars/a.json', 'ObjectRemoved:Delete')] }), /throttled/);
});

'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { createHandler } = require('../handler');

function harness() {
  const sent = [];
  const cloudfront = { send: async (command) => void sent.push(command.input) };
  const handler = createHandler({ cloudfront, distribution: 'E123', folder: 'avatars', log: { info() {} } });
  return { sent, handler };
}

const record = (key, eventName = 'ObjectCreated:Put', sequencer = '01') => ({
  eventName,
  s3: { object: { key, sequencer, eTag: 'e' } },
});

test('a new avatar is invalidated once, whatever its key', async () => {
  const { sent, handler } = harness();
  await handler({
    Records: [
      record('avatars/my+photo%2A.jpg'),
      record('avatars/%C3%A9.jpg', 'ObjectRemoved:Delete'),
      record('avatars/my+photo%2A.jpg'),
    ],
  });
  assert.equal(sent.length, 1);
  assert.equal(sent[0].DistributionId, 'E123');
  assert.deepEqual(sent[0].InvalidationBatch.Paths, {
    Quantity: 2,
    Items: ['/avatars/my%20photo%2A.jpg', '/avatars/%C3%A9.jpg'],
  });
});

test('the same event twice has one reference, the next version another', async () => {
  const { sent, handler } = harness();
  await handler({ Records: [record('avatars/a.jpg')] });
  await handler({ Records: [record('avatars/a.jpg')] });
  await handler({ Records: [record('avatars/a.jpg', undefined, '02')] });
  const [first, second, third] = sent.map((input) => input.InvalidationBatch.CallerReference);
  assert.equal(first, second);
  assert.notEqual(first, third);
});

test('a topic hands the notification on', async () => {
  const { sent, handler } = harness();
  await handler({
    Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify({ Records: [record('avatars/a.jpg')] }) } }],
  });
  assert.deepEqual(sent[0].InvalidationBatch.Paths.Items, ['/avatars/a.jpg']);
});

test('other folders, other events and the greeting are left alone', async () => {
  const { sent, handler } = harness();
  await handler({
    Records: [record('banners/banner.jpg'), record('avatars2/a.jpg'), record('avatars/a.jpg', 'ObjectTagging:Put')],
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
  await assert.rejects(handler({ Records: [record('avatars/a.jpg')] }), /throttled/);
});

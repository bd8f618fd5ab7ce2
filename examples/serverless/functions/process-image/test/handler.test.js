'use strict';

const assert = require('node:assert/strict');
const { Readable } = require('node:stream');
const { test } = require('node:test');
const { readConfig } = require('../lib/config');
const { createHandler } = require('../lib/handler');
const { createStore } = require('../lib/store');
const { FakeS3, fault } = require('./fake-s3');

/** A function over a fake S3. Its "image" is the source's bytes and the width; bytes that start with `bad` are no image. */
function harness({ env = {}, rejects = false } = {}) {
  const s3 = new FakeS3();
  const config = readConfig({ DEST_BUCKET_NAME: 'assets', WRITE_STATUS: '', MAX_INPUT_BYTES: '1000', ...env });
  const asked = { decoded: 0, rejected: [], logged: [] };
  const transformMany = async (bytes, plans) => {
    asked.decoded++;
    if (bytes.toString().startsWith('bad')) throw Object.assign(new Error('input is not an image'), { name: 'KeenpixError', code: 'NOT_AN_IMAGE', retryable: false });
    return plans.map(({ resize: { width, height } }) => ({ bytes: Buffer.from(`${bytes}@${width}`), mediaType: 'image/jpeg', width, height }));
  };
  const reject = rejects ? async (record, { code }) => void asked.rejected.push(`${code} ${record.key}`) : undefined;
  const log = { info: (line) => asked.logged.push(line), error: (line) => asked.logged.push(line) };
  const handler = createHandler({ config, store: createStore(s3, config), transformMany, reject, log });
  const text = (key) => s3.objects.get(`assets/${key}`)?.body.toString();
  return { s3, asked, handler, text };
}

const record = (key, etag, { event = 'ObjectCreated:Put', sequencer, version } = {}) => ({
  eventSource: 'aws:s3',
  eventName: event,
  s3: { bucket: { name: 'uploads' }, object: { key: encodeURIComponent(key).replaceAll('%2F', '/'), eTag: etag, sequencer, versionId: version } },
});
const event = (...args) => ({ Records: [record(...args)] });
const removed = (key, sequencer) => event(key, undefined, { event: 'ObjectRemoved:Delete', sequencer });
const outcomes = ({ results }) => results.map(({ outcome }) => outcome);

test('an upload becomes an avatar, with its headers and its origin', async () => {
  const { s3, handler, text } = harness();
  const etag = s3.put('uploads', 'ü 1.png', 'photo');
  assert.deepEqual(outcomes(await handler(event('ü 1.png', etag, { sequencer: '01' }))), ['written']);
  assert.equal(text('avatars/ü 1.jpg'), 'photo@512');
  const made = s3.objects.get('assets/avatars/ü 1.jpg');
  assert.equal(made.type, 'image/jpeg');
  assert.match(made.cache, /s-maxage/);
  const { 'source-modified': modified, plan, ...metadata } = made.metadata;
  assert.deepEqual(metadata, { 'source-bucket': 'uploads', 'source-key': '%C3%BC%201.png', 'source-etag': etag, sequencer: '01' });
  assert.equal(modified, '2025-06-01T12:00:00.000Z');
  assert.match(plan, /^[0-9a-f]{16}$/);
});

test('the same event twice is read and decoded once', async () => {
  const { s3, asked, handler } = harness();
  const once = event('a.jpg', s3.put('uploads', 'a.jpg', 'photo'), { sequencer: '01' });
  await handler(once);
  const before = s3.calls.length;
  assert.deepEqual(outcomes(await handler(once)), ['done']);
  assert.equal(asked.decoded, 1);
  assert.deepEqual(s3.calls.slice(before), ['Head assets/avatars/a.jpg']);
});

test('an event that comes late changes nothing', async () => {
  const { s3, handler, text } = harness();
  const first = s3.put('uploads', 'a.jpg', 'one');
  const second = s3.put('uploads', 'a.jpg', 'two');
  await handler(event('a.jpg', second, { sequencer: '02' }));
  assert.deepEqual(outcomes(await handler(event('a.jpg', first, { sequencer: '01' }))), ['stale']);
  assert.deepEqual(outcomes(await handler(event('a.jpg', first, { sequencer: '0' }))), ['stale']);
  assert.equal(text('avatars/a.jpg'), 'two@512');
});

test('without a sequencer the source says which event is late', async () => {
  const { s3, handler, text } = harness();
  const first = s3.put('uploads', 'a.jpg', 'one');
  const second = s3.put('uploads', 'a.jpg', 'two');
  await handler(event('a.jpg', second));
  assert.deepEqual(outcomes(await handler(event('a.jpg', first))), ['replaced']);
  assert.equal(text('avatars/a.jpg'), 'two@512');
});

test('an object that is gone is done, and takes its avatar along', async () => {
  const { s3, handler, text } = harness({ env: { EXTRA_WIDTHS: '64' } });
  const etag = s3.put('uploads', 'a.jpg', 'photo');
  await handler(event('a.jpg', etag, { sequencer: '01' }));
  assert.equal(text('avatars/a-64.jpg'), 'photo@64');
  s3.delete('uploads', 'a.jpg');
  assert.deepEqual(outcomes(await handler(removed('a.jpg', '02'))), ['removed']);
  assert.equal(s3.objects.size, 0);
  assert.deepEqual(outcomes(await handler(event('a.jpg', etag, { sequencer: '01' }))), ['removed']);
  assert.deepEqual(outcomes(await handler(event('never.jpg', etag))), ['removed']);
  assert.equal(s3.objects.size, 0);
});

test('a deletion that comes late leaves the newer upload alone', async () => {
  const { s3, handler, text } = harness();
  await handler(event('a.jpg', s3.put('uploads', 'a.jpg', 'new'), { sequencer: '03' }));
  assert.deepEqual(outcomes(await handler(removed('a.jpg', '02'))), ['replaced']);
  assert.equal(text('avatars/a.jpg'), 'new@512');
});

test('replaced while it is read: 412, left to the later event', async () => {
  const { s3, handler, text } = harness();
  const first = s3.put('uploads', 'a.jpg', 'one');
  s3.before = (name) => void (name === 'Get' && s3.put('uploads', 'a.jpg', 'two'));
  assert.deepEqual(outcomes(await handler(event('a.jpg', first))), ['replaced']);
  assert.equal(text('avatars/a.jpg'), undefined);
});

test('two writers of one avatar: the slower one looks again and ends with the newer photo', async () => {
  const { s3, handler, text, asked } = harness();
  const first = s3.put('uploads', 'a.jpg', 'one');
  let raced = false;
  s3.before = async (name) => {
    if (name !== 'Put' || raced) return;
    raced = true;
    await handler(event('a.jpg', s3.put('uploads', 'a.jpg', 'two'), { sequencer: '02' }));
  };
  assert.deepEqual(outcomes(await handler(event('a.jpg', first, { sequencer: '01' }))), ['written']);
  assert.equal(text('avatars/a.jpg'), 'two@512');
  assert.equal(asked.decoded, 3);
});

test('a conditional write that keeps on failing is tried again by the service, with 409 as with 412', async () => {
  const { s3, handler, asked } = harness();
  s3.before = (name) => {
    if (name === 'Put') throw fault(409, 'ConditionalRequestConflict');
  };
  await assert.rejects(handler(event('a.jpg', s3.put('uploads', 'a.jpg', 'one'))), { code: 'CONFLICT', retryable: true });
  assert.equal(asked.decoded, 1);
});

test('deleted while it is made: nothing is left over', async () => {
  const { s3, handler } = harness();
  const etag = s3.put('uploads', 'a.jpg', 'one');
  s3.before = (name) => void (name === 'Put' && s3.delete('uploads', 'a.jpg'));
  assert.deepEqual(outcomes(await handler(event('a.jpg', etag))), ['removed']);
  assert.equal(s3.objects.size, 0);
});

test('a versioned bucket: that version is read, and only while it is the current one', async () => {
  const { s3, handler, text } = harness();
  const etag = s3.put('uploads', 'a.jpg', 'one', { version: 'v1' });
  assert.deepEqual(outcomes(await handler(event('a.jpg', etag, { version: 'v1' }))), ['written']);
  s3.put('uploads', 'a.jpg', 'two', { version: 'v2' });
  assert.deepEqual(outcomes(await handler(event('a.jpg', 'another', { version: 'v1' }))), ['replaced']);
  assert.equal(text('avatars/a.jpg'), 'one@512');
});

test('a body that breaks off is read again; one that always does is tried again by the service', async () => {
  const { s3, handler, text } = harness();
  const etag = s3.put('uploads', 'a.jpg', 'a photo of more than ten bytes');
  let cuts = 2;
  const whole = s3.body;
  s3.body = (bytes) => (cuts-- > 0 ? Readable.from([bytes.subarray(0, 10)]) : whole(bytes));
  assert.deepEqual(outcomes(await handler(event('a.jpg', etag))), ['written']);
  assert.equal(text('avatars/a.jpg'), 'a photo of more than ten bytes@512');
  cuts = Infinity;
  await assert.rejects(handler(event('b.jpg', s3.put('uploads', 'b.jpg', 'another one'))), { retryable: true });
});

test('503 is retryable and makes no dead letter of the photo', async () => {
  const { s3, handler, asked } = harness({ rejects: true });
  const etag = s3.put('uploads', 'a.jpg', 'photo');
  s3.before = () => {
    throw fault(503, 'SlowDown');
  };
  await assert.rejects(handler(event('a.jpg', etag)), { code: 'SlowDown', retryable: true });
  assert.deepEqual(asked.rejected, []);
});

test('too many bytes are refused, by the header and while they stream', async () => {
  const { s3, handler, asked } = harness();
  const etag = s3.put('uploads', 'a.jpg', 'x'.repeat(1001));
  await assert.rejects(handler(event('a.jpg', etag)), { code: 'LIMIT_INPUT_BYTES', retryable: false, message: /a\.jpg.*1001 bytes where 1000/ });
  const send = s3.send.bind(s3);
  s3.send = async (command) => ({ ...(await send(command)), ContentLength: undefined });
  await assert.rejects(handler(event('a.jpg', etag)), { code: 'LIMIT_INPUT_BYTES' });
  assert.equal(asked.decoded, 0);
  s3.put('uploads', 'b.jpg', 'x'.repeat(1000));
  assert.deepEqual(outcomes(await handler(event('b.jpg'))), ['written']);
});

test('what is no image is a dead letter with class and key; with a status it is decoded once', async () => {
  const { s3, handler, asked } = harness({ rejects: true, env: { WRITE_STATUS: 'true' } });
  const poison = event('a.jpg', s3.put('uploads', 'a.jpg', 'bad'));
  assert.deepEqual(outcomes(await handler(poison)), ['rejected']);
  assert.deepEqual(asked.rejected, ['NOT_AN_IMAGE a.jpg']);
  const { state, code } = JSON.parse(s3.objects.get('assets/avatars/a.json').body);
  assert.deepEqual({ state, code }, { state: 'rejected', code: 'NOT_AN_IMAGE' });
});

test('a poison photo that comes again is not decoded and not reported again', async () => {
  const { s3, handler, asked } = harness({ rejects: true, env: { WRITE_STATUS: 'true' } });
  const poison = event('a.jpg', s3.put('uploads', 'a.jpg', 'bad'));
  await handler(poison);
  assert.deepEqual(outcomes(await handler(poison)), ['rejected']);
  assert.equal(asked.decoded, 1);
  assert.deepEqual(asked.rejected, ['NOT_AN_IMAGE a.jpg']);
  await handler(event('a.jpg', s3.put('uploads', 'a.jpg', 'good'), { sequencer: '02' }));
  assert.equal(JSON.parse(s3.objects.get('assets/avatars/a.json').body).state, 'ready');
});

test('without a queue for rejects a final failure is thrown, and thrown again', async () => {
  const { s3, handler, asked } = harness({ env: { WRITE_STATUS: 'true' } });
  const poison = event('a.jpg', s3.put('uploads', 'a.jpg', 'bad'));
  await assert.rejects(handler(poison), { code: 'NOT_AN_IMAGE', message: /a\.jpg/ });
  await assert.rejects(handler(poison), { code: 'NOT_AN_IMAGE' });
  assert.equal(asked.decoded, 1);
});

test('a batch of a queue fails message by message', async () => {
  const { s3, handler, text } = harness();
  const message = (messageId, body) => ({ messageId, eventSource: 'aws:sqs', body: typeof body === 'string' ? body : JSON.stringify(body) });
  const batch = {
    Records: [
      message('1', event('a.jpg', s3.put('uploads', 'a.jpg', 'one'))),
      message('2', event('b.jpg', s3.put('uploads', 'b.jpg', 'bad'))),
      message('3', 'no JSON'),
      message('4', event('d.jpg', s3.put('uploads', 'd.jpg', 'two'))),
    ],
  };
  assert.deepEqual((await handler(batch)).batchItemFailures, [{ itemIdentifier: '3' }, { itemIdentifier: '2' }]);
  assert.equal(text('avatars/a.jpg') + text('avatars/d.jpg'), 'one@512two@512');
});

test('every record is tried before a failure is thrown', async () => {
  const { s3, handler, text } = harness();
  const records = [record('a.jpg', s3.put('uploads', 'a.jpg', 'bad')), record('b.jpg', s3.put('uploads', 'b.jpg', 'good'))];
  await assert.rejects(handler({ Records: records }), { code: 'NOT_AN_IMAGE' });
  assert.equal(text('avatars/b.jpg'), 'good@512');
});

test('recursion is refused before anything is read or written', async () => {
  const { s3, handler } = harness();
  const loop = event('avatars/a.jpg');
  loop.Records[0].s3.bucket.name = 'assets';
  await assert.rejects(handler(loop), { code: 'RECURSION', retryable: false });
  assert.deepEqual(s3.calls, []);
});

test('an avatar that was copied into the uploads is refused: it was made here', async () => {
  const { s3, handler } = harness();
  await handler(event('a.jpg', s3.put('uploads', 'a.jpg', 'photo')));
  const { metadata } = s3.objects.get('assets/avatars/a.jpg');
  const etag = s3.put('uploads', 'copy.jpg', 'photo@512', { metadata });
  await assert.rejects(handler(event('copy.jpg', etag)), { code: 'RECURSION' });
});

test('two keys with one avatar: the later upload wins, and the deletion of the earlier one is none of its business', async () => {
  const { s3, handler, text } = harness();
  const early = s3.put('uploads', 'a.jpg', 'early', { modified: new Date('2025-06-01T12:00:00Z') });
  const late = s3.put('uploads', 'a.png', 'late', { modified: new Date('2025-06-01T12:00:05Z') });
  await handler(event('a.png', late, { sequencer: '01' }));
  assert.deepEqual(outcomes(await handler(event('a.jpg', early, { sequencer: '09' }))), ['stale']);
  s3.delete('uploads', 'a.jpg');
  assert.deepEqual(outcomes(await handler(removed('a.jpg', '0A'))), ['stale']);
  assert.equal(text('avatars/a.jpg'), 'late@512');
});

test('names made of content: nothing is overwritten, the status points to the newest, a deletion removes it', async () => {
  const { s3, handler } = harness({ env: { KEY_TEMPLATE: 'avatars/{name}/{hash}-{width}.{format}', EXTRA_WIDTHS: '64' } });
  const files = () => JSON.parse(s3.objects.get('assets/avatars/a.json').body).files.map(({ key }) => key);
  await handler(event('a.jpg', s3.put('uploads', 'a.jpg', 'one'), { sequencer: '01' }));
  const first = files();
  assert.match(first[0], /^avatars\/a\/[0-9a-f]{16}-512\.jpg$/);
  assert.match(s3.objects.get(`assets/${first[1]}`).cache, /immutable/);
  await handler(event('a.jpg', s3.put('uploads', 'a.jpg', 'two'), { sequencer: '02' }));
  assert.notDeepEqual(files(), first);
  assert.ok(s3.objects.has(`assets/${first[0]}`));
  const last = files();
  s3.delete('uploads', 'a.jpg');
  await handler(removed('a.jpg', '03'));
  assert.ok(!s3.objects.has(`assets/${last[0]}`) && !s3.objects.has('assets/avatars/a.json'));
});

test('no time left is a failure that may pass', async () => {
  const { s3, handler } = harness();
  const etag = s3.put('uploads', 'a.jpg', 'photo');
  s3.before = () => new Promise((done) => setTimeout(done, 30)).then(() => Promise.reject(new Error('aborted')));
  await assert.rejects(handler(event('a.jpg', etag), { getRemainingTimeInMillis: () => 1510 }), { code: 'DEADLINE', retryable: true });
});

test('markers, foreign folders and other events cost no request', async () => {
  const { s3, handler } = harness({ env: { FOLDER_INPUT: 'raw' } });
  const events = [event('raw/'), event('other/a.jpg'), event('raw/a.jpg', 'e', { event: 'ObjectTagging:Put' })];
  for (const one of events) assert.deepEqual(outcomes(await handler(one)), ['skipped']);
  assert.deepEqual(await handler({ Event: 's3:TestEvent', Bucket: 'uploads' }), { results: [] });
  assert.deepEqual(s3.calls, []);
});

test('the log has one line for each record, in JSON', async () => {
  const { s3, handler, asked } = harness();
  await handler(event('a.jpg', s3.put('uploads', 'a.jpg', 'photo')));
  assert.deepEqual(asked.logged.map((line) => JSON.parse(line).outcome), ['written']);
});

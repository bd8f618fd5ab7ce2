// Faults 1 to 9, 14 and 15: how events are delivered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CopyObjectCommand } from '@aws-sdk/client-s3';
import { batch, notification } from '../../../../test/s3-server.mjs';
import { picture, startWorld } from './world.mjs';

const soon = (milliseconds) => ({ getRemainingTimeInMillis: () => 1500 + milliseconds });

test('fault 1: the same event twice is written once', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  await world.written(event);
  assert.equal((await world.handle(event)).outcome, 'current');
  assert.deepEqual([world.count('PUT', 'avatars/'), world.decodes], [1, 1]);
  const { contentType, cacheControl, metadata } = await world.avatar('me');
  assert.deepEqual(
    [contentType, cacheControl],
    ['image/jpeg', 'public, max-age=0, s-maxage=31536000, must-revalidate'],
  );
  assert.deepEqual(
    [metadata['source-etag'], metadata['source-sequencer'], metadata['plan-hash'].length],
    [event.etag, event.sequencer, 32],
  );
});

test('fault 2: events out of order end with the newest', async () => {
  const world = await startWorld();
  const [first, second, third] = [
    await world.upload('me.png', picture(1)),
    await world.upload('me.png', picture(2)),
    await world.upload('me.png', picture(3)),
  ];
  assert.equal((await world.handle(second)).outcome, 'superseded');
  await world.written(third);
  assert.equal((await world.handle(first)).outcome, 'superseded');
  assert.ok(await world.isMadeOf('me', picture(3)));
  assert.equal(world.decodes, 1);
});

for (const [early, late] of [
  ['A0', 'B'],
  ['B', 'A0'],
  ['0F', 'F0F'],
  ['', ''],
]) {
  test(`fault 2: sequencers of other lengths and none at all end the same: "${early}" "${late}"`, async () => {
    const world = await startWorld();
    const [first, second] = [await world.upload('me.png', picture(1)), await world.upload('me.png', picture(2))];
    first.record.s3.object.sequencer = early;
    second.record.s3.object.sequencer = late;
    await world.written(second);
    assert.equal((await world.handle(first)).outcome, 'superseded');
    assert.ok(await world.isMadeOf('me', picture(2)));
  });
}

test('fault 2: a deletion before its upload leaves nothing', async () => {
  const world = await startWorld();
  const upload = await world.upload('me.png', picture(1));
  const deletion = await world.delete('me.png');
  assert.equal((await world.handle(deletion)).outcome, 'vanished');
  assert.equal((await world.handle(upload)).outcome, 'vanished');
  assert.equal(await world.avatar('me'), undefined);
  await world.written(await world.upload('me.png', picture(2)));
  assert.equal((await world.handle(deletion)).outcome, 'superseded');
  assert.ok(await world.isMadeOf('me', picture(2)));
});

test('fault 3: duplicates at the same time agree', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  await Promise.all([1, 2, 3].map(() => world.call(notification(event))));
  assert.ok(await world.isMadeOf('me', picture(1)));
});

test('fault 4: after a time-out the next try succeeds', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  world.server.on(({ key }, before) => (key === 'me.png' && before === 0 ? { piece: 16, pause: 50 } : undefined));
  const { outcome, code, retryable } = await world.handle(event, soon(200));
  assert.deepEqual([outcome, code, retryable], ['failed', 'DEADLINE', true]);
  await world.written(event);
});

test('fault 4: what was not begun in time is reported', async () => {
  const world = await startWorld();
  assert.equal((await world.handle(await world.upload('me.png', picture(1)), soon(0))).code, 'DEADLINE');
  assert.deepEqual(world.server.calls, []);
});

test('fault 5: an event that was throttled for hours finds another world', async () => {
  const world = await startWorld();
  const late = await world.upload('me.png', picture(1));
  const deletion = await world.delete('me.png');
  await world.written(await world.upload('me.png', picture(2)));
  assert.equal((await world.handle(deletion)).outcome, 'superseded');
  assert.equal((await world.handle(late)).outcome, 'superseded');
  assert.ok(await world.isMadeOf('me', picture(2)));
});

test('fault 6: recursion is refused before the first request', async () => {
  const world = await startWorld({ env: { DEST_BUCKET_NAME: 'uploads' }, rejects: true });
  const { code, retryable } = await world.handle(await world.upload('me.png', picture(1)));
  assert.deepEqual([code, retryable], ['RECURSION', false]);
  assert.deepEqual([world.server.calls, world.reported], [[], []]); // the set-up is at fault, not the object
});

test('fault 6: one bucket with separate folders feeds nothing back', async () => {
  const world = await startWorld({ env: { DEST_BUCKET_NAME: 'uploads', FOLDER_INPUT: 'in', FOLDER_OUTPUT: 'out' } });
  const event = await world.upload('in/me.png', picture(1));
  await world.written(event);
  const output = structuredClone(event);
  output.record.s3.object.key = 'out/me.jpg';
  assert.equal((await world.handle(output)).outcome, 'ignored');
});

test('fault 6: an output that was copied to the uploads is refused', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  await world.written(event);
  await world.server
    .client()
    .send(new CopyObjectCommand({ Bucket: 'uploads', Key: 'copy.jpg', CopySource: 'assets/avatars/me.jpg' }));
  const copied = structuredClone(event);
  Object.assign(copied.record.s3.object, { key: 'copy.jpg', eTag: (await world.avatar('me')).etag });
  assert.equal((await world.handle(copied)).code, 'RECURSION');
  assert.deepEqual([await world.avatar('copy'), world.decodes], [undefined, 1]);
});

test('fault 7: keys are decoded once', async () => {
  const world = await startWorld();
  for (const key of ['my photo.png', '1+1.png', '100%.png', 'a%2Bb.png', '写真 ü.png', 'a&b=c;d.png', 'q?#.png']) {
    await world.written(await world.upload(key, picture(1)));
    assert.ok(await world.avatar(key.slice(0, -4)), key);
  }
});

test('fault 8: the version of the event is read', async () => {
  const world = await startWorld({ versioned: true });
  const first = await world.upload('me.png', picture(1));
  const marker = await world.delete('me.png');
  // The version can still be read though the object is deleted: it must not come back.
  await world.written(first); // and removed again
  assert.deepEqual([world.decodes, await world.avatar('me')], [1, undefined]);
  assert.equal((await world.handle(marker)).outcome, 'vanished');
  const [second, third] = [await world.upload('me.png', picture(2)), await world.upload('me.png', picture(3))];
  await world.written(third);
  assert.equal((await world.handle(second)).outcome, 'superseded');
  assert.ok(await world.isMadeOf('me', picture(3)));
  assert.equal((await world.avatar('me')).metadata['source-version'], third.version);
});

test('fault 9: every version, envelope and number of records is read', async () => {
  const world = await startWorld();
  const [one, two] = [await world.upload('one.png', picture(1)), await world.upload('two.png', picture(2))];
  const both = notification(one, two);
  both.Records[1].eventVersion = '2.6';
  both.Records[1].s3.object.someday = { new: true };
  const sns = { Type: 'Notification', Message: JSON.stringify(both) };
  for (const event of [
    both,
    { Records: [{ EventSource: 'aws:sns', Sns: sns }] },
    batch(both),
    batch(sns),
    batch(one.eventbridge, two.eventbridge),
  ]) {
    const { lines } = await world.outcomes(event);
    assert.deepEqual(
      lines.map(({ outcome }) => ['written', 'current'].includes(outcome)),
      [true, true],
      JSON.stringify(event),
    );
  }
  assert.ok((await world.isMadeOf('one', picture(1))) && (await world.isMadeOf('two', picture(2))));
  assert.equal(world.decodes, 2);
  assert.deepEqual(await world.call({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'uploads' }), {
    batchItemFailures: [],
  });
});

test('fault 14: one bad record of a batch is reported alone', async () => {
  const world = await startWorld();
  const [good, bad] = [await world.upload('good.png', picture(1)), await world.upload('bad.png', '<html>')];
  const { answer, lines } = await world.outcomes(batch(notification(good), notification(bad), 'no JSON'));
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }] });
  assert.deepEqual(
    lines.map(({ code }) => code),
    [undefined, 'NOT_AN_IMAGE', 'BAD_EVENT'],
  );
  assert.ok(await world.isMadeOf('good', picture(1)));
});

test('fault 15: a message that becomes visible too early does no harm', async () => {
  const world = await startWorld({ env: { LEDGER_PREFIX: 'ledger/' } });
  const event = await world.upload('me.png', picture(1));
  world.server.on(({ key }, before) => (key === 'me.png' && before === 0 ? { piece: 64, pause: 20 } : undefined));
  const early = new Promise((done) => setTimeout(done, 50)).then(() => world.call(notification(event)));
  await Promise.all([world.call(notification(event)), early]);
  assert.ok(await world.isMadeOf('me', picture(1)));
  assert.ok(world.decodes <= 3);
});

// Faults 16 to 19, 22 and 24: what the objects are and leave behind, and the status that reports it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transformMany } from 'keenpix';
import { batch, notification } from '../../../../test/s3-server.mjs';
import { picture, startWorld } from './world.mjs';

const LEDGER = { LEDGER_PREFIX: 'ledger/' };
const STATUS = { WRITE_STATUS: 'true', EXTRA_WIDTHS: '4' };

const letters = async ({ server }) => (await server.list('assets', 'ledger/dead/')).map(({ body }) => JSON.parse(body));

async function status(world) {
  const [object] = await world.server.list('assets', 'avatars/me.json');
  if (!object) return undefined;
  assert.deepEqual([object.contentType, object.cacheControl], ['application/json', 'no-cache']);
  const said = JSON.parse(object.body);
  assert.deepEqual(
    [object.metadata.state, object.metadata.code, object.metadata['source-etag']],
    [said.state, said.code, said.source.etag],
  );
  return said;
}

for (const [env, code] of [
  [{ MAX_MEMORY_BYTES: '64' }, 'LIMIT_MEMORY'],
  [{ MAX_PIXELS: '143' }, 'LIMIT_PIXELS'],
]) {
  test(`fault 16: a picture that needs more than the machine has: ${code}`, async () => {
    const world = await startWorld({ env });
    const failed = await world.handle(await world.upload('me.png', picture(1)));
    assert.deepEqual([failed.code, failed.retryable], [code, false]);
  });
}

test('fault 17: an empty object is no image', async () => {
  const world = await startWorld();
  assert.equal((await world.handle(await world.upload('me.png', ''))).code, 'NOT_AN_IMAGE');
});

test("fault 18: a folder's marker is ignored", async () => {
  const world = await startWorld();
  assert.equal((await world.handle(await world.upload('folder/', ''))).outcome, 'ignored');
  assert.deepEqual(world.server.calls, []);
});

test('fault 19: the content counts, not the name', async () => {
  const world = await startWorld();
  for (const key of ['a.jpg', 'b.txt', 'c', 'd.png.exe']) await world.written(await world.upload(key, picture(1)));
  for (const bytes of ['GIF?', '<!doctype html>', '{"a": 1}']) {
    assert.equal((await world.handle(await world.upload('me.png', bytes))).code, 'NOT_AN_IMAGE', bytes);
  }
});

test('fault 22: a poison object is recorded once however often it comes', async () => {
  const world = await startWorld({ env: LEDGER });
  const event = await world.upload('me.png', '<html>');
  assert.equal((await world.handle(event)).code, 'NOT_AN_IMAGE');
  for (let i = 0; i < 5; i++) assert.equal((await world.handle(event)).outcome, 'dead');
  assert.equal(world.decodes, 1);
  assert.deepEqual(
    (await letters(world)).map(({ key, code }) => [key, code]),
    [['me.png', 'NOT_AN_IMAGE']],
  );
  // The queue has nothing to keep.
  assert.deepEqual(await world.call(notification(event)), { batchItemFailures: [] });
  // Uploading the same bytes again is another try.
  assert.equal((await world.handle(await world.upload('me.png', '<html>'))).code, 'NOT_AN_IMAGE');
  assert.equal((await letters(world)).length, 2);
});

test('fault 22: under other plans a dead object is tried again', async () => {
  const env = { ...LEDGER, ...STATUS };
  const world = await startWorld({ env });
  const event = await world.upload('me.png', picture(1));
  world.transformMany = () => transformMany(Buffer.from('<html>'), [{}]);
  assert.equal((await world.handle(event)).code, 'NOT_AN_IMAGE');
  assert.equal((await world.handle(event)).outcome, 'dead');
  const other = await startWorld({ env: { ...env, PROCESS_QUALITY: '81' }, server: world.server });
  await other.written(event);
  assert.equal((await status(other)).state, 'ready');
});

test('fault 22: what the set-up can not make is never poison', async () => {
  const world = await startWorld({ env: { ...LEDGER, ...STATUS }, rejects: true });
  const event = await world.upload('me.png', picture(1));
  world.transformMany = () => transformMany(picture(1), [{ resize: { width: 0 } }]);
  // More often than an object that is itself at fault would be tried.
  for (let i = 0; i < 5; i++) {
    const { outcome, code, retryable } = await world.handle(event);
    assert.deepEqual([outcome, code, retryable], ['failed', 'BAD_PLAN', false]);
  }
  await assert.rejects(world.call(notification(event)), { code: 'BAD_PLAN', fault: 'setup' });
  assert.deepEqual([await letters(world), world.reported, await status(world)], [[], [], undefined]);
  world.transformMany = transformMany;
  await world.written(event);
});

test('a limit is the fault of the set-up if the plan passes it, and of the file if that does', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  for (const [width, fault] of [
    [16, 'setup'],
    [8, 'poison'],
  ]) {
    const plan = { resize: { width, height: 8 } };
    world.transformMany = () => transformMany(picture(1), [plan], { limits: { width: fault === 'setup' ? 15 : 11 } });
    await assert.rejects(world.call(notification(event)), { code: 'LIMIT_WIDTH', fault });
  }
});

test('fault 22: without a ledger and a queue for rejects the queue of the events keeps it', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1).subarray(0, 40));
  await assert.rejects(world.call(notification(event)), { message: /uploads\/me\.png/, retryable: false });
});

test('fault 22: an object that kills its function is given up after three tries', async () => {
  const world = await startWorld({ env: LEDGER, rejects: true });
  const event = await world.upload('me.png', picture(1));
  const start = Date.now();
  world.now = () => start;
  for (let i = 0; i < 3; i++) {
    await new Promise((began) => {
      world.transformMany = () => {
        began();
        return new Promise(() => {});
      };
      world.call(notification(event));
    });
  }
  world.transformMany = transformMany;
  // The third may still be at work…
  const busy = await world.handle(event);
  assert.deepEqual([busy.code, busy.retryable], ['BUSY', true]);
  // …until its lease is over.
  world.now = () => start + 901_000;
  assert.equal((await world.handle(event)).code, 'ATTEMPTS');
  assert.equal((await world.handle(event)).outcome, 'dead');
  assert.deepEqual([(await letters(world)).length, world.decodes], [1, 3]);
  assert.deepEqual(world.reported, [{ code: 'ATTEMPTS', key: 'me.png', item: undefined }]);
});

test('fault 22: what is rejected is reported once, said, and not decoded again', async () => {
  const world = await startWorld({ env: STATUS, rejects: true });
  await world.written(await world.upload('me.png', picture(1)));
  const event = await world.upload('me.png', '<html>');
  assert.equal((await world.handle(event)).code, 'NOT_AN_IMAGE');
  const { state, code, source } = await status(world);
  assert.deepEqual(
    { state, code, source },
    { state: 'rejected', code: 'NOT_AN_IMAGE', source: { key: 'me.png', etag: event.etag } },
  );
  for (let i = 0; i < 3; i++) assert.equal((await world.handle(event)).outcome, 'dead');
  assert.deepEqual([world.reported.length, world.decodes], [1, 2]);
  assert.ok(await world.isMadeOf('me', picture(1)), 'the former picture stays');
  await world.handle(await world.upload('me.png', '<html>'));
  assert.equal(world.reported.length, 2);
  await world.written(await world.upload('me.png', picture(2)));
  assert.equal((await status(world)).state, 'ready');
});

test('fault 22: what can not be read is reported and settled', async () => {
  const world = await startWorld({ rejects: true });
  assert.deepEqual(await world.call(batch('no JSON')), { batchItemFailures: [] });
  assert.deepEqual(world.reported, [{ code: 'BAD_EVENT', key: undefined, item: 'm1' }]);
});

test('the status says which files there are and goes with them', async () => {
  const world = await startWorld({ env: STATUS });
  await world.written(await world.upload('me.png', picture(1)));
  const { state, files } = await status(world);
  assert.equal(state, 'ready');
  assert.deepEqual(
    files.map(({ key, width }) => [key, width]),
    [
      ['avatars/me.jpg', 8],
      ['avatars/me-4.jpg', 4],
    ],
  );
  assert.equal(files[0].bytes, (await world.avatar('me')).body.length);
  assert.match(files[0].sha256, /^[0-9a-f]{16}$/);
  await world.handle(await world.delete('me.png'));
  assert.deepEqual(await world.server.list('assets'), []);
});

test('fault 23: killed before the status, the next try writes it', async () => {
  const world = await startWorld({ env: STATUS });
  const event = await world.upload('me.png', picture(1));
  let broken = true;
  world.server.on(({ method, key }) =>
    broken && method === 'PUT' && key.endsWith('.json') ? { status: 500, code: 'InternalError' } : undefined,
  );
  assert.equal((await world.handle(event)).code, 'S3_UNAVAILABLE');
  broken = false;
  const { modified } = await world.avatar('me');
  assert.equal((await world.handle(event)).outcome, 'current');
  assert.equal((await status(world)).state, 'ready');
  assert.equal((await world.avatar('me')).modified, modified); // not written again
});

test('fault 24: a warm sandbox remembers nothing', async () => {
  const world = await startWorld();
  for (let seed = 0; seed < 10; seed++) {
    const event = await world.upload('me.png', picture(seed));
    world.transformMany = () => Promise.reject(new Error("a codec's fault"));
    assert.equal((await world.handle(event)).code, 'INTERNAL');
    world.transformMany = transformMany;
    await world.written(event);
    assert.ok(await world.isMadeOf('me', picture(seed)));
    assert.equal((await world.handle(await world.upload('other.png', 'text'))).outcome, 'failed');
  }
});

test('names made of content: nothing is overwritten, and a deletion takes all', async () => {
  const world = await startWorld({
    env: { KEY_TEMPLATE: 'avatars/{name}/{hash}-{width}.{format}', EXTRA_WIDTHS: '4' },
  });
  const files = async () => (await world.server.list('assets', 'avatars/me/')).map(({ key }) => key);
  await world.written(await world.upload('me.png', picture(1)));
  const [first] = await files();
  assert.match(first, /^avatars\/me\/[0-9a-f]{32}-[48]\.jpg$/);
  await world.written(await world.upload('me.png', picture(2)));
  assert.equal((await files()).length, 4);
  assert.ok((await files()).includes(first));
  await world.handle(await world.delete('me.png'));
  assert.deepEqual(await world.server.list('assets'), []);
});

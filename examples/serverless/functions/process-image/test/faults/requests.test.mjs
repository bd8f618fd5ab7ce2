// Faults 10 to 13, 20, 21 and 23: what happens between two requests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picture, startWorld } from './world.mjs';

test('fault 10: an object that has vanished is done', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  await world.delete('me.png');
  assert.equal((await world.handle(event)).outcome, 'vanished');
  assert.equal(await world.avatar('me'), undefined);
});

test('fault 10: an object that vanishes after it was read leaves no output', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  world.server.on(async ({ method }) => void (method === 'PUT' && (await world.delete('me.png'))));
  await world.handle(event);
  assert.equal(await world.avatar('me'), undefined);
});

test('fault 11: what is replaced while it is read is left to the later event', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  let later;
  world.server.on(async ({ method }, before) => {
    if (method === 'GET' && before === 0) later ??= await world.upload('me.png', picture(2));
  });
  assert.equal((await world.handle(event)).outcome, 'superseded');
  assert.deepEqual([await world.avatar('me'), world.decodes], [undefined, 0]);
  await world.written(later);
  assert.ok(await world.isMadeOf('me', picture(2)));
});

test('fault 11: what is replaced after it was read is made again', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  world.server.on(
    async ({ method }, before) => void (method === 'PUT' && before === 0 && (await world.upload('me.png', picture(2)))),
  );
  await world.written(event);
  assert.ok(await world.isMadeOf('me', picture(2)));
});

for (const reversed of [false, true]) {
  test(`fault 12: of two sources with one output the later wins, ${reversed ? 'handled first' : 'handled last'}`, async () => {
    const world = await startWorld();
    const events = [await world.upload('me.png', picture(1)), await world.upload('me.jpg', picture(2))];
    for (const event of reversed ? events.reverse() : events) await world.handle(event);
    assert.ok(await world.isMadeOf('me', picture(2)));
    // The loser's deletion removes nothing.
    await world.handle(await world.delete('me.png'));
    assert.ok(await world.isMadeOf('me', picture(2)));
  });
}

for (const reversed of [false, true]) {
  test(`fault 12: within a second the later wins too, ${reversed ? 'handled first' : 'handled last'}`, async () => {
    const world = await startWorld({ env: { WRITE_STATUS: 'true' } });
    await world.server.tick(300);
    const events = [await world.upload('me.png', picture(1)), await world.upload('me.jpg', picture(2))];
    const outcomes = [];
    for (const event of reversed ? [...events].reverse() : events) outcomes.push((await world.handle(event)).outcome);
    assert.deepEqual(outcomes, reversed ? ['written', 'superseded'] : ['written', 'written']);
    assert.ok(await world.isMadeOf('me', picture(2)));
    // The loser's event again, and the winner's.
    assert.equal((await world.handle(events[0])).outcome, 'superseded');
    assert.equal((await world.handle(events[1])).outcome, 'current');
    assert.ok(await world.isMadeOf('me', picture(2)));
  });
}

test('requests that do not depend on each other go together, and no more are made than needed', async () => {
  const world = await startWorld({ env: { EXTRA_WIDTHS: '4,2', WRITE_STATUS: 'true' } });
  /** The requests in waves: each is held until no other one comes. */
  const waves = async (event) => {
    const seen = [];
    let wave = [];
    let gate;
    world.server.on(({ method, key }) => {
      wave.push(`${method} ${key}`);
      clearTimeout(gate?.timer);
      gate ??= withResolvers();
      const { promise, resolve } = gate;
      gate.timer = setTimeout(() => {
        seen.push(wave.sort());
        wave = [];
        gate = undefined;
        resolve();
      }, 300);
      return promise;
    });
    await world.written(event);
    return seen;
  };
  const puts = ['PUT avatars/me-2.jpg', 'PUT avatars/me-4.jpg', 'PUT avatars/me.jpg'];
  assert.deepEqual(await waves(await world.upload('me.png', picture(1))), [
    ['GET me.png', 'HEAD avatars/me.json'],
    puts,
    ['PUT avatars/me.json'],
    ['HEAD me.png'],
  ]);
  assert.deepEqual(await waves(await world.upload('me.png', picture(2))), [
    ['GET me.png', 'HEAD avatars/me.json'],
    puts.map((put) => put.replace('PUT', 'HEAD')),
    puts,
    ['PUT avatars/me.json'],
    ['HEAD me.png'],
  ]);
  assert.ok(await world.isMadeOf('me', picture(2)));
});

function withResolvers() {
  const all = {};
  all.promise = new Promise((resolve) => (all.resolve = resolve));
  return all;
}

test('fault 12: a writer that lost the race notices', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  world.server.on(
    async ({ method }, before) =>
      void (
        method === 'PUT' &&
        before === 0 &&
        (await world.server.put('assets', 'avatars/me.jpg', "somebody else's"))
      ),
  );
  await world.written(event);
  assert.ok(await world.isMadeOf('me', picture(1)));
  assert.deepEqual([world.count('PUT', 'avatars/'), world.decodes], [2, 1]);
});

test('fault 12: a conflict of two requests is looked at again', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  world.server.on(({ method }, before) =>
    method === 'PUT' && before === 0 ? { status: 409, code: 'ConditionalRequestConflict' } : undefined,
  );
  await world.written(event);
  assert.deepEqual([world.count('PUT', 'avatars/'), world.decodes], [2, 1]);
});

test('fault 13: slow down is waited for', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  world.server.on((_, before) => (before < 2 ? { status: 503, code: 'SlowDown' } : undefined));
  await world.written(event);
  assert.deepEqual([world.count('GET', 'me.png'), world.decodes], [3, 1]);
});

for (const [status, code, expected] of [
  [503, 'SlowDown', 'S3_SLOW_DOWN'],
  [500, 'InternalError', 'S3_UNAVAILABLE'],
  [400, 'RequestTimeout', 'S3_UNAVAILABLE'],
]) {
  test(`fault 13: ${code} without an end is left to the queue, and makes no dead letter`, async () => {
    const world = await startWorld({ rejects: true });
    const event = await world.upload('me.png', picture(1));
    world.server.on(({ method }) => (method === 'GET' ? { status, code } : undefined));
    const failed = await world.handle(event);
    assert.deepEqual([failed.code, failed.retryable], [expected, true]);
    assert.equal(world.count('GET', 'me.png'), 4);
    assert.deepEqual(world.reported, []);
  });
}

for (const [status, code, expected] of [
  [403, 'AccessDenied', 'S3_DENIED'],
  [404, 'NoSuchBucket', 'S3_NO_BUCKET'],
]) {
  test(`what the set-up lacks is not the object's fault: ${code}`, async () => {
    const world = await startWorld({ rejects: true, env: { LEDGER_PREFIX: 'ledger/' } });
    const event = await world.upload('me.png', picture(1));
    world.server.on(({ method, key }) => (method === 'GET' && key === 'me.png' ? { status, code } : undefined));
    const failed = await world.handle(event);
    assert.deepEqual([failed.code, failed.retryable, world.reported], [expected, false, []]);
    assert.equal(world.count('GET', 'me.png'), 1);
  });
}

test('fault 20: an object over the limit is refused by its head, just enough is enough', async () => {
  const size = picture(1).length;
  const small = await startWorld({ env: { MAX_INPUT_BYTES: String(size - 1) } });
  const failed = await small.handle(await small.upload('me.png', picture(1)));
  assert.deepEqual([failed.code, failed.retryable, small.decodes], ['LIMIT_INPUT_BYTES', false, 0]);
  const enough = await startWorld({ env: { MAX_INPUT_BYTES: String(size) } });
  await enough.written(await enough.upload('me.png', picture(1)));
});

test('fault 21: a body that is cut off is read again', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  world.server.on(({ method }, before) => (method === 'GET' ? [{ cut: 100 }, 'drop', 'lose'][before] : undefined));
  await world.written(event);
  assert.ok(await world.isMadeOf('me', picture(1)));
  assert.equal(world.decodes, 1);
});

test('fault 21: a body that never comes is a passing failure', async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  world.server.on(({ method }) => (method === 'GET' ? { cut: 100 } : undefined));
  const failed = await world.handle(event);
  assert.deepEqual([failed.code, failed.retryable], ['S3_CUT', true]);
  assert.deepEqual([world.count('GET', 'me.png'), world.decodes], [4, 0]);
});

for (const effective of [false, true]) {
  test(`fault 23: killed ${effective ? 'after' : 'before'} the upload took effect`, async () => {
    const world = await startWorld();
    const event = await world.upload('me.png', picture(1));
    // The function hangs after its first PUT: neither this nor any later request gets a response.
    let killed;
    const dead = new Promise((done) => (killed = done));
    let alive = false;
    world.server.on(({ method }, before) => {
      if (alive) return undefined;
      if (method !== 'PUT') return undefined;
      if (before === 0) setTimeout(killed, 20);
      return before === 0 && effective ? 'lose' : new Promise(() => {});
    });
    world.handle(event).catch(() => {});
    await dead;
    alive = true;
    // The source changes back and forth before the event is delivered again, which ETags alone don't show.
    const other = await world.upload('me.png', picture(2));
    await world.handle(event);
    await world.handle(other);
    assert.ok(await world.isMadeOf('me', picture(2)));
  });
}

test("fault 23: a lost answer to a write is not taken for another's write", async () => {
  const world = await startWorld();
  const event = await world.upload('me.png', picture(1));
  world.server.on(({ method }, before) => (method === 'PUT' && before === 0 ? 'lose' : undefined));
  await world.handle(event);
  assert.ok(await world.isMadeOf('me', picture(1)));
  assert.equal(world.decodes, 1);
});

// Signals and deadlines, while the input is read, while the call waits for a thread and while it works.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { transform, transformMany, transformSync } from 'keenpix';
import { image } from './support/images.mjs';

const small = image('rgb.png');
/** Enlarging to this takes seconds. */
const slow = { resize: { width: 12_000, height: 12_000, fit: 'fill' }, encode: { format: 'png', compression: 9 } };
const limits = { memory: 2e9 };

const never = () => new Readable({ read() {} });

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

test('a signal stops the work', async () => {
  const controller = new AbortController();
  const reason = new Error('the client has gone');
  setTimeout(() => controller.abort(reason), 50);
  const call = transform(small, slow, { signal: controller.signal, limits });
  const took = await timed(() =>
    assert.rejects(call, (error) => {
      assert.deepEqual([error.code, error.retryable, error.httpStatus], ['CANCELLED', true, 499]);
      assert.equal(error.cause, reason);
      return true;
    }),
  );
  assert.ok(took < 2000, `${took} ms`);
});

test('a signal that is up already', async () => {
  const signal = AbortSignal.abort();
  await assert.rejects(transform(small, {}, { signal }), { code: 'CANCELLED' });
  await assert.rejects(transformMany(small, [{}], { signal }), { code: 'CANCELLED' });
  assert.throws(() => transformSync(small, {}, { signal }), { code: 'CANCELLED' });
});

test('a signal stops the reading, and lets go of the stream', async () => {
  const controller = new AbortController();
  const stream = never();
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(transform(stream, {}, { signal: controller.signal }), { code: 'CANCELLED' });
  assert.ok(stream.destroyed);

  let cancelled = false;
  const web = new ReadableStream({
    cancel: () => {
      cancelled = true;
    },
  });
  const again = new AbortController();
  setTimeout(() => again.abort(), 20);
  await assert.rejects(transform(web, {}, { signal: again.signal }), { code: 'CANCELLED' });
  assert.ok(cancelled);
});

/** Yields a byte at a time and never waits for anything; `each` sees how many there have been. */
async function* bytewise(bytes, each = () => {}) {
  for (let at = 0; ; at++) {
    each(at);
    if (at >= bytes.length) return;
    yield bytes.subarray(at, at + 1);
  }
}

test('a source that never waits can not hold off a deadline, a signal or anybody else', async () => {
  const endless = { length: Infinity, subarray: () => Buffer.alloc(1) };
  let yielded = 0;
  const count = (at) => {
    yielded = at;
  };
  const took = await timed(() =>
    assert.rejects(transform(bytewise(endless, count), {}, { deadline: 100 }), { code: 'DEADLINE' }),
  );
  assert.ok(took < 1000, `${took} ms`);
  const then = yielded;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(yielded - then < 100_000, 'the source is let go');

  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const web = new ReadableStream({ pull: (sink) => sink.enqueue(Buffer.alloc(1)) });
  await assert.rejects(transform(web, {}, { signal: controller.signal }), { code: 'CANCELLED' });

  let others = 0;
  const timer = setInterval(() => others++, 1);
  await transform(bytewise(Buffer.concat([small, Buffer.alloc(300_000)])), {});
  clearInterval(timer);
  assert.ok(others > 0, 'timers run meanwhile');
});

test('memory follows the bytes of a stream, not its chunks', async () => {
  // What is still referenced, not what the process has: versions of Node differ in when they collect the chunks.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const referenced = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const bytes = Buffer.concat([small, Buffer.alloc(2_000_000)]);
  const before = referenced();
  let most = 0;
  const watch = (at) => {
    if (at % 400_000 === 0) most = Math.max(most, referenced() - before);
  };
  const { width } = await transform(bytewise(bytes, watch), {});
  assert.equal(width, 64);
  assert.ok(most < 20e6, `${most} bytes for 2 MB`);
});

test('a signal that stays down leaves nothing behind', async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const watched = new Proxy(signal, {
    get(target, key) {
      if (key === 'addEventListener')
        return (...args) => {
          listeners++;
          target.addEventListener(...args);
        };
      if (key === 'removeEventListener')
        return (...args) => {
          listeners--;
          target.removeEventListener(...args);
        };
      return Reflect.get(target, key, target);
    },
  });
  await transform(Readable.from([small]), {}, { signal: watched });
  assert.equal(listeners, 0);
});

test('a deadline stops the work', async () => {
  const took = await timed(() =>
    assert.rejects(transform(small, slow, { deadline: 100, limits }), (error) => {
      assert.deepEqual([error.code, error.retryable, error.httpStatus], ['DEADLINE', true, 503]);
      assert.match(error.message, /stopped after \d+ ms where 100 ms are allowed/);
      return true;
    }),
  );
  assert.ok(took >= 99 && took < 2000, `${took} ms`);
  assert.throws(() => transformSync(small, slow, { deadline: 100, limits }), { code: 'DEADLINE' });
});

test('a deadline stops the reading', async () => {
  const took = await timed(() => assert.rejects(transform(never(), {}, { deadline: 50 }), { code: 'DEADLINE' }));
  assert.ok(took >= 49 && took < 2000, `${took} ms`);
});

test('no time at all', async () => {
  for (const input of [small, never()])
    await assert.rejects(transform(input, {}, { deadline: 0 }), { code: 'DEADLINE' });
});

test('a deadline counts from the call: the time in the queue is part of it', async () => {
  // More calls than libuv has threads, so that the last ones must wait.
  const calls = Array.from({ length: 9 }, () => transform(small, slow, { deadline: 150, limits }));
  const took = await timed(() => Promise.all(calls.map((call) => assert.rejects(call, { code: 'DEADLINE' }))));
  assert.ok(took < 2000, `${took} ms`);
});

test('time that is enough is no obstacle', async () => {
  const { width } = await transform(
    Readable.from([small]),
    {},
    { deadline: 60_000, signal: new AbortController().signal },
  );
  assert.equal(width, 64);
  assert.equal((await transform(small, {}, { deadline: Infinity })).width, 64);
  assert.equal((await transform(small, {}, { deadline: 1e12 })).width, 64);
  assert.equal((await transform(Readable.from([small]), {}, { deadline: 1e12 })).width, 64);
  assert.equal((await transform(Readable.from([small]), {}, { deadline: Infinity })).width, 64);
});

test('the event loop goes on', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await assert.rejects(transform(small, slow, { deadline: 200, limits }), { code: 'DEADLINE' });
  clearInterval(timer);
  assert.ok(ticks > 10, `${ticks} ticks`);
});

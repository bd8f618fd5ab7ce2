import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import {
  canonicalPlan,
  KeenpixError,
  probe,
  probeSync,
  stats,
  statsSync,
  transform,
  transformMany,
  transformManySync,
  transformSync,
} from 'keenpix';
import { image } from './support/images.mjs';

const photo = image('rgb.png');
const plan = { resize: { width: 32 }, encode: { format: 'webp', quality: 70 } };

test('transform makes an image', async () => {
  const { bytes, ...facts } = await transform(photo, plan);
  assert.deepEqual(facts, {
    format: 'webp',
    mediaType: 'image/webp',
    extension: 'webp',
    width: 32,
    height: 24,
    frames: 1,
    alpha: false,
    channels: 3,
    crop: null,
    focus: null,
    trim: null,
    warnings: [],
  });
  assert.ok(Buffer.isBuffer(bytes));
  assert.deepEqual(pick(await probe(bytes)), { format: 'webp', width: 32, height: 24 });
});

test('transformMany makes one for each plan, in their order', async () => {
  const plans = [16, 48, 24].map((width) => ({ resize: { width } }));
  const images = await transformMany(photo, plans);
  assert.deepEqual(
    images.map(({ width, format }) => [width, format]),
    [
      [16, 'png'],
      [48, 'png'],
      [24, 'png'],
    ],
  );
  assert.deepEqual(await transformMany(photo, []), []);
});

test('the Sync twins give the same bytes', async () => {
  assert.deepEqual(transformSync(photo, plan), await transform(photo, plan));
  assert.deepEqual(transformManySync(photo, [plan, {}]), await transformMany(photo, [plan, {}]));
  assert.deepEqual(probeSync(photo), await probe(photo));
});

test('stats', async () => {
  const red = { width: 3, height: 2, channels: 3, background: '#ff0000' };
  const { bytes } = await transform(new Uint8Array(), { input: { create: red }, encode: { format: 'png' } });
  const { channels, isOpaque, dominant, entropy } = await stats(bytes);
  assert.deepEqual(
    channels.map(({ min, max, sum, mean }) => [min, max, sum, mean]),
    [
      [255, 255, 1530, 255],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ],
  );
  assert.deepEqual([isOpaque, entropy], [true, 0]);
  assert.ok(dominant.r > 200 && dominant.g < 50, JSON.stringify(dominant));
  assert.deepEqual(statsSync(photo), await stats(photo));
  await assert.rejects(stats(photo, { limits: { pixels: 5 } }), { code: 'LIMIT_PIXELS' });
  await assert.rejects(stats(photo, { signal: AbortSignal.abort() }), { code: 'CANCELLED' });
  await assert.rejects(stats(photo, { deadline: 0 }), { code: 'DEADLINE' });
});

test('without a plan the image is encoded again in its own format', async () => {
  const { format, width, height } = await transform(photo);
  assert.deepEqual([format, width, height], ['png', 64, 48]);
});

test('a fault of the core is a KeenpixError', async () => {
  await assert.rejects(transform(photo, { resize: { widht: 100 } }), (error) => {
    assert.ok(error instanceof KeenpixError && error instanceof Error);
    assert.equal(error.name, 'KeenpixError');
    assert.equal(error.code, 'BAD_PLAN');
    assert.equal(error.httpStatus, 400);
    assert.equal(error.retryable, false);
    assert.match(error.message, /did you mean `width`\?/);
    assert.match(error.hint, /plan/);
    return true;
  });
});

test('raw pixels go in and out, and a picture of one colour needs no bytes', async () => {
  const red = { width: 2, height: 2, channels: 3, background: '#f00' };
  const raw = await transform(new Uint8Array(), { input: { create: red }, encode: { format: 'raw' } });
  assert.deepEqual([...raw.bytes], [255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0]);
  const { width, height, channels } = raw;
  const png = await transform(raw.bytes, { input: { raw: { width, height, channels } }, encode: { format: 'png' } });
  assert.deepEqual(pick(await probe(png.bytes)), { format: 'png', width: 2, height: 2 });
});

test('bytes in a plan are base64, or bytes', async () => {
  const layer = (file) => ({ source: { file } });
  const plan = (file) => ({ effects: [{ effect: 'composite', layers: [layer(file)] }] });
  const small = (await transform(photo, { resize: { width: 16 } })).bytes;
  const expected = await outcome(photo, plan(small.toString('base64')));
  for (const bytes of [small, new Uint8Array(small), new Uint8Array(small).buffer]) {
    assert.deepEqual(await outcome(photo, plan(bytes)), expected);
  }
  await assert.rejects(transform(photo, plan('no base64')), { code: 'BAD_PLAN', message: /expected bytes as base64/ });
});

test('a search says where it cut', async () => {
  const { crop, focus } = await transform(photo, { resize: { width: 20, height: 40, position: 'attention' } });
  assert.equal(crop.length, 2);
  assert.equal(focus.length, 2);
});

test('worker threads have instances of their own, and may end while a call runs', async () => {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { transform } = require('keenpix');
    transform(workerData, { resize: { width: 20 } }).then(({ width }) => parentPort.postMessage(width));
    transform(workerData, { resize: { width: 9000, height: 9000, fit: 'fill' }, encode: { format: 'png', compression: 9 } });`;
  const workers = Array.from({ length: 3 }, () => new Worker(code, { eval: true, workerData: photo }));
  const widths = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
  assert.deepEqual(widths, [20, 20, 20]);
  await Promise.all(workers.map((worker) => worker.terminate()));
  assert.equal((await transform(photo, { resize: { width: 20 } })).width, 20);
});

async function outcome(...args) {
  return transform(...args).then(
    (image) => image.bytes,
    (error) => error.code,
  );
}

function pick({ format, width, height }) {
  return { format, width, height };
}

test('canonicalPlan is the same for plans that mean the same', () => {
  const said = canonicalPlan({ flatten: true, resize: { fit: 'cover', width: 32 } });
  assert.equal(canonicalPlan({ resize: { width: 32 }, flatten: true }), said);
  assert.equal(canonicalPlan(JSON.parse(said)), said);
  assert.notEqual(canonicalPlan({ resize: { width: 33 }, flatten: true }), said);
  assert.throws(() => canonicalPlan({ widht: 1 }), { name: 'KeenpixError', code: 'BAD_PLAN', message: /widht/ });
});

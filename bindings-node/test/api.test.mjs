import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KeenpixError, probe, probeSync, transform, transformMany, transformManySync, transformSync } from 'keenpix';

const photo = readFileSync(new URL('../../core/tests/images/rgb.png', import.meta.url));
const plan = { resize: { width: 32 }, encode: { format: 'webp', quality: 70 } };

test('transform makes an image', async () => {
  const image = await transform(photo, plan);
  const { bytes, ...facts } = image;
  assert.deepEqual(facts, {
    format: 'webp',
    mediaType: 'image/webp',
    extension: 'webp',
    width: 32,
    height: 24,
    frames: 1,
    alpha: false,
    warnings: [],
  });
  assert.ok(Buffer.isBuffer(bytes));
  assert.deepEqual(pick(await probe(bytes)), { format: 'webp', width: 32, height: 24 });
});

test('transformMany makes one for each plan, in their order', async () => {
  const plans = [16, 48, 24].map((width) => ({ resize: { width } }));
  const images = await transformMany(photo, plans);
  assert.deepEqual(images.map(({ width, format }) => [width, format]), [[16, 'png'], [48, 'png'], [24, 'png']]);
  assert.deepEqual(await transformMany(photo, []), []);
});

test('the Sync twins give the same bytes', async () => {
  assert.deepEqual(transformSync(photo, plan), await transform(photo, plan));
  assert.deepEqual(transformManySync(photo, [plan, {}]), await transformMany(photo, [plan, {}]));
  assert.deepEqual(probeSync(photo), await probe(photo));
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

function pick({ format, width, height }) {
  return { format, width, height };
}

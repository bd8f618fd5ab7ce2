// What sharp doesn't do: other inputs, stopping, one decode for clones.

import assert from 'node:assert/strict';
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const sharp = require('keenpix/sharp');
const native = require('../../lib/sharp/native.cjs');

const path = fileURLToPath(new URL('../../../core/tests/images/rgb.jpg', import.meta.url));
const photo = readFileSync(path);
const large = fileURLToPath(new URL('../../../examples/photos/twelve-megapixels.jpg', import.meta.url));
const image = (name) => fileURLToPath(new URL(`../../../core/tests/images/${name}`, import.meta.url));

const inputs = {
  'a Node stream': () => createReadStream(path),
  'a web stream': () => Readable.toWeb(createReadStream(path)),
  'a Blob': () => new Blob([photo]),
  'a body of the AWS SDK': () =>
    Object.assign(createReadStream(path), { transformToByteArray: async () => new Uint8Array(photo) }),
  'a body without a stream': () => ({ transformToByteArray: async () => new Uint8Array(photo) }),
};

for (const [name, input] of Object.entries(inputs)) {
  test(`${name} is an input`, async () => {
    const { info } = await sharp(input()).resize(20).png().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height, info.format], [20, 15, 'png']);
  });
}

test('a stream is read once for metadata, the chain and its clones', async () => {
  const chain = sharp(createReadStream(path));
  assert.equal((await chain.metadata()).width, 96);
  const sizes = await Promise.all(
    [30, 20].map(async (width) => (await chain.clone().resize(width).toBuffer({ resolveWithObject: true })).info.width),
  );
  assert.deepEqual(sizes, [30, 20]);
});

test('BMP and ICO are read, and become PNG', async () => {
  for (const name of ['scene.bmp', 'scene.ico']) {
    const { info } = await sharp(image(name)).toBuffer({ resolveWithObject: true });
    assert.equal(info.format, 'png');
  }
  assert.equal((await sharp(image('scene.bmp')).metadata()).mediaType, 'image/bmp');
});

test('a signal stops the work, and gives its reason', async () => {
  const stop = new AbortController();
  const output = sharp(large).resize(6000).webp({ effort: 6 }).toBuffer({ signal: stop.signal });
  setTimeout(() => stop.abort(new Error('enough')), 30);
  await assert.rejects(output, (error) => {
    assert.equal(error.code, 'CANCELLED');
    assert.equal(error.cause.message, 'enough');
    return true;
  });
});

test('a signal that was raised before', async () => {
  await assert.rejects(sharp(photo).toBuffer({ signal: AbortSignal.abort() }), { code: 'CANCELLED' });
  assert.ok((await sharp(photo).toBuffer()).length > 0);
});

test('timeout stops the work in time', async () => {
  const started = performance.now();
  await assert.rejects(
    sharp(large).timeout({ seconds: 1 }).resize(9000).webp({ effort: 6, quality: 100 }).toBuffer(),
    (error) => {
      assert.match(error.message, /^timeout: /);
      assert.equal(error.code, 'DEADLINE');
      assert.equal(error.retryable, true);
      return true;
    },
  );
  assert.ok(performance.now() - started < 3000);
});

test('clones that are awaited together share a decode', async (context) => {
  const calls = context.mock.method(native, 'transformMany');
  for (const input of [photo, path]) {
    const chain = sharp(input);
    const outputs = await Promise.all([
      chain.clone().resize(40).png().toBuffer({ resolveWithObject: true }),
      chain.clone().resize(30).webp().toBuffer({ resolveWithObject: true }),
      chain.resize(20).toBuffer({ resolveWithObject: true }),
    ]);
    assert.deepEqual(
      outputs.map(({ info }) => [info.width, info.format]),
      [
        [40, 'png'],
        [30, 'webp'],
        [20, 'jpeg'],
      ],
    );
  }
  assert.deepEqual(
    calls.mock.calls.map(({ arguments: [, plans] }) => plans.length),
    [3, 3],
  );
});

test('one clone that fails does not fail the others', async () => {
  const chain = sharp(photo);
  const [good, bad] = await Promise.allSettled([
    chain.clone().resize(20).toBuffer({ resolveWithObject: true }),
    chain.clone().rotate(30).extract({ left: 0, top: 0, width: 500, height: 500 }).toBuffer(),
  ]);
  assert.equal(good.value.info.width, 20);
  assert.match(bad.reason.message, /^extract_area: bad extract area/);
});

test('chains of their own go their own way', async (context) => {
  const calls = context.mock.method(native, 'transformMany');
  await Promise.all([sharp(photo).resize(20).toBuffer(), sharp(photo).resize(10).toBuffer()]);
  assert.equal(calls.mock.callCount(), 2);
});

test('AVIF is among the formats if this build has it', async () => {
  const written = sharp(photo).resize(8).avif({ effort: 0 }).toBuffer();
  const has = await written.then(
    () => true,
    () => false,
  );
  const { input, output } = sharp.format.heif;
  assert.deepEqual(
    [...Object.entries(input), ...Object.entries(output)].filter(([key]) => key === 'buffer'),
    [
      ['buffer', has],
      ['buffer', has],
    ],
  );
  await assert.rejects(sharp(photo).toFile('photo.tif'), (error) => error.message.includes('AVIF') === has);
});

test('a PNG of an animation is a still, as in sharp', async () => {
  const chain = sharp(image('animated.gif'), { animated: true }).png();
  const { data, info } = await chain.toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.height, info.pages, data.includes('acTL')], [72, undefined, false]);
});

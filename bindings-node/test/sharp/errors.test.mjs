// Errors: sharp's message first, then the diagnosis, with a code, a hint and the caller's stack.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { KeenpixError, transform } from 'keenpix';

const require = createRequire(import.meta.url);
const sharp = require('keenpix/sharp');
const photo = fileURLToPath(new URL('../../../core/tests/images/rgb.jpg', import.meta.url));

const cases = [
  [
    'html',
    () => sharp(Buffer.from('<html><body>404</body></html>')).toBuffer(),
    'NOT_AN_IMAGE',
    /^Input buffer contains unsupported image format: .*HTML/,
  ],
  [
    'text',
    () => sharp(Buffer.from('this is a text')).metadata(),
    'NOT_AN_IMAGE',
    /^Input buffer contains unsupported image format: .*text/,
  ],
  ['missing file', () => sharp('/nope.jpg').toBuffer(), 'READ', /^Input file is missing: \/nope\.jpg$/],
  [
    'too many pixels',
    () => sharp(photo, { limitInputPixels: 100 }).toBuffer(),
    'LIMIT_PIXELS',
    /^Input image exceeds pixel limit: 6912 pixels where 100 are allowed$/,
  ],
  [
    'extract',
    () => sharp(photo).extract({ left: 90, top: 0, width: 50, height: 5 }).toBuffer(),
    'BAD_PLAN',
    /^extract_area: bad extract area: 50×5 at 90,0 is not within 96×72$/,
  ],
];

for (const [name, run, code, message] of cases) {
  test(`${name}: sentence, diagnosis, code, hint, stack`, async () => {
    await assert.rejects(run(), (error) => {
      assert.ok(error instanceof KeenpixError);
      assert.match(error.message, message);
      assert.equal(error.code, code);
      assert.equal(typeof error.hint, 'string');
      assert.equal(typeof error.httpStatus, 'number');
      assert.match(error.stack, /errors\.test\.mjs/);
      return true;
    });
  });
}

test('an argument that is refused says how to pass it', () => {
  assert.throws(
    () => sharp(photo).resize('200'),
    (error) => {
      assert.equal(
        error.message,
        'Expected positive integer between 1 and 100000000 for width but received 200 of type string',
      );
      assert.equal(error.hint, "pass the number 200, not the string '200'");
      return error.code === 'BAD_ARGUMENT';
    },
  );
  assert.throws(() => sharp(photo).resize(20.5), { hint: 'round it first: Math.round(20.5) is 21' });
});

test('what a callback throws is not taken for a rejection', async () => {
  const thrown = await new Promise((resolve) => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const listener of listeners) process.on('uncaughtException', listener);
      resolve(error);
    });
    sharp(photo)
      .resize(5)
      .toBuffer(() => {
        throw new Error('in the callback');
      });
  });
  assert.equal(thrown.message, 'in the callback');
});

test('pixels over all frames have the sentence of too many pixels', async () => {
  const { inSharpsWords } = require('../../lib/sharp/errors.cjs');
  const plan = { frames: 'all' };
  const animation = fileURLToPath(new URL('../../../core/tests/images/animated.gif', import.meta.url));
  await assert.rejects(transform(animation, plan, { limits: { totalPixels: 1 } }), (error) => {
    const said = inSharpsWords(error, { kind: 'file', stage: 'pixels' });
    assert.match(said.message, /^Input image exceeds pixel limit: total pixels limit exceeded: \d+ pixels where 1 are/);
    assert.deepEqual([said.code, said.httpStatus], ['LIMIT_TOTAL_PIXELS', 413]);
    assert.match(said.hint, /limitInputPixels/);
    return true;
  });
  await assert.rejects(sharp(animation, { animated: true, limitInputPixels: 10_000 }).toBuffer(), {
    message: /^Input image exceeds pixel limit/,
    code: 'LIMIT_PIXELS',
  });
});

test('hundreds of layers are one effect, and bytes may come one at a time', async () => {
  const input = { create: { width: 1, height: 1, channels: 3, background: '#f00' } };
  const layers = Array.from({ length: 300 }, (_, left) => ({ input, left, top: 0 }));
  const canvas = { create: { width: 300, height: 1, channels: 3, background: '#000' } };
  const png = await sharp(canvas).composite(layers).removeAlpha().png().toBuffer();
  const chain = sharp();
  for (const byte of png) chain.write(Buffer.of(byte));
  chain.end();
  const pixels = await chain.raw().toBuffer();
  assert.deepEqual(pixels, Buffer.concat(Array(300).fill(Buffer.of(255, 0, 0))));
});

test('loaders that are blocked read nothing', async () => {
  sharp.block({ operation: ['VipsForeignLoadJpeg'] });
  try {
    await assert.rejects(sharp(photo).toBuffer(), /^KeenpixError: Input file contains unsupported image format/);
  } finally {
    sharp.unblock({ operation: ['VipsForeignLoad'] });
  }
  assert.ok((await sharp(photo).toBuffer()).length > 0);
});

test('calls that undo others warn, as in sharp', () => {
  const warnings = [];
  sharp(photo)
    .on('warning', (text) => warnings.push(text))
    .resize(10)
    .resize(20)
    .rotate(90)
    .rotate(180)
    .extract({ left: 0, top: 0, width: 5, height: 5 })
    .extract({ left: 0, top: 0, width: 4, height: 4 });
  assert.deepEqual(warnings, [
    'ignoring previous resize options',
    'ignoring previous rotate options',
    'ignoring previous extract options',
  ]);
});

test('a chain counts while it runs', async () => {
  const lengths = [];
  sharp.queue.on('change', (length) => lengths.push(length));
  await Promise.all([sharp(photo).resize(5).toBuffer(), sharp(photo).resize(6).toBuffer()]);
  sharp.queue.removeAllListeners('change');
  assert.deepEqual(lengths, [1, 2, 0, 0]);
  assert.deepEqual(sharp.counters(), { queue: 0, process: 0 });
});

// Wrong arguments and faulty files, as users see them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeenpixError, probe, transform, transformMany, transformSync } from 'keenpix';
import { image } from './support/images.mjs';

const png = image('rgb.png');

test('plans are judged by the core, with their place', async () => {
  const refused = [
    [{ resize: { width: NaN } }, /resize\.width is NaN, expected a whole number from 0 to 4294967295$/],
    [
      { effects: [{ effect: 'linear', slope: [1, -Infinity] }] },
      /effects\[0\]\.slope\[1\] is -Infinity, expected a number$/,
    ],
    [{ resize: { fit: NaN } }, /resize\.fit is NaN, expected `cover`/],
    [{ resize: { width: 20.5 } }, /resize\.width is 20\.5, expected a whole number/],
    [{ resize: { width: '200' } }, /resize\.width is the text "200", expected a whole number/],
    [{ resize: { width: -1 } }, /resize\.width is -1, expected a whole number/],
    [{ resize: { width: () => 7 } }, /resize\.width is the text "a function", expected/],
    [{ encode: 'webp' }, /encode is the text "webp", expected an object such as \{"format": "webp"\}$/],
    [{ encode: { format: 'jpg' } }, /did you mean `jpeg`\?/],
    [{ encode: { format: 'png', lossless: true } }, /encode\.lossless: there is no such option/],
    [null, /the plan must be an object, not null/],
    [[1], /the plan must be an object, not an array/],
    ['resize', /the plan must be an object, not a string \("resize"\)/],
  ];
  for (const [plan, message] of refused) {
    await assert.rejects(
      transform(png, plan),
      { name: 'KeenpixError', code: 'BAD_PLAN', httpStatus: 400, message },
      String(message),
    );
    assert.throws(() => transformSync(png, plan), { code: 'BAD_PLAN', message });
  }
});

test('a key without a value is as if it were not there; numbers may be BigInts', async () => {
  const { width } = await transform(png, { crop: undefined, resize: { width: 20n, height: undefined } });
  assert.equal(width, 20);
});

test('one of several plans is named', async () => {
  await assert.rejects(transformMany(png, [{}, { orient: { rotate: 'left' } }]), {
    code: 'BAD_PLAN',
    message: /plans\[1\]\.orient\.rotate/,
  });
  await assert.rejects(transformMany(png, {}), { code: 'BAD_ARGUMENT', message: /plans must be an array/ });
});

test('a plan that is no data', async () => {
  const round = {};
  round.resize = round;
  await assert.rejects(transform(png, round), { code: 'BAD_ARGUMENT', message: /can't be written as JSON/ });
});

test('options', async () => {
  const refused = [
    [{ quality: 80 }, /unknown option `quality`/],
    [null, /options must be an object/],
    [{ deadline: '5s' }, /deadline must be a number/],
    [{ deadline: -1 }, /deadline must be a number/],
    [{ deadline: NaN }, /deadline must be a number/],
    [{ signal: {} }, /signal must be an AbortSignal/],
    [{ limits: 5 }, /limits must be an object/],
    [{ limits: { pixel: 5 } }, /limits\.pixel: there is no such option; did you mean `pixels`\?/],
    [{ limits: { pixels: -5 } }, /limits\.pixels is -5, expected a whole number/],
    [{ limits: { pixels: 1.5 } }, /limits\.pixels is 1\.5, expected a whole number/],
    [{ limits: { pixels: NaN } }, /limits\.pixels is NaN, expected a whole number/],
  ];
  for (const [options, message] of refused) {
    await assert.rejects(transform(png, {}, options), {
      name: 'KeenpixError',
      code: 'BAD_ARGUMENT',
      httpStatus: 500,
      message,
    });
    await assert.rejects(probe(png, options), { code: 'BAD_ARGUMENT', message });
    assert.throws(() => transformSync(png, {}, options), { code: 'BAD_ARGUMENT', message });
  }
});

test('limits hold in both directions', async () => {
  const pixels = 64 * 48;
  assert.equal((await transform(png, {}, { limits: { pixels } })).width, 64);
  await assert.rejects(transform(png, {}, { limits: { pixels: pixels - 1 } }), {
    code: 'LIMIT_PIXELS',
    message: `pixels limit exceeded: ${pixels} pixels where ${pixels - 1} are allowed`,
    httpStatus: 413,
  });
  await assert.rejects(transform(png, {}, { limits: { width: 63 } }), { code: 'LIMIT_WIDTH' });
  await assert.rejects(transform(png, {}, { limits: { height: 47 } }), { code: 'LIMIT_HEIGHT' });
  await assert.rejects(transform(png, {}, { limits: { memory: 100 } }), { code: 'LIMIT_MEMORY' });
  await assert.rejects(transform(image('progressive.jpg'), {}, { limits: { scans: 1 } }), { code: 'LIMIT_SCANS' });
  const all = { frames: 'all' };
  await assert.rejects(transform(image('animated.gif'), all, { limits: { totalPixels: 1 } }), {
    code: 'LIMIT_TOTAL_PIXELS',
    httpStatus: 413,
  });
  const flips = Array.from({ length: 101 }, () => ({ effect: 'flip' }));
  await assert.rejects(transform(image('progressive.jpg'), { effects: flips }), {
    code: 'BAD_PLAN',
    place: 'effects',
    expected: 'at most 100 effects',
    got: 'a list of 101',
  });
  const unlimited = { pixels: Infinity, width: Infinity, height: 2 ** 40, inputBytes: Infinity, memory: 1e12 };
  assert.equal((await transform(png, {}, { limits: unlimited })).width, 64);
});

test('files that are at fault', async () => {
  const refused = [
    [Buffer.alloc(0), { code: 'NOT_AN_IMAGE', httpStatus: 415 }],
    [Buffer.from('<!doctype html><html></html>'), { code: 'NOT_AN_IMAGE', message: /HTML/ }],
    [Buffer.from(png.toString('base64')), { code: 'NOT_AN_IMAGE', message: /base64/ }],
    [Buffer.from(png.toString('utf8')), { code: 'NOT_AN_IMAGE', message: /UTF-8/ }],
    [png.subarray(0, 40), { code: 'TRUNCATED', httpStatus: 422 }],
  ];
  for (const [bytes, expected] of refused) {
    await assert.rejects(transform(bytes), expected);
    assert.throws(() => transformSync(bytes), expected);
  }
});

test('damage that is tolerated is told', async () => {
  const cut = png.subarray(0, png.length - 400);
  const { warnings, width } = await transform(cut);
  assert.equal(width, 64);
  assert.equal(warnings.length, 1);
  await assert.rejects(transform(cut, { tolerate: 'none' }), { code: 'TRUNCATED' });
});

test('an error has the stack of the caller, and is made of nothing else', async () => {
  const error = await transform(Buffer.from('text')).catch((error) => error);
  assert.ok(error instanceof KeenpixError);
  assert.match(error.stack, /errors\.test\.mjs/);
  assert.match(String(error), /^KeenpixError: input is not an image/);
  assert.deepEqual(Object.keys(error).sort(), ['code', 'got', 'hint', 'httpStatus', 'retryable']);
  assert.match(error.got, /text/);
});

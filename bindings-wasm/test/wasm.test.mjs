// In Node: what each call gives, against the native package where there is one answer only.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { KeenpixError, probe, transform } from 'keenpix-wasm';
import { keenpix } from '../lib/instance.js';

const native = createRequire(import.meta.url)('../../bindings-node/lib/index.cjs');
const image = (name) => readFileSync(new URL(`../../core/tests/images/${name}`, import.meta.url));

const PLANS = {
  'orientation-6.jpg': { resize: { width: 40, height: 40, position: 'attention' }, encode: { format: 'webp' } },
  'progressive.jpg': { resize: { width: 50 }, encode: { format: 'jpeg', quality: 70 } },
  'cmyk.jpg': { resize: { width: 30 } },
  'rgba-16.png': { resize: { width: 20 }, effects: [{ effect: 'blur', sigma: 2 }] },
  'palette-alpha.png': { encode: { format: 'webp', lossless: true } },
  'alpha.webp': { resize: { width: 33 }, encode: { format: 'png' } },
  'animated.gif': { frames: 'all', resize: { width: 16 } },
  'scene.bmp': { encode: { format: 'jpeg' } },
  'grey.png': { encode: { format: 'gif' } },
};

for (const [name, plan] of Object.entries(PLANS)) {
  test(`${name} gives the bytes and facts of the native package`, async () => {
    const made = await transform(image(name), plan);
    const expected = native.transformSync(image(name), plan);
    assert.deepEqual({ ...made, bytes: Buffer.from(made.bytes) }, expected);
  });
}

test('probe says what the native package says', async () => {
  for (const name of Object.keys(PLANS)) assert.deepEqual(await probe(image(name)), native.probeSync(image(name)));
});

test('bytes come in every form', async () => {
  const file = image('rgb.png');
  const expected = await transform(file);
  const shifted = new Uint8Array([0, ...file]).subarray(1);
  for (const input of [new Blob([file]), Uint8Array.from(file).buffer, new DataView(shifted.buffer, 1), shifted]) {
    assert.deepEqual(await transform(input), expected);
  }
  await assert.rejects(transform('rgb.png'), { code: 'BAD_ARGUMENT', message: /not a string \("rgb.png"\)/ });
});

test('a layer may be given as bytes', async () => {
  const layer = { source: { file: image('rgba.png') } };
  const plan = { effects: [{ effect: 'composite', layers: [layer] }], encode: { format: 'png' } };
  const made = await transform(image('rgb.jpg'), plan);
  assert.deepEqual(Buffer.from(made.bytes), native.transformSync(image('rgb.jpg'), plan).bytes);
});

test('errors are those of the native package', async () => {
  const calls = [
    [Buffer.from('<!doctype html><html></html>')],
    [image('rgb.jpg').subarray(0, 60)],
    [image('rgb.png'), { resize: { width: -1 } }],
    [image('rgb.png'), { crop: { left: 9999, top: 0, width: 5, height: 5 } }],
    [image('rgb.png'), null],
    [image('rgb.png'), {}, { limits: { pixels: 5 } }],
    [image('rgb.png'), {}, { limits: { pixel: 5 } }],
    [image('rgb.png'), {}, { nonsense: 1 }],
  ];
  for (const call of calls) {
    const expected = await native.transform(...call).then(assert.fail, (error) => error);
    await assert.rejects(transform(...call), (error) => {
      assert.ok(error instanceof KeenpixError);
      assert.deepEqual({ ...error, message: error.message }, { ...expected, message: expected.message });
      return true;
    });
  }
});

test('what can not be interrupted says so', async () => {
  for (const options of [{ deadline: 5 }, { signal: new AbortController().signal }]) {
    await assert.rejects(transform(image('rgb.png'), {}, options), { code: 'BAD_ARGUMENT', hint: /terminate/ });
  }
});

test('concurrent calls do not disturb each other', async () => {
  const widths = [8, 16, 24, 32, 40];
  const made = await Promise.all(widths.map((width) => transform(image('rgb.jpg'), { resize: { width } })));
  assert.deepEqual(
    made.map(({ width }) => width),
    widths,
  );
});

const compiled = () => WebAssembly.compile(readFileSync(new URL('../dist/keenpix.wasm', import.meta.url)));

test('a trap is an INTERNAL error, and the next call has a fresh instance', async () => {
  const { instantiate } = WebAssembly;
  let instances = 0;
  const { transform } = keenpix(compiled);
  WebAssembly.instantiate = async (module, imports) => {
    const { exports } = await instantiate(module, imports);
    instances += 1;
    if (instances > 1) return { exports };
    // As a panic does: the message first, then a trap, here a file at the end of memory.
    const transform = (_bytes, ...rest) => {
      const text = new TextEncoder().encode('a panic');
      const at = exports.alloc(text.length);
      new Uint8Array(exports.memory.buffer, at).set(text);
      imports.keenpix.panicked(at, text.length);
      return exports.transform(-65536, ...rest);
    };
    return { exports: { ...exports, transform } };
  };
  try {
    await assert.rejects(transform(image('rgb.jpg')), (error) => {
      assert.equal(error.code, 'INTERNAL');
      assert.match(error.message, /a panic/);
      assert.ok(error.cause instanceof WebAssembly.RuntimeError, String(error.cause));
      return true;
    });
    assert.equal((await transform(image('rgb.jpg'), { resize: { width: 8 } })).width, 8);
    assert.equal(instances, 2);
  } finally {
    WebAssembly.instantiate = instantiate;
  }
});

test('a module that can not be loaded is a LOAD error, and is tried again', async () => {
  let tries = 0;
  const { probe } = keenpix(() => {
    tries += 1;
    if (tries === 1) throw new Error('404');
    return compiled();
  });
  await assert.rejects(probe(image('rgb.jpg')), { code: 'LOAD', message: /404/ });
  assert.equal((await probe(image('rgb.jpg'))).format, 'jpeg');
});

// Thirty calls as people get them wrong, and what they are told: short, in the words of JavaScript.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { KeenpixError, transform, transformMany } from 'keenpix';
import { image } from './support/images.mjs';

const sharp = createRequire(import.meta.url)('keenpix/sharp');
const png = image('rgb.png');
const base64 = Buffer.concat([png, Buffer.alloc(10_000_000)]).toString('base64');
const path = 'A'.repeat(100_000);

const CALLS = [
  // The plan as a whole.
  [() => transform(png, 'webp'), 'BAD_PLAN', 'x'],
  [() => transform(png, null), 'BAD_PLAN', 'x'],
  [() => transform(png, png), 'BAD_PLAN', 'x'],
  [() => transform(png, [{}]), 'BAD_PLAN', 'x'],
  [() => transformMany(png, [{}, 200]), 'BAD_PLAN', 'x'],
  [() => transformMany(png, { resize: {} }), 'BAD_ARGUMENT', 'x'],
  // What is in it.
  [() => transform(png, { encode: 'webp' }), 'BAD_PLAN', 'x'],
  [() => transform(png, { encode: {} }), 'BAD_PLAN', 'x'],
  [() => transform(png, { encode: { format: 'jpg' } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { encode: { format: 'png', quality: 80, lossless: true } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { encode: { format: 'jpeg', quality: 101 } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { resize: 200 }), 'BAD_PLAN', 'x'],
  [() => transform(png, { resize: { width: '200' } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { resize: { width: 20.5 } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { resize: { width: -1 } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { resize: { width: NaN } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { resize: { width: () => 200 } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { resize: { widht: 200 } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { resize: { width: 200, fit: 'stretch' } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { resize: { width: base64 } }), 'BAD_PLAN', 'x'],
  [() => transform(png, { effects: 'blur' }), 'BAD_PLAN', 'x'],
  [() => transform(png, { effects: [{ effect: 'blurr' }] }), 'BAD_PLAN', 'x'],
  [() => transform(png, { effects: [{ effect: 'blur', sigma: 2000 }] }), 'BAD_PLAN', 'x'],
  [() => transform(png, { effects: [{ sigma: 2 }] }), 'BAD_PLAN', 'x'],
  [() => transform(png, { [base64]: true }), 'BAD_PLAN', 'x'],
  [() => transform(png, { background: 'whit' }), 'BAD_PLAN', 'x'],
  // The input.
  [() => transform(base64), 'BAD_ARGUMENT', 'x'],
  [() => transform(png.toString('base64').slice(0, 1000)), 'BAD_ARGUMENT', 'x'],
  [() => transform(png.toString('latin1')), 'BAD_ARGUMENT', 'x'],
  [() => transform(path), 'BAD_ARGUMENT', 'x'],
  [() => transform(Buffer.from(base64)), 'NOT_AN_IMAGE', 'x'],
  // The options.
  [() => transform(png, {}, { limits: { pixels: '5' } }), 'BAD_ARGUMENT', 'x'],
  [() => transform(png, {}, { limits: { pixels: -5 } }), 'BAD_ARGUMENT', 'x'],
  [() => transform(png, {}, { limits: { pixel: 5 } }), 'BAD_ARGUMENT', 'x'],
  [() => transform(png, {}, { [path]: 5 }), 'BAD_ARGUMENT', 'x'],
  // Chains of sharp's calls: sharp's sentence, with the value shortened.
  [() => sharp(base64).toBuffer(), 'READ', 'x'],
  [() => sharp(png).resize(path), 'BAD_ARGUMENT', 'x'],
  [() => sharp(png).tint(path), 'BAD_ARGUMENT', 'x'],
  [() => sharp(png).tint(`#${path.slice(0, 150)}`), 'BAD_ARGUMENT', 'x'],
  [() => sharp(png).toFormat(path), 'BAD_ARGUMENT', 'x'],
  [() => sharp(png, path), 'BAD_ARGUMENT', 'x'],
  [() => sharp(png).webp({ quality: path }), 'BAD_ARGUMENT', 'x'],
  [() => sharp(png).composite(path), 'BAD_ARGUMENT', 'x'],
  [() => sharp(png).toFile(`/${path}/out.png`), 'WRITE', 'x'],
];

for (const [call, code, message] of CALLS) {
  test(String(call).slice(6, 90), async () => {
    const error = await (async () => call())().then(
      () => assert.fail('nothing was thrown'),
      (error) => error,
    );
    if (process.env.SHOW) console.log(`${String(call).slice(6)}\n    ${error.code} ${error.message.slice(0, 500)}\n`);
    assert.ok(error instanceof KeenpixError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.message, message);
    assert.ok(error.message.length <= 400, `${error.message.length} characters`);
    assert.doesNotMatch(
      error.message,
      /\b[uif](8|16|32|64|size)\b|serde|struct|internally|variant|invalid (type|value)|line \d+ column|map\b|sequence|Some\(|None\b/,
    );
  });
}

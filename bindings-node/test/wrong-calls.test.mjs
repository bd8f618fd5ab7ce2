// Common mistakes in calls, and their messages: short, and in JavaScript's terms.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { KeenpixError, transform, transformMany } from 'keenpix';
import { image } from './support/images.mjs';

const sharp = createRequire(import.meta.url)('keenpix/sharp');
const png = image('rgb.png');
/** Ten megabytes of base64, passed instead of bytes. */
const base64 = Buffer.concat([png, Buffer.alloc(10_000_000)]).toString('base64');
const long = 'A'.repeat(100_000);
const cut = `${'A'.repeat(100)}…`;

const CALLS = [
  // The plan as a whole.
  [() => transform(png, 'webp'), 'BAD_PLAN', 'the plan must be an object, not a string ("webp")'],
  [() => transform(png, null), 'BAD_PLAN', 'the plan must be an object, not null'],
  [() => transform(png, png), 'BAD_PLAN', 'the plan must be an object, not a Buffer'],
  [() => transform(png, [{}]), 'BAD_PLAN', 'the plan must be an object, not an array'],
  [() => transformMany(png, [{}, 200]), 'BAD_PLAN', 'plans[1] must be an object, not 200'],
  [() => transformMany(png, { resize: {} }), 'BAD_ARGUMENT', 'plans must be an array, not an object'],
  // The plan's contents.
  [() => transform(png, { encode: 'webp' }), 'BAD_PLAN', /encode is the text "webp", expected an object such as \{/],
  [() => transform(png, { encode: {} }), 'BAD_PLAN', /encode\.format is missing, expected a format/],
  [() => transform(png, { encode: { format: 'jpg' } }), 'BAD_PLAN', /did you mean `jpeg`\?$/],
  [
    () => transform(png, { encode: { format: 'png', lossless: true } }),
    'BAD_PLAN',
    /encode\.lossless: there is no such/,
  ],
  [
    () => transform(png, { encode: { format: 'jpeg', quality: 101 } }),
    'BAD_PLAN',
    /encode\.quality is 101, expected 1 to/,
  ],
  [() => transform(png, { resize: 200 }), 'BAD_PLAN', /resize is 200, expected an object such as \{"width": 200\}/],
  [
    () => transform(png, { resize: { width: '200' } }),
    'BAD_PLAN',
    /resize\.width is the text "200", expected a whole number/,
  ],
  [() => transform(png, { resize: { width: 20.5 } }), 'BAD_PLAN', /resize\.width is 20\.5, expected a whole number/],
  [() => transform(png, { resize: { width: -1 } }), 'BAD_PLAN', /resize\.width is -1, expected a whole number/],
  [() => transform(png, { resize: { width: NaN } }), 'BAD_PLAN', /resize\.width is NaN, expected a whole number/],
  [
    () => transform(png, { resize: { width: () => 200 } }),
    'BAD_PLAN',
    /resize\.width is the text "a function", expected/,
  ],
  [() => transform(png, { resize: { widht: 200 } }), 'BAD_PLAN', /did you mean `width`\?$/],
  [
    () => transform(png, { resize: { width: 200, fit: 'stretch' } }),
    'BAD_PLAN',
    /resize\.fit.*stretch.*expected `cover`/,
  ],
  [
    () => transform(png, { resize: { width: base64 } }),
    'BAD_PLAN',
    /resize\.width is the text "iVBOR.*expected a whole/,
  ],
  [() => transform(png, { effects: 'blur' }), 'BAD_PLAN', /effects is the text "blur", expected a list/],
  [
    () => transform(png, { effects: ['blur'] }),
    'BAD_PLAN',
    /effects\[0\] is the text "blur", expected an object such as/,
  ],
  [() => transform(png, { effects: [{ effect: 'blurr' }] }), 'BAD_PLAN', /did you mean `blur`\?$/],
  [
    () => transform(png, { effects: [{ effect: 'blur', sigma: 2000 }] }),
    'BAD_PLAN',
    /\[0\]\.sigma is 2000, expected 0\.3 to 1000/,
  ],
  [() => transform(png, { effects: [{ sigma: 2 }] }), 'BAD_PLAN', /effects\[0\]\.effect is missing/],
  [() => transform(png, { [base64]: true }), 'BAD_PLAN', /there is no such option/],
  [() => transform(png, { background: 'whit' }), 'BAD_PLAN', /background.*whit.*expected a colour/],
  // The input.
  [
    () => transform(base64),
    'BAD_ARGUMENT',
    /^a string must be the path of a file, but this one \(\d+ characters\) can't be one: "iVBORw/,
  ],
  [
    () => transform(png.toString('base64')),
    'BAD_ARGUMENT',
    /^a string must be the path of a file, but this one \(\d+ char/,
  ],
  [
    () => transform(png.toString('latin1')),
    'BAD_ARGUMENT',
    /^a string must be the path of a file, but this one \(\d+ char/,
  ],
  [
    () => transform(long),
    'BAD_ARGUMENT',
    /^a string must be the path of a file, but this one \(100000 characters\) can't be one: "A{40}…"$/,
  ],
  [() => transform(Buffer.from(base64)), 'NOT_AN_IMAGE', /base64/],
  // The options.
  [
    () => transform(png, {}, { limits: { pixels: '5' } }),
    'BAD_ARGUMENT',
    /limits\.pixels is the text "5", expected a whole number/,
  ],
  [
    () => transform(png, {}, { limits: { pixels: -5 } }),
    'BAD_ARGUMENT',
    /limits\.pixels is -5, expected a whole number/,
  ],
  [() => transform(png, {}, { limits: { pixel: 5 } }), 'BAD_ARGUMENT', /did you mean `pixels`\?$/],
  [
    () => transform(png, {}, { [long]: 5 }),
    'BAD_ARGUMENT',
    `unknown option \`${cut}\`, expected one of: limits, signal, deadline`,
  ],
  // Chains of sharp's calls: sharp's message, with the value shortened.
  [() => sharp(base64).toBuffer(), 'READ', /^Input file is missing: iVBORw.{194}…$/],
  [
    () => sharp(png).resize(long),
    'BAD_ARGUMENT',
    `Expected positive integer between 1 and 100000000 for width but received ${cut} of type string`,
  ],
  [
    () => sharp(png).tint(long),
    'BAD_ARGUMENT',
    `Expected object or string for background but received ${cut} of type string`,
  ],
  [
    () => sharp(png).tint(`#${long.slice(0, 150)}`),
    'BAD_ARGUMENT',
    `Unable to parse color from string: #${'A'.repeat(99)}…`,
  ],
  [
    () => sharp(png).toFormat(long),
    'BAD_ARGUMENT',
    /^Expected one of: heic, .* for format but received A{100}… of type string$/,
  ],
  [() => sharp(png, long), 'BAD_ARGUMENT', `Invalid input options ${cut}`],
  [
    () => sharp(png).webp({ quality: long }),
    'BAD_ARGUMENT',
    `Expected integer between 1 and 100 for quality but received ${cut} of type string`,
  ],
  [
    () => sharp(png).composite(long),
    'BAD_ARGUMENT',
    `Expected array for images to composite but received ${cut} of type string`,
  ],
  [
    () => sharp(png).toFile(`/${long}/out.png`),
    'WRITE',
    /^\/A{199}…: unable to open for write\nsystem error: ENAMETOOLONG/,
  ],
];

/** Terms of Rust and of its JSON library. */
const RUST =
  /\b[uif](8|16|32|64|size)\b|serde|struct|internally|variant|invalid (type|value)|missing field|line \d+ column|\b(map|sequence|None)\b|Some\(/;

for (const [call, code, message] of CALLS) {
  test(String(call).slice(6, 100), async () => {
    const error = await (async () => call())().then(
      () => assert.fail('nothing was thrown'),
      (error) => error,
    );
    assert.ok(error instanceof KeenpixError, String(error));
    assert.equal(error.code, code);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    assert.ok(error.message.length <= 400, `${error.message.length} characters`);
    assert.doesNotMatch(error.message, RUST);
  });
}

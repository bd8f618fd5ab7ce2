// The core's golden cases through Node: same plans, same tolerances (core/tests/golden.rs).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { transform } from 'keenpix';
import sharp from 'sharp';
import { goldenCases, image } from './support/images.mjs';

const cases = goldenCases();
assert.ok(cases.length >= 60, `only ${cases.length} golden cases found`);

describe('golden cases', () => {
  for (const { name, image: file, plan, expect, expected, mean = 0.5, max = 2 } of cases) {
    test(name, async () => {
      const output = await transform(image(file), plan);
      const facts = Object.fromEntries(Object.keys(expect).map((key) => [key, output[key]]));
      assert.deepEqual(facts, expect);
      assert.deepEqual(output.warnings, []);
      const [a, b] = [await pixels(output.bytes), await pixels(expected)];
      assert.deepEqual(a.size, b.size);
      const measured = difference(a.data, b.data);
      assert.ok(
        measured.mean <= mean && measured.max <= max,
        `mean ${measured.mean.toFixed(2)} of ${mean}, max ${measured.max} of ${max}`,
      );
    });
  }
});

/** RGBA from an independent decoder. */
async function pixels(bytes) {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, size: [info.width, info.height] };
}

/** Mean and largest difference over all samples, with colours weighted by their alpha. */
function difference(a, b) {
  const weighted = (data, i) => (i % 4 === 3 ? data[i] : (data[i] * data[i | 3]) / 255);
  let [sum, max] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(weighted(a, i) - weighted(b, i));
    sum += d;
    max = Math.max(max, d);
  }
  return { mean: sum / a.length, max };
}

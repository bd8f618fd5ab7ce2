// Every chain gives the same result in sharp and in keenpix/sharp, except for the differences explained in allowed.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transformSync } from 'keenpix';
import { rules } from './allowed.mjs';
import { run, summary } from './run.mjs';

/** Development builds have no AVIF. */
function codecs() {
  try {
    transformSync(Buffer.alloc(3), {
      input: { raw: { width: 1, height: 1, channels: 3 } },
      encode: { format: 'avif' },
    });
    return ['avif'];
  } catch (error) {
    if (error.code === 'UNSUPPORTED') return [];
    throw error;
  }
}

test('chains come to what they come to in sharp', { timeout: 600_000 }, async (context) => {
  const results = await run({ codecs: codecs() });
  const counts = summary(results);
  context.diagnostic(
    `chains ${counts.chains}, same ${counts.same}, allowed ${counts.allowed}, different ${counts.different}`,
  );
  const different = results.filter(({ differences, reason }) => differences.length > 0 && !reason);
  assert.deepEqual(
    different.map(({ chain, differences }) => `${chain.name}: ${differences.join('; ')}`),
    [],
  );
  assert.ok(counts.chains > 1000);
  const used = new Set(results.flatMap(({ reason }) => (reason ? reason.split('; ') : [])));
  assert.deepEqual(
    rules.map(({ reason }) => reason).filter((reason) => ![...used].some((text) => reason.includes(text))),
    [],
    'rules that allow nothing',
  );
});

// Random chains from a seed give the same results in sharp and in keenpix/sharp. For more of them:
// node scripts/random-chains.mjs

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counts, runRandom } from './random/run.mjs';

test('random chains come to what they come to in sharp', { timeout: 300_000 }, async (context) => {
  const results = await runRandom({ seed: 20, runs: 160 });
  for (const [kind, row] of Object.entries(counts(results))) {
    context.diagnostic(
      `${kind}: chains ${row.chains}, same ${row.same}, allowed ${row.allowed}, different ${row.different}`,
    );
  }
  assert.deepEqual(
    results
      .filter(({ unmeant }) => unmeant.length > 0)
      .map(({ chain, unmeant }) => `${chain.name}: ${unmeant.join('; ')}`),
    [],
  );
  // The run is only meaningful if most of its chains make images.
  assert.ok(results.filter(({ theirs }) => theirs.data).length > 90);
});

// Runs the chains through sharp and keenpix/sharp. scripts/conformance.mjs does so from the command line.

import { createRequire } from 'node:module';
import { allowed } from './allowed.mjs';
import { chains } from './chains.mjs';
import { compare } from './compare.mjs';
import { opener } from './inputs.mjs';
import { outcome } from './outcome.mjs';

const require = createRequire(import.meta.url);
/** Every chain with its differences and the reasons why they are allowed. */
export async function run({ filter = '', codecs = [], onResult = () => {} } = {}) {
  const oracle = require('sharp');
  const keenpix = require('keenpix/sharp');
  const open = await opener(oracle);
  const results = [];
  for (const chain of chains) {
    if (!chain.name.includes(filter) || (chain.codec && !codecs.includes(chain.codec))) continue;
    const [theirs, ours] = [await outcome(oracle, open, chain.make), await outcome(keenpix, open, chain.make)];
    const differences = await compare(oracle, ours, theirs, chain);
    const reason = differences.length > 0 ? allowed(chain, differences, { ours, theirs }) : undefined;
    const result = { chain, differences, reason, ours, theirs };
    results.push(result);
    onResult(result);
  }
  judgeSearches(results);
  return results;
}

/** A search must find the same crop for four photos out of five. */
function judgeSearches(results) {
  for (const position of ['entropy', 'attention']) {
    const searches = results.filter(({ chain }) => chain.search === position);
    const elsewhere = searches.filter(({ differences }) => differences.some((text) => text.includes('cropOffset')));
    if (elsewhere.length > searches.length * 0.2) continue;
    for (const result of elsewhere) {
      if (result.differences.every((text) => /cropOffset|file\.density/.test(text))) {
        result.reason = `the same cut for ${searches.length - elsewhere.length} of ${searches.length} with ${position}`;
      }
    }
  }
}

/** Counts of results, as one line. */
export function summary(results) {
  const different = results.filter(({ differences }) => differences.length > 0);
  const allowedOnes = different.filter(({ reason }) => reason);
  return {
    chains: results.length,
    same: results.length - different.length,
    allowed: allowedOnes.length,
    different: different.length - allowedOnes.length,
  };
}

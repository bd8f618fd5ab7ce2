// Runs random chains through sharp and keenpix/sharp. scripts/random-chains.mjs does so from the command line.

import { createRequire } from 'node:module';
import { compare } from '../compare.mjs';
import { opener } from '../inputs.mjs';
import { outcome } from '../outcome.mjs';
import { allowed } from './allowed.mjs';
import { play, randomChain } from './chain.mjs';
import { expectations } from './expectations.mjs';
import { picture } from './pictures.mjs';

const require = createRequire(import.meta.url);

/** Longer than any of these chains needs. */
const PATIENCE = 30_000;

/**
 * Runs chains `from` to `from + runs` of a seed (with one input if `only` names it), and returns each with its
 * differences and the reasons why they are allowed.
 */
export async function runRandom({ seed, runs, from = 0, only, onResult = () => {} }) {
  const oracle = require('sharp');
  const keenpix = require('keenpix/sharp');
  const open = await opener(oracle);
  const results = [];
  for (let at = from; at < from + runs; at += 1) {
    const chain = randomChain(seed, at, only);
    const [theirs, ours] = [await come(chain, oracle, open), await come(chain, keenpix, open)];
    const differences = await compare(
      oracle,
      ours,
      theirs,
      expectations(chain, theirs, await sizeOf(chain, oracle, open)),
    );
    if (ours.warned.join('; ') !== theirs.warned.join('; '))
      differences.push(`warnings: ${ours.warned.join('; ')} ≠ ${theirs.warned.join('; ')}`);
    const unmeant = differences.filter((difference) => !allowed(chain, difference, { ours, theirs }));
    const result = { chain, differences, unmeant, ours, theirs };
    results.push(result);
    onResult(result);
  }
  return results;
}

const sizes = new Map();

/** Width and height of an input, for the kinds that have a header. */
async function sizeOf({ input }, oracle, open) {
  if (!sizes.has(input)) sizes.set(input, await measure(input, oracle, open));
  return sizes.get(input);
}

async function measure(input, oracle, open) {
  try {
    return await oracle(...picture(input, open)).metadata();
  } catch {
    return undefined;
  }
}

async function come(chain, sharp, open) {
  const warned = [];
  let timer;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE, { error: 'does not end', moment: 'run' });
  });
  let calling = true;
  const result = outcome(sharp, open, () => {
    try {
      return play(chain, sharp, open, (text) => calling && warned.push(text));
    } finally {
      calling = false;
    }
  });
  const ended = await Promise.race([result, patience]);
  clearTimeout(timer);
  return { ...ended, warned };
}

/** How often each reason was needed. */
export function reasons(results) {
  const needed = {};
  for (const { chain, differences, ours, theirs } of results) {
    for (const reason of new Set(differences.map((difference) => allowed(chain, difference, { ours, theirs })))) {
      if (reason) needed[reason] = (needed[reason] ?? 0) + 1;
    }
  }
  return needed;
}

/** The kind of a chain, for counting. */
export const kindOf = ({ end, hostile }, { theirs }) =>
  theirs.error !== undefined
    ? hostile
      ? 'refused or failed, hostile'
      : 'refused or failed'
    : end === 'metadata' || end === 'stats'
      ? end
      : 'picture';

/** Counts of results, by kind. */
export function counts(results) {
  const table = {};
  for (const { chain, theirs, differences, unmeant } of results) {
    const kind = kindOf(chain, { theirs });
    table[kind] ??= { chains: 0, same: 0, allowed: 0, different: 0 };
    const row = table[kind];
    row.chains += 1;
    row[differences.length === 0 ? 'same' : unmeant.length === 0 ? 'allowed' : 'different'] += 1;
  }
  return table;
}

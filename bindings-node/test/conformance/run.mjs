// Runs the chains through sharp and through keenpix/sharp: node run.mjs [part of a name] [--verbose]

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allowed } from './allowed.mjs';
import { chains } from './chains.mjs';
import { compare } from './compare.mjs';
import { outcome } from './outcome.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const folders = [join(root, 'core/tests/images'), join(root, 'examples/photos')];

/** Photos that only one of both folders has; `grey.jpg` is in both, and small in the first. */
function find(name) {
  for (const folder of folders) {
    try {
      const path = join(folder, name);
      return { path, bytes: readFileSync(path) };
    } catch {
      // in the other one
    }
  }
  throw new Error(`no input ${name}`);
}

const made = new Map();

/** The path of an input, or its bytes; inputs of 60 pixels are made from the larger ones. */
function opener(oracle) {
  const small = (name, width, height) => oracle(find(name).path).resize(width, height);
  return {
    prepare: async () => {
      made.set('photo.jpg', await small('landscape.jpg', 192, 144).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer());
      made.set('photo.png', await small('coffee.png', 160, 120).png().toBuffer());
      made.set('photo-alpha.png', await small('bowl-alpha.png', 150, 110).png().toBuffer());
      made.set('alpha-60.png', await small('bowl-alpha.png', 60, 40).png().toBuffer());
      made.set('grey-60.png', await small('grey.png', 60, 40).png().toBuffer());
    },
    open: (name, bytes) => {
      if (made.has(name)) return made.get(name);
      const found = find(name);
      return bytes ? found.bytes : found.path;
    },
  };
}

/** Every chain with its differences, and why those that are allowed are. */
export async function run({ filter = '', codecs = [], onResult = () => {} } = {}) {
  const oracle = require('sharp');
  const keenpix = require('keenpix/sharp');
  const { prepare, open } = opener(oracle);
  await prepare();
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
  return results;
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const filter = process.argv[2]?.startsWith('--') ? '' : process.argv[2];
  const verbose = process.argv.includes('--verbose');
  const codecs = process.argv.includes('--avif') ? ['avif'] : [];
  const results = await run({
    filter,
    codecs,
    onResult: ({ chain, differences, reason }) => {
      if (differences.length > 0 && (verbose || !reason)) console.log(`${reason ? 'allowed  ' : 'DIFFERENT'} ${chain.name}: ${differences.join('; ')}${reason ? ` (${reason})` : ''}`);
    },
  });
  console.log(summary(results));
}

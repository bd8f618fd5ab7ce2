// Runs the chains through sharp and through keenpix/sharp. scripts/conformance.mjs does it from the command line.

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

/** A picture of one of both folders: `grey.jpg` is in both, and `photos/grey.jpg` the large one. */
function find(name) {
  for (const folder of name.startsWith('photos/') ? folders.slice(1) : folders) {
    try {
      const path = join(folder, name.replace('photos/', ''));
      return { path, bytes: readFileSync(path) };
    } catch {
      // in the other one
    }
  }
  throw new Error(`no input ${name}`);
}

const made = new Map();

/** The path of an input, or its bytes; small photos are made from the larger ones. */
function opener(oracle) {
  const small = (name, width, height) => oracle(find(name).path).resize(width, height);
  return {
    prepare: async () => {
      for (let orientation = 1; orientation <= 8; orientation += 1) {
        const turned = small('landscape.jpg', 240, 180).withMetadata({ orientation }).withIccProfile('srgb', { attach: false });
        made.set(`orientation-${orientation}.jpg`, await turned.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer());
      }
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
  judgeSearches(results);
  return results;
}

/** A search has to come to the same cut for four photos of five. */
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

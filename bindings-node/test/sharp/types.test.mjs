// sharp.d.ts accepts the chains that keenpix/sharp accepts, and refuses others.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL('../..', import.meta.url));

for (const [module, resolution] of [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
]) {
  test(`types, ${resolution}`, () => {
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--lib',
      'es2022,dom',
      '--esModuleInterop',
      '--types',
      'node',
      '--module',
      module,
      '--moduleResolution',
      resolution,
    ];
    let output = '';
    try {
      execFileSync(
        process.execPath,
        [require.resolve('typescript/bin/tsc'), ...options, 'test/sharp/types/chains.ts'],
        { cwd: folder, encoding: 'utf8' },
      );
    } catch (error) {
      output = error.stdout;
    }
    assert.equal(output, '');
  });
}

test('every method is declared, and no other', () => {
  const sharp = require('keenpix/sharp');
  const { REASONS } = require('../../lib/sharp/calls/unsupported.cjs');
  const text = require('node:fs').readFileSync(`${folder}/sharp.d.ts`, 'utf8');
  const declared = new Set(
    [
      ...text
        .slice(text.indexOf('interface Sharp extends'))
        .split('\n  }\n')[0]
        .matchAll(/^ {4}(\w+)\(/gm),
    ].map(([, name]) => name),
  );
  const methods = Object.getOwnPropertyNames(sharp.prototype).filter(
    (name) => /^[a-z]/.test(name) && name !== 'constructor',
  );
  for (const name of methods) assert.equal(declared.has(name), !(name in REASONS) && name !== 'jp2', name);
});

test('every option, method and field has a doc comment', () => {
  const { readFileSync } = require('node:fs');
  const bare = [];
  for (const file of ['sharp-options.d.ts', 'sharp.d.ts']) {
    // After this come lists of names, with one comment per list.
    const [text, lists = ''] = readFileSync(`${folder}/${file}`, 'utf8').split('  /** How an image fits a width');
    const lines = [...text.split('\n'), ...lists.split('\n').filter((line) => /^ {2}(\S|const |function )/.test(line))];
    for (const [i, line] of lines.entries()) {
      const [, name] = /^ +(?:const |function )?(\w+)\??[(:]/.exec(line) ?? [];
      // Only the first of several signatures has a comment.
      const again = new RegExp(`^ +${name}\\(`).test(lines[i - 1]);
      if (name && !again && !/(\*\/|biome-ignore.*)$/.test(lines[i - 1])) bare.push(`${file} ${name}`);
    }
  }
  assert.deepEqual(bare, []);
});

// What a layer's build step reads before it packs a binary: the processor, and the newest glibc that is asked for.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newestGlibc, readElf, refusals } from '../scripts/elf.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const skip = process.platform !== 'linux' && 'ELF files are for Linux';
const here = process.arch === 'x64' ? 'x86_64' : process.arch;
const binary = () =>
  readFileSync(
    join(
      root,
      readdirSync(root).find((name) => /^keenpix\..*\.node$/.test(name)),
    ),
  );

/** The binary with every `GLIBC_2.17`-like name of this length in its string tables replaced. */
function asking(bytes, version) {
  const elf = Buffer.from(bytes);
  const name = `GLIBC_${newestGlibc(readElf(elf).versions)}`;
  assert.equal(name.length, `GLIBC_${version}`.length);
  for (let at = elf.indexOf(`${name}\0`); at >= 0; at = elf.indexOf(`${name}\0`, at + 1))
    elf.write(`GLIBC_${version}`, at);
  return elf;
}

test('a binary says its processor, its libraries and its glibc', { skip }, () => {
  const elf = readElf(binary());
  assert.equal(elf.machine, here);
  assert.ok(elf.libraries.has('libc.so.6'));
  assert.match(newestGlibc(elf.versions), /^2\.\d+$/);
  assert.ok([...elf.missing].every((name) => !name.startsWith('GLIBC')));
  assert.deepEqual(refusals(elf, here, '2.99'), []);
});

test('one for another processor, or for a later glibc, is refused', { skip }, () => {
  const other = here === 'arm64' ? 'x86_64' : 'arm64';
  const elf = binary();
  elf.writeUInt16LE(other === 'arm64' ? 183 : 62, 18);
  assert.deepEqual(refusals(readElf(elf), here, '2.99'), [`is for ${other}, where ${here} is wanted`]);
  assert.deepEqual(refusals(readElf(asking(binary(), '2.98')), here, '2.34'), [
    'needs glibc 2.98, where 2.34 is promised',
  ]);
  assert.deepEqual(refusals(readElf(asking(binary(), '2.34')), here, '2.34'), []);
});

test('versions are compared as numbers', () => {
  assert.equal(newestGlibc(['GLIBC_2.9', 'GLIBC_2.17', 'GLIBC_2.2.5', 'GLIBC_PRIVATE', 'GCC_3.0']), '2.17');
});

test('what is no ELF file is refused', () => {
  assert.throws(() => readElf(Buffer.from('MZ')), /not a 64-bit ELF file/);
});

test('the check that the build step makes ends with a failure and says why', { skip }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'elf-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'late.node');
  writeFileSync(file, asking(binary(), '2.98'));
  const script = join(root, 'scripts/check-binary.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, here, file], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stdout, /glibc 2\.98/);
  assert.match(stderr, /needs glibc 2\.98, where 2\.17 is promised/);
});

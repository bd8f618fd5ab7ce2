// What the loader does, and what it says when it fails.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** The error of a process that loads a copy of the package without its binaries, after `prelude` and `change`. */
function failure(prelude, change = () => {}) {
  const root = mkdtempSync(join(tmpdir(), 'keenpix-'));
  try {
    mkdirSync(join(root, 'keenpix'));
    for (const part of ['lib', 'package.json'])
      cpSync(join(PACKAGE, part), join(root, 'keenpix', part), { recursive: true });
    change(join(root, 'keenpix'));
    const code = `${prelude}
      try { require('./keenpix'); } catch (error) {
        console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message, hint: error.hint }));
      }`;
    const done = spawnSync(process.execPath, ['-e', code], { cwd: root, encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    return JSON.parse(done.stdout);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Code that makes a process believe that it runs on another platform. */
const as = (platform, arch, glibc = '2.34') =>
  `Object.defineProperties(process, { platform: { value: '${platform}' }, arch: { value: '${arch}' } });
  process.report.getReport = () => ({ header: { glibcVersionRuntime: ${glibc === null ? undefined : `'${glibc}'`} } });`;

test('a missing binary', () => {
  const error = failure(as('linux', 'x64'));
  assert.deepEqual([error.name, error.code], ['KeenpixError', 'LOAD']);
  assert.match(error.message, /linux-x64-gnu\.node is missing/);
  assert.match(error.message, /found: linux x64, glibc 2\.34, Node \d+\.\d+\.\d+, no \*\.node files, in /);
  assert.match(error.message, /tried: Cannot find module '\.\.\/keenpix\.linux-x64-gnu\.node'/);
  assert.match(error.hint, /^npm install --force keenpix@\d/);
});

test('a damaged binary', () => {
  const file = 'keenpix.linux-x64-gnu.node';
  const error = failure(as('linux', 'x64'), (root) => writeFileSync(join(root, file), 'no library'));
  assert.match(error.message, /is there, but damaged or for another system/);
  assert.match(error.message, /tried: .*(invalid ELF header|file too short|not a mach-o|not a valid)/i);
});

test('a bundle that left the binary behind', () => {
  const error = failure(as('linux', 'x64'), (root) => {
    rmSync(join(root, 'package.json'));
    writeFileSync(join(root, 'index.js'), "require('./lib/index.cjs')");
  });
  assert.match(error.message, /must be next to the bundled code/);
  assert.match(error.hint, /--loader:\.node=copy/);
});

test('a system whose binary is a package of its own', () => {
  const error = failure(as('darwin', 'arm64'));
  assert.match(error.message, /on darwin-arm64: the package @keenpix\/darwin-arm64 is needed/);
  assert.match(error.hint, /^npm install @keenpix\/darwin-arm64@\d/);
});

test('a system without a binary', () => {
  const error = failure(as('freebsd', 'x64'));
  assert.match(error.message, /on freebsd-x64: no binary is published/);
  assert.match(error.hint, /make node/);
});

test('an old glibc', () => {
  const error = failure(as('linux', 'x64', '2.12'));
  assert.match(error.message, /glibc 2\.17 or newer is needed/);
});

test('musl', () => {
  const error = failure(as('linux', 'x64', null));
  assert.match(error.message, /the package @keenpix\/linux-x64-musl is needed/);
  assert.match(error.message, /glibc none/);
});

// The examples in examples/node do what they say, in a folder where `keenpix` is this package.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { probe } from '../lib/index.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const photo = join(root, 'examples/photos/portrait-orientation-6.jpg');
const folder = mkdtempSync(join(tmpdir(), 'keenpix-examples-'));
cpSync(join(root, 'examples/node'), folder, { recursive: true });
mkdirSync(join(folder, 'node_modules'), { recursive: true });
symlinkSync(join(root, 'bindings-node'), join(folder, 'node_modules/keenpix'));
after(() => rmSync(folder, { recursive: true }));

const run = (...args) => promisify(execFile)(process.execPath, args, { cwd: folder });

test('transform', async () => {
  await run('transform.mjs', photo, 'small.webp');
  const info = await probe(join(folder, 'small.webp'));
  assert.deepEqual([info.format, Math.max(info.width, info.height)], ['webp', 800]);
});

test('set', async () => {
  const { stdout } = await run('set.mjs', photo, 'set');
  const files = readdirSync(join(folder, 'set'));
  assert.equal(files.length, 4);
  for (const file of files) {
    const { width } = await probe(join(folder, 'set', file));
    assert.ok(stdout.includes(file) && file.includes(`-${width}.`), file);
  }
});

/** The example's output for this standard input. */
async function streamed(input) {
  const child = spawn(process.execPath, ['stream.mjs'], { cwd: folder });
  input.pipe(child.stdin);
  const [stdout, stderr] = await Promise.all([child.stdout.toArray(), child.stderr.toArray(), once(child, 'close')]);
  return { code: child.exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

test('stream', async () => {
  const { code, stdout } = await streamed(createReadStream(photo));
  assert.equal(code, 0);
  const { width, height } = await probe(stdout);
  assert.deepEqual([width, height], [240, 240]);
  const refused = await streamed(createReadStream(join(folder, 'stream.mjs')));
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /NOT_AN_IMAGE/);
});

test('upload', async (t) => {
  const server = spawn(process.execPath, ['upload.mjs', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => server.kill());
  const [line] = await once(createInterface(server.stdout), 'line');
  const url = line.replace('listening on ', '');

  const avatar = await fetch(url, { method: 'POST', body: readFileSync(photo) });
  assert.equal(avatar.status, 200);
  assert.equal(avatar.headers.get('content-type'), 'image/webp');
  const { width, height } = await probe(Buffer.from(await avatar.arrayBuffer()));
  assert.deepEqual([width, height], [256, 256]);

  const text = await fetch(url, { method: 'POST', body: 'no image' });
  assert.equal(text.status, 415);
  assert.equal((await text.json()).code, 'NOT_AN_IMAGE');
  assert.equal((await fetch(url)).status, 405);
});

// Starts the local stack for a test, on free ports and with its own data.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const program = process.env.LOCAL_STACK ?? join(root, 'target/debug/keenpix-local-stack');

export const photos = join(root, 'examples/photos');

/** The program and the lines it prints: `{ process, lines, ended, onLine }`; `ended` resolves with its exit code. */
export function spawnStack({ data, args = [] }) {
  const process = spawn(program, ['--port', '0', '--data', data, '--verbose', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  const reader = createInterface({ input: process.stdout }).on('line', (line) => lines.push(line));
  const ended = new Promise((done) => process.on('close', done));
  return { process, lines, ended, onLine: (listen) => reader.on('line', listen) };
}

/**
 * `{ page, api, s3, cdn, data, lines, keys, process, stop }`; `stop({ keep })` ends it and deletes its data, unless it
 * is to be kept.
 */
export async function startStack({ data = mkdtempSync(join(tmpdir(), 'avatars-')), args = [] } = {}) {
  const { process, lines, ended, onLine } = spawnStack({ data, args });
  const stack = { data, process, lines };
  await new Promise((ready, fail) => {
    const names = { Page: 'page', 'HTTP API': 'api', S3: 's3', CDN: 'cdn' };
    onLine((line) => {
      const [, name, address] = /^ {2}(Page|HTTP API|S3|CDN) +(http:\S+)$/.exec(line) ?? [];
      if (name) stack[names[name]] = address;
      if (line.startsWith('Ready after')) ready();
    });
    ended.then((code) => fail(new Error(`the stack ended with ${code}:\n${lines.join('\n')}`)));
  });
  const [, secretAccessKey] = /secret_access_key = (\S+)/.exec(readFileSync(join(data, 'credentials'), 'utf8'));
  stack.keys = { accessKeyId: 'AKIALOCALSTACK', secretAccessKey };
  stack.stop = async ({ keep = false } = {}) => {
    process.kill('SIGINT');
    const code = await ended;
    if (!keep) rmSync(data, { recursive: true, force: true });
    return code;
  };
  return stack;
}

/** Asks repeatedly until there is an answer. */
export async function until(what, ask, patience = 60_000) {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((done) => setTimeout(done, 40));
  }
  throw new Error(`waited in vain: ${what}`);
}

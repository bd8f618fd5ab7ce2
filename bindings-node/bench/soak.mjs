// Memory over many thumbnails of mixed files: node bench/soak.mjs [count] [at a time] [folder …]
//
// Converts every file of the folders (default: the photographs of the examples and the core's test images) to a size
// and a format that change from call to call. Prints the process's resident memory after each twentieth of the calls,
// and its growth after the first tenth.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '../lib/index.mjs';
import { status } from './process.mjs';

const DEFAULT = ['../../examples/photos', '../../core/tests/images'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
const WIDTHS = [48, 96, 160, 200, 320, 480];
const FORMATS = [
  { format: 'jpeg' },
  { format: 'webp', effort: 2 },
  { format: 'png' },
  { format: 'jpeg', progressive: true },
];

const [count = 20_000, atATime = 4] = process.argv.slice(2, 4).map(Number);
const folders = process.argv.slice(4);
const files = (folders.length ? folders : DEFAULT).flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(jpe?g|png|webp|gif|bmp|ico)$/.test(name))
    .map((name) => readFileSync(join(folder, name))),
);

const samples = [];
let started = 0;
let done = 0;
let failed = 0;
const begun = performance.now();
await Promise.all(Array.from({ length: atATime }, worker));
report();

async function worker() {
  while (started < count) {
    const n = started++;
    const width = WIDTHS[n % WIDTHS.length];
    const plan = {
      resize: { width, height: width, fit: n % 2 ? 'cover' : 'inside' },
      encode: FORMATS[(n >> 1) % FORMATS.length],
    };
    try {
      await transform(files[(n * 7) % files.length], plan);
    } catch {
      failed++;
    }
    if (++done % Math.ceil(count / 20) === 0) samples.push(await sample(done));
  }
}

// With `node --expose-gc`, unused results are collected first: what remains belongs to the library.
async function sample(done) {
  for (let n = 0; n < 2 && globalThis.gc; n++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { done, mb: status('VmRSS') };
}

function report() {
  const late = samples.slice(1); // the first tenth warms up
  const first = late[0];
  const most = Math.max(...late.map(({ mb }) => mb));
  const line = samples.map(({ done, mb }) => `${done}: ${mb.toFixed(1)}`).join('  ');
  console.log(`resident MB after each twentieth: ${line}`);
  console.log(
    `${count} thumbnails of ${files.length} files, ${atATime} at a time, ${failed} failed, ${((performance.now() - begun) / 1e3).toFixed(0)} s; ` +
      `after ${first.done}: ${first.mb.toFixed(1)} MB, at the end ${late.at(-1).mb.toFixed(1)} MB, most ${most.toFixed(1)} MB, ` +
      `peak ${status('VmHWM').toFixed(1)} MB; growth ${(late.at(-1).mb - first.mb).toFixed(1)} MB, at most ${(most - first.mb).toFixed(1)} MB`,
  );
}

// Load time, memory and size compared with sharp and @napi-rs/image: node bench/footprint.mjs [photo] [rounds]
//
// Every figure is the median of alternating rounds, above an empty Node process. Needs `npm ci` in this folder;
// keenpix is taken from `make node-release layer`.
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './process.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const KEENPIX = join(HERE, '../../out/layer/nodejs/node_modules/keenpix');
const [photo = join(HERE, '../../.cache/bench-inputs/photo-2725x2225.jpg'), rounds = 15] = process.argv.slice(2);

const LOAD = {
  empty: '',
  keenpix: `require('${KEENPIX}')`,
  sharp: "require('sharp')",
  '@napi-rs/image': "require('@napi-rs/image')",
};
const THUMBNAIL = {
  empty: '',
  keenpix: `work = require('${KEENPIX}').transform(bytes, {resize: {width: 720}, encode: {format: 'jpeg', quality: 80}})`,
  sharp:
    "const sharp = require('sharp'); sharp.cache(false); sharp.concurrency(1); work = sharp(bytes).resize({width: 720}).jpeg({quality: 80}).toBuffer()",
  '@napi-rs/image':
    "const {Transformer} = require('@napi-rs/image'); work = new Transformer(bytes).resize(720).jpeg(80)",
};

console.log(`Node ${process.version}, ${rounds} rounds; over an empty process, which takes:`);
const load = measure(LOAD, (code) => code);
const one = measure(
  THUMBNAIL,
  (code) =>
    `const bytes = require('fs').readFileSync(${JSON.stringify(photo)}); let work; ${code}; (async () => { await work; })()`,
);
print('row 10: load', load);
print(`row 11: one 720 px JPEG of ${photo.split('/').at(-1)}`, one);
sizes();

function measure(codes, program) {
  const samples = Object.fromEntries(Object.keys(codes).map((name) => [name, []]));
  for (let round = 0; round < Number(rounds); round++) {
    for (const [name, code] of Object.entries(codes)) samples[name].push(child(program(code)));
  }
  return samples;
}

/** Wall time, CPU time and peak resident memory of a process, which it reports itself just before it ends. */
function child(code) {
  const script = `${code};
    process.on('exit', () => {
      const {user, system} = process.cpuUsage();
      const peak = Number(/VmHWM:\\s+(\\d+)/.exec(require('fs').readFileSync('/proc/self/status', 'utf8'))[1]) * 1.024e-3;
      console.log(JSON.stringify({ cpu: (user + system) / 1e3, wall: performance.now(), mb: peak }));
    })`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: HERE, encoding: 'utf8' }));
}

function print(title, samples) {
  const middle = (name, key) => median(samples[name].map((sample) => sample[key]));
  const over = (name, key) => middle(name, key) - middle('empty', key);
  console.log(`\n${title}`);
  for (const name of Object.keys(samples)) {
    const [cpu, wall, mb] = ['cpu', 'wall', 'mb'].map((key) =>
      name === 'empty' ? middle(name, key) : over(name, key),
    );
    const ratio =
      name === 'empty' || name === 'sharp'
        ? ''
        : `  of sharp's: wall ${(wall / over('sharp', 'wall')).toFixed(2)}, memory ${(mb / over('sharp', 'mb')).toFixed(2)}`;
    console.log(
      `  ${name.padEnd(18)} CPU ${cpu.toFixed(1)} ms, wall ${wall.toFixed(1)} ms, ${mb.toFixed(1)} MB${ratio}`,
    );
  }
}

/** Bytes of the files that `npm install` leaves, and of their zip. */
function sizes() {
  const scope = (name) => readdirSync(join(HERE, 'node_modules', name)).map((part) => `${name}/${part}`);
  const packages = {
    keenpix: [KEENPIX],
    sharp: ['sharp', 'detect-libc', 'semver', ...scope('@img')].map(inModules),
    '@napi-rs/image': scope('@napi-rs').map(inModules),
  };
  console.log('\nrow 13: installed size');
  for (const [name, folders] of Object.entries(packages)) {
    const folder = mkdtempSync(join(tmpdir(), 'keenpix-'));
    const zip = join(folder, 'size.zip');
    execFileSync('python3', [join(HERE, '../scripts/zip.py'), zip, ...folders]);
    const bytes = folders.map(size).reduce((sum, n) => sum + n, 0);
    console.log(`  ${name.padEnd(18)} ${(bytes / 1e6).toFixed(2)} MB, ${(size(zip) / 1e6).toFixed(2)} MB zipped`);
    rmSync(folder, { recursive: true });
  }
}

function inModules(name) {
  return join(HERE, 'node_modules', name);
}

function size(path) {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path)
    .map((name) => size(join(path, name)))
    .reduce((sum, n) => sum + n, 0);
}

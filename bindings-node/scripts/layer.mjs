// Makes the Lambda layer out/keenpix-layer.zip: the output of `npm pack`, as nodejs/node_modules/keenpix.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..');
const OUT = join(PACKAGE, '..', 'out');
const stage = join(OUT, 'layer');
const modules = join(stage, 'nodejs', 'node_modules');
const zip = join(OUT, 'keenpix-layer.zip');

rmSync(stage, { recursive: true, force: true });
mkdirSync(modules, { recursive: true });
const pack = ['pack', PACKAGE, '--json', '--pack-destination', stage];
const [{ filename, unpackedSize }] = JSON.parse(
  execFileSync('npm', pack, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
);
execFileSync('tar', ['-xzf', join(stage, filename), '-C', modules]);
renameSync(join(modules, 'package'), join(modules, 'keenpix'));
rmSync(zip, { force: true });
execFileSync('python3', [join(PACKAGE, 'scripts', 'zip.py'), zip, join(stage, 'nodejs')]);
console.log(`${zip}: ${mb(statSync(zip).size)}, ${mb(unpackedSize)} unpacked`);

function mb(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

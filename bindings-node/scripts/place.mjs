// Puts a built library where the loader looks for it:
// node scripts/place.mjs <folder with the library> [platform's name]
import { spawnSync } from 'node:child_process';
import { copyFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import platform from '../lib/platform.cjs';

const [folder, name = platform.name()] = process.argv.slice(2);
const library = name.startsWith('win32')
  ? 'keenpix_node.dll'
  : `libkeenpix_node.${name.startsWith('darwin') ? 'dylib' : 'so'}`;
// Only these binaries are in the package itself.
const own = ['linux-x64-gnu', 'linux-arm64-gnu'].includes(name) ? name : 'local';
const target = join(dirname(fileURLToPath(import.meta.url)), '..', `keenpix.${own}.node`);
// A running process keeps the old library: the new one is a different file of the same name.
copyFileSync(join(folder, library), `${target}.new`);
// Debug information is three quarters of a development build.
spawnSync('strip', ['-S', `${target}.new`]);
renameSync(`${target}.new`, target);
console.log(target);

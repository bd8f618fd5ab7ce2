// Makes the packages to publish: node scripts/release.mjs <folder with the binaries> <version>
//
// The Linux binaries go into the package itself; the others go into packages of their own under npm/, which become
// optional dependencies of the main one. Only the release workflow runs this: in the repository, these dependencies
// would be packages that don't exist yet.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..');
const INSIDE = ['linux-x64-gnu', 'linux-arm64-gnu'];
const APART = {
  'linux-x64-musl': { os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'linux-arm64-musl': { os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
  'darwin-arm64': { os: ['darwin'], cpu: ['arm64'] },
  'darwin-x64': { os: ['darwin'], cpu: ['x64'] },
  'win32-x64-msvc': { os: ['win32'], cpu: ['x64'] },
};

const [binaries, version] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));

for (const name of INSIDE) copyFileSync(join(binaries, `keenpix.${name}.node`), join(PACKAGE, `keenpix.${name}.node`));
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(PACKAGE, '..', name), join(PACKAGE, name));

const optional = {};
for (const [name, target] of Object.entries(APART)) {
  const file = `keenpix.${name}.node`;
  if (!existsSync(join(binaries, file))) continue;
  optional[`@keenpix/${name}`] = version;
  const folder = join(PACKAGE, 'npm', name);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(binaries, file), join(folder, file));
  const { license, repository, engines } = manifest;
  const description = `The native part of keenpix for ${name}`;
  write(folder, {
    name: `@keenpix/${name}`,
    version,
    description,
    main: file,
    files: [file],
    license,
    repository,
    engines,
    ...target,
  });
}

delete manifest.devDependencies;
delete manifest.scripts;
write(PACKAGE, { ...manifest, version, optionalDependencies: optional });

function write(folder, content) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
}

// Checks that a binary loads wherever it is promised to:
// node scripts/check-binary.mjs x86_64|arm64 [--any-size] FILE [FILE ...]
//
// It must be for that processor, and need no symbol of a glibc later than 2.17, no shared library but glibc's, and no
// symbol that is defined nowhere (linkers accept these in a library, and libaom is built without its code for video).
// It must not be larger than promised for the package; a layer may be of any size.
import { readFileSync } from 'node:fs';
import { newestGlibc, readElf, refusals } from './elf.mjs';

const GLIBC = '2.17';
const LIBRARIES = /^(libc|libm|libdl|libpthread|librt|ld-linux-[\w-]+)\.so\.\d$/;
const HOST = /^napi_\w+$/;
const LARGEST = 9_900_000;

const anySize = process.argv.includes('--any-size');
const [machine, ...paths] = process.argv.slice(2).filter((argument) => argument !== '--any-size');
if (!['x86_64', 'arm64'].includes(machine) || paths.length === 0) {
  console.error('usage: check-binary.mjs x86_64|arm64 [--any-size] FILE [FILE ...]');
  process.exit(2);
}
for (const path of paths) {
  const bytes = readFileSync(path);
  const elf = readElf(bytes);
  const faults = [
    ...refusals(elf, machine, GLIBC),
    ...[...elf.libraries].filter((name) => !LIBRARIES.test(name)).map((name) => `needs ${name}`),
    ...[...elf.versions].filter((name) => !/^GLIBC_2/.test(name)).map((name) => `needs ${name}`),
    ...[...elf.missing].filter((name) => !HOST.test(name)).map((name) => `needs ${name}, which nobody has`),
    ...(bytes.length > LARGEST && !anySize ? [`has ${bytes.length} bytes, where ${LARGEST} are allowed`] : []),
  ];
  const libraries = [...elf.libraries].sort().join(' ');
  console.log(`${path}: ${bytes.length} bytes, ${elf.machine}, glibc ${newestGlibc(elf.versions)}, ${libraries}`);
  for (const fault of faults) console.error(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

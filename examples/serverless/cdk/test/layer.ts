// A stand-in for the layer: an ELF file with a processor and one version of glibc, and nothing else.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MACHINES = { arm64: 183, x86_64: 62 };
const NAMES = { arm64: 'keenpix.linux-arm64-gnu.node', x86_64: 'keenpix.linux-x64-gnu.node' };

/** Writes `keenpix-node` into a folder of layers. */
export function writeLayer(layers: string, machine: keyof typeof MACHINES = 'arm64', glibc = '2.17') {
  const folder = join(layers, 'keenpix-node/nodejs/node_modules/keenpix');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, NAMES[machine]), elf(MACHINES[machine], `GLIBC_${glibc}`));
}

/** A header, two section headers (the names, and the versions needed of them), and their contents. */
function elf(machine: number, version: string) {
  const [sections, entry, names, needed] = [64, 64, 192, 256];
  const bytes = Buffer.alloc(320);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(BigInt(sections), 0x28);
  bytes.writeUInt16LE(entry, 0x3a);
  bytes.writeUInt16LE(2, 0x3c);
  const section = (index: number, type: number, offset: number, size: number, info: number) => {
    const at = sections + index * entry;
    bytes.writeUInt32LE(type, at + 4);
    bytes.writeBigUInt64LE(BigInt(offset), at + 24);
    bytes.writeBigUInt64LE(BigInt(size), at + 32);
    bytes.writeUInt32LE(info, at + 44);
  };
  section(0, 3, names, 64, 0);
  section(1, 0x6ffffffe, needed, 32, 1);
  bytes.write(version, names + 1);
  bytes.writeUInt16LE(1, needed);
  bytes.writeUInt16LE(1, needed + 2);
  bytes.writeUInt32LE(16, needed + 8);
  bytes.writeUInt32LE(1, needed + 16 + 8);
  return bytes;
}

if (process.argv[1] === import.meta.filename && process.argv[2]) writeLayer(process.argv[2]);

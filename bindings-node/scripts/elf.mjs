// Reads what a shared library asks of the system that loads it, from the ELF file itself.

const MACHINES = new Map([
  [62, 'x86_64'],
  [183, 'arm64'],
]);
const [DYNAMIC, DYNSYM, VERNEED, VERSYM] = [6, 11, 0x6ffffffe, 0x6fffffff];
const [DT_NEEDED, STB_GLOBAL, SHN_UNDEF, NO_VERSION] = [1n, 1, 0, 1];

/**
 * `{ machine, libraries, versions, missing }` of a 64-bit, little-endian ELF file: `x86_64` or `arm64`, the shared
 * libraries it needs, the versions of their symbols (`GLIBC_2.17`), and the undefined symbols without a version.
 */
export function readElf(elf) {
  if (elf.length < 64 || elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1)
    throw new Error('not a 64-bit ELF file');
  const number = elf.readUInt16LE(18);
  const sections = sectionsOf(elf);
  const symbolVersions = sections.find(({ type }) => type === VERSYM)?.offset;
  const found = {
    machine: MACHINES.get(number) ?? `machine ${number}`,
    libraries: new Set(),
    versions: new Set(),
    missing: new Set(),
  };
  for (const { type, offset, size, link, info } of sections) {
    const name = (at) => text(elf, sections[link].offset + at);
    if (type === DYNAMIC) {
      for (let at = offset; at < offset + size; at += 16)
        if (elf.readBigUInt64LE(at) === DT_NEEDED) found.libraries.add(name(long(elf, at + 8)));
    } else if (type === VERNEED) {
      for (const at of neededVersions(elf, offset, info)) found.versions.add(name(at));
    } else if (type === DYNSYM) {
      for (let i = 1; i < size / 24; i++) {
        const at = offset + 24 * i;
        const version = symbolVersions === undefined ? NO_VERSION : elf.readUInt16LE(symbolVersions + 2 * i);
        if (elf[at + 4] >> 4 === STB_GLOBAL && elf.readUInt16LE(at + 6) === SHN_UNDEF && version <= NO_VERSION)
          found.missing.add(name(elf.readUInt32LE(at)));
      }
    }
  }
  return found;
}

/** Why a library can't be loaded on a machine with this glibc: a list of reasons, empty if it can. */
export function refusals({ machine, versions }, wanted, glibc) {
  const needed = newestGlibc(versions);
  return [
    ...(machine === wanted ? [] : [`is for ${machine}, where ${wanted} is wanted`]),
    ...(compare(needed, glibc) > 0 ? [`needs glibc ${needed}, where ${glibc} is promised`] : []),
  ];
}

/** The newest version of glibc that any symbol asks for. */
export function newestGlibc(versions) {
  const numbers = [...versions].filter((name) => /^GLIBC_[\d.]+$/.test(name)).map((name) => name.slice(6));
  return numbers.sort(compare).at(-1) ?? '2.0';
}

function compare(one, other) {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  return a[0] - b[0] || (a[1] ?? 0) - (b[1] ?? 0) || (a[2] ?? 0) - (b[2] ?? 0);
}

function sectionsOf(elf) {
  const [start, entry, count] = [long(elf, 0x28), elf.readUInt16LE(0x3a), elf.readUInt16LE(0x3c)];
  return Array.from({ length: count }, (_, i) => {
    const at = start + i * entry;
    return {
      type: elf.readUInt32LE(at + 4),
      offset: long(elf, at + 24),
      size: long(elf, at + 32),
      link: elf.readUInt32LE(at + 40),
      info: elf.readUInt32LE(at + 44),
    };
  });
}

function* neededVersions(elf, start, count) {
  for (let i = 0, at = start; i < count; i++, at += elf.readUInt32LE(at + 12)) {
    const entries = elf.readUInt16LE(at + 2);
    let entry = at + elf.readUInt32LE(at + 8);
    for (let each = 0; each < entries; each++) {
      yield elf.readUInt32LE(entry + 8);
      entry += elf.readUInt32LE(entry + 12);
    }
  }
}

function long(elf, at) {
  return Number(elf.readBigUInt64LE(at));
}

function text(elf, start) {
  return elf.toString('utf8', start, elf.indexOf(0, start));
}

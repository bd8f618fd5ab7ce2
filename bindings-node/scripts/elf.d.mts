export interface Elf {
  machine: string;
  libraries: Set<string>;
  versions: Set<string>;
  missing: Set<string>;
}
export function readElf(elf: Uint8Array): Elf;
export function refusals(elf: Elf, wanted: string, glibc: string): string[];
export function newestGlibc(versions: Iterable<string>): string;

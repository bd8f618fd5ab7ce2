import { readFile } from 'node:fs/promises';
import { keenpix } from './instance.js';

export { KeenpixError } from './shared.js';

export const { transform, probe } = keenpix(async () =>
  WebAssembly.compile(await readFile(new URL('./keenpix.wasm', import.meta.url))),
);

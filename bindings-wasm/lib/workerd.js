import { keenpix } from './instance.js';
import module from './keenpix.wasm';

export { KeenpixError } from './shared.js';

export const { transform, probe } = keenpix(() => module);

import { keenpix } from './instance.js';

export { KeenpixError } from './shared.js';

export const { transform, probe } = keenpix(async () => {
  const url = new URL('./keenpix.wasm', import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  // Not `compileStreaming`, which insists on a media type that not every server knows.
  return WebAssembly.compile(await response.arrayBuffer());
});

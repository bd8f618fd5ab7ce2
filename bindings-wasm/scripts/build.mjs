// Lays out the npm package: usage: build.mjs MODULE, the .wasm file that Cargo has built.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const node = `${here}/../bindings-node`;
const { buildSync } = createRequire(`${node}/package.json`)('esbuild');

mkdirSync(`${here}/dist`, { recursive: true });
copyFileSync(process.argv[2], `${here}/dist/keenpix.wasm`);
buildSync({
  entryPoints: ['node', 'web', 'workerd'].map((name) => `${here}/lib/${name}.js`),
  outdir: `${here}/dist`,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  external: ['node:*', '*.wasm'],
});

copyFileSync(`${node}/plan.d.ts`, `${here}/plan.d.ts`);
for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(`${here}/../${licence}`, `${here}/${licence}`);
const types = readFileSync(`${node}/index.d.ts`, 'utf8');
const facts = ['Limits', 'Format', 'Image', 'Info'].map((name) => {
  const [text] =
    types.match(new RegExp(`^export interface ${name} {[^]*?^}$|^export type ${name} = [^]*?;$`, 'm')) ?? [];
  if (text === undefined) throw new Error(`${name} is not in bindings-node/index.d.ts`);
  return text.replace('bytes: Buffer', 'bytes: Uint8Array<ArrayBuffer>');
});
writeFileSync(
  `${here}/facts.d.ts`,
  `// From bindings-node/index.d.ts, by scripts/build.mjs.\n\n${facts.join('\n\n')}\n`,
);

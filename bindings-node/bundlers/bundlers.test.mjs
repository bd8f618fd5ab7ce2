// Bundles that are made by the real tools, and run: they make a thumbnail, or say what to change.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import webpack from 'webpack';

const here = fileURLToPath(new URL('.', import.meta.url));
const photo = join(here, '../../core/tests/images/rgb.jpg');
const work = mkdtempSync(join(here, 'work-'));
after(() => rmSync(work, { recursive: true }));

const source = (name, text) => {
  const file = join(work, name);
  writeFileSync(file, text);
  return file;
};
const withSharp = source(
  'sharp.mjs',
  `import sharp from 'keenpix/sharp';
   sharp(${JSON.stringify(photo)}).resize(20).png().toBuffer({ resolveWithObject: true })
     .then(({ info }) => console.log(info.format, info.width));`,
);
const withPlan = source(
  'plan.mjs',
  `import { transform } from 'keenpix';
   transform(${JSON.stringify(photo)}, { resize: { width: 20 }, encode: { format: 'png' } })
     .then(({ format, width }) => console.log(format, width));`,
);

const run = (file) => execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim();
function refused(file) {
  const { status, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  assert.notEqual(status, 0);
  assert.match(stderr, /code: 'LOAD'/);
  return stderr;
}

for (const entry of [withSharp, withPlan]) {
  const name = entry === withSharp ? 'keenpix/sharp' : 'keenpix';

  test(`webpack with node-loader: ${name}`, async () => {
    const output = { path: join(work, `webpack-${name.replace('/', '-')}`), filename: 'bundle.cjs' };
    const rules = [{ test: /\.node$/, loader: 'node-loader' }];
    const compiler = webpack({ mode: 'production', target: 'node', entry, output, module: { rules } });
    const stats = await new Promise((done, failed) => {
      compiler.run((error, stats) => (error ? failed(error) : done(stats)));
    });
    assert.equal(stats.hasErrors(), false, stats.toString());
    assert.equal(run(join(output.path, output.filename)), 'png 20');
  });

  test(`esbuild with the loader copy: ${name}`, async () => {
    assert.equal(run(await esbuild(entry, 'copy', 'cjs')), 'png 20');
  });
}

test('esbuild with the loader file says which one to use', async () => {
  const text = refused(await esbuild(withPlan, 'file', 'cjs'));
  assert.match(text, /gives the binary's path/);
  assert.match(text, /fix: esbuild --loader:.node=copy/);
});

test('esbuild as ESM says which format to use', async () => {
  for (const loader of ['copy', 'file']) {
    assert.match(refused(await esbuild(withPlan, loader, 'esm')), /fix: esbuild --format=cjs --loader:.node=copy/);
  }
});

async function esbuild(entry, loader, format) {
  const outfile = join(mkdtempSync(join(work, 'esbuild-')), format === 'esm' ? 'bundle.mjs' : 'bundle.cjs');
  await build({
    entryPoints: [entry],
    outfile,
    format,
    bundle: true,
    platform: 'node',
    loader: { '.node': loader },
    logLevel: 'error',
  });
  return outfile;
}

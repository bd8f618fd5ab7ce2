// The output of `npm pack`, installed in an empty folder and used from ESM, CommonJS, TypeScript and a bundle.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { image, imagePath } from './support/images.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const USES = join(PACKAGE, 'test', 'package');
const PHOTO = imagePath('420.jpg');

let folder;
let packed;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'keenpix-'));
  [packed] = JSON.parse(npm('pack', PACKAGE, '--json', '--pack-destination', folder));
  writeFileSync(join(folder, 'package.json'), '{"name": "user", "private": true}');
  npm('install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename));
});

after(() => rmSync(folder, { recursive: true }));

function npm(...args) {
  return run('npm', args);
}

function run(program, args) {
  return execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function node(file, ...args) {
  return run(process.execPath, [file, ...args]);
}

function use(file) {
  copyFileSync(join(USES, file), join(folder, file));
  return join(folder, file);
}

function tool(name) {
  return join(PACKAGE, 'node_modules', '.bin', name);
}

describe('the package', () => {
  test('holds what it should, and nothing else', () => {
    const files = packed.files.map(({ path }) => path);
    for (const file of [
      'package.json',
      'README.md',
      'index.d.ts',
      'index.d.mts',
      'plan.d.ts',
      'lib/index.cjs',
      'lib/index.mjs',
    ]) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
    const odd = files.filter(
      (file) =>
        !/^(lib\/.+\.(cjs|mjs)|[\w.-]+\.d\.m?ts|keenpix\.[\w-]+\.node|[A-Z-]+(\.md)?|package\.json)$/.test(file),
    );
    assert.deepEqual(odd, []);
    assert.ok(
      files.some((file) => file.endsWith('.node')),
      'no binary',
    );
  });

  test('runs no script when it is installed, and needs no other package', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', 'keenpix', 'package.json'), 'utf8'));
    assert.deepEqual(
      Object.keys(manifest.scripts).filter((name) => /install|prepare/.test(name)),
      [],
    );
    assert.equal(manifest.dependencies, undefined);
    assert.deepEqual(
      readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['keenpix'],
    );
  });

  test('works from ESM', () => assert.equal(node(use('esm.mjs'), PHOTO), 'ok\n'));

  test('works from CommonJS', () => assert.equal(node(use('cjs.cjs'), PHOTO), 'ok\n'));

  for (const [file, built] of [
    ['types.mts', 'types.mjs'],
    ['types.cts', 'types.cjs'],
  ]) {
    test(`works from TypeScript: ${file}`, () => {
      const types = join(PACKAGE, 'node_modules', '@types');
      const options = [
        '--strict',
        '--exactOptionalPropertyTypes',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--types',
        'node',
        '--typeRoots',
        types,
      ];
      run(tool('tsc'), [...options, use(file)]);
      assert.equal(node(join(folder, built), PHOTO), 'ok\n');
    });
  }

  for (const format of ['esm', 'cjs']) {
    test(`works from an esbuild bundle: ${format}`, async () => {
      const out = join(folder, `bundle-${format}`);
      const file = join(out, format === 'esm' ? 'handler.mjs' : 'handler.cjs');
      const recipe = ['--bundle', '--platform=node', `--format=${format}`, '--loader:.node=copy', `--outfile=${file}`];
      // An ES module has no `require`, and esbuild doesn't add one.
      const banner =
        "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
      run(tool('esbuild'), [
        use('handler.mjs'),
        ...recipe,
        ...(format === 'esm' ? [banner] : []),
        '--log-level=warning',
      ]);
      assert.ok(readdirSync(out).some((name) => name.endsWith('.node')));
      // Elsewhere, without node_modules, because only this folder would be uploaded.
      const elsewhere = mkdtempSync(join(tmpdir(), 'keenpix-bundle-'));
      try {
        mkdirSync(join(elsewhere, 'task'));
        for (const name of readdirSync(out)) copyFileSync(join(out, name), join(elsewhere, 'task', name));
        const { handler } = await import(join(elsewhere, 'task', basename(file)));
        const answer = await handler({ body: image('420.jpg').toString('base64') });
        assert.equal(answer.headers['content-type'], 'image/jpeg');
        assert.equal(Buffer.from(answer.body, 'base64').readUInt16BE(0), 0xffd8);
      } finally {
        rmSync(elsewhere, { recursive: true });
      }
    });
  }
});

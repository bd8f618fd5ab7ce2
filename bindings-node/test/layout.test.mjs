// The layout of lib/: small files, no circular `require` calls, and no matching on error messages.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const lib = fileURLToPath(new URL('../lib', import.meta.url));
const files = new Map(
  readdirSync(lib, { recursive: true })
    .filter((name) => /\.[cm]js$/.test(name))
    .map((name) => [join(lib, name), readFileSync(join(lib, name), 'utf8')]),
);

/**
 * The files of lib/ that a file loads, now or later: a circle can also hide behind a `require` inside a function.
 */
const needs = (file) =>
  [...files.get(file).matchAll(/\brequire\('(\.[^']+)'\)|\bfrom '(\.[^']+)'/g)]
    .map(([, required, imported]) => resolve(dirname(file), required ?? imported))
    .filter((path) => files.has(path));

/** The first circle found, as a list of files that ends where it begins. */
function circle() {
  const done = new Set();
  const visit = (file, path) => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of needs(file)) {
      const found = visit(next, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files.keys()) {
    const found = visit(file, []);
    if (found) return found.map((name) => relative(lib, name)).join(' → ');
  }
  return undefined;
}

test('no file of lib needs itself by way of others', () => {
  assert.ok(files.size > 30);
  assert.ok(needs(join(lib, 'sharp/run.cjs')).length > 5);
  assert.equal(circle(), undefined);
});

test('files of lib are short', () => {
  const long = [...files].map(([file, text]) => [relative(lib, file), text.split('\n').length - 1]);
  assert.deepEqual(
    long.filter(([, lines]) => lines > 300),
    [],
  );
});

test('nothing looks for words in the message of an error or in a warning', () => {
  const WORDS = /\b(message|stack|warnings?|hint|reason|sentence|detail)\b/;
  const SEARCH =
    /(\.(match|matchAll|search|replace|replaceAll|includes|indexOf|startsWith|endsWith)\(|\.(test|exec)\()/;
  const searching = [...files].flatMap(([file, text]) =>
    text
      .split('\n')
      .filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line))
      .filter((line) => SEARCH.test(line) && WORDS.test(line.replace(/'[^']*'|`[^`]*`/g, '')))
      .map((line) => `${relative(lib, file)}: ${line.trim()}`),
  );
  assert.deepEqual(searching, []);
});

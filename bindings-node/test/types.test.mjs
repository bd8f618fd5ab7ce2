// The generated types match the core's plan.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { committed, generate } from '../scripts/types.mjs';

test('plan.d.ts is made from core/plan.schema.json', () => {
  assert.ok(
    committed() === generate(),
    'bindings-node/plan.d.ts is out of date; update it with: node bindings-node/scripts/types.mjs',
  );
});

test("the reasons of KeenpixError are the core's", () => {
  const text = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, declared] = /export type Reason =([^;]*);/.exec(text('../index.d.ts'));
  const words = (source, pattern) => [...source.matchAll(pattern)].map(([, word]) => word).sort();
  assert.deepEqual(words(declared, /'([a-z-]+)'/g), words(text('../../core/src/error/reason.rs'), /=> "([a-z-]+)"/g));
});

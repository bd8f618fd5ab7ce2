// The generated types are those of the core's plan.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { committed, generate } from '../scripts/types.mjs';

test('plan.d.ts is made from core/plan.schema.json', () => {
  assert.ok(
    committed() === generate(),
    'bindings-node/plan.d.ts is out of date; update it with: node bindings-node/scripts/types.mjs',
  );
});

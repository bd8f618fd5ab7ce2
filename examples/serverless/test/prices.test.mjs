// DEPLOY.md says what the formulas say.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { price, table, waiting } from '../bench/prices.mjs';

const text = readFileSync(new URL('../DEPLOY.md', import.meta.url), 'utf8');

test("the table of prices is the formula's", () => {
  assert.ok(text.includes(table()), `DEPLOY.md needs:\n${table()}`);
  for (const memory of [1024, 256]) assert.ok(text.includes(`$${waiting(10, memory).toFixed(2)}`), String(memory));
});

test('a path is 5,000 dollars in a million, and only what replaces something has one', () => {
  const [stable, replaces] = [{ stable: true }, { replaces: true }];
  assert.equal(price(4, { ...stable, ...replaces }).invalidation, 5000);
  for (const options of [{}, stable, replaces]) assert.equal(price(4, options).invalidation, 0);
});

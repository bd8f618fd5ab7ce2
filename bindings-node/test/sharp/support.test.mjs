import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { committed, generate } from '../../scripts/coming-from-sharp.mjs';
import { tables } from './support.mjs';

const require = createRequire(import.meta.url);
const oracle = require('sharp');
const sharp = require('keenpix/sharp');

const created = () => sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
const rows = Object.values(tables).flat();

test('COMING-FROM-SHARP.md is made from the tables', () => {
  assert.equal(committed(), generate(), 'update it with: node bindings-node/scripts/coming-from-sharp.mjs');
});

for (const { call, status, probe } of rows.filter((row) => row.probe)) {
  test(`${status}: ${call}`, () => {
    if (status === 'missing') {
      assert.throws(
        () => probe(created(), sharp),
        (error) => {
          assert.match(error.message, / is not supported by keenpix: ./);
          assert.equal(error.code, 'UNSUPPORTED');
          return true;
        },
      );
    } else {
      assert.doesNotThrow(() => probe(created(), sharp));
    }
  });
}

test('every method and static of sharp is there, and in the tables', () => {
  const text = rows.map(({ call }) => call).join(' ');
  const own = (object) =>
    Object.getOwnPropertyNames(object).filter((name) => /^[a-z]/.test(name) && name !== 'constructor');
  for (const name of own(oracle.prototype)) {
    assert.equal(typeof sharp.prototype[name], 'function', name);
    assert.ok(new RegExp(`\\b${name}\\b`).test(text), `${name}() is not in the tables`);
  }
  for (const name of Object.keys(oracle)) {
    assert.equal(typeof sharp[name], typeof oracle[name], name);
    assert.ok(new RegExp(`\\b${name}\\b`).test(text), `sharp.${name} is not in the tables`);
  }
});

test('methods without a counterpart throw when they are called', () => {
  const { REASONS } = require('../../lib/sharp/calls/unsupported.cjs');
  for (const name of Object.keys(REASONS)) {
    assert.throws(
      () => created()[name](),
      (error) => {
        assert.ok(error.message.startsWith(`${name}() is not supported by keenpix: `), error.message);
        assert.ok(error.hint);
        return error.code === 'UNSUPPORTED';
      },
    );
  }
});

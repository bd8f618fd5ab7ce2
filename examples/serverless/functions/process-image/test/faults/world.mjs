// A server with two buckets, the function on top, and images small enough to make hundreds of them.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { canonicalPlan, transformMany } from 'keenpix';
import { notification, startServer } from '../../../../test/s3-server.mjs';

const require = createRequire(import.meta.url);
const { readConfig } = require('../../lib/config');
const { createHandler } = require('../../lib/handler');
const { createStore } = require('../../lib/store');

const ENV = { DEST_BUCKET_NAME: 'assets', PROCESS_WIDTH: '8', PROCESS_HEIGHT: '8' };

/**
 * With `rejects`, reports are collected; with the `server` of another world, this is the same one with other settings.
 * `handle(event)` returns the outcome of an event's one record, `{ outcome }` or
 * `{ outcome: 'failed', code, retryable }`, whether it was thrown, returned or settled; `call(event)` is the bare
 * function.
 */
export async function startWorld({ env = {}, rejects = false, versioned = false, server } = {}) {
  if (!server) {
    server = await startServer('assets');
    await server.bucket('uploads', versioned);
    after(() => server.stop());
  }
  const world = { server, decodes: 0, reported: [], transformMany, now: Date.now };
  const lines = [];
  const log = { info: (line) => lines.push(JSON.parse(line)), error: (line) => lines.push(JSON.parse(line)) };
  const config = readConfig({ ...ENV, ...env }, canonicalPlan);
  const reject = rejects
    ? async (record, item, { code }) => void world.reported.push({ code, key: record?.key, item })
    : undefined;
  // As many tries as in production, without the waiting.
  const store = createStore(server.client(), { tries: 4, base: 1, cap: 3000 });
  const transform = (...args) => {
    world.decodes++;
    return world.transformMany(...args);
  };
  world.call = createHandler({
    config,
    store,
    transformMany: transform,
    reject,
    log,
    now: () => world.now(),
  });
  world.outcomes = async (event, context) => {
    lines.length = 0;
    const answer = await world.call(event, context).catch((error) => error);
    return { answer, lines: [...lines] };
  };
  world.handle = async (event, context) => {
    const {
      lines: [line, ...more],
    } = await world.outcomes(event.record ? notification(event) : event, context);
    assert.deepEqual(more, []);
    return line;
  };
  world.written = async (event) => assert.equal((await world.handle(event)).outcome, 'written');
  world.upload = (key, bytes) => server.put('uploads', key, bytes);
  world.delete = (key) => server.delete('uploads', key);
  /** The object at `avatars/{name}.jpg`. */
  world.avatar = async (name) => (await server.list('assets', `avatars/${name}.jpg`))[0];
  world.isMadeOf = async (name, bytes) => {
    const [{ bytes: expected }] = await transformMany(
      bytes,
      config.outputs.map(({ plan }) => plan),
    );
    return (await world.avatar(name))?.body.equals(expected) === true;
  };
  world.count = (method, prefix) =>
    server.calls.filter((call) => call.method === method && call.key.startsWith(prefix)).length;
  return world;
}

/** A small image (BMP), different for each seed. */
export function picture(seed) {
  const side = 12;
  const bytes = Buffer.alloc(54 + side * side * 3);
  bytes.write('BM');
  const head = [bytes.length, 0, 54, 40, side, side, 1 | (24 << 16), 0, side * side * 3, 2835, 2835, 0, 0];
  for (const [i, value] of head.entries()) bytes.writeUInt32LE(value, 2 + 4 * i);
  for (let pixel = 0; pixel < side * side; pixel++)
    bytes.set([(seed * 37) & 255, pixel, ((seed * 91) ^ pixel) & 255], 54 + 3 * pixel);
  return bytes;
}

// Every kind of input gives the same image, and respects the limit on bytes.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { probe, probeSync, transform, transformSync } from 'keenpix';
import { image, imagePath } from './support/images.mjs';

const NAME = '420.jpg';
const bytes = image(NAME);
const plan = { resize: { width: 20 } };
const expected = transformSync(bytes, plan).bytes;

/** A copy whose buffer begins before the image and ends after it. */
function within(Buffer = ArrayBuffer, options) {
  const view = new Uint8Array(new Buffer(bytes.length + 64, options), 32, bytes.length);
  view.set(bytes);
  return view;
}

function alone() {
  return new Uint8Array(bytes).buffer;
}

/** In pieces of `size` bytes. */
function* pieces(size) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const INPUTS = {
  Buffer: () => bytes,
  Uint8Array: () => within(),
  DataView: () => new DataView(alone()),
  'Uint8Array of shared memory': () => within(SharedArrayBuffer),
  'Uint8Array of a resizable buffer': () => within(ArrayBuffer, { maxByteLength: bytes.length + 64 }),
  ArrayBuffer: () => alone(),
  SharedArrayBuffer: () => {
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    return shared;
  },
  path: () => imagePath(NAME),
  'file URL': () => pathToFileURL(imagePath(NAME)),
  Blob: () => new Blob([bytes.subarray(0, 100), bytes.subarray(100)]),
  'Node Readable of a file': () => createReadStream(imagePath(NAME), { highWaterMark: 256 }),
  'Node Readable of one chunk': () => Readable.from([bytes]),
  'web ReadableStream': () => ReadableStream.from(pieces(300)),
  'async generator': () =>
    (async function* () {
      yield* pieces(300);
    })(),
  'Body of a fetch': () => new Response(bytes).body,
  'S3 Body that is a stream': () =>
    Object.assign(Readable.from(pieces(300)), { transformToByteArray: () => assert.fail('streams are read as such') }),
  'S3 Body that is none': () => ({ transformToByteArray: async () => new Uint8Array(bytes) }),
};

describe('inputs', () => {
  for (const [name, input] of Object.entries(INPUTS)) {
    test(name, async () => {
      assert.deepEqual((await transform(input(), plan)).bytes, expected);
      assert.equal((await probe(input())).format, 'jpeg');
      const exactly = { limits: { inputBytes: bytes.length } };
      assert.deepEqual((await transform(input(), plan, exactly)).bytes, expected);
      await assert.rejects(transform(input(), plan, { limits: { inputBytes: bytes.length - 1 } }), {
        code: 'LIMIT_INPUT_BYTES',
        message: /^input bytes limit exceeded: \d+ bytes where \d+ are allowed$/,
        httpStatus: 413,
      });
    });
  }

  for (const name of ['Buffer', 'Uint8Array', 'DataView', 'ArrayBuffer', 'SharedArrayBuffer', 'path', 'file URL']) {
    test(`${name}, blocking`, () => {
      assert.deepEqual(transformSync(INPUTS[name](), plan).bytes, expected);
      assert.equal(probeSync(INPUTS[name]()).width, probeSync(bytes).width);
      assert.throws(() => transformSync(INPUTS[name](), plan, { limits: { inputBytes: 10 } }), {
        code: 'LIMIT_INPUT_BYTES',
      });
    });
  }

  for (const name of ['Blob', 'Node Readable of a file', 'web ReadableStream', 'S3 Body that is none']) {
    test(`${name} can't be read synchronously`, () => {
      assert.throws(() => transformSync(INPUTS[name](), plan), {
        code: 'BAD_ARGUMENT',
        message: /can't be read synchronously/,
      });
    });
  }
});

test('a stream without end is left when the limit is passed', async () => {
  let left = false;
  async function* endless() {
    try {
      while (true) yield new Uint8Array(1000);
    } finally {
      left = true;
    }
  }
  await assert.rejects(transform(endless(), plan, { limits: { inputBytes: 10_000 } }), { code: 'LIMIT_INPUT_BYTES' });
  assert.ok(left);

  const readable = Readable.from(endless());
  await assert.rejects(transform(readable, plan, { limits: { inputBytes: 10_000 } }), { code: 'LIMIT_INPUT_BYTES' });
  assert.ok(readable.destroyed);

  let reason;
  const web = new ReadableStream({
    pull: (stream) => stream.enqueue(new Uint8Array(1000)),
    cancel: (why) => (reason = why ?? 'none'),
  });
  await assert.rejects(transform(web, plan, { limits: { inputBytes: 10_000 } }), { code: 'LIMIT_INPUT_BYTES' });
  assert.ok(reason);
});

test("bytes in memory are not copied: what changes before the call is seen, and the length is the view's", async () => {
  const view = within();
  const before = (await probe(view)).width;
  view[0] = 0;
  await assert.rejects(probe(view), { code: 'NOT_AN_IMAGE' });
  view[0] = bytes[0];
  assert.equal((await probe(view)).width, before);
});

test('what is no input is refused by name', async () => {
  const refused = [
    [null, /can't be null/],
    [undefined, /can't be undefined/],
    [42, /can't be 42/],
    [{}, /can't be an object:/],
    [() => {}, /can't be a function/],
    ['https://example.com/a.jpg', /^https: URLs are not fetched/],
    ['data:image/png;base64,AAAA', /^data: URLs are not fetched/],
    [new URL('https://example.com/a.jpg'), /^https: URLs are not fetched/],
  ];
  for (const [input, message] of refused) {
    await assert.rejects(transform(input), { name: 'KeenpixError', code: 'BAD_ARGUMENT', message });
    assert.throws(() => transformSync(input), { code: 'BAD_ARGUMENT', message });
  }
  await assert.rejects(transform({ Body: Readable.from([bytes]) }), {
    code: 'BAD_ARGUMENT',
    hint: 'Pass its `.Body`.',
  });
  await assert.rejects(transform(new Response(bytes)), { code: 'BAD_ARGUMENT', hint: 'Pass its `.body`.' });
});

test('a stream in a used position is named', async () => {
  const over = Readable.from([bytes]);
  await probe(over);
  const nothing = { code: 'BAD_ARGUMENT', message: 'the stream has been read already: there is nothing left in it' };
  await assert.rejects(transform(over), nothing);
  const web = ReadableStream.from([bytes]);
  await probe(web);
  await assert.rejects(probe(web), nothing);

  const response = new Response(bytes);
  await response.arrayBuffer();
  await assert.rejects(transform(response), { hint: 'Its body has been read already: pass what was read.' });
  await assert.rejects(transform(response.body), { code: 'BAD_ARGUMENT', message: /is locked/ });

  const begun = Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]);
  for await (const _ of begun.iterator({ destroyOnReturn: false })) break;
  await assert.rejects(probe(begun), { code: 'NOT_AN_IMAGE', message: /; a part of the stream had been read before/ });

  const peeked = Readable.from(pieces(100), { objectMode: false });
  await new Promise((resolve) => peeked.once('readable', resolve));
  peeked.unshift(peeked.read(10));
  assert.equal((await probe(peeked)).format, 'jpeg');

  const body = { transformToByteArray: () => Promise.reject(new Error('The stream has already been transformed.')) };
  await assert.rejects(transform(body), { name: 'KeenpixError', code: 'READ', message: /already been transformed/ });
});

test('files that can not be read', async () => {
  const missing = { code: 'READ', httpStatus: 404, retryable: false, message: /no such file: \/nowhere\/a\.jpg/ };
  await assert.rejects(transform('/nowhere/a.jpg'), missing);
  assert.throws(() => transformSync('/nowhere/a.jpg'), missing);
  await assert.rejects(transform(imagePath('.')), { code: 'BAD_ARGUMENT', message: /is not a file/ });
  assert.throws(() => transformSync(imagePath('.')), { code: 'BAD_ARGUMENT', message: /is not a file/ });
});

test('streams that fail, or yield text', async () => {
  const failing = Readable.from(
    (async function* () {
      yield bytes.subarray(0, 10);
      throw new Error('cut off');
    })(),
  );
  await assert.rejects(transform(failing), (error) => {
    assert.deepEqual([error.code, error.retryable, error.httpStatus], ['READ', true, 502]);
    assert.equal(error.cause.message, 'cut off');
    return true;
  });
  await assert.rejects(transform(createReadStream(imagePath(NAME), 'latin1')), {
    code: 'BAD_ARGUMENT',
    message: /yields a string/,
  });
  await assert.rejects(transform(Readable.from([])), { code: 'NOT_AN_IMAGE' });
});

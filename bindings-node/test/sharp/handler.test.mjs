// A handler written for sharp runs unchanged except for its import.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const { handler } = require('./handler/process-image.cjs');
const oracle = require('sharp');

test('an upload becomes an avatar', async () => {
  const image = readFileSync(new URL('../../../examples/photos/landscape.jpg', import.meta.url));
  const { statusCode, body } = await handler({ image });
  assert.equal(statusCode, 200);
  const avatar = Buffer.from(body, 'base64');
  const { format, width, height, chromaSubsampling } = await oracle(avatar).metadata();
  assert.deepEqual(
    { format, width, height, chromaSubsampling },
    { format: 'jpeg', width: 512, height: 512, chromaSubsampling: '4:2:0' },
  );
});

test('an upload that is no image is refused in words', async () => {
  await assert.rejects(handler({ image: Buffer.from('<html>') }), /Input buffer contains unsupported image format/);
});

// Uses the installed package as a user would, from CommonJS.
'use strict';

const assert = require('node:assert/strict');
const { transform, KeenpixError } = require('keenpix');

async function main() {
  const image = await transform(process.argv[2], { resize: { width: 20 }, encode: { format: 'webp' } });
  assert.deepEqual([image.format, image.width], ['webp', 20]);
  await assert.rejects(transform(Buffer.from('x')), KeenpixError);
  console.log('ok');
}

main();

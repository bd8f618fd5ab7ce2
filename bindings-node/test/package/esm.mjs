// Uses the installed package as a user would, from ESM.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import keenpix, {
  KeenpixError,
  probe,
  probeSync,
  transform,
  transformMany,
  transformManySync,
  transformSync,
} from 'keenpix';

const bytes = readFileSync(process.argv[2]);
const plan = { resize: { width: 20 }, encode: { format: 'webp' } };
const image = await transform(bytes, plan);
assert.deepEqual([image.format, image.width], ['webp', 20]);
assert.deepEqual(transformSync(bytes, plan).bytes, image.bytes);
assert.deepEqual(transformManySync(bytes, [plan]), await transformMany(bytes, [plan]));
assert.equal((await probe(image.bytes)).format, probeSync(image.bytes).format);
await assert.rejects(transform(Buffer.from('x')), KeenpixError);
assert.equal(keenpix.transform, transform);
console.log('ok');

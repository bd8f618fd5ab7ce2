// What compiles, and what must not: checked by tsc, then run without its types.
import { createReadStream } from 'node:fs';
import type { Encode, Image, Info, Limits, Plan } from 'keenpix';
import keenpix, { KeenpixError, probe, transform, transformMany, transformSync } from 'keenpix';

const path = process.argv[2]!;
const limits: Limits = { pixels: 50e6, memory: Infinity };
const encode: Encode = { format: 'webp', quality: 70, effort: 2 };
const plan: Plan = {
  resize: { width: 20, height: 20, fit: 'cover', position: { x: 0.5, y: 0.25 } },
  encode,
  background: '#fff',
};
const image: Image = await transform(path, plan, { limits, deadline: 5000, signal: AbortSignal.timeout(5000) });
const bytes: Buffer = image.bytes;
const info: Info = await probe(bytes);
const [small] = await transformMany(createReadStream(path), [{ resize: { width: 8 } }] as const);
const width: number | undefined = small?.width;
await transform(new Blob([new Uint8Array(bytes)]));
await transform(new URL(`file://${path}`));
await transform(new Response(new Uint8Array(bytes)).body!);
await keenpix.transform(new Uint8Array(bytes), { trim: { threshold: 10 }, effects: [] });

// @ts-expect-error JPEG has no `lossless`
const wrong: Plan = { encode: { format: 'jpeg', lossless: true } };
// @ts-expect-error a name that is none
const misspelt: Plan = { resize: { widht: 3 } };
// @ts-expect-error a position that is none
const nowhere: Plan = { resize: { position: 'middle' } };
// @ts-expect-error streams can't be read synchronously
const blocked = () => transformSync(createReadStream(path));
// @ts-expect-error limits are no part of a plan
const greedy: Plan = { limits };
// @ts-expect-error errors are made by keenpix alone
const made = () => new KeenpixError();

try {
  await transform(Buffer.from('text'));
} catch (error) {
  if (!(error instanceof KeenpixError)) throw error;
  const { code, hint, httpStatus, retryable }: { code: string; hint: string; httpStatus: number; retryable: boolean } =
    error;
  if (code !== 'NOT_AN_IMAGE' || !hint || httpStatus !== 415 || retryable) throw error;
}
if (info.format !== 'webp' || info.width !== 20 || width !== 8) throw new Error('not what was asked for');
void [wrong, misspelt, nowhere, blocked, greedy, made];
console.log('ok');

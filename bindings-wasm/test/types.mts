// Checked by the compiler, never run.
import { type Image, type Info, KeenpixError, type Plan, probe, transform } from 'keenpix-wasm';

const plan: Plan = { resize: { width: 200 }, encode: { format: 'webp', quality: 80 } };
const image: Image = await transform(new Blob(), plan, { limits: { pixels: 50e6 } });
export const response = new Response(image.bytes, { headers: { 'content-type': image.mediaType } });
export const info: Info = await probe(new Uint8Array(8));
export const code: string = new KeenpixError().code;

// @ts-expect-error a path is not an image
await transform('photo.jpg');
// @ts-expect-error there is no such option
await transform(new Uint8Array(8), {}, { deadline: 5 });

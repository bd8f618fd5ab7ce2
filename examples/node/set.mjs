// A responsive set: several widths of one image, which is decoded once, and the HTML that offers them.
//
//     npm install && node set.mjs photo.jpg out/

import { mkdir, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { transformMany } from 'keenpix';

const [input, folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node set.mjs INPUT FOLDER');

const sized = (width, encode) => ({ resize: { width, enlarge: false }, encode: { ...encode, quality: 80 } });
const plans = [
  ...[320, 640, 1280].map((width) => sized(width, { format: 'webp' })),
  // For clients that don't support `srcset`.
  sized(640, { format: 'jpeg' }),
];
const images = await transformMany(input, plans);

await mkdir(folder, { recursive: true });
// An image smaller than a width is not enlarged, so the name has its actual width.
const named = images.map((image) => ({ ...image, name: `${parse(input).name}-${image.width}.${image.extension}` }));
await Promise.all(named.map(({ name, bytes }) => writeFile(join(folder, name), bytes)));

const fallback = named.pop();
const set = named.map(({ name, width }) => `${name} ${width}w`).join(', ');
console.log(`<picture>
  <source type="image/webp" srcset="${set}" sizes="100vw">
  <img src="${fallback.name}" width="${fallback.width}" height="${fallback.height}">
</picture>`);

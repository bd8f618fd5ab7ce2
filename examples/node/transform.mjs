// Turns one image into another: upright, at most 800 pixels wide and high, as WebP.
//
//     npm install && node transform.mjs photo.jpg small.webp

import { writeFile } from 'node:fs/promises';
import { transform } from 'keenpix';

const [input, output] = process.argv.slice(2);
if (!output) throw new Error('usage: node transform.mjs INPUT OUTPUT');

const image = await transform(input, {
  resize: { width: 800, height: 800, fit: 'inside', enlarge: false },
  encode: { format: 'webp', quality: 80 },
});
await writeFile(output, image.bytes);
console.log(`${output}: ${image.width}×${image.height}, ${image.bytes.length} bytes`);
for (const warning of image.warnings) console.warn(`warning: ${warning}`);

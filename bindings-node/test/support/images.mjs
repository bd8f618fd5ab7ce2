// The core's test images and golden cases, which Node runs too.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CORE = new URL('../../../core/tests/', import.meta.url);

export function imagePath(name) {
  return fileURLToPath(new URL(`images/${name}`, CORE));
}

export function image(name) {
  return readFileSync(imagePath(name));
}

/** Name, case and expected image of every golden case. */
export function goldenCases() {
  return readdirSync(new URL('golden/', CORE))
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file.slice(0, -5),
      ...JSON.parse(readFileSync(new URL(`golden/${file}`, CORE), 'utf8')),
      expected: readFileSync(new URL(`golden/${file.replace('.json', '.png')}`, CORE)),
    }));
}

// Makes the expected images of the golden cases for effects with sharp, an implementation that has nothing in common
// with keenpix's own.
//
//     npm install --no-save sharp && node effects.mjs [CASE…]
//
// The cases are those whose names start with `effect-`. Each effect of their plans is one of sharp's methods here.
// Every effect is a separate pipeline, because sharp has its own order for its methods.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';

const here = new URL('./', import.meta.url);
const images = new URL('../images/', here);

const effects = {
  crop: (image, { left, top, width, height }) => image.extract({ left, top, width, height }),
  rotate: (image, { angle, background }) => image.rotate(angle, { background: colour(background) }),
  flip: (image) => image.flip(),
  flop: (image) => image.flop(),
  extend: (image, { top = 0, right = 0, bottom = 0, left = 0, background, edge = 'background' }) =>
    image.extend({ top, right, bottom, left, background: colour(background), extendWith: edge }),
  greyscale: (image) => image.greyscale(),
  // sharp's method darkens first and brightens last; only the latter is a gamma curve by itself.
  gamma: (image, { exponent = 2.2 }) => image.gamma(1, exponent),
  linear: (image, { slope = [1], offset = [0] }) => image.linear(...pairs(slope, offset)),
  negate: (image, { alpha = true }) => image.negate({ alpha }),
  normalise: (image, { lower = 1, upper = 99 }) => image.normalise({ lower, upper }),
  threshold: (image, { value = 128, greyscale = true }) => image.threshold(value, { greyscale }),
  tint: (image, { colour: tint }) => image.tint(tint),
  modulate: (image, { brightness = 1, saturation = 1, hue = 0, lightness = 0 }) =>
    image.modulate({ brightness, saturation, hue, lightness }),
  median: (image, { size = 3 }) => image.median(size),
  blur: (image, { sigma }) => image.blur(sigma),
  sharpen: (image, { sigma, flat = 1, jagged = 2, threshold = 2, brighten = 10, darken = 20 }) =>
    image.sharpen(sigma && { sigma, m1: flat, m2: jagged, x1: threshold, y2: brighten, y3: darken }),
  'ensure-alpha': (image, { value = 1 }) => image.ensureAlpha(value),
  'remove-alpha': (image) => image.removeAlpha(),
};

// In sharp's colours, alpha is a fraction.
function colour(text = '#ffffff') {
  const [r, g, b, a = 255] = text
    .slice(1)
    .match(/../g)
    .map((digits) => parseInt(digits, 16));
  return { r, g, b, alpha: a / 255 };
}

function pairs(slope, offset) {
  const length = Math.max(slope.length, offset.length);
  const all = (list) => Array.from({ length }, (_, i) => list[i] ?? list[0]);
  return [all(slope), all(offset)];
}

async function make(name) {
  const { image, plan } = JSON.parse(readFileSync(new URL(`${name}.json`, here)));
  let png = readFileSync(new URL(image, images));
  for (const { effect, ...options } of plan.effects) {
    png = await effects[effect](sharp(png), options).png().toBuffer();
  }
  const colourspace = plan.model === 'grey' ? 'b-w' : 'srgb';
  let last = sharp(png).toColourspace(colourspace);
  if (plan.encode?.format === 'jpeg') {
    last = last.flatten({ background: plan.background ?? '#ffffff' });
  }
  writeFileSync(new URL(`${name}.png`, here), await last.png({ compressionLevel: 9 }).toBuffer());
}

const all = readdirSync(here)
  .filter((file) => file.startsWith('effect-') && file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));
const names = process.argv.length > 2 ? process.argv.slice(2) : all;
for (const name of names) {
  await make(name);
}
console.log(
  `${names.length} expected pictures made with sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`,
);

// Makes the golden cases whose reference is sharp: `npm install sharp@0.35.5 && node reference.mjs` in this folder's
// copy. Writes a plan (`NAME.json`) and sharp's pixels (`NAME.png`) for each case; drawings go to `svg/`.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sharp = createRequire(join(process.cwd(), 'package.json'))('sharp');
const here = dirname(fileURLToPath(import.meta.url));
const image = (name) => readFileSync(join(here, '../images', name));

const BLENDS = [
  'clear',
  'source',
  'over',
  'in',
  'out',
  'atop',
  'dest',
  'dest-over',
  'dest-in',
  'dest-out',
  'dest-atop',
  'xor',
  'add',
  'saturate',
  'multiply',
  'screen',
  'overlay',
  'darken',
  'lighten',
  'colour-dodge',
  'colour-burn',
  'hard-light',
  'soft-light',
  'difference',
  'exclusion',
];

/** A layer with all levels of alpha from left to right, and of colour from top to bottom. */
const overlay = await sharp(
  Buffer.from(
    Array.from({ length: 32 * 24 }, (_, i) => {
      const [x, y] = [i % 32, Math.floor(i / 32)];
      return [y * 11, 255 - y * 11, (x * 37 + y * 5) % 256, Math.min(255, x * 9)];
    }).flat(),
  ),
  { raw: { width: 32, height: 24, channels: 4 } },
)
  .png({ compressionLevel: 9 })
  .toBuffer();
const stamp = await sharp(overlay).extract({ left: 18, top: 3, width: 14, height: 10 }).removeAlpha().png().toBuffer();

const file = (bytes) => ({ file: bytes.toString('base64') });
const png = { format: 'png' };

async function write(name, input, plan, chain, { format = 'png', ...tolerance } = {}) {
  const { data, info } = await chain.png().toBuffer({ resolveWithObject: true });
  const expect = {
    format,
    width: info.width,
    height: info.height,
    alpha: format !== 'jpeg' && info.channels % 2 === 0,
  };
  writeFileSync(
    join(here, `${name}.json`),
    `${JSON.stringify({ image: input, plan, expect, ...tolerance }, null, 2)}\n`,
  );
  writeFileSync(join(here, `${name}.png`), data);
}

/** sharp's names: composite() uses compass points where a plan uses sides. */
const compass = {
  centre: 'centre',
  top: 'north',
  right: 'east',
  bottom: 'south',
  left: 'west',
  'left top': 'northwest',
  'right top': 'northeast',
  'left bottom': 'southwest',
  'right bottom': 'southeast',
};

async function composite(name, input, layers, tolerance) {
  const ours = layers.map(({ bytes, gravity, ...layer }) => ({
    source: file(bytes),
    ...layer,
    ...(gravity && { position: gravity }),
  }));
  const theirs = layers.map(({ bytes, gravity, ...layer }) => ({
    input: bytes,
    ...layer,
    ...(gravity && { gravity: compass[gravity] }),
  }));
  await write(
    `composite-${name}`,
    input,
    { effects: [{ effect: 'composite', layers: ours }], encode: png },
    sharp(image(input)).composite(theirs),
    tolerance,
  );
}

// sharp truncates fractions, so a difference of one level is rounding.
const rounding = { mean: 0.75, max: 3 };
for (const blend of BLENDS) {
  await composite(blend, 'rgba.png', [{ bytes: overlay, blend, left: 16, top: 12 }], rounding);
}
await composite('opaque', 'rgb.png', [{ bytes: overlay }], rounding);
await composite('grey', 'grey.png', [{ bytes: stamp, gravity: 'right bottom' }], rounding);
await composite(
  'hanging-over',
  'rgb.png',
  [
    { bytes: overlay, left: -9, top: -7 },
    { bytes: stamp, left: 57, top: 44, blend: 'difference' },
  ],
  rounding,
);
await composite(
  'several',
  'rgba.png',
  [
    { bytes: overlay, gravity: 'left' },
    { bytes: overlay, gravity: 'top', blend: 'multiply' },
    { bytes: stamp, gravity: 'right top', blend: 'dest-out' },
  ],
  rounding,
);
for (const gravity of [
  'centre',
  'top',
  'right',
  'bottom',
  'left',
  'left top',
  'right top',
  'left bottom',
  'right bottom',
]) {
  const name = `tile-${gravity.replace(' ', '-')}`;
  await composite(name, 'rgb.png', [{ bytes: stamp, gravity, tile: true, blend: 'over' }], rounding);
}
await composite(
  'tile-offset',
  'rgb.png',
  [{ bytes: stamp, left: 5, top: 3, tile: true, blend: 'exclusion' }],
  rounding,
);

// Trimming: a photo-like image with a noisy border, in the four orientations of a camera.
const framed = await sharp(image('rgb.png'))
  .extend({ top: 9, right: 5, bottom: 7, left: 13, background: '#f4f1ea' })
  .png()
  .toBuffer();
writeFileSync(join(here, '../images/framed.png'), framed);
const cutout = await sharp(image('rgba.png'))
  .extend({ top: 3, left: 8, right: 2, bottom: 11, background: '#0000' })
  .png()
  .toBuffer();
writeFileSync(join(here, '../images/cutout.png'), cutout);
const exact = { mean: 0, max: 0 };
await write('trim', 'framed.png', { trim: {}, encode: png }, sharp(framed).trim(), exact);
await write(
  'trim-margin',
  'framed.png',
  { trim: { margin: 6 }, encode: png },
  sharp(framed).trim({ margin: 6 }),
  exact,
);
await write(
  'trim-lineart',
  'framed.png',
  { trim: { lineart: true, threshold: 40 }, encode: png },
  sharp(framed).trim({ lineArt: true, threshold: 40 }),
  exact,
);
await write(
  'trim-background',
  'framed.png',
  { trim: { background: '#00ff00', threshold: 20 }, encode: png },
  sharp(framed).trim({ background: '#00ff00', threshold: 20 }),
  exact,
);
await write('trim-alpha', 'cutout.png', { trim: {}, encode: png }, sharp(cutout).trim(), exact);
await write(
  'trim-then-crop',
  'framed.png',
  {
    trim: {},
    crop: { left: 3, top: 2, width: 40, height: 30 },
    encode: png,
  },
  sharp(framed).trim().extract({ left: 3, top: 2, width: 40, height: 30 }),
  exact,
);

// Averaging powers. sharp keeps them in 8 bits, which shows in dark areas.
for (const gamma of [1.5, 2.2, 3]) {
  const resize = { width: 32, height: 24, fit: 'fill', light: { gamma } };
  await write(
    `resize-gamma-${gamma * 10}`,
    'lines.png',
    { resize, encode: png },
    sharp(image('lines.png')).gamma(gamma).resize(32, 24, { fit: 'fill' }),
    { mean: 1.5, max: 12 },
  );
}
await write(
  'resize-gamma-alpha',
  'rgba.png',
  { resize: { width: 36, light: { gamma: 2.2 } }, encode: png },
  sharp(image('rgba.png')).gamma(2.2).resize(36),
  { mean: 1.5, max: 24 },
);
await write(
  'resize-background',
  'rgb.png',
  {
    resize: { width: 40, height: 40, fit: 'contain', background: '#20406080' },
    background: '#ff0000',
    encode: png,
  },
  sharp(image('rgb.png')).resize(40, 40, { fit: 'contain', background: '#20406080' }),
  { mean: 1, max: 6 },
);

// Drawings. The edges of resvg and librsvg differ, because they compute partly covered pixels differently.
const NS = 'xmlns="http://www.w3.org/2000/svg"';
const drawings = {
  circle: `<svg ${NS} width="64" height="64"><circle cx="32" cy="32" r="32"/></svg>`,
  rounded: `<svg ${NS}><rect x="0" y="0" width="60" height="40" rx="12" ry="12" fill="#3366cc"/></svg>`,
  path:
    `<svg ${NS} viewBox="0 0 100 80"><path d="M10 70 C 20 10, 80 10, 90 70 S 60 40 50 75 Z" fill="none" stroke="#c03" ` +
    'stroke-width="5" stroke-linejoin="round" stroke-dasharray="14 6"/></svg>',
  linear:
    `<svg ${NS} width="80" height="50"><defs><linearGradient id="a" x1="0" x2="1" y2="1"><stop offset="0" ` +
    'stop-color="#ff0"/><stop offset=".6" stop-color="#06c" stop-opacity=".7"/><stop offset="1" stop-color="#000"/>' +
    '</linearGradient></defs><rect width="80" height="50" fill="url(#a)"/></svg>',
  radial:
    `<svg ${NS} width="60" height="60"><radialGradient id="a" fx=".3" fy=".3"><stop stop-color="#fff"/><stop ` +
    'offset="1" stop-color="#604"/></radialGradient><ellipse cx="30" cy="30" rx="28" ry="20" fill="url(#a)"/></svg>',
  mask:
    `<svg ${NS} width="60" height="60"><mask id="m"><rect width="60" height="60" fill="#fff"/><circle cx="30" cy="30" ` +
    'r="14"/></mask><clipPath id="c"><path d="M30 0L60 60H0z"/></clipPath><g clip-path="url(#c)" opacity=".8"><rect ' +
    'width="60" height="60" fill="#0a6" mask="url(#m)"/></g></svg>',
  use:
    `<svg ${NS} xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="40"><style>.b{fill:#e60}</style><defs>` +
    '<g id="s"><path class="b" d="M0-12 3-4h9l-7 5 3 9-8-6-8 6 3-9-7-5h9z"/></g></defs><use xlink:href="#s" x="20" y="20"/>' +
    '<use href="#s" transform="translate(65 20) scale(1.3)"/></svg>',
  blur:
    `<svg ${NS} width="60" height="60"><filter id="f" x="-.3" y="-.3" width="1.6" height="1.6"><feGaussianBlur ` +
    'stdDeviation="3"/></filter><rect x="15" y="15" width="30" height="30" fill="#309" filter="url(#f)"/></svg>',
};
mkdirSync(join(here, 'svg'), { recursive: true });
for (const [name, text] of Object.entries(drawings)) {
  const input = `${name}.svg`;
  writeFileSync(join(here, '../images', input), `${text}\n`);
  await write(`svg/${name}`, input, {}, sharp(Buffer.from(text)), { mean: 1.5, max: 255 });
}
// No enlarging, because sharp uses a different kernel for it.
const small = `<svg ${NS} width="48" height="48"><circle cx="24" cy="24" r="24"/></svg>`;
await write('svg/density', 'path.svg', { dpi: 144 }, sharp(Buffer.from(drawings.path), { density: 144 }), {
  mean: 1.5,
  max: 255,
});
await write(
  'svg/avatar',
  'rgb.png',
  {
    resize: { width: 48, height: 48 },
    effects: [{ effect: 'composite', layers: [{ source: { svg: small }, blend: 'dest-in' }] }],
    encode: png,
  },
  sharp(image('rgb.png'))
    .resize(48, 48)
    .composite([{ input: Buffer.from(small), blend: 'dest-in' }]),
  { mean: 1.5, max: 255 },
);

// The inputs of random chains: images of every kind, and some that are not images.

import { Readable } from 'node:stream';
import { circle } from '../chains/common.mjs';

const square = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20" fill="#c33" fill-opacity="0.6"/></svg>',
);
const drawing = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><rect width="60" height="60" fill="#08f"/><circle cx="60" cy="30" r="25" fill="#fa0"/></svg>',
);
/** Soft waves in every channel, which hardly show differences between kernels or half pixels. */
const waves = (length, channels) =>
  Uint8Array.from({ length }, (_, i) => 128 + 100 * Math.sin(i / (500 * channels) + (i % channels)));

/** How often each kind of input is used. */
export const pictures = {
  'photo.jpg': 18,
  'photo.png': 12,
  'photo-alpha.png': 12,
  'grey-60.png': 3,
  'alpha-60.png': 3,
  'orientation-1.jpg': 1,
  'orientation-2.jpg': 2,
  'orientation-3.jpg': 2,
  'orientation-4.jpg': 2,
  'orientation-5.jpg': 2,
  'orientation-6.jpg': 5,
  'orientation-7.jpg': 2,
  'orientation-8.jpg': 3,
  'rgb.jpg': 2,
  'grey.jpg': 2,
  'cmyk.jpg': 2,
  'progressive.jpg': 1,
  '422.jpg': 1,
  'restart.jpg': 1,
  'grey-alpha.png': 2,
  'rgb-16.png': 2,
  'rgba-16.png': 2,
  'palette.png': 2,
  'palette-alpha.png': 2,
  'one-bit.png': 1,
  'grey-4.png': 1,
  'transparent-colour.png': 1,
  'interlaced.png': 1,
  'lossy.webp': 3,
  'lossless.webp': 1,
  'alpha.webp': 3,
  'still.gif': 2,
  'animated.gif': 2,
  'animated.webp': 2,
  'frames of animated.gif': 4,
  'frames of animated.webp': 3,
  'repeats.gif': 1,
  drawing: 3,
  circle: 1,
  tiny: 2,
  'tiny-alpha': 1,
  line: 1,
  'raw rgb': 2,
  'raw rgba': 2,
  'raw grey': 1,
  create: 3,
  'create-alpha': 2,
  'half.jpg': 2,
  'half.png': 1,
  'half.webp': 1,
  text: 1,
  missing: 1,
  nothing: 1,
};

/** Bytes or a path, and the options that the input requires. */
export function picture(name, open) {
  const half = (file) => {
    const bytes = open(file, true);
    return bytes.subarray(0, bytes.length >> 1);
  };
  const created = (channels, background) => [{ create: { width: 40, height: 30, channels, background } }];
  const raw = (width, height, channels) => [
    waves(width * height * channels, channels),
    { raw: { width, height, channels } },
  ];
  const special = {
    drawing: () => [drawing],
    circle: () => [circle],
    square: () => [square],
    text: () => [Buffer.from('this is a text, not an image')],
    missing: () => ['/no/such/file.jpg'],
    nothing: () => [Buffer.alloc(0)],
    create: () => created(3, '#4080c0'),
    'create-alpha': () => created(4, { r: 200, g: 100, b: 50, alpha: 0.5 }),
    'raw rgb': () => raw(60, 40, 3),
    'raw rgba': () => raw(60, 40, 4),
    'raw grey': () => raw(60, 40, 1),
    'frames of animated.gif': () => [open('animated.gif', true), { animated: true }],
    'frames of animated.webp': () => [open('animated.webp', true), { animated: true }],
    'half.jpg': () => [half('landscape.jpg')],
    'half.png': () => [half('coffee.png')],
    'half.webp': () => [half('lossy.webp')],
  };
  return special[name]?.() ?? [open(name, true)];
}

/** The same input in another form; sharp accepts all of these. */
export function inForm(form, [input, own], given, open, name) {
  const options = given || own ? { ...own, ...given } : undefined;
  if (input.create) return [{ ...input, ...options }];
  if (form === 'stream') {
    return {
      start: options ? [options] : [],
      feed: (chain) =>
        void Readable.from(Buffer.isBuffer(input) ? [input.subarray(0, 50), input.subarray(50)] : [input]).pipe(chain),
    };
  }
  const file =
    form === 'path' && /^(?!half)[\w-]+\.\w+$/.test(name) && typeof open(name) === 'string' ? open(name) : input;
  const taken =
    { uint8: () => new Uint8Array(input), arraybuffer: () => new Uint8Array(input).buffer }[form]?.() ?? file;
  return options ? [taken, options] : [taken];
}

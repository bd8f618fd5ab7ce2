// Inputs: formats, colours, frames, headers.

import { chain, circle, DRAWN, LOSSY, lossless } from './common.mjs';

function inputs() {
  const files = [
    'rgb.jpg',
    'grey.jpg',
    'cmyk.jpg',
    'progressive.jpg',
    '422.jpg',
    'restart.jpg',
    'rgb.png',
    'rgba.png',
    'grey.png',
    'grey-4.png',
    'grey-alpha.png',
    'one-bit.png',
    'palette.png',
    'palette-alpha.png',
    'rgb-16.png',
    'rgba-16.png',
    'transparent-colour.png',
    'interlaced.png',
    'lossy.webp',
    'lossless.webp',
    'alpha.webp',
    'still.gif',
    'animated.gif',
    'animated.webp',
  ];
  return [
    ...files.flatMap((file) => [
      chain(`input: ${file} as it is`, (s, open) => s(open(file)), { tolerance: LOSSY }),
      chain(`input: ${file} to png`, (s, open) => lossless(s(open(file)))),
      chain(`input: ${file} resized`, (s, open) => lossless(s(open(file)).resize(37)), { tolerance: DRAWN }),
      chain(`input: ${file} to raw`, (s, open) => s(open(file)).raw()),
      chain(`input: ${file} to jpeg`, (s, open) => s(open(file)).jpeg({ quality: 100, chromaSubsampling: '4:4:4' })),
    ]),
    ...[
      'fig-adobe-rgb.jpg',
      'brushes-display-p3.jpg',
      'fig-cmyk.jpg',
      'fig-ycck-no-profile.jpg',
      'swapped-profile.jpg',
      'sunset-16-bit.png',
      'photos/grey.jpg',
      'stream.webp',
    ].map((file) => chain(`input: photo ${file}`, (s, open) => lossless(s(open(file)).resize(120)))),
    chain('input: raw rgb', (s) =>
      lossless(s(Buffer.from([...Array(60).keys()].map((i) => i * 4)), { raw: { width: 5, height: 4, channels: 3 } })),
    ),
    chain('input: raw grey', (s) =>
      lossless(
        s(
          new Uint8Array(20).map((_, i) => i * 12),
          { raw: { width: 5, height: 4, channels: 1 } },
        ),
      ),
    ),
    chain(
      'input: raw rgba resized',
      (s) =>
        lossless(
          s(
            new Uint8ClampedArray(4800).map((_, i) => i / 20),
            { raw: { width: 40, height: 30, channels: 4 } },
          ).resize(15),
        ),
      { tolerance: DRAWN },
    ),
    chain('input: raw stays raw', (s) => s(Buffer.alloc(12, 7), { raw: { width: 2, height: 2, channels: 3 } })),
    chain('input: create', (s) =>
      lossless(s({ create: { width: 20, height: 10, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } } })),
    ),
    chain('input: create rgb', (s) =>
      lossless(s({ create: { width: 20, height: 10, channels: 3, background: 'hsl(120, 50%, 50%)' } })),
    ),
    chain('input: create stays raw', (s) => s({ create: { width: 2, height: 2, channels: 4, background: 'red' } })),
    chain('input: ArrayBuffer', (s, open) => lossless(s(new Uint8Array(open('rgb.jpg', true)).buffer).resize(20)), {
      tolerance: DRAWN,
    }),
    chain('input: Uint8Array', (s, open) => lossless(s(new Uint8Array(open('rgb.jpg', true))).resize(20)), {
      tolerance: DRAWN,
    }),
    chain('input: svg', (s) => s(circle)),
    chain('input: svg resized', (s) => s(circle).resize(20)),
    chain('input: svg resized up', (s) => s(circle).resize(100)),
    chain('input: svg with density', (s) => s(circle, { density: 144 })),
    chain(
      'input: options',
      (s, open) => lossless(s(open('rgb.jpg'), { sequentialRead: false, unlimited: true, failOn: 'error' }).resize(20)),
      { tolerance: DRAWN },
    ),
    chain('input: ignoreIcc', (s, open) => lossless(s(open('fig-adobe-rgb.jpg'), { ignoreIcc: true }).resize(120))),
    chain(
      'input: limitInputPixels just enough',
      (s, open) => lossless(s(open('rgb.jpg'), { limitInputPixels: 96 * 72 }).resize(20)),
      { tolerance: DRAWN },
    ),
    chain('input: limitInputPixels one too few', (s, open) =>
      lossless(s(open('rgb.jpg'), { limitInputPixels: 96 * 72 - 1 }).resize(20)),
    ),
    chain(
      'input: limitInputPixels false',
      (s, open) => lossless(s(open('rgb.jpg'), { limitInputPixels: false }).resize(20)),
      { tolerance: DRAWN },
    ),
    chain('input: limitInputChannels', (s, open) =>
      lossless(s(open('rgba.png'), { limitInputChannels: 3 }).resize(20)),
    ),
  ];
}

function headers() {
  const files = [
    'rgb.jpg',
    'orientation-6.jpg',
    'orientation-3.jpg',
    'cmyk.jpg',
    'grey.jpg',
    '422.jpg',
    'progressive.jpg',
    'rgba.png',
    'palette.png',
    'palette-alpha.png',
    'one-bit.png',
    'grey-alpha.png',
    'rgb-16.png',
    'rgba-16.png',
    'transparent-colour.png',
    'interlaced.png',
    'animated.gif',
    'animated.webp',
    'still.gif',
    'alpha.webp',
    'lossless.webp',
    'fig-adobe-rgb.jpg',
    'portrait-orientation-6.jpg',
    'animation.gif',
  ];
  return [
    ...files.flatMap((file) => [
      chain(`metadata: ${file}`, (s, open) => s(open(file)).metadata()),
      chain(`metadata: ${file} from a buffer`, (s, open) => s(open(file, true)).metadata()),
    ]),
    chain('metadata: animated', (s, open) => s(open('animated.gif'), { animated: true }).metadata()),
    chain('metadata: animated webp', (s, open) => s(open('animated.webp'), { animated: true }).metadata()),
    chain('metadata: raw', (s) => s(Buffer.alloc(12), { raw: { width: 2, height: 2, channels: 3 } }).metadata()),
    chain('metadata: create', (s) => s({ create: { width: 2, height: 2, channels: 4, background: 'red' } }).metadata()),
    chain('metadata: svg', (s) => s(circle).metadata()),
    chain('metadata: of what the chain does not change', (s, open) => s(open('rgb.jpg')).resize(10).metadata()),
    chain(
      'metadata: callback',
      (s, open) =>
        new Promise((resolve, reject) => {
          s(open('rgb.jpg')).metadata((error, metadata) => (error ? reject(error) : resolve(metadata)));
        }),
    ),
    ...['rgb.jpg', 'rgb.png', 'rgba.png', 'grey.png', 'grey-alpha.png', 'coffee.png'].map((file) =>
      chain(`stats: ${file}`, (s, open) => s(open(file)).stats(), {
        loose: {
          entropy: 0.02,
          sharpness: 0.2,
          mean: 1,
          stdev: 1,
          sum: Infinity,
          squaresSum: Infinity,
          min: file.endsWith('jpg') ? 3 : 0,
          max: file.endsWith('jpg') ? 3 : 0,
          minX: Infinity,
          minY: Infinity,
          maxX: Infinity,
          maxY: Infinity,
        },
      }),
    ),
  ];
}

function animations() {
  return ['animated.gif', 'animated.webp'].flatMap((file) => [
    chain(`animation: ${file} first frame`, (s, open) => lossless(s(open(file)))),
    chain(`animation: ${file} to gif`, (s, open) => s(open(file), { animated: true }).gif(), { tolerance: 8 }),
    chain(`animation: ${file} to webp`, (s, open) => s(open(file), { animated: true }).webp({ lossless: true })),
    chain(`animation: ${file} pages -1`, (s, open) => s(open(file), { pages: -1 }).resize(30).webp({ lossless: true })),
    chain(`animation: ${file} page 1`, (s, open) => lossless(s(open(file), { page: 1 }))),
    chain(`animation: ${file} page 1, pages 2`, (s, open) =>
      s(open(file), { page: 1, pages: 2 }).webp({ lossless: true }),
    ),
    chain(`animation: ${file} page 99`, (s, open) => lossless(s(open(file), { page: 99 }))),
    chain(`animation: ${file} cover`, (s, open) =>
      s(open(file), { animated: true }).resize(30, 30).webp({ lossless: true }),
    ),
    chain(`animation: ${file} contain`, (s, open) =>
      s(open(file), { animated: true }).resize(30, 30, { fit: 'contain' }).webp({ lossless: true }),
    ),
    chain(`animation: ${file} extract`, (s, open) =>
      s(open(file), { animated: true }).extract({ left: 5, top: 6, width: 40, height: 30 }).webp({ lossless: true }),
    ),
    chain(`animation: ${file} extend`, (s, open) =>
      s(open(file), { animated: true }).extend(5).webp({ lossless: true }),
    ),
    chain(`animation: ${file} flop`, (s, open) => s(open(file), { animated: true }).flop().webp({ lossless: true })),
    chain(`animation: ${file} loop and delay`, (s, open) =>
      s(open(file), { animated: true }).webp({ lossless: true, loop: 5, delay: [50, 60, 70, 80] }),
    ),
    chain(`animation: ${file} one delay`, (s, open) => s(open(file), { animated: true }).gif({ delay: 120 }), {
      tolerance: 8,
    }),
    chain(`animation: ${file} rotate`, (s, open) => s(open(file), { animated: true }).rotate(90).webp()),
    chain(`animation: ${file} trim`, (s, open) => s(open(file), { animated: true }).trim().webp()),
    chain(`animation: ${file} attention`, (s, open) =>
      s(open(file), { animated: true }).resize(20, 40, { position: 'attention' }).webp(),
    ),
    chain(`animation: ${file} gamma and resize`, (s, open) =>
      s(open(file), { animated: true }).gamma().resize(40).webp({ lossless: true }),
    ),
    chain(`animation: ${file} greyscale`, (s, open) =>
      s(open(file), { animated: true }).greyscale().webp({ lossless: true }),
    ),
    chain(`animation: ${file} to png`, (s, open) => s(open(file), { animated: true }).png()),
  ]);
}

export default () => [...inputs(), ...headers(), ...animations()];

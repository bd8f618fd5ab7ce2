// Chains that few people write, and random chains that once gave different results.

import { chain, LOSSY, lossless } from './common.mjs';

function damage() {
  const cut = (open, file, part) => {
    const bytes = open(file, true);
    return bytes.subarray(0, Math.floor(bytes.length * part));
  };
  const marked = (open) => {
    const bytes = Buffer.from(open('rgb.jpg', true));
    bytes.writeUInt16BE(0xffd3, Math.floor(bytes.length * 0.7));
    return bytes;
  };
  return [
    ...['none', 'truncated', 'error', 'warning'].flatMap((failOn) => [
      chain(`damage: a marker inside a JPEG, failOn ${failOn}`, (s, open) =>
        s(marked(open), { failOn }).resize(20).metadata(),
      ),
      chain(
        `damage: a JPEG without its end, failOn ${failOn}`,
        (s, open) => s(open('rgb.jpg', true).subarray(0, -2), { failOn }).png(),
        { tolerance: LOSSY },
      ),
      chain(
        `damage: a GIF that ends in its third frame, failOn ${failOn}`,
        (s, open) =>
          s(cut(open, 'animated.gif', 0.6), { failOn, animated: true })
            .resize(40)
            .webp({ lossless: true }),
        { tolerance: LOSSY },
      ),
      chain(
        `damage: a GIF that ends in its first frame, failOn ${failOn}`,
        (s, open) => s(cut(open, 'animated.gif', 0.1), { failOn }).png(),
        { tolerance: failOn === 'none' ? Infinity : LOSSY },
      ),
      chain(
        `damage: stats of half a PNG, failOn ${failOn}`,
        async (s, open) => (await s(cut(open, 'coffee.png', 0.5), { failOn }).stats()).channels.length,
      ),
    ]),
    chain('damage: metadata of half a WebP', (s, open) => s(cut(open, 'lossy.webp', 0.5)).metadata()),
  ];
}

function inputs() {
  return [
    chain('rare: limitInputPixels of raw pixels', (s) =>
      s(Buffer.alloc(12), { raw: { width: 2, height: 2, channels: 3 }, limitInputPixels: 3 }),
    ),
    chain('rare: limitInputPixels of what is created', (s) =>
      s({ create: { width: 20, height: 20, channels: 3, background: 'red' }, limitInputPixels: 399 }).png(),
    ),
    chain('rare: limitInputChannels of what is created', (s) =>
      s({ create: { width: 20, height: 20, channels: 4, background: 'red' }, limitInputChannels: 3 }).png(),
    ),
    chain('rare: page of a JPEG', (s, open) => lossless(s(open('photo.jpg'), { page: 2 }))),
    chain('rare: page beyond the last of a buffer', (s, open) => s(open('animated.gif', true), { page: 9 })),
    chain('rare: no pages', (s, open) => s(open('animated.gif'), { pages: 0 })),
    chain('rare: which of two wrong options is told', (s) =>
      s('x', { limitInputPixels: -1, sequentialRead: 1, density: 0 }),
    ),
    ...[
      { h: 120, s: 50, v: 50 },
      { c: 10, m: 20, y: 30, k: 40 },
      { l: 50, a: 20, b: 30 },
      { l: 50, c: 20, h: 30 },
      'hsl(0.5turn, 50%, 50%)',
      'rgb(50%, 2, 3)',
    ].map((background) =>
      chain(`rare: colour ${JSON.stringify(background)}`, (s) =>
        s({ create: { width: 2, height: 2, channels: 3, background } }).png(),
      ),
    ),
  ];
}

function outputs() {
  return [
    chain('rare: frames that repeat', (s, open) => s(open('repeats.gif'), { animated: true }).gif()),
    chain('rare: frames that repeat are kept', (s, open) =>
      s(open('repeats.gif'), { animated: true }).gif({ keepDuplicateFrames: true }),
    ),
    chain('rare: grey with a profile', (s, open) => lossless(s(open('photo.jpg')).toColourspace('b-w').withMetadata())),
    chain('rare: raw in Display P3', (s, open) => s(open('photo.png')).withIccProfile('p3').raw()),
    chain('rare: raw to a file', (s, open) => s(open('photo.jpg')).raw().toFile('/tmp/x.raw')),
    chain('rare: EXIF where there was none', (s, open) => s(open('photo.png')).keepExif()),
  ];
}

function pixels() {
  return [
    ...[0.01, 0.5, 0.9, 1].map((minAmplitude) =>
      chain(`rare: blur with minAmplitude ${minAmplitude}`, (s, open) =>
        lossless(s(open('photo.png')).blur({ sigma: 4, minAmplitude })),
      ),
    ),
    chain('rare: median larger than the picture', (s, open) => s(open('photo.png')).resize(5, 5).median(7).png()),
    chain('rare: a corner on half a pixel', (s, open) =>
      lossless(s(open('photo.png')).extract({ left: 27, top: 36, width: 7, height: 58 }).rotate(-30)),
    ),
    chain('rare: a frame of an animation as a layer', (s, open) =>
      lossless(s(open('photo.png')).composite([{ input: open('animated.gif'), page: 2 }])),
    ),
    chain('rare: tiles with a gravity and an offset', (s, open) =>
      lossless(
        s(open('photo.png')).composite([
          { input: open('alpha-60.png'), tile: true, gravity: 'southeast', left: 35, top: 30 },
        ]),
      ),
    ),
    chain('rare: frames that all become empty', (s, open) =>
      s(open('animated.gif'), { animated: true }).negate().webp(),
    ),
    chain('rare: an area outside of what trim leaves', (s, open) =>
      s(open('framed.png')).trim().extract({ left: 0, top: 0, width: 500, height: 5 }).png(),
    ),
    chain('rare: a layer larger than what trim leaves', (s, open) =>
      s(open('framed.png'))
        .trim()
        .composite([{ input: { create: { width: 500, height: 5, channels: 3, background: 'red' } } }])
        .png(),
    ),
    chain('rare: trim of a pixel, then contain', (s, open) =>
      s(open('tiny')).trim().resize(10, 10, { fit: 'contain' }).png(),
    ),
    chain('rare: trim, then no enlargement', (s, open) =>
      lossless(s(open('photo-alpha.png')).trim().resize(500, 500, { withoutEnlargement: true })),
    ),
    chain('rare: stats of 16 bits', (s, open) => s(open('rgb-16.png')).stats(), {
      loose: {
        entropy: 0.03,
        sharpness: 0.3,
        mean: 200,
        stdev: 200,
        min: 260,
        max: 260,
        sum: Infinity,
        squaresSum: Infinity,
      },
    }),
    chain('rare: stats of a GIF', (s, open) => s(open('animated.gif')).stats(), {
      loose: { entropy: 0.001, sharpness: 0.001 },
    }),
  ];
}

export default () => [...damage(), ...inputs(), ...outputs(), ...pixels()];

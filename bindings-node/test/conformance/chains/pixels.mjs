// Pixels: effects, pairs of effects, layers.

import { chain, gravities, lossless } from './common.mjs';

const effects = {
  'greyscale()': (c) => c.greyscale(),
  'grayscale(false)': (c) => c.grayscale(false),
  'flatten()': (c) => c.flatten(),
  'flatten(white)': (c) => c.flatten({ background: 'white' }),
  'negate()': (c) => c.negate(),
  'negate without alpha': (c) => c.negate({ alpha: false }),
  'negate(false)': (c) => c.negate(false),
  'median()': (c) => c.median(),
  'median(5)': (c) => c.median(5),
  'blur()': (c) => c.blur(),
  'blur(2)': (c) => c.blur(2),
  'blur(0.5)': (c) => c.blur(0.5),
  'blur({ sigma })': (c) => c.blur({ sigma: 4, precision: 'float', minAmplitude: 0.1 }),
  'sharpen()': (c) => c.sharpen(),
  'sharpen({ sigma })': (c) => c.sharpen({ sigma: 2 }),
  'sharpen with all': (c) => c.sharpen({ sigma: 1.5, m1: 0.5, m2: 3, x1: 3, y2: 15, y3: 15 }),
  'gamma()': (c) => c.gamma(),
  'gamma(1.5, 2.5)': (c) => c.gamma(1.5, 2.5),
  'gamma and resize': (c) => c.gamma(2).resize(40),
  'gamma, resize and greyscale': (c) => c.gamma(2).resize(40).greyscale(),
  'normalise()': (c) => c.normalise(),
  'normalize with range': (c) => c.normalize({ lower: 5, upper: 90 }),
  'threshold()': (c) => c.threshold(),
  'threshold(80, colour)': (c) => c.threshold(80, { greyscale: false }),
  'threshold(0)': (c) => c.threshold(0),
  'linear(1.2, -10)': (c) => c.linear(1.2, -10),
  'linear(null, 20)': (c) => c.linear(null, 20),
  'linear by channel': (c) => c.linear([0.5, 1, 1.5], [50, 0, -50]),
  'modulate brightness': (c) => c.modulate({ brightness: 1.3 }),
  'modulate saturation': (c) => c.modulate({ saturation: 0.4 }),
  'modulate hue': (c) => c.modulate({ hue: 120 }),
  'modulate lightness': (c) => c.modulate({ lightness: 20 }),
  'modulate all': (c) => c.modulate({ brightness: 0.8, saturation: 1.4, hue: -40 }),
  'tint(red)': (c) => c.tint('red'),
  'tint({ r, g, b })': (c) => c.tint({ r: 112, g: 66, b: 20 }),
  'removeAlpha()': (c) => c.removeAlpha(),
  'ensureAlpha()': (c) => c.ensureAlpha(),
  'ensureAlpha(0.5)': (c) => c.ensureAlpha(0.5),
  "toColourspace('b-w')": (c) => c.toColourspace('b-w'),
  "toColorspace('srgb')": (c) => c.toColorspace('srgb'),
};

function pixels() {
  return Object.entries(effects).flatMap(([name, apply]) => [
    chain(`effect: ${name} on rgb`, (s, open) => lossless(apply(s(open('photo.png'))))),
    chain(`effect: ${name} on alpha`, (s, open) => lossless(apply(s(open('photo-alpha.png'))))),
    chain(`effect: ${name} on a photo`, (s, open) => lossless(apply(s(open('coffee.png'), {}).resize(160)))),
  ]);
}

function pairs() {
  const names = [
    'greyscale()',
    'flatten(white)',
    'negate()',
    'median()',
    'blur(2)',
    'sharpen()',
    'gamma()',
    'normalise()',
    'threshold()',
    'linear(1.2, -10)',
    'modulate all',
    'tint(red)',
    'removeAlpha()',
    'ensureAlpha(0.5)',
    "toColourspace('b-w')",
  ];
  const list = [];
  for (const [i, first] of names.entries()) {
    for (const second of names.slice(i + 1)) {
      const file = (i + second.length) % 2 ? 'photo-alpha.png' : 'photo.png';
      list.push(
        chain(`pair: ${second} and ${first}`, (s, open) =>
          lossless(effects[first](effects[second](s(open(file)).resize(48, 40)))),
        ),
      );
    }
  }
  const more = {
    'resize and extend': (c) => c.resize(30, 30).extend(5),
    'extend and resize': (c) => c.extend(5).resize(30, 30),
    'extend and blur': (c) => c.extend({ top: 8, bottom: 8, background: 'white' }).blur(3),
    'contain and greyscale': (c) => c.resize(60, 60, { fit: 'contain', background: 'red' }).greyscale(),
    'contain and flatten': (c) =>
      c.resize(60, 60, { fit: 'contain', background: '#f008' }).flatten({ background: 'white' }),
    'contain and rotate(20)': (c) =>
      c.resize(60, 60, { fit: 'contain', background: 'red' }).rotate(20, { background: 'blue' }),
    'rotate(20) and extract': (c) => c.resize(60, 40).rotate(20).extract({ left: 10, top: 10, width: 30, height: 30 }),
    'trim and rotate(90)': (c) => c.trim({ threshold: 50 }).rotate(90),
    'rotate(90) and trim': (c) => c.rotate(90).trim({ threshold: 50 }),
    'flip, extract, resize, extend, sharpen': (c) =>
      c.flip().extract({ left: 5, top: 5, width: 60, height: 50 }).resize(40).extend(3).sharpen({ sigma: 1 }),
    'fill to one side': (c) => c.resize(30, null, { fit: 'fill' }),
    'trim and fill to one side': (c) => c.trim({ threshold: 50 }).resize(30, null, { fit: 'fill' }),
  };
  for (const [name, apply] of Object.entries(more)) {
    for (const file of ['photo.png', 'photo-alpha.png'])
      list.push(chain(`pair: ${name} on ${file}`, (s, open) => lossless(apply(s(open(file))))));
  }
  return list;
}

function layers() {
  const blends = [
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
    'color-dodge',
    'colour-burn',
    'color-burn',
    'hard-light',
    'soft-light',
    'difference',
    'exclusion',
  ];
  const half = { create: { width: 30, height: 20, channels: 4, background: { r: 255, g: 128, b: 0, alpha: 0.5 } } };
  return [
    ...blends.map((blend) =>
      chain(`layer: ${blend}`, (s, open) =>
        lossless(s(open('photo.png')).composite([{ input: open('alpha-60.png'), blend }])),
      ),
    ),
    ...blends
      .filter((_, i) => i % 3 === 0)
      .map((blend) =>
        chain(`layer: ${blend} on alpha`, (s, open) =>
          lossless(s(open('photo-alpha.png')).composite([{ input: open('alpha-60.png'), blend }])),
        ),
      ),
    ...gravities.map((gravity) =>
      chain(`layer: ${gravity}`, (s, open) => lossless(s(open('photo.png')).composite([{ input: half, gravity }]))),
    ),
    ...gravities
      .filter((_, i) => i % 2 === 0)
      .map((gravity) =>
        chain(`layer: tiled ${gravity}`, (s, open) =>
          lossless(s(open('photo.png')).composite([{ input: half, gravity, tile: true }])),
        ),
      ),
    chain('layer: at', (s, open) => lossless(s(open('photo.png')).composite([{ input: half, left: 7, top: 21 }]))),
    chain('layer: partly outside', (s, open) =>
      lossless(s(open('photo.png')).composite([{ input: half, left: -7, top: 40 }])),
    ),
    chain('layer: all outside', (s, open) =>
      lossless(s(open('photo.png')).composite([{ input: half, left: 2000, top: 40 }])),
    ),
    chain('layer: tiled from', (s, open) =>
      lossless(s(open('photo.png')).composite([{ input: half, left: 5, top: 5, tile: true }])),
    ),
    chain('layer: several', (s, open) =>
      lossless(
        s(open('photo.png')).composite([
          { input: half, left: 0, top: 0 },
          { input: open('grey-60.png'), blend: 'multiply', gravity: 'southeast' },
          { input: half, blend: 'screen' },
        ]),
      ),
    ),
    chain('layer: none', (s, open) => lossless(s(open('photo.png')).composite([]))),
    chain('layer: raw', (s, open) =>
      lossless(
        s(open('photo.png')).composite([
          { input: Buffer.alloc(300, 99), raw: { width: 10, height: 10, channels: 3 }, top: 3, left: 4 },
        ]),
      ),
    ),
    chain('layer: an oriented file', (s, open) =>
      lossless(
        s(open('landscape.jpg'))
          .resize(200)
          .composite([{ input: open('orientation-6.jpg') }]),
      ),
    ),
    chain('layer: an oriented file, upright', (s, open) =>
      lossless(
        s(open('landscape.jpg'))
          .resize(200)
          .composite([{ input: open('orientation-6.jpg'), autoOrient: true }]),
      ),
    ),
    chain('layer: flatten, then transparent again, to jpeg', (s, open) =>
      s(open('photo-alpha.png'))
        .flatten({ background: 'white' })
        .extend({ top: 9, background: '#0000' })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
    ),
    chain('layer: to jpeg', (s, open) =>
      s(open('photo.jpg'))
        .composite([{ input: half }])
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
    ),
    chain('layer: after effects', (s, open) =>
      lossless(
        s(open('photo.jpg'))
          .resize(60)
          .blur(2)
          .composite([{ input: half }])
          .negate(),
      ),
    ),
    chain('layer: too large', (s, open) =>
      lossless(s(open('photo.jpg')).composite([{ input: open('landscape.jpg') }])),
    ),
    chain('layer: too large after resize', (s, open) =>
      lossless(
        s(open('photo.jpg'))
          .resize(20)
          .composite([{ input: half }]),
      ),
    ),
    chain('layer: not an image', (s, open) =>
      lossless(s(open('photo.jpg')).composite([{ input: Buffer.from('no image') }])),
    ),
    ...[
      'circle cx="20" cy="20" r="15" fill="red"',
      'rect x="3" y="4" width="30" height="20" rx="6" ry="6" fill="#08f"',
      'ellipse cx="20" cy="20" rx="18" ry="9" fill="green"',
      'path d="M4 4 L36 8 L20 36 Z" fill="purple"',
      'rect width="40" height="40" fill="#fff" fill-opacity="0.5"',
    ].map((shape) =>
      chain(`layer: svg ${shape.split(' ')[0]} ${shape.length}`, (s, open) =>
        lossless(
          s(open('photo.png')).composite([
            {
              input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><${shape}/></svg>`),
              gravity: 'northwest',
            },
          ]),
        ),
      ),
    ),
    chain('layer: svg rounded corners', (s, open) =>
      lossless(
        s(open('landscape.jpg'))
          .resize(80, 80)
          .composite([
            {
              input: Buffer.from('<svg><rect x="0" y="0" width="80" height="80" rx="20" ry="20"/></svg>'),
              blend: 'dest-in',
            },
          ]),
      ),
    ),
  ];
}

export default () => [...pixels(), ...pairs(), ...layers()];

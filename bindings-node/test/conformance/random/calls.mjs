// Every call of tiers A to C, with its arguments and its frequency.

import { boolean, colour, integer, number, oneOf, options, side } from './values.mjs';

const optional =
  (value, chance = 0.5) =>
  (r, hostile) =>
    r.chance(chance) ? value(r, hostile) : undefined;
const none = () => [];
const one = (value) => (r, hostile) => [value(r, hostile)];
/** One argument, or none at all. */
const maybe =
  (value, chance = 0.6) =>
  (r, hostile) =>
    r.chance(chance) ? [value(r, hostile)] : [];

const positions = [
  'centre',
  'center',
  'north',
  'northeast',
  'east',
  'southeast',
  'south',
  'southwest',
  'west',
  'northwest',
  'top',
  'right top',
  'right',
  'right bottom',
  'bottom',
  'left bottom',
  'left',
  'left top',
  0,
  3,
  8,
];
const resizeOptions = {
  fit: [oneOf(['cover', 'contain', 'fill', 'inside', 'outside'], ['toString', 'coverr', '__proto__']), 0.5],
  position: [oneOf(positions, [9, 18, 'nowhere', 'constructor']), 0.2],
  background: [colour, 0.2],
  kernel: [oneOf(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'], ['lanczos4', 'toString']), 0.12],
  withoutEnlargement: [boolean, 0.3],
  withoutReduction: [boolean, 0.06],
  fastShrinkOnLoad: [boolean, 0.06],
};

const region = options({
  left: [integer(0, 60), 0.98],
  top: [integer(0, 40), 0.98],
  width: [integer(1, 90), 0.98],
  height: [integer(1, 70), 0.98],
});
const border = options(
  {
    top: integer(0, 20),
    bottom: integer(0, 20),
    left: integer(0, 20),
    right: integer(0, 20),
    background: colour,
    extendWith: [oneOf(['background', 'copy', 'repeat', 'mirror'], ['x']), 0.3],
  },
  0.6,
);
const numbers = (r, hostile) =>
  r.chance(0.6)
    ? number(0, 2)(r, hostile)
    : Array.from({ length: r.pick([1, 2, 3, 3, 4]) }, () => number(0, 2)(r, hostile));
const animation = {
  loop: [integer(0, 65535, [0, 1, 3]), 0.1],
  delay: [oneOf([0, 50, 100, [50], [100, 100]], [[], [-1], 'x', 70000]), 0.1],
};

export const formats = {
  jpeg: options({
    quality: [integer(1, 100, [60, 75, 80, 85, 90]), 0.7],
    progressive: boolean,
    chromaSubsampling: [oneOf(['4:2:0', '4:4:4'], ['4:2:2']), 0.2],
    mozjpeg: [boolean, 0.2],
    optimiseCoding: [boolean, 0.1],
    optimizeCoding: [boolean, 0.1],
    trellisQuantisation: [boolean, 0.08],
    overshootDeringing: [boolean, 0.08],
    optimiseScans: [boolean, 0.08],
    optimizeScans: [boolean, 0.05],
    quantisationTable: [oneOf([0, 3], [9, -1]), 0.05],
    force: [boolean, 0.05],
  }),
  png: options({
    compressionLevel: integer(0, 9),
    progressive: [boolean, 0.2],
    adaptiveFiltering: [boolean, 0.15],
    palette: [boolean, 0.2],
    quality: [integer(0, 100, [80, 90, 100]), 0.2],
    effort: [integer(1, 10), 0.1],
    colours: [integer(2, 256, [2, 8, 16, 64, 128]), 0.1],
    colors: [integer(2, 256), 0.05],
    dither: [number(0, 1), 0.1],
    force: [boolean, 0.05],
  }),
  webp: options({
    quality: [integer(1, 100, [60, 75, 80, 85]), 0.7],
    alphaQuality: [integer(0, 100), 0.1],
    lossless: [boolean, 0.2],
    nearLossless: [boolean, 0.1],
    smartSubsample: [boolean, 0.1],
    effort: [integer(0, 6), 0.25],
    preset: [oneOf(['default', 'photo', 'picture', 'drawing', 'icon', 'text'], ['x']), 0.05],
    exact: [boolean, 0.05],
    ...animation,
    force: [boolean, 0.05],
  }),
  gif: options({
    colours: [integer(2, 256, [16, 64, 256]), 0.2],
    effort: [integer(1, 10), 0.15],
    dither: [number(0, 1), 0.2],
    reuse: [boolean, 0.05],
    progressive: [boolean, 0.1],
    keepDuplicateFrames: [boolean, 0.05],
    interFrameMaxError: [number(0, 32), 0.05],
    interPaletteMaxError: [number(0, 256), 0.05],
    ...animation,
    force: [boolean, 0.05],
  }),
  raw: options({ depth: [oneOf(['uchar'], ['bit']), 0.2] }),
};

const named = (r, hostile) => {
  const name = r.pick(['jpeg', 'jpg', 'JPEG', 'png', 'webp', 'gif', 'raw', 'PNG']);
  if (hostile && r.chance(0.3)) return [r.pick(['bmp', '', 'toString', '__proto__', { id: 'bmp' }, 'jp2'])];
  const method = { jpg: 'jpeg', JPEG: 'jpeg', PNG: 'png' }[name] ?? name;
  const given = r.chance(0.2) ? { id: name } : name;
  return r.chance(0.5) ? [given, formats[method](r, hostile)] : [given];
};

const sigma = number(0.3, 20, [0.5, 1, 2, 5], [0.2, 1001]);

/** Layers to put on an image; inputs.mjs describes them. */
const layer = (r, hostile) => {
  const taken = { input: r.pick(['circle', 'square', 'alpha-60.png', 'create', 'tiny']) };
  const more = options({
    blend: [
      oneOf(
        [
          'over',
          'dest-in',
          'in',
          'out',
          'atop',
          'multiply',
          'screen',
          'dest-over',
          'xor',
          'add',
          'overlay',
          'darken',
          'difference',
          'source',
          'clear',
        ],
        ['x', 'toString'],
      ),
      0.5,
    ],
    gravity: [oneOf(['centre', 'north', 'southeast', 'west', 4], ['x', 9]), 0.4],
    tile: [boolean, 0.1],
  })(r, hostile);
  const at = r.chance(0.3)
    ? options({ left: [integer(-10, 40), 0.97], top: [integer(-10, 40), 0.97] })(r, hostile)
    : {};
  return { ...taken, ...more, ...at };
};

/** By tier. The weights of the calls follow real use. */
export const calls = {
  resize: [
    100,
    (r, hostile) => {
      const rest = r.chance(0.5) ? [options(resizeOptions)(r, hostile)] : [];
      if (r.chance(0.2))
        return [
          {
            width: side(r, hostile),
            ...(r.chance(0.5) && { height: side(r, hostile) }),
            ...(rest[0] && typeof rest[0] === 'object' ? rest[0] : {}),
          },
        ];
      if (r.chance(0.08)) return [null, side(r, hostile), ...rest];
      if (r.chance(0.4)) return [side(r, hostile), ...(rest.length > 0 ? [r.pick([null, undefined]), ...rest] : [])];
      return [side(r, hostile), side(r, hostile), ...rest];
    },
  ],
  rotate: [
    18,
    (r, hostile) => {
      if (r.chance(0.5)) return [];
      if (r.chance(0.75)) return [oneOf([90, 180, 270, -90, 0, 360, 450, -180], ['90', NaN])(r, hostile)];
      return [
        oneOf([45, 10.5, -30, 5], ['x'])(r, hostile),
        ...(r.chance(0.5) ? [options({ background: [colour, 0.9] })(r, hostile)] : []),
      ];
    },
  ],
  autoOrient: [6, none],
  flip: [4, maybe(boolean, 0.3)],
  flop: [4, maybe(boolean, 0.3)],
  extract: [10, one(region)],
  extend: [5, (r, hostile) => [r.chance(0.3) ? integer(1, 20)(r, hostile) : border(r, hostile)]],
  trim: [
    4,
    maybe(
      options({
        threshold: [number(0, 100, [0, 10, 50], [-1]), 0.5],
        background: [colour, 0.2],
        lineArt: [boolean, 0.1],
        margin: [integer(0, 5), 0.2],
      }),
      0.5,
    ),
  ],
  flatten: [
    8,
    maybe(
      (r, hostile) => (r.chance(0.7) ? options({ background: [colour, 0.9] })(r, hostile) : boolean(r, hostile)),
      0.8,
    ),
  ],
  greyscale: [5, maybe(boolean, 0.2)],
  grayscale: [2, maybe(boolean, 0.2)],
  removeAlpha: [3, none],
  ensureAlpha: [3, maybe(number(0, 1), 0.4)],
  toColourspace: [3, one(oneOf(['srgb', 'b-w'], [5]))],
  tint: [2, one(colour)],
  negate: [
    3,
    maybe((r, hostile) => (r.chance(0.5) ? boolean(r, hostile) : options({ alpha: [boolean, 0.8] })(r, hostile)), 0.5),
  ],
  normalise: [3, maybe(options({ lower: integer(0, 40), upper: integer(60, 100) }, 0.5), 0.4)],
  gamma: [2, (r, hostile) => [optional(number(1, 3))(r, hostile), optional(number(1, 3), 0.3)(r, hostile)]],
  linear: [
    3,
    (r, hostile) => [
      optional(numbers, 0.9)(r, hostile),
      optional((q, h) => (typeof numbers(q, h) === 'number' ? q.integer(-20, 20) : [1, 2, 3]), 0.5)(r, hostile),
    ],
  ],
  modulate: [
    4,
    one(
      options({
        brightness: number(0.5, 1.5, [0.8, 1.2], [-1]),
        saturation: number(0, 2, [0.5, 1.5], [-1]),
        hue: integer(-360, 720, [90, 180]),
        lightness: number(-20, 20, [10], ['1']),
      }),
    ),
  ],
  median: [2, maybe(integer(1, 7), 0.6)],
  threshold: [
    2,
    (r, hostile) => [
      ...maybe(integer(0, 255), 0.6)(r, hostile),
      ...(r.chance(0.3) ? [options({ greyscale: boolean, grayscale: boolean })(r, hostile)] : []),
    ],
  ],
  blur: [
    4,
    maybe(
      (r, hostile) =>
        r.chance(0.6)
          ? sigma(r, hostile)
          : r.chance(0.5)
            ? boolean(r, hostile)
            : {
                sigma: sigma(r, hostile),
                ...options({
                  precision: oneOf(['integer', 'float', 'approximate'], ['x']),
                  minAmplitude: number(0.01, 1, [0.2], [0, 2]),
                })(r, false),
              },
      0.7,
    ),
  ],
  sharpen: [
    5,
    maybe(
      options(
        {
          sigma: [number(0.1, 5, [0.5, 1, 2], [0, 11]), 0.97],
          m1: number(0, 3),
          m2: number(0, 5),
          x1: number(0, 5),
          y2: number(0, 20),
          y3: number(0, 30),
        },
        0.2,
      ),
      0.5,
    ),
  ],
  composite: [
    8,
    (r, hostile) =>
      hostile && r.chance(0.1)
        ? [r.pick(['x', {}, null, [5], [{}]])]
        : [Array.from({ length: r.pick([1, 1, 1, 2]) }, () => layer(r, hostile))],
  ],
  withMetadata: [
    5,
    maybe(
      options({
        orientation: integer(1, 8),
        density: number(1, 600, [72, 96, 300], [0, -1]),
        icc: [oneOf(['srgb', 'p3'], [5]), 0.1],
      }),
      0.5,
    ),
  ],
  keepMetadata: [3, none],
  keepExif: [2, none],
  keepIccProfile: [2, none],
  keepXmp: [1, none],
  withDensity: [1, one(number(1, 600, [72, 96, 300], [0, -1]))],
  withIccProfile: [
    2,
    (r, hostile) => [
      oneOf(['srgb', 'p3'], [5, ''])(r, hostile),
      ...(r.chance(0.3) ? [options({ attach: boolean })(r, hostile)] : []),
    ],
  ],
  timeout: [2, one(options({ seconds: [integer(0, 3600, [0, 10]), 0.9] }))],
};

/** The calls that choose an output format. */
export const outputs = {
  none: [20, undefined],
  toFormat: [25, named],
  jpeg: [22, maybe(formats.jpeg)],
  png: [22, maybe(formats.png, 0.4)],
  webp: [18, maybe(formats.webp)],
  gif: [4, maybe(formats.gif, 0.5)],
  raw: [6, maybe(formats.raw, 0.2)],
};

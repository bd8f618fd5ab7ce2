// A random chain: an input, some calls, an output, and how the result is requested.

import { temporary } from '../temporary.mjs';
import { calls, outputs } from './calls.mjs';
import { inForm, picture, pictures } from './pictures.mjs';
import { seeded, seedOf } from './seeded.mjs';
import { boolean, integer, number, oneOf, options, show } from './values.mjs';

const inputOptions = options({
  failOn: [oneOf(['none', 'truncated', 'error', 'warning'], ['x']), 0.3],
  autoOrient: [boolean, 0.25],
  animated: [boolean, 0.25],
  pages: [integer(-1, 3), 0.08],
  page: [integer(0, 2), 0.08],
  limitInputPixels: [oneOf([true, false, 0, 1e8, 100, 27648], [-1, 1.5]), 0.15],
  limitInputChannels: [oneOf([true, false, 3, 4], [-1]), 0.05],
  sequentialRead: [boolean, 0.15],
  unlimited: [boolean, 0.08],
  ignoreIcc: [boolean, 0.1],
  density: [number(1, 300, [72, 96, 144], [0, 100001]), 0.1],
});

/** What the chain ends with, and how often. */
const ENDS = { toBuffer: 70, metadata: 8, stats: 4, toFile: 4, toUint8Array: 2, callback: 4, pipe: 4, clone: 4 };
const FORMS = { buffer: 70, path: 8, uint8: 5, arraybuffer: 3, stream: 8 };

/**
 * Chain number `at` of a run with `seed`; if `only` is given, with that input. `hostile` chains have some wrong values.
 */
export function randomChain(seed, at, only) {
  const r = seeded(seedOf(seed, at));
  const hostile = r.chance(0.2);
  const drawn = r.weighted(pictures);
  const name = only ?? drawn;
  const form = ['circle', 'drawing', 'text', 'missing', 'nothing'].includes(name) ? 'buffer' : r.weighted(FORMS);
  const given = r.chance(0.22) ? inputOptions(r, hostile && r.chance(0.3)) : undefined;
  const steps = [];
  const weights = Object.fromEntries(Object.entries(calls).map(([call, [weight]]) => [call, weight]));
  const count = r.pick([0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5]);
  for (let i = 0; i < count; i += 1) {
    const call = r.weighted(weights);
    steps.push([call, calls[call][1](r, hostile)]);
  }
  const output = r.weighted(Object.fromEntries(Object.entries(outputs).map(([key, [weight]]) => [key, weight])));
  if (output !== 'none')
    steps.splice(r.chance(0.9) ? steps.length : r.integer(0, steps.length), 0, [
      output,
      outputs[output][1](r, hostile),
    ]);
  const end = r.weighted(ENDS);
  return { seed, at, hostile, input: name, form, given, steps, end, name: written(name, form, given, steps, end) };
}

const written = (name, form, given, steps, end) =>
  [
    `sharp(${name}${form === 'buffer' ? '' : ` as ${form}`}${given === undefined ? '' : `, ${show(given)}`})`,
    ...steps.map(([call, args]) => `${call}(${args.map(show).join(', ')})`),
    `${end}()`,
  ].join('.');

/** Runs a chain and returns the result of its end. `warn` receives the warnings of its calls. */
export function play({ input, form, given, steps, end }, sharp, open, warn) {
  const start = inForm(form, picture(input, open), given, open, input);
  const chain = sharp(...(start.start ?? start));
  chain.on('warning', warn).on('error', () => {}); // writing to a chain that has its own input also emits an event
  for (const [call, args] of steps) chain[call](...args.map((value) => withLayers(value, open)));
  const ended = ENDINGS[end](chain, sharp);
  start.feed?.(chain);
  return ended;
}

/** Opens the layers of composite(), which a chain only names, so that it can be printed. */
function withLayers(value, open) {
  if (!Array.isArray(value)) return value;
  return value.map((layer) => {
    if (typeof layer?.input !== 'string') return layer;
    const [input, own] = picture(layer.input, open);
    return { ...layer, input, ...own };
  });
}

const file = temporary('out');

const ENDINGS = {
  toBuffer: (chain) => chain.toBuffer({ resolveWithObject: true }),
  metadata: (chain) => chain.metadata(),
  stats: (chain) => chain.stats(),
  toFile: (chain) => chain.toFile(file),
  toUint8Array: async (chain) => {
    const { data, info } = await chain.toUint8Array();
    return { data: Buffer.from(data.buffer, data.byteOffset, data.byteLength), info };
  },
  callback: (chain) =>
    new Promise((resolve, reject) => {
      chain.toBuffer((error, data, info) => (error ? reject(error) : resolve({ data, info })));
    }),
  pipe: (chain) =>
    new Promise((resolve, reject) => {
      const pieces = [];
      let about;
      chain
        .on('info', (info) => {
          about = info;
        })
        .on('error', reject)
        .on('data', (data) => pieces.push(data))
        .on('end', () => resolve({ data: Buffer.concat(pieces), info: about }));
    }),
  clone: (chain) => chain.clone().toBuffer({ resolveWithObject: true }),
};

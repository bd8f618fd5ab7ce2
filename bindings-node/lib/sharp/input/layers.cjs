'use strict';

// The images that `composite` puts on top: reads and measures them, and translates them into a plan's layers.

const { cssColour } = require('../colours.cjs');
const { inSharpsWords, unsupported } = require('../errors.cjs');
const native = require('../native.cjs');
const { headerOf, limitsOf, readBytes } = require('./source.cjs');

/** The layers of a chain, each with `prepared`: its source for the plan, its width and its height. */
function prepareLayers(state) {
  return Promise.all(state.composite.map(async (layer) => ({ ...layer, prepared: await prepare(layer.input) })));
}

async function prepare(input) {
  const { raw, create } = input;
  const bytes = await readBytes(input);
  const header = headerOf(input, bytes);
  const { width, height } = header;
  if (create)
    return { width, height, source: { create: { ...header.input.create, background: cssColour(create.background) } } };
  if (raw)
    return { width, height, source: { raw: { ...raw, pixels: bytes.subarray(0, width * height * raw.channels) } } };
  if (header.pages > 1)
    throw unsupported('An animated layer', 'layers are stills', 'leave animated out, or choose a frame with page');
  if (header.format === 'svg' && input.density === 72)
    return { width, height, source: { svg: bytes.toString('utf8') } };
  const first = input.page === 0 || header.header.frames === 1;
  if (header.format !== 'svg' && header.orientation === 1 && input.failOn !== 'none' && first)
    return { width, height, source: { file: bytes } };
  return decoded(input, bytes, header);
}

/**
 * Decodes a layer that a plan can't express: one with an orientation tag, which only `autoOrient` applies; one whose
 * damage is accepted; a drawing with a density; a frame other than the first.
 */
async function decoded(input, bytes, header) {
  const plan = {
    orient: { auto: input.autoOrient },
    encode: { format: 'raw' },
    tolerate: input.failOn === 'none' ? 'errors' : 'none',
    ...(header.format === 'svg' && { dpi: input.density }),
    ...(header.header.frames > 1 && { frames: { range: { start: input.page, count: 1 } } }),
  };
  try {
    const [image] = await native.transformMany(bytes, [plan], { limits: limitsOf(input) });
    const { width, height } = image;
    return { width, height, source: { raw: { width, height, channels: image.channels, pixels: image.bytes } } };
  } catch (error) {
    throw inSharpsWords(error, { kind: header.kind, stage: 'pixels', format: header.format });
  }
}

module.exports = { prepareLayers };

'use strict';

// `stats()`: statistics of an input's pixels, computed by the core.

const { at, inSharpsWords } = require('./errors.cjs');
const native = require('./native.cjs');
const { headerOf, limitsOf, readBytes } = require('./input/source.cjs');

function stats(callback) {
  const done = this._stats(new Error());
  return typeof callback === 'function' ? this._callBack(done, callback, (result) => [result]) : done;
}

async function _stats(stack) {
  try {
    await this._whenInputIsHere();
    const { input } = this.options;
    const bytes = await readBytes(input, { family: this._family });
    const { kind, format, input: given, alpha, width, height, header } = headerOf(input, bytes);
    try {
      const figures = await native.stats(
        given ? await asFile(bytes, given) : bytes,
        { limits: limitsOf(input) },
        input.failOn === 'none' || format === 'gif' ? 'errors' : 'none',
      );
      if (alpha && figures.channels.length % 2 === 1) return withAlpha(figures, width * height);
      return header?.bits > 8 && format !== 'avif' ? deep(figures) : figures;
    } catch (error) {
      throw inSharpsWords(error, { kind, format, stage: 'pixels' });
    }
  } catch (error) {
    throw at(error, stack);
  }
}

/** A GIF has alpha even if its first frame is opaque. */
function withAlpha(figures, pixels) {
  const alpha = {
    min: 255,
    max: 255,
    sum: pixels * 255,
    squaresSum: pixels * 255 ** 2,
    mean: 255,
    stdev: 0,
    minX: 0,
    minY: 0,
    maxX: 0,
    maxY: 0,
  };
  return { ...figures, channels: [...figures.channels, alpha] };
}

/** sharp reports 16-bit levels for deep images; the core has 256. */
function deep(figures) {
  const channels = figures.channels.map((channel) => ({
    ...channel,
    ...Object.fromEntries(['min', 'max', 'sum', 'mean', 'stdev'].map((name) => [name, channel[name] * 257])),
    squaresSum: channel.squaresSum * 257 ** 2,
  }));
  return { ...figures, channels };
}

/** Raw or created pixels as a lossless file. */
async function asFile(bytes, input) {
  const [{ bytes: file }] = await native.transformMany(bytes, [
    { input, encode: { format: 'png', compression: 0, reduce: false } },
  ]);
  return file;
}

module.exports = { stats, _stats };

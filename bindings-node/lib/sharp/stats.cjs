'use strict';

// `stats()`: numbers about an input's pixels, which the core computes.

const { at, translate } = require('./errors.cjs');
const native = require('./native.cjs');
const { headerOf, limitsOf, readBytes } = require('./source.cjs');

function stats(callback) {
  const done = this._stats(new Error());
  return typeof callback === 'function' ? this._callBack(done, callback, (result) => [result]) : done;
}

async function _stats(stack) {
  try {
    await this._whenInputIsHere();
    const { input } = this.options;
    const bytes = await readBytes(input, { family: this._family });
    const { kind, format, input: given } = headerOf(input, bytes);
    try {
      return await native.stats(given ? await asFile(bytes, given) : bytes, { limits: limitsOf(input) });
    } catch (error) {
      throw translate(error, { kind, format, stage: 'pixels' });
    }
  } catch (error) {
    throw at(error, stack);
  }
}

/** Raw and created pixels as a file that keeps every one of them. */
async function asFile(bytes, input) {
  const [{ bytes: file }] = await native.transformMany(bytes, [{ input, encode: { format: 'png', compression: 0, reduce: false } }]);
  return file;
}

module.exports = { stats, _stats };

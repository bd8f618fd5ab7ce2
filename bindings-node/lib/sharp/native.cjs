'use strict';

// The calls of the native package that this layer is made of.

const { KeenpixError } = require('../error.cjs');
const native = require('../native.cjs');
const { callOptions } = require('../options.cjs');
const { transformMany } = require('../transform.cjs');

/** What a header says, and the metadata blocks under `blocks`. */
function inspect(bytes) {
  const { info, fault, ...blocks } = native.inspect(bytes);
  if (fault) throw new KeenpixError(fault);
  return { ...JSON.parse(info), blocks };
}

/** Figures about the pixels of a file. */
async function stats(bytes, options) {
  const { stats: figures, fault } = await native.stats(bytes, callOptions(options).limits);
  if (fault) throw new KeenpixError(fault);
  return JSON.parse(figures);
}

module.exports = { inspect, stats, transformMany };

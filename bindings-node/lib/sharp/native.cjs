'use strict';

// The native calls that this layer is built on.

const { KeenpixError } = require('../error.cjs');
const native = require('../native.cjs');
const { probeSync } = require('../probe.cjs');
const { stats } = require('../stats.cjs');
const { transformMany } = require('../transform.cjs');

/** What a header says, with the metadata blocks under `blocks`. */
function inspect(bytes) {
  const { info, fault, ...blocks } = native.inspect(bytes);
  if (fault) throw new KeenpixError(fault);
  return { ...JSON.parse(info), blocks };
}

module.exports = { inspect, probe: probeSync, stats, transformMany };

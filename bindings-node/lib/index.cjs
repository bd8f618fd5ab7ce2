'use strict';

// The binary is loaded now, so that a missing one shows at once and not on the first request. The rest is loaded on
// first use: each file adds half a millisecond to a cold start.

require('./native.cjs');

module.exports = {
  transform: (...args) => require('./transform.cjs').transform(...args),
  transformMany: (...args) => require('./transform.cjs').transformMany(...args),
  probe: (...args) => require('./probe.cjs').probe(...args),
  stats: (...args) => require('./stats.cjs').stats(...args),
  transformSync: (...args) => require('./transform.cjs').transformSync(...args),
  transformManySync: (...args) => require('./transform.cjs').transformManySync(...args),
  probeSync: (...args) => require('./probe.cjs').probeSync(...args),
  statsSync: (...args) => require('./stats.cjs').statsSync(...args),
  canonicalPlan: (...args) => require('./plan.cjs').canonicalPlan(...args),
  KeenpixError: require('./error.cjs').KeenpixError,
};

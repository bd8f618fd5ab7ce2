'use strict';

// Loaded now: the binary, so that one that is missing shows at once and not with the first request. Loaded with the
// first call: the rest, for each file costs a cold start half a millisecond.

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

'use strict';

// The calls of the native package that this layer is made of.

const { probeSync } = require('../probe.cjs');
const { transformMany } = require('../transform.cjs');

module.exports = { metadata: probeSync, transformMany };

'use strict';

const { transform, transformSync, transformMany, transformManySync } = require('./transform.cjs');
const { probe, probeSync } = require('./probe.cjs');
const { KeenpixError } = require('./error.cjs');

module.exports = { transform, transformSync, transformMany, transformManySync, probe, probeSync, KeenpixError };

'use strict';

// What this build of the native part can do.

const native = require('../native.cjs');

/** Whether it reads and writes AVIF: the core refuses a plan for a format that it can't write. */
const avif = !native.canonicalPlan('{"encode": {"format": "avif"}}').fault;

module.exports = { avif };

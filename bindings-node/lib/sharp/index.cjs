'use strict';

// `keenpix/sharp`: the calls of sharp 0.35, translated into plans. Read order.cjs for how.

const Sharp = require('./constructor.cjs');

Object.assign(
  Sharp.prototype,
  require('./streams.cjs'),
  require('./geometry-calls.cjs'),
  require('./pixel-calls.cjs'),
  require('./output-calls.cjs'),
  require('./metadata-calls.cjs'),
  require('./unsupported-calls.cjs').methods,
  require('./metadata.cjs'),
  require('./stats.cjs'),
  require('./run.cjs'),
);
Object.assign(Sharp, require('./statics.cjs').statics);

module.exports = Sharp;

'use strict';

// `keenpix/sharp`: the calls of sharp 0.35, translated into plans. See plan/index.cjs for how.

const Sharp = require('./constructor.cjs');

Object.assign(
  Sharp.prototype,
  require('./streams.cjs'),
  require('./calls/geometry.cjs'),
  require('./calls/pixels.cjs'),
  require('./calls/output.cjs'),
  require('./calls/metadata.cjs'),
  require('./calls/unsupported.cjs').methods,
  require('./metadata.cjs'),
  require('./stats.cjs'),
  require('./run.cjs'),
);
Object.assign(Sharp, require('./statics.cjs').statics);

module.exports = Sharp;

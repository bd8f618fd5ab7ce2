'use strict';

module.exports = {
  ...require('./transform.cjs'),
  ...require('./probe.cjs'),
  ...require('./stats.cjs'),
  KeenpixError: require('./error.cjs').KeenpixError,
};

'use strict';

const native = require('../keenpix.linux-x64-gnu.node');

module.exports = native;

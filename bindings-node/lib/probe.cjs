'use strict';

const native = require('./native.cjs');
const { callOptions } = require('./options.cjs');
const { readInput, readInputSync } = require('./input.cjs');
const { checked } = require('./work.cjs');

async function probe(input, options = {}) {
  const call = callOptions(options);
  return info(await readInput(input, call), call);
}

function probeSync(input, options = {}) {
  return info(readInputSync(input, callOptions(options)));
}

function info(bytes, call) {
  return JSON.parse(checked(native.probe(bytes), call).info);
}

module.exports = { probe, probeSync };

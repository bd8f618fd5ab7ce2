'use strict';

const native = require('./native.cjs');
const { KeenpixError } = require('./error.cjs');
const { callOptions } = require('./options.cjs');
const { readInput, readInputSync } = require('./input.cjs');

async function probe(input, options = {}) {
  return info(await readInput(input, callOptions(options)));
}

function probeSync(input, options = {}) {
  return info(readInputSync(input, callOptions(options)));
}

function info(bytes) {
  const { info, fault } = native.probe(bytes);
  if (fault) throw new KeenpixError(fault);
  return JSON.parse(info);
}

module.exports = { probe, probeSync };
